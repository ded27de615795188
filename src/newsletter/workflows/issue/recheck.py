"""Recheck: ask the sources of an issue again, shortly before it goes out."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from newsletter.checks.check import HEADLINE, LINK, PICTURE, WITHDRAWN
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
    """What one look found: the addresses asked, and each finding with the address it is about."""

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

    article: Article | None = None
    source: str = ""
    allow_local: tuple[str, ...] = ()
    noise: tuple[NoiseRule, ...] = ()
    entry: FeedEntry | None = None
    feed_title: str = ""


@dataclass(frozen=True, slots=True)
class _Odd:
    """Something found: how grave the settings take it, the check, what it is, what to do."""

    level: RecheckLevel
    check: str
    message: str
    remedy: str = ""
    evidence: str = ""

    def finding(self, card: Story | Brief, file: str, line: int) -> Iterator[Finding]:
        """Return it as a finding; none where the settings turn it off."""
        if self.level is RecheckLevel.OFF:
            return
        yield Finding(
            check=self.check,
            severity=Severity.ERROR if self.level is RecheckLevel.BLOCK else Severity.WARNING,
            message=self.message,
            evidence=self.evidence or card.headline,
            file=file,
            line=line,
            remedy=self.remedy,
        )


@dataclass(slots=True)
class _Look:
    """One pass over an issue's cards."""

    desk: Desk
    prepared: Prepared
    fetcher: Fetcher
    reader: PageReader
    callouts: Sequence[Callout]
    stop: threading.Event | None

    def of_card(self, card: Story | Brief, known: _Known) -> Iterator[_Odd]:
        """Ask a card's address and compare what it gives with what was taken in."""
        level = self.desk.settings.recheck.link
        try:
            brought = self.fetcher.fetch(
                card.url, FetchKind.ARTICLE, allow_local=known.allow_local, stop=self.stop
            )
        except Interrupted:
            raise
        except NewsletterError as error:
            yield from self._no_answer(error)
            return
        if not is_same_site(brought.url, card.url):
            message = f"the link leads on to another site, {brought.url}"
            yield _Odd(level, LINK, message, "look whether it is still the story")
        try:
            now = self._read(brought, card, known)
        except UserError as error:
            if known.article is not None:
                yield _Odd(level, LINK, f"the page can be read no more: {error.message}")
            return
        yield from self._compared(known.article, now)

    def _no_answer(self, error: NewsletterError) -> Iterator[_Odd]:
        levels = self.desk.settings.recheck
        status = getattr(error, "status", 0)
        if status in _GONE:
            message = f"the page is not there any more (status {status})"
            remedy = "take the story out, or link another page"
            yield _Odd(levels.withdrawn, WITHDRAWN, message, remedy)
        # whoever forbids us to look does not forbid readers
        elif getattr(error, "problem", None) is not FetchProblem.FORBIDDEN_BY_ROBOTS:
            remedy = "open the link yourself before it goes out"
            yield _Odd(levels.link, LINK, error.message, remedy)

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

    def _compared(self, before: Article | None, now: Article) -> Iterator[_Odd]:
        levels = self.desk.settings.recheck
        notice = withdrawal_of(before, now)
        if notice:
            yield _Odd(levels.withdrawn, WITHDRAWN, notice, "take the story out")
        if before is None:
            return
        if normal(before.title.value) != normal(now.title.value):
            message = f"the source's headline is now “{now.title.value}”"
            remedy = "see whether the story's headline still holds"
            yield _Odd(levels.headline, HEADLINE, message, remedy, before.title.value)
        if not notice:  # a notice in its place must not replace the article that was taken in
            with self.desk.database.write() as connection:
                keep_article(connection, replace(now, key=before.key), now=self.desk.clock.now())

    def pictures(self, known: Mapping[Story | Brief, _Known]) -> Iterator[tuple[str, Finding]]:
        """Keep the pictures that are not kept yet; tell of those that cannot be had (F54)."""
        own = self.prepared.newsletter.public_url
        shown = {card.image.url: card for card in known if isinstance(card, Story) and card.image}
        wanted = {
            url: known[card].allow_local
            for url, card in shown.items()
            if not url.startswith(f"{own}/")
        }
        remedy = "take the picture out, or give the address of another"
        for url, problem in keep_pictures(self.desk, wanted, self.fetcher).items():
            card = shown[url]
            odd = _Odd(self.desk.settings.recheck.picture, PICTURE, problem, remedy)
            line = card.image.line if card.image else card.line
            for finding in odd.finding(card, self.prepared.file.issue.file, line):
                yield url, finding


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
    """
    prepared = prepare(desk, name)
    cards = [card for card in cards_of(prepared.file.issue) if card.url]
    known = _known_sources(desk, prepared, cards)
    found: list[tuple[str, Finding]] = []
    with PageReader() as reader:
        look = _Look(desk, prepared, fetcher, reader, load_callouts(desk.settings), stop)
        for number, card in enumerate(cards, 1):
            say(f"asking {number} of {len(cards)}: {card.url}")
            for odd in look.of_card(card, known[card]):
                findings = odd.finding(card, prepared.file.issue.file, card.line)
                found += [(card.url, finding) for finding in findings]
        found += look.pictures(known)
    # what comes of closed appeals is told by S04
    appeals = [u.callout for u in prepared.uses if u.callout.status is not CalloutStatus.CLOSED]
    probes = probe_appeals(desk, appeals, fetcher, stop=stop)
    for probe in probes:
        if probe.problem:
            say(f"{probe.callout}: {probe.problem}")
    with desk.database.write() as connection:
        stories.keep_recheck(connection, name, found, now=desk.clock.now())
    return Rechecked(
        issue=name, asked=len(cards) + len(probes), findings=tuple(found), probes=probes
    )


def _known_sources(
    desk: Desk, prepared: Prepared, cards: Sequence[Story | Brief]
) -> Mapping[Story | Brief, _Known]:
    settings = {source.name: source for source in desk.settings.sources}
    with desk.database.read() as connection:
        tied = article_of_each(connection, prepared.file.issue)
        rows = {row.id: row for row in articles.list_articles(connection, ids=set(tied.values()))}
        seen = sources.sightings_of(connection, set(rows))
        feeds = sources.list_sources(connection)
    known = dict.fromkeys(cards, _Known())
    for card in cards:
        row = rows.get(tied.get(card, 0))
        if row is None:
            continue
        name = row.article.source
        source, feed = settings.get(name), feeds.get(name)
        known[card] = _Known(
            article=row.article,
            source=name,
            allow_local=source.allow_local if source else (),
            noise=source.noise if source else (),
            entry=next((s.entry for s in seen.get(row.id, ()) if s.source == name), None),
            feed_title=feed.title if feed else "",
        )
    return known
