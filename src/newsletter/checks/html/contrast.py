"""O06 and O07: whether words can be told from what is behind them, in light and in dark."""

from collections.abc import Iterable, Iterator
from itertools import islice

from newsletter.checks.html.sight import MOST_FINDINGS, listed, worst_contrast
from newsletter.checks.place import place_of_style, tell
from newsletter.checks.request import Composition
from newsletter.checks.styles.look import Look
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
_Group = tuple[tuple[float, Colour, Colour], list[Seen]]  # contrast, ink and ground, and pieces
_COLOURED = ("color", "opacity", "background", "background-color")


def words_contrast(made: Composition) -> Iterator[Finding]:
    """O06: every piece of text stands out from its background."""
    style = made.page.style
    for group in islice(_groups(style.seen(LIGHT, PHONE)), MOST_FINDINGS):
        has_picture = group[1][0].look.has_picture
        severity = Severity.WARNING if has_picture else Severity.ERROR
        where = " while pictures are off" if has_picture else ""
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


def _groups(texts: Iterable[Seen]) -> Iterable[_Group]:
    groups: dict[tuple[str, str, bool, bool], _Group] = {}
    for seen in texts:
        worst = worst_contrast(seen.look)
        if worst is not None and worst[0] < _least(seen.look) - _ROUNDING:
            key = str(worst[1]), str(worst[2]), _is_large(seen.look), seen.look.has_picture
            groups.setdefault(key, (worst, []))[1].append(seen)
    return groups.values()


def _is_large(look: Look) -> bool:
    return look.size >= LARGE or (look.size >= LARGE_BOLD and look.weight >= BOLD)


def _least(look: Look) -> float:
    return LEAST_LARGE if _is_large(look) else LEAST


def _finding(
    made: Composition, check: str, severity: Severity, group: _Group, message: str
) -> Finding:
    (ratio, ink, ground), pieces = group
    at, look = pieces[0].piece.at, pieces[0].look
    words = listed([shorten(one.piece.words, 60) for one in pieces])
    ink_is, ground_is = ("lighter", "darker")
    if ground.luminance > ink.luminance:
        ink_is, ground_is = ground_is, ink_is
    return tell(
        check,
        place_of_style(made, at, (str(ink), str(ground)), _COLOURED),
        f"{message}: {ink} on {ground}",
        f"contrast {ratio:.2f}, at least {_least(look)} is needed: {words}"
        f" in <{made.page.elements[at].tag}>",
        f"give the words a {ink_is} colour or the ground a {ground_is} one",
        severity,
    )
