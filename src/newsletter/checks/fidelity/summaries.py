"""S checks that lay each summary beside its source: quotations, figures, names, hedges, changes.

They warn a person and prove nothing: a sentence can be false with every word of it in the source.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import takewhile

from newsletter.checks.absent_figures import absent_figures
from newsletter.checks.fidelity.attribution import dropped_hedges
from newsletter.checks.fidelity.certainty import promoted
from newsletter.checks.fidelity.edits import edits
from newsletter.checks.fidelity.foreign_claims import lost_doubts, other_denials
from newsletter.checks.fidelity.kept import kept
from newsletter.checks.fidelity.kin import other_relatives
from newsletter.checks.fidelity.name_pairs import absent_persons, misspelt_names, other_surnames
from newsletter.checks.fidelity.number_words import absent_number_words, said_in_words
from newsletter.checks.fidelity.occasions import days_of_weekdays
from newsletter.checks.fidelity.other_hours import other_hours
from newsletter.checks.fidelity.other_pairs import other_pairs
from newsletter.checks.fidelity.other_units import other_units
from newsletter.checks.fidelity.own_words import told_otherwise
from newsletter.checks.fidelity.proper_names import absent_names
from newsletter.checks.fidelity.quotes import absent_quotations, unmarked
from newsletter.checks.fidelity.speakers import (
    other_ranks,
    other_roles,
    other_sayers,
    other_speakers,
)
from newsletter.checks.fidelity.time_words import other_times
from newsletter.checks.request import CheckRequest
from newsletter.checks.wording import (
    SLOT_MARK,
    blocks_of,
    folded,
    leaves,
    nearest,
    shorten,
    stories,
    word_count,
)
from newsletter.model.finding import Finding, Severity
from newsletter.model.issue import Brief, Briefs, Story
from newsletter.model.story_source import StorySource
from newsletter.model.text import Rule

AFFILIATE_DISCLOSURE = "S10 affiliate-disclosure"
QUOTES = "S11 quote-fidelity"
FIGURES = "S12 figure-fidelity"
ATTRIBUTION = "S17 attribution"
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
_NOT_THERE = "not in the source"
_DESCRIPTION_ALONE = "in the source's description alone, and not in its text"

_DISCLOSES = re.compile(
    r"\baffiliate\b|\bcommission on\b|\b(?:earn|receive|get|take) (?:a |an )?(?:small )?"
    r"(?:commission|share of (?:the |any |each )?sales?)\b"
    r"|\b(?:percevoir|perçoit|perçoivent|toucher|recevoir)"
    r" (?:une )?(?:petite )?commission\b|\b(?:recib|llev|cobr|gan|obten)\w{0,8} (?:una )?"
    r"(?:pequeña )?comisión\b|\bcomisiwn\b|عمولة"
    r"|\bprovision(?:en)?\b|\bliens? (?:affiliés?|d'affiliation)|\bafilia(?:d[oa]s?|ción)\b"
)
# Capital letters make names in these; German writes every noun with one.
_CAPITALS_ARE_NAMES = frozenset({"en", "fr", "es", "it", "pt", "nl", "cy", "ga", "gd", "sv", "da"})


def differences(text: str, source: StorySource, language: str) -> tuple[tuple[str, str], ...]:
    """Give what a text says and its source does not, as check label and sentence."""
    on = source.published.date() if source.published else None
    told = (
        *_quotes(text, source),
        *_figures(text, source, language, on),
        *_hedges(text, source, language),
    )
    speakers = _other_speakers(text, source, language)
    return (
        *((label, message) for label, message, _ in told),
        *((QUOTES, _other_speaker(speaker)) for speaker, _ in speakers),
        *((FIGURES, message) for message, _ in _differing(text, source, language, on)),
    )


def has_all_sources(request: CheckRequest) -> bool:
    """Whether every story and brief with a text is tied to its source."""
    return all(card in request.sources for card, texts in _cards(request) if texts)


def quote_fidelity(request: CheckRequest) -> Iterator[Finding]:
    """S11: quoted words were said as quoted; in a headline a few may be a word's usual marks."""
    for headline, line, source in _headlines(request):
        for quoted in absent_quotations(headline, source.text):
            if word_count(quoted) >= FEWEST_QUOTED:
                yield _finding(
                    request,
                    QUOTES,
                    f"{_NOT_THERE} word for word: “{shorten(quoted, 80)}”",
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
            for _, message, evidence in _quotes(text, source)
        )
        for speaker, evidence in _other_speakers(text, source, request.newsletter.language):
            yield _finding(
                request,
                QUOTES,
                _other_speaker(speaker),
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
            for _, message, evidence in _figures(
                text, source, language, request.on, _bylines(request, source)
            )
        )
        for message, evidence in _differing(text, source, language, request.on):
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
            for _, message, evidence in _hedges(text, source, request.newsletter.language)
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


@kept
def _quotes(text: str, source: StorySource) -> Iterable[tuple[str, str, str]]:
    absent = absent_quotations(text, source.text)
    for quoted in absent_quotations(text, source.text_beside(text)):
        near = nearest(unmarked(quoted), unmarked(source.text_beside(text)))
        evidence = f"“{shorten(quoted)}”"
        if near:
            evidence += f"\nnearest in the source: {shorten(near)}"
        where = _NOT_THERE if quoted in absent else _DESCRIPTION_ALONE
        yield QUOTES, f"{where} word for word: “{shorten(quoted, 80)}”", evidence


@kept
def _other_speakers(text: str, source: StorySource, language: str) -> Iterator[tuple[str, str]]:
    for speaker, quoted in other_speakers(text, source.text):
        yield speaker, f"“{shorten(quoted)}”"
    if _primary(language) == "en":
        for speaker, sentence in other_sayers(text, source.text):
            yield speaker, f"the source: {shorten(sentence)}"


def _other_speaker(speaker: str) -> str:
    return f"the source gives these words to somebody else than {speaker}"


@kept
def _figures(
    text: str, source: StorySource, language: str, on: date | None, beside: str = ""
) -> Iterable[tuple[str, str, str]]:
    year = on.year if on else 0
    tongue = _primary(language)
    figures = tuple(_unsaid_figures(text, source.text, tongue, on))
    if tongue in _CAPITALS_ARE_NAMES:
        names = absent_names(text, f"{source.text}\n{beside}", tongue, on)
    else:
        names = other_surnames(text, source.text)
        if tongue == "de":
            names = (*names, *absent_persons(text, source.text), *misspelt_names(text, source.text))
    in_text = _unsaid_figures(text, source.text_beside(text), tongue, on)
    alone = [one for one in in_text if one not in figures]
    roles: tuple[str, ...] = ()
    if _primary(language) == "en":
        roles = (
            *other_roles(text, source.text),
            *other_ranks(text, source.text),
            *other_pairs(text, source.text),
        )
    times = (
        *other_times(text, source.text, _primary(language)),
        *absent_number_words(text, source.text, _primary(language), year),
        *other_relatives(text, source.text, _primary(language)),
    )
    told = dict.fromkeys((*figures, *names, *roles, *times))
    for where, absent in ((_NOT_THERE, tuple(told)), (_DESCRIPTION_ALONE, alone)):
        if absent:
            named = ", ".join(shorten(one, 60) for one in absent)
            yield FIGURES, f"{where}: {named}", shorten(text)


def _unsaid_figures(text: str, there: str, tongue: str, on: date | None) -> Iterator[str]:
    absent = absent_figures(text, there, on.year if on else 0)
    told_by_weekday = days_of_weekdays(text, there, on) if absent else frozenset()
    for one in absent:
        if one in told_by_weekday:
            continue
        if tongue != "en" and one.isalpha():
            continue  # "six" is French as well, and told by number_words.py
        if not said_in_words(one, there, tongue):
            yield one


@kept
def _differing(
    text: str, source: StorySource, language: str, on: date | None
) -> Iterator[tuple[str, str]]:
    if _primary(language) != "en":
        for other in other_denials(text, source.text, _primary(language)):
            yield f"“{other.told}”, where the source has “{other.there}”", other.source
        return
    year = on.year if on else 0
    for shown in (*other_units(text, source.text, year), *other_hours(text, source.text)):
        yield f"not in the source: {shown}", shown
    told = tuple(edits(text, source.text))
    beside = {edit.source for edit in told}
    others = (one for one in told_otherwise(text, source.text) if one.source not in beside)
    for edit in (*told, *others):
        yield edit.message("the source"), f"the source: {edit.source}"


@kept
def _hedges(text: str, source: StorySource, language: str) -> Iterable[tuple[str, str, str]]:
    if _primary(language) != "en":
        for lost in lost_doubts(text, source.body, _primary(language)):
            evidence = f"{shorten(lost.part)}\nthe source: {shorten(lost.source)}"
            yield ATTRIBUTION, "told as a fact, and the source only reports it", evidence
        return
    for dropped in dropped_hedges(text, source.body):
        evidence = f"{shorten(dropped.sentence)}\nthe source: {shorten(dropped.source)}"
        yield ATTRIBUTION, "told as a fact, and the source only reports it", evidence
    for one in promoted(text, "\n".join(source.body)):
        message = f"“{one.told}”, where the source has “{one.there}”"
        yield ATTRIBUTION, message, f"the source: {shorten(one.source)}"


def _bylines(request: CheckRequest, source: StorySource) -> str:
    """Give who wrote the stories of a source, and the newsletter's own names."""
    own = [request.newsletter.title, request.newsletter.publication]
    own += [
        block.byline
        for block in blocks_of(request.issue)
        if isinstance(block, Story) and request.sources.get(block) is source
    ]
    return "\n".join(own)


def _primary(language: str) -> str:
    return language.partition("-")[0].casefold()


def _texts(request: CheckRequest) -> Iterator[tuple[str, int, StorySource]]:
    for card, texts in _cards(request):
        source = request.sources.get(card)
        if source is not None:
            for text, line in texts:
                yield text.replace(SLOT_MARK, " "), line or card.line, source


def _headlines(request: CheckRequest) -> Iterator[tuple[str, int, StorySource]]:
    """Give the headlines of what has a source, without the capitals that mark no names."""
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
