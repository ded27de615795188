"""The message of an issue: its headers and multipart/alternative, cut at the slots.

Structure by RFC 2046 section 5.1.4 (plain before HTML), header fields by RFC 5322, 2369, 2919 and
8058. Reading a message back is here too, for checks and pages; nothing read is ever sent.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import compat32
from itertools import count

from newsletter.compose.message.headers import (
    decode_text,
    field,
    list_id,
    mailbox_of,
    refuse_controls,
    unstructured,
)
from newsletter.compose.message.quoted_printable import encode_pieces
from newsletter.compose.message.skeleton import fingerprint
from newsletter.compose.message.slots import cut, first_free
from newsletter.model.address import Address, Mailbox
from newsletter.model.composed import Sentinel, Skeleton, Slot, SlotContext

_TEXT_CONTEXTS = frozenset({SlotContext.TEXT})
_HTML_CONTEXTS = frozenset({SlotContext.HTML, SlotContext.HTML_URL})
_PART = (
    "Content-Type: text/{}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageParts:
    """What one message is made of; subject is the one that goes out, "[Test] …" for a test.

    list_id is the mailing list's name (its address form is made here, under the sender's domain),
    list_name the title that stands before it. feedback_id is in wire form (headers.feedback_id).
    html and text hold the tokens of sentinels.
    """

    subject: str
    sender: Mailbox
    reply_to: Address | None
    list_id: str
    list_name: str
    feedback_id: str
    html: str
    text: str
    sentinels: tuple[Sentinel, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedMessage:
    """A message as a reader's program sees it: decoded, line ends as LF; "" for an absent part."""

    headers: tuple[tuple[str, str], ...]
    text: str
    html: str

    def header(self, name: str) -> str:
        """Return the first field of that name, decoded; "" where there is none."""
        return next(iter(self.all_of(name)), "")

    def all_of(self, name: str) -> tuple[str, ...]:
        """Return every field of that name, decoded."""
        return tuple(value for key, value in self.headers if key.lower() == name.lower())


def build_skeleton(message: MessageParts) -> tuple[Skeleton, str]:
    """Make the skeleton of a message and its fingerprint; same parts, same bytes.

    Raises:
        ValueError: for a control character in a header value, or a slot in the wrong part.
    """
    text_pieces, text_slots = cut(message.text, message.sentinels, _TEXT_CONTEXTS)
    html_pieces, html_slots = cut(message.html, message.sentinels, _HTML_CONTEXTS)
    text, html = encode_pieces(text_pieces), encode_pieces(html_pieces)
    boundary = _boundary((*text, *html))
    parts: list[bytes | Slot] = [
        *_header_fields(message),
        field("MIME-Version", "1.0"),
        field("Content-Type", f'multipart/alternative;\r\n boundary="{boundary}"'),
        f"\r\n--{boundary}\r\n{_PART.format('plain')}".encode("ascii"),
        *_interleaved(text, text_slots),
        f"\r\n--{boundary}\r\n{_PART.format('html')}".encode("ascii"),
        *_interleaved(html, html_slots),
        f"\r\n--{boundary}--\r\n".encode("ascii"),
    ]
    skeleton = _joined(parts)
    return skeleton, fingerprint(skeleton)


def parse_message(data: bytes) -> ParsedMessage:
    """Read any message, ours or a stranger's; what cannot be decoded is shown with U+FFFD."""
    message = message_from_bytes(data, policy=compat32)
    bodies: dict[str, str] = {}
    for part in message.walk():
        kind = part.get_content_type()
        is_body = part.get_content_disposition() != "attachment" and not part.is_multipart()
        if kind in {"text/plain", "text/html"} and is_body and kind not in bodies:
            bodies[kind] = _body(part)
    return ParsedMessage(
        headers=tuple((name, _header_text(str(value))) for name, value in message.items()),
        text=bodies.get("text/plain", ""),
        html=bodies.get("text/html", ""),
    )


def _header_fields(message: MessageParts) -> Iterable[bytes | Slot]:
    refuse_controls(message.feedback_id)
    sender_domain = message.sender.address.domain
    yield field("From", mailbox_of(message.sender, start=len("From: ")))
    if message.reply_to is not None:
        reply_to = Mailbox(name="", address=message.reply_to)
        yield field("Reply-To", mailbox_of(reply_to, start=len("Reply-To: ")))
    yield from _slot_field("To", "to", SlotContext.HEADER_ADDRESS)
    yield unstructured("Subject", message.subject)
    yield from _slot_field("Date", "date", SlotContext.HEADER_TOKEN)
    yield from _slot_field("Message-ID", "message_id", SlotContext.HEADER_TOKEN, around="<>")
    yield field("List-Id", list_id(message.list_id, message.list_name, sender_domain))
    yield from _slot_field(
        "List-Unsubscribe", "unsubscribe_url", SlotContext.HEADER_URL, around="<>"
    )
    yield field("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
    yield field("Feedback-ID", message.feedback_id)
    yield field(
        "Precedence", "bulk"
    )  # stops old vacation responders; Auto-Submitted would be a lie
    yield from _slot_field("X-Delivery", "delivery", SlotContext.HEADER_TOKEN)


def _slot_field(
    header: str, slot: str, context: SlotContext, *, around: str = ""
) -> Iterable[bytes | Slot]:
    opening, closing = around[:1], around[1:]
    yield f"{header}: {opening}".encode("ascii")
    yield Slot(name=slot, context=context)
    yield f"{closing}\r\n".encode("ascii")


def _interleaved(pieces: tuple[bytes, ...], slots: tuple[Slot, ...]) -> Iterable[bytes | Slot]:
    yield pieces[0]
    for slot, piece in zip(slots, pieces[1:], strict=True):
        yield slot
        yield piece


def _joined(parts: Iterable[bytes | Slot]) -> Skeleton:
    segments: list[list[bytes]] = [[]]
    slots: list[Slot] = []
    for part in parts:
        if isinstance(part, Slot):
            slots.append(part)
            segments.append([])
        else:
            segments[-1].append(part)
    return Skeleton(segments=tuple(b"".join(data) for data in segments), slots=tuple(slots))


def _boundary(data: tuple[bytes, ...]) -> str:
    """Choose a boundary that is in no part; no reader's value can hold it, "=_" being encoded."""
    seed = hashlib.sha256(b"\0".join(data)).hexdigest()
    candidates = (
        f"=_{hashlib.sha256(f'{seed} {number}'.encode()).hexdigest()[:32]}" for number in count()
    )
    return first_free(
        candidates, lambda boundary: not any(boundary.encode() in part for part in data)
    )


def _header_text(value: str) -> str:
    """Unfold and decode; what a stranger's encoded word hides stays on one line."""
    unfolded = value.replace("\r\n", "").replace("\n", "").replace("\r", "")
    line = " ".join(unfolded.splitlines())
    # Words that begin and never end cost the decoder quadratic time, so it sees none.
    end = line.rfind("?=") + 2
    decoded = line if end == 1 else decode_text(line[:end]) + line[end:]
    return " ".join(decoded.splitlines())


def _body(part: Message) -> str:
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    try:
        text = data.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
        text = data.decode("utf-8", "replace")
    return text.replace("\r\n", "\n")
