"""Read a page's article in the child: trafilatura's text, its place on the page, its metadata."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

import lxml.etree
import lxml.html
from lxml.html import HtmlElement
from trafilatura.core import bare_extraction
from trafilatura.metadata import extract_metadata
from trafilatura.utils import detect_encoding

from newsletter.ingest.children import NO_METADATA, NOWHERE, Metadata, PageBlock, PageText
from newsletter.ingest.decoding import clean_line, decode_page, normal, words_of
from newsletter.ingest.page_blocks import blocks_of, drop_link_lists
from newsletter.ingest.page_head import (
    PageHead,
    accepted_canonical,
    author_line,
    headline_without_site,
    picture_address,
    picture_words,
    published_line,
    read_head,
    stated,
    stated_authors,
)
from newsletter.model.article import Metadatum, Origin

MOST_DEPTH = 256
FEWEST_WORDS = 5
FEWEST_ITEM_WORDS = 4
MOST_LINKED_ITEM = 0.5
MOST_ASIDE = 0.3
NO_TEXT = "no article text was found in it"
WHOLE_ENOUGH = 0.5
MOST_OF_IT = 0.7

_XML_DECLARATION = re.compile(r"^\s{0,100}<\?xml[^>]{0,200}\?>")

Attributes = dict[str | bytes, str | bytes]


class _DepthGuard:
    """A parser target that keeps nothing and ends the parse where tags nest too deep."""

    def __init__(self) -> None:
        self.depth = 0

    def start(self, tag: str | bytes, attrib: Attributes) -> None:  # noqa: ARG002
        self.depth += 1
        if self.depth > MOST_DEPTH:
            msg = f"its tags are nested more than {MOST_DEPTH} deep"
            raise ValueError(msg)

    def end(self, tag: str | bytes) -> None:  # noqa: ARG002
        self.depth -= 1

    def data(self, data: str | bytes) -> None:
        """Drop the text."""

    def comment(self, text: str | bytes) -> None:
        """Drop the comment."""

    def close(self) -> None:
        """End; there is nothing to give."""


def read_page(raw: bytes, *, url: str, today: date | None) -> PageText:
    """Read one page; ValueError says in a sentence part why no article can be had from it."""
    text = _XML_DECLARATION.sub("", decode_page(raw, detect=detect_encoding)).strip()
    tree = tree_of_page(text)
    head = read_head(tree)
    drop_link_lists(tree)
    kept = _extract(tree, url)
    if sum(len(re.findall(r"\w+", block.text)) for block in kept) < FEWEST_WORDS:
        raise ValueError(NO_TEXT)
    metadata = _metadata(tree, head, url=url, today=today)
    blocks = _with_dropped(kept, list(blocks_of(tree)))
    return PageText(
        metadata=metadata,
        blocks=tuple(blocks),
        is_free=str(head.ld.get("isAccessibleForFree", True)).casefold() != "false",
        language=head.language,
        canonical=accepted_canonical(head.canonical, url),
    )


def read_text(raw: bytes, *, url: str) -> PageText:
    """Read a feed's HTML of an article's text alone; ValueError says why none can be had."""
    text = raw.decode("utf-8", "replace")
    tree = tree_of_page(f"<html><body><article>{text}</article></body></html>")
    whole = list(blocks_of(tree))
    if not whole:
        raise ValueError(NO_TEXT)
    kept = _extract(tree, url)
    if _length(kept) < MOST_OF_IT * _length(whole):
        blocks = whole
    else:
        blocks = [replace(block, frame=False) for block in _with_dropped(kept, whole)]
    return PageText(metadata=NO_METADATA, blocks=tuple(blocks))


def tree_of_page(text: str) -> HtmlElement:
    """Build the tree; raises ValueError where there is nothing in it or tags nest too deep."""
    if "<" not in text:
        msg = "it is not a web page: it has no tags"
        raise ValueError(msg)
    encoded = text.encode("utf-8", "replace")
    lxml.etree.fromstring(
        encoded, lxml.etree.HTMLParser(target=_DepthGuard(), encoding="utf-8", huge_tree=True)
    )
    try:
        return lxml.html.document_fromstring(encoded, parser=lxml.html.HTMLParser(encoding="utf-8"))
    except lxml.etree.ParserError as error:
        raise ValueError(NO_TEXT) from error


def _extract(tree: HtmlElement, url: str) -> list[PageBlock]:
    """Take the precision reading, or the default one where that has more than twice its text."""
    precise = _extract_in(tree, url, is_precise=True)
    whole = _extract_in(tree, url, is_precise=False)
    return precise if _length(precise) >= WHOLE_ENOUGH * _length(whole) else whole


def _extract_in(tree: HtmlElement, url: str, *, is_precise: bool) -> list[PageBlock]:
    try:
        found = bare_extraction(
            tree,
            url=url or None,
            favor_precision=is_precise,
            include_comments=False,
            include_tables=True,
        )
    except (ValueError, TypeError, AttributeError, IndexError, lxml.etree.LxmlError):
        return []  # the library stumbles over odd trees; the other reading may stand
    body = getattr(found, "body", None)
    return list(blocks_of(body)) if body is not None else []


def _with_dropped(kept: Sequence[PageBlock], page: Sequence[PageBlock]) -> list[PageBlock]:
    """Put back in their places what the extractor left out, marked as not kept.

    Outside the kept blocks it is the page's frame, but for what stands in one element with them.
    """
    places: dict[str, int] = {}
    for index, block in enumerate(kept):
        places.setdefault(normal(block.text), index)
    whole = normal(" ".join(block.text for block in kept))
    keys = [normal(block.text) for block in page]
    containers = {block.container for block, key in zip(page, keys, strict=True) if key in places}
    after: dict[int, list[PageBlock]] = {}
    position = -1
    framed: set[str] = set()
    for block, key in zip(page, keys, strict=True):
        if key in places:
            position = max(position, places[key])
            continue
        outside = not 0 <= position < len(kept) - 1
        is_title = position < 0 and block.heading
        frame = outside and (is_title or block.container not in containers)
        if key in whole or (frame and key in framed):
            continue
        if frame:
            framed.add(key)
        is_inside = not outside or (position >= 0 and block.container in containers)
        # An item of a list in the text that the extractor took for a menu's, and is none.
        lost = is_inside and block.item and not block.aside and block.linked < MOST_LINKED_ITEM
        lost = lost and len(words_of(block.text)) >= FEWEST_ITEM_WORDS
        after.setdefault(position, []).append(replace(block, kept=lost, frame=frame))
    merged = list(after.get(-1, ()))
    for index, block in enumerate(_as_on_the_page(kept, page, keys)):
        merged += [block, *after.get(index, ())]
    return merged


def _as_on_the_page(
    kept: Sequence[PageBlock], page: Sequence[PageBlock], keys: Sequence[str]
) -> list[PageBlock]:
    """Return the kept blocks with where they stood; of twins the least set apart counts."""
    twins: dict[str, PageBlock] = {}
    for block, key in zip(page, keys, strict=True):
        twin = twins.setdefault(key, block)
        twins[key] = replace(
            twin, linked=min(twin.linked, block.linked), aside=twin.aside and block.aside
        )
    marked = []
    for block in kept:
        found = twins.get(normal(block.text), block)
        container = found.container if found is not block else NOWHERE
        marked.append(replace(block, linked=found.linked, aside=found.aside, container=container))
    if _length([block for block in marked if block.aside]) > MOST_ASIDE * _length(marked):
        return [replace(block, aside=False) for block in marked]
    return marked


def _metadata(tree: HtmlElement, head: PageHead, *, url: str, today: date | None) -> Metadata:
    # Not extensive: that takes a date out of the prose where the page states none.
    found = extract_metadata(tree, default_url=url or None, extensive=False)
    ld, meta = head.ld, head.meta
    graph = [meta.get("og:title", ""), meta.get("twitter:title", "")]
    site = meta.get("og:site_name", "") or stated(ld.get("publisher"))
    title = clean_line(found.title or "") or graph[0] or stated(ld.get("headline"))
    known = site or clean_line(found.sitename or "")
    title = headline_without_site(title or head.page_title, known)
    if normal(title) == normal(known):  # the first heading of many a blog is its name
        title = headline_without_site(head.page_title, known) or title
    names = stated_authors(ld.get("author"))
    author = author_line(names, site=site) or author_line([found.author or ""], site=site)
    dates = [
        stated(ld.get("datePublished")),
        meta.get("article:published_time", ""),
        found.date or "",
    ]
    description = clean_line(found.description or "") or stated(ld.get("description"))
    base = url or head.canonical
    image = picture_address(meta.get("og:image", ""), base=base) or picture_address(
        stated(ld.get("image")) or found.image or "", base=base
    )
    return Metadata(
        title=_field(title, ld=[stated(ld.get("headline"))], graph=graph),
        author=_field(author, ld=[author_line(names, site=site)], graph=[]),
        published=_field(published_line(dates, today=today), ld=dates[:1], graph=dates[1:2]),
        description=_field(
            description,
            ld=[stated(ld.get("description"))],
            graph=[meta.get("og:description", ""), meta.get("twitter:description", "")],
        ),
        image=_field(image, ld=[stated(ld.get("image"))], graph=[meta.get("og:image", "")]),
        image_alt=picture_words(tree, image, head),
        site=_field(site, ld=[stated(ld.get("publisher"))], graph=[meta.get("og:site_name", "")]),
    )


def _field(value: str, *, ld: Iterable[str], graph: Iterable[str]) -> Metadatum | None:
    """Return the value with where the page states it; OpenGraph before JSON-LD before the page."""
    if not value:
        return None
    for origin, candidates in ((Origin.OPENGRAPH, graph), (Origin.JSON_LD, ld)):
        if any(
            candidate and normal(candidate).startswith(normal(value)) for candidate in candidates
        ):
            return Metadatum(value=value, origin=origin)
    return Metadatum(value=value, origin=Origin.PAGE)


def _length(blocks: Sequence[PageBlock]) -> int:
    return sum(len(block.text) for block in blocks)
