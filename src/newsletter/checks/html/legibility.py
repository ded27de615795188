"""O08, O22 and O23: links that a finger hits, letters to read, nothing wider than a phone."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from newsletter.checks.html.sight import MOST_FINDINGS, listed
from newsletter.checks.page import PageLink
from newsletter.checks.place import place_of_style, tell
from newsletter.checks.request import Composition
from newsletter.checks.styles.look import Look
from newsletter.checks.styles.media import LIGHT, PHONE, View
from newsletter.checks.styles.style_of_page import Seen, letters_of
from newsletter.checks.wording import blocks_of, inlines, shorten, text_blocks
from newsletter.model.finding import Finding
from newsletter.model.text import Link

TAP_TARGET = "O08 tap-target"
TEXT_SIZE = "O22 text-size"
TOO_WIDE = "O23 too-wide"

LEAST_TAP = 44  # px; WCAG 2.2, success criterion 2.5.5, and what makers of phones advise
LEAST_SIZE = 12.0  # px; below it even capitals are hard to read
LEAST_RUNNING = 13.0  # px; phones enlarge what is smaller, and tear the layout
RUNNING = 100  # letters in one block, from which text is read rather than glanced at
_LETTER = 0.42  # of the size: narrower than the mean letter of any common face
_CONTENT = 1.15  # height of an inline box, of the size: Georgia 1.14, Helvetica and Arial 1.15
_SENTENCE_LETTERS, _SENTENCE_WORDS = 10, 2  # beside a link, from which it stands in running text
_ROUNDING = 0.5
_TALL = ("padding", "padding-top", "padding-bottom", "display", "line-height")


def tap_target(made: Composition) -> Iterator[Finding]:
    """O08: at 375px every link outside running text is 44px tall."""
    groups: dict[tuple[str | None, int], tuple[int, list[str]]] = {}
    for link, height in _small_links(made):
        key = (link.element.get("class"), round(height))
        words = shorten(link.text or link.url, 40)
        groups.setdefault(key, (made.page.style.at(link.element), []))[1].append(words)
    for (_, height), (at, texts) in islice(groups.items(), MOST_FINDINGS):
        yield tell(
            TAP_TARGET,
            place_of_style(made, at, names=_TALL),
            f"a link is hard to hit: {height}px tall on a phone",
            f"{LEAST_TAP}px are needed: {listed(texts)}",
            "give the link display: inline-block and padding above and below",
        )


def _small_links(made: Composition) -> Iterator[tuple[PageLink, float]]:
    """Return each small link with its height in px; those that the issue sets in text left out."""
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
        is_plain = looks[at].is_inline and not looks[at].pads("top", "bottom")
        around = beside.get(_block_of(made, looks, at), [])
        is_sentence = letters_of("".join(around)) >= _SENTENCE_LETTERS
        is_sentence = is_sentence and len(around) >= _SENTENCE_WORDS
        is_in_text = is_plain and (is_sentence or link.url in in_prose)
        height = heights.of_link(at) if link.text else None
        if not is_in_text and height and height < LEAST_TAP - _ROUNDING:
            yield link, height


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
    """O22: no letters are too small to read."""
    groups: dict[str, tuple[int, list[str]]] = {}
    told: set[int] = set()
    for block in (*_blocks(made, LIGHT), *_blocks(made, PHONE)):
        is_running = sum(seen.piece.letters for seen in block) >= RUNNING
        least = LEAST_RUNNING if is_running else LEAST_SIZE
        for seen in (one for one in block if one.piece.at not in told):
            at, look = seen.piece.at, seen.look
            is_raised = any(
                made.page.elements[one].tag in {"sub", "sup"} for one in made.page.style.around(at)
            )
            if look.size < least and not is_raised:
                told.add(at)
                size = f"{look.size:g}px"
                groups.setdefault(size, (at, []))[1].append(shorten(seen.piece.words, 60))
    for size, (at, texts) in islice(groups.items(), MOST_FINDINGS):
        yield tell(
            TEXT_SIZE,
            place_of_style(made, at, values=(size,)),
            f"letters of {size} are too small to read",
            listed(texts),
            f"set text in {LEAST_SIZE:g}px or more, running text in {LEAST_RUNNING:g}px",
        )


def too_wide(made: Composition) -> Iterator[Finding]:
    """O23: at 375px nothing makes the reader scroll sideways."""
    style, looks = made.page.style, made.page.style.looks(PHONE)
    needed = [_needed(str(one.tag), looks[at]) for at, one in enumerate(made.page.elements)]
    wide = (
        at
        for at, width in enumerate(needed)
        if width > PHONE.width
        and looks[at].is_seen
        and all(needed[one] != width for one in islice(style.around(at), 1, None))
    )
    for at in islice(wide, MOST_FINDINGS):
        own, width = looks[at].own, needed[at]
        parts = (f"{name}:{own[name]}" for name in ("width", "min-width") if name in own)
        yield tell(
            TOO_WIDE,
            place_of_style(made, at, values=(f"{width:g}px",)),
            f"something is {width:g}px wide on a phone of {PHONE.width}px",
            f"<{made.page.elements[at].tag}> {shorten('; '.join(parts), 60)}",
            "write width: 100% and max-width in its place",
        )


def _blocks(made: Composition, view: View) -> Iterable[Sequence[Seen]]:
    looks = made.page.style.looks(view)
    blocks: dict[int, list[Seen]] = {}
    for seen in made.page.style.seen(view):
        blocks.setdefault(_block_of(made, looks, seen.piece.at), []).append(seen)
    return blocks.values()


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
