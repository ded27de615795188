"""Tie each story and brief of an issue to the article it was made from, for the checks."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from newsletter.ingest.article_diff import diff_articles
from newsletter.ingest.drafting.candidates import stated_moment
from newsletter.ingest.identity import url_key
from newsletter.model.article import Article, Metadatum, ParagraphKind
from newsletter.model.issue import Brief, Briefs, Issue, Story
from newsletter.model.records import ArticleRow, SummaryRow
from newsletter.model.story_source import StorySource
from newsletter.store import Connection, articles, summaries

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
    """Give the source of each story and brief that has one here.

    A story names its article, ``{article=ID}``; else the address of its headline tells it.
    """
    tied = article_of_each(connection, issue)
    rows = {row.id: row for row in articles.list_articles(connection, ids=set(tied.values()))}
    drafted = summaries.summaries_of(connection, issue.name)
    read = {
        article: _source(connection, rows[article], drafted.get(article))
        for article in set(tied.values()) & set(rows)
    }
    return {card: read[article] for card, article in tied.items() if article in read}


def article_of_each(connection: Connection, *issues: Issue) -> Mapping[Story | Brief, int]:
    """Give the number of the article that each story and brief is tied to."""
    cards = [card for issue in issues for card in cards_of(issue)]
    keys = {key for card in cards if (key := url_key(card.url))}
    known = summaries.articles_by_key(connection, keys)
    tied: dict[Story | Brief, int] = {}
    for card in cards:
        named = dict(card.attributes).get(ARTICLE, "") if isinstance(card, Story) else ""
        if _NUMBER.fullmatch(named):
            tied[card] = int(named)
        elif (article := known.get(url_key(card.url))) is not None:
            tied[card] = article
    return tied


def source_of(article: Article, *, number: int = 0, version: int = 0) -> StorySource:
    """Give what an article says, without what is noise or a callout in it."""
    beside = (article.title, article.description, article.author, article.site, article.published)
    said = [paragraph for paragraph in article.paragraphs if paragraph.kind in _SAID]
    affiliate = (
        paragraph.text
        for paragraph in article.paragraphs
        if paragraph.kind is ParagraphKind.NOISE and _AFFILIATE.search(paragraph.text)
    )
    return StorySource(
        article=number,
        version=version,
        body=tuple(p.text for p in said if p.kind is ParagraphKind.BODY),
        beside=(
            *(stated.value for stated in beside if isinstance(stated, Metadatum)),
            *(p.text for p in said if p.kind is not ParagraphKind.BODY),
        ),
        affiliate_notice=next(affiliate, ""),
        published=stated_moment(article),
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
    """Give the stories and briefs in the order they stand."""
    for block in (*issue.opening, *(b for section in issue.sections for b in section.blocks)):
        match block:
            case Story():
                yield block
            case Briefs(items=items):
                yield from items
            case _:
                pass
