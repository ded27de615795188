"""S07, S20 and S21: each story is whole, and goes out after its embargo and before it expires."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches

from newsletter.checks.address import is_misspelt_host, read_web_address
from newsletter.checks.issue.neighbours import LIGHT_MARKS
from newsletter.checks.issue.placeholder_links import names_no_page
from newsletter.checks.request import CheckRequest
from newsletter.checks.wording import (
    blocks_of,
    cards_of,
    folded,
    leaves,
    plain,
    shorten,
    stories,
    word_count,
)
from newsletter.model.finding import Finding, Severity
from newsletter.model.issue import Brief, Briefs, Story, TextPassage
from newsletter.model.sentences import split_sentences
from newsletter.model.text import Link, ListBlock, Paragraph, Subheading, TextBlock

STORY_COMPLETE = "S07 story-complete"
EMBARGO = "S20 embargo"
EXPIRY = "S21 expiry"

FEWEST_WORDS, MOST_WORDS = 8, 80
LONG_LINK = 4  # words of a paragraph that is one link: a headline, and no "Read more"
ALIKE = 0.8  # of the letters of two names
EMBARGO_KEY, EXPIRY_KEY = "embargo", "expires"

# A story may have attributes of the newsroom's own; one that is nearly ours is a slip.
_ATTRIBUTES = (
    *("article", "credit", "embargo", "expires", "sensitive", "summary", "update"),
    *LIGHT_MARKS,
)
_NO_HEAD = "this headline has no ##, so it became part of the story above"
_WRITE_HEAD = 'write the headline as "## [Headline](https://…)"'


def story_complete(request: CheckRequest) -> Iterator[Finding]:
    """S07: each story has a headline, a summary of a readable length, and a link."""
    headlines = {_bare(story.headline) for story in stories(request.issue)} - {""}
    for story in stories(request.issue):
        first = next((text for text, _ in leaves(story.summary)), "")
        seen = shorten(story.headline or first, 100)
        for severity, line, message, remedy in _missing(story, headlines):
            yield request.finding(
                STORY_COMPLETE, line, message, seen=seen, remedy=remedy, severity=severity
            )
    for line, message, seen, remedy in (
        *_sections(request),
        *_briefs(request),
        *_attributes(request),
        *_lost_heads(request),
        *_hosts(request),
    ):
        yield request.finding(STORY_COMPLETE, line, message, seen=seen, remedy=remedy)


def embargo(request: CheckRequest) -> Iterator[Finding]:
    """S20: no story goes out before its embargo ends; a date ends at its 00:00."""
    yield from _times(request, EMBARGO, EMBARGO_KEY)


def expiry(request: CheckRequest) -> Iterator[Finding]:
    """S21: no story goes out after it expires; a date is good until its end."""
    yield from _times(request, EXPIRY, EXPIRY_KEY)


def _missing(story: Story, headlines: set[str]) -> Iterator[tuple[Severity, int, str, str]]:
    """Yield severity, line, message and remedy of what a story lacks."""
    head = story.line
    if not story.headline.strip():
        yield Severity.ERROR, head, "a story has no headline", _WRITE_HEAD
    told = [(text, line) for text, line in leaves(story.summary) if text.strip()]
    begin = next((line for _, line in told if line), head)
    words = sum(word_count(text) for text, _ in told)
    said = {_bare(text[start:end]) for text, _ in told for start, end in split_sentences(text)}
    if said and said <= headlines:
        whose = "its headline" if said == {_bare(story.headline)} else "a headline"
        message = f"a summary only repeats {whose}"
        yield Severity.WARNING, begin, message, "say what happened, and to whom"
    elif words == 0:
        remedy = "write one to three sentences under its head"
        yield Severity.ERROR, head, "a story has no summary", remedy
    elif words < FEWEST_WORDS:
        message = f"a summary has only {words} words"
        yield Severity.WARNING, begin, message, "say what happened, and to whom"
    elif words > MOST_WORDS:
        message = f"a summary has {words} words, more than {MOST_WORDS}"
        remedy = "cut it to three sentences; the link leads to the rest"
        yield Severity.WARNING, begin, message, remedy
    if not story.url:
        yield Severity.WARNING, head, "a story has no link", _WRITE_HEAD


def _sections(request: CheckRequest) -> Iterator[tuple[int, str, str, str]]:
    issue = request.issue
    if next(cards_of(issue), None) is None:
        first = next((section.line for section in issue.sections), 0)
        remedy = 'write one as "## [Headline](https://…)", or briefs as a list of links'
        yield first or issue.line_of("subject"), "the issue has no story", issue.subject, remedy
    seen: dict[str, int] = {}
    for section in issue.sections:
        if not section.blocks:
            remedy = "write its stories, or take its heading out"
            yield section.line, "a section is empty", section.heading, remedy
        first = seen.setdefault(folded(section.heading), section.line)
        if first != section.line:
            message = f"a section has the same heading as in line {first}"
            yield section.line, message, section.heading, "put both together, or rename one"


def _briefs(request: CheckRequest) -> Iterator[tuple[int, str, str, str]]:
    for block in blocks_of(request.issue):
        match block:
            case Briefs(items=items) if any(map(_says, items)):  # a list of bare links is one too
                for item in items:
                    if item.url.startswith("http") and not _says(item):
                        remedy = "write one sentence, or take it out"
                        yield item.line, "a brief has only a headline", item.headline, remedy
            case TextPassage(blocks=blocks, line=line) if any(map(_is_half_linked, blocks)):
                message = "a list of briefs has an item that does not begin with a link"
                remedy = "write each item as - [Headline](https://…): one sentence"
                yield line, message, "the list is set as text, not as briefs", remedy
            case _:
                pass


def _attributes(request: CheckRequest) -> Iterator[tuple[int, str, str, str]]:
    for story in stories(request.issue):
        for key, value in story.attributes:
            near = get_close_matches(key, _ATTRIBUTES, n=1, cutoff=ALIKE)
            if near and key not in _ATTRIBUTES:
                message, remedy = f"the attribute {key} does nothing", f"did you mean {near[0]}?"
                yield story.line_of("attributes"), message, f"{key}={value}", remedy


def _lost_heads(request: CheckRequest) -> Iterator[tuple[int, str, str, str]]:
    """Find headlines without ##: a sub-heading or a paragraph of a summary that is one link."""
    for story in stories(request.issue):
        for part in story.summary:
            match part:
                case (
                    Subheading(children=(Link(url=url, children=words),), line=line)
                    | Paragraph(children=(Link(url=url, children=words),), line=line)
                ):
                    is_head = isinstance(part, Subheading) or word_count(plain(words)) >= LONG_LINK
                    if is_head and url != story.url:
                        remedy = "write ## before it; or take the link out"
                        seen = f"{plain(words)} → {url}"
                        yield line or story.line, _NO_HEAD, seen, remedy
                case _:
                    pass


def _hosts(request: CheckRequest) -> Iterator[tuple[int, str, str, str]]:
    """Find links to the front page of a site that other stories are of, and hosts misspelt."""
    cards = [card for card in cards_of(request.issue) if card.url.startswith("http")]
    addresses = [read_web_address(card.url) for card in cards]
    hosts = ["" if one is None else one.host for one in addresses]
    known = Counter(hosts)
    for card, host in zip(cards, hosts, strict=True):
        if known[host] > 1 and names_no_page(card.url):
            remedy = "give it the address of its own page"
            yield card.line, "a link leads to a site's front page", card.url, remedy
        near = next(
            (
                other
                for other, times in known.items()
                if times > known[host] and is_misspelt_host(host, other)
            ),
            "",
        )
        if near:
            message = "a link's host is spelt nearly like that of the others"
            yield card.line, message, f"{host}, elsewhere {near}", f"did you mean {near}?"


def _times(request: CheckRequest, label: str, key: str) -> Iterator[Finding]:
    zone = request.newsletter.timezone
    moment = request.moment.astimezone(zone)
    for story in stories(request.issue):
        written = dict(story.attributes).get(key)
        if written is None:
            continue
        at = _read_time(written, last=key == EXPIRY_KEY)
        at = at.replace(tzinfo=zone) if at is not None and at.tzinfo is None else at
        goes_out = f"the issue goes out at {moment:%Y-%m-%d %H:%M}"
        if at is None:
            message = f"{key} is no date or time: {written}"
            remedy = f'write {{{key}="2026-11-24 06:30"}}, in the newsletter\'s time zone'
        elif key == EMBARGO_KEY and moment < at:
            message = f"it is under embargo until {at:%Y-%m-%d %H:%M}, and {goes_out}"
            remedy = "take the story out, or plan the issue for later"
        elif key == EXPIRY_KEY and moment >= at:
            message = f"it expired at {at:%Y-%m-%d %H:%M}, and {goes_out}"
            remedy = "take the story out"
        else:
            continue
        yield request.finding(
            label,
            story.line_of("attributes"),
            message,
            seen=story.headline,
            remedy=remedy,
            severity=Severity.ERROR,
        )


def _read_time(written: str, *, last: bool) -> datetime | None:
    """Read a date or a time, with an offset or without; last: a date means the end of that day."""
    try:
        if len(written) <= len("2026-11-24"):
            day = date.fromisoformat(written)
            return datetime.combine(day + timedelta(days=1) if last else day, time())
        return datetime.fromisoformat(written)
    except (ValueError, OverflowError):
        return None


def _says(item: Brief) -> bool:
    return bool(item.text.strip(" .:\u2013\u2014-"))


def _is_half_linked(block: TextBlock) -> bool:
    """Return whether most items of a list begin with a link, and some do not."""
    if not isinstance(block, ListBlock):
        return False
    heads = [item[0] for item in block.items if item]
    linked = sum(
        isinstance(head, Paragraph) and isinstance(next(iter(head.children), None), Link)
        for head in heads
    )
    return linked < len(block.items) <= 2 * linked


def _bare(text: str) -> str:
    return folded(text).strip(" .!?\u2026")
