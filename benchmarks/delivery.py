"""Messages a second by our sender, ledger and all, beside a plain smtplib loop, in one run.

Usage: .venv/bin/python benchmarks/delivery.py [MESSAGES]. The sink is a process of its own on
loopback that reads and forgets; what is sent is 30,000 bytes a message. The ledger is SQLite with
synchronous=FULL on this machine's disk, W = 1.
"""

import resource
import smtplib
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from sending import CLOCK, SENDER, make_mailing, readers, server_at

from newsletter.delivery.engine import LocalEngine
from newsletter.delivery.servers import Pace, Servers
from newsletter.model.mailing import MailingState

BYTES = 30_000
LINE = b"x" * 74 + b"\r\n"
BODY = b"Subject: a benchmark\r\n\r\n" + LINE * (BYTES // len(LINE))
ROUNDS = 3


def sink() -> None:  # noqa: C901 (flat, for speed)
    """Take mail and forget it; print the port first."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    print(listener.getsockname()[1], flush=True)

    def serve(sock: socket.socket) -> None:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        buffer = bytearray()
        sock.sendall(b"220 sink\r\n")
        in_data, searched = False, 0
        while data := sock.recv(1 << 18):
            buffer += data
            replies = b""
            while True:
                end = buffer.find(b"\r\n.\r\n" if in_data else b"\r\n", searched)
                if end < 0:
                    searched = max(0, len(buffer) - 4) if in_data else 0
                    break
                searched = 0
                if in_data:
                    del buffer[: end + 5]
                    in_data = False
                    replies += b"250 taken\r\n"
                    continue
                verb = bytes(buffer[:4]).upper()
                del buffer[: end + 2]
                in_data = verb == b"DATA"
                if verb == b"EHLO":
                    replies += b"250-sink\r\n250-PIPELINING\r\n250 SIZE 10000000\r\n"
                elif verb == b"QUIT":
                    replies += b"221 bye\r\n"
                elif in_data:
                    replies += b"354 go on\r\n"
                else:
                    replies += b"250 fine\r\n"
            if replies:
                sock.sendall(replies)
        sock.close()

    while True:
        sock, _ = listener.accept()
        threading.Thread(target=serve, args=(sock,), daemon=True).start()


def plain_loop(port: int, count: int) -> float:
    """Send by smtplib over one connection, without any ledger; seconds."""
    message = BODY
    began = CLOCK.monotonic()
    with smtplib.SMTP("127.0.0.1", port, local_hostname="localhost") as client:
        for number in range(count):
            client.sendmail(SENDER.spec, f"reader{number}@list.example", message)
    return CLOCK.monotonic() - began


def ours(port: int, count: int, connections: int) -> float:
    """Send by our engine, ledger on; seconds of deliver() alone."""
    with tempfile.TemporaryDirectory() as folder:
        database, mailing_id = make_mailing(Path(folder), readers(count))
        engine = LocalEngine(
            database,
            Servers(
                [server_at(port, connections=connections, per_second=1e9)],
                clock=CLOCK,
                pace=Pace(between_openings=0),
            ),
            clock=CLOCK,
        )
        began = CLOCK.monotonic()
        report = engine.deliver(
            mailing_id,
            message_for=lambda d, _: b"X-Delivery: %d\r\n" % d.id + BODY,
            envelope_from=SENDER,
        )
        took = CLOCK.monotonic() - began
        assert report.state is MailingState.DONE
        database.close()
        return took


def commit_s() -> float:
    """Measure one durable commit, which bounds a connection at W = 1."""
    with tempfile.TemporaryDirectory() as folder:
        database, _ = make_mailing(Path(folder), readers(2))
        began = CLOCK.monotonic()
        for _ in range(50):
            with database.write() as conn:
                conn.exec_driver_sql("UPDATE mailings SET why = why || 'x'")
        database.close()
        return (CLOCK.monotonic() - began) / 50


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    child = subprocess.Popen([sys.executable, __file__, "sink"], stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout is not None
        port = int(child.stdout.readline())
        plain_loop(port, 100)
        base = median(plain_loop(port, count) for _ in range(ROUNDS))
        print(f"{'smtplib, 1 connection, no ledger':40} {count / base:8.0f} messages/s   1.00")
        for connections in (1, 4):
            took = median(ours(port, count, connections) for _ in range(ROUNDS))
            name = f"ours, {connections} connection{'s'[: connections > 1]}, ledger on"
            print(f"{name:40} {count / took:8.0f} messages/s   {base / took:.2f}")
        print(f"one commit takes {1000 * commit_s():.1f} ms on this disk")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"peak memory {peak:.0f} MB")
    finally:
        child.kill()
        child.wait()


if __name__ == "__main__":
    if sys.argv[1:] == ["sink"]:
        sink()
    else:
        main()
