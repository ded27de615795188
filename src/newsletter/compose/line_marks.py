"""Marks that carry template lines through Jinja into the rendered MJML, and their removal.

A mark is a run of Unicode noncharacters, which no content may hold: a file and a line. Template
text with markup gets one at its start and its end; text without any gets none, so that a template
can compare what ``{% set %}`` caught.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

UNKNOWN = "C01 unknown-mjml"
MISPLACED = "C02 misplaced-mjml"
GAP = "C03 mrml-gap"
WELL_FORMED = "C04 well-formed"
CRASH = "C05 compile-crash"
TEMPLATE = "C06 template"
UNSAFE = "C07 unsafe-template"
THEME = "C08 theme-css"

MAX_DEPTH = 64  # elements over the whole MJML document; MJML itself uses about 20
MAX_INLINE_DEPTH = 50  # HTML elements inside one block: lxml loses what is deeper than 255
MAX_FINDINGS = 50  # of one document; more would say the same again
MAX_REPEATS = 2_000  # of findings already told, after which nobody reads on

_OPEN, _MIDDLE, _COUNTING, _STILL = "\ufdd0", "\ufdd1", "\ufdd2", "\ufdd3"
_DIGITS = "".join(chr(0xFDE0 + value) for value in range(16))
_PLAIN = {ord(digit): f"{value:x}" for value, digit in enumerate(_DIGITS)}
_MARK = re.compile("\ufdd0([\ufde0-\ufdef]{1,4})\ufdd1([\ufde0-\ufdef]{1,6})([\ufdd2\ufdd3])")
_STRAY = re.compile("[\ufdd0-\ufdef]+")
_MARKUP = re.compile('[<>{}]|="')  # of a style block too
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A file as shown to the user and a line in it, counted from 1."""

    file: str
    line: int


class Marked:
    """Rendered text without its marks; where each character came from is worked out when asked."""

    def __init__(
        self, text: str, files: Sequence[str], marks: Sequence[re.Match[str]], *, own: int = 0
    ) -> None:
        self.text = text
        self._files = files
        self._own = own
        self._marks = marks
        self._offsets: list[int] = []  # of each mark's place in the text

    def place(self, offset: int) -> Place:
        """Return the template line that wrote the character at an offset of the text."""
        if len(self._offsets) < len(self._marks):
            self._work_out()
        index = bisect_right(self._offsets, offset) - 1
        while index >= 0 and _number(self._marks[index][1]) >= len(self._files):
            index -= 1  # a template made it up
        file, line, counting, begun = self._own, 1, True, 0
        if index >= 0:
            mark, begun = self._marks[index], self._offsets[index]
            file, line, counting = _number(mark[1]), _number(mark[2]), mark[3] == _COUNTING
        if counting:
            line += self.text.count("\n", begun, offset)
        return Place(file=self._files[file], line=line)

    def _work_out(self) -> None:
        removed = 0
        for mark in self._marks:
            start, end = mark.span()
            self._offsets.append(start - removed)
            removed += end - start


def clean_content(text: str) -> str:
    """Take from outside text what could be read as a mark or not be written as UTF-8."""
    if text.isascii():
        return text
    return _SURROGATE.sub("\ufffd", _STRAY.sub("", text))


def mark(text: str, *, file: int, line: int, always: bool = False) -> str:
    """Mark one piece of template text that begins on a line; one without markup only if always."""
    if not (always and text.strip()) and not _MARKUP.search(text):
        return text
    start = len(text) - len(text.lstrip())
    end = len(text.rstrip())
    first = line + text.count("\n", 0, start)
    last = line + text.count("\n")
    return (
        text[:start]
        + _written(file, first, _COUNTING)
        + text[start:end]
        + _written(file, last, _STILL)
        + text[end:]
    )


def read_marks(rendered: str, files: Sequence[str], *, own: str) -> Marked:
    """Take the marks out of a rendering; what bears none is laid to the file own."""
    text = _MARK.sub("", rendered)
    if _STRAY.search(text):  # a template that plays with marks: even the whole ones are not trusted
        return unmarked(_STRAY.sub("", text), own)
    first = files.index(own) if own in files else 0
    return Marked(text, files, tuple(_MARK.finditer(rendered)), own=first)


def unmarked(source: str, file: str) -> Marked:
    """Take a text as it stands in its file, line by line."""
    return Marked(source, (file,), ())


def last_place(rendered: str, files: Sequence[str]) -> Place | None:
    """Return the place of the last whole mark in a piece of a rendering."""
    last = None
    for found in _MARK.finditer(rendered):
        last = found
    if last is None or _number(last[1]) >= len(files):
        return None
    return Place(file=files[_number(last[1])], line=_number(last[2]))


def _written(file: int, line: int, kind: str) -> str:
    return f"{_OPEN}{_digits(file)}{_MIDDLE}{_digits(line)}{kind}"


def _digits(number: int) -> str:
    return "".join(_DIGITS[int(digit, 16)] for digit in f"{number:x}")


def _number(digits: str) -> int:
    return int(digits.translate(_PLAIN), 16)
