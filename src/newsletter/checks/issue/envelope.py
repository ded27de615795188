"""S01 to S03: what the inbox shows before the mail is opened, the subject and the preheader."""

import re
import unicodedata
from collections.abc import Iterator

import regex  # type: ignore[import-untyped]  # ships no annotations; used for properties of Unicode

from newsletter.checks.request import CheckRequest
from newsletter.checks.wording import (
    SLOT_MARK,
    folded,
    graphemes,
    is_blank,
    leaves,
    shorten,
    stories,
    text_blocks,
)
from newsletter.model.finding import Finding
from newsletter.model.sentences import split_sentences

SUBJECT_LENGTH = "S01 subject-length"
SUBJECT_SHAPE = "S02 subject-shape"
PREHEADER = "S03 preheader"

SHORTEST_SUBJECT, LONGEST_SUBJECT = 10, 60
SUBJECT_CUTS = (33, 50, 60)  # what a phone upright, a phone sideways and a desktop show
SHORTEST_PREHEADER, LONGEST_PREHEADER = 40, 90
INBOX_LINE = 110  # characters of subject and preheader that a wide inbox shows in one line
LEAST_REPEATED = 21  # characters; a shorter text may stand in a longer one by chance

_REPLY = re.compile(
    r"(?:re|fwd?|aw|wg|tr|rv|antw|sv|رد)(?:\[\d{1,3}\])?(?:\s?:|_\s)", re.IGNORECASE
)
_EXCLAIMED = re.compile(r"[!\u2757]\ufe0f?[!\u2757]|[?\u061f]{2,}|[!?]{3,}")
_UNFILLED = re.compile(r"\[\[.{0,60}?\]\]|\{\{.{0,60}?\}\}|\*\|.{0,60}?\|\*")
_LOUD = regex.compile(r"\b\p{Lu}{4,}\b")
_WORD = regex.compile(r"\p{L}+")


def subject_length(request: CheckRequest) -> Iterator[Finding]:
    """S01: the subject is neither cut in the inbox nor too short to tell anything."""
    subject = request.issue.subject.strip()
    clusters = graphemes(subject)
    count = len(clusters)
    if is_blank(subject) or SHORTEST_SUBJECT <= count <= LONGEST_SUBJECT:  # H03 tells of none
        return
    is_long = count > LONGEST_SUBJECT
    cuts = "; ".join(
        f"at {cut}: {''.join(clusters[:cut]).rstrip()}…" for cut in SUBJECT_CUTS if cut < count
    )
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
    for message, remedy in _misshapen(subject, request):
        yield request.finding(
            SUBJECT_SHAPE,
            request.issue.line_of("subject"),
            f"the subject {message}",
            seen=subject,
            remedy=remedy,
        )


def preheader(request: CheckRequest) -> Iterator[Finding]:
    """S03: the line beside the subject adds something to it, and is read whole."""
    told = " ".join(request.issue.preheader.split())
    fault = next(_faults(told, request), None)
    if fault is not None:
        message, remedy = fault
        line = request.issue.line_of("preheader")
        seen = f"{request.newsletter.sender.name} | {request.issue.subject} — {told}"
        yield request.finding(
            PREHEADER, line, message, seen=shorten(seen, INBOX_LINE), remedy=remedy
        )


def _misshapen(subject: str, request: CheckRequest) -> Iterator[tuple[str, str]]:
    cased = [char for char in subject if char.isupper() or char.islower()]
    if len(_LOUD.findall(subject)) > 1 and sum(map(str.isupper, cased)) > len(cased) // 2:
        yield "is written in capitals", "write it as a sentence"
    typed = unicodedata.normalize("NFKC", subject)  # wide brackets and \u203c are marks too
    if _EXCLAIMED.search(typed):
        yield "has several marks in a row", "one mark is enough"
    if _REPLY.match(subject):
        yield "begins like a reply or a forwarded mail", "take the beginning out"
    if _UNFILLED.search(typed):
        yield "shows an unfilled slot", "write the words; the subject has no slots"
    words = _WORD.findall(folded(subject))
    if words and set(words) <= set(request.words.of("subject_fillers")):
        yield "could be that of any issue", "name what the lead is about"


def _faults(told: str, request: CheckRequest) -> Iterator[tuple[str, str]]:
    subject, bare, width = _bare(request.issue.subject), _bare(told), len(graphemes(told))
    if not told:
        yield "there is no preheader", 'write one into the front matter: preheader: "…"'
        return
    if bare == subject or (len(subject) >= LEAST_REPEATED and subject in bare):
        yield "the preheader repeats the subject", "add something new"
    if any(bare in one or (len(one) >= LEAST_REPEATED and one in bare) for one in _first(request)):
        yield "the preheader repeats the beginning of the mail", "add something new"
    if request.words.line("residue").match(bare):
        yield "the preheader is a standing line of a mail or page", "name the next stories"
    if width < SHORTEST_PREHEADER:
        message = f"the preheader is {width} characters; {SHORTEST_PREHEADER} to "
        yield f"{message}{LONGEST_PREHEADER} fill the line", "name the next stories"
    if width > LONGEST_PREHEADER:
        message = f"the preheader is {width} characters; inboxes show about {LONGEST_PREHEADER}"
        yield message, "put what matters first and cut the rest"


def _first(request: CheckRequest) -> Iterator[str]:
    """Return the first sentence of the mail's opening, and of its lead's summary."""
    beginnings = [text_blocks(block) for block in request.issue.opening[:1]]
    beginnings += [lead.summary for lead in (next(stories(request.issue), None),) if lead]
    for blocks in beginnings:
        text = next((text for text, _ in leaves(blocks) if text.strip()), "")
        for start, end in split_sentences(text)[:1]:
            yield _bare(text[start:end])


def _bare(text: str) -> str:
    return folded(text.replace(SLOT_MARK, "")).rstrip(" .!?\u2026")
