"""S05 in templates: an appeal stands in a mail by its block alone, in its registered words.

A template's own words go out with every issue, also after the appeal has closed, and nobody
verifies them.
"""

import re
from collections.abc import Iterator

from newsletter.checks.issue.callout_places import donation_page, is_told_in, tellings
from newsletter.checks.issue.callouts import CALLOUT_WORDING
from newsletter.checks.place import (
    Place,
    is_in_block,
    line_of_template,
    place_of,
    tell,
    template_lines,
    text_lines,
)
from newsletter.checks.request import Composition
from newsletter.checks.wording import folded, shorten
from newsletter.model.callout import CalloutKind, amount_in
from newsletter.model.finding import Finding, Severity

LABEL_WORDS = 3  # in a callout's block a template may set a label such as "Charity appeal"
# What no reader sees of a template's line: expressions, comments, tags.
_MARKUP = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|</?[a-zA-Z][^<>]*>")
_URGES = re.compile(
    r"\b(?:now|today|tonight|urgent(?:ly)?|hurry|act|before it|last chance|every (?:minute|penny)"
    r"|jetzt|heute|sofort|maintenant|aujourd'hui|vite|ahora|hoy|urgente|nawr|heddiw)\b|!|الآن|اليوم",
    re.IGNORECASE,
)
_TAKE_OUT = 'take it out; "::: callout {}" in an issue places it while it is open'


def appeal_in_template(made: Composition) -> Iterator[Finding]:
    """S05 on templates: their own words hold no wording, name or donation page of a callout."""
    if not made.wrote.files:
        return
    known = {one.name: one for one in made.request.known_callouts}
    known |= {use.callout.name: use.callout for use in made.request.callouts}
    lines = [
        ((file, number), words)
        for file, number, text in (*template_lines(made), *text_lines(made))
        if "theme." not in file and (words := _MARKUP.sub(" ", text).strip())
    ]
    for callout in known.values():
        told = tellings(callout)
        names = [folded(callout.appeal_name)] if callout.appeal_name else []
        if callout.short_name and callout.kind is CalloutKind.APPEAL:
            names.append(folded(f"{callout.short_name} appeal"))
        for place, words in lines:
            text = folded(words)
            if is_told_in(text, told) or any(name in text for name in names):
                message = f"a template holds words of the callout {callout.name}"
                yield _error(place, message, words, _TAKE_OUT.format(callout.name))
    pages = {donation_page(one.donation_url): one.name for one in known.values()}
    for link in made.page.links:
        name = pages.get(donation_page(link.url)) if link.url else None
        if name and not is_in_block(made, made.page.style.at(link.element)):
            place = place_of(made, element=link.element)
            message = f"a template links the donation page of the callout {name}, outside its block"
            yield _error(place, message, f"{link.text} → {link.url}", _TAKE_OUT.format(name))
    yield from _added(made)


def _added(made: Composition) -> Iterator[Finding]:
    """Yield words that a template adds to a callout's own, labels apart."""
    spans = [one for one in made.composed.spans if one.name.startswith("callout")]
    told: set[Place] = set()
    for piece in made.page.style.texts:
        place = made.wrote.element(piece.at)
        if place is None or place in told or not piece.letters:
            continue
        is_inside = any(span.first <= piece.at < span.end for span in spans)
        own = folded(_MARKUP.sub(" ", line_of_template(made, place)))
        is_label = len(piece.words.split()) <= LABEL_WORDS and not (
            _URGES.search(piece.words) or amount_in(piece.words)
        )
        if is_inside and folded(piece.words) in own and not is_label:
            told.add(place)
            remedy = "take them out; a callout's words are agreed with the charity"
            message = "a template adds words of its own to a callout"
            yield _error(place, message, piece.words, remedy)


def _error(place: Place, message: str, evidence: str, remedy: str) -> Finding:
    return tell(CALLOUT_WORDING, place, message, shorten(evidence), remedy, Severity.ERROR)
