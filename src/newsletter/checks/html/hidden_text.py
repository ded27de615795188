"""O20: text that is in the mail and that nobody sees, beside the preheader."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from newsletter.checks.html.sight import MOST_FINDINGS, VIEWS, around, why_unseen
from newsletter.checks.places import Places
from newsletter.checks.request import Composition
from newsletter.checks.styles.media import LIGHT
from newsletter.checks.styles.style_of_page import letters_of
from newsletter.checks.wording import shorten
from newsletter.model.finding import Finding, Severity

HIDDEN_TEXT = "O20 hidden-text"

LONGEST_PREHEADER = 300  # letters; what is longer is no line for an inbox


@dataclass(slots=True)
class _Hidden:
    reason: str
    at: int
    is_first: bool
    words: list[str] = field(default_factory=list)


def hidden_text(made: Composition) -> Iterator[Finding]:
    """O20: no text is hidden from every reader, save one preheader before all that is seen."""
    yield from islice(_hidden_texts(made), MOST_FINDINGS)


def _hidden_texts(made: Composition) -> Iterator[Finding]:
    places = Places(made)
    found = _hidden(made)
    may_be_preheader = True
    for hidden in found:
        words = " ".join(hidden.words)
        if hidden.is_first and may_be_preheader and letters_of(words) <= LONGEST_PREHEADER:
            may_be_preheader = False
            continue
        place = places.of(hidden.at, values=(hidden.reason,))
        evidence = f"{hidden.reason}: “{shorten(words, 80)}”"
        yield Finding(
            check=HIDDEN_TEXT,
            severity=Severity.WARNING,
            message="the mail holds text that no reader sees; filters take that for a trick",
            evidence=f"{evidence}, in {place.block}" if place.block else evidence,
            file=place.file,
            line=place.line,
            remedy="take it out, or show it",
        )
    yield from _hidden_in_outlook(made, places)


def _hidden(made: Composition) -> list[_Hidden]:
    """Give hidden text by what hides it, in order; is_first where nothing seen stands before."""
    style = made.page.style
    views = [style.looks(view) for view in VIEWS]
    found: dict[tuple[str, int], _Hidden] = {}
    is_first = True
    for piece in style.texts():
        if piece.letters == 0:
            continue
        reasons = [why_unseen(looks[piece.at]) for looks in views]
        if not all(reasons):
            is_first = is_first and bool(reasons[0])
            continue
        at = _hider(made, piece.at)
        hidden = found.setdefault((reasons[0], at), _Hidden(reasons[0], at, is_first))
        hidden.words.append(piece.words)
    return list(found.values())


def _hider(made: Composition, at: int) -> int:
    """Give the outermost element around that is hidden too: one box is one finding."""
    looks = made.page.style.looks(LIGHT)
    hider = at
    for one in around(at, made):
        if not looks[one].gone and looks[one].is_visible:
            break
        hider = one
    return hider


def _hidden_in_outlook(made: Composition, places: Places) -> Iterator[Finding]:
    style = made.page.style
    looks = style.looks(LIGHT)
    told: set[int] = set()
    for piece in style.texts():
        if piece.letters == 0 or why_unseen(looks[piece.at]):
            continue
        for one in around(piece.at, made):
            if looks[one].own.get("mso-hide") == "all" and one not in told:
                told.add(one)
                place = places.of(one, values=("mso-hide:all",))
                yield Finding(
                    check=HIDDEN_TEXT,
                    severity=Severity.WARNING,
                    message="Outlook for Windows does not show a text that others show",
                    evidence=f"mso-hide:all: “{shorten(' '.join(piece.text.split()), 80)}”",
                    file=place.file,
                    line=place.line,
                    remedy="take mso-hide out, or hide the text everywhere",
                )
