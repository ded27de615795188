"""Words of one direction among words of the other, set so that nothing around them moves.

By the Unicode Bidirectional Algorithm (UAX 9) a full stop after a Latin title in Arabic text goes
to the wrong end, and a number beside an address changes places with it. The cure is an isolate. In
HTML it is a span with ``dir``, which mail programs keep, Gmail and Outlook among them (caniemail,
html-dir), while they drop ``bdi`` (html-bdi); ``dir`` on a link goes wrong in Outlook, so it never
stands there. In the text part it is the characters U+2066 to U+2069; content itself cannot bring
any (they are dropped from it).

Text in both directions is left as the page runs: an Arabic headline that begins with a Latin name
is an Arabic headline.
"""

import re
import unicodedata
from collections.abc import Iterator

from newsletter.compose.typography import NBSP

LEFT_TO_RIGHT, RIGHT_TO_LEFT = "ltr", "rtl"
_OPENING = {
    LEFT_TO_RIGHT: "\N{LEFT-TO-RIGHT ISOLATE}",
    RIGHT_TO_LEFT: "\N{RIGHT-TO-LEFT ISOLATE}",
    "auto": "\N{FIRST STRONG ISOLATE}",
}
LONGEST = 40  # characters that are kept on one line of the text part
_CLOSING = "\N{POP DIRECTIONAL ISOLATE}"
_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_QUOTED = re.compile(r"(?<=\")[^\"\n]+(?=\")|(?<=“)[^“”\n]+(?=”)|(?<=«)[^«»\n]+(?=»)")
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

    A line's end closes every isolate, so what is isolated is kept on one line, by no-break spaces;
    what is too long for that is left alone.
    """
    if not direction or len(text) > LONGEST:
        return text
    return f"{_OPENING[direction]}{text.replace(' ', NBSP)}{_CLOSING}"


def enclosed(line: str, direction: str) -> str:
    """Isolate a whole line of the text part, however long; as spanned."""
    return f"{_OPENING[direction]}{line}{_CLOSING}" if direction and line else line


def led_rightward(text: str) -> str:
    """Let each line of a text part from right to left run so.

    Programs show each line as a paragraph of its own, whose direction is that of its first letter
    (UAX 9, P2 and P3), and left to right where it has none. A mark goes before a line in this
    page's letters that begins with a Latin name, and before one of strokes.
    """
    return "\n".join(
        f"{_MARK}{line}" if line and _leads_leftward(line) else line for line in text.split("\n")
    )


def _leads_leftward(line: str) -> bool:
    """Return whether a line's first letter runs against its others, or it has no letter at all.

    What stands in an isolate does not count.
    """
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
    """Cut a text at its quotations that run against the page: each piece and its direction or "".

    A quotation's own full stop and question mark stay with its last word so.
    """
    at = 0
    if direction == RIGHT_TO_LEFT or not text.isascii():
        for found in _QUOTED.finditer(text):
            way = other_way(found[0], direction)
            if way:
                yield text[at : found.start()], ""
                yield found[0], way
                at = found.end()
    yield text[at:], ""
