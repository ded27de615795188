"""The pipe to a child: bounded, timed, and unharmed by a child that misbehaves."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from newsletter.compose.render.render_child import ChildBroken, ChildPipe, Message

SEND = (
    "import sys, time, struct, json\n"
    "def send(m):\n"
    "    b = m if isinstance(m, bytes) else json.dumps(m).encode()\n"
    "    sys.stdout.buffer.write(struct.pack('>I', len(b)) + b); sys.stdout.flush()\n"
)


@contextmanager
def child(source: str, *, frame_limit: int = 1000) -> Iterator[ChildPipe]:
    """Start a child that runs a piece of Python, and end it."""
    process = subprocess.Popen(
        [sys.executable, "-I", "-c", SEND + source],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0,
    )  # fmt: skip
    pipe = ChildPipe(process, frame_limit=frame_limit)
    try:
        yield pipe
    finally:
        pipe.end()


def within(seconds: float) -> Callable[[], float]:
    """Count down from now."""
    begun = time.perf_counter()
    return lambda: seconds - (time.perf_counter() - begun)


def ignore(_message: Message) -> None:
    """Take no note of progress."""


def how_it_broke(source: str, payload: bytes = b"x", seconds: float = 20) -> str:
    """Return why an exchange with a child failed."""
    with child(source) as pipe, pytest.raises(ChildBroken) as caught:
        pipe.exchange(payload, within(seconds), ignore)
    return caught.value.how


def test_a_large_payload_goes_through_in_pieces() -> None:
    source = (
        "(n,) = struct.unpack('>I', sys.stdin.buffer.read(4)); time.sleep(0.1)\n"
        "send({'read': len(sys.stdin.buffer.read(n))})"
    )
    with child(source) as pipe:
        assert pipe.exchange(b"x" * 3_000_000, within(20), ignore) == {"read": 3_000_000}


def test_a_child_that_dies_or_hangs_up_is_dead() -> None:
    assert how_it_broke("") == "dead"
    assert how_it_broke("sys.exit(3)", b"x" * 1_000_000) == "dead"
    assert how_it_broke("sys.stdout.buffer.write(b'\\0\\0'); sys.stdout.flush()") == "dead"


def test_a_child_that_is_silent_or_reads_nothing_is_slow() -> None:
    assert how_it_broke("time.sleep(60)", b"x" * 1_000_000, seconds=0.5) == "slow"


@pytest.mark.parametrize(
    "source",
    [
        "send(b'no json')",
        "send([1])",
        "send(b'\\xff\\xfe')",
        "sys.stdout.buffer.write(b'\\xff\\xff\\xff\\xff'); sys.stdout.flush(); time.sleep(60)",
        "send(b'{' * 2000); time.sleep(60)",
    ],
)
def test_an_answer_nobody_can_read_or_hold_is_garbled(source: str) -> None:
    assert how_it_broke(source) == "garbled"
