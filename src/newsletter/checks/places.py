"""Where something of the finished HTML was written: the template's line, and the issue's block."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from newsletter.checks.page import Page
from newsletter.checks.place import line_of_template, template_lines
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
    names the value or the class, else the one that wrote the element; where none can be told, the
    block's in the issue file stands in.
    """

    def __init__(self, made: Composition) -> None:
        self._made = made
        self._firsts = [span.first for span in made.composed.spans]
        self._read: tuple[tuple[str, int, str], ...] | None = None

    @property
    def page(self) -> Page:
        """The page that positions are of."""
        return self._made.page

    def of(self, at: int, *, values: Iterable[str] = (), names: Iterable[str] = ()) -> Place:
        """Return the place of an element, by its position.

        values are parts of its style as written, like #aaa or 6vw; names are properties that a
        rule for its classes would set.
        """
        span = self._span(at)
        block, line = span or ("", 0)
        written = self._in_templates(at, tuple(values), tuple(names))
        if written is not None:
            return Place(file=written[0], line=written[1], block=block)
        if not span:
            return Place(file=self._root() or self._made.file, line=0, block="")
        return Place(file=self._made.file, line=line, block=block)

    def of_css(self, css: str, offset: int) -> Place:
        """Return the place of an offset of a style block: the template line with the same words."""
        blocks = self._made.page.style.blocks
        number = next((at for at, one in enumerate(reversed(blocks), 1) if one.css == css), 0)
        wrote = self._made.wrote.style(css, number, offset)
        if wrote is not None:
            return Place(file=wrote[0], line=wrote[1], block="")
        start = css.rfind("\n", 0, offset) + 1
        end = css.find("\n", offset)
        line = css[start : end if end >= 0 else len(css)]
        # a template may compute a value: its selector tells the line then
        for words in map(_squeezed, (line, line.partition("{")[0] + "{" if "{" in line else "")):
            for name, number, text in self._lines() if words else ():
                if words in _squeezed(text) and "theme.css" not in name:  # it is no block
                    return Place(file=name, line=number, block="")
        return Place(file=self._root() or self._made.file, line=0, block="")

    def of_words(self, words: str) -> Place:
        """Return the place of words, or a piece of markup, as a template writes them."""
        wanted = _squeezed(words)
        for lines in (self._lines(), text_lines(self._made)):
            for name, number, text in lines if wanted else ():
                if wanted in _squeezed(text):
                    return Place(file=name, line=number, block="")
        return Place(file=self._root() or self._made.file, line=0, block="")

    def _span(self, at: int) -> tuple[str, int] | None:
        index = bisect_right(self._firsts, at) - 1
        if index < 0:
            return None
        span = self._made.composed.spans[index]
        return (span.name, span.line) if at < span.end else None

    def _root(self) -> str:
        name = f"{self._made.request.newsletter.template}.mjml.j2"
        return f"templates/{name}" if name in self._made.request.templates else ""

    def _lines(self) -> tuple[tuple[str, int, str], ...]:
        if self._read is None:
            self._read = tuple(template_lines(self._made))
        return self._read

    def _in_templates(
        self, at: int, values: tuple[str, ...], names: tuple[str, ...]
    ) -> tuple[str, int] | None:
        wrote = self._made.wrote.element(at)
        if wrote is not None and not values and not names:
            return wrote
        classes = tuple(self._classes_at(at))
        for value in values:
            if found := self._authored(at, value) or self._with_value(classes, value):
                return found
        return (
            self._with_name(at, classes, names)
            or wrote
            or next(self._with_its_words(at), None)  # a template wrote the words themselves
            or next((line for one in classes for line in self._with_class(one)), None)
        )

    def _authored(self, at: int, value: str) -> tuple[str, int] | None:
        """Return the line that wrote the element, or one around it, where it holds a value."""
        nodes = self._made.page.style.nodes
        for _ in range(_STEPS_UP):
            if at < 0:
                return None
            wrote = self._made.wrote.element(at)
            if wrote and _holds(line_of_template(self._made, wrote), value):
                return wrote
            at = nodes[at].parent
        return None

    def _with_value(self, classes: tuple[str, ...], value: str) -> tuple[str, int] | None:
        """Return the line that holds a value: the nearest class's, else the first."""
        lines = [one for one in self._lines() if _holds(one[2], value)]
        for name in classes:
            found = next((one for one in lines if name in _CLASS.findall(one[2])), None)
            if found:
                return found[:2]
        return lines[0][:2] if lines else None

    def _with_name(
        self, at: int, classes: tuple[str, ...], names: tuple[str, ...]
    ) -> tuple[str, int] | None:
        """Return the line that sets one of some properties: the element's own, else its class's."""
        wrote = self._made.wrote.element(at)
        own = (
            _squeezed(line_of_template(self._made, wrote)).partition('style="')[2] if wrote else ""
        )
        if wrote and any(f"{name}:" in own for name in names):
            return wrote
        for one in classes:
            for file, number, text in self._lines():
                if "theme." in file and one in _CLASS.findall(text.partition("{")[0]):
                    squeezed = _squeezed(text)
                    if any(f"{name}:" in squeezed for name in names):
                        return file, number
        return None

    def _with_its_words(self, at: int) -> Iterator[tuple[str, int]]:
        """Return lines that hold an element's own style, its address or its text, as written."""
        page = self._made.page
        node = page.style.nodes[at]
        texts = (piece.text for piece in page.style.texts() if piece.at == at)
        needles = [node.attributes.get(name, "") for name in ("style", "src", "href")]
        for needle in map(_squeezed, (*needles, next(texts, ""))):
            if len(needle) >= _TELLING:
                for name, number, text in self._lines():
                    if needle[:_LONGEST_NEEDLE] in _squeezed(text):
                        yield name, number

    def _with_class(self, name: str) -> Iterator[tuple[str, int]]:
        for file, number, text in self._lines():
            if name in _CLASS.findall(text):
                yield file, number

    def _classes_at(self, at: int) -> Iterator[str]:
        nodes = self._made.page.style.nodes
        for _ in range(_STEPS_UP):
            if at < 0:
                return
            yield from nodes[at].attributes.get("class", "").split()
            at = nodes[at].parent


def text_lines(made: Composition) -> Iterator[tuple[str, int, str]]:
    """Return file, number and text of each line of the text templates in use.

    They are the newsletter's own, which comes first, and those that one in use names.
    """
    sources = made.request.templates
    names = sorted(name for name in sources if name.endswith((".txt.j2", ".txt")))
    used = [f"{made.request.newsletter.template}.txt.j2"]
    for one in used:  # grows as it goes
        source = sources.get(one, "")
        named = (name for name in names if f'"{name}"' in source or f"'{name}'" in source)
        used += [name for name in named if name not in used]
    for name in [one for one in used if one in sources]:
        for number, text in enumerate(sources[name].split("\n"), 1):
            yield f"templates/{name}", number, text


def _holds(text: str, value: str) -> bool:
    """Return whether a line holds a value whole: 14 is not in 14px, and #abc not in #abcdef."""
    line, wanted = _squeezed(text).lower(), _squeezed(value).lower()
    at = line.find(wanted) if wanted else -1
    while at >= 0:
        end = at + len(wanted)
        after, before = line[end : end + 1], line[at - 1 : at] if at else ""
        whole_end = not (after.isalnum() or after in {"%", "."}) or not wanted[-1].isalnum()
        if (
            whole_end
            and not (before.isalnum() and wanted[0].isalnum())
            and before not in {".", "-"}
        ):
            return True
        at = line.find(wanted, at + 1)
    return False


def _squeezed(text: str) -> str:
    return "".join(text.split())
