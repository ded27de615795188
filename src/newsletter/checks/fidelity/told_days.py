"""Days that a story tells otherwise than its source: "meet Loxley today", where it is a Sunday.

A word such as "yesterday" is told of where the source names no such day at all, and has another
in the sentence that tells of the same. In English that is found by clauses and stems, in other
languages by the long words that two sentences share.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from newsletter.checks.days.day_names import DayNames, day_names
from newsletter.checks.days.stale_dates import STALE_DATES, send_day
from newsletter.checks.fidelity.sentences import Sentence, read_source
from newsletter.checks.request import CheckRequest
from newsletter.checks.wording import leaves, shorten
from newsletter.model.finding import Finding, Severity
from newsletter.model.issue import Story
from newsletter.model.sentences import split_sentences

FEWEST_SHARED = 3  # words that a clause and a sentence about the same thing share
FEWEST_STRONG = 1  # of two, how many are names or figures
NEAR = 7  # days from a source to its issue within which a weekday is one day

_CLAUSE = re.compile(
    r"[,:](?!\d)|[;\u2013\u2014]|\b(?:and|but|while|though|although|that|which|who|until|after)\b"
)
# Of what somebody says the source may not tell on which day it was.
_SAYS = re.compile(
    r"\b(?:sa(?:y|ys|id)|told|tells?|announce[sd]?|warn(?:s|ed)?|report(?:s|ed)?|ask(?:s|ed)?"
    r"|call(?:s|ed)|urge[sd]?|publish(?:es|ed)|confirm(?:s|ed)?|reveal(?:s|ed)?)\b"
)
# What was said today cannot stand in a page of yesterday: "told MPs today", "today she said".
_SAID = (
    r"(?:said|told|announced|warned|reported|urged|published|confirmed|revealed|declared|insisted"
    r"|admitted|ruled|voted|unveiled|launched|resigned|apologised|apologized|signed)"
)
_SAID_TODAY = re.compile(
    rf"(?<!to be )(?<!be )(?<!have )\b{_SAID}(?: (?!(?:that|the day|what|it|he|she|they|we|from|by"
    r"|for|until|as)\b)[\w\u2019'-]+){0,3} (?P<word>today|this (?:morning|afternoon|evening))\b"
    r"(?!['\u2019]|-| (?:is|was|will|would|are|were|has|had|may|could)\b)",
    re.IGNORECASE,
)
_TODAY_SAID = re.compile(
    r"(?:^|[.!?\u201d] )(?P<word>today|this (?:morning|afternoon|evening)),? "
    rf"(?:(?!(?:is|are|was|were|will|can|may)\b)[\w\u2019'-]+ ){{1,5}}?{_SAID}\b",
    re.IGNORECASE,
)


# The same in other languages, and words behind which a weekday is an end or a beginning.
_SAYS_ELSEWHERE = re.compile(
    r"\b(?:dit|déclar\w+|annonc\w+|affirm\w+|selon|estim\w+|expliqu\w+|sagt\w*|teilte\w*|erklär\w+"
    r"|kündig\w+|laut|zufolge|berichte\w*|dij\w+|dice\w*|anunci\w+|declar\w+|según|explic\w+"
    r"|dywed\w+|meddai|cyhoedd\w+)\b",
    re.IGNORECASE,
)
_LASTS = re.compile(
    r"\b(?:bis|seit|ab|jusqu\w*|depuis|dès|hasta|desde|a partir|tan|ers)\b", re.IGNORECASE
)
_LONG_WORD = re.compile(r"[^\W\d_]{5,}")
STEM = 6  # letters that tell long words apart
FEWEST_LONG, FEWEST_LONG_TODAY = 3, 4  # "today" is also what holds these days


def told_days_elsewhere(
    text: str, source: str, names: DayNames, *, sent: date, published: date
) -> Iterator[tuple[int, str, str]]:
    """Return what `told_days` gives, of a text in another language than English."""
    words = list(names.words_in(text)) if 0 <= (sent - published).days <= NEAR else []
    known = _weekdays(source, names, published) if words else frozenset[int]()
    for word in words:
        day = sent + timedelta(days=word.offset)
        if day.weekday() in known or word.text.casefold() in source.casefold():
            continue
        here = _sentence_at(text, word.start)
        if _SAYS_ELSEWHERE.search(here) or _names_days(here, names):
            continue
        fewest = FEWEST_LONG if word.offset else FEWEST_LONG_TODAY
        for line in source.split("\n"):
            told = [line[start:end] for start, end in split_sentences(line)]
            for there in told:
                is_set = _weekdays(there, names, published) and not _LASTS.search(there)
                if is_set and len(_long_words(here) & _long_words(there)) >= fewest:
                    yield word.start, word.text, there
                    return


def _long_words(text: str) -> frozenset[str]:
    return frozenset(one[:STEM] for one in _LONG_WORD.findall(text.casefold()))


def _sentence_at(text: str, place: int) -> str:
    spans = split_sentences(text)
    return next((text[start:end] for start, end in spans if start <= place < end), "")


def said_today(text: str, names: DayNames) -> Iterator[tuple[int, str]]:
    """Return each "today" on which somebody is told to have said or done what the source tells."""
    for pattern in (_SAID_TODAY, _TODAY_SAID):
        for hit in pattern.finditer(text):
            if not _names_days(_clause_at(text, hit.start("word")), names):
                yield hit.start("word"), hit["word"]


def told_otherwise(request: CheckRequest) -> Iterator[Finding]:
    """S13: tell of each, in the headlines and summaries of stories and briefs."""
    is_english = request.newsletter.language.startswith("en")
    find = told_days if is_english else told_days_elsewhere
    names, sent = day_names(request.newsletter.language), send_day(request)
    for card, source in request.sources.items():
        if source.published is None:
            continue
        published = source.published.astimezone(request.newsletter.timezone).date()
        texts = [(card.headline, card.line)]
        if isinstance(card, Story):
            texts += [(text, line or card.line) for text, line in leaves(card.summary)]
        else:
            texts += [(card.text, card.line)]
        for text, line in texts:
            told = list(find(text, source.text, names, sent=sent, published=published))
            for start, word, there in told:
                evidence = f"“{word}”\nthe source: {shorten(there)}"
                place = line + text.count("\n", 0, start)
                yield _finding(
                    request, place, "a day is told that the source does not name", evidence
                )
            is_old = is_english and not told and published < sent
            for start, word in said_today(text, names) if is_old else ():
                if word.casefold() in source.text.casefold():
                    continue  # the source's own "today" is looked at as such
                place = line + text.count("\n", 0, start)
                message = f"what a source of {published:%A} tells was not said on the issue's day"
                yield _finding(request, place, message, f"“{word}” in “{shorten(text)}”")


def told_days(
    text: str, source: str, names: DayNames, *, sent: date, published: date
) -> Iterator[tuple[int, str, str]]:
    """Return each such word, as start and text, and the source's own sentence."""
    if not 0 <= (sent - published).days <= NEAR:
        return
    words = list(names.words_in(text))
    if not words:  # most texts: the source need not be read for them
        return
    known = _weekdays(source, names, published)
    dated = [one for one in read_source(source).sentences if _weekdays(one.text, names, published)]
    for word in words:
        day = sent + timedelta(days=word.offset)
        if day.weekday() in known or word.text.casefold() in source.casefold():
            continue  # the source's own "today" is looked at as such
        clause = _clause_at(text, word.start)
        if _SAYS.search(clause) or _names_days(clause, names):
            continue
        for one in read_source(clause).sentences:
            same = next((each for each in dated if _is_of_same(one, each)), None)
            if same is not None:
                yield word.start, word.text, same.text
                break


def _names_days(text: str, names: DayNames) -> bool:
    """Return whether a text names a weekday or date."""
    return any(True for _ in names.weekdays_in(text)) or any(True for _ in names.dates_in(text))


def _weekdays(text: str, names: DayNames, published: date) -> frozenset[int]:
    """Return the weekdays of the days that a text names in whatever way."""
    dates = (one.nearest(published) for one in names.dates_in(text))
    return frozenset(
        (
            *(weekday for _, weekday, _ in names.weekdays_in(text)),
            *(day.weekday() for day in dates if day is not None),
            *((published + timedelta(days=one.offset)).weekday() for one in names.words_in(text)),
        )
    )


def _clause_at(text: str, place: int) -> str:
    for start, end in split_sentences(text):
        if not start <= place < end:
            continue
        for part in _CLAUSE.finditer(text, start, end):
            if part.end() <= place:
                start = part.end()  # noqa: PLW2901 (the clause's)
            else:
                return text[start : part.start()]
        return text[start:end]
    return ""


def _is_of_same(here: Sentence, there: Sentence) -> bool:
    shared = here.stems & there.stems
    strong = {one.stem for one in here.tokens if one.kind in {"name", "figure"}} & shared
    return len(shared) >= FEWEST_SHARED or (
        len(shared) == FEWEST_SHARED - 1 and len(strong) >= FEWEST_STRONG
    )


def _finding(request: CheckRequest, line: int, message: str, evidence: str) -> Finding:
    return Finding(
        check=STALE_DATES,
        severity=Severity.WARNING,
        message=message,
        evidence=evidence,
        file=request.file,
        line=line,
        remedy="put the day right, as it is seen from the day of the issue",
    )
