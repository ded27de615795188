"""Notices: what editors are told, each event at most once by each way."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from newsletter.errors import UserError
from newsletter.model.notice import NewNotice, NoticeRow, NoticeState
from newsletter.store.rows import read_all, select_row, values_of
from newsletter.store.tables import notices

AT_A_TIME = 100
_NOTICE = select_row(notices, NoticeRow).order_by(notices.c.id)


def add(conn: Connection, fresh: Iterable[NewNotice], *, now: datetime) -> int:
    """Keep notices to be told; one whose event was told or is to be told that way is left out.

    Returns how many are new.
    """
    count = 0
    for notice in fresh:
        values = insert(notices).values(
            **values_of(notice),
            state=NoticeState.WAITING,
            attempts=0,
            created=now,
            due_at=now,
            why="",
        )
        try:
            with conn.begin_nested():
                conn.execute(values)
        except IntegrityError:
            continue
        count += 1
    return count


def told(conn: Connection, events: Collection[str]) -> set[str]:
    """Return those of the events that have a notice by any way."""
    return set(conn.execute(select(notices.c.event).where(notices.c.event.in_(events))).scalars())


def due(conn: Connection, *, now: datetime) -> tuple[NoticeRow, ...]:
    """Return what waits and whose time has come, the oldest first; at most AT_A_TIME."""
    wanted = _NOTICE.where(notices.c.state == NoticeState.WAITING, notices.c.due_at <= now)
    return read_all(conn, wanted.limit(AT_A_TIME), NoticeRow)


def list_notices(conn: Connection) -> tuple[NoticeRow, ...]:
    """Return every notice, in the order they came up."""
    return read_all(conn, _NOTICE, NoticeRow)


def begin(conn: Connection, notice_id: int) -> bool:
    """Mark a notice before it leaves; false where it does not wait any more."""
    marked = (
        update(notices)
        .where(notices.c.id == notice_id, notices.c.state == NoticeState.WAITING)
        .values(state=NoticeState.SENDING, attempts=notices.c.attempts + 1)
    )
    return conn.execute(marked).rowcount == 1


def end(conn: Connection, notice_id: int, state: NoticeState, *, why: str = "") -> None:
    """Write down how a marked or waiting notice ended; its body is kept no longer.

    Raises UserError: it is over already.
    """
    ended = (
        update(notices)
        .where(
            notices.c.id == notice_id,
            notices.c.state.in_((NoticeState.SENDING, NoticeState.WAITING)),
        )
        .values(state=state, why=why[:500], body=b"")
    )
    if conn.execute(ended).rowcount != 1:
        msg = f"notice {notice_id} is over already"
        raise UserError(msg)


def wait_again(conn: Connection, notice_id: int, *, due_at: datetime, why: str) -> None:
    """Let a marked notice that surely was not taken wait for another try."""
    waits = (
        update(notices)
        .where(notices.c.id == notice_id, notices.c.state == NoticeState.SENDING)
        .values(state=NoticeState.WAITING, due_at=due_at, why=why[:500])
    )
    conn.execute(waits)


def doubt_marked(conn: Connection, *, why: str) -> int:
    """Doubt what is marked: who marked it is gone. Returns how many there were."""
    return _doubt(conn, (NoticeState.SENDING,), why=why)


def doubt_unfinished(conn: Connection, *, why: str) -> int:
    """Doubt what is marked or waits: this database may not know that it was told."""
    return _doubt(conn, (NoticeState.SENDING, NoticeState.WAITING), why=why)


def _doubt(conn: Connection, states: Collection[NoticeState], *, why: str) -> int:
    doubted = (
        update(notices)
        .where(notices.c.state.in_(states))
        .values(state=NoticeState.UNKNOWN, why=why, body=b"")
    )
    return conn.execute(doubted).rowcount
