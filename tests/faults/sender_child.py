"""The sender that test_kill.py kills: folder, port, connections, point, times.

A sixth argument stands for a power cut: "goes", or "lies" for a disk that flushes nothing.
"""

import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from faults.power_disk import PowerDisk
from sending import CLOCK, QUICK, SENDER, SHORT, message_for, server_at

from newsletter.delivery.engine import LocalEngine
from newsletter.delivery.servers import Servers
from newsletter.store import open_database


def send(arguments: Sequence[str]) -> int:
    """Send until nothing is due; die where the arguments say."""
    folder, port, connections, point, times, *power = arguments
    disk = PowerDisk(lies=power == ["lies"]) if power else None
    left = int(times)
    lock = threading.Lock()

    def crash_point(name: str) -> None:
        nonlocal left
        if name != point:
            return
        with lock:
            left -= 1
            if left <= 0:
                if disk is not None:
                    disk.save(Path(folder) / "platter")
                os.kill(os.getpid(), signal.SIGKILL)

    database = open_database(f"sqlite:///{Path(folder) / 'newsletter.db'}", create=False)
    engine = LocalEngine(
        database,
        Servers([server_at(int(port), connections=int(connections))], clock=CLOCK, pace=QUICK),
        clock=CLOCK,
        timeouts=SHORT,
        crash_point=crash_point,
    )
    engine.deliver(1, message_for=message_for, envelope_from=SENDER)
    database.close()
    return 0


if __name__ == "__main__":
    sys.exit(send(sys.argv[1:]))
