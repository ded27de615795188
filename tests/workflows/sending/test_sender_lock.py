"""The sender's lock: what stands in its place, and what a holder's file may say."""

import errno
import fcntl
import subprocess
import sys
from pathlib import Path

import no_links
import pytest
from workflows.newsroom import HOUR, SAMPLE, Newsroom

from newsletter.store.engine import StoreFull, StoreReadOnly
from newsletter.workflows.sending.begin_sending import SenderLock, stalled
from newsletter.workflows.sending.settle import hold_mailing


def test_what_is_no_lock_file_is_told_with_the_next_step(tmp_path: Path) -> None:
    file = tmp_path / "sender.lock"
    file.mkdir()
    with pytest.raises(StoreReadOnly, match=r"sender\.lock cannot be written: is a directory"):
        SenderLock(tmp_path, "run").take()
    file.rmdir()
    file.symlink_to(file.name)
    with pytest.raises(StoreReadOnly, match="too many levels of symbolic links") as told:
        SenderLock(tmp_path, "run").take()
    assert told.value.exit_code == 2
    assert "a file that this user may write" in told.value.hint


@pytest.mark.parametrize("error", [errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSPC])
def test_a_file_system_without_locks_is_told(tmp_path: Path, error: int) -> None:
    fault = StoreFull if error == errno.ENOSPC else StoreReadOnly
    script = (
        "import sys; sys.path.insert(0, sys.argv[2])\n"
        "from pathlib import Path\n"
        "from no_links import refuse_locks\n"
        f"from newsletter.store.engine import {fault.__name__}\n"
        "from newsletter.workflows.sending.begin_sending import SenderLock\n"
        f"refuse_locks({error})\n"
        "try:\n"
        "    SenderLock(Path(sys.argv[1]), 'run').take()\n"
        f"except {fault.__name__} as told:\n"
        "    print(told)\n"
    )
    tests = str(Path(no_links.__file__).parent)
    command = [sys.executable, "-c", script, str(tmp_path), tests]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert said.startswith(f"{tmp_path / 'sender.lock'} cannot be written")


def test_a_holder_is_named_where_its_file_does(tmp_path: Path) -> None:
    file = tmp_path / "sender.lock"
    said: list[str] = []
    for content in (b"", b"17 send 2026-11-24-daily"):
        file.write_bytes(content)
        with file.open("rb") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            said.append(str(SenderLock(tmp_path, "run").take()))
    assert said == ["another newsletter command", "newsletter send 2026-11-24-daily (process 17)"]


def test_a_dead_sender_is_told_with_what_is_left_and_since_when(ready: Newsroom) -> None:
    lock = SenderLock(ready.desk.settings.var_folder, "run")
    assert stalled(ready.desk) == ()  # nobody has ever sent here
    assert lock.take() is None
    ready.approve()
    ready.schedule()
    ready.clock.forward(2 * HOUR)
    assert stalled(ready.desk) == ()
    lock.release()
    assert stalled(ready.desk) == (f'{SAMPLE} was due at 07:00: no "newsletter run" is alive',)
    ready.schedule()
    ready.approve()
    assert ready.release().verdict == "frozen"
    assert stalled(ready.desk) == (
        f'{SAMPLE} has stopped moving: 100 left, no "newsletter run" is alive since 09:00:00',
    )
    hold_mailing(ready.desk, SAMPLE, "stop")
    assert stalled(ready.desk) == ()
