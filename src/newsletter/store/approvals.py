"""Approvals, sealed messages, exceptions and tests: what a named person let pass."""

import json
from collections.abc import Mapping
from datetime import datetime
from itertools import accumulate

from sqlalchemy import Connection, delete, insert, select, update

from newsletter.errors import NotFound
from newsletter.model.composed import Skeleton, Slot, SlotContext
from newsletter.model.finding import Waiver
from newsletter.model.records import ApprovalRow
from newsletter.store.engine import StoreDamaged
from newsletter.store.rows import read_all, read_one, select_row
from newsletter.store.tables import approvals, skeletons, test_sends, waivers

SUPERSEDED = "approved anew"

_APPROVAL = select_row(approvals, ApprovalRow)


def approve(
    conn: Connection,
    *,
    issue: str,
    fingerprint: str,
    seals: Mapping[str, str],
    list_name: str,
    recipients: int,
    planned_at: datetime | None,
    planned_local: str,
    by: str,
    now: datetime,
) -> ApprovalRow:
    """Store a person's yes; an earlier one of the issue stands no longer."""
    break_seal(conn, issue, why=SUPERSEDED, now=now)
    approval_id = conn.execute(
        insert(approvals)
        .values(
            issue=issue,
            fingerprint=fingerprint,
            seals=dict(seals),
            list=list_name,
            recipients=recipients,
            planned_at=planned_at,
            planned_local=planned_local,
            approved_by=by,
            approved_at=now,
            broken_why="",
        )
        .returning(approvals.c.id)
    ).scalar_one()
    (row,) = read_all(conn, _APPROVAL.where(approvals.c.id == approval_id), ApprovalRow)
    return row


def standing(conn: Connection, issue: str) -> ApprovalRow | None:
    """Return the approval of an issue that stands, None where none does."""
    wanted = _APPROVAL.where(approvals.c.issue == issue, approvals.c.broken_at.is_(None))
    return read_one(conn, wanted, ApprovalRow)


def latest(conn: Connection, issue: str) -> ApprovalRow | None:
    """Return the last approval an issue had, whether it stands or was broken."""
    wanted = _APPROVAL.where(approvals.c.issue == issue).order_by(approvals.c.id.desc()).limit(1)
    return read_one(conn, wanted, ApprovalRow)


def break_seal(conn: Connection, issue: str, *, why: str, now: datetime) -> bool:
    """Let the standing approval stand no longer, and say why; false where none stood."""
    broken = (
        update(approvals)
        .where(approvals.c.issue == issue, approvals.c.broken_at.is_(None))
        .values(broken_at=now, broken_why=why)
    )
    return conn.execute(broken).rowcount == 1


def set_planned(
    conn: Connection, approval_id: int, *, planned_at: datetime, planned_local: str
) -> bool:
    """Give a standing approval its planned time; False where it stands no longer or has one."""
    timed = (
        update(approvals)
        .where(
            approvals.c.id == approval_id,
            approvals.c.broken_at.is_(None),
            approvals.c.planned_at.is_(None),
        )
        .values(planned_at=planned_at, planned_local=planned_local)
    )
    return conn.execute(timed).rowcount == 1


def move_planned(conn: Connection, issue: str, *, planned_at: datetime, planned_local: str) -> None:
    """Give the standing approval another planned time: `send` confirms it for now."""
    moved = (
        update(approvals)
        .where(approvals.c.issue == issue, approvals.c.broken_at.is_(None))
        .values(planned_at=planned_at, planned_local=planned_local)
    )
    conn.execute(moved)


def keep_waiver(conn: Connection, *, issue: str, waiver: Waiver, now: datetime) -> None:
    """Keep an exception with the issue; a newer one for the same check replaces it."""
    values = {"waived_by": waiver.by, "reason": waiver.reason, "at": now}
    again = update(waivers).where(waivers.c.issue == issue, waivers.c.check_id == waiver.check)
    if conn.execute(again.values(values)).rowcount == 0:
        conn.execute(insert(waivers).values(issue=issue, check_id=waiver.check, **values))


def waivers_of(conn: Connection, issue: str) -> tuple[Waiver, ...]:
    """Return an issue's exceptions, by check."""
    check, by = waivers.c.check_id.label("check"), waivers.c.waived_by.label("by")
    kept = select(check, by, waivers.c.reason, waivers.c.at).where(waivers.c.issue == issue)
    return read_all(conn, kept.order_by(waivers.c.check_id), Waiver)


def remove_waiver(conn: Connection, *, issue: str, check: str) -> bool:
    """Take an exception back; False where there is none."""
    gone = delete(waivers).where(waivers.c.issue == issue, waivers.c.check_id == check)
    return conn.execute(gone).rowcount > 0


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
    """Return what encode_skeleton was given; raises StoreDamaged where the bytes are none of it."""
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
    is_whole = line_end and sum(lengths) == len(rest) and min(lengths, default=-1) >= 0
    if not is_whole or len(lengths) != len(slots) + 1:
        raise StoreDamaged("a sealed message is cut short", hint="approve again")
    ends = list(accumulate(lengths))
    segments = (rest[end - length : end] for end, length in zip(ends, lengths, strict=True))
    return Skeleton(segments=tuple(segments), slots=slots)


def keep_skeleton(conn: Connection, sha256: str, skeleton: Skeleton, *, now: datetime) -> None:
    """Keep a skeleton under its fingerprint; one that is there already is left as it is."""
    known = select(skeletons.c.created).where(skeletons.c.sha256 == sha256)
    if conn.execute(known).scalar_one_or_none() is None:
        body = encode_skeleton(skeleton)
        conn.execute(insert(skeletons).values(sha256=sha256, body=body, created=now))


def load_skeleton(conn: Connection, sha256: str) -> Skeleton:
    """Return the skeleton with this fingerprint; the caller compares the fingerprint again.

    Raises NotFound: none was kept; StoreDamaged: its bytes are broken.
    """
    kept = select(skeletons.c.body).where(skeletons.c.sha256 == sha256)
    body = conn.execute(kept).scalar_one_or_none()
    if body is None:
        raise NotFound("sealed message", sha256)
    return decode_skeleton(body)


def next_test(conn: Connection, issue: str) -> int:
    """Count one more test of an issue and give its number, 1 for the first."""
    again = (
        update(test_sends)
        .where(test_sends.c.issue == issue)
        .values(count=test_sends.c.count + 1)
        .returning(test_sends.c.count)
    )
    number = conn.execute(again).scalar_one_or_none()
    if number is not None:
        return int(number)
    conn.execute(insert(test_sends).values(issue=issue, count=1))
    return 1
