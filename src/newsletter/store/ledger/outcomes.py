"""How attempts ended: outcomes stored with their line in the list of attempts; marks taken back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, exists, insert, select, update

from newsletter.model.mailing import (
    WAITING,
    ChunkState,
    DeliveryState,
    MailingState,
    Outcome,
    Reply,
    ServerState,
)
from newsletter.store.ledger.reading import LedgerError
from newsletter.store.tables import attempts, chunks, deliveries, mailings, servers

Standing = Row[*tuple[Any, ...]]
"""A delivery before its outcome, and its chunk: see _STANDING."""

TEXT_LIMIT = 500  # characters kept of a server's reply
_MARKED = (DeliveryState.COMMITTING, DeliveryState.UNKNOWN)
_BACK_TO_WAITING = (Outcome.QUEUED, Outcome.DEFERRED)
_BEFORE_THE_DOT = (Outcome.QUEUED, Outcome.DEFERRED, Outcome.REFUSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptResult:
    """How one attempt ended; due_at is set for DEFERRED alone.

    counts: one more attempt against the recipient. cut: the connection went before the dot.
    """

    delivery_id: int
    outcome: Outcome
    reply: Reply | None
    server: str
    due_at: datetime | None = None
    counts: bool = False
    cut: bool = False


def unmark(
    conn: Connection, *, chunk_id: int, token: int, delivery_ids: Collection[int], now: datetime
) -> None:
    """Take marks back that no dot followed and no attempt used; an attempt is not written.

    Raises LedgerError: one of them is not marked with this token.
    """
    if not delivery_ids:
        return
    back = (
        update(deliveries)
        .where(
            deliveries.c.id.in_(delivery_ids),
            deliveries.c.chunk_id == chunk_id,
            deliveries.c.token == token,
            deliveries.c.state.in_(_MARKED),
        )
        .values(state=DeliveryState.QUEUED, at=now)
    )
    if conn.execute(back).rowcount != len(frozenset(delivery_ids)):
        raise LedgerError(f"a mark of chunk {chunk_id} was taken back that was not there")
    _keep_in_reach(conn, chunk_id, now=now)


def record(
    conn: Connection,
    *,
    chunk_id: int,
    token: int,
    outcomes: Sequence[AttemptResult],
    now: datetime,
) -> frozenset[int]:
    """Store how attempts ended; return the deliveries that were not moved for being too late.

    A late outcome counts where the delivery still has this token; else its attempt alone is kept.
    Raises LedgerError for one that no rule allows, such as sent without a mark.
    """
    if not outcomes:
        return frozenset()
    ids = [outcome.delivery_id for outcome in outcomes]
    found = conn.execute(_STANDING, {"b_chunk_id": chunk_id, "b_ids": ids})
    standing = {row.id: row for row in found}
    if len(standing) != len(outcomes):
        raise LedgerError(f"an outcome names a delivery that is not of chunk {chunk_id}, or twice")
    server_ids = _server_ids(conn, {outcome.server for outcome in outcomes})
    moves: list[dict[str, object]] = []
    late: list[int] = []
    lines: list[dict[str, object]] = []
    for outcome in outcomes:
        before = standing[outcome.delivery_id]
        moves_it = _moves(outcome, before, token=token)
        if moves_it is None:
            msg = (
                f"delivery {outcome.delivery_id} is {before.state}, it cannot be {outcome.outcome}"
            )
            raise LedgerError(msg)
        server_id = server_ids[outcome.server]
        if moves_it:
            moves.append(_move(outcome, before, server_id=server_id, now=now))
        else:
            late.append(outcome.delivery_id)
        lines.append(_attempt(outcome, before, token=token, server_id=server_id, now=now))
    if moves and conn.execute(_MOVE, moves).rowcount != len(moves):
        raise LedgerError(f"a delivery of chunk {chunk_id} moved while its outcome was stored")
    if late:
        conn.execute(_COUNT_TRY, [{"b_id": id_} for id_ in late])
    conn.execute(insert(attempts), lines)
    if any(outcome.outcome in _BACK_TO_WAITING for outcome in outcomes):
        _keep_in_reach(conn, chunk_id, now=now)
    return frozenset(late)


def _move(
    outcome: AttemptResult, before: Standing, *, server_id: int, now: datetime
) -> dict[str, object]:
    return {
        "b_id": outcome.delivery_id,
        "b_from": before.state,
        "b_token": before.token,
        "b_to": DeliveryState(outcome.outcome.value),
        "b_counts": int(outcome.counts),
        "b_cut": int(outcome.cut),
        "b_due_at": outcome.due_at,
        "b_code": outcome.reply.code if outcome.reply else None,
        "b_enhanced": outcome.reply.enhanced if outcome.reply else "",
        "b_server_id": server_id,
        "b_at": now,
    }


def _attempt(
    outcome: AttemptResult, before: Standing, *, token: int, server_id: int, now: datetime
) -> dict[str, object]:
    return {
        "delivery_id": outcome.delivery_id,
        "no": before.tries + 1,
        "token": token,
        "server_id": server_id,
        "result": outcome.outcome,
        "code": outcome.reply.code if outcome.reply else None,
        "enhanced": outcome.reply.enhanced if outcome.reply else "",
        "text": outcome.reply.text[:TEXT_LIMIT] if outcome.reply else "",
        "at": now,
    }


def _moves(outcome: AttemptResult, before: Standing, *, token: int) -> bool | None:
    """Return whether an outcome moves a delivery or comes too late; None where it is refused."""
    is_live = before.holder == token and before.chunk_state is ChunkState.WORKING
    if outcome.outcome is Outcome.DEFERRED and outcome.due_at is None:
        return None
    marked = before.token == token
    if marked and before.state is DeliveryState.COMMITTING:
        return True
    if marked and before.state is DeliveryState.UNKNOWN:
        return outcome.outcome is not Outcome.UNKNOWN
    before_the_dot = outcome.outcome in _BEFORE_THE_DOT
    if is_live and before_the_dot and before.state in WAITING:
        return True
    twice = marked and before.state in {DeliveryState.SENT, DeliveryState.REFUSED}
    if is_live and not before.by_hand and (twice or not before_the_dot):
        return None
    return False


def _keep_in_reach(conn: Connection, chunk_id: int, *, now: datetime) -> None:
    """See to what went back to waiting, for a late outcome may find its chunk or mailing over.

    Of a mailing cancelled meanwhile it is cancelled too; a chunk given back is opened once more.
    """
    conn.execute(_CANCEL, {"b_chunk_id": chunk_id, "b_at": now})
    conn.execute(_OPEN_AGAIN, {"b_chunk_id": chunk_id})


def _server_ids(conn: Connection, names: Collection[str]) -> dict[str, int]:
    known = _known_servers(conn, names)
    if missing := sorted(set(names) - set(known)):
        conn.execute(insert(servers), [{**_FRESH_SERVER, "name": name} for name in missing])
        known = _known_servers(conn, names)
    return known


def _known_servers(conn: Connection, names: Collection[str]) -> dict[str, int]:
    rows = conn.execute(_SERVERS, {"b_names": names})
    return {row.name: row.id for row in rows}


# Statements of the hot path are made once: making one costs more than running it.
_STANDING = (
    select(
        deliveries.c.id,
        deliveries.c.state,
        deliveries.c.token,
        deliveries.c.tries,
        deliveries.c.by_hand,
        chunks.c.token.label("holder"),
        chunks.c.state.label("chunk_state"),
    )
    .join(chunks, chunks.c.id == deliveries.c.chunk_id)
    .where(
        deliveries.c.id.in_(bindparam("b_ids", expanding=True)),
        deliveries.c.chunk_id == bindparam("b_chunk_id"),
    )
    .with_for_update()
)
_SERVERS = select(servers.c.name, servers.c.id).where(
    servers.c.name.in_(bindparam("b_names", expanding=True))
)
_CANCEL = (
    update(deliveries)
    .where(
        deliveries.c.chunk_id == bindparam("b_chunk_id"),
        deliveries.c.state.in_(WAITING),
        exists().where(
            mailings.c.id == deliveries.c.mailing_id, mailings.c.state == MailingState.CANCELLED
        ),
    )
    .values(state=DeliveryState.CANCELLED, due_at=None, at=bindparam("b_at"))
)
_FRESH_SERVER = {
    "pool": "default",
    "priority": 0,
    "weight": 1,
    "host": "",
    "port": 0,
    "max_conns": 0,
    "msgs_per_conn": 0,
    "rate": 0.0,
    "state": ServerState.UP,
}
_MOVE = (
    update(deliveries)
    .where(
        deliveries.c.id == bindparam("b_id"),
        deliveries.c.state == bindparam("b_from"),
        deliveries.c.token == bindparam("b_token"),
    )
    .values(
        state=bindparam("b_to"),
        attempts=deliveries.c.attempts + bindparam("b_counts"),
        tries=deliveries.c.tries + 1,
        cuts=deliveries.c.cuts + bindparam("b_cut"),
        due_at=bindparam("b_due_at"),
        code=bindparam("b_code"),
        enhanced=bindparam("b_enhanced"),
        server_id=bindparam("b_server_id"),
        at=bindparam("b_at"),
    )
)
_COUNT_TRY = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("b_id"))
    .values(tries=deliveries.c.tries + 1)
)
_OPEN_AGAIN = (
    update(chunks)
    .where(
        chunks.c.id == bindparam("b_chunk_id"),
        chunks.c.state.in_((ChunkState.WAITING, ChunkState.DONE)),
        exists().where(
            deliveries.c.chunk_id == bindparam("b_chunk_id"), deliveries.c.state.in_(WAITING)
        ),
    )
    .values(state=ChunkState.OPEN, due_at=None)
)
