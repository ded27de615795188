"""Recheck: ask the sources of an issue again, shortly before it goes out.

Do the links answer, do the headlines still say the same, was anything withdrawn? What is found
stays with the issue: `check`, `approve` and the release see it until the next look.
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from newsletter.checks.rechecked import HEADLINE, LINK, PICTURE, WITHDRAWN
from newsletter.checks.wording import cards_of
from newsletter.config.settings import NoiseRule, RecheckLevel
from newsletter.errors import Interrupted, NewsletterError, UserError
from newsletter.fetch import Fetcher
from newsletter.ingest.children import PageReader
from newsletter.ingest.decoding import normal
from newsletter.ingest.entry import with_feed
from newsletter.ingest.html_page import article_from_html
from newsletter.ingest.identity import is_same_site
from newsletter.ingest.standing import withdrawal_of
from newsletter.model.article import Article
from newsletter.model.callout import Callout, CalloutProbe, CalloutStatus
from newsletter.model.finding import Finding, Severity
from newsletter.model.issue import Brief, Story
from newsletter.model.source import FeedEntry, Fetched, FetchKind, FetchProblem
from newsletter.store import articles, sources, stories
from newsletter.workflows.callouts.administer import probe_appeals
from newsletter.workflows.desk import Desk
from newsletter.workflows.issue.compose_issue import Prepared, prepare
from newsletter.workflows.project_files import load_callouts
from newsletter.workflows.sources.source_tools import keep_article
from newsletter.workflows.stories.pictures import keep_pictures
from newsletter.workflows.stories.story_memory import article_of_each

_GONE = frozenset({404, 410, 451})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rechecked:
    """What one look found: the addresses asked, and each finding with the address it is about.

    probes are the answers of the addresses of the issue's appeals.
    """

    issue: str
    asked: int
    findings: tuple[tuple[str, Finding], ...]
    probes: tuple[CalloutProbe, ...] = ()

    @property
    def blocks(self) -> bool:
        """Whether anything was found that blocks a send."""
        return any(finding.severity is Severity.ERROR for _, finding in self.findings) or any(
            probe.was_asked and not probe.is_well for probe in self.probes
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What is known of a card's source: the article, its entry in the feed, and the settings."""

    article: Article | None
    source: str = ""
    allow_local: tuple[str, ...] = ()
    noise: tuple[NoiseRule, ...] = ()
    entry: FeedEntry | None = None
    feed_title: str = ""


@dataclass(slots=True)
class _Look:
    """One pass over an issue's cards."""

    desk: Desk
    prepared: Prepared
    fetcher: Fetcher
    reader: PageReader
    callouts: Sequence[Callout]
    stop: threading.Event | None

    def of_card(self, card: Story | Brief, known: _Known) -> Iterator[Finding]:
        """Ask a card's address and compare what it gives with what was taken in."""
        levels = self.desk.settings.recheck
        try:
            brought = self.fetcher.fetch(
                card.url, FetchKind.ARTICLE, allow_local=known.allow_local, stop=self.stop
            )
        except Interrupted:
            raise
        except NewsletterError as error:
            yield from self._no_answer(card, error)
            return
        if not is_same_site(brought.url, card.url):
            yield from self._finding(
                levels.link,
                LINK,
                card,
                f"the link leads on to another site, {brought.url}",
                "look whether it is still the story",
            )
        try:
            now = self._read(brought, card, known)
        except UserError as error:
            if known.article is not None:
                yield from self._finding(
                    levels.link, LINK, card, f"the page can be read no more: {error.message}", ""
                )
            return
        yield from self._compared(card, known, now)

    def _no_answer(self, card: Story | Brief, error: NewsletterError) -> Iterator[Finding]:
        levels = self.desk.settings.recheck
        status = getattr(error, "status", 0)
        problem = getattr(error, "problem", None)
        if status in _GONE:
            yield from self._finding(
                levels.withdrawn,
                WITHDRAWN,
                card,
                f"the page is not there any more (status {status})",
                "take the story out, or link another page",
            )
        elif problem is FetchProblem.FORBIDDEN_BY_ROBOTS:
            return  # whoever forbids us to look does not forbid readers
        else:
            yield from self._finding(
                levels.link, LINK, card, error.message, "open the link yourself before it goes out"
            )

    def _read(self, brought: Fetched, card: Story | Brief, known: _Known) -> Article:
        article = article_from_html(
            brought.body,
            url=known.article.url if known.article else card.url,
            source=known.source,
            callouts=self.callouts,
            noise=known.noise,
            today=self.desk.clock.now().date(),
            reader=self.reader,
            shown=card.url,
        )
        if known.entry is None:
            return article
        return with_feed(article, known.entry, feed_title=known.feed_title)

    def _compared(self, card: Story | Brief, known: _Known, now: Article) -> Iterator[Finding]:
        levels = self.desk.settings.recheck
        notice = withdrawal_of(known.article, now)
        if notice:
            yield from self._finding(
                levels.withdrawn, WITHDRAWN, card, notice, "take the story out"
            )
        before = known.article
        if before is None:
            return
        if normal(before.title.value) != normal(now.title.value):
            yield from self._finding(
                levels.headline,
                HEADLINE,
                card,
                f"the source's headline is now “{now.title.value}”",
                "see whether the story's headline still holds",
                evidence=before.title.value,
            )
        if not notice:  # a notice in its place must not replace the article that was taken in
            with self.desk.database.write() as connection:
                keep_article(connection, replace(now, key=before.key), now=self.desk.clock.now())

    def _finding(
        self,
        level: RecheckLevel,
        check: str,
        card: Story | Brief,
        message: str,
        remedy: str,
        *,
        evidence: str = "",
    ) -> Iterator[Finding]:
        severity = severity_of(level)
        if severity is None:
            return
        yield Finding(
            check=check,
            severity=severity,
            message=message,
            evidence=evidence or card.headline,
            file=self.prepared.file.issue.file,
            line=card.line,
            remedy=remedy,
        )


def recheck_issue(
    desk: Desk,
    name: str,
    fetcher: Fetcher,
    *,
    say: Callable[[str], None] = lambda _: None,
    stop: threading.Event | None = None,
) -> Rechecked:
    """Ask every link of an issue's stories and briefs, and fetch pictures that are not kept yet.

    What the sources say now is kept as a new version of each article, so that a summary that has
    become stale is seen by the checks.

    Raises NotFound, IssueError, Interrupted.
    """
    prepared = prepare(desk, name)
    cards = [card for card in cards_of(prepared.file.issue) if card.url]
    known = _known_sources(desk, prepared, cards)
    found: list[tuple[str, Finding]] = []
    with PageReader() as reader:
        look = _Look(
            desk=desk,
            prepared=prepared,
            fetcher=fetcher,
            reader=reader,
            callouts=load_callouts(desk.settings),
            stop=stop,
        )
        for number, card in enumerate(cards, 1):
            say(f"asking {number} of {len(cards)}: {card.url}")
            found += [(card.url, finding) for finding in look.of_card(card, known[card])]
        found += list(_pictures(look, cards, known))
    probes = probe_appeals(desk, _open_appeals(prepared), fetcher, stop=stop)
    for probe in probes:
        if probe.problem:
            say(f"{probe.callout}: {probe.problem}")
    with desk.database.write() as connection:
        stories.keep_recheck(connection, name, found, now=desk.clock.now())
    return Rechecked(
        issue=name, asked=len(cards) + len(probes), findings=tuple(found), probes=probes
    )


def _open_appeals(prepared: Prepared) -> list[Callout]:
    """List the appeals of an issue that have not closed; what comes of them is told by S04."""
    return [use.callout for use in prepared.uses if use.callout.status is not CalloutStatus.CLOSED]


def severity_of(level: RecheckLevel) -> Severity | None:
    """Return what a finding of that level counts as; None where it is not told."""
    match level:
        case RecheckLevel.BLOCK:
            return Severity.ERROR
        case RecheckLevel.WARN:
            return Severity.WARNING
        case RecheckLevel.OFF:
            return None


def _known_sources(
    desk: Desk, prepared: Prepared, cards: Sequence[Story | Brief]
) -> Mapping[Story | Brief, _Known]:
    settings = {source.name: source for source in desk.settings.sources}
    with desk.database.read() as connection:
        tied = article_of_each(connection, prepared.file.issue)
        rows = {row.id: row for row in articles.list_articles(connection, ids=set(tied.values()))}
        seen = sources.sightings_of(connection, set(rows))
        feeds = sources.list_sources(connection)
    known: dict[Story | Brief, _Known] = {}
    for card in cards:
        row = rows.get(tied.get(card, 0))
        source = settings.get(row.article.source) if row else None
        entries = (
            (s.entry for s in seen.get(row.id, ()) if s.source == row.article.source) if row else ()
        )
        feed = feeds.get(row.article.source) if row else None
        known[card] = _Known(
            article=row.article if row else None,
            source=row.article.source if row else "",
            allow_local=source.allow_local if source else (),
            noise=source.noise if source else (),
            entry=next(iter(entries), None),
            feed_title=feed.title if feed else "",
        )
    return known


def _pictures(
    look: _Look, cards: Sequence[Story | Brief], known: Mapping[Story | Brief, _Known]
) -> Iterator[tuple[str, Finding]]:
    """Keep the pictures that are not kept yet; tell of those that cannot be had (F54)."""
    level = severity_of(look.desk.settings.recheck.picture)
    shown = {card.image.url: card for card in cards if isinstance(card, Story) and card.image}
    own = look.prepared.newsletter.public_url
    wanted = {
        url: known[card].allow_local for url, card in shown.items() if not url.startswith(f"{own}/")
    }
    for url, outcome in keep_pictures(look.desk, wanted, look.fetcher).items():
        if outcome.problem and level is not None:
            card = shown[url]
            yield (
                url,
                Finding(
                    check=PICTURE,
                    severity=level,
                    message=outcome.problem,
                    evidence=card.headline,
                    file=look.prepared.file.issue.file,
                    line=card.image.line if card.image else card.line,
                    remedy="take the picture out, or give the address of another",
                ),
            )
