"""What may go over the wire: message bytes and envelope commands; nothing else is written.

The checks stand here again, although messages are made well and addresses are typed, since a single
bare line feed would let one message end inside another (SMTP smuggling).
"""

import re
from dataclasses import dataclass

from newsletter.model.address import Address, parse_address

LONGEST_LINE = 998  # bytes without CRLF (RFC 5321 section 4.5.3.1.6)
END_OF_DATA = b".\r\n"

# Plain addresses, nearly all there are; anything else goes through the careful parser.
_PLAIN = re.compile(
    r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@"
    r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+"
)
_LONGEST_LOCAL = 64
_LONGEST_ADDRESS = 254
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\xa0<>\u2028\u2029]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One message ready for one reader.

    content is what stands between 354 and the final dot: checked, dot-stuffed, ending in CRLF.
    """

    key: int
    to: Address
    content: bytes


def content_of(message: bytes) -> bytes:
    """Check a message's bytes and stuff its dots (RFC 5321 section 4.5.2).

    Raises:
        ValueError: a bare CR or LF, a NUL, a line of more than 998 bytes, no CRLF at the end.
    """
    pairs = message.count(b"\r\n")
    if message.count(b"\r") != pairs or message.count(b"\n") != pairs:
        msg = "the message holds a bare CR or LF"
        raise ValueError(msg)
    if b"\0" in message:
        msg = "the message holds a NUL"
        raise ValueError(msg)
    if not message.endswith(b"\r\n"):
        msg = "the message does not end in CRLF"
        raise ValueError(msg)
    if max(map(len, message.split(b"\r\n"))) > LONGEST_LINE:
        msg = f"the message has a line of more than {LONGEST_LINE} bytes"
        raise ValueError(msg)
    if message.startswith(b"."):
        message = b"." + message
    return message.replace(b"\r\n.", b"\r\n..") if b"\r\n." in message else message


def envelope_address(text: str) -> Address:
    """Return the address of a stored spelling.

    Raises:
        ValueError: it is none.
    """
    if len(text) <= _LONGEST_ADDRESS and _PLAIN.fullmatch(text):
        local, _, domain = text.partition("@")
        if len(local) <= _LONGEST_LOCAL:
            return Address(local=local, domain=domain)
    return parse_address(text)


def mail_command(sender: Address, *, parameters: tuple[str, ...] = ()) -> bytes:
    """Write MAIL FROM with its ESMTP parameters."""
    return _command("MAIL FROM", sender, parameters)


def rcpt_command(to: Address) -> bytes:
    """Write RCPT TO."""
    return _command("RCPT TO", to, ())


def _command(verb: str, address: Address, parameters: tuple[str, ...]) -> bytes:
    if _FORBIDDEN.search(address.local) or _FORBIDDEN.search(address.domain):
        msg = "the address holds a character that ends or splits a command"
        raise ValueError(msg)
    tail = "".join(f" {parameter}" for parameter in parameters)
    return f"{verb}:<{address.spec}>{tail}\r\n".encode()
