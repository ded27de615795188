"""Every table of the database, and the types of their columns."""

from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Dialect,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Time,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.schema import SchemaItem
from sqlalchemy.types import TypeEngine

from newsletter.model.article import ArticleState
from newsletter.model.callout import CalloutOccasion
from newsletter.model.finding import Severity
from newsletter.model.mailing import ChunkState, DeliveryState, MailingState, Outcome, ServerState
from newsletter.model.notice import NoticeChannel, NoticeKind, NoticeState
from newsletter.model.records import (
    OccurrenceKind,
    OccurrenceMark,
    OccurrenceState,
    SubscriptionState,
    SuppressionReason,
)
from newsletter.model.schedule import Stage
from newsletter.model.source import Ruling, SourceState

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


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


Type = TypeEngine[Any] | type[TypeEngine[Any]] | ForeignKey


def _table(name: str, *parts: SchemaItem) -> Table[Any]:
    return Table(name, metadata, *parts)


def _columns(names: str, kind: Type) -> list[Column[Any]]:
    """Return columns: name* is in the primary key, name? may be NULL, name! is unique."""
    return [_column(name, kind) for name in names.split()]


def _column(name: str, kind: Type, default: str | None = None) -> Column[Any]:
    return Column(
        name.rstrip("*?!"),
        kind,
        primary_key="*" in name,
        nullable="?" in name,
        unique="!" in name or None,
        server_default=default,
    )


_texts = partial(_columns, kind=Text)
_numbers = partial(_columns, kind=Integer)
_flags = partial(_columns, kind=Boolean)
_moments = partial(_columns, kind=UtcDateTime)
_objects = partial(_columns, kind=JSON)
_bytes = partial(_columns, kind=LargeBinary)


def _reference(name: str, target: str, ondelete: str | None = None) -> Column[Any]:
    return _column(name, ForeignKey(target, ondelete=ondelete))


def _words(name: str, words: type[StrEnum]) -> tuple[Column[Any], CheckConstraint]:
    """Return a column of words; the database itself refuses a word outside the list."""
    listed = ", ".join(f"'{word.value}'" for word in words)
    column = _column(name, WordColumn(words))
    return column, CheckConstraint(f"{column.name} IN ({listed})", name=column.name)


_STANDING = text("broken_at IS NULL")
_IN_DOUBT = text("state IN ('committing', 'unknown')")

meta = _table("meta", *_texts("key* value"))
"""Facts about the database itself: its id, who made it, on which host."""

lists = _table("lists", *_numbers("id*"), *_texts("name!"), *_moments("created"))
"""Mailing lists."""

subscribers = _table(
    "subscribers",
    *_numbers("id*"),
    *_texts("public_id! email email_key! name"),
    *_objects("attributes"),
    *_moments("created"),
)
"""People. email_key is what two spellings of one mailbox share; public_id goes into links."""

subscriptions = _table(
    "subscriptions",
    _reference("subscriber_id*", "subscribers.id"),
    _reference("list_id*", "lists.id"),
    *_words("state", SubscriptionState),
    *_moments("since"),
    *_texts("consent source"),
    Index(None, "list_id", "state"),
)
"""Who is on which list, since when, and how they said yes."""

suppressions = _table(
    "suppressions",
    *_texts("email_key* note"),
    *_words("reason", SuppressionReason),
    *_moments("since"),
)
"""Addresses never to be mailed; by key, so that erasing a person keeps the promise."""

articles = _table(
    "articles",
    *_numbers("id* version"),
    *_texts("key! url source"),
    *_words("state", ArticleState),
    *_moments("created"),
)
"""Articles by key; the newest version's number."""

article_versions = _table(
    "article_versions",
    _reference("article_id*", "articles.id"),
    *_numbers("version*"),
    *_texts("sha256"),
    *_moments("taken_at"),
    *_objects("content"),
)
"""Every state an article was seen in; content is the whole article, nothing left out."""

issue_stories = _table(
    "issue_stories",
    *_texts("issue* section"),
    _reference("article_id*", "articles.id"),
    Index(None, "article_id"),
)
"""Which article stands in which issue."""

skeletons = _table("skeletons", *_texts("sha256*"), *_bytes("body"), *_moments("created"))
"""Sealed messages by fingerprint; body is skeletons.encode_skeleton's."""

approvals = _table(
    "approvals",
    *_numbers("id* recipients"),
    *_texts("issue fingerprint list planned_local approved_by broken_why"),
    *_objects("seals"),
    *_moments("planned_at? approved_at broken_at?"),
    Index(
        "uq_approvals_standing",
        "issue",
        unique=True,
        sqlite_where=_STANDING,
        postgresql_where=_STANDING,
    ),
)
"""Every approval ever given; at most one of an issue stands."""

occurrences = _table(
    "occurrences",
    *_numbers("id*"),
    *_texts("newsletter issue?! why owner"),
    *_words("kind", OccurrenceKind),
    _column("local_date", Date),
    _column("local_time", Time),
    *_moments("planned_at claimed_at? ended_at? draft_at? approve_by?"),
    *_words("state", OccurrenceState),
    _column("mark", WordColumn(OccurrenceMark), ""),
    _column("note", Text, ""),
    UniqueConstraint("newsletter", "local_date", "local_time"),
    Index(None, "state", "planned_at"),
)
"""Planned times. The unique keys decide who sends, never a lock file or an alarm."""

run_steps = _table(
    "run_steps",
    *_numbers("id*"),
    _reference("occurrence_id?", "occurrences.id", ondelete="SET NULL"),
    *_texts("issue name result"),
    *_moments("started"),
    _column("seconds", Double),
    Index(None, "issue"),
    Index(None, "occurrence_id"),
)
"""What a run did, step by step; append only."""

test_sends = _table("test_sends", *_texts("issue*"), *_numbers("count"))
"""How often an issue went to the proof addresses: the n of `[Test] SUBJECT (n)`."""

waivers = _table("waivers", *_texts("issue* check_id* waived_by reason"), *_moments("at"))
"""A named person's exceptions, one for a check of an issue."""

signing_keys = _table(
    "signing_keys",
    *_texts("key_id* purpose"),
    *_bytes("secret"),
    *_moments("created"),
    Index(None, "purpose"),
)
"""Keys that sign readers' links."""

restores = _table(
    "restores",
    *_numbers("id* epoch_was"),
    *_texts("accepted_by"),
    *_moments("accepted_at known_until?"),
    *_flags("is_restored"),
)
"""Restored or moved databases that a person let send again; append only. known_until: up to when
it was known for certain what was sent, None where nothing was. is_restored: false where the
database had only come to another machine."""

run_stages = _table(
    "run_stages",
    _reference("occurrence_id*", "occurrences.id", ondelete="CASCADE"),
    *_words("stage*", Stage),
    *_moments("at"),
)
"""The stages of a run that are over; the key lets each be over once."""

run_tries = _table(
    "run_tries",
    _reference("occurrence_id*", "occurrences.id", ondelete="CASCADE"),
    *_words("stage*", Stage),
    *_numbers("count"),
    *_moments("first_at next_at"),
)
"""Stages that were tried and are tried again: how often since first_at, and when next."""

notices = _table(
    "notices",
    *_numbers("id* attempts"),
    *_texts("event newsletter issue target why"),
    *_words("kind", NoticeKind),
    *_words("channel", NoticeChannel),
    *_words("state", NoticeState),
    *_moments("created due_at"),
    *_bytes("body"),
    UniqueConstraint("event", "channel", "target"),
    Index(None, "state", "due_at"),
)
"""What editors are told, each event once a way; the unique key decides."""

sources = _table(
    "sources",
    *_texts("name* last_error etag last_modified address location moved_to title"),
    *_words("state", SourceState),
    *_moments("since checked_at? next_at? put_off_until?"),
    *_numbers("failures ttl_s"),
)
"""Sources by name; a row is made with the first reading. address is the one that newsletter.toml
named at that reading, location where it was read (the feed that a site names); etag and
last_modified belong to location."""

article_keys = _table(
    "article_keys",
    *_texts("key*"),
    _reference("article_id", "articles.id"),
    Index(None, "article_id"),
)
"""Every key that leads to an article: URL keys, stated canonicals, ``guid:SOURCE:GUID``."""

article_sightings = _table(
    "article_sightings",
    _reference("article_id*", "articles.id"),
    *_texts("source* url etag last_modified problem"),
    *_numbers("position"),
    *_moments("first_seen last_seen asked_at? read_at?"),
    *_objects("entry?"),
    Index(None, "source", "last_seen"),
)
"""Where an article was seen: its place in a source's feed, from 0, when first and last. entry is
the feed's entry as it was read, without its full text. etag, last_modified, asked_at and
read_at are of the article's own page; problem says why it could not be read."""

article_shingles = _table(
    "article_shingles",
    _reference("article_id*", "articles.id"),
    *_numbers("version"),
    *_bytes("hashes"),
)
"""The 64-bit shingle hashes of an article's newest text, packed big-endian and sorted."""

article_rulings = _table(
    "article_rulings",
    *_texts("newsletter* who why used_in"),
    _reference("article_id*", "articles.id"),
    *_words("ruling", Ruling),
    *_moments("at"),
    Index(None, "article_id"),
)
"""Pins and blocks of a newsletter's editors; used_in is the issue that took a pinned one in."""

story_runs = _table(
    "story_runs",
    *_texts("issue* key* newsletter list headline"),
    _reference("article_id?", "articles.id"),
    *_moments("at"),
    Index(None, "article_id"),
    Index(None, "list", "at"),
)
"""What ran: a story of an issue as it was sent, by its URL key, to which list, and when."""

issue_summaries = _table(
    "issue_summaries",
    *_texts("issue* method text accepted_by"),
    _reference("article_id*", "articles.id"),
    *_numbers("version"),
    *_objects("sentences"),
    *_moments("at"),
    Index(None, "article_id"),
)
"""From which version of its article, and from which sentences, a drafted summary was made."""

callout_versions = _table(
    "callout_versions",
    *_texts("callout* sha256 wording_sha256 who"),
    *_numbers("version* verified_in? closed_in?"),
    *_objects("content"),
    _column("occasion", WordColumn(CalloutOccasion)),
    *_moments("seen_at"),
)
"""Every state a callout's file was seen in, so that a change by hand is known; append only. who
made it, on what occasion (seen, verified, closed). verified_in is the version in which a person
last verified what the file says, closed_in the one in which an appeal closed."""

callout_uses = _table(
    "callout_uses",
    *_numbers("id*"),
    *_texts("callout newsletter issue occasion appearance"),
    *_moments("at"),
    Index(None, "callout"),
    Index(None, "issue"),
)
"""Every use of a callout: in which issue, how it appeared, on what occasion; append only."""

callout_probes = _table(
    "callout_probes",
    *_numbers("id* status"),
    *_texts("callout url final_url problem"),
    *_moments("at"),
    *_flags("was_asked is_well"),
    Index(None, "callout"),
)
"""Every time an appeal's address was asked whether it answers; append only. was_asked is false
where the answer said nothing about the address."""

media = _table(
    "media", *_texts("sha256* type"), *_numbers("width height size_bytes"), *_moments("created")
)
"""Pictures kept in var/media by the SHA-256 of their bytes."""

media_addresses = _table(
    "media_addresses",
    *_texts("url* problem"),
    _reference("sha256?", "media.sha256"),
    *_moments("fetched_at"),
)
"""What an address of a source's picture gave: the picture kept, or why there is none."""

rechecks = _table("rechecks", *_texts("issue*"), *_moments("at"))
"""When an issue's sources were last asked again."""

recheck_findings = _table(
    "recheck_findings",
    _reference("issue*", "rechecks.issue"),
    *_numbers("number*"),
    *_texts("check_id url message evidence remedy"),
    _column("severity", WordColumn(Severity)),
)
"""What the last asking found, by the address it is about."""

mailings = _table(
    "mailings",
    *_numbers("id*"),
    *_texts("issue! newsletter list issue_sha256 skeleton_sha256 mailing_key! pool why"),
    _reference("occurrence_id?!", "occurrences.id"),
    *_words("state", MailingState),
    *_moments("created started? ended?"),
    Index(None, "state"),
)
"""One frozen issue to one frozen audience. An issue has one, ever: the unique key says so."""

chunks = _table(
    "chunks",
    *_numbers("id* no token"),
    _reference("mailing_id", "mailings.id"),
    *_texts("domain_group? owner last_error"),
    *_words("state", ChunkState),
    *_moments("due_at?"),
    UniqueConstraint("mailing_id", "no"),
    Index(None, "state", "due_at"),
)
"""The unit of a job. token grows at every opening and fences each write of older workers. state:
open (to be worked on), working, waiting (nothing due before due_at), done."""

servers = _table(
    "servers",
    *_numbers("id* priority weight port max_conns msgs_per_conn"),
    *_texts("name! pool host"),
    _column("rate", Double),
    *_words("state", ServerState),
    *_moments("down_until?"),
)
"""Mail servers by their name in newsletter.toml."""

deliveries = _table(
    "deliveries",
    *_numbers("id* token attempts tries cuts code?"),
    _reference("mailing_id", "mailings.id"),
    _reference("recipient_id", "subscribers.id"),
    _reference("chunk_id", "chunks.id"),
    *_texts("address address_key enhanced"),
    *_words("state", DeliveryState),
    *_moments("due_at? at?"),
    _reference("server_id?", "servers.id"),
    *_flags("by_hand bounced"),
    UniqueConstraint("mailing_id", "recipient_id"),
    Index(None, "chunk_id", "state"),
    Index("ix_deliveries_in_doubt", "state", sqlite_where=_IN_DOUBT, postgresql_where=_IN_DOUBT),
)
"""One (mailing, recipient), once.

queued     → committing (mark 2), deferred or refused (before the mark), suppressed, cancelled
deferred   → as queued, once due; expired
committing → sent, deferred, refused, queued (the dot never left), unknown
unknown    → by a late outcome of the same token, or by a person; never sent again by itself
sent, refused, suppressed, expired, cancelled are final.

token is that of the chunk at the last mark. attempts counts those that count against the
recipient, tries all of them, cuts the connections lost on it before the dot.
"""

attempts = _table(
    "attempts",
    _reference("delivery_id*", "deliveries.id"),
    *_numbers("no* token code?"),
    _reference("server_id?", "servers.id"),
    *_words("result", Outcome),
    *_texts("enhanced text"),
    *_moments("at"),
    CheckConstraint("length(text) <= 500", name="text"),
)
"""What each attempt came to; append only, written with the outcome."""

settlements = _table(
    "settlements",
    *_numbers("id*"),
    _reference("delivery_id", "deliveries.id"),
    *_words("became", DeliveryState),
    *_texts("settled_by"),
    *_moments("at"),
    Index(None, "delivery_id"),
)
"""What a person decided about a delivery in doubt; append only."""
