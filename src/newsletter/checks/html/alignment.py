"""O33: running text begins at the side from which its language is read."""

import re
from collections.abc import Iterator

from newsletter.checks.html.sight import around
from newsletter.checks.places import Places
from newsletter.checks.request import Composition
from newsletter.checks.styles.media import LIGHT
from newsletter.checks.styles.selectors import Node
from newsletter.checks.wording import shorten
from newsletter.model.finding import Finding, Severity

ALIGNMENT = "O33 alignment"

RUNNING = 80  # letters of one text, from which it takes more than a line
_ALIGN = re.compile(r"(?:^|;)\s*text-align\s*:\s*([a-z-]+)", re.IGNORECASE)
_FAR_SIDE = {"ltr": "right", "rtl": "left"}
_NEAR_SIDE = {"ltr": "left", "rtl": "right"}
_OF_TEXT = frozenset({"td", "th", "tr", "p", "div", "h1", "h2", "h3", "h4", "h5", "h6"})


def alignment(made: Composition) -> Iterator[Finding]:
    """O33: no paragraph is flush at the end of its lines, ragged where each line begins.

    Words that run against the page are left alone.
    """
    nodes = made.page.style.nodes
    page = _direction(made, made.page.style.texts()[0].at) if made.page.style.texts() else ""
    against = [
        seen
        for seen in made.page.style.seen(LIGHT)
        if seen.piece.letters >= RUNNING
        and _direction(made, seen.piece.at) == page
        and _aligned(made, seen.piece.at) == _FAR_SIDE.get(page)
    ]
    if not against:
        return
    first = against[0].piece
    holder = next(at for at in around(first.at, made) if _own(nodes[at]))
    place = Places(made).of(holder, values=_written(_FAR_SIDE[page]))
    yield Finding(
        check=ALIGNMENT,
        severity=Severity.WARNING,
        message=f"running text is set flush {_FAR_SIDE[page]}, and its language begins at the "
        f"{_NEAR_SIDE[page]}",
        evidence=f"“{shorten(first.words, 60)}”"
        + (f" and {len(against) - 1} more" if len(against) > 1 else ""),
        file=place.file,
        line=place.line,
        remedy='write align="{{ start }}", which is left or right as the language has it',
    )


def _direction(made: Composition, at: int) -> str:
    """Return the direction of the element around that states one."""
    nodes = made.page.style.nodes
    stated = (nodes[one].attributes.get("dir", "").lower() for one in around(at, made))
    return next((one for one in stated if one in _FAR_SIDE), "ltr")


def _aligned(made: Composition, at: int) -> str:
    nodes = made.page.style.nodes
    own = (_own(nodes[one]) for one in around(at, made))
    return next(filter(None, own), "")


def _written(side: str) -> tuple[str, str]:
    return f"text-align:{side}", f'align="{side}"'


def _own(node: Node) -> str:
    """Return the side that an element sets its words at; "" where it says nothing."""
    styled = _ALIGN.search(node.attributes.get("style", ""))
    if styled:
        return styled[1].lower()
    return node.attributes.get("align", "").lower() if node.tag in _OF_TEXT else ""
