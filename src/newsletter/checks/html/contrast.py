"""O06 and O07: whether words can be told from what is behind them, in light and in dark."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from lxml import etree

from newsletter.checks.html.sight import MOST_FINDINGS, around, is_large, listed, worst_contrast
from newsletter.checks.places import Places
from newsletter.checks.request import Composition
from newsletter.checks.styles.look import Look
from newsletter.checks.styles.media import DARK, LIGHT, PHONE
from newsletter.checks.styles.style_of_page import PieceOfText, Seen, letters_of
from newsletter.checks.wording import shorten
from newsletter.model.brand import Colour, contrast
from newsletter.model.finding import Finding, Severity

CONTRAST = "O06 contrast"
DARK_CONTRAST = "O07 dark-contrast"

# WCAG 2.2, success criterion 1.4.3
LEAST, LEAST_LARGE = 4.5, 3.0
LEAST_TURNED = 3.0  # colours that a program chose by itself; how it does differs
_ROUNDING = 0.005  # the ratio is told with two digits: what shows as 4.50 is enough
LIGHT_FROM = 0.5  # luminance of a ground that glares in a dark mail
DARK_TO = 0.2
_BOX_LETTERS = 20
_SENTENCE = 10  # letters beside a link, from which it stands in a sentence


_COLOURED = ("color", "opacity", "background", "background-color")


@dataclass(slots=True)
class _Group:
    """Pieces of text with one pair of colours."""

    ratio: float
    ink: Colour
    ground: Colour
    least: float
    at: int
    has_picture: bool
    words: list[str] = field(default_factory=list)


def words_contrast(made: Composition) -> Iterator[Finding]:
    """O06: every piece of text, and every alternative text, stands out from its background."""
    yield from islice(_words_contrast(made), MOST_FINDINGS)


def _words_contrast(made: Composition) -> Iterator[Finding]:
    places = Places(made)
    for group in _groups(made.page.style.seen(LIGHT, PHONE)).values():
        message = f"words can hardly be read: {group.ink} on {group.ground}"
        if group.has_picture:
            message = (
                f"words can hardly be read while pictures are off: {group.ink} on {group.ground}"
            )
        severity = Severity.WARNING if group.has_picture else Severity.ERROR
        yield _finding(places, CONTRAST, severity, group, message)
    yield from _links_like_text(made, places)
    for group in _groups(_alternatives(made)).values():
        message = (
            "the text that stands in for a picture can hardly be read: "
            f"{group.ink} on {group.ground}"
        )
        yield _finding(places, CONTRAST, Severity.WARNING, group, message)


def _links_like_text(made: Composition, places: Places) -> Iterator[Finding]:
    """Tell the first link within a sentence that has nothing a reader could tell it by."""
    looks = made.page.style.looks(LIGHT)
    for link in made.page.links:
        around = link.element.getparent()
        at = made.page.style.at(link.element)
        if around is None or not looks[at].is_seen or not link.text.strip():
            continue
        beside = " ".join([around.text or "", *(one.tail or "" for one in around)])
        inside = [looks[made.page.style.at(one)] for one in link.element.iter(etree.Element)]
        if letters_of(beside) >= _SENTENCE and all(
            _is_alike(one, looks[made.page.style.at(around)]) for one in inside
        ):
            place = places.of(at, names=("text-decoration", "color"))
            yield Finding(
                check=CONTRAST,
                severity=Severity.WARNING,
                message="a link within text looks as the words around it do",
                evidence=_told(f"“{shorten(link.text, 60)}”", place.block),
                file=place.file,
                line=place.line,
                remedy="underline it, or give it a colour of its own (WCAG 2.2, 1.4.1)",
            )
            return


def _is_alike(link: Look, text: Look) -> bool:
    lined = link.own.get("text-decoration") or link.own.get("text-decoration-line") or ""
    is_bare = "none" in lined.split() or (link.around is not text and not lined)
    same = (link.colour, link.weight, link.size) == (text.colour, text.weight, text.size)
    return is_bare and same and link.own_ground is None and not link.pads("bottom")


def dark_contrast(made: Composition) -> Iterator[Finding]:
    """O07: the same in dark mode, as designed and as programs make it by themselves."""
    yield from islice(_dark_contrast(made), MOST_FINDINGS)


def _dark_contrast(made: Composition) -> Iterator[Finding]:
    style = made.page.style
    places = Places(made)
    if style.has_dark:
        yield from _designed(made, places)
    if style.has_dark and not style.has_dark_rules and made.wrote.files and not _is_dark(made):
        place = places.of_words("color-scheme")
        yield Finding(
            check=DARK_CONTRAST,
            severity=Severity.WARNING,
            message="the mail says that it has dark colours, and no rule is for dark mode",
            file=place.file,
            line=place.line,
            remedy="write them under @media (prefers-color-scheme: dark), or say light alone,"
            " or dark alone where the mail is dark always",
        )
    texts = list(style.seen(LIGHT, PHONE))
    readable = [seen for seen in texts if _is_readable(seen.look)]
    for group in _groups(readable, turned=inverted).values():
        message = (
            "words can hardly be read where a program turns all colours over: "
            f"{group.ink} on {group.ground}"
        )
        yield _finding(places, DARK_CONTRAST, Severity.WARNING, group, message)


def _is_dark(made: Composition) -> bool:
    """Return whether the mail says that it is dark always: then it needs no rule for dark mode."""
    metas = (one for one in made.page.elements if one.tag == "meta")
    said = [one.get("content") or "" for one in metas if one.get("name") == "color-scheme"]
    return bool(said) and not any("light" in one.lower().split() for one in said)


def inverted(colour: Colour) -> Colour:
    """Turn a colour over as programs do that force dark mode: light for dark, hues kept.

    By the filters invert(1) and hue-rotate(180deg) (Filter Effects Module Level 1).
    """
    red, green, blue = 255 - colour.red, 255 - colour.green, 255 - colour.blue
    rows = ((-0.574, 1.43, 0.144), (0.426, 0.43, 0.144), (0.426, 1.43, -0.856))
    turned = (round(a * red + b * green + c * blue) for a, b, c in rows)
    red, green, blue = (min(max(channel, 0), 255) for channel in turned)
    return Colour(red=red, green=green, blue=blue)


def _designed(made: Composition, places: Places) -> Iterator[Finding]:
    style = made.page.style
    light = style.looks(LIGHT)
    seen = [
        one
        for one in style.seen(DARK)
        if worst_contrast(one.look) != worst_contrast(light[one.piece.at])
    ]
    groups = _groups(seen)
    for group in groups.values():
        message = f"words can hardly be read in dark mode: {group.ink} on {group.ground}"
        yield _finding(places, DARK_CONTRAST, Severity.ERROR, group, message)
    yield from _light_boxes(made, places, told={group.ground for group in groups.values()})


def _light_boxes(made: Composition, places: Places, *, told: set[Colour]) -> Iterator[Finding]:
    """Return what stays light where most of the mail is dark: it glares."""
    letters: dict[Colour, int] = {}
    first: dict[Colour, Seen] = {}
    for seen in made.page.style.seen(DARK):
        if len(seen.look.grounds) != 1 or _is_in_link(made, seen.piece.at):
            continue
        ground = seen.look.grounds[0]
        if ground in told:
            continue
        letters[ground] = letters.get(ground, 0) + seen.piece.letters
        first.setdefault(ground, seen)
    dark = sum(count for ground, count in letters.items() if ground.luminance <= DARK_TO)
    for ground, count in letters.items():
        if ground.luminance >= LIGHT_FROM and count >= _BOX_LETTERS and dark > count:
            seen = first[ground]
            place = places.of(seen.piece.at, values=(str(ground),))
            yield Finding(
                check=DARK_CONTRAST,
                severity=Severity.WARNING,
                message=f"a box stays light ({ground}) in dark mode, where the rest is dark",
                evidence=_told(listed([shorten(seen.piece.words, 60)]), place.block),
                file=place.file,
                line=place.line,
                remedy="give it a background in @media (prefers-color-scheme: dark)",
            )


def _groups(
    texts: Iterable[Seen], *, turned: Callable[[Colour], Colour] | None = None
) -> dict[tuple[str, str, bool, bool], _Group]:
    """Group the pieces that cannot be told from their ground by their pair of colours."""
    groups: dict[tuple[str, str, bool, bool], _Group] = {}
    for seen in texts:
        worst = worst_contrast(seen.look)
        if worst is None:
            continue
        ratio, ink, ground = worst
        least = LEAST_LARGE if is_large(seen.look) else LEAST
        if turned is not None:
            ink, ground = turned(ink), turned(ground)
            ratio, least = contrast(ink, ground), LEAST_TURNED
        if ratio >= least - _ROUNDING:
            continue
        key = (str(ink), str(ground), least == LEAST, seen.look.has_picture)
        if key not in groups:
            picture = seen.look.has_picture
            groups[key] = _Group(ratio, ink, ground, least, seen.piece.at, picture)
        groups[key].words.append(shorten(seen.piece.words, 60))
    return groups


def _is_readable(look: Look) -> bool:
    worst = worst_contrast(look)
    return worst is not None and worst[0] >= (LEAST_LARGE if is_large(look) else LEAST) - _ROUNDING


def _alternatives(made: Composition) -> Iterator[Seen]:
    style = made.page.style
    looks = style.looks(LIGHT)
    for image in made.page.images:
        alt = image.get("alt") or ""
        at = style.at(image)
        if letters_of(alt) and looks[at].is_seen:
            yield Seen(piece=PieceOfText(alt, at, 0, letters_of(alt)), look=looks[at], view=LIGHT)


def _finding(
    places: Places, check: str, severity: Severity, group: _Group, message: str
) -> Finding:
    node = places.page.style.nodes[group.at]
    style = node.attributes.get("style", "")
    place = places.of(group.at, values=(str(group.ink), str(group.ground)), names=_COLOURED)
    needed = f"contrast {group.ratio:.2f}, at least {group.least} is needed"
    where = f"<{node.tag}{f' style={shorten(style, 60)}' if style else ''}>"
    return Finding(
        check=check,
        severity=severity,
        message=message,
        evidence=_told(f"{needed}: {listed(group.words)} in {where}", place.block),
        file=place.file,
        line=place.line,
        remedy="give the words a darker colour or the ground a lighter one"
        if group.ground.luminance > group.ink.luminance
        else "give the words a lighter colour or the ground a darker one",
    )


def _told(evidence: str, block: str) -> str:
    return f"{evidence}, in {block}" if block else evidence


def _is_in_link(made: Composition, at: int) -> bool:
    nodes = made.page.style.nodes
    return any(nodes[one].tag == "a" for one in around(at, made))
