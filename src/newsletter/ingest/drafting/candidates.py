"""The articles that a choice looks at: when each came out, what rules it out, who else has it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from newsletter.config.settings import NewsletterSettings, SourceSettings
from newsletter.ingest.drafting import choice_words as words
from newsletter.model.article import Article, ArticleState, ParagraphKind
from newsletter.model.memory import RulingRow, StoryRun
from newsletter.model.source import Sighting

_DATE_LENGTH = len("2026-11-26")


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """One source's copy of a story: the article, its source ("" by hand) and the link."""

    article: int
    source: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An article with all that a choice for one newsletter asks of it.

    seen is when it was taken in. pin and block are what stands for this newsletter and this issue.
    runs are the issues that carried it to the newsletter's list.
    """

    id: int
    article: Article
    seen: datetime
    version: int = 1
    sightings: tuple[Sighting, ...] = ()
    pin: RulingRow | None = None
    block: RulingRow | None = None
    runs: tuple[StoryRun, ...] = ()

    @property
    def is_by_hand(self) -> bool:
        """Whether a person added it."""
        return not self.article.source

    @property
    def needs_look(self) -> bool:
        """Whether a person should look first; who adds an article by hand has been told."""
        return self.article.state is ArticleState.NEEDS_LOOK and not self.is_by_hand

    @property
    def carriers(self) -> tuple[Carrier, ...]:
        """Every source that has this article, its own first."""
        own = Carrier(article=self.id, source=self.article.source, url=self.article.url)
        seen = (
            Carrier(article=self.id, source=sighting.source, url=sighting.url)
            for sighting in self.sightings
            if sighting.source != self.article.source
        )
        return (own, *sorted(seen, key=lambda carrier: carrier.source))

    @property
    def place(self) -> int:
        """Its place in its source's list, from 0; 0 too where there is no list."""
        return next((s.position for s in self.sightings if s.source == self.article.source), 0)


def moment_of(candidate: Candidate) -> datetime:
    """Return when an article came out.

    That is what it states, but no later than it was first seen; a date without a time counts as its
    last minute. An article added by hand is as new as the moment it was added: somebody wants it.
    """
    stated = None if candidate.is_by_hand else stated_moment(candidate.article)
    return candidate.seen if stated is None else min(stated, candidate.seen)


def stated_moment(article: Article) -> datetime | None:
    """Return the moment of publication that an article states, None where it states none."""
    return _moment(article.published.value) if article.published else None


def embargo_of(article: Article) -> datetime | None:
    """Return the moment before which an article may not be used."""
    return _moment(article.embargo)


def ruled_out(
    group: Sequence[Candidate], newsletter: NewsletterSettings, *, now: datetime
) -> dict[int, str]:
    """Return, by number, why articles of one story may not be chosen, as sentences."""
    out: dict[int, str] = {}
    for candidate in group:
        why = next(_grounds(candidate, group, newsletter, now), "")
        if why:
            out[candidate.id] = why
    return out


def _grounds(
    candidate: Candidate, group: Sequence[Candidate], newsletter: NewsletterSettings, now: datetime
) -> Iterator[str]:
    """Return every ground against an article, the gravest first; a pin lifts those after it."""
    article = candidate.article
    if candidate.block is not None:
        yield words.blocked(candidate.block)
    until = embargo_of(article)
    if until is not None and until > now:
        yield words.embargo(until, newsletter.timezone, is_pinned=candidate.pin is not None)
    if article.withdrawn:
        yield words.withdrawn(article.withdrawn, is_pinned=candidate.pin is not None)
    if candidate.pin is not None:
        return
    blocked = next((other.block for other in group if other.block is not None), None)
    if blocked is not None and not any(other.pin is not None for other in group):
        yield words.blocked_elsewhere(blocked)
    stated = stated_moment(article)
    if stated is not None and stated > now:
        yield words.ahead(stated, newsletter.timezone)
    if newsletter.sources and article.source and article.source not in newsletter.sources:
        yield f"{newsletter.name} does not take stories from {article.source}."
    yield from _ran(candidate, group, newsletter.choice.repeat_after, now)
    if not any(p.kind is ParagraphKind.BODY for p in article.paragraphs):
        yield "It has no running text."
    age = now - moment_of(candidate)
    if age > newsletter.choice.oldest:
        yield words.too_old(age, newsletter.choice.oldest)


def _ran(
    candidate: Candidate, group: Sequence[Candidate], repeat_after: timedelta, now: datetime
) -> Iterator[str]:
    """Return where an article, or another one of the same story, ran not long ago."""
    for member in (candidate, *group):
        recent = [run for run in member.runs if run.at is None or now - run.at < repeat_after]
        if recent:
            latest = max(recent, key=lambda run: (run.at or now, run.issue))
            yield words.ran(latest, as_article=0 if member is candidate else member.id)


def stand_in(story: Sequence[Candidate], sources: Mapping[str, SourceSettings]) -> Candidate:
    """Return the article that stands for a story.

    The pinned one; else one that needs no look; else the weightier source's; else the earlier one.
    """

    def order(candidate: Candidate) -> tuple[object, ...]:
        source = sources.get(candidate.article.source)
        pinned_at = candidate.pin.at if candidate.pin else datetime.max.replace(tzinfo=UTC)
        weight = source.weight if source else 1.0
        moment = moment_of(candidate)
        key = candidate.article.key
        return (pinned_at, candidate.needs_look, -weight, moment, key, candidate.id)

    return min(story, key=order)


def other_carriers(candidate: Candidate, group: Sequence[Candidate]) -> tuple[Carrier, ...]:
    """Return the other sources that have a story, each link once, by source."""
    own = candidate.carriers[0]
    all_of_them = (carrier for member in group for carrier in member.carriers)
    found = {
        (carrier.source, carrier.url): carrier
        for carrier in sorted(all_of_them, key=lambda carrier: -carrier.article)
        if (carrier.source, carrier.url) != (own.source, own.url)
    }
    return tuple(found[place] for place in sorted(found))


def _moment(text: str) -> datetime | None:
    """Read RFC 3339, or a date alone as its last minute; None for what is neither."""
    try:
        if len(text) == _DATE_LENGTH:
            return datetime.combine(date.fromisoformat(text), time(23, 59), tzinfo=UTC)
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    try:
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except OverflowError:
        return None
