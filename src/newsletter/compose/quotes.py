"""Typographic quotation marks and apostrophes in the words of an issue, by its language."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from newsletter.config.languages import base_of
from newsletter.model.issue import Block, Brief, Briefs, EditorMessage, Issue, Story, TextPassage
from newsletter.model.text import (
    Break,
    Emphasis,
    Inline,
    InlineImage,
    Link,
    ListBlock,
    Paragraph,
    Quote,
    Strong,
    Subheading,
    Text,
    TextBlock,
)


class Marks(NamedTuple):
    """Opening and closing marks, of a quotation and of one inside it."""

    opening: str
    closing: str
    inner_opening: str
    inner_closing: str


APOSTROPHE = "’"
_ENGLISH, _GERMAN = Marks("“", "”", "‘", "’"), Marks("„", "“", "‚", "‘")
_SPANISH, _RUSSIAN = Marks("«", "»", "“", "”"), Marks("«", "»", "„", "“")
_POLISH, _SWEDISH = Marks("„", "”", "‚", "’"), Marks("”", "”", "’", "’")
MARKS: Mapping[str, Marks] = {
    **dict.fromkeys(("en", "cy", "ga", "gd", "nl", "pt-br"), _ENGLISH),
    **dict.fromkeys(("de", "cs", "sk", "sl", "is", "lt", "bg", "et"), _GERMAN),
    **dict.fromkeys(("es", "it", "ca", "pt", "el"), _SPANISH),
    **dict.fromkeys(("ru", "uk", "be"), _RUSSIAN),
    **dict.fromkeys(("pl", "ro", "hu", "hr"), _POLISH),
    **dict.fromkeys(("sv", "fi"), _SWEDISH),
    **dict.fromkeys(("nb", "nn", "no"), Marks("«", "»", "‘", "’")),
    **dict.fromkeys(("de-ch", "de-li", "fr-ch"), Marks("«", "»", "‹", "›")),
    "fr": Marks("«\N{NO-BREAK SPACE}", "\N{NO-BREAK SPACE}»", "“", "”"),
}
_STRAIGHT = re.compile("[\"']")
_BEFORE_OPENING = frozenset("([{<-–—/=“„‘‚«‹¿¡")
_INNER_END = re.compile(r"\S'(?!\w)")


def with_quotes(issue: Issue, language: str) -> Issue:
    """Return the issue with the marks that its language prints."""
    tag = language.lower()
    marks = MARKS.get(tag) or MARKS.get(base_of(tag))
    if marks is None:
        return issue
    sections = tuple(
        replace(
            section,
            heading=line_with_quotes(section.heading, marks),
            blocks=_of_issue(section.blocks, marks),
        )
        for section in issue.sections
    )
    return replace(issue, opening=_of_issue(issue.opening, marks), sections=sections)


def line_with_quotes(line: str, marks: Marks) -> str:
    """Return a line of plain text with typographic marks."""
    return _Paragraph(marks).text(line)


def _of_issue(blocks: Iterable[Block], marks: Marks) -> tuple[Block, ...]:
    return tuple(_block_of_issue(block, marks) for block in blocks)


def _block_of_issue(block: Block, marks: Marks) -> Block:
    match block:
        case Story():
            image = block.image
            return replace(
                block,
                headline=line_with_quotes(block.headline, marks),
                kicker=line_with_quotes(block.kicker, marks),
                image=image and replace(image, alt=line_with_quotes(image.alt, marks)),
                byline=line_with_quotes(block.byline, marks),
                summary=_of_text(block.summary, marks),
            )
        case Briefs():
            return replace(block, items=tuple(_brief(item, marks) for item in block.items))
        case EditorMessage():
            return replace(block, body=_of_text(block.body, marks))
        case TextPassage():
            return replace(block, blocks=_of_text(block.blocks, marks))
        case _:  # a callout says what its file says
            return block


def _brief(brief: Brief, marks: Marks) -> Brief:
    headline, text = (line_with_quotes(line, marks) for line in (brief.headline, brief.text))
    return replace(brief, headline=headline, text=text)


def _of_text(blocks: Iterable[TextBlock], marks: Marks) -> tuple[TextBlock, ...]:
    return tuple(_text_block(block, marks) for block in blocks)


def _text_block(block: TextBlock, marks: Marks) -> TextBlock:
    match block:
        case Paragraph() | Subheading():
            return replace(block, children=_Paragraph(marks).inline(block.children))
        case ListBlock():
            return replace(block, items=tuple(_of_text(item, marks) for item in block.items))
        case Quote():
            return replace(block, blocks=_of_text(block.blocks, marks))
        case _:
            return block


class _Paragraph:
    def __init__(self, marks: Marks) -> None:
        self._marks = marks
        self._before = " "
        self._is_quoting = self._is_quoting_inside = False

    def inline(self, children: tuple[Inline, ...]) -> tuple[Inline, ...]:
        return tuple(map(self._inline, children))

    def _inline(self, child: Inline) -> Inline:
        match child:
            case Text():
                return replace(child, text=self.text(child.text))
            case Emphasis() | Strong() | Link():
                return replace(child, children=self.inline(child.children))
            case Break():
                self._before = " "
            case InlineImage():
                child = replace(child, alt=line_with_quotes(child.alt, self._marks))
                self._before = "x"
            case _:  # code, or a reader's value
                self._before = "x"
        return child

    def text(self, text: str) -> str:
        pieces: list[str] = []
        at = 0
        for found in _STRAIGHT.finditer(text):
            here = found.start()
            if here > at:
                self._before = text[here - 1]
            mark = self._mark(found[0], text[here:])
            pieces += (text[at:here], mark)
            self._before = mark[0] if mark.strip() else mark
            at = found.end()
        pieces.append(text[at:])
        if at < len(text):
            self._before = text[-1]
        return "".join(pieces)

    def _mark(self, typed: str, rest: str) -> str:
        marks, before, after = self._marks, self._before, rest[1:2]
        begins = before.isspace() or before in _BEFORE_OPENING
        if typed == '"':
            if before.isdigit() and not self._is_quoting:
                return typed  # inches
            self._is_quoting = begins
            return marks.opening if begins else marks.closing
        if before.isdigit() and not (after.isalpha() or self._is_quoting_inside):
            return typed  # feet
        if begins and not after.isdigit() and after.strip() and _INNER_END.search(rest, 1):
            self._is_quoting_inside = rest[:3] != "'n'"
            return marks.inner_opening if self._is_quoting_inside else APOSTROPHE
        if self._is_quoting_inside and not after.isalnum():
            self._is_quoting_inside = False
            return marks.inner_closing
        return APOSTROPHE
