"""A whole mailing's changes: frozen, running, paused, cancelled, done; and doubts settled."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Connection, exists, func, insert, literal, or_, select, update
from sqlalchemy.exc import IntegrityError

from newsletter.errors import NotFound, UserError
from newsletter.model.mailing import ChunkState, DeliveryState, MailingState
from newsletter.store.ledger.reading import (
    LEFT,
    LedgerError,
    MailingExists,
    get_mailing,
    mailing_for_issue,
)
from newsletter.store.subscribers import audience, count_audience
from newsletter.store.tables import chunks, deliveries, mailings, settlements

CHUNK_SIZE = 500
SETTLE_AFTER = timedelta(minutes=15)  # a slow server may still answer a dot for ten
_TO_BECOME = {
    MailingState.FROZEN: "be frozen",
    MailingState.RUNNING: "go on",
    MailingState.PAUSED: "be paused",
    MailingState.CANCELLED: "be stopped",
    MailingState.DONE: "be done",
}
_SETTLED = (DeliveryState.SENT, DeliveryState.QUEUED, DeliveryState.CANCELLED)


def freeze(
    conn: Connection,
    *,
    issue: str,
    newsletter: str,
    occurrence_id: int | None,
    issue_sha256: str,
    skeleton_sha256: str,
    mailing_key: str,
    list_name: str,
    now: datetime,
    chunk_size: int = CHUNK_SIZE,
) -> int:
    """Store the mailing and everybody it goes to, queued; return its number.

    It may run once the caller's transaction is committed. mailing_key is unguessable, the middle of
    every Message-ID. Raises MailingExists: the issue, or the occurrence, has one already.
    """
    if mailing_for_issue(conn, issue) is not None:
        raise MailingExists(
            f"{issue} has its mailing already", hint=f"see `newsletter log {issue}`"
        )
    recipients = count_audience(conn, list_name)
    values = {
        "issue": issue,
        "newsletter": newsletter,
        "list": list_name,
        "occurrence_id": occurrence_id,
        "issue_sha256": issue_sha256,
        "skeleton_sha256": skeleton_sha256,
        "mailing_key": mailing_key,
        "state": MailingState.FROZEN,
        "pool": "default",
        "created": now,
        "why": "",
    }
    try:
        made = conn.execute(insert(mailings).values(values).returning(mailings.c.id))
    except IntegrityError as error:
        msg = f"the mailing of {issue} cannot be made: {error.orig}"
        raise MailingExists(msg) from error
    mailing_id = int(made.scalar_one())
    _freeze_chunks(conn, mailing_id, count=-(-recipients // chunk_size))
    frozen = _freeze_deliveries(conn, mailing_id, list_name=list_name, chunk_size=chunk_size)
    if frozen != recipients:
        raise LedgerError(f"{frozen} deliveries were frozen for {recipients} recipients")
    return mailing_id


def _freeze_chunks(conn: Connection, mailing_id: int, *, count: int) -> None:
    fresh = {
        "mailing_id": mailing_id,
        "state": ChunkState.OPEN,
        "token": 0,
        "owner": "",
        "last_error": "",
    }
    if count:
        conn.execute(insert(chunks), [{**fresh, "no": no} for no in range(count)])


def _freeze_deliveries(
    conn: Connection, mailing_id: int, *, list_name: str, chunk_size: int
) -> int:
    wanted = audience(list_name).subquery()
    place = func.row_number().over(order_by=wanted.c.id) - 1
    numbered = select(
        wanted.c.id, wanted.c.email, wanted.c.email_key, place.label("place")
    ).subquery()
    fresh = {"state": DeliveryState.QUEUED.value, "enhanced": "", "by_hand": False}
    fresh |= {"bounced": False, **dict.fromkeys(("token", "attempts", "tries", "cuts"), 0)}
    values = {
        "mailing_id": literal(mailing_id),
        "recipient_id": numbered.c.id,
        "chunk_id": chunks.c.id,
        "address": numbered.c.email,
        "address_key": numbered.c.email_key,
        **{name: literal(value) for name, value in fresh.items()},
    }
    of_place = (chunks.c.mailing_id == mailing_id) & (chunks.c.no == numbered.c.place // chunk_size)
    rows = select(*values.values()).join(chunks, of_place).order_by(numbered.c.place)
    return conn.execute(insert(deliveries).from_select(list(values), rows)).rowcount


def start_mailing(conn: Connection, mailing_id: int, *, now: datetime) -> None:
    """Let a frozen mailing run."""
    _move(conn, mailing_id, (MailingState.FROZEN,), MailingState.RUNNING)
    conn.execute(update(mailings).where(mailings.c.id == mailing_id).values(started=now))


def pause_mailing(
    conn: Connection, mailing_id: int, *, now: datetime, reason: str = "by hand"
) -> None:
    """Hold a running mailing; no mark is granted from the commit on. reason is kept and shown."""
    del now  # a pause has no moment of its own in the table; run_steps tells it
    _move(conn, mailing_id, (MailingState.RUNNING,), MailingState.PAUSED, why=reason)


def pause_if_late(conn: Connection, mailing_id: int, *, older_than: datetime, reason: str) -> bool:
    """Hold a running mailing that was started before that moment and has somebody queued.

    Who is deferred by then expires; who was never tried is for a person to decide about.
    """
    queued = exists().where(
        deliveries.c.mailing_id == mailing_id, deliveries.c.state == DeliveryState.QUEUED
    )
    late = (
        update(mailings)
        .where(
            mailings.c.id == mailing_id,
            mailings.c.state == MailingState.RUNNING,
            mailings.c.started < older_than,
            queued,
        )
        .values(state=MailingState.PAUSED, why=reason)
    )
    return conn.execute(late).rowcount == 1


def pause_in_doubt(conn: Connection, *, reason: str) -> tuple[int, ...]:
    """Hold every mailing with somebody left, the oldest first; a paused one gets the reason too."""
    has_left = exists().where(
        deliveries.c.mailing_id == mailings.c.id, deliveries.c.state.in_(LEFT)
    )
    unfinished = (MailingState.FROZEN, MailingState.RUNNING, MailingState.PAUSED)
    found = conn.execute(
        select(mailings.c.id, mailings.c.state, mailings.c.why)
        .where(mailings.c.state.in_(unfinished), has_left)
        .order_by(mailings.c.id)
    ).all()
    for mailing_id, state, why in found:
        told = f"{why}; {reason}" if state is MailingState.PAUSED and why else reason
        _move(conn, mailing_id, (state,), MailingState.PAUSED, why=told)
    return tuple(mailing_id for mailing_id, _, _ in found)


def resume_mailing(conn: Connection, mailing_id: int, *, now: datetime) -> None:
    """Let a paused mailing run again; its age counts from now, for a person has decided."""
    _move(conn, mailing_id, (MailingState.PAUSED,), MailingState.RUNNING)
    conn.execute(update(mailings).where(mailings.c.id == mailing_id).values(started=now))


def cancel_mailing(conn: Connection, mailing_id: int, *, now: datetime) -> int:
    """End a mailing for good: whoever is queued or deferred gets nothing.

    Messages already `committing` keep their outcome. Returns how many deliveries were cancelled.
    """
    before = (MailingState.FROZEN, MailingState.RUNNING, MailingState.PAUSED)
    _move(conn, mailing_id, before, MailingState.CANCELLED)
    conn.execute(update(mailings).where(mailings.c.id == mailing_id).values(ended=now))
    waiting = (DeliveryState.QUEUED, DeliveryState.DEFERRED)
    cancelled = (
        update(deliveries)
        .where(deliveries.c.mailing_id == mailing_id, deliveries.c.state.in_(waiting))
        .values(state=DeliveryState.CANCELLED, due_at=None, at=now)
    )
    return conn.execute(cancelled).rowcount


def expire(
    conn: Connection, mailing_id: int, *, older_than: datetime, max_attempts: int, now: datetime
) -> int:
    """Give up deferred deliveries that were tried max_attempts times; return how many.

    All of them where the mailing was started before older_than. Only while it is running: of one
    that is held, a person decides.
    """
    running = exists().where(mailings.c.id == mailing_id, mailings.c.state == MailingState.RUNNING)
    expired = (
        update(deliveries)
        .where(
            deliveries.c.mailing_id == mailing_id,
            deliveries.c.state == DeliveryState.DEFERRED,
            or_(
                (deliveries.c.attempts >= max_attempts) & running,
                running.where(mailings.c.started < older_than),
            ),
        )
        .values(state=DeliveryState.EXPIRED, due_at=None, at=now)
    )
    return conn.execute(expired).rowcount


def finish_if_done(conn: Connection, mailing_id: int, *, now: datetime) -> MailingState:
    """End a mailing with nothing left and nothing in doubt, counted from its rows.

    Returns its state then: RUNNING (or PAUSED) where something is left, or only doubts are.
    """
    state = get_mailing(conn, mailing_id).state
    if state not in {MailingState.RUNNING, MailingState.PAUSED}:
        return state
    open_rows = (*LEFT, DeliveryState.UNKNOWN)
    left = exists().where(deliveries.c.mailing_id == mailing_id, deliveries.c.state.in_(open_rows))
    if conn.execute(select(left)).scalar_one():
        return state
    _move(conn, mailing_id, (state,), MailingState.DONE)
    conn.execute(update(mailings).where(mailings.c.id == mailing_id).values(ended=now))
    all_chunks = update(chunks).where(chunks.c.mailing_id == mailing_id)
    conn.execute(all_chunks.values(state=ChunkState.DONE, due_at=None, owner=""))
    return MailingState.DONE


def settle(
    conn: Connection,
    mailing_id: int,
    *,
    address: str,
    to: DeliveryState,
    by: str,
    now: datetime,
) -> None:
    """Write down what a person decided about a delivery in doubt: SENT, CANCELLED or QUEUED.

    Raises NotFound, or UserError where it is not in doubt or cannot be sent again (yet).
    """
    if to not in _SETTLED:
        raise LedgerError(f"a person cannot settle a delivery as {to}")
    found = conn.execute(
        select(deliveries.c.id, deliveries.c.state, deliveries.c.at, chunks.c.id, chunks.c.state)
        .join(chunks, chunks.c.id == deliveries.c.chunk_id)
        .where(
            deliveries.c.mailing_id == mailing_id, deliveries.c.address_key == address.casefold()
        )
    ).one_or_none()
    if found is None:
        raise NotFound("recipient of this mailing", address)
    delivery_id, state, cut_at, chunk_id, chunk_state = found
    if state is not DeliveryState.UNKNOWN:
        raise UserError(f"{address} is not in doubt, it is {state}")
    if to is DeliveryState.QUEUED:
        _refuse_early(conn, mailing_id, chunk_state=chunk_state, cut_at=cut_at, now=now)
    moved = conn.execute(
        update(deliveries)
        .where(deliveries.c.id == delivery_id, deliveries.c.state == DeliveryState.UNKNOWN)
        .values(state=to, at=now, due_at=None, by_hand=True)
    ).rowcount
    if moved != 1:
        raise LedgerError(f"delivery {delivery_id} moved while it was settled")
    conn.execute(
        insert(settlements).values(delivery_id=delivery_id, became=to, settled_by=by, at=now)
    )
    if to is DeliveryState.QUEUED:
        again = update(chunks).where(chunks.c.id == chunk_id)
        conn.execute(again.values(state=ChunkState.OPEN, due_at=None))


def _refuse_early(
    conn: Connection,
    mailing_id: int,
    *,
    chunk_state: ChunkState,
    cut_at: datetime | None,
    now: datetime,
) -> None:
    mailing = get_mailing(conn, mailing_id)
    if mailing.state not in {MailingState.RUNNING, MailingState.PAUSED}:
        raise UserError(f"{mailing.issue} is {mailing.state}, nothing of it is sent again")
    if chunk_state is ChunkState.WORKING:
        msg = "a worker still holds this delivery's part of the mailing"
        raise UserError(msg, hint="wait until it has ended, or start `newsletter run` again")
    if cut_at is not None and now - cut_at < SETTLE_AFTER:
        ready = (cut_at + SETTLE_AFTER).isoformat(timespec="seconds")
        msg = f"the server may still take this message; it can be sent again from {ready}"
        raise UserError(msg)


def _move(
    conn: Connection,
    mailing_id: int,
    before: Collection[MailingState],
    after: MailingState,
    *,
    why: str = "",
) -> None:
    moved = conn.execute(
        update(mailings)
        .where(mailings.c.id == mailing_id, mailings.c.state.in_(before))
        .values(state=after, why=why)
    ).rowcount
    if moved != 1:
        mailing = get_mailing(conn, mailing_id)
        stands = "stopped" if mailing.state is MailingState.CANCELLED else str(mailing.state)
        if mailing.state is after:
            raise UserError(f"{mailing.issue} is {stands} already")
        raise UserError(f"{mailing.issue} is {stands}, it cannot {_TO_BECOME[after]}")
