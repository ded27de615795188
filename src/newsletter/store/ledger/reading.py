"""Reading the ledger: mailings, accounts and deliveries; and why the ledger refuses a change."""

from collections.abc import Collection, Iterator
from dataclasses import fields
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, exists, func, or_, select

from newsletter.errors import NewsletterError, NotFound, UserError
from newsletter.model.mailing import Account, ChunkState, DeliveryState, MailingState
from newsletter.model.records import DeliveryRow, MailingRow
from newsletter.store.rows import read_all, read_one, select_row
from newsletter.store.tables import chunks, deliveries, mailings, servers

LEFT = (DeliveryState.QUEUED, DeliveryState.COMMITTING, DeliveryState.DEFERRED)

_MAILING = select_row(mailings, MailingRow).order_by(mailings.c.id)


def mailing_for_issue(conn: Connection, issue: str) -> MailingRow | None:
    """Return the one mailing of an issue, None before the freeze."""
    return read_one(conn, _MAILING.where(mailings.c.issue == issue), MailingRow)


def mailed(conn: Connection, issues: Collection[str]) -> frozenset[str]:
    """Return those of the issues that have a mailing."""
    wanted = select(mailings.c.issue).where(mailings.c.issue.in_(issues))
    return frozenset(conn.execute(wanted).scalars())


def get_mailing(conn: Connection, mailing_id: int) -> MailingRow:
    """Return a mailing by its number. Raises NotFound: there is none."""
    row = read_one(conn, _MAILING.where(mailings.c.id == mailing_id), MailingRow)
    if row is None:
        raise NotFound("mailing", str(mailing_id))
    return row


def list_mailings(
    conn: Connection, states: Collection[MailingState] = tuple(MailingState)
) -> tuple[MailingRow, ...]:
    """Return the mailings in these states, oldest first."""
    return read_all(conn, _MAILING.where(mailings.c.state.in_(states)), MailingRow)


def unfinished(conn: Connection) -> tuple[MailingRow, ...]:
    """Return the running mailings a sender has something to do for, oldest first.

    One where nothing but doubts is left waits for a person, and is not among them.
    """
    has = exists().where(deliveries.c.mailing_id == mailings.c.id)
    left = has.where(deliveries.c.state.in_(LEFT))
    in_doubt = has.where(deliveries.c.state == DeliveryState.UNKNOWN)
    running = _MAILING.where(mailings.c.state == MailingState.RUNNING, or_(left, ~in_doubt))
    return read_all(conn, running, MailingRow)


def account(conn: Connection, mailing_id: int) -> Account:
    """Count what became of a mailing, from its rows: planned is the sum of all the others."""
    counted = dict.fromkeys(DeliveryState, 0)
    by_state = (
        select(deliveries.c.state, func.count())
        .where(deliveries.c.mailing_id == mailing_id)
        .group_by(deliveries.c.state)
    )
    for state, count in conn.execute(by_state):
        counted[state] = count
    return Account(
        planned=sum(counted.values()),
        sent=counted[DeliveryState.SENT],
        refused=counted[DeliveryState.REFUSED],
        suppressed=counted[DeliveryState.SUPPRESSED],
        expired=counted[DeliveryState.EXPIRED],
        cancelled=counted[DeliveryState.CANCELLED],
        unknown=counted[DeliveryState.UNKNOWN],
        left=sum(counted[state] for state in LEFT),
    )


def list_deliveries(
    conn: Connection, mailing_id: int, states: Collection[DeliveryState] = ()
) -> Iterator[DeliveryRow]:
    """Return a mailing's deliveries one by one, in the order of the freeze; () means all states."""
    wanted = (
        select(
            *(deliveries.c[field.name] for field in fields(DeliveryRow) if field.name != "server"),
            func.coalesce(servers.c.name, "").label("server"),
        )
        .outerjoin(servers, servers.c.id == deliveries.c.server_id)
        .where(deliveries.c.mailing_id == mailing_id)
        .order_by(deliveries.c.id)
        .execution_options(yield_per=1000)
    )
    if states:
        wanted = wanted.where(deliveries.c.state.in_(states))
    for row in conn.execute(wanted).mappings():
        yield DeliveryRow(**row)


def last_moved(conn: Connection, mailing_id: int) -> datetime | None:
    """Return when any delivery of a mailing last changed; None before the first."""
    of_it = deliveries.c.mailing_id == mailing_id
    moved: datetime | None = conn.execute(
        select(func.max(deliveries.c.at)).where(of_it)
    ).scalar_one()
    return moved


def chunks_to_do(conn: Connection, mailing_id: int, *, now: datetime) -> tuple[int, ...]:
    """Return the chunks with work: open, waiting and due, and those a worker holds or dropped."""
    wanted = select(chunks.c.id).where(chunks.c.mailing_id == mailing_id, _is_ready(now))
    return tuple(conn.execute(wanted.order_by(chunks.c.no)).scalars())


def next_due(conn: Connection, mailing_id: int) -> datetime | None:
    """Return the moment the first waiting chunk is due; None where none waits."""
    waiting = (chunks.c.mailing_id == mailing_id) & (chunks.c.state == ChunkState.WAITING)
    first = select(func.min(chunks.c.due_at)).where(waiting)
    due: datetime | None = conn.execute(first).scalar_one()
    return due


def _is_ready(now: datetime) -> ColumnElement[bool]:
    due = (chunks.c.state == ChunkState.WAITING) & (chunks.c.due_at <= now)
    return or_(chunks.c.state.in_((ChunkState.OPEN, ChunkState.WORKING)), due)


# ruff: noqa: N818 (named for what happened, as the classes of errors.py)


class LedgerError(NewsletterError):
    """A change that no rule allows, or that touched no row: a bug in the caller."""


class StaleToken(LedgerError):
    """Another worker has opened the chunk since: close the connections, drop the chunk."""


class ChunkDone(LedgerError):
    """The chunk has no delivery left to work on."""


class MailingNotRunning(LedgerError):
    """The mailing is paused, cancelled or over: give the chunk back."""

    def __init__(self, message: str, *, state: MailingState) -> None:
        super().__init__(message)
        self.state = state


class MailingExists(UserError):
    """The issue has its mailing already; an issue has one, ever."""
