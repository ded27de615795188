"""Names of places that stand for who governs or works there: "Whitehall" for a ministry; pure."""

import re

from newsletter.checks.wording import folded

_UK = (
    r"government|ministers?|ministry|cabinet|treasury|home office|secretary of state"
    r"|prime minister|department|foreign office|chancellor"
)
_SEATS = {
    "whitehall": _UK,
    "westminster": rf"{_UK}|parliament|commons|lords|mps?",
    "downing": rf"{_UK}|number 10|no 10",
    "holyrood": r"scottish|scotland|edinburgh|msps?",
    "senedd": r"welsh|wales|cardiff|ms",
    "stormont": r"northern ireland|belfast|assembly|mlas?",
    "dáil": r"irish|ireland|dublin|taoiseach|tds?",
    "kremlin": r"russian?|moscow|putin",
    "capitol": r"congress|senate|senators?|representatives",
    "pentagon": r"defen[cs]e department|department of (?:defen[cs]e|war)|us military",
    "threadneedle": r"bank of england",
    "vatican": r"pope|holy see|pontiff",
}


def is_backed_seat(name: str, source: str) -> bool:
    """Return whether a name stands for those of whom the source tells."""
    backed = _SEATS.get(re.sub(r"'s?$", "", folded(name)))
    return backed is not None and re.search(rf"\b(?:{backed})\b", folded(source)) is not None
