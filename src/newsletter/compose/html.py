"""A tree of text blocks as safe HTML: our tags, escaped text, checked addresses, classes."""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import assert_never
from urllib.parse import quote, urlsplit, urlunsplit

import idna

from newsletter.compose.typography import (
    LEFT_TO_RIGHT,
    RIGHT_TO_LEFT,
    other_way,
    quotations,
    spanned,
    without_widow,
)
from newsletter.model.text import (
    Break,
    CodeBlock,
    CodeSpan,
    Emphasis,
    Inline,
    InlineImage,
    Link,
    ListBlock,
    Paragraph,
    Quote,
    Rule,
    SlotRef,
    Strong,
    Subheading,
    Text,
    TextBlock,
    clean_line,
    clean_text,
)

LINK_SCHEMES = frozenset({"http", "https", "mailto"})
IMAGE_SCHEMES = frozenset({"http", "https"})
DEEPEST_HEADING = 6
# What may stand in an address unchanged; % is kept so that encoded addresses stay as they are.
_URL_SAFE = "%/:?#[]@!$&'()*+,;=-._~"
# Blocks within blocks and inline within inline; the MJML compiler and lxml lose what is deeper
# than a few hundred elements.
DEEPEST = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlStyle:
    """How blocks are set: name begins every class, heading the level above, slot makes tokens."""

    name: str
    heading: int
    direction: str
    slot: Callable[[SlotRef], str]


def blocks_html(blocks: tuple[TextBlock, ...], style: HtmlStyle) -> str:
    """Set the blocks one after another; the last one carries the class ``end``.

    Headings skip no level. A last paragraph that is wholly emphasised is a signature.
    """
    return _Writer(style).blocks(blocks, depth=0)


def safe_url(url: str, schemes: frozenset[str] = LINK_SCHEMES) -> str:
    """Return an address as ASCII for an attribute, before escaping; "" where it may not stand."""
    text = clean_line(url)
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        return ""
    if parts.scheme not in schemes:
        return ""
    if parts.scheme == "mailto":
        return quote(text, safe=_URL_SAFE) if "@" in parts.path else ""
    if not host or "\\" in text:
        return ""
    if not host.isascii():
        try:
            label = idna.encode(host, uts46=True).decode("ascii")
        except idna.IDNAError:
            return ""
        text = urlunsplit(parts._replace(netloc=parts.netloc.replace(host, label)))
    return quote(text, safe=_URL_SAFE)


def headline_html(headline: str, direction: str = LEFT_TO_RIGHT) -> str:
    """Escape a headline without a widow; one that runs against the page is isolated."""
    line = clean_line(headline)
    return spanned(escape(without_widow(line)), other_way(line, direction))


class _Writer:
    def __init__(self, style: HtmlStyle) -> None:
        self._style = style
        self._above = style.heading

    def blocks(self, blocks: tuple[TextBlock, ...], *, depth: int) -> str:
        if depth > DEEPEST:
            return ""
        last = len(blocks) - 1
        return "".join(
            self._block(block, end=index == last, depth=depth) for index, block in enumerate(blocks)
        )

    def _block(  # noqa: PLR0911 (one a kind)
        self, block: TextBlock, *, end: bool, depth: int
    ) -> str:
        kind = self._style.name
        tail = " end" if end else ""
        match block:
            case Paragraph(children=(Emphasis(children=words),)) if end and depth == 0:
                way = self._way(words)
                return f'<p class="sign end"{way}>{self.inline(words, depth=1)}</p>'
            case Paragraph():
                way = self._way(block.children)
                words_ = self.inline(block.children, depth=depth)
                return f'<p class="{kind}{tail}"{way}>{words_}</p>'
            case Subheading():
                level = min(self._style.heading + block.level - 2, self._above + 1, DEEPEST_HEADING)
                self._above = level
                words_ = self.inline(block.children, depth=depth)
                way = self._way(block.children)
                return f'<h{level} class="sub{tail}"{way}>{words_}</h{level}>'
            case ListBlock():
                return self._list(block, tail=tail, depth=depth)
            case Quote():
                inner = self.blocks(block.blocks, depth=depth + 1)
                return (
                    f'<blockquote class="quote-{self._style.direction}{tail}">{inner}</blockquote>'
                )
            case CodeBlock():
                text = escape(clean_text(block.text, keep_lines=True).strip("\n"))
                return f'<pre class="code{tail}"{self._typed_way}>{text}</pre>'
            case Rule():
                return f'<p class="dinkus{tail}">* * *</p>'
            case _:
                assert_never(block)

    def _list(self, block: ListBlock, *, tail: str, depth: int) -> str:
        tag = "ul" if block.start is None else "ol"
        start = "" if block.start in (None, 1) else f' start="{block.start}"'
        items = "".join(
            f'<li class="{self._style.name}-item">{self._item(item, depth=depth)}</li>'
            for item in block.items
        )
        return f'<{tag} class="list-{self._style.direction}{tail}"{start}>{items}</{tag}>'

    def _item(self, item: tuple[TextBlock, ...], *, depth: int) -> str:
        """A list item of one paragraph is set without it: tight, as most lists are meant."""
        match item:
            case (Paragraph(children=words),):
                inner = self.inline(words, depth=depth + 1)
                return spanned(inner, other_way(_letters(words), self._style.direction))
            case _:
                return self.blocks(item, depth=depth + 1)

    @property
    def _typed_way(self) -> str:
        """Programs and file names run from left to right in every language."""
        return ' dir="ltr"' if self._style.direction == RIGHT_TO_LEFT else ""

    def _way(self, children: tuple[Inline, ...]) -> str:
        way = other_way(_letters(children), self._style.direction)
        return f' dir="{way}"' if way else ""

    def inline(self, children: tuple[Inline, ...], *, depth: int) -> str:
        if depth > DEEPEST:
            return ""
        return "".join(self._inline(child, depth=depth) for child in children)

    def _inline(self, child: Inline, *, depth: int) -> str:  # noqa: PLR0911 (one a kind)
        match child:
            case Text():
                said = clean_text(child.text.replace("\n", " "))
                pieces = quotations(said, self._style.direction)
                return "".join(spanned(escape(piece), way) for piece, way in pieces)
            case CodeSpan():
                text = escape(clean_text(child.text))
                return f'<code class="typed"{self._typed_way}>{text}</code>'
            case SlotRef():
                return self._style.slot(child)
            case Break():
                return "<br />" if child.hard else " "
            case Emphasis():
                return f"<em>{self.inline(child.children, depth=depth + 1)}</em>"
            case Strong():
                return f"<strong>{self.inline(child.children, depth=depth + 1)}</strong>"
            case Link():
                words = self.inline(child.children, depth=depth + 1)
                url = safe_url(child.url)
                return f'<a class="link" href="{escape(url)}">{words}</a>' if url else words
            case InlineImage():
                alt = escape(clean_line(child.alt))
                url = safe_url(child.url, IMAGE_SCHEMES)
                return f'<img class="inset" src="{escape(url)}" alt="{alt}" />' if url else alt
            case _:
                assert_never(child)


def _letters(children: tuple[Inline, ...], depth: int = 0) -> str:
    if depth > DEEPEST:
        return ""
    pieces: list[str] = []
    for child in children:
        match child:
            case Text():
                pieces.append(child.text)
            case Emphasis() | Strong() | Link():
                pieces.append(_letters(child.children, depth + 1))
            case _:
                pass
    return " ".join(pieces)
