"""An article that its page cuts into boxes of one kind, put together again.

Pages that let an advertisement run across all columns end the box of the text before it and begin
another of the same kind after it. An extractor looks for the one box that holds the text, and loses
the others.
"""

from collections.abc import Sequence

from lxml.html import HtmlElement

from newsletter.ingest.text_file import CLOSED

FEWEST_WORDS = 15  # of a paragraph that is running text for certain
FEWEST_PARAGRAPHS = 2
LEAST_SHARE = 0.6
# What a box of an article's text does not hold: a list of articles or of comments is cut up too.
_OWN_HEADS = ("h1", "article", "header", "time")
_HEADS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_BOXES = frozenset({"div", "section"})


def join_parts(root: HtmlElement) -> bool:
    """Move the text of an article's further boxes into its first; give whether there were any.

    Boxes are of one kind where they have the same element and class, and so has all that is around
    them. They are joined where the first of them holds the page's first running text, and all
    together most of it. One that begins with a heading is an article of its own, unless a heading
    of the first rank stands outside of all.
    """
    told: dict[HtmlElement, int] = {}
    for paragraph in root.iter("p"):
        words = _words_of(paragraph)
        box = paragraph.getparent()
        if words and box is not None:
            told[box] = told.get(box, 0) + words
    first = next(iter(told), None)
    if first is None or first.tag not in _BOXES or not first.get("class"):
        return False
    kind = _kind_of(first)
    has_headline = next(root.iter("h1"), None) is not None
    parts = [
        box
        for box in told
        if _kind_of(box) == kind and _is_part(box) and (has_headline or not _begins_with_head(box))
    ]
    words = sum(told[box] for box in parts)
    if len(parts) == 1 or parts[:1] != [first] or words < LEAST_SHARE * sum(told.values()):
        return False
    _move(parts)
    return True


def _move(parts: Sequence[HtmlElement]) -> None:
    first = parts[0]
    for part in parts[1:]:
        if len(first):
            first[-1].tail = f"{first[-1].tail or ''} {part.text or ''}"
        part.text = None
        first.extend(list(part))


def _words_of(paragraph: HtmlElement) -> int:
    """Count the words of a paragraph that is running text; 0 for any other."""
    text = paragraph.text_content().strip()
    words = len(text.split())
    return words if words >= FEWEST_WORDS and CLOSED.search(text) else 0


def _kind_of(box: HtmlElement) -> tuple[tuple[str, str], ...]:
    return tuple((str(each.tag), each.get("class") or "") for each in (box, *box.iterancestors()))


def _is_part(box: HtmlElement) -> bool:
    """Tell a box of an article's text: it has several paragraphs, and no head of its own."""
    paragraphs = sum(1 for child in box if child.tag == "p")
    return paragraphs >= FEWEST_PARAGRAPHS and next(box.iter(*_OWN_HEADS), None) is None


def _begins_with_head(box: HtmlElement) -> bool:
    return len(box) > 0 and box[0].tag in _HEADS
