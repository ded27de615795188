"""O08, O22 and O23: links that a finger hits, letters to read, nothing wider than a phone."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from newsletter.checks.html.sight import MOST_FINDINGS, listed
from newsletter.checks.page import PageLink
from newsletter.checks.place import place_of_style, tell
from newsletter.checks.request import Composition
from newsletter.checks.styles.look import NORMAL_LINE, SMALLEST_SEEN, Look
from newsletter.checks.styles.media import LIGHT, PHONE, View
from newsletter.checks.styles.style_of_page import Seen, letters_of
from newsletter.checks.wording import blocks_of, inlines, shorten, text_blocks
from newsletter.model.finding import Finding
from newsletter.model.text import Link

TAP_TARGET = "O08 tap-target"
TEXT_SIZE = "O22 text-size"
TOO_WIDE = "O23 too-wide"

LEAST_TAP = 44  # px; WCAG 2.2, success criterion 2.5.5, and what makers of phones advise
LEAST_PICTURE = 24  # px of width: WCAG 2.2, success criterion 2.5.8
LEAST_SIZE = 12.0  # px; below it even capitals are hard to read
LEAST_RUNNING = 13.0  # px; phones enlarge what is smaller, and tear the layout
LEAST_LINE, MOST_LINE = 1.15, 3.0  # of the size; a number without px, as 25, is 25 times it
LEAST_SHORT_LINE = 0.95  # of the size, for what is short and still takes two lines on a phone
RUNNING = 100  # letters in one block, from which text is read rather than glanced at
_LETTER = 0.42  # of the size: narrower than the mean letter of any common face
_MEAN_LETTER = 0.5
_CONTENT = 1.15  # height of an inline box, of the size: Georgia 1.14, Helvetica and Arial 1.15
_SENTENCE_LETTERS, _SENTENCE_WORDS = 10, 2  # beside a link, from which it stands in running text
_ROUNDING = 0.5
_BREAKS = re.compile(r"[\s\-/?&\u200b\u00ad]+")
_MAY_BREAK = frozenset({"break-word", "break-all", "anywhere"})
_TALL = ("padding", "padding-top", "padding-bottom", "display", "line-height")


@dataclass(slots=True)
class _Block:
    """The pieces of text in one block element, and how many letters they have together."""

    at: int
    letters: int = 0
    pieces: list[Seen] = field(default_factory=list)


def tap_target(made: Composition) -> Iterator[Finding]:
    """O08: at 375px every link outside running text is 44px tall."""
    groups: dict[tuple[str | None, int, str], tuple[int, list[str]]] = {}
    for link, size, side in _small_links(made):
        key = (link.element.get("class"), round(size), side)
        words = shorten(link.text or link.url, 40)
        groups.setdefault(key, (made.page.style.at(link.element), []))[1].append(words)
    for (_, size, side), (at, texts) in islice(groups.items(), MOST_FINDINGS):
        needed = LEAST_TAP if side == "tall" else LEAST_PICTURE
        yield tell(
            TAP_TARGET,
            place_of_style(made, at, names=_TALL),
            f"a link is hard to hit: {size}px {side} on a phone",
            f"{needed}px are needed: {listed(texts)}",
            "give the link display: inline-block and padding above and below",
        )


def _small_links(made: Composition) -> Iterator[tuple[PageLink, float, str]]:
    """Return each small link with its size in px; those that the issue sets in text left out."""
    style, looks = made.page.style, made.page.style.looks(PHONE)
    blocks = blocks_of(made.request.issue)
    texts = (inline for block in blocks for inline, _ in inlines(text_blocks(block)))
    in_prose = {one.url for one in texts if isinstance(one, Link)}
    beside = _words_beside_links(made, looks)
    heights = _Heights(made, looks)
    for link in made.page.links:
        at = style.at(link.element)
        if not looks[at].is_seen:
            continue
        pictures = list(link.element.iter("img"))
        if len(pictures) == 1 and not "".join(map(str, link.element.itertext())).strip():
            width = pictures[0].get("width") or ""
            cell = next(link.element.iterancestors("td", "p", "div"), link.element)
            pads = sum(looks[one].pads("left", "right") for one in (at, style.at(cell)))
            if width.isdecimal() and 0 < int(width) < LEAST_PICTURE and not pads:
                yield link, float(width), "wide"
        is_plain = looks[at].is_inline and not looks[at].pads("top", "bottom")
        around = beside.get(_block_of(made, looks, at), [])
        is_sentence = letters_of("".join(around)) >= _SENTENCE_LETTERS
        is_sentence = is_sentence and len(around) >= _SENTENCE_WORDS
        is_in_text = is_plain and (is_sentence or link.url in in_prose)
        height = heights.of_link(at) if link.text else None
        if not is_in_text and height and height < LEAST_TAP - _ROUNDING:
            yield link, height, "tall"


def _words_beside_links(made: Composition, looks: Sequence[Look]) -> Mapping[int, list[str]]:
    """Return for each block element the words in it that are in no link."""
    beside: dict[int, list[str]] = {}
    for piece in made.page.style.texts:
        around = made.page.style.around(piece.at)
        if looks[piece.at].is_seen and all(made.page.elements[one].tag != "a" for one in around):
            words = [word for word in piece.text.split() if letters_of(word)]
            beside.setdefault(_block_of(made, looks, piece.at), []).extend(words)
    return beside


class _Heights:
    """The least heights that a browser would give; letters are counted, no layout is done."""

    def __init__(self, made: Composition, looks: Sequence[Look]) -> None:
        self._page = made.page
        self._looks = looks
        self._has_text = {piece.at for piece in made.page.style.texts}

    def of_link(self, at: int) -> float | None:
        """Return the height of a link's box; None where a picture decides it."""
        pictures = self._page.elements[at].iter("img")
        if any(self._of_picture(self._page.style.at(one)) is None for one in pictures):
            return None
        look = self._looks[at]
        words = " ".join("".join(map(str, self._page.elements[at].itertext())).split())
        lines = math.ceil(len(words) * _LETTER * look.size / look.screen)
        return self._height(at) + (max(lines, 1) - 1) * look.line

    def _of_picture(self, at: int) -> float | None:
        look, stated = self._looks[at], self._page.elements[at].get("height") or ""
        is_fixed = stated.isdecimal() and not look.own.get("width", "%").endswith("%")
        return float(stated) if is_fixed else look.length("height")

    def _height(self, at: int) -> float:
        look, element = self._looks[at], self._page.elements[at]
        if not look.is_seen:
            return 0.0
        if element.tag == "img":
            return (self._of_picture(at) or 0.0) + look.pads("top", "bottom")
        line = look.size * _CONTENT if look.is_inline else look.line
        inner = line if at in self._has_text else 0.0
        below = 0.0
        for child in element.iterchildren("*"):
            position = self._page.style.at(child)
            height = self._height(position)
            if self._looks[position].display in {"block", "table", "table-row"}:
                below += height
            elif height:
                inner = max(inner, height, line)
        height = inner + below + look.pads("top", "bottom")
        if look.is_inline:
            return height if inner + below else 0.0
        return max(height, look.length("height") or 0.0, look.length("min-height") or 0.0)


def text_size(made: Composition) -> Iterator[Finding]:
    """O22: no letters are too small to read, and lines stand apart."""
    small: dict[float, tuple[int, list[str]]] = {}
    lines: dict[float, tuple[int, list[str]]] = {}
    told: set[tuple[int, float]] = set()
    for block in (*_blocks(made, LIGHT), *_blocks(made, PHONE)):
        least = LEAST_RUNNING if block.letters >= RUNNING else LEAST_SIZE
        first = block.pieces[0]
        factor = round(first.look.line / first.look.size, 2)
        faults = [(small, one, one.look.size) for one in block.pieces if one.look.size < least]
        if not _stands_apart(block, factor):
            faults.append((lines, first, factor))
        for groups, seen, number in faults:
            at = seen.piece.at
            is_raised = groups is small and any(
                made.page.elements[one].tag in {"sub", "sup"} for one in made.page.style.around(at)
            )
            if (at, number) not in told and not is_raised:
                told.add((at, number))
                words = shorten(seen.piece.words, 60)
                groups.setdefault(number, (at, []))[1].append(words)
    for size, (at, texts) in islice(small.items(), MOST_FINDINGS):
        yield tell(
            TEXT_SIZE,
            place_of_style(made, at, values=(f"{size:g}px",)),
            f"letters of {size:g}px are too small to read",
            listed(texts),
            f"set them in {LEAST_SIZE:g}px or more, running text in {LEAST_RUNNING:g}px",
        )
    for factor, (at, texts) in islice(lines.items(), MOST_FINDINGS):
        how = "close" if factor < MOST_LINE else "far from each other"
        yield tell(
            TEXT_SIZE,
            place_of_style(made, at, names=("line-height",)),
            f"lines stand too {how}: {factor:g} of the letters' size",
            listed(texts),
            "give a headline a line-height of 1.1 to 1.3 times its font-size, running text"
            " 1.4 to 1.6, in px",
        )


def _stands_apart(block: _Block, factor: float) -> bool:
    """Return whether a block's lines have room: what is short counts where a phone breaks it."""
    look = block.pieces[0].look
    if look.line_factor == NORMAL_LINE:
        return True
    is_broken = block.letters * _MEAN_LETTER * look.size > PHONE.width
    if block.letters >= RUNNING:
        return LEAST_LINE <= factor <= MOST_LINE
    return not is_broken or LEAST_SHORT_LINE <= factor <= MOST_LINE


def too_wide(made: Composition) -> Iterator[Finding]:
    """O23: at 375px nothing makes the reader scroll sideways."""
    yield from islice(_too_wide(made), MOST_FINDINGS)


def _too_wide(made: Composition) -> Iterator[Finding]:
    style, looks = made.page.style, made.page.style.looks(PHONE)
    needed = [_needed(str(one.tag), looks[at]) for at, one in enumerate(made.page.elements)]
    for at, width in enumerate(needed):
        if width <= PHONE.width or not looks[at].is_seen or _is_clipped(looks[at]):
            continue
        if all(needed[one] != width for one in list(style.around(at))[1:]):
            own = looks[at].own
            parts = (f"{name}:{own[name]}" for name in ("width", "min-width") if name in own)
            yield tell(
                TOO_WIDE,
                place_of_style(made, at, values=(f"{width:g}px",)),
                f"something is {width:g}px wide on a phone of {PHONE.width}px",
                f"<{made.page.elements[at].tag}> {shorten('; '.join(parts), 60)}",
                "write width: 100% and max-width in its place",
            )
    for seen in style.seen(PHONE):
        longest = _unbroken(made, seen)
        width = len(longest) * _LETTER * seen.look.size
        if width > PHONE.width:
            yield tell(
                TOO_WIDE,
                place_of_style(made, seen.piece.at),
                "words that cannot be broken are wider than a phone",
                f"about {width:.0f}px: “{shorten(longest, 60)}”",
                "let them break (word-break: break-word), or write them shorter",
            )


def _blocks(made: Composition, view: View) -> Sequence[_Block]:
    looks = made.page.style.looks(view)
    blocks: dict[int, _Block] = {}
    for seen in made.page.style.seen(view):
        at = _block_of(made, looks, seen.piece.at)
        block = blocks.setdefault(at, _Block(at))
        block.letters += seen.piece.letters
        block.pieces.append(seen)
    return list(blocks.values())


def _block_of(made: Composition, looks: Sequence[Look], at: int) -> int:
    """Return the nearest element around that is no part of a line."""
    return next((one for one in made.page.style.around(at) if not looks[one].is_inline), 0)


def _needed(tag: str, look: Look) -> float:
    """Return the px below which an element cannot shrink by its own styles; 0 where it can."""
    width = look.length("width") or 0.0
    if tag in {"td", "th", "tr", "col", "body", "html"} or look.display in {"inline", "table-cell"}:
        width = width if tag == "img" else 0.0  # cells shrink with their table
    most = look.own.get("max-width", "none")
    if most.endswith("%") or "calc(" in most:
        width = 0.0
    elif most != "none":
        width = min(width, look.length("max-width") or width)
    return max(width, look.length("min-width") or 0.0)


def _is_clipped(look: Look) -> bool:
    node = look.around
    while node is not None:
        if node.own.get("overflow-x") in {"hidden", "auto", "scroll", "clip"}:
            return True
        node = node.around
    return False


def _unbroken(made: Composition, seen: Seen) -> str:
    """Return the longest piece of a text that no line break divides, "" where all may break."""
    look, text = seen.look, seen.piece.text
    space = look.inherited("white-space")
    cells = (made.page.elements[one] for one in made.page.style.around(seen.piece.at))
    may_break = {look.inherited(name) for name in ("word-break", "overflow-wrap", "word-wrap")}
    if _is_clipped(look) or look.size <= SMALLEST_SEEN:
        return ""
    if space == "nowrap" or (not space and any(one.get("nowrap") is not None for one in cells)):
        return seen.piece.words
    if space == "pre":
        return max(text.split("\n"), key=len)
    return "" if may_break & _MAY_BREAK else max(_BREAKS.split(text), key=len)
