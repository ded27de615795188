"""The sender whose power test_power_loss.py cuts: sender_child's arguments, then `lies` or "".

At the named point the platter is written to FOLDER/platter, and the process is killed.
"""

import os
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from faults.power_disk import PowerDisk
from faults.sender_child import send


def main() -> int:
    *arguments, lies = sys.argv[1:]
    platter = Path(arguments[0]) / "platter"
    disk = PowerDisk(lies=bool(lies))

    def cut() -> None:
        platter.mkdir()
        disk.save(platter)
        os.kill(os.getpid(), signal.SIGKILL)

    return send(arguments, die=cut)


if __name__ == "__main__":
    sys.exit(main())
