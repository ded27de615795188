"""Candidates for a choice, made by hand: a clean one, and what may be said of it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from ingest.syndication import article_of

from newsletter.config.settings import NewsletterSettings
from newsletter.ingest.drafting.choice import Candidate
from newsletter.ingest.drafting.same_story import Stories
from newsletter.model.address import parse_mailbox
from newsletter.model.article import Article, ArticleState, Metadatum, Origin, RulingRow, StoryRun
from newsletter.model.source import Ruling, Sighting

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
TEXT = "The council met on Monday evening and put off what it had meant to decide about the bridge."


def newsletter_of(*, callouts: Sequence[str] = (), language: str = "en-GB") -> NewsletterSettings:
    return NewsletterSettings(
        name="daily",
        title="The Daily",
        list="daily",
        publication="Example News",
        sender=parse_mailbox("Example News <news@paper.example>"),
        reply_to=None,
        editors=(),
        postal_address="1 Example Street",
        public_url="https://news.paper.example",
        language=language,
        timezone=ZoneInfo("Europe/London"),
        callouts=tuple(callouts),
    )


def candidate(
    number: int,
    source: str = "",
    *,
    hours: float = 0,
    place: int = 0,
    title: str = "",
    reasons: Sequence[str] = (),
    runs: Sequence[StoryRun] = (),
    also: Sequence[str] = (),
) -> Candidate:
    """An article published so many hours before NOW; also are other feeds that list it."""
    published = NOW - timedelta(hours=hours)
    article = article_of(
        [TEXT],
        title=title or f"Headline number {number}",
        url=f"https://{source or 'hand'}.example/news/{number}",
        source=source,
    )
    article = _with(article, published=published.isoformat(), reasons=reasons)
    return Candidate(
        id=number,
        article=article,
        seen=NOW,
        sightings=tuple(
            Sighting(
                source=name,
                url=f"https://{name}.example/news/{number}",
                position=place,
                first_seen=NOW,
                last_seen=NOW,
            )
            for name in ([source, *also] if source else also)
        ),
        runs=tuple(runs),
    )


def seen_at(moment: datetime, *, published: str) -> Candidate:
    made = article_of([TEXT], source="world")
    return Candidate(id=1, article=_with(made, published=published), seen=moment)


def ruling(number: int, kind: Ruling, *, minute: int = 0, why: str = "") -> RulingRow:
    return RulingRow(
        newsletter="daily",
        article_id=number,
        ruling=kind,
        who="A. Editor",
        why=why,
        at=NOW - timedelta(hours=2) + timedelta(minutes=minute),
    )


def run(issue: str, *, days: float | None) -> StoryRun:
    return StoryRun(
        issue=issue,
        key="https://paper.example/a",
        newsletter="daily",
        list="daily",
        headline="A headline",
        at=None if days is None else NOW - timedelta(days=days),
    )


def stories(*groups: tuple[int, ...]) -> Stories:
    return Stories(groups=groups)


def _with(article: Article, *, published: str, reasons: Sequence[str] = ()) -> Article:
    return Article(
        key=article.key,
        url=article.url,
        source=article.source,
        title=article.title,
        paragraphs=article.paragraphs,
        published=Metadatum(value=published, origin=Origin.FEED),
        state=ArticleState.NEEDS_LOOK if reasons else ArticleState.OK,
        reasons=tuple(reasons),
    )
