"""How a text differs from its source: quotations, speakers, figures, names, sense and hedges; pure.

What was found is kept (see kept.py), so every argument is hashable.
"""

from collections.abc import Iterable, Iterator
from datetime import date

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
from newsletter.checks.wording import nearest, shorten
from newsletter.model.article import StorySource

QUOTES = "S11 quote-fidelity"
FIGURES = "S12 figure-fidelity"
ATTRIBUTION = "S17 attribution"

NOT_THERE = "not in the source"
_DESCRIPTION_ALONE = "in the source's description alone, and not in its text"
# Capital letters make names in these; German writes every noun with one.
_CAPITALS_ARE_NAMES = frozenset({"en", "fr", "es", "it", "pt", "nl", "cy", "ga", "gd", "sv", "da"})


def differences(text: str, source: StorySource, language: str) -> tuple[tuple[str, str], ...]:
    """Return what a text says and its source does not, as check label and sentence."""
    on = source.published.date() if source.published else None
    told = (
        *quote_differences(text, source),
        *figure_differences(text, source, language, on),
        *hedge_differences(text, source, language),
    )
    speakers = speaker_differences(text, source, language)
    return (
        *((label, message) for label, message, _ in told),
        *((QUOTES, other_speaker(speaker)) for speaker, _ in speakers),
        *((FIGURES, message) for message, _ in sense_differences(text, source, language, on)),
    )


@kept
def quote_differences(text: str, source: StorySource) -> Iterable[tuple[str, str, str]]:
    """Return quotations that the source has not word for word: check label, sentence, evidence."""
    absent = absent_quotations(text, source.text)
    for quoted in absent_quotations(text, source.text_beside(text)):
        near = nearest(unmarked(quoted), unmarked(source.text_beside(text)))
        evidence = f"“{shorten(quoted)}”"
        if near:
            evidence += f"\nnearest in the source: {shorten(near)}"
        where = NOT_THERE if quoted in absent else _DESCRIPTION_ALONE
        yield QUOTES, f"{where} word for word: “{shorten(quoted, 80)}”", evidence


@kept
def speaker_differences(text: str, source: StorySource, language: str) -> Iterator[tuple[str, str]]:
    """Return who is told to say what the source gives to somebody else, with the evidence."""
    for speaker, quoted in other_speakers(text, source.text):
        yield speaker, f"“{shorten(quoted)}”"
    if _primary(language) == "en":
        for speaker, sentence in other_sayers(text, source.text):
            yield speaker, f"the source: {shorten(sentence)}"


def other_speaker(speaker: str) -> str:
    """Say so of one speaker."""
    return f"the source gives these words to somebody else than {speaker}"


@kept
def figure_differences(
    text: str, source: StorySource, language: str, on: date | None, beside: str = ""
) -> Iterable[tuple[str, str, str]]:
    """Return figures, dates and names that the source lacks; beside is what else backs names."""
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
    for where, absent in ((NOT_THERE, tuple(told)), (_DESCRIPTION_ALONE, alone)):
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
def sense_differences(
    text: str, source: StorySource, language: str, on: date | None
) -> Iterator[tuple[str, str]]:
    """Return what is told the other way round or of another thing: sentence and evidence."""
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
def hedge_differences(
    text: str, source: StorySource, language: str
) -> Iterable[tuple[str, str, str]]:
    """Return what is told as a fact and the source only reports: label, sentence, evidence."""
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


def _primary(language: str) -> str:
    return language.partition("-")[0].casefold()
