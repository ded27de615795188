"""The tables of runs beside the occurrences: how far each has come, what editors were told."""

from datetime import datetime

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Named,
    Table,
    Text,
    TypedColumns,
    UniqueConstraint,
)

from newsletter.model.notice import NoticeChannel, NoticeKind, NoticeState
from newsletter.model.run import Stage
from newsletter.store.tables import metadata
from newsletter.store.types import UtcDateTime, WordColumn, one_of


class RunStageColumns(TypedColumns):
    """The stages of a run that are over; the key lets each be over once."""

    occurrence_id: Named[int] = Column(
        ForeignKey("occurrences.id", ondelete="CASCADE"), primary_key=True
    )
    stage: Named[Stage] = Column(WordColumn(Stage), primary_key=True)
    at: Named[datetime] = Column(UtcDateTime, nullable=False)


run_stages = Table("run_stages", metadata, RunStageColumns, one_of("stage", Stage))


class RunTryColumns(TypedColumns):
    """Stages that were tried and are tried again: how often since first_at, and when next."""

    occurrence_id: Named[int] = Column(
        ForeignKey("occurrences.id", ondelete="CASCADE"), primary_key=True
    )
    stage: Named[Stage] = Column(WordColumn(Stage), primary_key=True)
    count: Named[int] = Column(Integer, nullable=False)
    first_at: Named[datetime] = Column(UtcDateTime, nullable=False)
    next_at: Named[datetime] = Column(UtcDateTime, nullable=False)


run_tries = Table("run_tries", metadata, RunTryColumns, one_of("stage", Stage))


class NoticeColumns(TypedColumns):
    """What editors are told, each event once a way; the unique key decides."""

    id: Named[int] = Column(Integer, primary_key=True)
    event: Named[str] = Column(Text, nullable=False)
    kind: Named[NoticeKind] = Column(WordColumn(NoticeKind), nullable=False)
    newsletter: Named[str] = Column(Text, nullable=False)
    issue: Named[str] = Column(Text, nullable=False)
    channel: Named[NoticeChannel] = Column(WordColumn(NoticeChannel), nullable=False)
    target: Named[str] = Column(Text, nullable=False)
    state: Named[NoticeState] = Column(WordColumn(NoticeState), nullable=False)
    attempts: Named[int] = Column(Integer, nullable=False)
    created: Named[datetime] = Column(UtcDateTime, nullable=False)
    due_at: Named[datetime] = Column(UtcDateTime, nullable=False)
    why: Named[str] = Column(Text, nullable=False)
    body: Named[bytes] = Column(LargeBinary, nullable=False)


notices = Table(
    "notices",
    metadata,
    NoticeColumns,
    one_of("kind", NoticeKind),
    one_of("channel", NoticeChannel),
    one_of("state", NoticeState),
    UniqueConstraint("event", "channel", "target"),
    Index(None, "state", "due_at"),
)
