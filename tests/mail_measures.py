"""What tests measure on a mail that a browser has laid out, as scripts for its page."""

from pathlib import Path


def _script(name: str) -> str:
    return (Path(__file__).with_name("measures") / f"{name}.js").read_text("utf-8")


# Every piece of visible text with its colour over the nearest painted background, as ratios of
# WCAG 2.2 (section 1.4.3); the preheader is hidden and left out.
TEXT_CONTRASTS = _script("contrasts")
# The same, and the words of each picture over its own background.
CONTRASTS = TEXT_CONTRASTS.replace("/* IMAGES */", _script("of_images"))
# The height of each link that stands alone, which a thumb must hit.
TARGETS = _script("targets")
# What reaches beyond the sides of a window that is w wide.
OUTSIDE = _script("outside")
