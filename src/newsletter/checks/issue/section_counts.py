"""The part of S29 that counts a section: "Three numbers" over four; pure."""

import re
from collections.abc import Iterator

from newsletter.checks.issue.number_words import COUNT, number_of
from newsletter.checks.request import CheckRequest
from newsletter.checks.wording import folded
from newsletter.checks.written import Field
from newsletter.model.issue import Briefs, Section, Story, TextPassage
from newsletter.model.text import ListBlock

# Nouns that count what a section lists; "Four years on" and "Six Nations" do not.
_LISTED = (
    r"numbers?|figures?|things?|questions?|answers?|facts?|charts?|quotes?|photos?|pictures?"
    r"|links?|tips?|ways?|reasons?|ideas?|takeaways?|lessons?|points?|books?|films?"
    r"|recipes?|dates?|events?|podcasts?|letters?"
)
_IN_HEADING = re.compile(
    rf"(?:the |our |your |today's |this week's |top |just |and )?{COUNT} (?:more |other |big "
    rf"|quick |best |great |key |short |good |top |last )?"
    rf"(?:{_LISTED}|stories|reads?|briefs?|headlines?)"
    rf"(?: (?:to|that|you|we|for|from|of the|about|on|this)\b.{{0,60}})?",
    re.IGNORECASE,
)
_COUNTED_NOUN = re.compile(rf"\b{COUNT} ({_LISTED})\b", re.IGNORECASE)
_TITLES = frozenset({Field.SUBJECT, Field.PREHEADER})


def miscounted_sections(request: CheckRequest) -> Iterator[tuple[int, str, int]]:
    """Return line, words and true number where "Three numbers" is over four, or announces four."""
    sizes: dict[str, list[int]] = {}
    first = min((section.line for section in request.issue.sections), default=0)
    for section in request.issue.sections:
        size = _items_of(section)
        words = folded(section.heading).split()
        if size and words:
            sizes.setdefault(words[-1].rstrip("s"), []).append(size)
        hit = _IN_HEADING.fullmatch(section.heading.strip(" .:"))
        if hit and 1 < number_of(hit) != size and size:
            yield section.line, section.heading, size
    for one in request.written:
        is_head = one.field in _TITLES or (one.field is Field.TEXT and one.line < first)
        for hit in _COUNTED_NOUN.finditer(one.text) if is_head and not one.file else ():
            known = sizes.get(hit[2].casefold().rstrip("s"), [])
            if len(known) == 1 and 1 < number_of(hit) != known[0]:
                line = one.line + one.text.count("\n", 0, hit.start())
                yield line, hit[0], known[0]


def _items_of(section: Section) -> int:
    """Count what a section is a list of; 0 where it is none, or of several kinds."""
    lists = [
        len(block.items)
        for passage in section.blocks
        if isinstance(passage, TextPassage)
        for block in passage.blocks
        if isinstance(block, ListBlock)
    ]
    briefs = [len(block.items) for block in section.blocks if isinstance(block, Briefs)]
    told = sum(isinstance(block, Story) for block in section.blocks)
    kinds = [sum(counts) for counts in (lists, briefs, [told]) if sum(counts)]
    return kinds[0] if len(kinds) == 1 and len(lists) < 2 else 0  # noqa: PLR2004
