"""A folder as tests want it: its issue has an appeal, and drafts place that appeal too."""

import shutil
from pathlib import Path

ROOT = Path(__file__).parents[1]
NAME = "issues/2022-03-16-daily.md"


def with_appeal(folder: Path) -> None:
    """Put the repository's own issue and its appeal into a folder that `init` has made."""
    shutil.rmtree(folder / "var" / "media")  # its issue has no pictures
    (folder / NAME).write_text((ROOT / NAME).read_text("utf-8"), "utf-8")
    settings = folder / "newsletter.toml"
    text = settings.read_text("utf-8")
    settings.write_text(text.replace("callouts = []", 'callouts = ["dec-ukraine"]', 1), "utf-8")
