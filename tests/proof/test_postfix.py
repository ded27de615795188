"""Our mails through a real mail server on their way: Postfix takes them and hands them on.

Behind it stands a server that offers neither 8BITMIME nor SMTPUTF8, so that Postfix converts
whatever needs it: encodings, long lines, header fields. Ours must need nothing.
"""

import smtplib
import threading
from collections.abc import Iterator

import pytest
from hard_mails import messages
from postfix import Postfix
from sending import CLOCK, SENDER, server_at
from smtp_server import ScriptedServer

from newsletter.compose.composer import Composer
from newsletter.delivery.send_one import send_one
from newsletter.model.address import Address

pytestmark = pytest.mark.services

TO = Address(local="sam", domain="readers.example")


@pytest.fixture(scope="module")
def sink(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ScriptedServer]:
    record = tmp_path_factory.mktemp("sink") / "record"
    with ScriptedServer(record, features=("SIZE 10000000",), fsync=False) as server:
        yield server


@pytest.fixture(scope="module")
def postfix(sink: ScriptedServer) -> Iterator[Postfix]:
    with Postfix(sink.port) as running:
        yield running


@pytest.fixture(scope="module")
def sent() -> dict[str, bytes]:
    with Composer() as composer:
        return messages(composer)


def handed_on(sink: ScriptedServer, count: int, postfix: Postfix) -> list[bytes]:
    """The next messages that arrive behind Postfix."""
    pause = threading.Event()
    arrived: list[bytes] = []
    for _ in range(1500):
        arrived = [content for wire in sink.wires for content in wire.contents]
        if len(arrived) >= count:
            break
        pause.wait(0.02)
    else:
        pytest.fail(f"{count - len(arrived)} did not come through:\n{postfix.log()[-4000:]}")
    for wire in sink.wires:
        wire.contents.clear()
    return arrived


def without_trace(message: bytes) -> bytes:
    """Take away the Received field that a server puts first (RFC 5321 section 4.4)."""
    lines = message.split(b"\r\n")
    assert lines[0].startswith(b"Received: from ")
    rest = 1
    while lines[rest].startswith((b" ", b"\t")):
        rest += 1
    return b"\r\n".join(lines[rest:])


@pytest.mark.parametrize("port", ["plain", "strict"])
def test_every_message_comes_through_byte_for_byte(
    port: str, postfix: Postfix, sink: ScriptedServer, sent: dict[str, bytes]
) -> None:
    server = server_at(postfix.plain if port == "plain" else postfix.strict)
    for message in sent.values():
        send_one(server, SENDER, TO, message, clock=CLOCK)
    arrived = {without_trace(each) for each in handed_on(sink, len(sent), postfix)}
    changed = [name for name, message in sent.items() if message not in arrived]
    assert changed == [], sorted(arrived - set(sent.values()))[:1]
    assert all(byte < 128 for message in arrived for byte in set(message))
    assert all(wire.violations == [] for wire in sink.wires)


def test_a_message_that_is_not_7bit_would_be_changed(
    postfix: Postfix, sink: ScriptedServer
) -> None:
    """Else the test above proves nothing: Postfix does convert what needs it."""
    message = (
        "From: news@example.org\r\nTo: sam@readers.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        f"Zoë {'x' * 1200}\r\n"
    ).encode()
    with smtplib.SMTP("127.0.0.1", postfix.plain, local_hostname="a.example") as peer:
        refused = peer.sendmail(SENDER.spec, [TO.spec], message, ["BODY=8BITMIME"])
    assert refused == {}
    (arrived,) = handed_on(sink, 1, postfix)
    assert b"quoted-printable" in arrived
    assert message not in arrived


def test_the_strict_port_takes_no_byte_above_127_in_a_header(postfix: Postfix) -> None:
    message = "From: news@example.org\r\nSubject: Zoë\r\n\r\nx\r\n".encode()
    with (
        smtplib.SMTP("127.0.0.1", postfix.strict, local_hostname="a.example") as peer,
        pytest.raises(smtplib.SMTPDataError) as told,
    ):
        peer.sendmail(SENDER.spec, [TO.spec], message, ["BODY=8BITMIME"])
    assert told.value.smtp_code == 550
