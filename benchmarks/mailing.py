"""A whole mailing by the command, and how its memory grows with the list: it must not.

Usage: .venv/bin/python benchmarks/mailing.py [RECIPIENTS]. A folder from `newsletter init`, the
sample issue, a sink on loopback in a process of its own (benchmarks/delivery.py), `newsletter send`
measured from outside: resident memory a tenth of the way through and at the end, seconds to the
first copy, messages a second. Exits 1 where memory grew by more than 8 MB in between.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
NEWSLETTER = [sys.executable, "-m", "newsletter"]
ISSUE = "2022-03-16-daily"
SOURCE = "https://www.dec.org.uk/appeal/ukraine-humanitarian-appeal"
MOST_GROWTH_KB = 8_192
SMTP = """
[smtp.sink]
host = "127.0.0.1"
port = {port}
security = "none"
connections = 4
per_second = 10000
per_day = 10000000
"""


def newsletter(folder: Path, *arguments: str) -> str:
    return subprocess.run(
        [*NEWSLETTER, *arguments], cwd=folder, check=True, capture_output=True, text=True
    ).stdout


def resident_kb(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0


def sent(folder: Path) -> int:
    runs = json.loads(newsletter(folder, "log", ISSUE, "--json"))
    return runs[-1]["account"]["sent"] if runs and runs[-1]["account"] else 0


def prepare(folder: Path, count: int, port: int) -> None:
    newsletter(folder, "init")
    settings = folder / "newsletter.toml"
    text = settings.read_text().replace('hold = "60s"', 'hold = "0s"')
    settings.write_text(text + SMTP.format(port=port))
    with (folder / "readers.csv").open("w") as file:
        file.write("email,name\n")
        file.writelines(f"reader{n}@list.example,Reader {n}\n" for n in range(count))
    newsletter(folder, "subscribers", "import", "readers.csv", "--consent", "a benchmark")
    newsletter(folder, "callouts", "verify", "dec-ukraine", "--by", "bench", "--source", SOURCE)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    sink = subprocess.Popen(
        [sys.executable, HERE / "delivery.py", "sink"], stdout=subprocess.PIPE, text=True
    )
    try:
        assert sink.stdout is not None
        port = int(sink.stdout.readline())
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            prepare(folder, count, port)
            began = time.monotonic()  # noqa: TID251 (measured from outside)
            sender = subprocess.Popen(
                [*NEWSLETTER, "send", ISSUE, "--confirm", str(count)],
                cwd=folder,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            first, early, late = 0.0, 0, 0
            while sender.poll() is None:
                time.sleep(1)  # noqa: TID251
                so_far = sent(folder)
                late = resident_kb(sender.pid) or late
                if so_far and not first:
                    first = time.monotonic() - began  # noqa: TID251
                if so_far >= count // 10 and not early:
                    early = late
            took = time.monotonic() - began  # noqa: TID251
            assert sender.returncode == 0, sender.returncode
            assert sent(folder) == count
    finally:
        sink.kill()
        sink.wait()
    print(
        f"{count:,} recipients in {took:.0f} s, {count / took:.0f} a second, log asked each second"
    )
    print(f"first copy within {first:.1f} s of the command")
    print(f"resident memory: {early / 1024:.0f} MB at a tenth, {late / 1024:.0f} MB at the end")
    if early and late - early > MOST_GROWTH_KB:
        sys.exit("memory grew with the list")


if __name__ == "__main__":
    main()
