"""Sealed messages, kept until they have gone out: encoded stably, found by their fingerprint."""

import json
from datetime import datetime

from sqlalchemy import Connection, insert, select

from newsletter.errors import NotFound
from newsletter.model.composed import Skeleton, Slot, SlotContext
from newsletter.store.faults import StoreDamaged
from newsletter.store.tables import skeletons

_FORMAT = 1


def encode_skeleton(skeleton: Skeleton) -> bytes:
    """Encode a skeleton: one line of JSON (slots and segment lengths), then the segments."""
    head = {
        "format": _FORMAT,
        "slots": [[slot.name, slot.context.value, slot.fallback] for slot in skeleton.slots],
        "lengths": [len(segment) for segment in skeleton.segments],
    }
    line = json.dumps(head, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return line.encode("ascii") + b"\n" + b"".join(skeleton.segments)


def decode_skeleton(body: bytes) -> Skeleton:
    """Return back what encode_skeleton was given.

    Raises:
        StoreDamaged: the bytes are no encoded skeleton, or of another format.
    """
    line, line_end, rest = body.partition(b"\n")
    try:
        head = json.loads(line)
        if head["format"] != _FORMAT:
            msg = f"a sealed message is of format {head['format']}"
            raise StoreDamaged(msg, hint="use the newsletter that sealed it")
        slots = tuple(
            Slot(name=name, context=SlotContext(context), fallback=fallback)
            for name, context, fallback in head["slots"]
        )
        lengths = [int(length) for length in head["lengths"]]
    except (ValueError, KeyError, TypeError) as error:
        raise StoreDamaged("a sealed message cannot be read", hint="approve again") from error
    if (
        not line_end
        or sum(lengths) != len(rest)
        or len(lengths) != len(slots) + 1
        or min(lengths) < 0
    ):
        raise StoreDamaged("a sealed message is cut short", hint="approve again")
    segments: list[bytes] = []
    start = 0
    for length in lengths:
        segments.append(rest[start : start + length])
        start += length
    return Skeleton(segments=tuple(segments), slots=slots)


def keep_skeleton(conn: Connection, sha256: str, skeleton: Skeleton, *, now: datetime) -> None:
    """Keep a skeleton under its fingerprint; one that is there already is left as it is."""
    known = select(skeletons.c.created).where(skeletons.c.sha256 == sha256)
    if conn.execute(known).scalar_one_or_none() is None:
        body = encode_skeleton(skeleton)
        conn.execute(insert(skeletons).values(sha256=sha256, body=body, created=now))


def load_skeleton(conn: Connection, sha256: str) -> Skeleton:
    """Return the skeleton with this fingerprint; the caller compares the fingerprint again.

    Raises:
        NotFound: none was kept.
        StoreDamaged: its bytes are broken.
    """
    kept = select(skeletons.c.body).where(skeletons.c.sha256 == sha256)
    body = conn.execute(kept).scalar_one_or_none()
    if body is None:
        raise NotFound("sealed message", sha256)
    return decode_skeleton(body)
