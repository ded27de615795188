"""S06, S24, S25 and a part of S05: where callouts stand, for whom, and where their words do not."""

import re
from collections.abc import Iterator, Sequence

from newsletter.checks.issue.callouts import CALLOUT_WORDING
from newsletter.checks.request import CheckRequest
from newsletter.checks.wording import (
    blocks_of,
    callout_refs,
    folded,
    leaves,
    shorten,
    word_count,
)
from newsletter.checks.written import Field
from newsletter.model.callout import SENSITIVE, Callout, CalloutKind, CalloutStatus, outside, unfit
from newsletter.model.finding import Finding, Severity
from newsletter.model.issue import Block, Brief, Briefs, CalloutRef, Story
from newsletter.model.sentences import split_sentences

CALLOUT_DUPLICATE = "S06 callout-duplicate"
CALLOUT_NEIGHBOURS = "S24 callout-neighbours"
CALLOUT_READERS = "S25 callout-readers"
PASTED_WORDS = 8  # so many words of a callout in a row are no accident
PASTED_HEADING = 5  # words: a heading that asks for something, within a paragraph
_QUOTED = re.compile(
    r'"[^"\n]{0,600}"|\u201c[^\u201d\n]{0,600}\u201d|\u00ab[^\u00bb\n]{0,600}\u00bb'
)


def callout_duplicate(request: CheckRequest) -> Iterator[Finding]:
    """S06: no callout stands twice, and no more than one appeal stands in an issue."""
    seen: dict[str, int] = {}
    appeal: tuple[str, int] | None = None
    for ref in callout_refs(request.issue):
        use = request.use_of(ref.name)
        asks = (
            use is not None
            and use.callout.kind is CalloutKind.APPEAL
            and use.status is not CalloutStatus.CLOSED
        )
        message = ""
        if ref.name in seen:
            message = f"same callout as in line {seen[ref.name]}"
        elif asks and appeal:
            message = f"a second appeal, after {appeal[0]} in line {appeal[1]}"
        if message:
            yield request.finding(
                CALLOUT_DUPLICATE, ref.line, message, seen=ref.name, remedy="keep one"
            )
        seen.setdefault(ref.name, ref.line)
        appeal = (ref.name, ref.line) if asks and appeal is None else appeal


def callout_neighbours(request: CheckRequest) -> Iterator[Finding]:
    """S24: no callout stands beside a story that it may not stand beside."""
    blocks = tuple(blocks_of(request.issue))
    for at, block in enumerate(blocks):
        use = request.use_of(block.name) if isinstance(block, CalloutRef) else None
        if use is None or use.status is CalloutStatus.CLOSED:
            continue
        before = next((b for b in reversed(blocks[:at]) if not isinstance(b, CalloutRef)), None)
        after = next((b for b in blocks[at + 1 :] if not isinstance(b, CalloutRef)), None)
        for card in (_nearest(before, last=True), _nearest(after, last=False)):
            if card is not None and (why := _unfit(use.callout, card)):
                yield request.finding(
                    CALLOUT_NEIGHBOURS,
                    block.line,
                    f"the callout {use.callout.name} may not stand beside this story: {why}",
                    seen=shorten(card.headline),
                    remedy="move the block to another place, or take it out of this issue",
                )


def callout_readers(request: CheckRequest) -> Iterator[Finding]:
    """S25: a callout stands only in issues for the readers that its file names."""
    newsletter = request.newsletter
    for ref in callout_refs(request.issue):
        use = request.use_of(ref.name)
        if use is None or use.status is CalloutStatus.CLOSED:
            continue
        why = outside(use.callout, country=newsletter.country, language=newsletter.language)
        if why:
            countries = ", ".join(use.callout.countries) or "all"
            languages = ", ".join(use.callout.languages) or "all"
            yield request.finding(
                CALLOUT_READERS,
                ref.line,
                f"the callout {ref.name} is not for these readers: {why}",
                seen=f"{use.callout.file}: countries {countries}, languages {languages}",
                remedy="take the block out; where the newsletter's readers are elsewhere than its "
                'language says, write country = "GB" into newsletter.toml',
                severity=Severity.ERROR,
            )


def callout_text_elsewhere(request: CheckRequest) -> Iterator[Finding]:
    """S05: the words of a callout, placed or not, stand nowhere but in its block (T53)."""
    known = {callout.name: callout for callout in request.known_callouts}
    known |= {use.callout.name: use.callout for use in request.callouts}
    yield from _donations_elsewhere(request, tuple(known.values()))
    known_tellings = [(callout, tellings(callout)) for callout in known.values()]
    asks = request.words.line("asks_for_money")
    for passage in request.passages:
        if passage.field in {Field.CALLOUT, Field.SUBJECT, Field.PREHEADER}:
            continue
        text = folded(passage.text)
        pasted = [callout for callout, told in known_tellings if is_told_in(text, told)]
        for callout in pasted:
            yield request.finding(
                CALLOUT_WORDING,
                passage.line,
                f"the wording of the callout {callout.name} stands outside it",
                seen=shorten(passage.text),
                remedy=f'take it out; "::: callout {callout.name}" and ":::" place it',
                severity=Severity.ERROR,
            )
        for start, end in split_sentences(passage.text) if not pasted else ():
            sentence = passage.text[start:end]
            # what somebody is quoted with is news, and no appeal
            if asks.match(_QUOTED.sub(" ", folded(sentence)).strip(" .!?:-\u2026")):
                yield request.finding(
                    CALLOUT_WORDING,
                    passage.line + passage.text.count("\n", 0, start),
                    "money is asked for outside a callout",
                    seen=shorten(sentence),
                    remedy="take it out, or place the appeal's callout, which was verified",
                )


def tellings(callout: Callout) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return a callout's folded wordings: those of a whole paragraph, and those of a part."""
    body = [folded(text) for text, _ in leaves(callout.body)]
    link, heading = folded(callout.link_text), folded(callout.heading)
    whole = [heading, *body, link, *(f"{text} {link}" for text in body if link)]
    part = [text for text in body if word_count(text) >= PASTED_WORDS]
    part += [heading] if word_count(heading) >= PASTED_HEADING else []
    return tuple(text for text in whole if word_count(text) > 1), tuple(part)


def is_told_in(text: str, told: tuple[Sequence[str], Sequence[str]]) -> bool:
    """Return whether a folded text holds a callout's wording."""
    whole, part = told
    return text in whole or any(wording in text for wording in part)


def _donations_elsewhere(request: CheckRequest, known: Sequence[Callout]) -> Iterator[Finding]:
    """Find links to an appeal's donation page outside its block: they would outlive the appeal."""
    pages = {donation_page(one.donation_url): one for one in known if one.donation_url}
    told: set[str] = set()
    for one in request.written:
        callout = pages.get(donation_page(one.text)) if one.field is Field.LINK else None
        if callout is None or one.file or callout.name in told:
            continue
        told.add(callout.name)
        yield request.finding(
            CALLOUT_WORDING,
            one.line,
            f"a link leads to the donation page of the callout {callout.name}, outside it",
            seen=one.text,
            remedy=f'take it out; "::: callout {callout.name}" and ":::" ask while it is open',
        )


def donation_page(url: str) -> str:
    """Return what all spellings of a page's address share; "" for no address."""
    return url.partition("?")[0].partition("#")[0].partition("://")[2].casefold().strip("/")


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
