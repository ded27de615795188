"""The part of S07 that finds head lines and briefs which their slips made running text; pure.

A story's head ends at the first line that is none of it (the issue file's own rule), so one mark
left out turns the lines below it into summary.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from newsletter.checks.wording import plain, shorten, word_count
from newsletter.model.issue import Block, Briefs, Issue, Story, TextPassage
from newsletter.model.text import (
    Break,
    Emphasis,
    Inline,
    InlineImage,
    Link,
    ListBlock,
    Paragraph,
    Rule,
    Strong,
    Subheading,
    Text,
    TextBlock,
)

Told = tuple[int, str, str, str]
"""A line, what is wrong, the evidence, and what to write instead."""

LONGEST_LABEL = 6  # words of a line that may have been a kicker
LONGEST_BYLINE = 16  # words
_ENDS = re.compile(r"[.!?\u2026:;,\u061f\u06d4][\"'\u2019\u201d\u201c\u00bb)]*$")
_NAME = r"[^\W\d_a-zß-ÿ][\w'\u2019.-]{0,30}"
_BYLINE = re.compile(
    rf"(?:(?i:by|words by|par|von|por|gan) {_NAME}(?: {_NAME}){{1,3}}|بقلم(?: \w{{2,20}}){{2,4}})"
    rf"(?:(?:,| and| &| et| und| y| a| و) ?{_NAME}(?: {_NAME}){{1,3}})*"
    r"(?: ?[·•|,\u2013\u2014-] .+)?"
)
_OFFICE = re.compile(
    rf"(?=.*{_NAME} {_NAME})[^.!?]{{0,40}}\b(?i:correspondent|reporter|staff writer|news editor"
    r"|correspondante?|envoyée? spéciale?|korrespondent(?:in)?|redakteur(?:in)?|corresponsal"
    r"|enviad[oa] especial|gohebydd|مراسل\w{0,2})\b[^.!?]{0,40}"
)
_READING_TIME = re.compile(
    r".{3,120}[·•|,\u2013\u2014-] ?\d{1,2}[ -](?:min(?:ute)?s?\b(?: read)?|min\. lesezeit"
    r"|minuten(?: lesezeit)?|min(?:utes)? de lecture|min(?:utos)? de lectura|munud\b.{0,12}"
    r"|funud\b.{0,12}|دقائق.{0,8}|دقيقة.{0,8})\.?",
    re.IGNORECASE,
)
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|heic|tiff?)(?:[?#].*)?$", re.IGNORECASE)
_AFTER_LINK = re.compile(r"\s?[:\u2013\u2014-]\s")


def lost_heads(issue: Issue) -> Iterator[Told]:
    """Tell of head lines that stand in a summary, and of briefs that no dash makes one."""
    for blocks in (issue.opening, *(section.blocks for section in issue.sections)):
        for block in blocks:
            match block:
                case Story():
                    yield from _in_story(block)
                case TextPassage(blocks=texts):
                    yield from _underlined(texts)
                    yield from _in_lists(texts)
                    yield from _second_heads(
                        [
                            _Line(nodes=nodes, text=plain(nodes).strip(), line=line, is_whole=whole)
                            for nodes, line, whole in _lines(texts)
                        ]
                    )
                case _:
                    pass
        for above, below in pairwise(blocks):
            yield from _beside_briefs(above, below)
            if isinstance(below, Story):
                yield from _bold_heading(above)


def _in_story(story: Story) -> Iterator[Told]:
    yield from _underlined(story.summary)
    lines = [
        _Line(nodes=nodes, text=plain(nodes).strip(), line=line or story.line, is_whole=is_whole)
        for nodes, line, is_whole in _lines(story.summary)
    ]
    head = 0
    while head < len(lines) and lines[head].is_label():
        head += 1
    for at, one in enumerate(lines):
        kind = _kind(one, story)
        if kind and 0 < at <= head:
            yield (
                lines[0].line,
                f"{kind} stands in the summary, for the line above it ended the head",
                shorten(f"{lines[0].text} / {one.text or '![…]'}", 100),
                "write the kicker as **World**, and the head in the order attributes, kicker, "
                "image, byline",
            )
            return
        if kind and (at <= head or one.is_whole):
            yield (
                one.line,
                f"{kind} stands in the summary",
                shorten(one.text, 100) or "![…]",
                "write it right below the headline: **World**, ![…](https://…), *By Jane Doe*",
            )
            return
    yield from _second_heads(lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """One line of running text; is_whole: it is a paragraph of its own."""

    nodes: Sequence[Inline]
    text: str
    line: int
    is_whole: bool

    def is_label(self) -> bool:
        """Return whether it is short and ends in no mark, as a kicker without its stars does."""
        return 0 < word_count(self.text) <= LONGEST_LABEL and not _ENDS.search(self.text)

    def is_byline(self) -> bool:
        """Return whether it is worded as a byline."""
        bare = self.text.strip("*_- ")
        if word_count(bare) > LONGEST_BYLINE:
            return False
        return any(one.fullmatch(bare) for one in (_BYLINE, _READING_TIME, _OFFICE))

    def is_of_a_head(self) -> bool:
        """Return whether it is one link, one image or one strong span, or a heading as typed."""
        first = self.nodes[0] if len(self.nodes) == 1 else None
        return isinstance(first, Link | InlineImage | Strong) or self.text.startswith("#")


def _lines(blocks: Sequence[TextBlock]) -> Iterator[tuple[tuple[Inline, ...], int, bool]]:
    for block in blocks:
        if isinstance(block, Paragraph):
            lines = tuple(lines_of(block))
            yield from ((nodes, line, len(lines) == 1) for nodes, line in lines)
        elif isinstance(block, Subheading):
            yield block.children, block.line, True
        elif isinstance(block, ListBlock) and len(block.items) == 1:  # "* By Jane Doe"
            yield from _lines(block.items[0])


def _second_heads(lines: Sequence[_Line]) -> Iterator[Told]:
    """Tell of a head below which a byline stands, and which no ## opened."""
    begin = len(lines)
    for at, one in enumerate(lines):
        if one.is_byline() and begin < at:
            yield (
                lines[begin].line,
                "a story's head stands in the text above it, for no ## opens it",
                shorten(lines[begin].text or one.text, 100),
                "write its headline as ## [Headline](https://…)",
            )
            return
        if not one.is_of_a_head():
            begin = len(lines)
        elif begin == len(lines):
            begin = at


def _kind(one: _Line, story: Story) -> str:
    """Return which head line a line of a summary is; "" for none."""
    pictures = sum(isinstance(node, InlineImage) for node in one.nodes)
    if pictures == 1 and word_count(one.text) <= LONGEST_LABEL:
        return "" if story.image else "a picture"
    link = one.nodes[-1] if one.nodes else None
    if isinstance(link, Link) and _PICTURE.search(link.url):
        bang = one.nodes[0] if len(one.nodes) == 2 else None  # noqa: PLR2004 (mark and link)
        if len(one.nodes) == 1 or (isinstance(bang, Text) and bang.text.strip() == "!"):
            return "a link to a picture, as a picture without its !"
    is_text = all(isinstance(node, Text | Emphasis | Strong) for node in one.nodes)
    is_kicker = len(one.nodes) == 1 and isinstance(one.nodes[0], Strong)
    if story.byline or not is_text or is_kicker:
        return ""
    return "a byline" if one.is_byline() else ""


def _in_lists(blocks: Sequence[TextBlock]) -> Iterator[Told]:
    for block in blocks:
        if not isinstance(block, ListBlock):
            continue
        for item in block.items:
            first = item[0] if item else None
            if not isinstance(first, Paragraph):
                continue
            begins = [(nodes, line) for nodes, line in lines_of(first) if _begins_with_link(nodes)]
            if len(begins) > 1:
                nodes, line = begins[1]
                yield line, *_no_dash(nodes)


def _underlined(blocks: Sequence[TextBlock]) -> Iterator[Told]:
    """Tell of a heading that is underlined with dashes, which are a rule here."""
    for above, below in pairwise(blocks):
        if not isinstance(above, Paragraph) or not isinstance(below, Rule):
            continue
        nodes, line = tuple(lines_of(above))[-1]
        text = plain(nodes).strip()
        is_label = 0 < word_count(text) <= LONGEST_LABEL and not _ENDS.search(text)
        if line and below.line == line + 1 and is_label:
            told = "a line is underlined, as a heading is elsewhere; here that is a rule"
            yield line, told, text, "write # before it, and take the underline out"


def _bold_heading(above: Block) -> Iterator[Told]:
    """Tell of a bold line right before a story, as one writes a section's heading elsewhere."""
    blocks = above.summary if isinstance(above, Story) else ()
    blocks = above.blocks if isinstance(above, TextPassage) else blocks
    last = blocks[-1] if blocks else None
    if not isinstance(last, Paragraph) or len(last.children) != 1:
        return
    text = plain(last.children).strip()
    is_heading = isinstance(last.children[0], Strong) and not _ENDS.search(text)
    if is_heading and 0 < word_count(text) <= LONGEST_LABEL:
        told = "a bold line stands before a story, as a heading does"
        yield last.line, told, text, "write # before it, if it opens a section"


def _beside_briefs(above: Block, below: Block) -> Iterator[Told]:
    """Tell of a paragraph like a brief right above or below a list of briefs."""
    for one, other, at in ((above, below, -1), (below, above, 0)):
        if not isinstance(one, TextPassage) or not isinstance(other, Briefs) or not one.blocks:
            continue
        block = one.blocks[at]
        if isinstance(block, Paragraph) and _is_brief(block.children):
            yield block.line or one.line, *_no_dash(block.children)


def _no_dash(nodes: Sequence[Inline]) -> tuple[str, str, str]:
    told = "a line begins with a link as a brief does, and with no dash"
    return told, shorten(plain(nodes), 100), "write - before it"


def _begins_with_link(nodes: Sequence[Inline]) -> bool:
    return bool(nodes) and isinstance(nodes[0], Link)


def _is_brief(nodes: Sequence[Inline]) -> bool:
    return (
        len(nodes) > 1
        and isinstance(nodes[0], Link)
        and isinstance(nodes[1], Text)
        and _AFTER_LINK.match(nodes[1].text) is not None
    )


def lines_of(paragraph: Paragraph) -> Iterator[tuple[tuple[Inline, ...], int]]:
    """Return the inlines of each line of a paragraph with its line, 0 where none is known."""
    line, nodes = paragraph.line, list[Inline]()
    for child in (*paragraph.children, Break(hard=False)):
        if not isinstance(child, Break):
            nodes.append(child)
            continue
        seen = [one for one in nodes if not (isinstance(one, Text) and not one.text.strip())]
        yield tuple(seen), line
        line += paragraph.line > 0
        nodes = []
