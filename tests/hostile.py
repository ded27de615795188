"""Content that wants to be more than words: tables of it, by what it tries (all of our own making).

EVIL is the host that nothing of it may reach.
"""

import tomllib
from pathlib import Path
from typing import Any

_DATA: dict[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
EVIL = "evil.example"
SCRIPTS: tuple[str, ...] = tuple(_DATA["scripts"])
STYLES: tuple[str, ...] = tuple(_DATA["styles"])
BREAKOUTS: tuple[str, ...] = tuple(_DATA["breakouts"])
CODE: tuple[str, ...] = tuple(_DATA["code"])
# Names, headlines and subjects that have broken programs: to be shown as they are. None is written
# from right to left, since that is set apart by a span (SCRIPTS_OF_THE_WORLD has some).
NAUGHTY: tuple[str, ...] = tuple(_DATA["naughty"])
SCHEMES: tuple[str, ...] = tuple(_DATA["schemes"])
RESTS: dict[str, str] = _DATA["rests"]
DISGUISES: tuple[str, ...] = tuple(_DATA["disguises"])
# Text that has some of UNSEEN's neighbours for good reason, and is to stay as it is.
SCRIPTS_OF_THE_WORLD: tuple[str, ...] = tuple(_DATA["scripts_of_the_world"])


def disguised(scheme: str) -> list[str]:
    """A scheme in each disguise, as it would stand in an attribute or behind a Markdown link."""
    return [
        disguise.format(
            scheme=scheme,
            upper="".join(c.upper() if n % 2 else c for n, c in enumerate(scheme)),
            first=scheme[0],
            tail=scheme[1:],
            second=ord(scheme[1]),
            third=scheme[2:],
            hex=f"{ord(scheme[0]):x}",
            percent=f"{ord(scheme[0]):02X}",
            rest=RESTS[scheme],
        )
        for disguise in DISGUISES
    ]


# Characters that hide text or turn it round; every one of them is to be gone.
UNSEEN = (
    *map(chr, range(0x202A, 0x202F)),
    *map(chr, range(0x2066, 0x206A)),
    "\u200b",
    "\u2060",
    "\ufeff",
    "\u180e",
    "\U000e0001",
    "\U000e0041",
)
