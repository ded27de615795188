"""The part of S30 that finds brackets and quotation marks without their other half; pure."""

import re
from collections.abc import Iterator

# What stands between quotation marks, of English, German and French.
QUOTED = re.compile(
    r"\"[^\"\n]{0,600}\"|\u201c[^\u201d\n]{0,600}\u201d|\u201e[^\u201c\n]{0,600}\u201c"
    r"|\u00ab[^\u00bb\n]{0,600}\u00bb|\u2018[^\u2019\n]{0,300}\u2019"
)
_OPENERS = {"(": ")", "[": "]", "\u201c": "\u201d", "\u201e": "\u201c"}
_FOOTNOTE = re.compile(r"(?<=[\w.,!?\"'\u201d]) ?\[(?:\d{1,3}|citation needed)\]")
# A German opening mark with a closing one of a typewriter: careless, and yet a pair.
_LOW_AND_STRAIGHT = re.compile('\u201e[^\u201e\u201c\u201d"]{0,600}"')


def odd_quotes(text: str) -> Iterator[tuple[str, int, str, str]]:
    """Return what is wrong with the quotation marks of a text: message, place, words, remedy."""
    if hit := _FOOTNOTE.search(text):
        yield "holds the mark of a footnote", hit.start(), hit[0], "take it out"
    if (at := _lone_mark(text)) >= 0:
        yield "has a quotation mark without its other half", at, text[at], "pair it"
        return
    text = _LOW_AND_STRAIGHT.sub(lambda pair: " " * len(pair[0]), text)
    is_odd = text.count('"') % 2 and not re.search(r'\d"', text)
    if is_odd or (text.count("\u201c") != text.count("\u201d") and "\u201e" not in text):
        at = max(text.rfind('"'), text.rfind("\u201c"), text.rfind("\u201d"))
        yield "has a quotation mark without its other half", at, text[at], "pair it"


def _lone_mark(text: str) -> int:
    """Return the place of a « or „ that nothing in the text closes, or of a lone »; -1 for none.

    Quotations within one another may share their last mark, so only a kind that is absent counts.
    """
    if ("\u00ab" in text) != ("\u00bb" in text):
        return max(text.find("\u00ab"), text.find("\u00bb"))
    if "\u201e" in text and not any(mark in text for mark in '\u201c\u201d"'):
        return text.index("\u201e")
    return -1


def open_bracket(text: str) -> int:
    """Return the place of a round bracket that is never closed; -1 for none.

    A face such as ":(" is none, and an aside may be longer than a paragraph.
    """
    waiting: list[int] = []
    for at, char in enumerate(text):
        if char == "(" and not re.search(r"[:;=8][-'o]?$", text[max(0, at - 2) : at]):
            waiting.append(at)
        elif char == ")" and waiting:
            waiting.pop()
    return waiting[0] if waiting else -1


def unpaired(text: str) -> int:
    """Return the place of a bracket or quotation mark without its other half; -1 for none."""
    if (at := _lone_mark(text)) >= 0:
        return at
    waiting: list[tuple[str, int]] = []
    for at, char in enumerate(text):
        if waiting and char == waiting[-1][0]:
            waiting.pop()
        elif char in _OPENERS and not (char == "\u201c" and waiting and waiting[-1][0] == "\u201c"):
            waiting.append((_OPENERS[char], at))
        elif char in ")]" and not re.search(
            r"(?:^|\s)\w{1,3}$|[:;][-']?$", text[max(0, at - 8) : at]
        ):
            return at  # "a) first" and ":)" are none
    if waiting:
        return waiting[0][1]
    return text.index('"') if text.count('"') % 2 and not re.search(r'\d"', text) else -1
