"""The tables of the ledger: mailings, chunks, deliveries, attempts, servers."""

from datetime import datetime

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Named,
    Table,
    Text,
    TypedColumns,
    UniqueConstraint,
    text,
)

from newsletter.model.mailing import ChunkState, DeliveryState, MailingState, Outcome, ServerState
from newsletter.store.tables import UtcDateTime, WordColumn, metadata, one_of

IN_DOUBT = text("state IN ('committing', 'unknown')")


class MailingColumns(TypedColumns):
    """One frozen issue to one frozen audience. An issue has one, ever: the unique key says so."""

    id: Named[int] = Column(Integer, primary_key=True)
    issue: Named[str] = Column(Text, nullable=False, unique=True)
    newsletter: Named[str] = Column(Text, nullable=False)
    list: Named[str] = Column(Text, nullable=False)
    occurrence_id: Named[int | None] = Column(ForeignKey("occurrences.id"), unique=True)
    issue_sha256: Named[str] = Column(Text, nullable=False)
    skeleton_sha256: Named[str] = Column(Text, nullable=False)
    mailing_key: Named[str] = Column(Text, nullable=False, unique=True)
    state: Named[MailingState] = Column(WordColumn(MailingState), nullable=False)
    pool: Named[str] = Column(Text, nullable=False)
    created: Named[datetime] = Column(UtcDateTime, nullable=False)
    started: Named[datetime | None] = Column(UtcDateTime)
    ended: Named[datetime | None] = Column(UtcDateTime)
    why: Named[str] = Column(Text, nullable=False)


mailings = Table(
    "mailings", metadata, MailingColumns, one_of("state", MailingState), Index(None, "state")
)


class ChunkColumns(TypedColumns):
    """The unit of a job. token grows at every opening and fences each write of older workers.

    state: open (to be worked on), working, waiting (nothing due before due_at), done.
    """

    id: Named[int] = Column(Integer, primary_key=True)
    mailing_id: Named[int] = Column(ForeignKey("mailings.id"), nullable=False)
    no: Named[int] = Column(Integer, nullable=False)
    domain_group: Named[str | None] = Column(Text)
    state: Named[ChunkState] = Column(WordColumn(ChunkState), nullable=False)
    token: Named[int] = Column(Integer, nullable=False)
    owner: Named[str] = Column(Text, nullable=False)
    due_at: Named[datetime | None] = Column(UtcDateTime)
    last_error: Named[str] = Column(Text, nullable=False)


chunks = Table(
    "chunks",
    metadata,
    ChunkColumns,
    one_of("state", ChunkState),
    UniqueConstraint("mailing_id", "no"),
    Index(None, "state", "due_at"),
)


class ServerColumns(TypedColumns):
    """Mail servers by their name in newsletter.toml."""

    id: Named[int] = Column(Integer, primary_key=True)
    name: Named[str] = Column(Text, nullable=False, unique=True)
    pool: Named[str] = Column(Text, nullable=False)
    priority: Named[int] = Column(Integer, nullable=False)
    weight: Named[int] = Column(Integer, nullable=False)
    host: Named[str] = Column(Text, nullable=False)
    port: Named[int] = Column(Integer, nullable=False)
    max_conns: Named[int] = Column(Integer, nullable=False)
    msgs_per_conn: Named[int] = Column(Integer, nullable=False)
    rate: Named[float]
    state: Named[ServerState] = Column(WordColumn(ServerState), nullable=False)
    down_until: Named[datetime | None] = Column(UtcDateTime)


servers = Table("servers", metadata, ServerColumns, one_of("state", ServerState))


class DeliveryColumns(TypedColumns):
    """One (mailing, recipient), once.

    queued     → committing (mark 2), deferred or refused (before the mark), suppressed, cancelled
    deferred   → as queued, once due; expired
    committing → sent, deferred, refused, queued (the dot never left), unknown
    unknown    → by a late outcome of the same token, or by a person; never sent again by itself
    sent, refused, suppressed, expired, cancelled are final.

    token is that of the chunk at the last mark. attempts counts those that count against the
    recipient, tries all of them, cuts the connections lost on it before the dot.
    """

    id: Named[int] = Column(Integer, primary_key=True)
    mailing_id: Named[int] = Column(ForeignKey("mailings.id"), nullable=False)
    recipient_id: Named[int] = Column(ForeignKey("subscribers.id"), nullable=False)
    chunk_id: Named[int] = Column(ForeignKey("chunks.id"), nullable=False)
    address: Named[str] = Column(Text, nullable=False)
    address_key: Named[str] = Column(Text, nullable=False)
    state: Named[DeliveryState] = Column(WordColumn(DeliveryState), nullable=False)
    token: Named[int] = Column(Integer, nullable=False)
    attempts: Named[int] = Column(Integer, nullable=False)
    tries: Named[int] = Column(Integer, nullable=False)
    cuts: Named[int] = Column(Integer, nullable=False)
    due_at: Named[datetime | None] = Column(UtcDateTime)
    code: Named[int | None] = Column(Integer)
    enhanced: Named[str] = Column(Text, nullable=False)
    server_id: Named[int | None] = Column(ForeignKey("servers.id"))
    at: Named[datetime | None] = Column(UtcDateTime)
    by_hand: Named[bool] = Column(Boolean, nullable=False)
    bounced: Named[bool] = Column(Boolean, nullable=False)


deliveries = Table(
    "deliveries",
    metadata,
    DeliveryColumns,
    one_of("state", DeliveryState),
    UniqueConstraint("mailing_id", "recipient_id"),
    Index(None, "chunk_id", "state"),
    Index("ix_deliveries_in_doubt", "state", sqlite_where=IN_DOUBT, postgresql_where=IN_DOUBT),
)


class AttemptColumns(TypedColumns):
    """What each attempt came to; append only, written with the outcome."""

    delivery_id: Named[int] = Column(ForeignKey("deliveries.id"), primary_key=True)
    no: Named[int] = Column(Integer, primary_key=True)
    token: Named[int] = Column(Integer, nullable=False)
    server_id: Named[int | None] = Column(ForeignKey("servers.id"))
    result: Named[Outcome] = Column(WordColumn(Outcome), nullable=False)
    code: Named[int | None] = Column(Integer)
    enhanced: Named[str] = Column(Text, nullable=False)
    text: Named[str] = Column(Text, nullable=False)
    at: Named[datetime] = Column(UtcDateTime, nullable=False)


attempts = Table(
    "attempts",
    metadata,
    AttemptColumns,
    one_of("result", Outcome),
    CheckConstraint("length(text) <= 500", name="text"),
)


class SettlementColumns(TypedColumns):
    """What a person decided about a delivery in doubt; append only."""

    id: Named[int] = Column(Integer, primary_key=True)
    delivery_id: Named[int] = Column(ForeignKey("deliveries.id"), nullable=False)
    became: Named[DeliveryState] = Column(WordColumn(DeliveryState), nullable=False)
    settled_by: Named[str] = Column(Text, nullable=False)
    at: Named[datetime] = Column(UtcDateTime, nullable=False)


settlements = Table(
    "settlements",
    metadata,
    SettlementColumns,
    one_of("became", DeliveryState),
    Index(None, "delivery_id"),
)
