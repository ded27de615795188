"""S01 to S03: what the inbox shows before the mail is opened, the subject and the preheader."""

import re
import unicodedata
from collections.abc import Iterator

import regex  # type: ignore[import-untyped]  # ships no annotations; used for properties of Unicode

from newsletter.checks.request import CheckRequest
from newsletter.checks.wording import (
    SLOT_MARK,
    blocks_of,
    folded,
    graphemes,
    is_blank,
    leaves,
    shorten,
    stories,
    text_blocks,
)
from newsletter.model.finding import Finding
from newsletter.model.issue import Block, Story
from newsletter.model.sentences import split_sentences

SUBJECT_LENGTH = "S01 subject-length"
SUBJECT_SHAPE = "S02 subject-shape"
PREHEADER = "S03 preheader"

SHORTEST_SUBJECT, LONGEST_SUBJECT = 10, 60
SUBJECT_CUTS = (33, 50, 60)  # what a phone upright, a phone sideways and a desktop show
MOST_EMOJI = 2
SHORTEST_PREHEADER, LONGEST_PREHEADER = 40, 90
INBOX_LINE = 110  # characters of subject and preheader that a wide inbox shows in one line
FEWEST_CAPITALS = 8  # letters; fewer are an abbreviation or two
SHOUTED_SHARE, SHOUTED_IN_PART = 0.8, 0.5  # of the letters; the lower one wants more loud words
LONG_WORD = 4  # letters; shorter ones in capitals are abbreviations
LEAST_REPEATED = 21  # characters; a shorter text may stand in a longer one by chance
FIRST_SENTENCES = 2  # a greeting may stand before what the mail says

_REPLY = re.compile(
    r"(?:re|fwd?|aw|wg|tr|rv|antw|vs|sv|odp|ynt|atb|yml|رد)(?:\s?\[\d{1,3}\])?(?:\s?[:\uff1a]|_\s)",
    re.IGNORECASE,
)
_EXCLAIMED = re.compile(r"(?:[!\u00a1\u2755\u2757]\ufe0f?){2,}|[?\u00bf\u061f]{2,}|[!?]{3,}")
_UNFILLED = re.compile(r"\[\[.{0,60}?(?:\]\]|$)|\{\{.{0,60}?(?:\}\}|$)|\]\]|\}\}|\*\|.{0,60}?\|\*")
_EMOJI = regex.compile(
    r"\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f|\p{Regional_Indicator}|\u20e3"
)
_WRAPPED = re.compile(
    r"[\u201c\u201e\u201d][^\u201c\u201d\u201e]{1,300}[\u201c\u201d]"
    r"|\u00ab[^\u00ab\u00bb]{1,300}\u00bb|\u2018[^\u2018]{1,300}\u2019"
)
_WORD = regex.compile(r"\p{L}+")


def subject_length(request: CheckRequest) -> Iterator[Finding]:
    """S01: the subject is neither cut in the inbox nor too short to tell anything."""
    subject = request.issue.subject.strip()
    clusters = graphemes(subject)
    count = len(clusters)
    if is_blank(subject) or SHORTEST_SUBJECT <= count <= LONGEST_SUBJECT:  # H03 tells of none
        return
    cuts = "; ".join(
        f"at {cut}: {''.join(clusters[:cut]).rstrip()}…" for cut in SUBJECT_CUTS if cut < count
    )
    is_long = count > LONGEST_SUBJECT
    yield request.finding(
        SUBJECT_LENGTH,
        request.issue.line_of("subject"),
        f"the subject is {count} characters; inboxes show about {LONGEST_SUBJECT}"
        if is_long
        else f"the subject is only {count} characters",
        seen=cuts or subject,
        remedy="put what matters into the first 33 characters"
        if is_long
        else "say what the issue is about",
    )


def subject_shape(request: CheckRequest) -> Iterator[Finding]:
    """S02: the subject doesn't shout, pose as a reply, or show an unfilled slot."""
    subject = request.issue.subject.strip()
    for message, seen, remedy in (*_misshapen(subject, request), *_wrapped(subject, request)):
        yield request.finding(
            SUBJECT_SHAPE,
            request.issue.line_of("subject"),
            f"the subject {message}",
            seen=f"{shorten(subject, 100)} — {seen}" if seen != subject else subject,
            remedy=remedy,
        )


def preheader(request: CheckRequest) -> Iterator[Finding]:
    """S03: the line beside the subject adds something to it, and is read whole."""
    told = " ".join(request.issue.preheader.split())
    fault = next(_faults(told, request), None)
    if fault is not None:
        message, remedy = fault
        line = request.issue.line_of("preheader")
        seen = _inbox_line(request, told)
        yield request.finding(PREHEADER, line, message, seen=seen, remedy=remedy)


def _faults(told: str, request: CheckRequest) -> Iterator[tuple[str, str]]:
    subject, first, bare = _bare(request.issue.subject), _first_sentences(request), _bare(told)
    width = _width(told)
    if not told:
        yield "there is no preheader", 'write one into the front matter: preheader: "…"'
        return
    if bare == subject or (len(subject) >= LEAST_REPEATED and subject in bare):
        yield "the preheader repeats the subject", "add something new"
    if bare in first or _repeats(told, first):
        yield "the preheader repeats the beginning of the mail", "add something new"
    if request.words.line("residue").match(bare):
        yield "the preheader is a standing line of a mail or page", "name the next stories"
    for message, _, remedy in _wrapped(told, request):
        yield f"the preheader {message}", remedy
    if width < SHORTEST_PREHEADER:
        message = f"the preheader is {width} characters; {SHORTEST_PREHEADER} to "
        yield f"{message}{LONGEST_PREHEADER} fill the line", "name the next stories"
    if width > LONGEST_PREHEADER:
        message = f"the preheader is {width} characters; inboxes show about {LONGEST_PREHEADER}"
        yield message, "put what matters first and cut the rest"


def shouts(text: str) -> bool:
    """Return whether a text is in capitals; a few abbreviations are not, nor other scripts."""
    cased = [char for char in text if char.isupper() or char.islower()]
    upper = sum(map(str.isupper, cased))
    if upper < FEWEST_CAPITALS or upper < SHOUTED_IN_PART * len(cased):
        return False
    words: list[str] = _WORD.findall(text)
    loud = sum(len(word) >= LONG_WORD and word.isupper() for word in words)
    return loud >= (2 if upper >= SHOUTED_SHARE * len(cased) else 4)


def emoji_in(text: str) -> list[str]:
    """Return the emoji of a text, each as a reader sees it."""
    return [one for one in graphemes(text) if _EMOJI.search(one)]


def _misshapen(subject: str, request: CheckRequest) -> Iterator[tuple[str, str, str]]:
    if shouts(subject):
        yield "is written in capitals", subject, "write it as a sentence"
    typed = unicodedata.normalize("NFKC", subject)  # wide brackets and \u203c are marks too
    if hit := _EXCLAIMED.search(typed):
        yield "has several marks in a row", hit[0], "one mark is enough"
    if hit := _REPLY.match(subject):
        yield "begins like a reply or a forwarded mail", hit[0], "take the beginning out"
    if hit := _UNFILLED.search(typed):
        yield "shows an unfilled slot", hit[0], "write the words; the subject has no slots"
    words = _WORD.findall(folded(subject))
    if words and set(words) <= set(request.words.of("subject_fillers")):
        yield "could be that of any issue", subject, "name what the lead is about"
    emoji = emoji_in(subject)
    if len(emoji) > MOST_EMOJI:
        yield f"has {len(emoji)} emoji", " ".join(emoji[:10]), f"keep at most {MOST_EMOJI}"


def _wrapped(told: str, request: CheckRequest) -> Iterator[tuple[str, str, str]]:
    """Find typographic marks round the whole of it, put there for those of the file's form.

    A subject that somebody in the issue says stands in them by right.
    """
    if not _WRAPPED.fullmatch(told):
        return
    said = {folded(text) for block in blocks_of(request.issue) for text in _texts(block)}
    if not any(f'"{_bare(told[1:-1])}' in text for text in said):
        remedy = 'write straight marks round it: "…"'
        yield "stands in quotation marks that readers see", told, remedy


def _texts(block: Block) -> Iterator[str]:
    if isinstance(block, Story):
        yield block.headline
    for text, _ in leaves(text_blocks(block)):
        yield re.sub("\u00ab[\u00a0 ]?", '"', text)


def _first_sentences(request: CheckRequest) -> set[str]:
    """Return the sentences that the mail begins with: of its opening, and of its lead's summary."""
    beginnings = [text_blocks(block) for block in request.issue.opening[:1]]
    beginnings += [lead.summary for lead in (next(stories(request.issue), None),) if lead]
    found = set()
    for blocks in beginnings:
        text = next((text for text, _ in leaves(blocks) if text.strip()), "")
        spans = split_sentences(text)[:FIRST_SENTENCES]
        found |= {_bare(text[start:end]) for start, end in spans} | {_bare(text)}
    return found - {""}


def _repeats(told: str, first: set[str]) -> bool:
    """Return whether a preheader, less a greeting before it, is what the mail begins with."""
    whole = _bare(told)
    rests = (_bare(told[start:]) for start, _ in split_sentences(told))
    return any(
        rest in one
        for rest in rests
        if len(rest) >= max(LEAST_REPEATED, len(whole) // 2)
        for one in first
    )


def _bare(text: str) -> str:
    return folded(text.replace(SLOT_MARK, "")).rstrip(" .!?\u2026")


def _width(text: str) -> int:
    """Count characters as an inbox has room for them: Chinese ones take two."""
    return sum(1 + (unicodedata.east_asian_width(one[0]) in "WF") for one in graphemes(text))


def _inbox_line(request: CheckRequest, told: str) -> str:
    """Show the line as a wide inbox does: without a preheader the mail's own words follow."""
    follows = told
    if not follows:
        words = (
            text
            for block in (*request.issue.opening, *stories(request.issue))
            for text, _ in leaves(text_blocks(block))
        )
        follows = next((text for text in words if text.strip()), "").replace(SLOT_MARK, "…")
    line = f"{request.newsletter.sender.name} | {request.issue.subject} — {follows}"
    return shorten(line, INBOX_LINE)
