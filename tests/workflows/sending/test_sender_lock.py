"""The sender's lock: what stands in its place, and what a holder's file may say."""

import fcntl
from pathlib import Path

import pytest
from workflows.newsroom import HOUR, SAMPLE, Newsroom

from newsletter.store.engine import StoreReadOnly
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
