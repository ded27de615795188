"""O08: links that a finger can hit, on a phone."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

from newsletter.checks.html.sight import MOST_FINDINGS, around, listed
from newsletter.checks.page import PageLink
from newsletter.checks.places import Places
from newsletter.checks.request import Composition
from newsletter.checks.styles.boxes import CONTENT, Boxes
from newsletter.checks.styles.look import Look
from newsletter.checks.styles.media import PHONE
from newsletter.checks.styles.style_of_page import letters_of
from newsletter.checks.wording import inlines, shorten
from newsletter.model.finding import Finding, Severity
from newsletter.model.issue import EditorMessage, Issue, Story, TextPassage
from newsletter.model.text import Link, TextBlock

TAP_TARGET = "O08 tap-target"

LEAST_PX = 44  # WCAG 2.2, success criterion 2.5.5, and what makers of phones advise
LEAST_PICTURE_PX = 24  # of width: WCAG 2.2, success criterion 2.5.8
LEAST_GAP = 8  # px between two links under each other that are smaller than that
_ROUNDING = 0.5
_SENTENCE_LETTERS, _SENTENCE_WORDS = 10, 2  # around a link, from which it stands in running text


@dataclass(slots=True)
class _Small:
    at: int
    height: float
    gap: float | None
    words: list[str] = field(default_factory=list)
    side: str = "tall"


_TALL = ("padding", "padding-top", "padding-bottom", "display", "line-height")


@dataclass(frozen=True, slots=True)
class _Line:
    """Where in the page a line of text is: the block around it, and the breaks before."""

    block: int
    breaks: int


def tap_target(made: Composition) -> Iterator[Finding]:
    """O08: at 375px every link outside running text is 44px tall, or stands by itself."""
    places = Places(made)
    groups: dict[tuple[str, int, bool], _Small] = {}
    for small in _small_links(made):
        names = made.page.style.nodes[small.at].attributes.get("class", "")
        key = (names, round(small.height), small.gap is None)
        groups.setdefault(key, replace(small, words=[])).words.extend(small.words)
    for small in islice(groups.values(), MOST_FINDINGS):
        place = places.of(small.at, names=_TALL)
        if small.gap is None:
            message = f"a link is hard to hit: {small.height:.0f}px {small.side} on a phone"
            needed = f"{LEAST_PX if small.side == 'tall' else LEAST_PICTURE_PX}px are needed"
        else:
            message = f"two links stand {small.gap:.0f}px apart, each {small.height:.0f}px tall"
            needed = f"small links need {LEAST_GAP}px between them"
        evidence = f"{needed}: {listed(small.words)}"
        yield Finding(
            check=TAP_TARGET,
            severity=Severity.WARNING,
            message=message,
            evidence=f"{evidence}, in {place.block}" if place.block else evidence,
            file=place.file,
            line=place.line,
            remedy="give the link display: inline-block and padding above and below",
        )


def _small_links(made: Composition) -> Iterator[_Small]:
    style = made.page.style
    looks = style.looks(PHONE)
    boxes = Boxes(style, looks, PHONE.width)
    lines = _Lines(made, looks)
    in_prose = _links_in_prose(made.request.issue)
    for link in made.page.links:
        at = style.at(link.element)
        if not looks[at].is_seen:
            continue
        if next(link.element.iter("img"), None) is not None:
            yield from _small_picture(made, link, at, looks[at])
        if not link.text:
            continue
        height = boxes.height(at)
        if height is None or height == 0 or height >= LEAST_PX - _ROUNDING:
            continue
        words = [shorten(link.text, 40)]
        is_plain = looks[at].is_inline and not looks[at].pads("top", "bottom")
        if is_plain and lines.is_in_sentence(at):
            continue
        if is_plain and link.url in in_prose:
            gap = lines.gap_to_next(at)
            if gap is not None and gap < LEAST_GAP:
                yield _Small(at, height, gap, words)
            continue
        yield _Small(at, height, None, words)


def _small_picture(made: Composition, link: PageLink, at: int, look: Look) -> Iterator[_Small]:
    """Return a link that is a picture narrower than any finger hits, without padding around it."""
    pictures = list(link.element.iter("img"))
    widths = [one.get("width") or "" for one in pictures]
    has_words = any(text.strip() for text in link.element.itertext())
    if len(pictures) != 1 or not widths[0].isdecimal() or look.pads("left", "right") or has_words:
        return
    cell = next(link.element.iterancestors("td", "p", "div"), None)
    is_padded = cell is not None and made.page.style.looks(PHONE)[made.page.style.at(cell)].pads(
        "left", "right"
    )
    if 0 < int(widths[0]) < LEAST_PICTURE_PX and not is_padded:
        yield _Small(at, float(widths[0]), None, [pictures[0].get("alt") or link.url], "wide")


class _Lines:
    """Which links stand in running text, and which under each other with nothing between."""

    def __init__(self, made: Composition, looks: tuple[Look, ...]) -> None:
        self._made = made
        self._looks = looks
        self._line_of: dict[int, _Line] = {}
        self._plain: dict[_Line, list[str]] = {}
        self._linked: dict[_Line, bool] = {}
        nodes = made.page.style.nodes
        for piece in made.page.style.texts():
            if not looks[piece.at].is_seen:
                continue
            chain = list(around(piece.at, made))
            block = next((one for one in chain if not looks[one].is_inline), chain[-1])
            line = _Line(block, piece.line)
            link = next((one for one in chain if nodes[one].tag == "a"), None)
            if link is None:
                self._plain.setdefault(line, []).append(piece.text)
            else:
                self._line_of.setdefault(link, line)
                self._linked[line] = True

    def is_in_sentence(self, at: int) -> bool:
        """Return whether other words stand in the same line of text (WCAG 2.2, 2.5.8, inline)."""
        line = self._line_of.get(at)
        text = " ".join(self._plain.get(line, [])) if line else ""
        words = [word for word in text.split() if letters_of(word)]
        return letters_of(text) >= _SENTENCE_LETTERS and len(words) >= _SENTENCE_WORDS

    def gap_to_next(self, at: int) -> float | None:
        """Return the px between a link and another right under it; None where there is none."""
        line = self._line_of.get(at)
        if line is None:
            return None
        for breaks in (line.breaks + 1, line.breaks - 1):
            other = _Line(line.block, breaks)
            if self._linked.get(other) and not letters_of("".join(self._plain.get(other, []))):
                look = self._looks[at]
                return max(look.line - look.size * CONTENT, 0.0)
        return None


def _links_in_prose(issue: Issue) -> frozenset[str]:
    """Return the addresses that an editor linked within text, whose size no editor can change."""
    blocks: list[TextBlock] = []
    for block in (*issue.opening, *(one for part in issue.sections for one in part.blocks)):
        match block:
            case Story():
                blocks += block.summary
            case EditorMessage():
                blocks += block.body
            case TextPassage():
                blocks += block.blocks
            case _:
                pass
    return frozenset(inline.url for inline, _ in inlines(blocks) if isinstance(inline, Link))
