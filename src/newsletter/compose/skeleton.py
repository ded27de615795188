"""From a skeleton and one reader's values to a message: only octets are joined."""

import binascii
import hashlib
import re
from collections.abc import Callable, Mapping
from itertools import pairwise

from newsletter.compose.headers import mailbox
from newsletter.compose.quoted_printable import encode_value, fold_plain
from newsletter.compose.slots import escape
from newsletter.model.composed import Skeleton, Slot, SlotContext

TEXT_LINE_OCTETS = 998  # RFC 5322 section 2.1.1, held by the decoded text part too

Encoder = Callable[[Mapping[str, str]], tuple[bytes, ...]]

# What no context escapes and quoted-printable leaves alone; most values of most readers.
_PLAIN = re.compile(r"(?!From )[A-Za-z0-9 _~:/+,@-][A-Za-z0-9 _~:/+,@.-]*(?<! )")
_PLAIN_URL = re.compile(r"https?://[A-Za-z0-9_~:/+@.-]{1,800}")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9]{1,20}(?: [A-Za-z0-9]{1,20}){0,2}")
_PLAIN_ADDRESS = re.compile(
    r"[A-Za-z0-9_+-]{1,20}(?:\.[A-Za-z0-9_+-]{1,20}){0,2}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+"
)
_BODY = frozenset({SlotContext.HTML, SlotContext.HTML_URL, SlotContext.TEXT})
_URL = frozenset({SlotContext.HTML_URL, SlotContext.HEADER_URL})


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
        grouped: dict[tuple[str, str], list[Slot]] = {}
        for slot in dict.fromkeys(skeleton.slots):
            grouped.setdefault((slot.name, slot.fallback), []).append(slot)
        room = _room_of_text_slots(skeleton)
        self._encoders = tuple(_encoder(tuple(slots), room) for slots in grouped.values())
        flat = [slot for slots in grouped.values() for slot in slots]
        self._order = tuple(flat.index(slot) for slot in skeleton.slots)

    def assemble(self, values: Mapping[str, str]) -> bytes:
        """Join one reader's message.

        Raises:
            ValueError: for a control character in a header value, an address that is not one plain
                address, a link that is none, or a header value that is missing.
        """
        encoded: list[bytes] = []
        for encoder in self._encoders:
            encoded += encoder(values)
        parts = self._parts.copy()
        parts[1::2] = [encoded[index] for index in self._order]
        return b"".join(parts)


def fingerprint(skeleton: Skeleton) -> str:
    """Give SHA-256 (hex) over segments and slot table, each part with its length before it."""
    digest = hashlib.sha256()

    def add(octets: bytes) -> None:
        digest.update(len(octets).to_bytes(8, "big"))
        digest.update(octets)

    add(b"newsletter skeleton 1")
    add(str(len(skeleton.slots)).encode())
    for segment in skeleton.segments:
        add(segment)
    for slot in skeleton.slots:
        for text in (slot.name, slot.context.value, slot.fallback):
            add(text.encode("utf-8"))
    return digest.hexdigest()


def _encoder(slots: tuple[Slot, ...], room: int) -> Encoder:
    """Make the function that encodes one value for all the contexts it stands in."""
    name, fallback = slots[0].name, slots[0].fallback
    contexts = tuple(slot.context for slot in slots)
    if SlotContext.HEADER_ADDRESS in contexts:
        return _encode_address
    in_body = tuple(context in _BODY for context in contexts)
    as_typed = _PLAIN_URL if _URL.intersection(contexts) else _PLAIN
    is_plain = as_typed.fullmatch
    is_token = SlotContext.HEADER_TOKEN in contexts
    longest = min(room, 800)

    def encode(values: Mapping[str, str]) -> tuple[bytes, ...]:
        value = values.get(name) or fallback
        if not is_token and len(value) <= longest and is_plain(value):
            octets = value.encode("ascii")
            body = fold_plain(octets)
            return tuple([body if inside else octets for inside in in_body])
        return tuple(_encode_slowly(context, name, value, room) for context in contexts)

    return encode


def _encode_slowly(context: SlotContext, name: str, value: str, room: int) -> bytes:
    try:
        text = escape(context, value)
    except ValueError as error:
        msg = f"the value of {name} cannot be used: {error}"
        raise ValueError(msg) from error
    if context not in _BODY:
        return text.encode("ascii")
    if context is SlotContext.TEXT:
        text = _within(text, room)
    return encode_value(text)


def _within(text: str, room: int) -> str:
    """Cut a text that would make its line too long; an address is never cut."""
    octets = text.encode("utf-8", "replace")
    if len(octets) <= room:
        return text
    if text.startswith(("https://", "http://", "mailto:")):
        msg = f"a link's address has {len(octets)} octets and its line has room for {room}"
        raise ValueError(msg)
    return octets[: room - len("…".encode())].decode("utf-8", "ignore") + "…"


def _encode_address(values: Mapping[str, str]) -> tuple[bytes, ...]:
    name, address = values.get("name", ""), values.get("email", "")
    if _PLAIN_ADDRESS.fullmatch(address) and len(name) + len(address) < 68:  # noqa: PLR2004
        if not name:
            return (address.encode("ascii"),)
        if _PLAIN_NAME.fullmatch(name):
            return (f"{name} <{address}>".encode("ascii"),)
    return (mailbox(name, address, start=len("To: ")).encode("utf-8"),)


def _room_of_text_slots(skeleton: Skeleton) -> int:
    """Give the octets that each slot of the text part may take, by its fullest line."""
    room = TEXT_LINE_OCTETS
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
        room = min(room, (TEXT_LINE_OCTETS - literal) // slots)
    return max(room, 8)
