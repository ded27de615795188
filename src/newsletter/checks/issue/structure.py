"""The part of S07 that looks at the issue as a whole: sections, briefs and attributes."""

import re
from collections import Counter
from collections.abc import Iterator
from difflib import get_close_matches

from newsletter.checks.address import is_misspelt_host, read_web_address
from newsletter.checks.issue.lost_heads import lost_heads
from newsletter.checks.issue.mix_ups import swapped_links
from newsletter.checks.issue.neighbours import LIGHT_MARKS
from newsletter.checks.issue.placeholder_links import names_no_page
from newsletter.checks.request import CheckRequest
from newsletter.checks.wording import blocks_of, folded, plain, stories
from newsletter.model.finding import Finding, Severity
from newsletter.model.issue import Brief, Briefs, Issue, Story, TextPassage
from newsletter.model.text import (
    Link,
    ListBlock,
    Paragraph,
    Subheading,
    TextBlock,
)

# A story may have attributes of the newsroom's own; one that is nearly ours is a slip.
_ATTRIBUTES = (
    *("article", "credit", "embargo", "expires", "sensitive", "summary", "update"),
    *LIGHT_MARKS,
)
_SEARCH = re.compile(
    r"/(?:search|suche|recherche|buscar)(?:\.\w{2,5})?/?\?(?:[^#]*&)?(?:q|s|query|k)="
)
ALIKE = 0.8  # of the letters of two names


def incomplete(request: CheckRequest, label: str) -> Iterator[Finding]:
    """Tell of sections and briefs with nothing in them, and of attributes that do nothing."""
    language = request.newsletter.language.partition("-")[0].casefold()
    swapped = (
        (one.line, one.message, one.evidence, one.remedy)
        for one in swapped_links(request.issue, language)
    )
    for line, message, evidence, remedy in (
        *_sections(request.issue),
        *_slips(request.issue),
        *_lost_stories(request.issue),
        *lost_heads(request.issue),
        *_hosts(request.issue),
        *swapped,
    ):
        yield Finding(
            check=label,
            severity=Severity.WARNING,
            message=message,
            evidence=evidence,
            file=request.file,
            line=line,
            remedy=remedy,
        )


def _sections(issue: Issue) -> Iterator[tuple[int, str, str, str]]:
    if not any(isinstance(block, Story | Briefs) for block in blocks_of(issue)):
        first = next((section.line for section in issue.sections), 0)
        remedy = 'write one as "## [Headline](https://…)", or briefs as a list of links'
        yield first or issue.line_of("subject"), "the issue has no story", issue.subject, remedy
    seen: dict[str, int] = {}
    for section in issue.sections:
        if not section.blocks:
            remedy = "write its stories, or take its heading out"
            yield section.line, "a section has nothing in it", section.heading, remedy
        first = seen.setdefault(folded(section.heading), section.line)
        if first != section.line:
            message = f"a section has the heading of line {first} again"
            yield section.line, message, section.heading, "put both together, or name it otherwise"


def _slips(issue: Issue) -> Iterator[tuple[int, str, str, str]]:
    for block in blocks_of(issue):
        match block:
            case Briefs(items=items):
                for item in items:
                    # a list of bare links is one too, and "Write to us" wants no sentence
                    is_web = item.url.startswith("http") and any(map(_says, items))
                    if is_web and not _says(item):
                        remedy = "write one sentence, or take it out"
                        yield item.line, "a brief has only a headline", item.headline, remedy
            case TextPassage(blocks=blocks, line=line) if any(map(_is_half_linked, blocks)):
                message = "a list of briefs has an item that begins with no link"
                remedy = "write each item as - [Headline](https://…): one sentence"
                yield line, message, "it is set as text, and not as briefs", remedy
            case _:
                pass
    for story in stories(issue):
        for key, value in story.attributes:
            near = get_close_matches(key, _ATTRIBUTES, n=1, cutoff=ALIKE)
            if near and key not in _ATTRIBUTES:
                message = f"the attribute {key} does nothing"
                remedy = f"write {near[0]}, if that is meant"
                yield story.line_of("attributes"), message, f"{key}={value}", remedy


def _lost_stories(issue: Issue) -> Iterator[tuple[int, str, str, str]]:
    """Return the headlines that were written one level too low, and became part of a summary."""
    for story in stories(issue):
        for part in story.summary:
            match part:
                case Subheading(children=(Link(url=url, children=words),), line=line):
                    message = "a heading within a story is a link, as a story's own headline is"
                    remedy = "write ## before it, and it is a story; or take the link out"
                    yield line or story.line, message, f"{plain(words)} → {url}", remedy
                case _:
                    pass


def _hosts(issue: Issue) -> Iterator[tuple[int, str, str, str]]:
    """Return links to the front page of a site that other stories are of, and hosts misspelt."""
    cards = [
        item
        for block in blocks_of(issue)
        for item in (block.items if isinstance(block, Briefs) else (block,))
        if isinstance(item, Story | Brief) and item.url.startswith("http")
    ]
    addresses = [read_web_address(card.url) for card in cards]
    hosts = ["" if one is None else one.host for one in addresses]
    known = Counter(hosts)
    for card, host in zip(cards, hosts, strict=True):
        if known[host] > 1 and names_no_page(card.url):
            remedy = "give it the address of its own page"
            yield card.line, "a link leads to a site's front page", card.url, remedy
        if _SEARCH.search(card.url):
            remedy = "give it the address of its own page"
            yield card.line, "a link leads to a site's search", card.url, remedy
        near = next(
            (
                other
                for other, times in known.items()
                if times > known[host] and other != host and is_misspelt_host(host, other)
            ),
            "",
        )
        if near:
            message = "a link leads to a host that is spelt nearly like that of the others"
            yield card.line, message, f"{host}, elsewhere {near}", f"write {near}, if that is meant"


def _says(item: Brief) -> bool:
    return bool(item.text.strip(" .:\u2013\u2014-"))


def _is_half_linked(block: TextBlock) -> bool:
    """Return whether most items of a list begin with a link, and some do not."""
    if not isinstance(block, ListBlock):
        return False
    linked = sum(
        bool(item)
        and isinstance(item[0], Paragraph)
        and bool(item[0].children)
        and isinstance(item[0].children[0], Link)
        for item in block.items
    )
    return linked < len(block.items) <= 2 * linked
