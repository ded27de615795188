"""The ways in which readers see one mail: widths, colours, with and without pictures and styles.

The preview's pages and `build --pictures` show the same list.
"""

from dataclasses import dataclass
from enum import StrEnum

TEXT_COLUMNS = 78
"""How wide the text part is set: its lines but addresses are no longer (RFC 3676 section 4.2)."""


class Dark(StrEnum):
    """What a mail program does to colours; the words are those of the preview's addresses."""

    OFF = "off"  # light
    AUTHORED = "authored"  # it applies the mail's own prefers-color-scheme: dark
    FORCED = "forced"  # it inverts the whole message, pictures excepted
    PARTIAL = "partial"  # it darkens light grounds and lightens dark text, and leaves the rest


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a mail program does to a mail, apart from its width."""

    dark: Dark = Dark.OFF
    images: bool = True
    styles: bool = True  # False: it drops every <style> block


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One picture of a mail. width is in CSS px, 0 for the text part; name is its file's."""

    name: str
    label: str
    width: int
    look: Look = Look()

    @property
    def is_text(self) -> bool:
        """Whether it shows the text part."""
        return self.width == 0


PHONE, DESKTOP = 375, 640
WIDTHS = (320, PHONE, DESKTOP, 1024)

VIEWS = (
    View(name="light-320", label="320 px", width=320),
    View(name="light-375", label="375 px", width=PHONE),
    View(name="light-640", label="640 px", width=DESKTOP),
    View(name="light-1024", label="1024 px", width=1024),
    View(name="no-images-640", label="640 px, images off", width=DESKTOP, look=Look(images=False)),
    View(
        name="no-styles-375",
        label="375 px, style blocks dropped",
        width=PHONE,
        look=Look(styles=False),
    ),
    View(
        name="dark-640",
        label="640 px, dark as designed",
        width=DESKTOP,
        look=Look(dark=Dark.AUTHORED),
    ),
    View(
        name="dark-375",
        label="375 px, dark as designed",
        width=PHONE,
        look=Look(dark=Dark.AUTHORED),
    ),
    View(
        name="forced-375",
        label="375 px, dark forced: all inverted (simulated)",
        width=PHONE,
        look=Look(dark=Dark.FORCED),
    ),
    View(
        name="partial-375",
        label="375 px, dark forced in part (simulated)",
        width=PHONE,
        look=Look(dark=Dark.PARTIAL),
    ),
    View(name="text", label=f"text part, {TEXT_COLUMNS} columns", width=0),
)
