"""Where sentences end, and the words that hedge them."""

import re
import tomllib
from bisect import bisect_left
from functools import lru_cache
from importlib.resources import files

_ENDS = re.compile("[.!?\u2026]+|[\u3002\uff01\uff1f]+")
_QUOTATIONS = tuple(
    re.compile(pattern)
    for pattern in (
        "\u201c[^\u201c\u201d]*\u201d",
        "\u00ab[^\u00ab\u00bb]*\u00bb",
        "\u201e[^\u201e\u201c]*\u201c",
        # German books and papers turn them; a French closing mark has a space before it.
        r"(?<![^\s(\[])\u00bb(?=\S)[^\u00ab\u00bb]*(?<=\S)\u00ab",
    )
)
_CLOSERS = "\"'\u201d\u2019\u00bb\u00ab\u201c)]"
_OPENERS = "\"'\u201c\u201e\u2018\u201a\u00ab\u00bb([\u00bf\u00a1"
_WORD_BEFORE = re.compile(r"[\w.&-]{1,24}$")
_WORD_BEFORE_WITHIN = 24
_WORD_AFTER = re.compile(r"[\w\u2019'-]{1,24}")


_WORDS = {
    kind: frozenset(words.split())
    for kind, words in tomllib.loads(
        files("newsletter.model").joinpath("sentences.toml").read_text("utf-8")
    ).items()
}
_SAYS = re.compile(
    r"(?:[\w\u2019'.-]{1,24}\s){1,3}"
    r"(?:said|says|asked|asks|added|adds|told|replied|wrote|tweeted|cried|shouted)\b"
)
_SAYS_WITHIN = 120


@lru_cache(maxsize=2048)  # many checks go through the same paragraphs
def split_sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Return (start, end) of each sentence, in order; no quotation is cut inside."""
    quoted = _quoted_ranges(text)
    spans: list[tuple[int, int]] = []
    start = _skip_space(text, 0)
    position = 0
    for found in _ENDS.finditer(text):
        if found.start() < position:
            continue
        end = found.end()
        while end < len(text) and text[end] in _CLOSERS:
            end += 1
        position = end
        if end >= len(text) or not _ends_here(text, found, start, end) or _within(quoted, end):
            continue
        spans.append((start, end))
        start = _skip_space(text, end)
    if start < len(text.rstrip()):
        spans.append((start, len(text.rstrip())))
    return tuple(spans)


def _ends_here(text: str, mark: "re.Match[str]", start: int, end: int) -> bool:
    if mark[0][0] in "\u3002\uff01\uff1f":
        return True
    if not text[end].isspace():
        return False
    following = _skip_space(text, end)
    first = text[following] if following < len(text) else ""
    while first and first in _OPENERS:
        following += 1
        first = text[following] if following < len(text) else ""
    if not first or first.islower():
        return False
    if mark[0] != ".":
        is_quoted = end > mark.end()
        said = _SAYS.match(text, following, following + _SAYS_WITHIN)
        return not (is_quoted and said)
    if end > mark.end():
        return True
    return _is_full_stop(text, mark.start(), start, following)


def _is_full_stop(text: str, dot: int, start: int, following: int) -> bool:
    """Return whether one dot without a closing mark ends a sentence rather than an abbreviation."""
    before = _WORD_BEFORE.search(text, max(start, dot - _WORD_BEFORE_WITHIN), dot)
    word = before[0].casefold() if before else ""
    after = _WORD_AFTER.match(text, following)
    next_word = after[0].casefold() if after else ""
    if word in _WORDS["titles"]:
        return False
    if word in _WORDS["before_figures"]:
        return not next_word[:1].isdigit()
    is_initial = len(word) == 1 and word.isalpha() and before is not None and before[0].isupper()
    if is_initial:
        return (
            len(next_word) > 1 and next_word in _WORDS["starters"]
        )  # "plan B. The", not "J. A. Smith"
    if word in _WORDS["either"] or re.fullmatch(r"(?:[a-z]\.)+[a-z]", word):
        return next_word in _WORDS["starters"] or text[following - 1] in _OPENERS
    return not (word.isdigit() and before is not None and before.start() == start)


def _quoted_ranges(text: str) -> list[tuple[int, int]]:
    """Return the ranges of whole quotations; a mark without its partner counts for nothing."""
    ranges: list[tuple[int, int]] = []
    for pattern in _QUOTATIONS:
        ranges += [(found.start(), found.end()) for found in pattern.finditer(text)]
    straight = [index for index, char in enumerate(text) if char == '"']
    if len(straight) % 2 == 0:
        ranges += [
            (first, last + 1) for first, last in zip(straight[::2], straight[1::2], strict=True)
        ]
    return sorted(ranges)


def _within(ranges: list[tuple[int, int]], position: int) -> bool:
    """Return whether the position is inside a range; ranges are in order and barely overlap."""
    last = bisect_left(ranges, (position, 0))
    return any(start < position < end for start, end in ranges[max(0, last - 3) : last])


def _skip_space(text: str, position: int) -> int:
    while position < len(text) and text[position].isspace():
        position += 1
    return position


_CLAIMED_OTHERWISE = (  # "claimed twelve lives", "claim for damages", "insurance claims"
    r"(?!(?:ed|s)?\s+(?:[\w-]+\s+){0,3}(?:lives|life|victory|responsibility|benefits?|asylum"
    r"|damages|compensation|credit)\b)"
)

_HEDGED = re.compile(
    r"\b(?:reportedly|allegedly|supposedly|purportedly|apparently|unconfirmed|rumou?red"
    r"|reports? (?:say|suggest|claim)|reports? of|report(?:s|ed)?(?: [\w-]+){0,6} that|claim"
    + _CLAIMED_OTHERWISE
    + r"(?:s|ed|ing)?|alleged|alleges?|allegations?|according to|suspected"
    r"|said to(?! (?:reporters|journalists|me|him|her|them|us)\b)"
    r"|(?:assum|believ|suspect|presum)(?:e|es|s|ed) (?:that|the|it|he|she|they|there)"
    r"|accus(?:ed|es|ing)|believed to|understood to|thought to|reported to(?! police))\b",
    re.IGNORECASE,
)


def is_hedged(text: str) -> bool:
    """Return whether the text marks what it says as somebody's report or claim."""
    return _HEDGED.search(text) is not None
