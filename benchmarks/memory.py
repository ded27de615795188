"""How much memory grows while messages are joined for 100,000 readers from a generator.

The process' resident size is read after a warm-up of 1,000 and at the end; its peak too.
Run: python benchmarks/memory.py [--readers N] [--json]
"""

import argparse
import json
import resource
import sys
import time
from pathlib import Path

from sample_message import sample_parts, sample_values

from newsletter.compose.message.skeleton import Assembler, build_skeleton

WARM_UP = 1_000


def resident_kb() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() // 1024


def measure(readers: int) -> dict[str, float]:
    skeleton, _ = build_skeleton(sample_parts())
    assemble = Assembler(skeleton).assemble
    data = 0
    before_kb = peak_kb = 0
    started = time.perf_counter()
    for number, values in enumerate(sample_values(readers)):
        data += len(assemble(values))
        if number == WARM_UP:
            before_kb = peak_kb = resident_kb()
        elif number % 1_000 == 0:
            peak_kb = max(peak_kb, resident_kb())
    return {
        "readers": readers,
        "seconds": time.perf_counter() - started,
        "joined_mb": data / 1e6,
        "resident_kb": before_kb,
        "growth_kb": max(peak_kb, resident_kb()) - before_kb,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one object")
    parser.add_argument("--readers", type=int, default=100_000)
    parser.add_argument("--most", type=int, default=2_048, help="exit 1 above this growth in KB")
    options = parser.parse_args()
    figures = measure(options.readers)
    if options.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:12} {value:14,.1f}")
    return 0 if figures["growth_kb"] <= options.most else 1


if __name__ == "__main__":
    sys.exit(main())
