"""Our mails, by our own session, to servers that know seven bits and no extension."""

import smtplib
from collections.abc import Iterator

import pytest
from hard_mails import messages
from sending import CLOCK, SENDER, server_at
from seven_bit_relay import SevenBitRelay

from newsletter.compose.composer import Composer
from newsletter.delivery.send_one import send_one
from newsletter.errors import PermanentError
from newsletter.model.address import Address

TO = Address(local="sam", domain="readers.example")


@pytest.fixture(scope="module")
def sent() -> Iterator[dict[str, bytes]]:
    with Composer() as composer:
        yield messages(composer)


@pytest.mark.parametrize("strips", [True, False])
def test_a_server_of_seven_bits_gets_every_message_whole(
    strips: bool,  # noqa: FBT001 (a parameter of the test)
    sent: dict[str, bytes],
) -> None:
    with SevenBitRelay(strips=strips) as relay:
        for message in sent.values():
            send_one(server_at(relay.port), SENDER, TO, message, clock=CLOCK)
    changed = [name for name, got in zip(sent, relay.messages, strict=True) if got != sent[name]]
    assert changed == []


def test_these_servers_would_tell() -> None:
    message = "Subject: x\r\n\r\nZoë\r\n".encode()

    def hand_over(port: int) -> None:
        with smtplib.SMTP("127.0.0.1", port, local_hostname="a.example") as peer:
            peer.sendmail(SENDER.spec, [TO.spec], message)

    with SevenBitRelay(strips=True) as relay:
        hand_over(relay.port)
        assert relay.messages == [b"Subject: x\r\n\r\nZoC+\r\n"]
    with SevenBitRelay(strips=False) as relay, pytest.raises(smtplib.SMTPDataError):
        hand_over(relay.port)


def test_our_session_hands_such_a_server_nothing_that_it_would_spoil() -> None:
    message = "Subject: x\r\n\r\nZoë\r\n".encode()
    with SevenBitRelay(strips=True) as relay, pytest.raises(PermanentError, match="8BITMIME"):
        send_one(server_at(relay.port), SENDER, TO, message, clock=CLOCK)
    assert relay.messages == []
