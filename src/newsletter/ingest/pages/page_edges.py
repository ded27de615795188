"""Lines at the edges of a page's text that are no part of it, told by where they stand.

An extractor that finds no structure takes what is near the text along: the name of the writer and
of the section above it, a note about the writer and other stories' headlines below it.
"""

import re
from collections.abc import Sequence

from newsletter.ingest.noise import Verdict
from newsletter.ingest.pages.page_text import NOWHERE, PageBlock
from newsletter.ingest.safe_text import normal, words_of
from newsletter.ingest.text_file import BYLINE, CLOSED
from newsletter.model.article import ParagraphKind

FEWEST_SENTENCE_WORDS = 5
FEWEST_FIRST_WORDS = 8
MOST_LABEL_WORDS = 4
MOST_BYLINE_WORDS = 12
HEADLINE_WORDS = range(5, 21)

_SAYS_WHERE = re.compile(r"[\d:@]")  # a time, a price, a label, an address


def edge_verdicts(
    blocks: Sequence[PageBlock],
    verdicts: Sequence[Verdict | None],
    *,
    title: str,
    author: str,
    site: str,
) -> dict[int, Verdict]:
    """Return, by place, the kept blocks that stand at the text's edges and are none of it.

    Args:
        blocks: in the order of the page.
        verdicts: what the rules for paragraphs say of each; those with one are passed over.
        title: the page's, "" where it states none.
        author: likewise.
        site: likewise.
    """
    judged = zip(blocks, verdicts, strict=True)
    kept = [i for i, (block, verdict) in enumerate(judged) if block.kept and verdict is None]
    sentences = [index for index in kept if _is_sentence(blocks[index], FEWEST_SENTENCE_WORDS)]
    first = next((i for i in sentences if _is_sentence(blocks[i], FEWEST_FIRST_WORDS)), 0)
    found: dict[int, Verdict] = {}
    headline = next((i for i in kept if title and normal(blocks[i].text) == normal(title)), -1)
    headline = headline if headline < first else -1
    for index in kept:
        block = blocks[index]
        if site and normal(block.text) == normal(site):
            found[index] = _noise("The name of the publication.", "publication")
        elif index < headline and not CLOSED.search(block.text):
            found[index] = _noise("A line above the headline.", "above the headline")
        elif index < first and _is_label(block) and index != headline:
            found[index] = _noise("A label above the text: who wrote it, or where.", "label")
    if author:
        for index in reversed(sentences[1:]):
            if not normal(blocks[index].text).startswith(f"{normal(author)} "):
                break
            found[index] = _noise("A note about the writer.", "writer")
    inside = {blocks[index].container for index in sentences if index not in found}
    last = max((index for index in sentences if index not in found), default=len(blocks))
    for index in kept:
        if index > last and _is_headline_beside(blocks[index], inside):
            found.setdefault(index, _noise("A headline below the text, not a part of it.", "below"))
    return found


def _is_sentence(block: PageBlock, fewest: int) -> bool:
    return (
        not block.heading
        and len(words_of(block.text)) >= fewest
        and CLOSED.search(block.text) is not None
    )


def _is_label(block: PageBlock) -> bool:
    if block.heading or CLOSED.search(block.text):
        return False
    words = len(words_of(block.text))
    is_byline = words <= MOST_BYLINE_WORDS and BYLINE.fullmatch(block.text) is not None
    return words <= MOST_LABEL_WORDS or is_byline


def _is_headline_beside(block: PageBlock, inside: set[int]) -> bool:
    """Tell a line that is no sentence, in an element that holds none of the text's.

    Items of lists and rows of tables end articles too, and so do boxes that say when and where.
    """
    return (
        block.container not in {*inside, NOWHERE}
        and len(words_of(block.text)) in HEADLINE_WORDS
        and not (block.item or block.row or CLOSED.search(block.text))
        and not _SAYS_WHERE.search(block.text)
    )


def _noise(reason: str, rule: str) -> Verdict:
    return Verdict(kind=ParagraphKind.NOISE, reason=reason, rule=rule)
