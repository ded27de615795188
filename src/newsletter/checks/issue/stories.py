"""S07, S20 and S21: each story is whole, and goes out after its embargo and before it expires."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches

from newsletter.checks.issue.neighbours import LIGHT_MARKS
from newsletter.checks.request import CheckRequest
from newsletter.checks.wording import (
    cards_of,
    folded,
    leaves,
    plain,
    shorten,
    stories,
    word_count,
)
from newsletter.model.finding import Finding, Severity
from newsletter.model.issue import Story
from newsletter.model.sentences import split_sentences
from newsletter.model.text import Link, Paragraph

STORY_COMPLETE = "S07 story-complete"
EMBARGO = "S20 embargo"
EXPIRY = "S21 expiry"

FEWEST_WORDS, MOST_WORDS = 8, 80
LONG_LINK = 4  # words of a paragraph that is one link: a headline, and no "Read more"

# A story may have attributes of the newsroom's own; one that is nearly ours is a slip.
_ATTRIBUTES = (
    *("article", "credit", "embargo", "expires", "sensitive", "summary", "update"),
    *LIGHT_MARKS,
)
_WRITE_HEAD = 'write the headline as "## [Headline](https://…)"'
_Fault = tuple[int, str, str, str]  # line, message, what was seen, remedy


def story_complete(request: CheckRequest) -> Iterator[Finding]:
    """S07: each story has a headline, a summary of a readable length, and a link."""
    for story in stories(request.issue):
        first = next((text for text, _ in leaves(story.summary)), "")
        seen = shorten(story.headline or first, 100)
        for severity, line, message, remedy in _missing(story):
            yield request.finding(
                STORY_COMPLETE, line, message, seen=seen, remedy=remedy, severity=severity
            )
    for line, message, seen, remedy in (*_sections(request), *_slips(request)):
        yield request.finding(STORY_COMPLETE, line, message, seen=seen, remedy=remedy)


def embargo(request: CheckRequest) -> Iterator[Finding]:
    """S20: no story goes out before its embargo ends; a date ends at its 00:00."""
    for story, at, written in _times(request, "embargo"):
        if at is None or request.moment < at:
            yield _too_soon_or_late(request, EMBARGO, story, at, written)


def expiry(request: CheckRequest) -> Iterator[Finding]:
    """S21: no story goes out after it expires; a date is good until its end."""
    for story, at, written in _times(request, "expires"):
        if at is None or request.moment >= at:
            yield _too_soon_or_late(request, EXPIRY, story, at, written)


def _missing(story: Story) -> Iterator[tuple[Severity, int, str, str]]:
    head = story.line
    if not story.headline.strip():
        yield Severity.ERROR, head, "a story has no headline", _WRITE_HEAD
    told = [(text, line) for text, line in leaves(story.summary) if text.strip()]
    begin = next((line for _, line in told if line), head)
    words = sum(word_count(text) for text, _ in told)
    said = {_bare(text[start:end]) for text, _ in told for start, end in split_sentences(text)}
    if said == {_bare(story.headline)}:
        message = "a summary only repeats its headline"
        yield Severity.WARNING, begin, message, "say what happened, and to whom"
    elif words == 0:
        remedy = "write one to three sentences under its headline"
        yield Severity.ERROR, head, "a story has no summary", remedy
    elif words < FEWEST_WORDS:
        message = f"a summary has only {words} words"
        yield Severity.WARNING, begin, message, "say what happened, and to whom"
    elif words > MOST_WORDS:
        remedy = "cut it to three sentences; the link leads to the rest"
        yield Severity.WARNING, begin, f"a summary has {words} words: over {MOST_WORDS}", remedy
    if not story.url:
        yield Severity.WARNING, head, "a story has no link", _WRITE_HEAD


def _sections(request: CheckRequest) -> Iterator[_Fault]:
    issue = request.issue
    if next(cards_of(issue), None) is None:
        first = next((section.line for section in issue.sections), 0)
        remedy = 'write one as "## [Headline](https://…)", or briefs as a list of links'
        yield first or issue.line_of("subject"), "the issue has no story", issue.subject, remedy
    for section in issue.sections:
        if not section.blocks:
            remedy = "write its stories, or take its heading out"
            yield section.line, "a section is empty", section.heading, remedy


def _slips(request: CheckRequest) -> Iterator[_Fault]:
    """Find attributes spelt wrong, and headlines without ##: a part of a summary that is a link."""
    for story in stories(request.issue):
        for key, value in story.attributes:
            near = get_close_matches(key, _ATTRIBUTES, n=1, cutoff=0.8)
            if near and key not in _ATTRIBUTES:
                message, remedy = f"the attribute {key} does nothing", f"did you mean {near[0]}?"
                yield story.line_of("attributes"), message, f"{key}={value}", remedy
        for part in story.summary:
            match part:
                case Paragraph(children=(Link(url=url, children=words),), line=line) if (
                    url != story.url and word_count(plain(words)) >= LONG_LINK
                ):
                    message = "this headline has no ##, so it became part of the story above"
                    remedy = "write ## before it, or take the link out"
                    yield line or story.line, message, f"{plain(words)} → {url}", remedy
                case _:
                    pass


def _times(request: CheckRequest, key: str) -> Iterator[tuple[Story, datetime | None, str]]:
    """Return each story with such an attribute, its time (None where it is none), and its words."""
    zone = request.newsletter.timezone
    for story in stories(request.issue):
        written = dict(story.attributes).get(key)
        if written is None:
            continue
        try:
            if len(written) <= len("2026-11-24"):
                day = date.fromisoformat(written) + timedelta(days=key == "expires")
                at = datetime.combine(day, time())
            else:
                at = datetime.fromisoformat(written)
        except (ValueError, OverflowError):
            yield story, None, f"{key} is no date or time: {written}"
        else:
            yield story, at if at.tzinfo else at.replace(tzinfo=zone), written


def _too_soon_or_late(
    request: CheckRequest, label: str, story: Story, at: datetime | None, written: str
) -> Finding:
    goes_out = f"{request.moment.astimezone(request.newsletter.timezone):%Y-%m-%d %H:%M}"
    if at is None:
        message = written
        remedy = 'write "2026-11-24 06:30", in the newsletter\'s time zone'
    elif label == EMBARGO:
        message = f"under embargo until {at:%Y-%m-%d %H:%M}; the issue goes out at {goes_out}"
        remedy = "take the story out, or plan the issue for later"
    else:
        message = f"expired at {at:%Y-%m-%d %H:%M}; the issue goes out at {goes_out}"
        remedy = "take the story out"
    return request.finding(
        label,
        story.line_of("attributes"),
        message,
        seen=story.headline,
        remedy=remedy,
        severity=Severity.ERROR,
    )


def _bare(text: str) -> str:
    return folded(text).strip(" .!?\u2026")
