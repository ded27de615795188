"""The part of S28 that finds what a line begins with that was meant as markup; pure.

Word processors write "•" for a list and "—-" for a rule; a dash without a space makes no item.
"""

import re

from newsletter.checks.written import Field, Written

_PROSE = frozenset({Field.SUMMARY, Field.BRIEF, Field.EDITOR, Field.TEXT})
_BULLET = re.compile(r"^[•·●▪■◦‣\u2043∙○▫][ \t]?(?=\S)", re.MULTILINE)
_NO_SPACE = re.compile(r"^-(?=[^\W\d_]{2})", re.MULTILINE)
# A star of a list; a note below a text has its like in the text.
_STAR = re.compile(r"\A[^*]*\n\*(?=[^\W\d_])[^*\n]*(?=\n|\Z)")
_SPACED = re.compile(r"^\d{1,2} [.)] ?(?=[^\W\d_])", re.MULTILINE)
_NUMBERS = re.compile(r"^\d{1,2}[.)](?=[^\W\d_]{2}).*\n(?:.*\n)?\d{1,2}[.)] ?(?=\S)", re.MULTILINE)
_DASHES = re.compile(r"^[\u2013\u2014] .*\n(?:.*\n)?[\u2013\u2014] (?=\S)", re.MULTILINE)
_UNDERLINE = re.compile(r"^(?:={2,}|-{2}|[\u2013\u2014]-+|-+[\u2013\u2014])$", re.MULTILINE)
_QUOTE = re.compile(r"^> ?(?=[^\W\d_]|[\"\u201c\u201e\u00ab\u2018'])", re.MULTILINE)
_LOOKS = (
    (_BULLET, "has a list's mark as typed", "write - and a space before each item"),
    (_NO_SPACE, "has a list's dash without a space", "write - and a space before each item"),
    (
        _SPACED,
        "has a list's number with a space behind it",
        "write 1. and a space before each item",
    ),
    (_NUMBERS, "has a list's numbers without a space", "write 1. and a space before each item"),
    (_DASHES, "has dashes for a list, which runs on in one line", "write - before each item"),
    (_UNDERLINE, "has an underline as typed", "write # before a heading, and *** for a rule"),
    (_QUOTE, "has a quotation's mark as typed", "begin the line with > and nothing before it"),
)


def line_start(one: Written) -> tuple[str, int, str, str] | None:
    """Return such a mark, its place, what it is, and what to write instead; None for none."""
    if one.field not in _PROSE:
        return None
    if hit := _STAR.search(one.text):
        at = hit[0].rindex("\n*") + 1
        return "*", at, "has a list's star without a space", "write * and a space before each item"
    for pattern, message, remedy in _LOOKS:
        if hit := pattern.search(one.text):
            return hit[0], hit.start(), message, remedy
    return None
