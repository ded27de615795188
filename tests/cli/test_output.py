"""Where what is printed cannot be read or kept, the exit code still tells; nothing else is said."""

import errno
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from newsletter.cli.output import note
from newsletter.cli.sending import Progress, progress_line
from newsletter.model.mailing import Account

COMMAND = (sys.executable, "-m", "newsletter")


class _Gone(io.StringIO):
    """A terminal whose window was closed."""

    def isatty(self) -> bool:
        return True

    def write(self, _text: str) -> int:
        raise OSError(errno.EIO, os.strerror(errno.EIO))


def test_results_that_find_no_room_are_told_with_a_code_that_is_ours() -> None:
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(
            (*COMMAND, "--help"), stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (ended.returncode, ended.stderr) == (3, "error: a file: no space left on device\n")


def test_a_reader_of_the_results_who_has_gone_is_no_answer_of_no() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    ended = subprocess.run((*COMMAND, "--help"), stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert (ended.returncode, ended.stderr) == (130, b"")


@pytest.mark.covers("F32")
def test_a_terminal_that_has_gone_stops_no_mailing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", _Gone())
    note("another process holds the sender")
    progress = Progress()
    progress(Account(planned=10, sent=6, left=4))
    progress.end()


@pytest.mark.parametrize(
    ("account", "line"),
    [
        (Account(planned=1, left=1), "sending to 1 reader …"),
        (Account(planned=1_200, left=1_200), "sending to 1,200 readers …"),
        (Account(planned=10, sent=6, refused=1, left=3), "6 of 10 sent so far, 1 refused"),
    ],
)
def test_progress_says_what_is_done_and_what_went_wrong(account: Account, line: str) -> None:
    assert progress_line(account) == line
