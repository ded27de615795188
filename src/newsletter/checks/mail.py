"""One message's bytes as the checks read them, by the standard library's parser."""

import binascii
import contextlib
import email
import email.header
from dataclasses import dataclass
from email.errors import HeaderParseError, MessageError
from email.message import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class MailPart:
    """A leaf of the message: decoded text, and its encoded body as it stands on the wire."""

    content_type: str
    charset: str
    encoding: str
    text: str
    wire: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One parsed message. fields are (name, value) in order, unfolded, encoded words kept."""

    raw: bytes
    content_type: str
    fields: tuple[tuple[str, str], ...]
    parts: tuple[MailPart, ...]

    def values(self, name: str) -> tuple[str, ...]:
        """Every value of a header, any letter case."""
        return tuple(value for key, value in self.fields if key.lower() == name.lower())


def read_mail(raw: bytes) -> Mail:
    """Read any bytes as a message."""
    message: Message = email.message_from_bytes(raw)
    return Mail(
        raw=raw,
        content_type=message.get_content_type(),
        fields=tuple((name, _unfolded(value)) for name, value in message.raw_items()),
        parts=tuple(_part(leaf) for leaf in message.walk() if not leaf.is_multipart()),
    )


def decoded_words(value: str) -> str:
    """Decode RFC 2047 encoded words; a value that cannot be decoded is given as it is."""
    try:
        return str(email.header.make_header(email.header.decode_header(value)))
    except (HeaderParseError, binascii.Error, LookupError, UnicodeError, ValueError):
        return value


def _unfolded(value: object) -> str:
    data = str(value).encode("utf-8", "surrogateescape")
    return data.decode("utf-8", "replace").replace("\r\n", "").replace("\n", "").strip(" \t")


def _part(leaf: Message) -> MailPart:
    charset = leaf.get_content_charset() or "us-ascii"
    payload = leaf.get_payload()
    wire = payload if isinstance(payload, str) else ""
    data: object = b""
    with contextlib.suppress(MessageError, LookupError, ValueError):
        data = leaf.get_payload(decode=True)
    body = data if isinstance(data, bytes) else b""
    text = body.decode("utf-8", "replace")
    with contextlib.suppress(LookupError):
        text = body.decode(charset, "replace")
    return MailPart(
        content_type=leaf.get_content_type(),
        charset=charset,
        encoding=str(leaf.get("Content-Transfer-Encoding", "7bit")).strip().lower(),
        text=text.replace("\r\n", "\n"),
        wire=wire.encode("utf-8", "surrogateescape"),
    )
