"""A folder on a file system without hard links, such as a memory stick."""

import errno

from e2e.folder import Folder
from no_links import refuse_links

DAY = "2026-11-25"


def without_links() -> None:
    refuse_links(errno.EPERM)


def test_what_is_new_is_written_and_overwrites_nothing(ready: Folder) -> None:
    ready.run("backup", "copy.db", before=without_links)
    size = (ready.path / "copy.db").stat().st_size
    done = ready.run("backup", "copy.db", before=without_links, expect=2)
    assert "is there already" in done.err
    assert (ready.path / "copy.db").stat().st_size == size

    story = ready.path / "story.txt"
    words = " ".join(
        f"The harbour bridge opens on day {n} of May, the mayor said." for n in range(9)
    )
    story.write_text(f"The harbour bridge opens in May\n\n{words}\n")
    ready.run("add", "story.txt", "--url", "https://example.org/bridge")
    ready.run("draft", "--date", DAY, before=without_links)
    issue = ready.path / "issues" / f"{DAY}-daily.md"
    assert "harbour bridge" in issue.read_text()
    ready.run("draft", "--date", DAY, before=without_links, expect=1)
