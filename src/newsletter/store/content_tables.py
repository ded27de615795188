"""The tables of content: sources, what leads to an article, rulings, callouts' lives, media."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Named,
    Table,
    Text,
    TypedColumns,
)

from newsletter.model.callout import CalloutOccasion
from newsletter.model.finding import Severity
from newsletter.model.source import Ruling, SourceState
from newsletter.store.tables import UtcDateTime, WordColumn, metadata, one_of


class SourceColumns(TypedColumns):
    """Sources by name; a row is made with the first reading.

    address is the one that newsletter.toml named at that reading, location where it was read (the
    feed that a site names); etag and last_modified belong to location.
    """

    name: Named[str] = Column(Text, primary_key=True)
    state: Named[SourceState] = Column(WordColumn(SourceState), nullable=False)
    since: Named[datetime] = Column(UtcDateTime, nullable=False)
    last_error: Named[str] = Column(Text, nullable=False)
    etag: Named[str] = Column(Text, nullable=False)
    last_modified: Named[str] = Column(Text, nullable=False)
    checked_at: Named[datetime | None] = Column(UtcDateTime)
    next_at: Named[datetime | None] = Column(UtcDateTime)
    put_off_until: Named[datetime | None] = Column(UtcDateTime)
    failures: Named[int] = Column(Integer, nullable=False)
    address: Named[str] = Column(Text, nullable=False)
    location: Named[str] = Column(Text, nullable=False)
    moved_to: Named[str] = Column(Text, nullable=False)
    title: Named[str] = Column(Text, nullable=False)
    ttl_s: Named[int] = Column(Integer, nullable=False)


sources = Table("sources", metadata, SourceColumns, one_of("state", SourceState))


class ArticleKeyColumns(TypedColumns):
    """Every key that leads to an article: URL keys, stated canonicals, ``guid:SOURCE:GUID``."""

    key: Named[str] = Column(Text, primary_key=True)
    article_id: Named[int] = Column(ForeignKey("articles.id"), nullable=False)


article_keys = Table("article_keys", metadata, ArticleKeyColumns, Index(None, "article_id"))


class ArticleSightingColumns(TypedColumns):
    """Where an article was seen: its place in a source's feed, from 0, when first and last.

    entry is the feed's entry as it was read, without its full text. etag, last_modified,
    asked_at and read_at are of the article's own page; problem says why it could not be read.
    """

    article_id: Named[int] = Column(ForeignKey("articles.id"), primary_key=True)
    source: Named[str] = Column(Text, primary_key=True)
    url: Named[str] = Column(Text, nullable=False)
    position: Named[int] = Column(Integer, nullable=False)
    first_seen: Named[datetime] = Column(UtcDateTime, nullable=False)
    last_seen: Named[datetime] = Column(UtcDateTime, nullable=False)
    entry: Named[dict[str, Any] | None] = Column(JSON)
    etag: Named[str] = Column(Text, nullable=False)
    last_modified: Named[str] = Column(Text, nullable=False)
    asked_at: Named[datetime | None] = Column(UtcDateTime)
    read_at: Named[datetime | None] = Column(UtcDateTime)
    problem: Named[str] = Column(Text, nullable=False)


article_sightings = Table(
    "article_sightings", metadata, ArticleSightingColumns, Index(None, "source", "last_seen")
)


class ArticleShingleColumns(TypedColumns):
    """The 64-bit shingle hashes of an article's newest text, packed big-endian and sorted."""

    article_id: Named[int] = Column(ForeignKey("articles.id"), primary_key=True)
    version: Named[int] = Column(Integer, nullable=False)
    hashes: Named[bytes] = Column(LargeBinary, nullable=False)


article_shingles = Table("article_shingles", metadata, ArticleShingleColumns)


class ArticleRulingColumns(TypedColumns):
    """Pins and blocks of a newsletter's editors; used_in is the issue that took a pinned one in."""

    newsletter: Named[str] = Column(Text, primary_key=True)
    article_id: Named[int] = Column(ForeignKey("articles.id"), primary_key=True)
    ruling: Named[Ruling] = Column(WordColumn(Ruling), nullable=False)
    who: Named[str] = Column(Text, nullable=False)
    why: Named[str] = Column(Text, nullable=False)
    at: Named[datetime] = Column(UtcDateTime, nullable=False)
    used_in: Named[str] = Column(Text, nullable=False)


article_rulings = Table(
    "article_rulings",
    metadata,
    ArticleRulingColumns,
    one_of("ruling", Ruling),
    Index(None, "article_id"),
)


class StoryRunColumns(TypedColumns):
    """What ran: a story of an issue as it was sent, by its URL key, to which list, and when."""

    issue: Named[str] = Column(Text, primary_key=True)
    key: Named[str] = Column(Text, primary_key=True)
    article_id: Named[int | None] = Column(Integer, ForeignKey("articles.id"))
    newsletter: Named[str] = Column(Text, nullable=False)
    list: Named[str] = Column(Text, nullable=False)
    headline: Named[str] = Column(Text, nullable=False)
    at: Named[datetime] = Column(UtcDateTime, nullable=False)


story_runs = Table(
    "story_runs", metadata, StoryRunColumns, Index(None, "list", "at"), Index(None, "article_id")
)


class IssueSummaryColumns(TypedColumns):
    """From which version of its article, and from which sentences, a drafted summary was made."""

    issue: Named[str] = Column(Text, primary_key=True)
    article_id: Named[int] = Column(ForeignKey("articles.id"), primary_key=True)
    version: Named[int] = Column(Integer, nullable=False)
    method: Named[str] = Column(Text, nullable=False)
    text: Named[str] = Column(Text, nullable=False)
    sentences: Named[list[Any]] = Column(JSON, nullable=False)
    accepted_by: Named[str] = Column(Text, nullable=False)
    at: Named[datetime] = Column(UtcDateTime, nullable=False)


issue_summaries = Table("issue_summaries", metadata, IssueSummaryColumns, Index(None, "article_id"))


class CalloutVersionColumns(TypedColumns):
    """Every state a callout's file was seen in, so that a change by hand is known; append only.

    who made it, on what occasion (seen, verified, closed). verified_in is the version in which a
    person last verified what the file says, closed_in the one in which an appeal closed.
    """

    callout: Named[str] = Column(Text, primary_key=True)
    version: Named[int] = Column(Integer, primary_key=True)
    sha256: Named[str] = Column(Text, nullable=False)
    wording_sha256: Named[str] = Column(Text, nullable=False)
    content: Named[dict[str, Any]] = Column(JSON, nullable=False)
    who: Named[str] = Column(Text, nullable=False)
    occasion: Named[CalloutOccasion] = Column(WordColumn(CalloutOccasion), nullable=False)
    seen_at: Named[datetime] = Column(UtcDateTime, nullable=False)
    verified_in: Named[int | None] = Column(Integer)
    closed_in: Named[int | None] = Column(Integer)


callout_versions = Table("callout_versions", metadata, CalloutVersionColumns)


class CalloutUseColumns(TypedColumns):
    """Every use of a callout: in which issue, how it appeared, on what occasion; append only."""

    id: Named[int] = Column(Integer, primary_key=True)
    callout: Named[str] = Column(Text, nullable=False)
    newsletter: Named[str] = Column(Text, nullable=False)
    issue: Named[str] = Column(Text, nullable=False)
    occasion: Named[str] = Column(Text, nullable=False)
    appearance: Named[str] = Column(Text, nullable=False)
    at: Named[datetime] = Column(UtcDateTime, nullable=False)


callout_uses = Table(
    "callout_uses", metadata, CalloutUseColumns, Index(None, "callout"), Index(None, "issue")
)


class CalloutProbeColumns(TypedColumns):
    """Every time an appeal's address was asked whether it answers; append only.

    was_asked is false where the answer said nothing about the address.
    """

    id: Named[int] = Column(Integer, primary_key=True)
    callout: Named[str] = Column(Text, nullable=False)
    url: Named[str] = Column(Text, nullable=False)
    at: Named[datetime] = Column(UtcDateTime, nullable=False)
    status: Named[int] = Column(Integer, nullable=False)
    final_url: Named[str] = Column(Text, nullable=False)
    was_asked: Named[bool] = Column(Boolean, nullable=False)
    is_well: Named[bool] = Column(Boolean, nullable=False)
    problem: Named[str] = Column(Text, nullable=False)


callout_probes = Table("callout_probes", metadata, CalloutProbeColumns, Index(None, "callout"))


class MediaColumns(TypedColumns):
    """Pictures kept in var/media by the SHA-256 of their bytes."""

    sha256: Named[str] = Column(Text, primary_key=True)
    type: Named[str] = Column(Text, nullable=False)
    width: Named[int] = Column(Integer, nullable=False)
    height: Named[int] = Column(Integer, nullable=False)
    size_bytes: Named[int] = Column(Integer, nullable=False)
    created: Named[datetime] = Column(UtcDateTime, nullable=False)


media = Table("media", metadata, MediaColumns)


class MediaAddressColumns(TypedColumns):
    """What an address of a source's picture gave: the picture kept, or why there is none."""

    url: Named[str] = Column(Text, primary_key=True)
    sha256: Named[str | None] = Column(Text, ForeignKey("media.sha256"))
    problem: Named[str] = Column(Text, nullable=False)
    fetched_at: Named[datetime] = Column(UtcDateTime, nullable=False)


media_addresses = Table("media_addresses", metadata, MediaAddressColumns)


class RecheckColumns(TypedColumns):
    """When an issue's sources were last asked again."""

    issue: Named[str] = Column(Text, primary_key=True)
    at: Named[datetime] = Column(UtcDateTime, nullable=False)


rechecks = Table("rechecks", metadata, RecheckColumns)


class RecheckFindingColumns(TypedColumns):
    """What the last asking found, by the address it is about."""

    issue: Named[str] = Column(Text, ForeignKey("rechecks.issue"), primary_key=True)
    number: Named[int] = Column(Integer, primary_key=True)
    check_id: Named[str] = Column(Text, nullable=False)
    severity: Named[Severity] = Column(WordColumn(Severity), nullable=False)
    url: Named[str] = Column(Text, nullable=False)
    message: Named[str] = Column(Text, nullable=False)
    evidence: Named[str] = Column(Text, nullable=False)
    remedy: Named[str] = Column(Text, nullable=False)


recheck_findings = Table("recheck_findings", metadata, RecheckFindingColumns)
