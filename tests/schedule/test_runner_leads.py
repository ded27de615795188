"""How long before its planned time an issue is taken up."""

from datetime import timedelta
from pathlib import Path

import pytest

from newsletter.config.load import load_settings
from newsletter.schedule.runner import LEAD, leads_of
from newsletter.workflows.project_files import init_folder


@pytest.mark.parametrize(
    ("approval", "hold", "extra"),
    [("required", "60s", 0), ("automatic", "60s", 60), ("automatic", "0s", 0)],
)
def test_an_automatic_approval_is_made_its_hold_earlier(
    tmp_path: Path, approval: str, hold: str, extra: int
) -> None:
    init_folder(tmp_path)
    file = tmp_path / "newsletter.toml"
    text = file.read_text().replace('approval = "required"', f'approval = "{approval}"')
    file.write_text(text.replace('hold = "60s"', f'hold = "{hold}"'))
    assert leads_of(load_settings(file, {})) == {"daily": LEAD + timedelta(seconds=extra)}
