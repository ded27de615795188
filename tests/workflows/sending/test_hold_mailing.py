"""A mailing that is held or ended: who is asked, and where it is told."""

import os
import pty
import subprocess
import sys

from e2e.folder import Folder
from workflows.newsroom import SAMPLE, Newsroom


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
