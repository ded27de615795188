"""What the page child hands back: plain values that travel as JSON."""

from dataclasses import dataclass

from newsletter.model.article import Origin

NOWHERE = -1  # the container of a block that is not on the page word for word


@dataclass(frozen=True, slots=True, kw_only=True)
class TextField:
    """A metadata value and where the page states it."""

    value: str
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What the page says of its article; image_alt is the page's own text for the image."""

    title: TextField | None
    author: TextField | None
    published: TextField | None
    description: TextField | None
    image: TextField | None
    image_alt: str
    site: TextField | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageBlock:
    """One block of text. kept: the extractor holds it for article text.

    frame: one it left out before the first kept block or after the last, in no element that holds
    kept ones. container numbers the element that its own block element stands in (for an item, its
    list), NOWHERE where that is not known. linked is the share of its characters that lead to
    another page, from 0 to 1. aside: it stands in an `aside`; item: in a list. row: it is several
    cells of a table.
    """

    text: str
    heading: bool
    kept: bool
    frame: bool = False
    container: int = 0
    linked: float = 0.0
    aside: bool = False
    item: bool = False
    row: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """A page as read. agreement is the F1 between the two extractors, from 0 to 1."""

    metadata: Metadata
    blocks: tuple[PageBlock, ...]
    agreement: float
    is_free: bool
    language: str
    canonical: str
