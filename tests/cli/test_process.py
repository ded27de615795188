"""Signals that ask for a stop, also several at once; what a machine says no to; what is a bug."""

import errno
import signal
import subprocess
import sys
from pathlib import Path
from types import FrameType

import pytest

from newsletter.cli.process import internal_error, machine_trouble, name_trouble, stop_on_signals


def test_a_second_signal_while_the_first_is_at_work_blocks_nothing() -> None:
    """`timeout`, among others, sends SIGTERM to a process and at once to its group."""
    raised: list[str] = []

    def within_set(frame: FrameType, event: str, _argument: object) -> None:
        if event == "call" and frame.f_code.co_name == "notify_all":  # its lock is held
            sys.setprofile(None)
            raised.append(frame.f_code.co_name)
            signal.raise_signal(signal.SIGTERM)

    with stop_on_signals() as stop:
        sys.setprofile(within_set)
        try:
            signal.raise_signal(signal.SIGTERM)
        finally:
            sys.setprofile(None)
        assert stop.is_set()
    assert raised == ["notify_all"]


def test_a_second_ctrl_c_interrupts_at_once() -> None:
    with stop_on_signals() as stop:
        signal.raise_signal(signal.SIGINT)
        assert stop.is_set()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


@pytest.mark.parametrize(
    "interrupting",
    [
        "signal.raise_signal(signal.SIGINT)",
        # within a callback of the imports an exception would be lost
        "kept = type('Kept', (), {})(); self.seen = weakref.ref(kept, "
        "lambda _: signal.raise_signal(signal.SIGINT)); del kept",
    ],
)
def test_ctrl_c_while_the_command_is_still_read_leaves_no_trace(interrupting: str) -> None:
    script = (
        "import signal, sys, weakref\n"
        "class Interrupting:\n"
        "    def find_spec(self, name, path, target=None):\n"
        "        if name == 'newsletter.cli.arguments':\n"
        f"            {interrupting}\n"
        "from newsletter.__main__ import main\n"
        "sys.meta_path.insert(0, Interrupting())\n"
        "sys.exit(main())\n"
    )
    command = [sys.executable, "-c", script, "--help"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", "interrupted\n")


@pytest.mark.covers("F10")
def test_a_terminal_that_goes_asks_as_sigterm_does_but_not_under_nohup(
    request: pytest.FixtureRequest,
) -> None:
    before = signal.getsignal(signal.SIGHUP)
    request.addfinalizer(lambda: signal.signal(signal.SIGHUP, before))
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with stop_on_signals() as stop:
        signal.raise_signal(signal.SIGHUP)
        assert not stop.is_set()
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    with stop_on_signals() as stop:
        signal.raise_signal(signal.SIGHUP)
        assert stop.is_set()
        signal.raise_signal(signal.SIGHUP)
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_DFL


def test_what_the_machine_lacks_is_no_bug(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    table: list[tuple[Exception, str, int]] = [
        (OSError(errno.EMFILE, "Too many open files"), "a file: too many open files", 3),
        (PermissionError(errno.EACCES, "Permission denied", "x.md"), "x.md: permission denied", 2),
        (MemoryError(), "there is not enough memory", 3),
        (RuntimeError("can't start new thread"), "no further thread can be started", 3),
    ]
    for error, says, code in table:
        trouble = machine_trouble(error)
        assert trouble is not None, error
        assert trouble.sentence.startswith(says)
        assert trouble.exit_code == code
        assert internal_error(error).startswith(f"error: {says}")
    for error in (RuntimeError("else"), OSError(errno.EBADF, "Bad file"), KeyError("x")):
        assert machine_trouble(error) is None
        assert "this is a bug" in internal_error(error)


def test_a_name_that_is_not_utf_8_is_told_by_its_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    error = UnicodeEncodeError("utf-8", "\udce9", 0, 1, "surrogates not allowed")
    trouble = name_trouble(error, ["--consent", "caf\udce9 \u00e9"])
    assert trouble is not None
    assert (trouble.sentence, trouble.exit_code) == ('"caf\\xe9 \u00e9" is not UTF-8', 2)
    assert name_trouble(error, ["add", "caf\u00e9"]) is None
    assert name_trouble(ValueError(), ["\udce9"]) is None
    folder = tmp_path / "caf\udce9"
    folder.mkdir()
    monkeypatch.chdir(folder)
    trouble = name_trouble(error, ["plan"])
    assert trouble is not None
    assert trouble.sentence == f'"{tmp_path}/caf\\xe9" is not UTF-8'
