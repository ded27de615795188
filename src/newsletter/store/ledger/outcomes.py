"""How attempts ended: outcomes stored with their line in the list of attempts; marks taken back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from sqlalchemy import Connection, bindparam, exists, insert, select, update

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

TEXT_LIMIT = 500  # characters kept of a server's reply
_MARKED = (DeliveryState.COMMITTING, DeliveryState.UNKNOWN)
_BACK_TO_WAITING = (Outcome.QUEUED, Outcome.DEFERRED)
_BEFORE_THE_DOT = (Outcome.QUEUED, Outcome.DEFERRED, Outcome.REFUSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptResult:
    """How one attempt ended.

    due_at is set for DEFERRED alone. counts: one more attempt against the recipient. cut: the
    connection went before the dot while this delivery was on it. server is its name in
    newsletter.toml.
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

    Raises:
        LedgerError: one of them is not marked with this token.
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
    """Store how attempts ended, each with its line in the list of attempts.

    An outcome that comes late, for a delivery another worker's opening made unknown, counts where
    the delivery still has this token. One that comes later still (a person has settled it, another
    worker has it) moves nothing, but its attempt is kept.

    Returns:
        The deliveries that were not moved for being too late.

    Raises:
        LedgerError: an outcome that no rule allows, such as sent without a mark.
    """
    if not outcomes:
        return frozenset()
    standing = _standing(conn, chunk_id, [outcome.delivery_id for outcome in outcomes])
    if len(standing) != len(outcomes):
        raise LedgerError(f"an outcome names a delivery that is not of chunk {chunk_id}, or twice")
    server_ids = _server_ids(conn, {outcome.server for outcome in outcomes})
    moves: list[dict[str, object]] = []
    late: list[int] = []
    lines: list[dict[str, object]] = []
    for outcome in outcomes:
        before = standing[outcome.delivery_id]
        verdict = _judge(outcome, before, token=token)
        if verdict is _Verdict.REFUSE:
            msg = (
                f"delivery {outcome.delivery_id} is {before.state}, it cannot be {outcome.outcome}"
            )
            raise LedgerError(msg)
        server_id = server_ids[outcome.server]
        if verdict is _Verdict.MOVE:
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
    outcome: AttemptResult, before: "_Standing", *, server_id: int, now: datetime
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
    outcome: AttemptResult, before: "_Standing", *, token: int, server_id: int, now: datetime
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


class _Verdict(Enum):
    MOVE = auto()
    LATE = auto()
    REFUSE = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Standing:
    """A delivery before its outcome; holder is the token of its chunk's live opening."""

    holder: int | None
    state: DeliveryState
    token: int
    tries: int
    by_hand: bool


def _judge(outcome: AttemptResult, before: _Standing, *, token: int) -> _Verdict:
    """Return what an outcome does to a delivery."""
    is_live = before.holder == token
    if outcome.outcome is Outcome.DEFERRED and outcome.due_at is None:
        return _Verdict.REFUSE
    marked = before.token == token
    if marked and before.state is DeliveryState.COMMITTING:
        return _Verdict.MOVE
    if marked and before.state is DeliveryState.UNKNOWN:
        return _Verdict.LATE if outcome.outcome is Outcome.UNKNOWN else _Verdict.MOVE
    before_the_dot = outcome.outcome in _BEFORE_THE_DOT
    if is_live and before_the_dot and before.state in WAITING:
        return _Verdict.MOVE
    twice = marked and before.state in {DeliveryState.SENT, DeliveryState.REFUSED}
    if is_live and not before.by_hand and (twice or not before_the_dot):
        return _Verdict.REFUSE
    return _Verdict.LATE


def _standing(
    conn: Connection, chunk_id: int, delivery_ids: Collection[int]
) -> dict[int, _Standing]:
    rows = conn.execute(_STANDING, {"b_chunk_id": chunk_id, "b_ids": delivery_ids})
    return {
        id_: _Standing(
            holder=chunk_token if chunk_state is ChunkState.WORKING else None,
            state=state,
            token=token,
            tries=tries,
            by_hand=by_hand,
        )
        for id_, state, token, tries, by_hand, chunk_token, chunk_state in rows
    }


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
    return {name: id_ for name, id_ in rows}  # noqa: C416 (typed, which dict(rows) is not)


# Statements of the hot path are made once: making one costs more than running it.
_STANDING = (
    select(
        deliveries.c.id,
        deliveries.c.state,
        deliveries.c.token,
        deliveries.c.tries,
        deliveries.c.by_hand,
        chunks.c.token,
        chunks.c.state,
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
