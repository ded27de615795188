"""The part of S29 that holds what subject, preheader and opening announce against the stories."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from newsletter.checks.fidelity.opposed import opposed_texts
from newsletter.checks.fidelity.parts import shared_weight, stems_of
from newsletter.checks.fidelity.proper_names import absent_names
from newsletter.checks.fidelity.sentences import Edit, read_source, tokens_of
from newsletter.checks.headline_words import stems
from newsletter.checks.issue.title_words import (
    NO_NAMES,
    NUMBERED,
    counts_things,
    figures_of,
    is_in_title_case,
    is_told,
    without_labels,
)
from newsletter.checks.issue.topics import absent_topics
from newsletter.checks.request import CheckRequest
from newsletter.checks.wording import blocks_of, folded, leaves, shorten, text_blocks
from newsletter.checks.written import Field, running
from newsletter.model.finding import Finding, Severity
from newsletter.model.issue import Brief, Briefs, Issue, Story

PROMISES = "S29 promises"

LONGEST_TITLE = 300  # characters looked at; no inbox shows as many
FEWEST_WORDS = 2  # of a clause that may be held against a story
LEAST_OF_STORY = 2.0  # weight of what it shares with the story it is of
_CLAUSES = re.compile(r"[,;:]\s+|\s[\u2013\u2014-]\s|\s(?=and the\b)")
_TITLES = frozenset({Field.SUBJECT, Field.PREHEADER})
_CONTENTS = re.compile(
    r"(?:^|(?<=[.!?\n] ))(?:(?:also )?(?:in (?:today's|tonight's|this|this week's) (?:issue|edition"
    r"|letter|mail|newsletter|briefing)|inside|coming up|on (?:the menu|our minds)|up first|below"
    r"|today|tonight|this week|in brief|on the list|plus|also|as well|we look at|look out for"
    r"|scroll down for|at the end)(?: (?:today|tonight|this week))?[:,]? )([^.!?\n]{5,300})",
    re.IGNORECASE,
)


def announced(request: CheckRequest) -> Iterator[Finding]:
    """Tell of what subject and preheader announce, or say, against what the issue tells."""
    issue = request.issue
    if request.newsletter.language.partition("-")[0].casefold() != "en" or not issue.sections:
        return
    told = [one.text for one in request.written if running(one) and one.field not in _TITLES]
    words = stems(folded("\n".join(told)), "en")
    in_sections = [
        one.text
        for one in request.written
        if running(one) and one.field not in _TITLES and one.line >= issue.sections[0].line
    ]
    yield from _of_opening(request, stems(folded("\n".join(in_sections)), "en"))
    for key, whole in (("subject", issue.subject), ("preheader", issue.preheader)):
        text = whole[:LONGEST_TITLE]
        for clause, word in absent_topics(text, words):
            yield _promise(
                request,
                f"the {key} announces what no story of the issue tells of",
                f"“{clause}”; nothing in the issue is of “{word}”",
                key,
            )
        for clause, edit in _opposed(request, text):
            yield _promise(
                request,
                f"the {key} says another thing: {edit.message('the source')}",
                f"{shorten(clause, 100)}\nthe source: {shorten(edit.source)}",
                key,
            )
        for said in _beyond_sources(request, text, told):
            yield _promise(
                request,
                f"the {key} says what neither the issue nor its sources say",
                f"{shorten(text, 100)}; in none of them: {said}",
                key,
            )


def _opposed(request: CheckRequest, text: str) -> Iterator[tuple[str, Edit]]:
    """Return a clause that the source of the story it is of tells the other way round."""
    for clause in _CLAUSES.split(text):
        words = stems_of(tuple(tokens_of(clause)))
        of = [
            (shared_weight(words, frozenset(read.by_stem), read), index, source)
            for index, source in enumerate(request.sources.values())
            for read in (read_source(source.text),)
        ]
        if len(words) < FEWEST_WORDS or not of:
            continue
        weight, _, source = max(of, key=lambda one: one[:2])
        if weight >= LEAST_OF_STORY and sum(one[0] >= weight for one in of) == 1:
            yield from ((clause, edit) for edit in islice(opposed_texts(clause, source.text), 1))


def _beyond_sources(request: CheckRequest, text: str, told: Sequence[str]) -> Iterator[str]:
    """Give names and figures of a subject that stand nowhere, where every story has its source."""
    cards = [
        item
        for block in blocks_of(request.issue)
        for item in (block.items if isinstance(block, Briefs) else (block,))
        if isinstance(item, Story | Brief)
    ]
    sources = [source.text for card in cards if (source := request.sources.get(card))]
    if len(sources) < len(cards) or NUMBERED.search(text) or is_in_title_case(text):
        return
    known = "\n".join((*told, *sources, request.newsletter.title, request.newsletter.publication))
    first = next(iter(re.findall(r"[^\W\d_]+", text)), "")
    for name in absent_names(without_labels(text), known):
        is_name = name.casefold() not in NO_NAMES and name != first
        if is_name and not name.isupper() and name.casefold() not in known.casefold():
            yield name
    for figure in sorted(figures_of(text)):
        if not counts_things(text, figure) and not is_told(figure, known, "en"):
            yield figure


def _of_opening(request: CheckRequest, words: frozenset[str]) -> Iterator[Finding]:
    """Tell of "In this issue: the tram, and a prison riot" where nothing is of a prison."""
    for block in request.issue.opening:
        for text, line in leaves(text_blocks(block)):
            for hit in _CONTENTS.finditer(text):
                for clause, word in absent_topics(hit[1], words, fewest=1):
                    yield Finding(
                        check=PROMISES,
                        severity=Severity.WARNING,
                        message="the opening announces what no story of the issue tells of",
                        evidence=f"“{clause}”; nothing in the issue is of “{word}”",
                        file=request.file,
                        line=(line or block.line) + text.count("\n", 0, hit.start()),
                        remedy="take it out, or put its story in",
                    )


def _promise(request: CheckRequest, message: str, evidence: str, key: str) -> Finding:
    return Finding(
        check=PROMISES,
        severity=Severity.WARNING,
        message=message,
        evidence=evidence,
        file=request.file,
        line=request.issue.line_of(key),
        remedy=f"write the {key} for what stands in the issue",
    )


def headlines_of(issue: Issue) -> list[tuple[str, int]]:
    """Return the headlines of stories and briefs, with their lines."""
    return [
        (item.headline, item.line)
        for block in blocks_of(issue)
        for item in (block.items if isinstance(block, Briefs) else (block,))
        if isinstance(item, Story | Brief)
    ]
