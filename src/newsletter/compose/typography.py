"""Setting text: no widows in headings, no broken pieces in bylines, widths on a fixed-width page.

Which characters may be set at all is newsletter.model.text's; standing words are in words.py.
"""

import re
import unicodedata

NBSP = "\N{NO-BREAK SPACE}"
WIDOW_WORDS = 3  # a headline of so many words or fewer is left alone
WIDOW_LETTERS = 9  # a longer last word would break the line too early on a phone
HELD_LETTERS = 16  # "Example News", "14 min read"; a longer piece would leave a gap on a phone
DOT = " \N{MIDDLE DOT} "

# What may take another width than one column; Latin letters and usual punctuation do not.
_ODD = re.compile("[\xad\u0300-\u200f\u2028-\u202e\u2030-\U0010ffff]")


def without_widow(headline: str) -> str:
    """Join the last two words of a headline by U+00A0 where the last would stand alone."""
    words = headline.split(" ")
    if len(words) <= WIDOW_WORDS or not 0 < len(words[-1]) <= WIDOW_LETTERS:
        return headline
    head, _, last = headline.rpartition(" ")
    return f"{head}{NBSP}{last}"


def held(line: str) -> str:
    """Keep the short pieces of a line "a · b · c" whole, and each dot at the end of its line."""
    pieces = [
        piece.replace(" ", NBSP) if len(piece) <= HELD_LETTERS else piece
        for piece in line.split(DOT)
    ]
    return f"{NBSP}{DOT.lstrip()}".join(pieces)


def columns(text: str) -> int:
    """How many columns of a fixed-width page the text takes: wide characters two, marks none."""
    if text.isascii() or not _ODD.search(text):
        return len(text)
    width = 0
    for char in text:
        if unicodedata.combining(char) or unicodedata.category(char) in {"Mn", "Me", "Cf"}:
            continue
        width += 2 if unicodedata.east_asian_width(char) in "WF" else 1
    return width
