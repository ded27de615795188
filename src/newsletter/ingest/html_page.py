"""A saved web page as an article: read in a child process, judged here."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from newsletter.config.settings import NoiseRule
from newsletter.ingest.children import NOWHERE, PageBlock, PageReader, PageText
from newsletter.ingest.decoding import normal, words_of
from newsletter.ingest.identity import story_key
from newsletter.ingest.noise import Verdict, judge_paragraphs, noise_verdict, paragraph_of
from newsletter.ingest.standing import judged_state
from newsletter.ingest.text_file import BYLINE, CLOSED, checked_address
from newsletter.model.article import Article, ArticleParagraph, Metadatum, Origin, ParagraphKind
from newsletter.model.callout import Callout

FEWEST_SENTENCE_WORDS = 5
FEWEST_FIRST_WORDS = 8
MOST_LABEL_WORDS = 4
MOST_BYLINE_WORDS = 12
HEADLINE_WORDS = range(5, 21)

_SAYS_WHERE = re.compile(r"[\d:@]")  # a time, a price, a label, an address


def _edges(
    blocks: Sequence[PageBlock],
    verdicts: Sequence[Verdict | None],
    *,
    title: str,
    author: str,
    site: str,
) -> dict[int, Verdict]:
    """Return, by place, kept blocks at the text's edges that are none of it."""
    judged = zip(blocks, verdicts, strict=True)
    kept = [i for i, (block, verdict) in enumerate(judged) if block.kept and verdict is None]
    sentences = [index for index in kept if _is_sentence(blocks[index], FEWEST_SENTENCE_WORDS)]
    first = next((i for i in sentences if _is_sentence(blocks[i], FEWEST_FIRST_WORDS)), 0)
    headline = next((i for i in kept if title and normal(blocks[i].text) == normal(title)), -1)
    headline = headline if headline < first else -1
    found: dict[int, Verdict] = {}
    for index in kept:
        text = blocks[index].text
        if site and normal(text) == normal(site):
            found[index] = noise_verdict("The name of the publication.", "publication")
        elif index < headline and not CLOSED.search(text):
            found[index] = noise_verdict("A line above the headline.", "above the headline")
        elif index < first and _is_label(blocks[index]) and index != headline:
            found[index] = noise_verdict("A label above the text: who wrote it, or where.", "label")
    for index in reversed(sentences[1:] if author else []):
        if not normal(blocks[index].text).startswith(f"{normal(author)} "):
            break
        found[index] = noise_verdict("A note about the writer.", "writer")
    text_left = [index for index in sentences if index not in found]
    inside = {blocks[index].container for index in text_left}
    for index in kept:
        if text_left and index > text_left[-1] and _is_headline_beside(blocks[index], inside):
            verdict = noise_verdict("A headline below the text, not a part of it.", "below")
            found.setdefault(index, verdict)
    return found


def _is_sentence(block: PageBlock, fewest: int) -> bool:
    is_long = len(words_of(block.text)) >= fewest
    return not block.heading and is_long and CLOSED.search(block.text) is not None


def _is_label(block: PageBlock) -> bool:
    if block.heading or CLOSED.search(block.text):
        return False
    words = len(words_of(block.text))
    is_byline = words <= MOST_BYLINE_WORDS and BYLINE.fullmatch(block.text) is not None
    return words <= MOST_LABEL_WORDS or is_byline


def _is_headline_beside(block: PageBlock, inside: set[int]) -> bool:
    """Tell a line that is no sentence, in an element that holds none of the text's."""
    return (
        block.container not in {*inside, NOWHERE}
        and len(words_of(block.text)) in HEADLINE_WORDS
        and not (block.item or block.row or CLOSED.search(block.text))
        and not _SAYS_WHERE.search(block.text)
    )


LINKED_WHOLLY = 0.9
FEWEST_WHOLE_WORDS = 200  # a page that is not free and has as many is not cut off
NO_TITLE = "the page states no title"


def article_from_html(
    raw: bytes,
    *,
    url: str,
    source: str,
    callouts: Sequence[Callout],
    noise: Sequence[NoiseRule],
    today: date | None = None,
    reader: PageReader | None = None,
    shown: str = "the page",
) -> Article:
    """Take in a saved page; what the extractor left out amid the text is kept with its reason.

    url is "" where unknown; today bounds dates. Without a reader one is started and ended. Raises
    UserError: where no article can be had from it, or url is none.
    """
    address = checked_address(url, shown=shown)
    if reader is None:
        with PageReader() as own:
            page = own.read(raw, url=address, today=today, shown=shown)
    else:
        page = reader.read(raw, url=address, today=today, shown=shown)
    return judged_page(page, url=address, source=source, callouts=callouts, noise=noise)


def judged_page(
    page: PageText,
    *,
    url: str,
    source: str,
    callouts: Sequence[Callout],
    noise: Sequence[NoiseRule],
) -> Article:
    """Return what the child read as an article: each paragraph with its kind, and the state."""
    description = page.metadata.description
    told = judge_paragraphs([b.text for b in page.blocks], callouts=callouts, noise=noise)
    judged = [
        (block, verdict)
        for block, verdict in zip(page.blocks, told, strict=True)
        if not block.frame or verdict is not None or _is_standfirst(block, description)
    ]
    inner = [block for block in page.blocks if not block.frame]
    title = page.metadata.title or Metadatum(value=inner[0].text, origin=Origin.PAGE)
    # A first paragraph that stands in for a title is text all the same; a heading is none.
    shown_title = title.value if page.metadata.title or inner[0].heading else ""
    author = page.metadata.author.value if page.metadata.author else ""
    site = page.metadata.site.value if page.metadata.site else ""
    verdicts = [verdict for _, verdict in judged]
    blocks = _with_headings([block for block, _ in judged], verdicts)
    edges = _edges(blocks, verdicts, title=shown_title, author=author, site=site)
    article = Article(
        key=story_key(
            canonical=page.canonical, url=url, texts=[title.value, *(b.text for b in inner)]
        ),
        url=url or page.canonical,
        source=source,
        title=title,
        paragraphs=tuple(
            _paragraph(
                block,
                verdict or (None if _is_standfirst(block, description) else edges.get(index)),
                title=shown_title,
                author=author,
                description=description,
            )
            for index, (block, verdict) in enumerate(zip(blocks, verdicts, strict=True))
        ),
        author=page.metadata.author,
        published=page.metadata.published,
        description=description,
        image=page.metadata.image,
        image_alt=page.metadata.image_alt,
        site=page.metadata.site,
        language=page.language,
    )
    kept = [(block.text, verdict) for block, verdict in judged if block.kept]
    return judged_state(
        article,
        texts=[text for text, _ in kept],
        verdicts=[verdict for _, verdict in kept],
        reasons=_reasons(page),
    )


def _reasons(page: PageText) -> list[str]:
    reasons = []
    kept = sum(len(words_of(block.text)) for block in page.blocks if block.kept)
    if not page.is_free and kept < FEWEST_WHOLE_WORDS:
        reasons.append("the page says that it is not free to read; the text may be cut off")
    if page.metadata.title is None:
        reasons.append(NO_TITLE)
    return reasons


def _paragraph(
    block: PageBlock,
    verdict: Verdict | None,
    *,
    title: str,
    author: str,
    description: Metadatum | None,
) -> ArticleParagraph:
    found = verdict
    if found is not None:
        pass
    elif not (block.kept or block.frame):
        found = noise_verdict("Beside the running text, and not a part of it.", "extractor")
    elif author and normal(block.text) in {normal(author), normal(f"by {author}")}:
        found = noise_verdict("The byline, kept as the author.", "byline")
    elif block.aside:
        found = noise_verdict("Set apart from the text by the page.", "aside")
    elif block.linked >= LINKED_WHOLLY and not CLOSED.search(block.text):
        found = noise_verdict("Nothing but a link to another page.", "link")
    elif normal(block.text) == normal(title):
        found = noise_verdict("The title again.", "title")
    elif block.heading:
        why = "A heading of the page."
        found = Verdict(kind=ParagraphKind.SUBHEADING, reason=why, rule="heading")
    elif _is_standfirst(block, description):
        why = "The page's own description."
        found = Verdict(kind=ParagraphKind.STANDFIRST, reason=why, rule="standfirst")
    return paragraph_of(block.text, found)


def _is_standfirst(block: PageBlock, description: Metadatum | None) -> bool:
    return description is not None and (
        normal(block.text).rstrip(".") == normal(description.value).rstrip(".")
    )


def _with_headings(
    blocks: Sequence[PageBlock], verdicts: Sequence[Verdict | None]
) -> list[PageBlock]:
    """Take back headings that the extractor left out though they lead to a kept paragraph."""
    taken: list[PageBlock] = []
    leads_to_kept = False
    for block, verdict in zip(reversed(blocks), reversed(verdicts), strict=True):
        is_apart = block.aside or block.linked >= LINKED_WHOLLY
        is_lost = block.heading and leads_to_kept and not (block.kept or is_apart or verdict)
        taken.append(replace(block, kept=True) if is_lost else block)
        if verdict is None and not block.aside:
            leads_to_kept = block.kept and not block.heading
    return taken[::-1]
