"""Tie each story and brief of an issue to the article it was made from, for the checks."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from newsletter.checks.wording import cards_of
from newsletter.config.settings import NewsletterSettings
from newsletter.errors import NewsletterError
from newsletter.ingest.article_diff import diff_articles
from newsletter.ingest.drafting.choice import Candidate, stated_moment
from newsletter.ingest.drafting.same_story import KnownText, Stories, relate, title_likeness
from newsletter.ingest.identity import pack, shingle_hashes, unpack, url_key
from newsletter.model.article import (
    Article,
    ParagraphKind,
    Repeat,
    RulingRow,
    SameBy,
    StoryRun,
    StorySource,
)
from newsletter.model.issue import Brief, Issue, Story
from newsletter.model.records import ArticleRow, OccurrenceState, SummaryRow
from newsletter.model.source import Ruling
from newsletter.store import Connection, articles, ledger, occurrences, sources, stories
from newsletter.store.stories import list_runs, record_runs
from newsletter.workflows.desk import Desk
from newsletter.workflows.project_files import issue_names, load_issue

ARTICLE = "article"
"""The story's attribute that names its article by number."""

_NUMBER = re.compile(r"[0-9]{1,15}", re.ASCII)
_AFFILIATE = re.compile(
    r"\baffiliate[ -](?:links?|disclosure)|\bearn (?:a |an )?(?:small )?commission"
    r"|\bliens? (?:affiliés?|d['\u2019]affiliation)|\benlaces? de afilia",
    re.IGNORECASE,
)
_SAID = frozenset({ParagraphKind.BODY, ParagraphKind.STANDFIRST, ParagraphKind.SUBHEADING})


def story_sources(connection: Connection, issue: Issue) -> Mapping[Story | Brief, StorySource]:
    """Return the source of each story and brief that has one here.

    A story names its article, ``{article=ID}``; else the address of its headline tells it.
    """
    tied = article_of_each(connection, issue)
    rows = {row.id: row for row in articles.list_articles(connection, ids=set(tied.values()))}
    drafted = stories.summaries_of(connection, issue.name)
    read = {
        article: _source(connection, rows[article], drafted.get(article))
        for article in set(tied.values()) & set(rows)
    }
    return {card: read[article] for card, article in tied.items() if article in read}


def article_of_each(connection: Connection, *issues: Issue) -> Mapping[Story | Brief, int]:
    """Return the number of the article that each story and brief is tied to."""
    cards = [card for issue in issues for card in cards_of(issue)]
    keys = {key for card in cards if (key := url_key(card.url))}
    known = stories.articles_by_key(connection, keys)
    tied: dict[Story | Brief, int] = {}
    for card in cards:
        named = dict(card.attributes).get(ARTICLE, "") if isinstance(card, Story) else ""
        if _NUMBER.fullmatch(named):
            tied[card] = int(named)
        elif (article := known.get(url_key(card.url))) is not None:
            tied[card] = article
    return tied


def source_of(article: Article, *, number: int = 0, version: int = 0) -> StorySource:
    """Return what an article says, without what is noise or a callout in it."""
    stated = (article.title, article.description, article.author, article.site)
    said = [paragraph for paragraph in article.paragraphs if paragraph.kind in _SAID]
    noise = (p.text for p in article.paragraphs if p.kind is ParagraphKind.NOISE)
    return StorySource(
        article=number,
        version=version,
        body=tuple(p.text for p in said if p.kind is ParagraphKind.BODY),
        beside=(
            *(each.value for each in stated if each is not None),
            *_day_of(article),
            *(p.text for p in said if p.kind is not ParagraphKind.BODY),
        ),
        affiliate_notice=next(filter(_AFFILIATE.search, noise), ""),
        published=stated_moment(article),
    )


def _day_of(article: Article) -> Iterator[str]:
    with suppress(ValueError):  # as its page has it, whatever the zone
        day = date.fromisoformat(article.published.value[:10] if article.published else "")
        yield f"{day.day} {day:%B %Y}"


def changes_between(old: Article, new: Article) -> tuple[str, ...]:
    """Tell in lines how what a summary is made of changed: title, description, text, withdrawal."""
    beside = replace(
        new,
        url=old.url,
        author=old.author,
        published=old.published,
        updated=old.updated,
        image=old.image,
        image_credit=old.image_credit,
    )
    return diff_articles(old, beside)


def _source(connection: Connection, row: ArticleRow, drafted: SummaryRow | None) -> StorySource:
    source = source_of(row.article, number=row.id, version=row.version)
    if drafted is None or drafted.version >= row.version:
        return source
    history = articles.article_history(connection, row.id)
    old = history[drafted.version - 1][1]
    changes = changes_between(old, row.article)
    return replace(source, drafted_version=drafted.version, changes=changes)


COMPARED_FOR = timedelta(days=30)
DAY_LETTERS = len("2026-11-24")
_WITHOUT_MAIL = frozenset(
    {OccurrenceState.SKIPPED, OccurrenceState.MISSED, OccurrenceState.STOPPED}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """What a choice looks at: the articles with all that is known of each, and their stories."""

    candidates: tuple[Candidate, ...]
    stories: Stories


def shelf_for(desk: Desk, newsletter: NewsletterSettings, *, issue: str) -> Shelf:
    """Gather the articles of the last 30 days, and any that is pinned, for one issue's choice."""
    now = desk.clock.now()
    since = now.astimezone(newsletter.timezone).date() - newsletter.choice.repeat_after
    with desk.database.read() as connection:
        waiting = _unsent_runs(desk, connection, newsletter, since=since, but=issue)
        ruled = standing_rulings(desk, connection, newsletter.name, issue=issue)
        wanted = articles.recent_articles(connection, now - COMPARED_FOR) | {
            r.article_id for r in ruled
        }
        rows = articles.list_articles(connection, ids=wanted)
        ran = (*list_runs(connection, list_name=newsletter.list), *waiting)
        candidates = _candidates(connection, rows, ruled, ran)
        stories, fresh = stories_of(connection, rows)
    if fresh:
        with desk.database.write() as connection:
            articles.keep_texts(connection, fresh)
    return Shelf(candidates=candidates, stories=stories)


def stories_of(
    connection: Connection, rows: Sequence[ArticleRow]
) -> tuple[Stories, dict[int, tuple[int, bytes]]]:
    """Compare articles with one another."""
    kept = articles.packed_texts(connection, [row.id for row in rows])
    fresh = {
        row.id: (row.version, pack(shingle_hashes(row.article)))
        for row in rows
        if row.id not in kept or kept[row.id][0] != row.version
    }
    packed = kept | fresh
    known = [
        KnownText(
            id=row.id,
            title=row.article.title.value,
            hashes=unpack(packed[row.id][1]),
            moment=stated_moment(row.article) or row.taken_at,
        )
        for row in rows
    ]
    return relate(known), fresh


def standing_rulings(
    desk: Desk, connection: Connection, newsletter: str, *, issue: str
) -> tuple[RulingRow, ...]:
    """Return the rulings that bind for an issue.

    A pin that has brought its article into an issue has done its work; it binds no other one, as
    long as that issue was sent or its file is there.
    """
    rulings = sources.list_rulings(connection, newsletter)
    used = {ruling.used_in for ruling in rulings} - {"", issue}
    folder = desk.settings.issues_folder
    over = {name for name in used if (folder / f"{name}.md").is_file()}
    over |= ledger.mailed(connection, used)
    return tuple(r for r in rulings if r.ruling is Ruling.BLOCK or r.used_in not in over)


def _unsent_runs(
    desk: Desk,
    connection: Connection,
    newsletter: NewsletterSettings,
    *,
    since: date,
    before: date = date.max,
    but: str = "",
) -> Iterator[StoryRun]:
    """Return the stories of issues to the same list that are written and may still be sent."""
    lists = {one.name: one.list for one in desk.settings.newsletters}
    names = [name for name in issue_names(desk.settings) if name != but and _may_be(name, since)]
    over = ledger.mailed(connection, names)
    states = occurrences.states_of(connection, names)
    written = []
    for name in names:
        if name not in over and states.get(name) not in _WITHOUT_MAIL:
            with suppress(NewsletterError):
                issue = load_issue(desk.settings, name).issue
                if lists.get(issue.newsletter) == newsletter.list and since <= issue.date < before:
                    written.append(issue)
    yield from runs_of(connection, *written, list_name=newsletter.list)


def _may_be(name: str, since: date) -> bool:
    try:
        return date.fromisoformat(name[:DAY_LETTERS]) >= since
    except ValueError:
        return True


def record_issue(connection: Connection, issue: Issue, *, list_name: str, now: datetime) -> None:
    """Write down what runs with an issue that is sent now: what its file says, not its draft."""
    runs = runs_of(connection, issue, list_name=list_name)
    record_runs(connection, issue.name, runs, at=now)
    section_of = {
        card: section.heading
        for section in issue.sections
        for card in cards_of(replace(issue, opening=(), sections=(section,)))
    }
    tied = _articles_that_are(connection, issue)
    articles.set_issue_stories(
        connection, issue.name, {number: section_of.get(card, "") for card, number in tied.items()}
    )


def runs_of(connection: Connection, *issues: Issue, list_name: str) -> tuple[StoryRun, ...]:
    """Return issues' stories and briefs, each with its key; those with none are not told apart."""
    tied = _articles_that_are(connection, *issues) if issues else {}
    return tuple(
        StoryRun(
            issue=issue.name,
            key=url_key(card.url) or f"article:{tied[card]}",
            newsletter=issue.newsletter,
            list=list_name,
            headline=card.headline,
            article_id=tied.get(card),
        )
        for issue in issues
        for card in cards_of(issue)
        if url_key(card.url) or card in tied
    )


def _articles_that_are(connection: Connection, *issues: Issue) -> dict[Story | Brief, int]:
    tied = article_of_each(connection, *issues)
    there = articles.first_seen(connection, set(tied.values()))
    return {card: number for card, number in tied.items() if number in there}


def _candidates(
    connection: Connection,
    rows: Sequence[ArticleRow],
    ruled: Sequence[RulingRow],
    ran: Sequence[StoryRun],
) -> tuple[Candidate, ...]:
    numbers = [row.id for row in rows]
    seen = articles.first_seen(connection, numbers)
    places = sources.sightings_of(connection, numbers)
    runs = runs_by_article(connection, numbers, ran)
    by_article = {(ruling.article_id, ruling.ruling): ruling for ruling in ruled}
    return tuple(
        Candidate(
            id=row.id,
            article=row.article,
            version=row.version,
            seen=seen[row.id],
            sightings=tuple(places.get(row.id, ())),
            pin=by_article.get((row.id, Ruling.PIN)),
            block=by_article.get((row.id, Ruling.BLOCK)),
            runs=runs.get(row.id, ()),
        )
        for row in rows
    )


def runs_by_article(
    connection: Connection, numbers: Collection[int], ran: Sequence[StoryRun]
) -> dict[int, tuple[StoryRun, ...]]:
    """Return the runs of each article: those that name it, and those of any address of it."""
    keys = articles.keys_of(connection, numbers)
    by_key: dict[str, list[StoryRun]] = {}
    by_number: dict[int, list[StoryRun]] = {}
    for run in ran:
        by_key.setdefault(run.key, []).append(run)
        if run.article_id is not None:
            by_number.setdefault(run.article_id, []).append(run)
    found: dict[int, tuple[StoryRun, ...]] = {}
    for number in numbers:
        of_it = [run for key in sorted(keys.get(number, ())) for run in by_key.get(key, ())]
        if both := dict.fromkeys([*by_number.get(number, ()), *of_it]):
            found[number] = tuple(both)
    return found


def repeats_of(
    desk: Desk, connection: Connection, newsletter: NewsletterSettings, issue: Issue
) -> tuple[Repeat, ...]:
    """Return the stories of an issue that went to its list within repeat_after, or are about to.

    What an editor has pinned, or marked ``{update=yes}``, may run again.
    """
    again = newsletter.choice.repeat_after
    sent = list_runs(connection, list_name=newsletter.list, since=desk.clock.now() - again)
    waiting = _unsent_runs(
        desk, connection, newsletter, since=issue.date - again, before=issue.date, but=issue.name
    )
    ran = [run for run in (*waiting, *sent) if run.issue != issue.name]
    if not ran:
        return ()
    tied = _articles_that_are(connection, issue)
    pinned = {
        ruling.article_id
        for ruling in sources.list_rulings(connection, newsletter.name)
        if ruling.ruling is Ruling.PIN and ruling.used_in in {"", issue.name}
    }
    runs = runs_by_article(connection, set(tied.values()), ran)
    texts_of = {run.article_id for run in ran if run.article_id is not None}
    rows = articles.list_articles(connection, ids=texts_of | set(tied.values()))
    stories, _ = stories_of(connection, rows)
    found: list[Repeat] = []
    for card in cards_of(issue):
        number = tied.get(card)
        if number in pinned or (isinstance(card, Story) and _is_update(card)):
            continue
        same = set(stories.group_of(number)) if number is not None else set()
        ways = tuple(_ways(card, ran, runs.get(number or 0, ()), same))
        if ways:
            by, run = ways[0]
            times = len({other.issue for way, other in ways if way is by})
            found.append(Repeat(line=card.line, run=run, by=by, times=times))
    return tuple(found)


def _ways(
    card: Story | Brief, ran: Sequence[StoryRun], own: Sequence[StoryRun], same: Collection[int]
) -> Iterator[tuple[SameBy, StoryRun]]:
    latest_first = ran[::-1]
    key = url_key(card.url)
    yield from ((SameBy.ADDRESS, run) for run in latest_first if run in own or run.key == key)
    yield from ((SameBy.TEXT, run) for run in latest_first if run.article_id in same)
    yield from (
        (SameBy.HEADLINE, run)
        for run in latest_first
        if title_likeness(run.headline, card.headline)
    )


def _is_update(story: Story) -> bool:
    return dict(story.attributes).get("update", "").casefold() in {"yes", "true"}
