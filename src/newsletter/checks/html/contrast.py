"""O06 and O07: whether words can be told from what is behind them, in light and in dark."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from newsletter.checks.html.sight import MOST_FINDINGS, listed, worst_contrast
from newsletter.checks.place import place_of_markup, place_of_style, tell
from newsletter.checks.request import Composition
from newsletter.checks.styles.media import DARK, LIGHT, PHONE
from newsletter.checks.styles.style_of_page import Seen
from newsletter.checks.wording import shorten
from newsletter.model.brand import Colour
from newsletter.model.finding import Finding, Severity

CONTRAST = "O06 contrast"
DARK_CONTRAST = "O07 dark-contrast"

LEAST, LEAST_LARGE = 4.5, 3.0  # WCAG 2.2, success criterion 1.4.3
LARGE, LARGE_BOLD, BOLD = 24, 18.66, 700  # px and weight: what counts as large there
_ROUNDING = 0.005  # the ratio is told with two digits: what shows as 4.50 is enough
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
    """O06: every piece of text stands out from its background."""
    style = made.page.style
    for group in islice(_groups(style.seen(LIGHT, PHONE)), MOST_FINDINGS):
        severity = Severity.WARNING if group.has_picture else Severity.ERROR
        where = " while pictures are off" if group.has_picture else ""
        message = f"words can hardly be read{where}"
        yield _finding(made, CONTRAST, severity, group, message)


def dark_contrast(made: Composition) -> Iterator[Finding]:
    """O07: the same in dark mode, where the mail has colours for it."""
    style = made.page.style
    if not style.has_dark:
        return
    light = style.looks(LIGHT)
    seen = [
        one
        for one in style.seen(DARK)
        if worst_contrast(one.look) != worst_contrast(light[one.piece.at])
    ]
    for group in islice(_groups(seen), MOST_FINDINGS):
        message = "words can hardly be read in dark mode"
        yield _finding(made, DARK_CONTRAST, Severity.ERROR, group, message)
    if not style.has_dark_rules and made.wrote.files and not _is_dark(made):
        yield tell(
            DARK_CONTRAST,
            place_of_markup(made, "color-scheme"),
            "the mail says that it has dark colours, and no rule is for dark mode",
            remedy="write them under @media (prefers-color-scheme: dark), or say light alone,"
            " or dark alone where the mail is dark always",
        )


def _is_dark(made: Composition) -> bool:
    """Return whether the mail says that it is dark always: then it needs no rule for dark mode."""
    metas = (one for one in made.page.elements if one.tag == "meta")
    said = [one.get("content") or "" for one in metas if one.get("name") == "color-scheme"]
    return bool(said) and not any("light" in one.lower().split() for one in said)


def _groups(texts: Iterable[Seen]) -> Iterable[_Group]:
    """Group the pieces that cannot be told from their ground by their pair of colours."""
    groups: dict[tuple[str, str, bool, bool], _Group] = {}
    for seen in texts:
        look = seen.look
        ratio, ink, ground = worst_contrast(look) or (LEAST, None, None)
        is_large = look.size >= LARGE or (look.size >= LARGE_BOLD and look.weight >= BOLD)
        least = LEAST_LARGE if is_large else LEAST
        if ink is None or ground is None or ratio >= least - _ROUNDING:
            continue
        key = (str(ink), str(ground), is_large, look.has_picture)
        group = _Group(ratio, ink, ground, least, seen.piece.at, look.has_picture)
        groups.setdefault(key, group).words.append(shorten(seen.piece.words, 60))
    return groups.values()


def _finding(
    made: Composition, check: str, severity: Severity, group: _Group, message: str
) -> Finding:
    element, values = made.page.elements[group.at], (str(group.ink), str(group.ground))
    is_dark = group.ground.luminance <= group.ink.luminance
    return tell(
        check,
        place_of_style(made, group.at, values, _COLOURED),
        f"{message}: {group.ink} on {group.ground}",
        f"contrast {group.ratio:.2f}, at least {group.least} is needed: {listed(group.words)}"
        f" in <{element.tag}>",
        "give the words a lighter colour or the ground a darker one"
        if is_dark
        else "give the words a darker colour or the ground a lighter one",
        severity,
    )
