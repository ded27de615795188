"""A chunk's changes: opened with a new token, its deliveries marked, given back."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, exists, func, or_, select, update

from newsletter.errors import NotFound
from newsletter.model.mailing import (
    WAITING,
    ChunkState,
    Delivery,
    DeliveryState,
    MailingState,
    Recipient,
)
from newsletter.store.ledger.reading import LEFT, ChunkDone, MailingNotRunning, StaleToken
from newsletter.store.subscribers import withdrawn
from newsletter.store.tables import chunks, deliveries, mailings, subscribers


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenChunk:
    """A chunk as its new owner sees it: its token, and what is to be sent, in id order."""

    id: int
    mailing_id: int
    token: int
    deliveries: tuple[Delivery, ...]


def open_chunk(conn: Connection, chunk_id: int, *, owner: str, now: datetime) -> OpenChunk:
    """Take a chunk over: a new token; what the last owner had marked is unknown from now on.

    Readers who said no since the freeze become suppressed. Returns what is queued or due. Raises
    MailingNotRunning, or ChunkDone where nothing is left.
    """
    mailing_id, state = _mailing_of(conn, chunk_id)
    if state is not MailingState.RUNNING:
        raise MailingNotRunning(f"the mailing is {state}", state=state)
    token = _next_token(conn, chunk_id, owner=owner)
    _doubt_marked(conn, chunk_id)
    _suppress(conn, chunk_id, None, now=now)
    due = select(
        deliveries.c.id,
        deliveries.c.attempts,
        deliveries.c.cuts,
        deliveries.c.address,
        subscribers.c.id,
        subscribers.c.public_id,
        subscribers.c.name,
        subscribers.c.attributes,
    ).join(subscribers, subscribers.c.id == deliveries.c.recipient_id)
    in_order = due.where(deliveries.c.chunk_id == chunk_id, _IS_DUE).order_by(deliveries.c.id)
    rows = conn.execute(in_order, {"b_now": now})
    to_send = tuple(
        Delivery(
            id=id_,
            recipient=Recipient(
                subscriber_id=subscriber_id,
                public_id=public_id,
                address=address,
                name=name,
                attributes=attributes,
            ),
            attempts=attempts_,
            cuts=cuts,
        )
        for id_, attempts_, cuts, address, subscriber_id, public_id, name, attributes in rows
    )
    return OpenChunk(id=chunk_id, mailing_id=mailing_id, token=token, deliveries=to_send)


def take_back(conn: Connection, *, now: datetime) -> tuple[int, ...]:
    """Give back every chunk whose worker is gone, whatever its mailing's state; return them.

    Only for a process that holds the sender's lock and has no worker yet. What was marked becomes
    unknown, old tokens are stale.
    """
    working = select(chunks.c.id).where(chunks.c.state == ChunkState.WORKING).order_by(chunks.c.id)
    taken = tuple(conn.execute(working).scalars())
    for chunk_id in taken:
        token = _next_token(conn, chunk_id, owner="")
        _doubt_marked(conn, chunk_id)
        close_chunk(conn, chunk_id=chunk_id, token=token, now=now)
    return taken


def mark_committing(
    conn: Connection,
    *,
    chunk_id: int,
    token: int,
    delivery_ids: Collection[int],
    now: datetime,
) -> frozenset[int]:
    """Ask for leave to hand these messages over; the final dot may go once this is committed.

    Returns those granted. One whose reader said no meanwhile is suppressed, one that is not queued
    or due is left. Raises StaleToken or MailingNotRunning.
    """
    asked = {"b_ids": delivery_ids, "b_chunk_id": chunk_id, "b_token": token, "b_now": now}
    granted = frozenset(conn.execute(_MARK, asked).scalars())
    if len(granted) < len(frozenset(delivery_ids)):
        if _holder(conn, chunk_id) != token:
            raise StaleToken(f"chunk {chunk_id} is another worker's")
        _, state = _mailing_of(conn, chunk_id)
        if state is not MailingState.RUNNING:
            raise MailingNotRunning(f"the mailing is {state}", state=state)
        _suppress(conn, chunk_id, frozenset(delivery_ids) - granted, now=now)
    return granted


def close_chunk(conn: Connection, *, chunk_id: int, token: int, now: datetime) -> ChunkState:
    """Give a chunk back: DONE, WAITING for what is deferred, or OPEN where some can be sent now.

    What is still marked leaves it OPEN: the next opening makes that unknown. Raises StaleToken.
    """
    queued, due_at = conn.execute(
        select(
            func.count().filter(deliveries.c.state != DeliveryState.DEFERRED),
            func.min(deliveries.c.due_at),
        ).where(deliveries.c.chunk_id == chunk_id, deliveries.c.state.in_(LEFT))
    ).one()
    if queued or (due_at is not None and due_at <= now):
        state = ChunkState.OPEN
    else:
        state = ChunkState.DONE if due_at is None else ChunkState.WAITING
    closed = conn.execute(
        update(chunks)
        .where(
            chunks.c.id == chunk_id,
            chunks.c.token == token,
            chunks.c.state == ChunkState.WORKING,
        )
        .values(state=state, owner="", due_at=due_at if state is ChunkState.WAITING else None)
    ).rowcount
    if closed != 1:
        raise StaleToken(f"chunk {chunk_id} is another worker's")
    return state


def _holder(conn: Connection, chunk_id: int) -> int | None:
    """Return the token of the chunk's live opening; None where no worker has it."""
    return conn.execute(
        select(chunks.c.token).where(chunks.c.id == chunk_id, chunks.c.state == ChunkState.WORKING)
    ).scalar_one_or_none()


def _mailing_of(conn: Connection, chunk_id: int) -> tuple[int, MailingState]:
    found = conn.execute(
        select(mailings.c.id, mailings.c.state)
        .join(chunks, chunks.c.mailing_id == mailings.c.id)
        .where(chunks.c.id == chunk_id)
    ).one_or_none()
    if found is None:
        raise NotFound("chunk", str(chunk_id))
    mailing_id, state = found
    return mailing_id, state


def _next_token(conn: Connection, chunk_id: int, *, owner: str) -> int:
    taken = conn.execute(
        update(chunks)
        .where(chunks.c.id == chunk_id, chunks.c.state != ChunkState.DONE)
        .values(token=chunks.c.token + 1, state=ChunkState.WORKING, owner=owner, due_at=None)
        .returning(chunks.c.token)
    ).scalar_one_or_none()
    if taken is None:
        raise ChunkDone(f"nothing of chunk {chunk_id} is left")
    return int(taken)


def _doubt_marked(conn: Connection, chunk_id: int) -> None:
    """Leave the time of the mark: it is where to look in the mail server's log."""
    conn.execute(
        update(deliveries)
        .where(deliveries.c.chunk_id == chunk_id, deliveries.c.state == DeliveryState.COMMITTING)
        .values(state=DeliveryState.UNKNOWN)
    )


def _suppress(
    conn: Connection, chunk_id: int, only: Collection[int] | None, *, now: datetime
) -> None:
    said_no = update(deliveries).where(
        deliveries.c.chunk_id == chunk_id, deliveries.c.state.in_(WAITING), withdrawn()
    )
    if only is not None:
        said_no = said_no.where(deliveries.c.id.in_(only))
    conn.execute(said_no.values(state=DeliveryState.SUPPRESSED, due_at=None, at=now))


_IS_DUE = or_(
    deliveries.c.state == DeliveryState.QUEUED,
    and_(deliveries.c.state == DeliveryState.DEFERRED, deliveries.c.due_at <= bindparam("b_now")),
)
# Made once: it runs for each message, and making a statement costs more than running it.
_MARK = (
    update(deliveries)
    .where(
        deliveries.c.id.in_(bindparam("b_ids", expanding=True)),
        deliveries.c.chunk_id == bindparam("b_chunk_id"),
        _IS_DUE,
        exists().where(
            chunks.c.id == deliveries.c.chunk_id,
            chunks.c.token == bindparam("b_token"),
            chunks.c.state == ChunkState.WORKING,
            mailings.c.id == chunks.c.mailing_id,
            mailings.c.state == MailingState.RUNNING,
        ),
        ~withdrawn(),
    )
    .values(
        state=DeliveryState.COMMITTING,
        token=bindparam("b_token"),
        at=bindparam("b_now"),
        due_at=None,
        by_hand=False,
    )
    .returning(deliveries.c.id)
)
