"""S06, S24, S25 and a part of S05: where callouts stand, for whom, and where their words do not."""

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from newsletter.checks.issue.asking import money_asked
from newsletter.checks.issue.callouts import CALLOUT_WORDING
from newsletter.checks.request import CheckRequest
from newsletter.checks.wording import Part, callout_refs, folded, leaves, shorten, word_count
from newsletter.checks.written import Field
from newsletter.model.callout import SENSITIVE, Callout, CalloutKind, CalloutStatus, outside, unfit
from newsletter.model.finding import Finding, Severity
from newsletter.model.issue import Block, Brief, Briefs, CalloutRef, Story

CALLOUT_DUPLICATE = "S06 callout-duplicate"
CALLOUT_NEIGHBOURS = "S24 callout-neighbours"
CALLOUT_READERS = "S25 callout-readers"
PASTED_WORDS = 8  # so many words of a callout in a row are no accident
PASTED_HEADING = 5  # words: a heading that asks for something, within a paragraph
NEARLY, NEARLY_WORDS = 0.85, 10  # of a wording's words, where it has as many, in its order
_WORD = re.compile(r"[^\W_]+")


def callout_duplicate(request: CheckRequest) -> Iterator[Finding]:
    """S06: no callout stands twice, and no more than one appeal stands in an issue."""
    seen: dict[str, int] = {}
    appeals: dict[str, int] = {}
    for ref in callout_refs(request.issue):
        if ref.name in seen:
            message = f"the callout {ref.name} stands in the issue a second time"
            yield _duplicate(request, ref, message, f"the first is on line {seen[ref.name]}")
            continue
        seen[ref.name] = ref.line
        use = request.use_of(ref.name)
        if use is None or use.callout.kind is CalloutKind.NOTICE:
            continue
        if appeals and use.status is not CalloutStatus.CLOSED:
            first, line = next(iter(appeals.items()))
            message = f"the appeal {ref.name} stands beside another one"
            yield _duplicate(request, ref, message, f"{first} stands on line {line}")
        if use.status is not CalloutStatus.CLOSED:
            appeals[ref.name] = ref.line


def callout_neighbours(request: CheckRequest) -> Iterator[Finding]:
    """S24: no callout stands beside a story that it may not stand beside."""
    blocks = _blocks(request)
    for at, block in enumerate(blocks):
        use = request.use_of(block.name) if isinstance(block, CalloutRef) else None
        if use is None or use.status is CalloutStatus.CLOSED:
            continue
        before = next((b for b in reversed(blocks[:at]) if not isinstance(b, CalloutRef)), None)
        after = next((b for b in blocks[at + 1 :] if not isinstance(b, CalloutRef)), None)
        for story in (_nearest(before, last=True), _nearest(after, last=False)):
            why = "" if story is None else _unfit(use.callout, story)
            if story is not None and why:
                yield Finding(
                    check=CALLOUT_NEIGHBOURS,
                    severity=Severity.WARNING,
                    message=f"the callout {use.callout.name} stands beside a story that it may "
                    f"not: {why}",
                    evidence=shorten(story.headline),
                    file=request.file,
                    line=block.line,
                    remedy="move the block to another place, or take it out of this issue",
                )


def callout_readers(request: CheckRequest) -> Iterator[Finding]:
    """S25: a callout stands only in issues for the readers that its file names."""
    for ref in callout_refs(request.issue):
        use = request.use_of(ref.name)
        newsletter = request.newsletter
        why = (
            outside(use.callout, country=newsletter.country, language=newsletter.language)
            if use is not None and use.status is not CalloutStatus.CLOSED
            else ""
        )
        if use is not None and why:
            yield Finding(
                check=CALLOUT_READERS,
                severity=Severity.ERROR,
                message=f"the callout {ref.name} is not for these readers: {why}",
                evidence=f"{use.callout.file}: countries {_list(use.callout.countries)}, "
                f"languages {_list(use.callout.languages)}",
                file=request.file,
                line=ref.line,
                remedy="take the block out; where the newsletter's readers are elsewhere than its "
                'language says, write country = "GB" into newsletter.toml',
            )


def callout_text_elsewhere(request: CheckRequest) -> Iterator[Finding]:
    """S05: the words of a callout, placed or not, stand nowhere but in its block (T53)."""
    known = {callout.name: callout for callout in request.known_callouts}
    known |= {use.callout.name: use.callout for use in request.callouts}
    yield from _donations_elsewhere(request, tuple(known.values()))
    told = tuple(_wording_elsewhere(request, known))
    lines = {finding.line for finding in told}
    yield from told
    yield from (one for one in money_asked(request) if one.line not in lines)


def _wording_elsewhere(request: CheckRequest, known: Mapping[str, Callout]) -> Iterator[Finding]:
    known_tellings = [(callout, tellings(callout)) for callout in known.values()]
    for passage in request.passages:
        if passage.part in {Part.CALLOUT, Part.FRONT_MATTER}:
            continue
        text = folded(passage.text)
        for callout, told in known_tellings:
            if is_told_in(text, told):
                yield Finding(
                    check=CALLOUT_WORDING,
                    severity=Severity.ERROR,
                    message=f"the wording of the callout {callout.name} stands outside it",
                    evidence=shorten(passage.text),
                    file=request.file,
                    line=passage.line,
                    remedy=f'take it out; "::: callout {callout.name}" and ":::" place it',
                )


def tellings(callout: Callout) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give a callout's folded wordings: those told by a whole paragraph, those by a part of one."""
    body = [folded(text) for text, _ in leaves(callout.body)]
    link = folded(callout.link_text)
    heading = folded(callout.heading)
    whole = [heading, *body, link]
    whole += [f"{text} {link}" for text in body if link]
    part = [text for text in body if word_count(text) >= PASTED_WORDS]
    if word_count(heading) >= PASTED_HEADING:
        part.append(heading)
    return tuple(text for text in whole if word_count(text) > 1), tuple(part)


def is_told_in(text: str, told: tuple[Sequence[str], Sequence[str]]) -> bool:
    """Return whether a folded text holds a callout's wording, a few words of it changed or not."""
    whole, part = told
    return text in whole or any(wording in text for wording in part) or _is_nearly(text, part)


def _is_nearly(text: str, part: Sequence[str]) -> bool:
    """Whether most of a wording's words stand in a text in its order, a few of them changed."""
    words = _WORD.findall(text)
    for wording in part:
        known = _WORD.findall(wording)
        if len(known) < NEARLY_WORDS or len(words) < len(known) // 2:
            continue
        if len(set(known) & set(words)) < NEARLY * len(set(known)):
            continue
        matcher = SequenceMatcher(None, known, words, autojunk=False)
        if sum(block.size for block in matcher.get_matching_blocks()) >= NEARLY * len(known):
            return True
    return False


def _donations_elsewhere(request: CheckRequest, known: Sequence[Callout]) -> Iterator[Finding]:
    """Tell of a link to an appeal's donation page beside its block: it would outlive the appeal."""
    pages = {donation_page(one.donation_url): one for one in known if one.donation_url}
    told: set[str] = set()
    for one in request.written:
        callout = (
            pages.get(donation_page(one.text)) if one.field is Field.LINK and not one.file else None
        )
        if callout is None or callout.name in told:
            continue
        told.add(callout.name)
        yield Finding(
            check=CALLOUT_WORDING,
            severity=Severity.WARNING,
            message=f"a link leads to the donation page of the callout {callout.name}, outside it",
            evidence=one.text,
            file=request.file,
            line=one.line,
            remedy=f'take it out; "::: callout {callout.name}" and ":::" ask as long as it is open',
        )


def donation_page(url: str) -> str:
    """Return what all spellings of a page's address share; "" for no address."""
    return url.partition("?")[0].partition("#")[0].partition("://")[2].casefold().strip("/")


def _blocks(request: CheckRequest) -> Sequence[Block]:
    issue = request.issue
    return (*issue.opening, *(block for section in issue.sections for block in section.blocks))


def _nearest(block: Block | None, *, last: bool) -> Story | Brief | None:
    match block:
        case Story():
            return block
        case Briefs(items=items) if items:
            return items[-1 if last else 0]
        case _:
            return None


def _unfit(callout: Callout, story: Story | Brief) -> str:
    if isinstance(story, Brief):
        return unfit(callout, f"{story.headline} {story.text}")
    text = " ".join((story.kicker, story.headline, *(text for text, _ in leaves(story.summary))))
    return unfit(callout, text, dict(story.attributes).get(SENSITIVE, ""))


def _list(items: Sequence[str]) -> str:
    return ", ".join(items) or "all"


def _duplicate(request: CheckRequest, ref: CalloutRef, message: str, evidence: str) -> Finding:
    return Finding(
        check=CALLOUT_DUPLICATE,
        severity=Severity.WARNING,
        message=message,
        evidence=evidence,
        file=request.file,
        line=ref.line,
        remedy="keep one",
    )
