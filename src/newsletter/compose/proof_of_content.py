"""Whether what an issue promises is in both parts of the mail, and what links and bytes it took."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import unquote

from lxml import etree

from newsletter.compose.content import Content, PlacedBlock
from newsletter.model.composed import AROUND, BlockSize, BlockSpan, ComposedLink
from newsletter.model.finding import Finding, Severity

LOST = "C09 content-lost"
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_MARK = re.compile(r"<!--(/?)block (\d+)-->")
_SPACE = re.compile(r"\s+")
# The number of the block it stands in (0 for none), its address, its words.
_Found = tuple[int, str, str]
_Lost = tuple[PlacedBlock | None, str]
MANY = 5  # losses in one part: the template forgets its blocks


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The HTML without its block marks, its links in order, each block's bytes and elements."""

    html: str
    links: tuple[ComposedLink, ...]
    blocks: tuple[BlockSize, ...]
    spans: tuple[BlockSpan, ...]
    findings: tuple[Finding, ...]


def measure(html: str, text: str, content: Content, *, file: str, template: str) -> Measured:
    """Take the block marks out of the HTML, list its links, and prove both parts whole."""
    named = {block.number: block for block in content.blocks}
    bare, sizes = _sizes(html, named)
    anchors, headings, numbers = _read(html)
    links = tuple(
        ComposedLink(
            url=url,
            text=words,
            block=named[number].name if number in named else AROUND,
            line=named[number].line if number in named else 0,
        )
        for number, url, words in anchors
    )
    told = text.replace(content.contents_text, "", 1)  # a list of headlines proves none of them
    shown = f"templates/{template}"
    in_html = tuple(_lost_in_html(anchors, headings, content))
    in_text = tuple(_lost_in_text(told, content))
    findings = (
        *_findings(in_html, file, f"{shown}.mjml.j2", "show every part of each of rows"),
        *_findings(in_text, file, f"{shown}.txt.j2", "print {{ row.text }} for each of rows"),
    )
    return Measured(
        html=bare, links=links, blocks=sizes, spans=tuple(_spans(numbers, named)), findings=findings
    )


def _sizes(html: str, named: Mapping[int, PlacedBlock]) -> tuple[str, tuple[BlockSize, ...]]:
    """A block takes the bytes between its marks and the layout before them."""
    bare: list[str] = []
    data = dict.fromkeys(named, 0)
    at = pending = 0
    is_first = True
    for mark in _MARK.finditer(html):
        piece = html[at : mark.start()]
        bare.append(piece)
        size = len(piece.encode())
        number = int(mark[2])
        if not mark[1]:
            pending = 0 if is_first else size
        elif number in data:
            data[number] += size + pending
        is_first = False
        at = mark.end()
    bare.append(html[at:])
    whole = "".join(bare)
    around = BlockSize(name=AROUND, bytes=len(whole.encode()) - sum(data.values()))
    sizes = (BlockSize(name=named[number].name, bytes=data[number]) for number in named)
    return whole, (*sizes, around)


def _numbered(html: str) -> Iterator[tuple[int, etree._Element]]:
    number = 0
    for node in etree.HTML(html).iter():
        tag: object = node.tag  # a string, or for a comment the function that makes one
        if isinstance(tag, str):
            yield number, node
        elif tag is etree.Comment:
            mark = _MARK.fullmatch(f"<!--{node.text}-->")
            if mark:
                number = 0 if mark[1] else int(mark[2])


def _spans(numbers: Sequence[int], named: Mapping[int, PlacedBlock]) -> Iterator[BlockSpan]:
    first = 0
    for number, run in groupby(numbers):
        end = first + len(tuple(run))
        if number in named:
            block = named[number]
            yield BlockSpan(name=block.name, line=block.line, first=first, end=end)
        first = end


def _read(html: str) -> tuple[Sequence[_Found], Sequence[_Found], Sequence[int]]:
    anchors: list[_Found] = []
    headings: list[_Found] = []
    numbers: list[int] = []
    for number, node in _numbered(html):
        numbers.append(number)
        tag = node.tag
        if tag == "a":
            if (address := node.get("href")) is not None:
                anchors.append((number, address, _words(node)))
        elif tag in _HEADINGS:
            headings.append((number, "", _words(node)))
    return anchors, headings, numbers


def _lost_in_html(
    anchors: Sequence[_Found], headings: Sequence[_Found], content: Content
) -> Iterator[_Lost]:
    for block in content.blocks:
        shown = iter([_squeezed(words) for number, _, words in headings if number == block.number])
        urls = {unquote(url) for number, url, _ in anchors if number == block.number}
        for promise in block.promises:
            if _squeezed(promise.headline) not in shown:  # consumes: the order counts
                yield block, f"the headline {promise.headline!r} is not in the HTML"
            for url in promise.urls:
                if unquote(url) not in urls:
                    yield block, f"the link {url} is not in the HTML"
    if not any(url == content.unsubscribe_html for _, url, _ in anchors):
        yield None, "no link to unsubscribe is in the HTML"


def _lost_in_text(text: str, content: Content) -> Iterator[_Lost]:
    squeezed, at = _squeezed(text), 0
    for block in content.blocks:
        for promise in block.promises:
            for wanted in (promise.headline, *promise.urls):
                found = squeezed.find(_squeezed(wanted), at)
                if found < 0:
                    yield block, f"{wanted!r} is not in the text part, or not in its place"
                else:
                    at = found + len(_squeezed(wanted))
    if content.unsubscribe_text not in text:
        yield None, "no link to unsubscribe is in the text part"


def _findings(lost: Sequence[_Lost], file: str, template: str, todo: str) -> Iterator[Finding]:
    """Return each loss of a part; many are the template's slip, and one finding."""
    for block, message in lost if len(lost) <= MANY else ():
        yield Finding(
            check=LOST,
            severity=Severity.ERROR,
            message=message,
            evidence=block.name if block else "",
            file=file,
            line=block.line if block else 0,
            remedy=f"{todo} in {template}, and nest nothing more than 50 deep",
        )
    part = "text part" if template.endswith(".txt.j2") else "HTML"
    if len(lost) > MANY:
        yield Finding(
            check=LOST,
            severity=Severity.ERROR,
            message=f"the {part} lacks {len(lost)} headlines and links of the issue",
            evidence="; ".join(message for _, message in lost[:MANY]),
            file=template,
            remedy=f"{todo} in {template}",
        )


def _words(node: etree._Element) -> str:
    """What is read aloud: the text, or the alternative text of a picture that is all there is."""
    text = _SPACE.sub(" ", "".join(map(str, node.itertext(with_tail=False)))).strip()
    return text or " ".join(image.get("alt") or "" for image in node.iter("img")).strip()


def _squeezed(text: str) -> str:
    """Without any white space, so that no line break between words or wide characters counts."""
    return _SPACE.sub("", text)
