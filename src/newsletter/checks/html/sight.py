"""Whether a reader sees letters, how well, and why not where not."""

from collections.abc import Sequence
from functools import lru_cache

from newsletter.checks.styles.look import SMALLEST_SEEN, Look
from newsletter.checks.styles.media import DARK, LIGHT, PHONE
from newsletter.model.brand import Colour, contrast

VIEWS = (LIGHT, PHONE, DARK)
MOST_FINDINGS = 50  # of one check on looks; more would say the same again
SAME_COLOUR = 1.1  # contrast below which letters are not told from their ground


def worst_contrast(look: Look) -> tuple[float, Colour, Colour] | None:
    """Return the least contrast of an element's letters with ink and ground; None if not known."""
    ink = look.ink
    return _worst(ink, look.grounds) if ink is not None and look.grounds else None


@lru_cache(maxsize=256)  # a mail has few pairs of colours
def _worst(ink: Colour, grounds: tuple[Colour, ...]) -> tuple[float, Colour, Colour]:
    pairs = ((contrast(ink.over(ground), ground), ink.over(ground), ground) for ground in grounds)
    return min(pairs, key=lambda pair: pair[0])


def why_unseen(look: Look) -> str:
    """Return what hides letters of an element, "" where they are seen."""
    if look.gone:
        return look.gone
    if not look.is_visible:
        return "visibility:hidden"
    if look.size <= SMALLEST_SEEN:
        return f"font-size:{look.size:g}px"
    if look.is_transparent:
        return "color:transparent"
    worst = worst_contrast(look)
    if worst is not None and worst[0] < SAME_COLOUR and not look.has_picture:
        return f"{worst[1]} on {worst[2]}"
    return ""


def listed(words: Sequence[str]) -> str:
    """Quote the first words and count the rest."""
    more = len(words) - 1
    rest = {0: "", 1: " and in one more place"}.get(more, f" and in {more} more places")
    return f"“{words[0]}”{rest}"
