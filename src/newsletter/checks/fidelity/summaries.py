"""S checks that lay each summary beside its source: quotations, figures, names, hedges, changes.

They warn a person and prove nothing: a sentence can be false with every word of it in the source.
"""

import re
from collections.abc import Iterator
from itertools import takewhile

from newsletter.checks.fidelity.differences import (
    ATTRIBUTION,
    FIGURES,
    NOT_THERE,
    QUOTES,
    figure_differences,
    hedge_differences,
    other_speaker,
    quote_differences,
    sense_differences,
    speaker_differences,
)
from newsletter.checks.fidelity.quotes import absent_quotations
from newsletter.checks.request import CheckRequest
from newsletter.checks.wording import (
    SLOT_MARK,
    blocks_of,
    folded,
    leaves,
    shorten,
    stories,
    word_count,
)
from newsletter.model.article import StorySource
from newsletter.model.finding import Finding, Severity
from newsletter.model.issue import Brief, Briefs, Story
from newsletter.model.text import Rule

AFFILIATE_DISCLOSURE = "S10 affiliate-disclosure"
STALE_SUMMARY = "S18 stale-summary"
DRAFT_SUMMARY = "S19 draft-summary"

LONGEST_SMALL = 3  # letters of a word that a title in capitals writes small
TITLE_CASE = 0.75  # of a headline's longer words, with a capital: it marks no names
MOST_CHANGES = 8  # lines of a diff that a finding shows
SUMMARY_STATE = "summary"
"""The story's attribute that says what its summary is."""
DRAFT = "draft"
"""Its value where a model wrote the summary and nobody has accepted it."""

FEWEST_QUOTED = 5  # words of a headline's quotation; fewer are marks of doubt
_DISCLOSES = re.compile(
    r"\baffiliate\b|\bcommission on\b|\b(?:earn|receive|get|take) (?:a |an )?(?:small )?"
    r"(?:commission|share of (?:the |any |each )?sales?)\b"
    r"|\b(?:percevoir|perçoit|perçoivent|toucher|recevoir)"
    r" (?:une )?(?:petite )?commission\b|\b(?:recib|llev|cobr|gan|obten)\w{0,8} (?:una )?"
    r"(?:pequeña )?comisión\b|\bcomisiwn\b|عمولة"
    r"|\bprovision(?:en)?\b|\bliens? (?:affiliés?|d'affiliation)|\bafilia(?:d[oa]s?|ción)\b"
)


def has_all_sources(request: CheckRequest) -> bool:
    """Return whether every story and brief with a text is tied to its source."""
    return all(card in request.sources for card, texts in _cards(request) if texts)


def quote_fidelity(request: CheckRequest) -> Iterator[Finding]:
    """S11: quoted words were said as quoted; in a headline a few may be a word's usual marks."""
    for headline, line, source in _headlines(request):
        for quoted in absent_quotations(headline, source.text):
            if word_count(quoted) >= FEWEST_QUOTED:
                yield _finding(
                    request,
                    QUOTES,
                    f"{NOT_THERE} word for word: “{shorten(quoted, 80)}”",
                    evidence=shorten(headline),
                    line=line,
                    remedy="quote the source's own words, or take the marks away",
                )
    for text, line, source in _texts(request):
        yield from (
            _finding(
                request,
                QUOTES,
                message,
                evidence=evidence,
                line=line,
                remedy="quote the source's own words, or take the marks away",
            )
            for _, message, evidence in quote_differences(text, source)
        )
        for speaker, evidence in speaker_differences(text, source, request.newsletter.language):
            yield _finding(
                request,
                QUOTES,
                other_speaker(speaker),
                evidence=evidence,
                line=line,
                remedy="look up who said it",
            )


def figure_fidelity(request: CheckRequest) -> Iterator[Finding]:
    """S12: numbers, dates and names are the source's, in summaries and headlines."""
    language = request.newsletter.language
    for text, line, source in (*_texts(request), *_headlines(request)):
        yield from (
            _finding(
                request,
                FIGURES,
                message,
                evidence=evidence,
                line=line,
                remedy="compare them with the source; what you know from elsewhere may stand",
            )
            for _, message, evidence in figure_differences(
                text, source, language, request.on, _bylines(request, source)
            )
        )
        for message, evidence in sense_differences(text, source, language, request.on):
            yield _finding(
                request,
                FIGURES,
                message,
                evidence=shorten(evidence),
                line=line,
                remedy="compare them with the source; what you know from elsewhere may stand",
            )


def attribution(request: CheckRequest) -> Iterator[Finding]:
    """S17: a report or claim is told as one."""
    for text, line, source in _texts(request):
        yield from (
            _finding(
                request,
                ATTRIBUTION,
                message,
                evidence=evidence,
                line=line,
                remedy="say who says so",
            )
            for _, message, evidence in hedge_differences(text, source, request.newsletter.language)
        )


def stale_summary(request: CheckRequest) -> Iterator[Finding]:
    """S18: the source still says what it said when the summary was made."""
    for card, texts in _cards(request):
        source = request.sources.get(card)
        if source is None or not source.changes or not texts:
            continue
        lines = [shorten(line) for line in source.changes[:MOST_CHANGES]]
        if len(source.changes) > MOST_CHANGES:
            lines.append(f"… and {len(source.changes) - MOST_CHANGES} lines more")
        yield _finding(
            request,
            STALE_SUMMARY,
            f"article {source.article} changed after its summary was made: version "
            f"{source.drafted_version} then, {source.version} now",
            evidence="\n".join(lines),
            line=card.line,
            remedy=f'read the summary again, then "newsletter accept {request.issue.name} '
            f'{source.article}"',
        )


def draft_summary(request: CheckRequest) -> Iterator[Finding]:
    """S19: what a model wrote was read and accepted by a person."""
    for story in stories(request.issue):
        if dict(story.attributes).get(SUMMARY_STATE, "").casefold() != DRAFT:
            continue
        yield Finding(
            check=DRAFT_SUMMARY,
            severity=Severity.ERROR,
            message="a model wrote this summary and nobody has accepted it",
            evidence=shorten(" ".join(text for text, _ in leaves(story.summary))),
            file=request.file,
            line=story.line,
            remedy=f'read it, then "newsletter accept {request.issue.name}", '
            "or take summary=draft out of the story's {…} line",
        )


def affiliate_disclosure(request: CheckRequest) -> Iterator[Finding]:
    """S10: links that earn money are called so."""
    if any(_DISCLOSES.search(folded(passage.text)) for passage in request.passages):
        return
    for story, _ in _cards(request):
        source = request.sources.get(story)
        if source is None or not source.affiliate_notice or not story.url:
            continue
        yield _finding(
            request,
            AFFILIATE_DISCLOSURE,
            "the page this story links to earns money by its links, and the issue is silent",
            evidence=shorten(source.affiliate_notice),
            line=story.line,
            remedy='say so: "Some pages we link to earn a commission on what you buy there"',
        )


def _bylines(request: CheckRequest, source: StorySource) -> str:
    """Return who wrote the stories of a source, and the newsletter's own names."""
    own = [request.newsletter.title, request.newsletter.publication]
    own += [
        block.byline
        for block in blocks_of(request.issue)
        if isinstance(block, Story) and request.sources.get(block) is source
    ]
    return "\n".join(own)


def _texts(request: CheckRequest) -> Iterator[tuple[str, int, StorySource]]:
    for card, texts in _cards(request):
        source = request.sources.get(card)
        if source is not None:
            for text, line in texts:
                yield text.replace(SLOT_MARK, " "), line or card.line, source


def _headlines(request: CheckRequest) -> Iterator[tuple[str, int, StorySource]]:
    """Return the headlines of what has a source, without the capitals that mark no names."""
    for card, _ in _cards(request):
        source = request.sources.get(card)
        if source is None or folded(card.headline) in map(folded, source.beside):
            continue
        words = [word for word in card.headline.split() if len(word) > LONGEST_SMALL]
        is_title = sum(word[0].isupper() for word in words) >= TITLE_CASE * len(words)
        yield (card.headline.lower() if is_title else card.headline), card.line, source


def _cards(request: CheckRequest) -> Iterator[tuple[Story | Brief, tuple[tuple[str, int], ...]]]:
    blocks = tuple(blocks_of(request.issue))
    for block in blocks:
        match block:
            case Story():
                told = block.summary
                if block is blocks[-1]:  # behind a rule the mail takes its leave
                    told = tuple(takewhile(lambda one: not isinstance(one, Rule), told))
                texts = tuple((text, line) for text, line in leaves(told) if text.strip())
                yield block, texts
            case Briefs(items=items):
                for item in items:
                    yield item, ((item.text, item.line),) if item.text.strip() else ()
            case _:
                pass


def _finding(
    request: CheckRequest, check: str, message: str, *, evidence: str, line: int, remedy: str
) -> Finding:
    return Finding(
        check=check,
        severity=Severity.WARNING,
        message=message,
        evidence=evidence,
        file=request.file,
        line=line,
        remedy=remedy,
    )
