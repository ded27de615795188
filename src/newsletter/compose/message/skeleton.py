"""From a skeleton and one reader's values to a message: only bytes are joined."""

import binascii
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import compat32
from itertools import count, pairwise

from newsletter.compose.message.headers import (
    LINE_BYTES,
    decode_text,
    encode_pieces,
    encode_value,
    field,
    fold_plain,
    list_id,
    mailbox,
    mailbox_of,
    refuse_controls,
    unstructured,
)
from newsletter.compose.message.slots import cut, escape, first_free
from newsletter.model.address import Address, Mailbox
from newsletter.model.composed import Sentinel, Skeleton, Slot, SlotContext

TEXT_LINE_BYTES = 998  # RFC 5322 section 2.1.1, held by the decoded text part too

_BODY = frozenset({SlotContext.HTML, SlotContext.HTML_URL, SlotContext.TEXT})
_URL = frozenset({SlotContext.HTML_URL, SlotContext.HEADER_URL})

# Values as most readers have them: no context escapes them, quoted-printable leaves them alone, and
# they hold no line break, so that all of a reader's values are looked at in one match.
_PLAIN = r"(?!From |[. ])[A-Za-z0-9 _~:/+,@.-]{0,%d}(?<! )"
_PLAIN_URL = r"https?://[A-Za-z0-9_~:/+@.-]{1,%d}"
_PLAIN_TOKEN = r"[A-Za-z0-9_~:/+,@.-](?:[A-Za-z0-9 _~:/+,@.-]{0,98}[A-Za-z0-9_~:/+,@.-])?"  # noqa: S105
_PLAIN_TO_NAME = r"(?:[A-Za-z0-9]{1,20}(?: [A-Za-z0-9]{1,20}){0,2})?"
_PLAIN_TO_ADDRESS = (
    r"[A-Za-z0-9_+-]{1,30}(?:\.[A-Za-z0-9_+-]{1,30}){0,2}"
    r"@[A-Za-z0-9]{1,30}(?:[.-][A-Za-z0-9]{1,30}){1,5}"
)
_PLAIN_BYTES = 800
_TO_BYTES = 70  # "To: " and these fit one line


def assemble(skeleton: Skeleton, values: Mapping[str, str]) -> bytes:
    """Make one message; for more than one make an Assembler."""
    return Assembler(skeleton).assemble(values)


class Assembler:
    """Makes the messages of one skeleton.

    Values by name: email, name, unsubscribe_url, preferences_url, view_online_url, date (RFC 5322),
    message_id and delivery (without brackets). An absent or empty one gives the slot's fallback.
    """

    def __init__(self, skeleton: Skeleton) -> None:
        self._parts: list[bytes] = [b""] * (2 * len(skeleton.slots) + 1)
        self._parts[::2] = skeleton.segments
        self._slots = skeleton.slots
        self._room = _room_of_text_slots(skeleton)
        contexts: dict[tuple[str, str], set[SlotContext]] = {}
        for slot in sorted(skeleton.slots, key=lambda slot: slot.context not in _BODY):
            if slot.context is not SlotContext.HEADER_ADDRESS:
                contexts.setdefault((slot.name, slot.fallback), set()).add(slot.context)
        # Columns are values by name and fallback: those the bodies use, the headers' own, To's two.
        self._columns = (*contexts, ("name", ""), ("email", ""))
        self._bodies = sum(1 for found in contexts.values() if found & _BODY)
        limit = min(self._room, _PLAIN_BYTES)
        patterns = [_plain_pattern(found, limit) for found in contexts.values()]
        patterns += (_PLAIN_TO_NAME, _PLAIN_TO_ADDRESS)
        self._match_plain = re.compile("\n".join(patterns)).fullmatch
        self._match_column = tuple(re.compile(pattern).fullmatch for pattern in patterns)
        self._column_of = tuple(
            -1
            if slot.context is SlotContext.HEADER_ADDRESS
            else self._columns.index((slot.name, slot.fallback))
            for slot in skeleton.slots
        )
        # Where a slot's bytes stand among: columns folded for a body, columns as they are, To.
        self._order = tuple(
            column if slot.context in _BODY or column < 0 else self._bodies + column
            for slot, column in zip(skeleton.slots, self._column_of, strict=True)
        )

    def assemble(self, values: Mapping[str, str]) -> bytes:
        """Join one reader's message.

        Raises ValueError for a value that cannot be used; it names the value, never what it holds.
        """
        get = values.get
        texts = [get(name) or fallback for name, fallback in self._columns]
        joined = "\n".join(texts)
        parts = self._parts.copy()
        if self._match_plain(joined):
            columns = joined.encode("ascii").split(b"\n")
            name, address = columns[-2:]
            to = b"%b <%b>" % (name, address) if name else address
            if len(to) <= _TO_BYTES:
                parts[1::2] = self._spread(columns, to)
                return b"".join(parts)
        parts[1::2] = self._encode(texts)
        return b"".join(parts)

    def _spread(self, columns: list[bytes], to: bytes) -> list[bytes]:
        bodies = [
            data if len(data) <= LINE_BYTES else fold_plain(data)
            for data in columns[: self._bodies]
        ]
        pool = [*bodies, *columns, to]
        return [pool[place] for place in self._order]

    def _encode(self, texts: list[str]) -> list[bytes]:
        odd = {
            column: text
            for column, (match, text) in enumerate(zip(self._match_column, texts, strict=True))
            if not match(text)
        }
        columns = [
            b"" if column in odd else text.encode("ascii") for column, text in enumerate(texts)
        ]
        to = b""
        if -1 in self._order:
            to = mailbox(texts[-2], texts[-1], start=len("To: ")).encode("utf-8")
        encoded = self._spread(columns, to)
        done: dict[Slot, bytes] = {}
        for index, (slot, column) in enumerate(zip(self._slots, self._column_of, strict=True)):
            if column in odd:
                if slot not in done:
                    done[slot] = _encoded(slot, odd[column], self._room)
                encoded[index] = done[slot]
        return encoded


def fingerprint(skeleton: Skeleton) -> str:
    """Return SHA-256 (hex) over segments and slot table, each part with its length before it."""
    digest = hashlib.sha256()

    def add(data: bytes) -> None:
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)

    add(b"newsletter skeleton 1")
    add(str(len(skeleton.slots)).encode())
    for segment in skeleton.segments:
        add(segment)
    for slot in skeleton.slots:
        for text in (slot.name, slot.context.value, slot.fallback):
            add(text.encode("utf-8"))
    return digest.hexdigest()


def _plain_pattern(contexts: set[SlotContext], limit: int) -> str:
    if contexts & _URL:
        return _PLAIN_URL % (limit - len("https://"))
    return _PLAIN_TOKEN if SlotContext.HEADER_TOKEN in contexts else _PLAIN % limit


def _encoded(slot: Slot, value: str, room: int) -> bytes:
    try:
        text = escape(slot.context, value)
    except ValueError as error:
        msg = f"the value of {slot.name} cannot be used: {error}"
        raise ValueError(msg) from error
    if slot.context not in _BODY:
        return text.encode("ascii")
    return encode_value(_within(text, room) if slot.context is SlotContext.TEXT else text)


def _within(text: str, room: int) -> str:
    """Cut a text that would make its line too long; a link is of no use when cut."""
    data = text.encode("utf-8", "replace")
    if len(data) <= room or text.startswith(("https://", "http://", "mailto:")):
        return text
    return data[: room - len("…".encode())].decode("utf-8", "ignore") + "…"


def _room_of_text_slots(skeleton: Skeleton) -> int:
    room = TEXT_LINE_BYTES
    literal, slots = 0, 0
    for slot, (before, after) in zip(skeleton.slots, pairwise(skeleton.segments), strict=True):
        if slot.context is not SlotContext.TEXT:
            continue
        head = binascii.a2b_qp(before).rpartition(b"\n")
        tail = binascii.a2b_qp(after).partition(b"\n")[0].rstrip(b"\r")
        if head[1] or not slots:
            literal, slots = len(head[2]), 0
        slots += 1
        literal += len(tail)
        room = min(room, (TEXT_LINE_BYTES - literal) // slots)
    return max(room, LINE_BYTES // 3)  # so many slots in one line: rather too long than empty


_TEXT_CONTEXTS = frozenset({SlotContext.TEXT})
_HTML_CONTEXTS = frozenset({SlotContext.HTML, SlotContext.HTML_URL})
_PART = (
    "Content-Type: text/{}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageParts:
    """What one message is made of; html and text hold the tokens of sentinels.

    list_id is the list's name, list_name its title; feedback_id is in wire form.
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
    """Make the skeleton and its fingerprint; ValueError for controls or a misplaced slot."""
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
