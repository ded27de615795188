"""Backup and restore by the commands, with `run` at work; and a folder from another machine."""

import re
import shutil
from collections.abc import Sequence

import pytest
from e2e.folder import SAMPLE, Folder, stop
from e2e.waiting import line_of, slow_server, until

SECOND = "2022-03-17-daily"


def _put_back(folder: Folder, backup: str) -> None:
    """Copy a backup into place, as docs/how-to/operate.md says."""
    for ending in ("", "-wal", "-shm"):
        (folder.path / "var" / f"newsletter.db{ending}").unlink(missing_ok=True)
    shutil.copy(folder.path / backup, folder.path / "var" / "newsletter.db")


def _plan_ahead(folder: Folder, issue: str) -> None:
    folder.here("approve", issue, "--at", "2031-03-16 06:30", "--by", "Ada")


def _says(done_err: str, parts: Sequence[str]) -> None:
    for part in parts:
        assert part in done_err, f"{part!r} is not in {done_err!r}"


@pytest.mark.slow
@pytest.mark.covers("F36")
def test_a_backup_made_in_the_middle_of_a_mailing_sends_nothing_until_a_person_has_looked(
    ready: Folder,
) -> None:
    ready.subscribe(30)
    text = (ready.path / "issues" / f"{SAMPLE}.md").read_text()
    other = text.replace("date: 2022-03-16", "date: 2022-03-17")
    (ready.path / "issues" / f"{SECOND}.md").write_text(other)
    _plan_ahead(ready, SECOND)
    with slow_server(ready, pause_s=0.2) as server:
        running = ready.start("run")
        line_of(running, "running;")
        sending = ready.start("send", SAMPLE, "--confirm", "30")
        until(server, 5)
        server.rules[0].pause_s = 3.0  # the rest takes longer than a backup, however busy we are
        ready.here("backup", "copy.db")  # while `run` writes
        server.rules[0].pause_s = 0.0
        assert sending.wait(60) == 0
        code, said = stop(running)
        assert code == 0, said
        assert len(server.accepted()) == 30
        _put_back(ready, "copy.db")

        sentence = "is a restored backup of "
        ready.refuse("run", says=[sentence, "restore-accept --by NAME"])
        left = ready.log()["account"]["left"]
        assert left > 0
        ready.refuse("send", SAMPLE, "--confirm", str(left), says=[sentence])
        _says(ready.here("log").err, ["nothing is sent: ", sentence])
        [ahead] = [each for each in ready.here("plan", "--json").json() if each["issue"] == SECOND]
        assert ahead["will"] == "hold"
        assert sentence in ahead["in_the_way"][0]
        assert len(server.accepted()) == 30

        said = ready.here("restore-accept", "--by", "Ada").err
        _says(said, [f"{SAMPLE} is paused", f"{SECOND} is on hold", "is unknown"])
        run = ready.log()
        assert run["outcome"] == "held"
        why = r"paused: the database was restored from a backup of \S+ \S+ UTC; what was sent since"
        assert re.match(why, run["why"]), run["why"]
        assert run["steps"][-1]["name"] == "restore"
        assert "accepted by Ada" in run["steps"][-1]["result"]
        assert ready.log(SECOND)["outcome"] == "held"

        running = ready.start("run")  # sends nothing of what is in doubt
        line_of(running, "running;")
        ready.here("stop", SAMPLE, "--yes")
        code, said = stop(running)
        assert code == 0, said
        assert len(server.accepted()) == 30
        ready.refuse("restore-accept", "--by", "Ada", code=1, says=["nothing to accept"])
