"""Pictures of a draft's stories: those that may be used, can be had and can be told in words.

A story whose picture is not one of them goes without it: a mail that is whole is worth more than a
picture, and an editor sees in the report why it is missing.
"""

from collections.abc import Callable
from dataclasses import replace

from newsletter.config.languages import DraftWords, draft_words
from newsletter.config.load import newsletter_named
from newsletter.fetch import Fetcher
from newsletter.ingest.drafting.draft import Draft, with_credit
from newsletter.ingest.drafting.draft_callouts import draft_finding
from newsletter.model.article import Article
from newsletter.model.finding import Finding, Severity
from newsletter.model.issue import Block, Story
from newsletter.workflows.desk import Desk
from newsletter.workflows.stories.pictures import (
    PictureOutcome,
    WantedPicture,
    keep_pictures,
    may_use_pictures,
)
from newsletter.workflows.stories.story_sources import ARTICLE

NO_WORDS = "D05 alt-text"
NO_PICTURE = "D09 picture"


def with_pictures(
    desk: Desk,
    draft: Draft,
    fetcher: Fetcher | None,
    *,
    say: Callable[[str], None] = lambda _: None,
) -> Draft:
    """Return the draft with the pictures that can be shown, each with its credit in the byline.

    Pictures of configured sources are fetched and kept; those of articles that a person added are
    left at their address, for `recheck` to fetch.

    Args:
        desk: settings, clock, database.
        draft: with each article's picture in its story.
        fetcher: None to fetch nothing.
        say: is told each picture that cannot be had, as a sentence.
    """
    findings: list[Finding] = []
    articles = {chosen.article: draft.articles[chosen.article].article for chosen in draft.chosen}
    wanted: dict[int, WantedPicture] = {}
    kept: dict[str, PictureOutcome] = {}
    allowed = {source.name: source.allow_local for source in desk.settings.sources}
    for number, article in articles.items():
        if article.image and article.image_alt and may_use_pictures(desk, article):
            local = allowed.get(article.source, ())
            wanted[number] = WantedPicture(url=article.image.value, allow_local=local)
    if fetcher is not None:
        ours = [each for number, each in wanted.items() if articles[number].source in allowed]
        kept = {each.url: each for each in keep_pictures(desk, ours, fetcher, say=say)}
    shown: set[int] = set()
    for number, picture in wanted.items():
        outcome = kept.get(picture.url)
        if outcome is None or outcome.picture is not None:
            shown.add(number)
        else:
            findings.append(_finding(draft, NO_PICTURE, number, outcome.problem, picture.url))
    for number, article in articles.items():
        if article.image and not article.image_alt and may_use_pictures(desk, article):
            findings.append(
                _finding(
                    draft,
                    NO_WORDS,
                    number,
                    "its source does not tell in words what it shows",
                    article.image.value,
                )
            )
    words = draft_words(newsletter_named(desk.settings, draft.issue.newsletter).language)
    sections = tuple(
        replace(s, blocks=tuple(_block(block, articles, shown, words) for block in s.blocks))
        for s in draft.issue.sections
    )
    return replace(
        draft,
        issue=replace(draft.issue, sections=sections),
        findings=(*draft.findings, *findings),
    )


def _block(block: Block, articles: dict[int, Article], shown: set[int], words: DraftWords) -> Block:
    if not isinstance(block, Story) or block.image is None:
        return block
    number = int(dict(block.attributes).get(ARTICLE, "0"))
    if number not in shown:
        return replace(block, image=None)
    return replace(block, byline=with_credit(block.byline, articles[number].image_credit, words))


def _finding(draft: Draft, check: str, number: int, why: str, url: str) -> Finding:
    return draft_finding(
        check,
        Severity.WARNING,
        f"the picture of article {number} was left out: {why}",
        file=draft.issue.file,
        evidence=url,
        remedy="write ![what it shows](https://…) below the headline to show one",
    )
