"""Everything an editor wrote into an issue, field by field, as a reader is shown it.

Alternative texts, addresses and placed callouts are fields too; code, which may show anything, is
left out.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from newsletter.checks.wording import blocks_of, inlines, paragraphs, plain, text_blocks
from newsletter.model.callout import Callout, CalloutUse
from newsletter.model.issue import Block, Briefs, CalloutRef, EditorMessage, Issue, Story
from newsletter.model.text import InlineImage, Link, TextBlock


class Field(StrEnum):
    """What of an issue a text is, as a sentence names it."""

    SUBJECT = "the subject"
    PREHEADER = "the preheader"
    SECTION = "a section heading"
    HEADLINE = "a headline"
    KICKER = "a kicker"
    BYLINE = "a byline"
    ALT = "an alternative text"
    SUMMARY = "a summary"
    BRIEF = "a brief"
    EDITOR = "the editor's message"
    CALLOUT = "a callout"
    TEXT = "a text"
    LINK = "a link"
    PICTURE = "a picture's address"


ADDRESSES = frozenset({Field.LINK, Field.PICTURE})
RUNNING = frozenset(Field) - ADDRESSES - {Field.ALT}
ONE_LINE = frozenset(
    {Field.SUBJECT, Field.PREHEADER, Field.SECTION, Field.HEADLINE, Field.KICKER, Field.BYLINE}
    | {Field.ALT}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One field: its text has a line feed where the source has a line end.

    file is "" for the issue itself.
    """

    field: Field
    text: str
    line: int
    file: str = ""


def fields_of(issue: Issue, callouts: Iterable[CalloutUse]) -> Iterator[Written]:
    """Return each field of an issue that is not empty, in the order of the file.

    Those of the callouts that it places follow.
    """
    yield from (one for one in _of_issue(issue) if one.text.strip())
    placed = {block.name for block in blocks_of(issue) if isinstance(block, CalloutRef)}
    for use in callouts:
        if use.callout.name in placed:
            yield from (one for one in _of_callout(use.callout) if one.text.strip())


def _of_issue(issue: Issue) -> Iterator[Written]:
    for field, key, text in (
        (Field.SUBJECT, "subject", issue.subject),
        (Field.PREHEADER, "preheader", issue.preheader),
    ):
        yield Written(field=field, text=text, line=issue.line_of(key))
    for block in issue.opening:
        yield from _of_block(block)
    for section in issue.sections:
        yield Written(field=Field.SECTION, text=section.heading, line=section.line)
        for block in section.blocks:
            yield from _of_block(block)


def _of_block(block: Block) -> Iterator[Written]:
    field = Field.TEXT
    match block:
        case Story():
            field, line = Field.SUMMARY, block.line
            yield Written(field=Field.HEADLINE, text=block.headline, line=line)
            yield Written(field=Field.LINK, text=block.url, line=line)
            yield Written(field=Field.KICKER, text=block.kicker, line=block.line_of("kicker"))
            if block.image is not None:
                at = block.image.line or line
                yield Written(field=Field.ALT, text=block.image.alt, line=at)
                yield Written(field=Field.PICTURE, text=block.image.url, line=at)
            yield Written(field=Field.BYLINE, text=block.byline, line=block.line_of("byline"))
        case Briefs(items=items):
            for item in items:
                yield Written(field=Field.HEADLINE, text=item.headline, line=item.line)
                yield Written(field=Field.LINK, text=item.url, line=item.line)
                yield Written(field=Field.BRIEF, text=item.text, line=item.line)
        case CalloutRef():
            field = Field.CALLOUT
        case EditorMessage():
            field = Field.EDITOR
        case _:
            pass
    yield from _of_text(text_blocks(block), field, block.line)


def _of_text(blocks: Iterable[TextBlock], field: Field, above: int) -> Iterator[Written]:
    blocks = tuple(blocks)
    for children, line in paragraphs(blocks):
        yield Written(field=field, text=plain(children, code=False), line=line or above)
    for inline, line in inlines(blocks):
        if isinstance(inline, Link):
            yield Written(field=Field.LINK, text=inline.url, line=line or above)
        elif isinstance(inline, InlineImage):
            yield Written(field=Field.ALT, text=inline.alt, line=line or above)
            yield Written(field=Field.PICTURE, text=inline.url, line=line or above)


def _of_callout(callout: Callout) -> Iterator[Written]:
    for text in (callout.heading, callout.button_text, callout.link_text):
        yield Written(field=Field.CALLOUT, text=text, line=0, file=callout.file)
    for url in (callout.donation_url, callout.info_url):
        yield Written(field=Field.LINK, text=url, line=0, file=callout.file)
    yield from (replace(one, file=callout.file) for one in _of_text(callout.body, Field.CALLOUT, 0))
