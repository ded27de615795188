"""The sender's lock: what stands in its place, and what a holder's file may say."""

import errno
import fcntl
import subprocess
import sys
from pathlib import Path

import no_links
import pytest

from newsletter.store.engine import StoreFull, StoreReadOnly
from newsletter.workflows.sending.begin_sending import SenderLock


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


def test_a_holder_whose_file_says_nothing_usable_has_no_number(tmp_path: Path) -> None:
    file = tmp_path / "sender.lock"
    said: list[str] = []
    for content in (b"", b"\xff\xfe", "² run".encode(), b"x run", b"17 send 2026-11-24-daily"):
        file.write_bytes(content)
        with file.open("rb") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            said.append(str(SenderLock(tmp_path, "run").take()))
    unnamed = ["another newsletter command"] * 4
    assert said == [*unnamed, "newsletter send 2026-11-24-daily (process 17)"]
