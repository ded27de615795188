"""Schedules by the installed command: planned, forced, skipped, killed and started again."""

from datetime import datetime

import pytest
from e2e.folder import SAMPLE, Folder, kill, stop

RULE = '\n[newsletters.daily.schedule]\ncron = "30 6 * * *"\nif_late = "2h"\n'


@pytest.fixture
def scheduled(ready: Folder) -> Folder:
    """A folder with a schedule that needs no approval, for which people write the files."""
    ready.set('approval = "required"', 'approval = "automatic"')
    file = ready.path / "newsletter.toml"
    file.write_text(file.read_text() + RULE)
    return ready


def next_days(folder: Folder) -> list[str]:
    lines = folder.here("plan", "--json").json()
    return [str(datetime.fromisoformat(line["planned"]).date()) for line in lines]


def write_issue(folder: Folder, day: str) -> str:
    text = (folder.path / "issues" / f"{SAMPLE}.md").read_text()
    text = text.replace("date: 2022-03-16", f"date: {day}")
    (folder.path / "issues" / f"{day}-daily.md").write_text(text)
    return f"{day}-daily"


@pytest.mark.slow
def test_a_forced_run_goes_out_once_however_often_run_is_killed(scheduled: Folder) -> None:
    first, second = next_days(scheduled)[:2]
    issue, other = write_issue(scheduled, first), write_issue(scheduled, second)
    kill(scheduled.start("run"))  # at whatever it was doing
    assert scheduled.here("force", "daily").out == (f"daily: the run of {first} 06:30 is due now\n")
    kill(scheduled.start("run"))
    running = scheduled.start("run")
    ended = scheduled.wait_for("sent", issue=issue)
    assert ended["account"]["sent"] == 3
    code, said = stop(running)
    assert code == 0, said
    assert set(scheduled.caught().values()) == {1}
    plan = scheduled.here("plan", "--json").json()
    assert [line["issue"] for line in plan[:2]] == [other, None]  # the rest is as it was
    assert next_days(scheduled)[0] == second
