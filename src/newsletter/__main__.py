"""The command, installed and as `python -m newsletter`; Ctrl-C ends it plainly from the start."""

import sys

INTERRUPTED = 130


def main() -> int:
    """Run the command; Ctrl-C before it looks out for signals itself leaves no trace either."""
    try:
        from newsletter.cli import main as command  # noqa: PLC0415 (it takes longest to read)

        return command()
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
