"""A saved web page as an article: read in a child process, judged here."""

from collections.abc import Sequence
from datetime import date

from newsletter.config.settings import NoiseRule
from newsletter.ingest.identity import story_key
from newsletter.ingest.judging import judged_state
from newsletter.ingest.noise import Verdict, judge_paragraphs
from newsletter.ingest.page_child import PageReader
from newsletter.ingest.page_text import PageBlock, PageText, TextField
from newsletter.ingest.safe_text import normal
from newsletter.ingest.text_file import checked_address
from newsletter.model.article import Article, ArticleParagraph, Metadatum, Origin, ParagraphKind
from newsletter.model.callout import Callout

FEWEST_AGREEMENT = 0.7


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

    Args:
        raw: the page's bytes, at most 3 MB.
        url: its address, "" where unknown: then the one that the page states is taken.
        source: the name of the source it came from, "" for one added by hand.
        callouts: the callouts whose wording is set apart, wherever on the page it stands.
        noise: the source's own noise lines.
        today: bounds what can be a publication date; None for no bound.
        reader: a running reader, for more than one page; by default one is started and ended.
        shown: how errors name the page.

    Raises:
        UserError: where no article can be had from it, or url is none.
    """
    address = checked_address(url, shown=shown)
    if reader is None:
        with PageReader() as own:
            page = own.read(raw, url=address, today=today, shown=shown)
    else:
        page = reader.read(raw, url=address, today=today, shown=shown)
    return _judged(page, url=address, source=source, callouts=callouts, noise=noise)


def _judged(
    page: PageText,
    *,
    url: str,
    source: str,
    callouts: Sequence[Callout],
    noise: Sequence[NoiseRule],
) -> Article:
    inner = [block for block in page.blocks if not block.frame]
    texts = [block.text for block in inner]
    verdicts = judge_paragraphs(texts, callouts=callouts, noise=noise)
    title = _datum(page.metadata.title) or Metadatum(value=texts[0], origin=Origin.PAGE)
    description = _datum(page.metadata.description)
    paragraphs = [
        _paragraph(block, verdict, title=title.value, description=description)
        for block, verdict in zip(inner, verdicts, strict=True)
    ]
    before, after = _callouts_in_frame(page.blocks, callouts)
    article = Article(
        key=story_key(canonical=page.canonical, url=url, texts=[title.value, *texts]),
        url=url or page.canonical,
        source=source,
        title=title,
        paragraphs=(*before, *paragraphs, *after),
        author=_datum(page.metadata.author),
        published=_datum(page.metadata.published),
        description=description,
        image=_datum(page.metadata.image),
        image_alt=page.metadata.image_alt,
        site=_datum(page.metadata.site),
        language=page.language,
    )
    kept = [(b.text, v) for b, v in zip(inner, verdicts, strict=True) if b.kept]
    return judged_state(
        article,
        texts=[text for text, _ in kept],
        verdicts=[verdict for _, verdict in kept],
        reasons=_reasons(page),
    )


def _reasons(page: PageText) -> list[str]:
    reasons = []
    if page.agreement < FEWEST_AGREEMENT:
        reasons.append("two readers disagree on which part of the page is the article")
    if not page.is_free:
        reasons.append("the page says that it is not free to read; the text may be cut off")
    if page.metadata.title is None:
        reasons.append("the page states no title")
    return reasons


def _paragraph(
    block: PageBlock, verdict: Verdict | None, *, title: str, description: Metadatum | None
) -> ArticleParagraph:
    kind, reason, rule, callout = ParagraphKind.BODY, "", "", ""
    if verdict is not None:
        kind, reason, rule = verdict.kind, verdict.reason, verdict.rule
        callout = verdict.callout
    elif not block.kept:
        kind, rule = ParagraphKind.NOISE, "extractor"
        reason = "Amid the article, but not part of its running text."
    elif normal(block.text) == normal(title):
        kind, rule, reason = ParagraphKind.NOISE, "title", "The title again."
    elif block.heading:
        kind, rule, reason = ParagraphKind.SUBHEADING, "heading", "A heading of the page."
    elif description is not None and normal(block.text) == normal(description.value):
        kind, rule = ParagraphKind.STANDFIRST, "standfirst"
        reason = "The page's own description."
    return ArticleParagraph(text=block.text, kind=kind, reason=reason, rule=rule, callout=callout)


def _callouts_in_frame(
    blocks: Sequence[PageBlock], callouts: Sequence[Callout]
) -> tuple[list[ArticleParagraph], list[ArticleParagraph]]:
    """Give the callouts before the article and after it; the rest there is the page's frame."""
    first = next((index for index, block in enumerate(blocks) if block.kept), 0)
    sides: tuple[list[ArticleParagraph], list[ArticleParagraph]] = ([], [])
    texts = [block.text for block in blocks]
    for index, verdict in enumerate(judge_paragraphs(texts, callouts=callouts, noise=())):
        if blocks[index].frame and verdict and verdict.kind is ParagraphKind.CALLOUT:
            sides[index > first].append(
                ArticleParagraph(
                    text=texts[index],
                    kind=verdict.kind,
                    reason=verdict.reason,
                    rule=verdict.rule,
                    callout=verdict.callout,
                )
            )
    return sides


def _datum(field: TextField | None) -> Metadatum | None:
    return Metadatum(value=field.value, origin=field.origin) if field else None
