"""The tables of people, articles, issues, approvals and runs, and the column types they share."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Named,
    Table,
    Text,
    Time,
    TypedColumns,
    TypeDecorator,
    UniqueConstraint,
    text,
)

from newsletter.model.article import ArticleState
from newsletter.model.notice import NoticeChannel, NoticeKind, NoticeState
from newsletter.model.records import (
    OccurrenceKind,
    OccurrenceMark,
    OccurrenceState,
    SubscriptionState,
    SuppressionReason,
)
from newsletter.model.schedule import Stage

Word = TypeVar("Word", bound=StrEnum)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, kept in UTC; a naive one is refused on its way in.

    SQLite keeps text without a zone and hands back naive values, so the zone is put on again here.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn a moment into UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            msg = f"a moment needs its zone: {value.isoformat()}"
            raise ValueError(msg)
        in_utc = value.astimezone(UTC)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 (the base class's signature)
        """Return the moment back aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class WordColumn(TypeDecorator[Word]):
    """A StrEnum kept as its text; reading gives the member back."""

    impl = Text()
    cache_ok = True

    def __init__(self, words: type[Word]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: Word | None, dialect: Dialect) -> str | None:  # noqa: ARG002 (the base class's signature)
        """Keep the text; a word outside the list is refused before the database sees it."""
        return None if value is None else self.words(value).value

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Word | None:  # noqa: ARG002, ANN401 (the base class's signature)
        """Return the member."""
        return None if value is None else self.words(value)


def one_of(column: str, words: Iterable[StrEnum]) -> CheckConstraint:
    """Let the database itself refuse a word outside the list."""
    listed = ", ".join(f"'{word.value}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class MetaColumns(TypedColumns):
    """Facts about the database itself: its id, who made it, on which host."""

    key: Named[str] = Column(Text, primary_key=True)
    value: Named[str] = Column(Text, nullable=False)


meta = Table("meta", metadata, MetaColumns)


class ListColumns(TypedColumns):
    """Mailing lists."""

    id: Named[int] = Column(Integer, primary_key=True)
    name: Named[str] = Column(Text, nullable=False, unique=True)
    created: Named[datetime] = Column(UtcDateTime, nullable=False)


lists = Table("lists", metadata, ListColumns)


class SubscriberColumns(TypedColumns):
    """People. email_key is what two spellings of one mailbox share; public_id goes into links."""

    id: Named[int] = Column(Integer, primary_key=True)
    public_id: Named[str] = Column(Text, nullable=False, unique=True)
    email: Named[str] = Column(Text, nullable=False)
    email_key: Named[str] = Column(Text, nullable=False, unique=True)
    name: Named[str] = Column(Text, nullable=False)
    attributes: Named[dict[str, str]] = Column(JSON, nullable=False)
    created: Named[datetime] = Column(UtcDateTime, nullable=False)


subscribers = Table("subscribers", metadata, SubscriberColumns)


class SubscriptionColumns(TypedColumns):
    """Who is on which list, since when, and how they said yes."""

    subscriber_id: Named[int] = Column(ForeignKey("subscribers.id"), primary_key=True)
    list_id: Named[int] = Column(ForeignKey("lists.id"), primary_key=True)
    state: Named[SubscriptionState] = Column(WordColumn(SubscriptionState), nullable=False)
    since: Named[datetime] = Column(UtcDateTime, nullable=False)
    consent: Named[str] = Column(Text, nullable=False)
    source: Named[str] = Column(Text, nullable=False)


subscriptions = Table(
    "subscriptions",
    metadata,
    SubscriptionColumns,
    one_of("state", SubscriptionState),
    Index(None, "list_id", "state"),
)


class SuppressionColumns(TypedColumns):
    """Addresses never to be mailed; by key, so that erasing a person keeps the promise."""

    email_key: Named[str] = Column(Text, primary_key=True)
    reason: Named[SuppressionReason] = Column(WordColumn(SuppressionReason), nullable=False)
    since: Named[datetime] = Column(UtcDateTime, nullable=False)
    note: Named[str] = Column(Text, nullable=False)


suppressions = Table(
    "suppressions", metadata, SuppressionColumns, one_of("reason", SuppressionReason)
)


class ArticleColumns(TypedColumns):
    """Articles by key; the newest version's number."""

    id: Named[int] = Column(Integer, primary_key=True)
    key: Named[str] = Column(Text, nullable=False, unique=True)
    url: Named[str] = Column(Text, nullable=False)
    source: Named[str] = Column(Text, nullable=False)
    state: Named[ArticleState] = Column(WordColumn(ArticleState), nullable=False)
    version: Named[int] = Column(Integer, nullable=False)
    created: Named[datetime] = Column(UtcDateTime, nullable=False)


articles = Table("articles", metadata, ArticleColumns, one_of("state", ArticleState))


class ArticleVersionColumns(TypedColumns):
    """Every state an article was seen in; content is the whole article, nothing left out."""

    article_id: Named[int] = Column(ForeignKey("articles.id"), primary_key=True)
    version: Named[int] = Column(Integer, primary_key=True)
    sha256: Named[str] = Column(Text, nullable=False)
    taken_at: Named[datetime] = Column(UtcDateTime, nullable=False)
    content: Named[dict[str, Any]] = Column(JSON, nullable=False)


article_versions = Table("article_versions", metadata, ArticleVersionColumns)


class IssueStoryColumns(TypedColumns):
    """Which article stands in which issue."""

    issue: Named[str] = Column(Text, primary_key=True)
    article_id: Named[int] = Column(ForeignKey("articles.id"), primary_key=True)
    section: Named[str] = Column(Text, nullable=False)


issue_stories = Table("issue_stories", metadata, IssueStoryColumns, Index(None, "article_id"))


class SkeletonColumns(TypedColumns):
    """Sealed messages by fingerprint; body is skeletons.encode_skeleton's."""

    sha256: Named[str] = Column(Text, primary_key=True)
    body: Named[bytes] = Column(LargeBinary, nullable=False)
    created: Named[datetime] = Column(UtcDateTime, nullable=False)


skeletons = Table("skeletons", metadata, SkeletonColumns)


class ApprovalColumns(TypedColumns):
    """Every approval ever given; at most one of an issue stands."""

    id: Named[int] = Column(Integer, primary_key=True)
    issue: Named[str] = Column(Text, nullable=False)
    fingerprint: Named[str] = Column(Text, nullable=False)
    seals: Named[dict[str, str]] = Column(JSON, nullable=False)
    list: Named[str] = Column(Text, nullable=False)
    recipients: Named[int] = Column(Integer, nullable=False)
    planned_at: Named[datetime | None] = Column(UtcDateTime)
    planned_local: Named[str] = Column(Text, nullable=False)
    approved_by: Named[str] = Column(Text, nullable=False)
    approved_at: Named[datetime] = Column(UtcDateTime, nullable=False)
    broken_at: Named[datetime | None] = Column(UtcDateTime)
    broken_why: Named[str] = Column(Text, nullable=False)


approvals = Table(
    "approvals",
    metadata,
    ApprovalColumns,
    Index(
        "uq_approvals_standing",
        "issue",
        unique=True,
        sqlite_where=text("broken_at IS NULL"),
        postgresql_where=text("broken_at IS NULL"),
    ),
)


class OccurrenceColumns(TypedColumns):
    """Planned times. The unique keys decide who sends, never a lock file or an alarm."""

    id: Named[int] = Column(Integer, primary_key=True)
    newsletter: Named[str] = Column(Text, nullable=False)
    issue: Named[str | None] = Column(Text, unique=True)
    kind: Named[OccurrenceKind] = Column(WordColumn(OccurrenceKind), nullable=False)
    local_date: Named[date] = Column(Date, nullable=False)
    local_time: Named[time] = Column(Time, nullable=False)
    planned_at: Named[datetime] = Column(UtcDateTime, nullable=False)
    state: Named[OccurrenceState] = Column(WordColumn(OccurrenceState), nullable=False)
    why: Named[str] = Column(Text, nullable=False)
    owner: Named[str] = Column(Text, nullable=False)
    claimed_at: Named[datetime | None] = Column(UtcDateTime)
    ended_at: Named[datetime | None] = Column(UtcDateTime)
    draft_at: Named[datetime | None] = Column(UtcDateTime)
    approve_by: Named[datetime | None] = Column(UtcDateTime)
    mark: Named[OccurrenceMark] = Column(
        WordColumn(OccurrenceMark), nullable=False, server_default=""
    )
    note: Named[str] = Column(Text, nullable=False, server_default="")


occurrences = Table(
    "occurrences",
    metadata,
    OccurrenceColumns,
    one_of("kind", OccurrenceKind),
    one_of("state", OccurrenceState),
    UniqueConstraint("newsletter", "local_date", "local_time"),
    Index(None, "state", "planned_at"),
)


class RunStepColumns(TypedColumns):
    """What a run did, step by step; append only."""

    id: Named[int] = Column(Integer, primary_key=True)
    occurrence_id: Named[int | None] = Column(ForeignKey("occurrences.id", ondelete="SET NULL"))
    issue: Named[str] = Column(Text, nullable=False)
    name: Named[str] = Column(Text, nullable=False)
    started: Named[datetime] = Column(UtcDateTime, nullable=False)
    seconds: Named[float]
    result: Named[str] = Column(Text, nullable=False)


run_steps = Table(
    "run_steps", metadata, RunStepColumns, Index(None, "issue"), Index(None, "occurrence_id")
)


class TestSendColumns(TypedColumns):
    """How often an issue went to the proof addresses: the n of `[Test] SUBJECT (n)`."""

    issue: Named[str] = Column(Text, primary_key=True)
    count: Named[int] = Column(Integer, nullable=False)


test_sends = Table("test_sends", metadata, TestSendColumns)


class WaiverColumns(TypedColumns):
    """A named person's exceptions, one for a check of an issue."""

    issue: Named[str] = Column(Text, primary_key=True)
    check_id: Named[str] = Column(Text, primary_key=True)
    waived_by: Named[str] = Column(Text, nullable=False)
    reason: Named[str] = Column(Text, nullable=False)
    at: Named[datetime] = Column(UtcDateTime, nullable=False)


waivers = Table("waivers", metadata, WaiverColumns)


class SigningKeyColumns(TypedColumns):
    """Keys that sign readers' links."""

    key_id: Named[str] = Column(Text, primary_key=True)
    purpose: Named[str] = Column(Text, nullable=False)
    secret: Named[bytes] = Column(LargeBinary, nullable=False)
    created: Named[datetime] = Column(UtcDateTime, nullable=False)


signing_keys = Table("signing_keys", metadata, SigningKeyColumns, Index(None, "purpose"))


class CalloutHistoryColumns(TypedColumns):
    """Every change of a callout's status by a command; append only."""

    id: Named[int] = Column(Integer, primary_key=True)
    callout: Named[str] = Column(Text, nullable=False)
    who: Named[str] = Column(Text, nullable=False)
    at: Named[datetime] = Column(UtcDateTime, nullable=False)
    was: Named[str] = Column(Text, nullable=False)
    became: Named[str] = Column(Text, nullable=False)
    source: Named[str] = Column(Text, nullable=False)


callout_history = Table("callout_history", metadata, CalloutHistoryColumns, Index(None, "callout"))


class RestoreColumns(TypedColumns):
    """Restored or moved databases that a person let send again; append only.

    known_until: up to when it was known for certain what was sent, None where nothing was.
    is_restored: false where the database had only come to another machine.
    """

    id: Named[int] = Column(Integer, primary_key=True)
    accepted_by: Named[str] = Column(Text, nullable=False)
    accepted_at: Named[datetime] = Column(UtcDateTime, nullable=False)
    known_until: Named[datetime | None] = Column(UtcDateTime)
    epoch_was: Named[int] = Column(Integer, nullable=False)
    is_restored: Named[bool] = Column(Boolean, nullable=False)


restores = Table("restores", metadata, RestoreColumns)


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
