"""Whether the quotations of a text stand word for word in its source; pure."""

import re

from newsletter.checks.wording import folded, holds

FEWEST_CHARACTERS = 3

# A straight single mark inside a word is an apostrophe; so is a closing one after an s.
_QUOTED = re.compile(
    '\u201c([^\u201c\u201d]*)\u201d|\u201e([^\u201e\u201c\u201d"]*)[\u201c\u201d"]'
    '|\u00ab([^\u00ab\u00bb]*)\u00bb|"([^"]*)"'
    # as German books and papers have them; a French closing mark has a space before it
    "|(?<![^\\s(\\[])\u00bb(?=\\S)([^\u00ab\u00bb]*)(?<=\\S)\u00ab"
    "|\u201a([^\u201a\u2018\u2019]*)\u2018|\u2039([^\u2039\u203a]*)\u203a"
    "|(?<![^\\s(\\[])\u203a(?=\\S)([^\u2039\u203a]*)(?<=\\S)\u2039"
    "|(?<!\\w)\u2018((?:[^\u2018\u2019]|\u2019(?=\\w))*)\u2019(?!\\w)"
    "|(?<!\\w)'((?:[^']|'(?=\\w))*)'(?!\\w)"
)
_LEFT_OUT = re.compile(r"\.\.\.|\u2026|\[[^\]]*\]")
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
_MARK = re.compile("[\"'\u00ab\u00bb\u2039\u203a]")
_EDGES = " .,;:!?-"


def quotations_in(text: str) -> tuple[str, ...]:
    """Return what stands in quotation marks, without them, in order."""
    return tuple(
        inner.strip()
        for found in _QUOTED.finditer(text)
        if (inner := next(group for group in found.groups() if group is not None)).strip()
    )


def absent_quotations(text: str, source: str) -> tuple[str, ...]:
    """Return the quotations of a text, of three characters and more, that its source does not hold.

    Marks, letter case and the stop at the end do not count; what is left out by "…" or put into
    brackets parts a quotation, and its parts have to follow one another.
    """
    there = unmarked(source)
    return tuple(
        dict.fromkeys(
            quoted
            for quoted in quotations_in(text)
            if len(quoted) >= FEWEST_CHARACTERS and not _is_held(quoted, there)
        )
    )


def unmarked(text: str) -> str:
    """Fold a text and take its quotation marks and apostrophes out."""
    return " ".join(_MARK.sub(" ", _APOSTROPHE.sub("", folded(text))).split())


def _is_held(quoted: str, there: str) -> bool:
    for part in _LEFT_OUT.split(quoted):
        words = unmarked(part).strip(_EDGES)
        if not words:
            continue
        if not holds(there, words):
            return False
        there = there[there.find(words) :] if _LEFT_OUT.search(quoted) else there
    return True
