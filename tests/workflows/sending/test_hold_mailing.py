"""A mailing that is held or ended: who is asked, and where it is told."""

import os
import pty
import subprocess
import sys

import pytest
from e2e.folder import Folder
from workflows.newsroom import SAMPLE, Newsroom
from workflows.planning.test_plan_ahead import give_rule, write_issue

from newsletter.errors import UserError
from newsletter.workflows.explain.explain_plan import explain_plan
from newsletter.workflows.explain.explain_runs import explain_log
from newsletter.workflows.planning.days import IssueDays
from newsletter.workflows.planning.plan_ahead import plan_ahead
from newsletter.workflows.sending.settle import hold_mailing


def stop_on_a_terminal(newsroom: Newsroom, answer: str) -> tuple[int, str]:
    """Run `stop` on a terminal of its own; give its exit code and what was shown."""
    ours, theirs = pty.openpty()
    os.write(ours, answer.encode() + b"\n")
    with subprocess.Popen(
        [sys.executable, "-m", "newsletter", "stop", SAMPLE],
        cwd=newsroom.folder,
        env=Folder(newsroom.folder).environment,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    ) as asked:
        os.close(theirs)
        shown = b""
        try:
            while piece := os.read(ours, 4096):
                shown += piece
        except OSError:
            pass  # the terminal's other side is closed: the command has ended
        code = asked.wait()
    os.close(ours)
    return code, shown.decode()


def state(newsroom: Newsroom) -> str:
    ((now,),) = newsroom.rows("SELECT state FROM mailings")
    return str(now)


def test_stop_asks_on_a_terminal_and_tells_who_would_get_nothing(ready: Newsroom) -> None:
    ready.approve()
    ready.schedule()
    assert ready.release().verdict == "frozen"
    code, shown = stop_on_a_terminal(ready, "n")
    assert (code, state(ready)) == (1, "running"), shown
    for words in (
        "0 of 100 sent",
        "100 readers would never get it",
        f"newsletter pause {SAMPLE}",
        f"Stop {SAMPLE} for good? [y/N]",
        f"{SAMPLE} is not stopped",
    ):
        assert words in shown
    code, shown = stop_on_a_terminal(ready, "y")
    assert (code, state(ready)) == (0, "cancelled"), shown
    assert f"{SAMPLE} is stopped: 0 sent, 100 cancelled" in shown
    code, shown = stop_on_a_terminal(ready, "y")
    assert code == 2
    assert "is stopped already" in shown
    assert "for good?" not in shown


def test_stop_wants_yes_where_nobody_can_answer(ready: Newsroom) -> None:
    ready.approve()
    ready.schedule()
    ready.release()
    folder = Folder(ready.folder)
    folder.refuse("stop", SAMPLE, says=["add --yes if you mean it"])
    assert state(ready) == "running"
    assert "100 cancelled" in folder.run("stop", SAMPLE, "--yes").out
    assert state(ready) == "cancelled"
    folder.refuse("stop", SAMPLE, "--yes", says=["is stopped already"])


def test_plan_tells_first_of_a_mailing_that_is_paused_and_what_to_do(ready: Newsroom) -> None:
    ready.approve()
    ready.schedule()
    ready.release()
    assert explain_plan(ready.desk) == ()
    hold_mailing(ready.desk, SAMPLE, "pause")
    (line,) = explain_plan(ready.desk)
    (run,) = explain_log(ready.desk, SAMPLE)
    assert (line.issue, line.will, line.is_paused) == (SAMPLE, "hold", True)
    assert line.in_the_way == (f"{run.why}; 0 of 100 sent, 100 left",)
    assert line.ways_on == run.ways_on
    assert f"newsletter resume {SAMPLE}" in line.ways_on[0]
    told = Folder(ready.folder).here("plan").out
    assert f"  {SAMPLE}  is paused\n" in told
    hold_mailing(ready.desk, SAMPLE, "resume")
    assert explain_plan(ready.desk) == ()


def test_a_pause_before_the_start_names_what_takes_the_time_back(ready: Newsroom) -> None:
    ready.schedule()
    with pytest.raises(UserError) as told:
        hold_mailing(ready.desk, SAMPLE, "pause")
    assert told.value.hint == f'"newsletter unschedule {SAMPLE}" takes its time back'
    give_rule(ready)
    name = write_issue(ready, "2026-11-25")
    plan_ahead(ready.desk, IssueDays(ready.desk.settings))
    with pytest.raises(UserError) as told:
        hold_mailing(ready.desk, name, "pause")
    assert told.value.hint == '"newsletter skip daily 2026-11-25" leaves the run out'
