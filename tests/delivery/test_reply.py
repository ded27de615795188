import socket
import threading
from collections.abc import Iterator

import pytest

from newsletter.clock import SystemClock
from newsletter.delivery.smtp import (
    LONGEST_LINE,
    MOST_LINES,
    ReplyFault,
    ReplyReader,
)
from newsletter.model.mailing import Reply


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    yield ours, theirs
    ours.close()
    theirs.close()


def read_all(data: bytes, *, split: bool = False) -> Reply:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        reader = ReplyReader(ours, SystemClock())
        if split:

            def drip() -> None:
                for byte in data:
                    theirs.sendall(bytes((byte,)))
                theirs.close()

            thread = threading.Thread(target=drip)
            thread.start()
            try:
                return reader.read(5)
            finally:
                thread.join()
        theirs.sendall(data)
        theirs.close()
        return reader.read(5)


def test_a_reply_is_its_code_its_status_and_its_text() -> None:
    assert read_all(b"250 2.1.5 fine\r\n") == Reply(250, "fine", "2.1.5")
    assert read_all(b"550-5.1.1 no such\r\n550 5.1.1 mailbox\r\n") == Reply(
        550, "no such mailbox", "5.1.1"
    )
    assert read_all(b"250\r\n") == Reply(250, "")
    assert read_all(b"421 4.3.2\r\n") == Reply(421, "", "4.3.2")


def test_a_status_of_another_class_is_only_text() -> None:
    assert read_all(b"450 5.1.1 odd\r\n") == Reply(450, "5.1.1 odd", "")


@pytest.mark.covers("F24")
def test_a_reply_split_in_single_bytes_is_the_same_reply() -> None:
    data = b"250-first\r\n250 2.0.0 second\r\n"
    assert read_all(data, split=True) == read_all(data)


@pytest.mark.covers("T34")
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"250 half",
        b"garbage\r\n",
        b"1234 x\r\n",
        b"250-a\r\n550 b\r\n",
        b"250_x\r\n",
        b"650 x\r\n",
        b"\x00\xff\xfe\r\n",
        b"\r\n",
        b"250 " + b"a" * LONGEST_LINE + b"\r\n",
        b"a" * 3 * LONGEST_LINE,
        b"250-x\r\n" * (MOST_LINES + 1) + b"250 x\r\n",
    ],
)
def test_what_is_no_bounded_reply_is_a_fault(data: bytes) -> None:
    with pytest.raises(ReplyFault):
        read_all(data)


@pytest.mark.covers("T34", "F25")
def test_a_dripping_reply_meets_its_deadline(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = pair
    stop = threading.Event()

    def drip() -> None:
        while not stop.wait(0.02):
            try:
                theirs.sendall(b"2")
            except OSError:
                return

    thread = threading.Thread(target=drip)
    thread.start()
    with pytest.raises(ReplyFault, match="in time"):
        ReplyReader(ours, SystemClock()).read(0.2)  # or it would never end
    stop.set()
    thread.join()


def test_control_characters_of_a_server_do_not_reach_a_terminal() -> None:
    assert read_all(b"550 \x1b[31mred\x07\r\n").text == "[31mred"


def test_what_comes_after_a_reply_waits_and_is_seen(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    ours, theirs = pair
    reader = ReplyReader(ours, SystemClock())
    assert reader.silent()
    theirs.sendall(b"250 a\r\n421 b\r\n")
    assert reader.read(1) == Reply(250, "a")
    assert not reader.silent()
    assert reader.read(1) == Reply(421, "b")
    assert reader.silent()
    theirs.close()
    with pytest.raises(ReplyFault, match="closed"):
        reader.silent()
