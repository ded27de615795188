"""The words that templates say themselves, as they stand in their files, with file and line.

What an expression gives is not theirs. The files are read as text and not rendered, so that the
line is exact; those that had no part in the page are left out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import unescape

from newsletter.checks.place import template_lines
from newsletter.checks.places import text_lines
from newsletter.checks.request import Composition
from newsletter.checks.wording import SLOT_MARK

_EXPRESSION = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_UNSEEN = re.compile(
    r"\{#.*?#\}|\{%.*?%\}|<!--.*?-->|<mj-(style|attributes)\b.*?</mj-\1\s*>", re.DOTALL
)
_RAW = re.compile(r"\{%-?\s*raw\s*-?%\}(.*?)\{%-?\s*endraw\s*-?%\}", re.DOTALL)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_INLINE = re.compile(r"</?(?:a|b|i|em|strong|span|u|small|sub|sup|br)\b[^<>]*>", re.IGNORECASE)
_BETWEEN = "\x1f"  # parts two texts; a line feed parts nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWords:
    """Words between two block tags, or a line of a text template.

    An expression within is SLOT_MARK. of_text is for the text part.
    """

    text: str
    file: str
    line: int
    of_text: bool = False


def own_words(made: Composition) -> Iterator[OwnWords]:
    """Return the words of every template that the mail is made with, file by file."""
    for file, source in _sources(made):
        yield from _words_in(file, source)


@lru_cache(maxsize=64)  # several checks read them, and templates change seldom
def _words_in(file: str, source: str) -> tuple[OwnWords, ...]:
    return tuple(_read_words(file, source))


def _read_words(file: str, source: str) -> Iterator[OwnWords]:
    is_text = ".txt" in file
    cut = _RAW.sub(lambda raw: re.sub(r"[^\n]", " ", raw[0]), source)
    cut = _UNSEEN.sub(lambda found: _blank(found[0]), cut)
    cut = _EXPRESSION.sub(lambda found: SLOT_MARK + "\n" * found[0].count("\n"), cut)
    if not is_text:
        cut = _INLINE.sub(lambda found: " " + "\n" * found[0].count("\n"), cut)
        cut = _TAG.sub(lambda found: _blank(found[0]), cut)
    line = 1
    for piece in re.split(f"[{_BETWEEN}]" if not is_text else r"(?<=\n)", cut):
        words = " ".join((piece if is_text else unescape(piece)).split())
        first = line + piece[: len(piece) - len(piece.lstrip())].count("\n")
        if any(map(str.isalnum, words)):
            yield OwnWords(text=words, file=file, line=first, of_text=is_text)
        line += piece.count("\n")


def _blank(found: str) -> str:
    return _BETWEEN + "\n" * found.count("\n")


def _sources(made: Composition) -> Iterator[tuple[str, str]]:
    """Return the sources of the HTML templates in use, then of the text templates."""
    if not made.wrote.files:
        return
    known = made.request.templates
    html = dict.fromkeys(name for name, _, _ in template_lines(made) if "theme." not in name)
    text = dict.fromkeys(name for name, _, _ in text_lines(made))
    for name in (*html, *text):
        yield name, known[_bare(name)]


def _bare(name: str) -> str:
    return name.removeprefix("templates/")
