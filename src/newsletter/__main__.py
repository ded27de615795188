"""The command, installed and as `python -m newsletter`; Ctrl-C ends it plainly from the start."""

import os
import signal
import sys
from types import FrameType

INTERRUPTED = 130
_SAID = "interrupted\n"


def main() -> int:
    """Run the command; Ctrl-C before it looks out for signals itself leaves no trace either."""
    is_heeded = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if is_heeded:
        signal.signal(signal.SIGINT, _end)
    from newsletter.cli import main as command  # noqa: PLC0415 (it takes longest to read)

    try:
        if is_heeded:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        return command()
    except KeyboardInterrupt:
        sys.stderr.write(_SAID)
        return INTERRUPTED


def _end(_number: int, _frame: FrameType | None) -> None:
    """End at once: nothing is open yet.

    An exception would be lost with a trace where a callback of Python's imports is at work.
    """
    os.write(sys.stderr.fileno(), _SAID.encode())
    os._exit(INTERRUPTED)


if __name__ == "__main__":
    sys.exit(main())
