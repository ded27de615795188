"""O22, O23 and O24: letters large enough, nothing wider than a phone, lines not too long."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from newsletter.checks.html.sight import MOST_FINDINGS, around, listed
from newsletter.checks.places import Place, Places
from newsletter.checks.request import Composition
from newsletter.checks.styles.boxes import LETTER
from newsletter.checks.styles.look import NORMAL_LINE, SMALLEST_SEEN, Look
from newsletter.checks.styles.media import LIGHT, PHONE, WIDE, View
from newsletter.checks.styles.style_of_page import Seen
from newsletter.checks.wording import shorten
from newsletter.model.finding import Finding, Severity

TEXT_SIZE = "O22 text-size"
TOO_WIDE = "O23 too-wide"
LINE_LENGTH = "O24 line-length"

LEAST_SIZE = 12.0  # px; below it even capitals are hard to read
LEAST_RUNNING = 13.0  # px; phones enlarge what is smaller, and tear the layout
LEAST_LINE = 1.15  # of the size
LEAST_SHORT_LINE = 0.95  # of the size, for what is short and still takes two lines on a phone
MOST_LINE = 3.0  # of the size; a number without px, as in "line-height: 25", is 25 times it
LEAST_SPACING, MOST_SPACING = -0.08, 0.4  # of the size; below, letters stand on each other
RUNNING = 100  # letters in one block, from which text is read rather than glanced at
LONG_RUNNING = 120
SENTENCE = 60
MOST_IN_LINE = 100  # characters; books hold 60 to 75
LEAST_IN_LINE = 14  # characters on the narrowest phone; fewer stand as a column of single words
NARROWEST = 320  # px
_MEAN_LETTER = 0.5  # of the size
_ROUNDING = 0.01
_MOST_PX = 375
_BREAKS = re.compile(r"[\s\-/?&\u200b\u00ad]+")
_MAY_BREAK = frozenset({"break-word", "break-all", "anywhere"})
# Written without spaces, or broken at any letter by custom.
_BROKEN_ANYWHERE = frozenset({"ja", "km", "ko", "lo", "my", "th", "zh"})
_NO_CAPITALS = "keep capitals for labels: words are read by their shapes"
_WHOLE_WORDS = "write word-break: break-word, which breaks what is too long alone"
_RAISED = frozenset({"sub", "sup"})


@dataclass(slots=True)
class _Group:
    at: int
    words: list[str] = field(default_factory=list)


def text_size(made: Composition) -> Iterator[Finding]:
    """O22: no letters are too small to read, none stand on each other, and lines stand apart."""
    yield from islice(_text_size(made), MOST_FINDINGS)


def _text_size(made: Composition) -> Iterator[Finding]:
    places = Places(made)
    small: dict[float, _Group] = {}
    lines: dict[float, _Group] = {}
    told: set[tuple[int, float]] = set()
    for block in (*_blocks(made, LIGHT), *_blocks(made, PHONE)):
        for seen in block.pieces:
            if (seen.piece.at, seen.look.size) in told:
                continue
            told.add((seen.piece.at, seen.look.size))
            least = LEAST_RUNNING if block.letters >= RUNNING else LEAST_SIZE
            if seen.look.size < least - _ROUNDING and not _is_raised(made, seen.piece.at):
                group = small.setdefault(seen.look.size, _Group(seen.piece.at))
                group.words.append(shorten(seen.piece.words, 60))
        look = block.pieces[0].look
        factor = look.line / look.size
        if not _stands_apart(block) and (block.at, factor) not in told:
            told.add((block.at, factor))
            group = lines.setdefault(round(factor, 2), _Group(block.pieces[0].piece.at))
            group.words.append(shorten(block.pieces[0].piece.words, 60))
    for size, group in small.items():
        yield _finding(
            TEXT_SIZE,
            places.of(group.at, values=(f"{size:g}px",)),
            message=f"letters of {size:g}px are too small to read",
            evidence=listed(group.words),
            remedy=f"set them in {LEAST_SIZE:g}px or more, running text in {LEAST_RUNNING:g}px",
        )
    for factor, group in lines.items():
        how = "close" if factor < MOST_LINE else "far from each other"
        yield _finding(
            TEXT_SIZE,
            places.of(group.at, names=("line-height",)),
            message=f"lines stand too {how}: {factor:g} of the letters' size",
            evidence=listed(group.words),
            remedy="give a headline a line-height of 1.1 to 1.3 times its font-size, running text"
            " 1.4 to 1.6, in px",
        )
    yield from _spacing(made, places)
    yield from _hard_to_follow(made, places)


def _stands_apart(block: "_Block") -> bool:
    """Whether the lines of a block have room: what is short counts where a phone breaks it."""
    look = block.pieces[0].look
    factor = look.line / look.size
    if _is_normal(look) or look.size <= SMALLEST_SEEN:
        return True
    is_broken = block.letters * _MEAN_LETTER * look.size > _MOST_PX
    least = LEAST_LINE if block.letters >= RUNNING else LEAST_SHORT_LINE if is_broken else 0.0
    return least - _ROUNDING <= factor <= (MOST_LINE if is_broken else factor)


def _spacing(made: Composition, places: Places) -> Iterator[Finding]:
    """Tell of letters that stand on each other, and of running text that is spaced out."""
    told: dict[float, _Group] = {}
    for block in _blocks(made, LIGHT):
        most = MOST_SPACING if block.letters >= RUNNING else math.inf
        for seen in block.pieces:
            share = _spacing_of(seen.look) / seen.look.size
            if seen.piece.letters > 1 and not LEAST_SPACING <= share <= most:
                group = told.setdefault(share, _Group(seen.piece.at))
                group.words.append(shorten(seen.piece.words, 60))
    for share, group in told.items():
        how = "stand on each other" if share < 0 else "stand too far from each other"
        yield _finding(
            TEXT_SIZE,
            places.of(group.at, names=("letter-spacing",)),
            message=f"letters {how}: letter-spacing is {share:.2g} of their size",
            evidence=listed(group.words),
            remedy="set it between -0.03 and 0.1 of the font-size, or leave it out",
        )


def _hard_to_follow(made: Composition, places: Places) -> Iterator[Finding]:
    """Tell of running text in capitals, or whose words break at any letter."""
    told: set[str] = set()
    language = made.request.newsletter.language.partition("-")[0].lower()
    for block in _blocks(made, LIGHT):
        words = " ".join(seen.piece.words for seen in block.pieces)
        look = block.pieces[0].look
        for name, value, message, remedy in (
            ("text-transform", "uppercase", "running text stands in capitals", _NO_CAPITALS),
            ("word-break", "break-all", "running text breaks its words anywhere", _WHOLE_WORDS),
        ):
            is_so = _inherited(look, name) == value and name not in told
            is_fair = words == words.upper() or language in _BROKEN_ANYWHERE
            if block.letters >= RUNNING and is_so and not is_fair:
                told.add(name)
                yield _finding(
                    TEXT_SIZE,
                    places.of(block.pieces[0].piece.at, names=(name,)),
                    message=message,
                    evidence=f"{name}: {value}, “{shorten(words, 60)}”",
                    remedy=remedy,
                )


def _inherited(look: Look, name: str) -> str:
    node: Look | None = look
    while node is not None and name not in node.own:
        node = node.around
    return "" if node is None else node.own[name].lower()


def _spacing_of(look: Look) -> float:
    """Return the space between letters in px, 0 where none is set."""
    node: Look | None = look
    while node is not None and "letter-spacing" not in node.own:
        node = node.around
    return 0.0 if node is None else node.length("letter-spacing") or 0.0


def too_wide(made: Composition) -> Iterator[Finding]:
    """O23: at 375px nothing makes the reader scroll sideways."""
    yield from islice(_too_wide(made), MOST_FINDINGS)


def _too_wide(made: Composition) -> Iterator[Finding]:
    places = Places(made)
    style = made.page.style
    looks = style.looks(PHONE)
    for at, look in enumerate(looks):
        width = _needed(style.nodes[at].tag, look)
        if width <= _MOST_PX or not look.is_seen or _is_clipped(look):
            continue
        if any(_needed(style.nodes[one].tag, looks[one]) == width for one in _above(at, made)):
            continue  # told of the element around it
        yield _finding(
            TOO_WIDE,
            places.of(at, values=(f"{width:g}px",)),
            message=f"something is {width:g}px wide on a phone of {_MOST_PX}px",
            evidence=f"<{style.nodes[at].tag}> {shorten(_width_of(look), 60)}",
            remedy="write width: 100% and max-width in its place",
        )
    for seen in style.seen(PHONE):
        width, words = _unbroken(made, looks, seen)
        if width > _MOST_PX:
            yield _finding(
                TOO_WIDE,
                places.of(seen.piece.at),
                message="words that cannot be broken are wider than a phone",
                evidence=f"about {width:.0f}px: “{shorten(words, 60)}”",
                remedy="let them break (word-break: break-word), or write them shorter",
            )

    yield from _too_narrow(made, places, looks)


def _too_narrow(made: Composition, places: Places, looks: Sequence[Look]) -> Iterator[Finding]:
    """Tell of running text that the space beside it leaves hardly any width."""
    told: set[int] = set()
    for block in _blocks(made, PHONE):
        size = block.pieces[0].look.size
        width = _room(made, looks, block.at, NARROWEST)
        few = width < LEAST_IN_LINE * size * _MEAN_LETTER and size > SMALLEST_SEEN
        if block.letters >= SENTENCE and few and round(width) not in told:
            told.add(round(width))
            yield _finding(
                TOO_WIDE,
                places.of(block.at),
                message=f"running text has a width of {width:.0f}px on a phone of {NARROWEST}px",
                evidence=f"“{shorten(block.pieces[0].piece.words, 60)}”",
                remedy="take padding off at its sides, or let its columns stack",
            )


def line_length(made: Composition) -> Iterator[Finding]:
    """O24: on a wide screen lines of running text hold no more than 100 characters."""
    places = Places(made)
    looks = made.page.style.looks(WIDE)
    told: set[int] = set()
    for block in _blocks(made, WIDE):
        if block.letters < LONG_RUNNING:
            continue
        look = looks[block.pieces[0].piece.at]
        width = _room(made, looks, block.at, WIDE.width)
        characters = width / (look.size * _MEAN_LETTER)
        if characters > MOST_IN_LINE and round(width) not in told:
            told.add(round(width))
            yield _finding(
                LINE_LENGTH,
                places.of(block.at),
                message=f"lines of running text hold about {characters:.0f} characters",
                evidence=f"{width:.0f}px wide on a screen of {WIDE.width}px: "
                f"“{shorten(block.pieces[0].piece.words, 60)}”",
                remedy="give the mail a max-width of 600px or so",
            )


@dataclass(slots=True)
class _Block:
    """The pieces of text in one block element, and how many letters they have together."""

    at: int
    letters: int = 0
    pieces: list[Seen] = field(default_factory=list)


def _blocks(made: Composition, view: View) -> Iterator[_Block]:
    style = made.page.style
    blocks: dict[int, _Block] = {}
    looks = style.looks(view)
    for seen in style.seen(view):
        at = next((one for one in around(seen.piece.at, made) if not looks[one].is_inline), 0)
        block = blocks.setdefault(at, _Block(at))
        block.letters += seen.piece.letters
        block.pieces.append(seen)
    return iter(blocks.values())


def _is_raised(made: Composition, at: int) -> bool:
    return any(made.page.style.nodes[one].tag in _RAISED for one in around(at, made))


def _is_normal(look: Look) -> bool:
    return look.line_factor == NORMAL_LINE


def _needed(tag: str, look: Look) -> float:
    """Return the px below which an element cannot shrink by its own styles; 0 where it can."""
    least = look.length("min-width") or 0.0
    width = look.length("width") or 0.0
    if tag in {"td", "th", "tr", "col", "body", "html"} or look.display in {"inline", "table-cell"}:
        width = width if tag == "img" else 0.0  # cells shrink with their table
    most = look.own.get("max-width", "none")
    if most.endswith("%") or "calc(" in most:
        width = 0.0
    elif most != "none":
        width = min(width, look.length("max-width") or width)
    return max(width, least)


def _is_clipped(look: Look) -> bool:
    node = look.around
    while node is not None:
        if node.own.get("overflow-x") in {"hidden", "auto", "scroll", "clip"}:
            return True
        node = node.around
    return False


def _above(at: int, made: Composition) -> Iterator[int]:
    chain = around(at, made)
    next(chain)
    return chain


def _width_of(look: Look) -> str:
    parts = (f"{name}:{look.own[name]}" for name in ("width", "min-width") if name in look.own)
    return "; ".join(parts)


def _unbroken(made: Composition, looks: Sequence[Look], seen: Seen) -> tuple[float, str]:
    """Return the least width of the widest piece of a text that no line break divides."""
    space = breaks = ""
    nodes = made.page.style.nodes
    for one in around(seen.piece.at, made):
        own = looks[one].own
        space = space or own.get("white-space", "")
        space = space or ("nowrap" if "nowrap" in nodes[one].attributes else "")
        breaks = breaks or own.get("word-break", "")
        breaks = breaks or own.get("overflow-wrap", own.get("word-wrap", ""))
    if _is_clipped(looks[seen.piece.at]):
        return 0.0, ""
    match space:
        case "nowrap":
            pieces = [seen.piece.words]
        case "pre":
            pieces = seen.piece.text.split("\n")
        case _ if breaks in _MAY_BREAK:
            return 0.0, ""
        case _:
            pieces = _BREAKS.split(seen.piece.text)
    longest = max(pieces, key=len)
    return len(longest) * LETTER * seen.look.size, longest


def _room(made: Composition, looks: Sequence[Look], at: int, screen: int) -> float:
    """Return the width that is left for the text of a block, from the screen inwards."""
    width = float(screen)
    for one in reversed(list(around(at, made))):
        look = looks[one]
        own = look.length("width", whole=width)
        most = look.length("max-width", whole=width)
        if own is not None and not look.is_inline:
            width = min(width, own)
        if most is not None:
            width = min(width, most)
        width = max(width - look.pads("left", "right"), 0.0)
    return width


def _finding(check: str, place: Place, *, message: str, evidence: str, remedy: str) -> Finding:
    return Finding(
        check=check,
        severity=Severity.WARNING,
        message=message,
        evidence=f"{evidence}, in {place.block}" if place.block else evidence,
        file=place.file,
        line=place.line,
        remedy=remedy,
    )
