"""Let a model write a draft's summaries, where one is set; nothing of it stands unread.

The draft has its summaries in the sources' own sentences already. A model's text takes the place of
one only where the checks find nothing in it, and then as `{summary=draft}`, which blocks a real
send until a person accepts it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from newsletter.checks.issue.stories import FEWEST_WORDS, MOST_WORDS
from newsletter.checks.sources import DRAFT, SUMMARY_STATE, differences
from newsletter.checks.wording import word_count
from newsletter.errors import NewsletterError
from newsletter.ingest.decoding import clean_line
from newsletter.ingest.drafting.draft import Draft
from newsletter.model.article import Article, Summary
from newsletter.model.finding import Finding, Severity
from newsletter.model.issue import Block, Story
from newsletter.model.text import Paragraph, Text
from newsletter.workflows.stories.story_sources import ARTICLE, source_of

MODEL = "D07 model"
NO_SENTENCE = "D02 summary"
METHOD = "model"


class SummaryWriter(Protocol):
    """What writes a summary from an article's words."""

    def write_summary(self, *, title: str, paragraphs: Sequence[str], language: str) -> str:
        """Return a text on the article.

        Raises:
            NewsletterError: there is none, with the reason as its sentence.
        """
        ...


def with_model_summaries(
    draft: Draft, articles: Mapping[int, Article], writer: SummaryWriter | None, *, language: str
) -> Draft:
    """Ask for each story's summary; the first failure ends the asking.

    Args:
        draft: with its extractive summaries.
        articles: by number, those chosen at least.
        writer: None where no model is set: the draft is given back as it is.
        language: of the newsletter.
    """
    if writer is None:
        return draft
    findings: list[Finding] = []
    written: dict[int, str] = {}
    for chosen in draft.chosen:
        article = articles[chosen.article]
        source = source_of(article, number=chosen.article)
        try:
            raw = writer.write_summary(
                title=article.title.value, paragraphs=source.body, language=language
            )
        except NewsletterError as error:
            reason = str(error).partition(";")[0]
            message = f"the model wrote no summaries from article {chosen.article} on: {reason}"
            findings.append(_finding(draft, message, article, Severity.WARNING))
            break
        text = clean_line(raw)
        wrong = _wrong_length(text) or "; ".join(
            f"{label}: {message}" for label, message in differences(text, source, language)
        )
        if wrong:
            message = f"the model's summary of article {chosen.article} was not taken: {wrong}"
            findings.append(_finding(draft, message, article, Severity.INFO))
        else:
            written[chosen.article] = text
    return _rewritten(draft, written, findings)


def _wrong_length(text: str) -> str:
    count = word_count(text)
    if FEWEST_WORDS <= count <= MOST_WORDS:
        return ""
    return f"it has {count} words, and {FEWEST_WORDS} to {MOST_WORDS} are wanted"


def _rewritten(draft: Draft, written: Mapping[int, str], findings: Sequence[Finding]) -> Draft:
    sections = tuple(
        replace(section, blocks=tuple(_block(block, written) for block in section.blocks))
        for section in draft.issue.sections
    )
    chosen = tuple(
        replace(story, summary=Summary(text=written[story.article], method=METHOD))
        if story.article in written
        else story
        for story in draft.chosen
    )
    missing = {f"article {story.article} " for story in chosen if story.article in written}
    kept = (
        finding
        for finding in draft.findings
        if finding.check != NO_SENTENCE or not any(name in finding.message for name in missing)
    )
    return replace(
        draft,
        issue=replace(draft.issue, sections=sections),
        chosen=chosen,
        findings=(*kept, *findings),
    )


def _block(block: Block, written: Mapping[int, str]) -> Block:
    if not isinstance(block, Story):
        return block
    number = dict(block.attributes).get(ARTICLE, "")
    text = written.get(int(number)) if number.isdecimal() else None
    if text is None:
        return block
    return replace(
        block,
        attributes=(*block.attributes, (SUMMARY_STATE, DRAFT)),
        summary=(Paragraph(children=(Text(text=text),)),),
    )


def _finding(draft: Draft, message: str, article: Article, severity: Severity) -> Finding:
    return Finding(
        check=MODEL,
        severity=severity,
        message=message,
        evidence=article.title.value,
        file=draft.issue.file,
        remedy="the summary in the source's own sentences stands",
    )
