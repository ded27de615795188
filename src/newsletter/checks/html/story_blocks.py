"""What O19 says of single blocks: set once, with their own links, pictures and labels."""

from collections import Counter
from collections.abc import Iterator

from newsletter.checks.request import Composition
from newsletter.checks.rows import row_place
from newsletter.checks.wording import (
    blocks_of,
    folded,
    inlines,
    leaves,
    shorten,
    spoken,
    text_blocks,
)
from newsletter.checks.wording import stories as stories_of
from newsletter.model.composed import BlockSpan
from newsletter.model.finding import Finding, Severity
from newsletter.model.issue import Block, Briefs, CalloutRef, Story
from newsletter.model.text import InlineImage, Link

_TWICE = 6  # words that no two passages of an issue share by chance


def blocks_as_written(made: Composition, label: str) -> Iterator[Finding]:
    """Return what templates do to single blocks; nothing where composing tells no origins."""
    if made.wrote.files:
        yield from _set_twice(made, label)
        yield from _printed_twice(made, label)
        yield from _of_another(made, label)
        yield from _alternatives(made, label)
        yield from _labels(made, label)


def _set_twice(made: Composition, label: str) -> Iterator[Finding]:
    """Tell the first block that is set again; others may be by the same line."""
    # two passages of running text may bear one name
    times = Counter((span.name, span.line) for span in made.composed.spans if span.line)
    for (name, line), count in times.items():
        if count > 1:
            last = [one for one in made.composed.spans if (one.name, one.line) == (name, line)][-1]
            file, at = made.wrote.element(last.first) or row_place(made, "HTML", line)
            yield Finding(
                check=label,
                severity=Severity.ERROR,
                message=f"the HTML part sets a block {count} times",
                evidence=f"{name} ({made.file}:{line})",
                file=file,
                line=at,
                remedy="let the template set each row once",
            )
            return


def _printed_twice(made: Composition, label: str) -> Iterator[Finding]:
    """Look for running text that stands oftener in the text part than in the issue."""
    plain = "".join(spoken(made.composed.text).split())
    texts = [words for block in blocks_of(made.request.issue) for words in _texts(block)]
    times = Counter(texts)
    for words, count in times.items():
        if len(words.split()) >= _TWICE and plain.count("".join(words.split())) > count:
            file, line = row_place(made, "text", 0)
            yield Finding(
                check=label,
                severity=Severity.ERROR,
                message="the text part prints a text of the issue twice",
                evidence=shorten(words),
                file=file,
                line=line,
                remedy="print {{ row.text }} once for each of rows",
            )
            return


def _texts(block: Block) -> Iterator[str]:
    if not isinstance(block, CalloutRef):
        yield from (spoken(text) for text, _ in leaves(text_blocks(block)))


def _of_another(made: Composition, label: str) -> Iterator[Finding]:
    """Tell of a link or picture in a story's block that is another story's, or the reader's own."""
    stories = [
        block for block in blocks_of(made.request.issue) if isinstance(block, Story | Briefs)
    ]
    own = {block.line: set(_addresses(block)) for block in stories}
    everyones = {url: line for line, urls in own.items() for url in urls}
    slots = {one.token: one.slot.name for one in made.composed.sentinels if one.token}
    for span in made.composed.spans:
        mine = own.get(span.line)
        if mine is None:
            continue
        for at in range(span.first, span.end):
            element = made.page.elements[at]
            url = element.get("href") if element.tag == "a" else element.get("src")
            if not url or url in mine:
                continue
            is_slot = element.tag == "a" and slots.get(url, "").endswith("_url")
            if url in everyones or is_slot:
                wrote = made.wrote.element(at)
                file, line = wrote or row_place(made, "HTML", span.line)
                what = "picture" if element.tag == "img" else "link"
                whose = "the reader's own page" if is_slot else "another story's"
                yield Finding(
                    check=label,
                    severity=Severity.WARNING if is_slot else Severity.ERROR,
                    message=f"a {what} in a story's block is {whose}",
                    evidence=f"{shorten(slots.get(url, url))} in {span.name}",
                    file=file,
                    line=line,
                    remedy="take the address from the story itself, such as {{ story.url }}",
                )
                break


def _alternatives(made: Composition, label: str) -> Iterator[Finding]:
    """Tell the first picture of a story whose alternative text is not the issue's."""
    alts: dict[str, set[str]] = {}
    for story in stories_of(made.request.issue):
        if story.image is not None:
            alts.setdefault(story.image.url, set()).add(folded(story.image.alt))
    for image in made.page.images:
        wanted = alts.get(image.get("src") or "")
        alt = image.get("alt") or ""
        if wanted and folded(alt) not in wanted:
            at = made.wrote.element(made.page.style.at(image))
            file, line = at or row_place(made, "HTML", 0)
            has = "has another alternative text than the issue gives" if alt else "loses its words"
            yield Finding(
                check=label,
                severity=Severity.WARNING,
                message=f"a story's picture {has}",
                evidence=f"“{shorten(alt, 60)}” for {shorten(image.get('src') or '')}",
                file=file,
                line=line,
                remedy='write alt="{{ story.image.alt }}"',
            )
            return


def _addresses(block: Story | Briefs) -> Iterator[str]:
    if isinstance(block, Briefs):
        for item in block.items:
            yield item.url
        return
    yield block.url
    if block.image is not None:
        yield block.image.url
    for inline, _ in inlines(block.summary):
        if isinstance(inline, Link | InlineImage):
            yield inline.url


def _labels(made: Composition, label: str) -> Iterator[Finding]:
    """Tell of section headings, kickers and bylines that the HTML leaves out."""
    html = "".join(spoken(made.page.text).split())
    text = "".join(spoken(made.composed.text).split())
    spans: dict[int, BlockSpan] = {span.line: span for span in made.composed.spans}
    wanted = [
        ("section's heading", section.heading, section.blocks[0].line)
        for place, section in enumerate(made.request.issue.sections)
        # the lead's is shown in neither, and its words may still stand in the text
        if section.blocks and (place or not isinstance(section.blocks[0], Story))
    ]
    for block in blocks_of(made.request.issue):
        if isinstance(block, Story) and block.line in spans:
            wanted += [("kicker", block.kicker, block.line), ("byline", block.byline, block.line)]
    for what in dict.fromkeys(kind for kind, _, _ in wanted):
        lost = [
            (words, at)
            for kind, words, at in wanted
            if kind == what and _in(words, text) and not _in(words, html)
        ]
        if lost:
            yield _lost(made, label, what, lost)


def _in(words: str, squeezed: str) -> bool:
    return "".join(spoken(words).split()) in squeezed


def _lost(made: Composition, label: str, what: str, lost: list[tuple[str, int]]) -> Finding:
    words, at = lost[0]
    file, line = row_place(made, "HTML", at)
    more = f" and {len(lost) - 1} more" if len(lost) > 1 else ""
    return Finding(
        check=label,
        severity=Severity.WARNING,
        message=f"the HTML part leaves out a {what}",
        evidence=f"{shorten(words)} ({made.file}:{at}){more}",
        file=file,
        line=line,
        remedy="let the part of that row print it, in {% if %} for rows that have none",
    )
