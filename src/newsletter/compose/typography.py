"""Setting text: no widows in headings, no broken pieces in bylines, widths in columns."""

import re
import unicodedata
from collections.abc import Iterator

NBSP = "\N{NO-BREAK SPACE}"
WIDOW_WORDS = 3  # a headline of so many words or fewer is left alone
WIDOW_LETTERS = 9  # a longer last word would break the line too early on a phone
HELD_LETTERS = 16  # "14 min read"; a longer piece would leave a gap on a phone
HELD_AROUND = 24  # letters of the words before and after a dot; more would not fit a card
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
    """Keep the pieces of "a · b · c" so together that no dot begins or ends a line of it."""
    first, *others = [*line.split(DOT)[:-1], _whole(line.rsplit(DOT, maxsplit=1)[-1])]
    for piece in others:
        around = len(first.rpartition(" ")[2]) + len(piece.partition(" ")[0])
        dot = DOT.replace(" ", NBSP) if around <= HELD_AROUND else f"{NBSP}{DOT.lstrip()}"
        first = f"{first}{dot}{piece}"
    return first


def _whole(piece: str) -> str:
    return piece.replace(" ", NBSP) if len(piece) <= HELD_LETTERS else piece


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


LEFT_TO_RIGHT, RIGHT_TO_LEFT = "ltr", "rtl"
_OPENING = {
    LEFT_TO_RIGHT: "\N{LEFT-TO-RIGHT ISOLATE}",
    RIGHT_TO_LEFT: "\N{RIGHT-TO-LEFT ISOLATE}",
    "auto": "\N{FIRST STRONG ISOLATE}",
}
LONGEST = 40  # characters that are kept on one line of the text part
_CLOSING = "\N{POP DIRECTIONAL ISOLATE}"
_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_QUOTED = re.compile(
    r"(?<=\")[^\"\n]+(?=\")|(?<=“)[^“”\n]+(?=”)|(?<=«)[^«»\n]+(?=»)|(?<=„)[^„“”\n]+(?=[“”])"
)
_RIGHTWARD = frozenset({"R", "AL"})
_STRONG = _RIGHTWARD | {"L"}
_ISOLATES = frozenset({"LRI", "RLI", "FSI"})
_MARK = "\N{RIGHT-TO-LEFT MARK}"


def other_way(text: str, direction: str) -> str:
    """Return the direction of a text that runs wholly against the page's, "" for any other text."""
    if direction == LEFT_TO_RIGHT and text.isascii():
        return ""
    classes = {unicodedata.bidirectional(char) for char in text}
    leftward, rightward = "L" in classes, bool(classes & _RIGHTWARD)
    if leftward == rightward:
        return ""
    own = LEFT_TO_RIGHT if leftward else RIGHT_TO_LEFT
    return "" if own == direction else own


def runs_rightward(text: str) -> bool:
    """Return whether any letter of a text runs from right to left."""
    return not text.isascii() and any(
        unicodedata.bidirectional(char) in _RIGHTWARD for char in text
    )


def spanned(html: str, direction: str) -> str:
    """Isolate markup; direction may be "auto" for what nobody knows yet, "" leaves it alone."""
    return f'<span dir="{direction}">{html}</span>' if direction else html


def isolated(text: str, direction: str) -> str:
    """Isolate plain text; as spanned.

    A line's end closes every isolate, so it is kept on one line; what is too long is left alone.
    """
    if not direction or len(text) > LONGEST:
        return text
    return f"{_OPENING[direction]}{text.replace(' ', NBSP)}{_CLOSING}"


def enclosed(line: str, direction: str) -> str:
    """Isolate a whole line of the text part, however long; as spanned."""
    return f"{_OPENING[direction]}{line}{_CLOSING}" if direction and line else line


def led_rightward(text: str) -> str:
    """Let each line of a text part from right to left run so.

    A line's direction is that of its first letter (UAX 9, P2 and P3): a mark goes before others.
    """
    return "\n".join(
        f"{_MARK}{line}" if line and _leads_leftward(line) else line for line in text.split("\n")
    )


def _leads_leftward(line: str) -> bool:
    """Return whether a line, isolates apart, begins against its other letters or has none."""
    depth, first, rightward = 0, "", False
    for char in line:
        kind = unicodedata.bidirectional(char)
        if kind in _ISOLATES:
            depth += 1
        elif kind == "PDI":
            depth = max(depth - 1, 0)
        elif depth == 0 and kind in _STRONG:
            first = first or kind
            rightward = rightward or kind in _RIGHTWARD
    return (
        rightward and first == "L"
        if first
        else _ISOLATES.isdisjoint(map(unicodedata.bidirectional, line))
    )


def without_controls(text: str) -> str:
    """Drop what could end an isolate of ours, or turn the words after it."""
    return text if text.isascii() else _CONTROLS.sub("", text)


def quotations(text: str, direction: str) -> Iterator[tuple[str, str]]:
    """Cut a text at its quotations that run against the page: each piece, its direction or ""."""
    at = 0
    if direction == RIGHT_TO_LEFT or not text.isascii():
        for found in _QUOTED.finditer(text):
            way = other_way(found[0], direction)
            if way:
                yield text[at : found.start()], ""
                yield found[0], way
                at = found.end()
    yield text[at:], ""
