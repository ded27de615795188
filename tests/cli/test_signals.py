"""A stop asked for by signals, also by several at once."""

import signal
import subprocess
import sys
from types import FrameType

import pytest

from newsletter.cli.signals import stop_on_signals


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


def test_ctrl_c_while_the_command_is_still_read_leaves_no_trace() -> None:
    script = (
        "import signal, sys\n"
        "class Interrupting:\n"
        "    def find_spec(self, name, path, target=None):\n"
        "        if name == 'newsletter.cli.groups':\n"
        "            signal.raise_signal(signal.SIGINT)\n"
        "from newsletter.__main__ import main\n"
        "sys.meta_path.insert(0, Interrupting())\n"
        "sys.exit(main())\n"
    )
    command = [sys.executable, "-c", script, "--help"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", "interrupted\n")


def test_ctrl_c_within_a_callback_of_the_imports_is_not_lost() -> None:
    script = (
        "import signal, sys, weakref\n"
        "class Kept: pass\n"
        "class Interrupting:\n"
        "    def find_spec(self, name, path, target=None):\n"
        "        if name == 'newsletter.cli.groups':\n"
        "            kept = Kept()\n"
        "            self.seen = weakref.ref(kept, lambda _: signal.raise_signal(signal.SIGINT))\n"
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
