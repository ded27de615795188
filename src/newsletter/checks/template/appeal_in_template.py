"""S05 in templates: an appeal stands in a mail by its block alone, in its registered words.

A template's own words go out with every issue, also after the appeal has closed, and nobody
verifies them.
"""

import re
from collections.abc import Iterator, Sequence

from newsletter.checks.issue.callout_places import donation_page, is_told_in, tellings
from newsletter.checks.issue.callouts import CALLOUT_WORDING
from newsletter.checks.place import place_of
from newsletter.checks.request import Composition
from newsletter.checks.template.own_words import OwnWords, own_words
from newsletter.checks.wording import folded, shorten
from newsletter.model.callout import Callout, CalloutKind, amount_in
from newsletter.model.finding import Finding, Severity

LABEL_WORDS = 3  # in a callout's block a template may set a label such as "Charity appeal"
_URGES = re.compile(
    r"\b(?:now|today|tonight|urgent(?:ly)?|hurry|act|before it|last chance|every (?:minute|penny)"
    r"|jetzt|heute|sofort|maintenant|aujourd'hui|vite|ahora|hoy|urgente|nawr|heddiw)\b|!|الآن|اليوم",
    re.IGNORECASE,
)


def appeal_in_template(made: Composition) -> Iterator[Finding]:
    """S05 on templates: their own words hold no wording, name or donation page of a callout."""
    if not made.wrote.files:
        return
    known = {one.name: one for one in made.request.known_callouts}
    known |= {use.callout.name: use.callout for use in made.request.callouts}
    words = tuple(own_words(made))
    for callout in known.values():
        yield from _worded(callout, words)
    yield from _linked(made, tuple(known.values()))
    yield from _added(made, words)


def _worded(callout: Callout, words: Sequence[OwnWords]) -> Iterator[Finding]:
    wholes_and_parts = tellings(callout)
    names = [folded(callout.appeal_name)] if callout.appeal_name else []
    if callout.short_name and callout.kind is CalloutKind.APPEAL:
        names.append(folded(f"{callout.short_name} appeal"))
    for one in words:
        text = folded(one.text.replace("\ufffc", " "))
        if is_told_in(text, wholes_and_parts):
            message = f"a template holds the wording of the callout {callout.name}"
        elif any(name in text for name in names):
            message = f"a template names the appeal of the callout {callout.name}"
        else:
            continue
        yield _finding(
            one.file,
            one.line,
            message,
            one.text,
            f'take it out; "::: callout {callout.name}" in an issue places it while it is open',
        )


def _linked(made: Composition, known: Sequence[Callout]) -> Iterator[Finding]:
    """Tell of a template's link to an appeal's donation page, outside its block."""
    pages = {donation_page(one.donation_url): one for one in known if one.donation_url}
    blocks = [span for span in made.composed.spans if span.line]
    for link in made.page.links:
        callout = pages.get(donation_page(link.url)) if link.url else None
        at = made.page.style.at(link.element)
        if callout is None or any(span.first <= at < span.end for span in blocks):
            continue
        file, line = place_of(made, element=link.element)
        yield _finding(
            file,
            line,
            f"a template links the donation page of the callout {callout.name}, outside its block",
            f"{link.text} → {link.url}",
            f'take it out; "::: callout {callout.name}" asks as long as it is open',
        )


def _added(made: Composition, words: Sequence[OwnWords]) -> Iterator[Finding]:
    """Tell of words that a template adds to a callout's own: labels apart."""
    spans = [one for one in made.composed.spans if one.name.startswith("callout")]
    own = {(one.file, one.line): one for one in words}
    told: set[OwnWords] = set()
    for piece in made.page.style.texts():
        if not any(span.first <= piece.at < span.end for span in spans):
            continue
        place = made.wrote.element(piece.at)
        one = own.get(place) if place is not None else None
        if one is None or one in told or folded(piece.words) not in folded(one.text):
            continue
        is_label = len(piece.words.split()) <= LABEL_WORDS
        if is_label and not _URGES.search(piece.words) and not amount_in(piece.words):
            continue
        told.add(one)
        yield _finding(
            one.file,
            one.line,
            "a template adds words of its own to a callout",
            piece.words,
            "take them out; a callout's words are agreed with the charity",
        )


def _finding(file: str, line: int, message: str, evidence: str, remedy: str) -> Finding:
    return Finding(
        check=CALLOUT_WORDING,
        severity=Severity.ERROR,
        message=message,
        evidence=shorten(evidence.replace("\ufffc", "…")),
        file=file,
        line=line,
        remedy=remedy,
    )
