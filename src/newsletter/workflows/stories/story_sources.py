"""Tie each story and brief of an issue to the article it was made from, for the checks."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from newsletter.ingest.article_diff import diff_articles
from newsletter.ingest.drafting.choice import stated_moment
from newsletter.ingest.identity import url_key
from newsletter.model.article import (
    Article,
    ArticleParagraph,
    Metadatum,
    ParagraphKind,
    StorySource,
)
from newsletter.model.issue import Brief, Briefs, Issue, Story
from newsletter.model.records import ArticleRow, SummaryRow
from newsletter.model.sentences import split_sentences
from newsletter.store import Connection, articles, stories

ARTICLE = "article"
"""The story's attribute that names its article by number."""

_NUMBER = re.compile(r"[0-9]{1,15}", re.ASCII)
_AFFILIATE = re.compile(
    r"\baffiliate[ -](?:links?|disclosure)|\bearn (?:a |an )?(?:small )?commission"
    r"|\bliens? (?:affiliés?|d['\u2019]affiliation)|\benlaces? de afilia",
    re.IGNORECASE,
)
# A page's own word on what it earns, wherever it stands: money, by links, and whose.
_EARNS = re.compile(
    r"\b(?:earn|receive|get|take|make)s?\b.{0,60}\b(?:commissions?|share of|fees?|cut"
    r"|compensation)\b|\baffiliate[ -]?links?\b|\bprovision(?:en)?\b|\bliens? affiliés?\b"
    r"|\b(?:percevoir|perçoit|perçoivent|toucher|touche|recevoir|reçoit)\b.{0,40}\bcommission"
    r"|\b(?:recib|llev|cobr|gan|obten)\w{0,8}\b.{0,40}\bcomisión|\benlaces? de afilia"
    r"|\bcomisiwn\b|عمولة",
    re.IGNORECASE,
)
_BY_LINKS = re.compile(
    r"\blinks?\b|\bpurchas|\byou (?:buy|click|shop|order)\b|\bkauf|\bliens?\b|\bachat|\bachetez\b"
    r"|\benlaces?\b|\bcompra|\bdolen|\bprynu|روابط|الرابط|شراء",
    re.IGNORECASE,
)
_OWN = re.compile(
    r"\b(?:we|our|this (?:article|page|site|story|post|guide|piece)|wir|unser\w{0,3}|diese[rs]?"
    r" (?:artikel|beitrag|text|seite)|nous|notre|nos|cet article|cette page|la rédaction|podemos"
    r"|nuestr[oa]s?|este artículo|esta página|gallwn|yr erthygl hon)\b|هذا المقال|هذه الصفحة|نحصل",
    re.IGNORECASE,
)
_QUOTED = re.compile('["\u201c\u201e\u00ab]')
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
    beside = (article.title, article.description, article.author, article.site)
    said = [paragraph for paragraph in article.paragraphs if paragraph.kind in _SAID]
    affiliate = (
        notice for paragraph in article.paragraphs if (notice := _affiliate_notice(paragraph))
    )
    return StorySource(
        article=number,
        version=version,
        body=tuple(p.text for p in said if p.kind is ParagraphKind.BODY),
        beside=(
            *(stated.value for stated in beside if isinstance(stated, Metadatum)),
            *_day_of(article),
            *(p.text for p in said if p.kind is not ParagraphKind.BODY),
        ),
        affiliate_notice=next(affiliate, ""),
        published=stated_moment(article),
    )


def _day_of(article: Article) -> Iterator[str]:
    """Give the day an article came out, without hour and offset: "20:10-05:00" backs no figure."""
    stated = article.published.value if article.published else ""
    try:
        day = date.fromisoformat(stated[:10])  # as its page has it, whatever the zone
    except ValueError:
        return
    yield f"{day.day} {day:%B %Y}"


def _affiliate_notice(paragraph: ArticleParagraph) -> str:
    """Return what a paragraph says of earning by links; "" where it says nothing."""
    text = paragraph.text
    if paragraph.kind is ParagraphKind.NOISE and _AFFILIATE.search(text):
        return text
    if paragraph.kind is ParagraphKind.CALLOUT or not (_EARNS.search(text) and _OWN.search(text)):
        return ""
    sentences = (text[start:end] for start, end in split_sentences(text))
    return next(
        (
            one
            for one in sentences
            if _EARNS.search(one)
            and _BY_LINKS.search(one)
            and _OWN.search(one)
            and not _QUOTED.search(one)
        ),
        "",
    )


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


def cards_of(issue: Issue) -> Iterator[Story | Brief]:
    """Return the stories and briefs in the order they stand."""
    for block in (*issue.opening, *(b for section in issue.sections for b in section.blocks)):
        match block:
            case Story():
                yield block
            case Briefs(items=items):
                yield from items
            case _:
                pass
