"""Where something of the finished HTML was written: the template's line, and the issue's block."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from newsletter.checks.page import Page
from newsletter.checks.place import template_lines
from newsletter.checks.request import Composition

_STEPS_UP = 6  # around an element: further up, a class says nothing about it
_TELLING, _LONGEST_NEEDLE = 8, 60  # characters of markup that tell one line from others
_CLASS = re.compile(r"""(?:^|["'\s.])([\w-]+)(?=["'\s.,:{>)]|$)""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A file and line as a finding names them; block is the issue's, "" outside all."""

    file: str
    line: int
    block: str


class Places:
    """Finds places for one composition; the templates' lines are read when first asked for.

    Content sets no style, so a fault of style was written by a template. Its line is the one that
    names the value or the class; where none can be told, the block's in the issue file stands in.
    """

    def __init__(self, made: Composition) -> None:
        self._made = made
        self._firsts = [span.first for span in made.composed.spans]
        self._lines: dict[str, list[tuple[str, int, str]]] | None = None

    @property
    def page(self) -> Page:
        """The page that positions are of."""
        return self._made.page

    def of(self, at: int, *, values: Iterable[str] = ()) -> Place:
        """Give the place of an element, by its position, whose style holds values like #aaa."""
        span = self._span(at)
        block, line = span or ("", 0)
        written = self._in_templates(at, tuple(values))
        if written is not None:
            return Place(file=written[0], line=written[1], block=block)
        if not span:
            return Place(file=self._root() or self._made.file, line=0, block="")
        return Place(file=self._made.file, line=line, block=block)

    def of_css(self, css: str, offset: int) -> Place:
        """Give the place of an offset of a style block: the template line with the same words."""
        start = css.rfind("\n", 0, offset) + 1
        end = css.find("\n", offset)
        line = css[start : end if end >= 0 else len(css)]
        # a template may compute a value: its selector tells the line then
        for words in map(_squeezed, (line, line.partition("{")[0] + "{" if "{" in line else "")):
            for name, number, text in template_lines(self._made) if words else ():
                if words in _squeezed(text) and "theme.css" not in name:  # it is no block
                    return Place(file=name, line=number, block="")
        return Place(file=self._root() or self._made.file, line=0, block="")

    def of_words(self, words: str) -> Place:
        """Give the place of words, or a piece of markup, as a template writes them."""
        wanted = _squeezed(words)
        for lines in (template_lines(self._made), self._text_lines()):
            for name, number, text in lines if wanted else ():
                if wanted in _squeezed(text):
                    return Place(file=name, line=number, block="")
        return Place(file=self._root() or self._made.file, line=0, block="")

    def _text_lines(self) -> Iterator[tuple[str, int, str]]:
        for name, source in self._made.request.templates.items():
            if name.endswith((".txt.j2", ".txt")):
                for number, text in enumerate(source.split("\n"), 1):
                    yield f"templates/{name}", number, text

    def block_of(self, at: int) -> str:
        """Name the block of the issue that an element stands in, "" outside all."""
        span = self._span(at)
        return span[0] if span else ""

    def _span(self, at: int) -> tuple[str, int] | None:
        index = bisect_right(self._firsts, at) - 1
        if index < 0:
            return None
        span = self._made.composed.spans[index]
        return (span.name, span.line) if at < span.end else None

    def _root(self) -> str:
        name = f"{self._made.request.newsletter.template}.mjml.j2"
        return f"templates/{name}" if name in self._made.request.templates else ""

    def _in_templates(self, at: int, values: tuple[str, ...]) -> tuple[str, int] | None:
        names = list(self._classes_at(at))
        for value in values:
            lines = self._all().get(value.lower(), [])
            for name in names:
                found = next((one for one in lines if name in _CLASS.findall(one[2])), None)
                if found:
                    return found[:2]
            if lines:
                return lines[0][:2]
        words = next(self._with_its_words(at), None)
        if words is not None:  # a template wrote the words themselves
            return words
        for name in names:
            for found in self._all().get(f".{name}", []):
                return found[:2]
        return None

    def _with_its_words(self, at: int) -> Iterator[tuple[str, int]]:
        """Give lines that hold an element's own style, its address or its text, as written."""
        page = self._made.page
        node = page.style.nodes[at]
        texts = (piece.text for piece in page.style.texts() if piece.at == at)
        needles = [node.attributes.get(name, "") for name in ("style", "src", "href")]
        for needle in map(_squeezed, (*needles, next(texts, ""))):
            if len(needle) >= _TELLING:
                for name, number, text in self._each_line():
                    if needle[:_LONGEST_NEEDLE] in _squeezed(text):
                        yield name, number

    def _classes_at(self, at: int) -> Iterator[str]:
        nodes = self._made.page.style.nodes
        for _ in range(_STEPS_UP):
            if at < 0:
                return
            yield from sorted(nodes[at].classes)
            at = nodes[at].parent

    def _all(self) -> dict[str, list[tuple[str, int, str]]]:
        """Give file, number and text of the lines that hold a word; ".name" for a class."""
        if self._lines is None:
            self._lines = {}
            for name, number, text in self._each_line():
                for word in set(re.findall(r"#[0-9a-fA-F]{3,8}\b|\d+(?:px|em|%)", text)):
                    self._lines.setdefault(word.lower(), []).append((name, number, text))
                for word in set(_CLASS.findall(text)):
                    self._lines.setdefault(f".{word}", []).append((name, number, text))
        return self._lines

    def _each_line(self) -> Iterator[tuple[str, int, str]]:
        yield from template_lines(self._made)


def _squeezed(text: str) -> str:
    return "".join(text.split())
