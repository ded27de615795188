"""O20: text that is in the mail and that nobody sees, or not all readers do."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

from newsletter.checks.html.sight import MOST_FINDINGS, VIEWS, around, listed, why_unseen
from newsletter.checks.places import Place, Places
from newsletter.checks.request import Composition
from newsletter.checks.styles.media import LIGHT, PHONE
from newsletter.checks.styles.style_of_page import PieceOfText, letters_of
from newsletter.checks.wording import shorten
from newsletter.model.finding import Finding, Severity

HIDDEN_TEXT = "O20 hidden-text"

LONGEST_PREHEADER = 300  # letters; what is longer is no line for an inbox
LEAST_WORDS = 30  # letters of what is said rather than labelled
_MOST_CUT = 0.75  # of a line's height: the rest is the room above and below the letters
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


@dataclass(slots=True)
class _Hidden:
    reason: str
    at: int
    is_first: bool
    words: list[str] = field(default_factory=list)


def hidden_text(made: Composition) -> Iterator[Finding]:
    """O20: no text is hidden, save one preheader before all that is seen.

    The issue's words are kept from nobody: a phone shows what a desk does, no box cuts them off,
    and those who hear the mail hear them.
    """
    yield from islice(_hidden_texts(made), MOST_FINDINGS)


def _hidden_texts(made: Composition) -> Iterator[Finding]:
    places = Places(made)
    found = _hidden(made)
    may_be_preheader = True
    groups: dict[tuple[str, str, int], list[str]] = {}
    blocks: dict[tuple[str, str, int], str] = {}
    for hidden in found:
        words = " ".join(hidden.words)
        if hidden.is_first and may_be_preheader and letters_of(words) <= LONGEST_PREHEADER:
            may_be_preheader = False
            continue
        place = places.of(hidden.at, values=(hidden.reason,))
        key = hidden.reason, place.file, place.line
        groups.setdefault(key, []).append(shorten(words, 80))
        blocks.setdefault(key, place.block)
    for (reason, file, line), texts in groups.items():
        evidence, block = f"{reason}: {listed(texts)}", blocks[reason, file, line]
        yield Finding(
            check=HIDDEN_TEXT,
            severity=Severity.WARNING,
            message="the mail holds text that no reader sees; filters take that for a trick",
            evidence=f"{evidence}, in {block}" if block else evidence,
            file=file,
            line=line,
            remedy="take it out, or show it",
        )
    yield from _hidden_in_outlook(made, places)
    yield from _kept_from_some(made, places)


@dataclass(frozen=True, slots=True)
class _Kept:
    """Words that some readers do not get, and the element that keeps them."""

    message: str
    reason: str
    words: str
    at: int


def _kept_from_some(made: Composition, places: Places) -> Iterator[Finding]:
    """Tell of words that some readers do not get; one line of a template is one finding."""
    groups: dict[tuple[str, str, Place], list[str]] = {}
    for kept in (*_on_one_screen(made), *_unheard(made), *_cut_off(made)):
        place = replace(places.of(kept.at, values=(kept.reason,)), block="")
        groups.setdefault((kept.message, kept.reason, place), []).append(shorten(kept.words, 60))
    for (message, reason, place), words in groups.items():
        yield Finding(
            check=HIDDEN_TEXT,
            severity=Severity.WARNING,
            message=message,
            evidence=f"{reason}: {listed(words)}",
            file=place.file,
            line=place.line,
            remedy="let all readers have them; what nobody shall have, take out",
        )


def _on_one_screen(made: Composition) -> Iterator[_Kept]:
    """Return words of the issue that a phone shows and a wide screen does not, or the reverse."""
    style = made.page.style
    pieces = [one for one in style.texts() if _weighs(made, one)]
    both = (style.looks(LIGHT), "a wide screen"), (style.looks(PHONE), "a phone")
    for (looks, _), (others, which) in (both, both[::-1]):
        shown = {one.words for one in pieces if not why_unseen(others[one.at])}
        for piece in pieces:
            reason = why_unseen(others[piece.at])
            if reason and not why_unseen(looks[piece.at]) and piece.words not in shown:
                gone = [one for one in around(piece.at, made) if others[one].gone]
                message = f"{which} does not show words of the issue"
                yield _Kept(message, reason, piece.words, min(gone, default=piece.at))


def _unheard(made: Composition) -> Iterator[_Kept]:
    """Give words of the issue that are seen and not read out, and are not said beside it either."""
    style = made.page.style
    looks = style.looks(LIGHT)
    pieces = [one for one in style.texts() if _weighs(made, one)]
    silent = {one.at: _silencer(made, one.at) for one in pieces}
    heard = {one.words for one in pieces if silent[one.at] is None}
    for piece in pieces:
        at = silent[piece.at]
        if at is not None and piece.words not in heard and not why_unseen(looks[piece.at]):
            message = "those who hear the mail do not get words of the issue"
            yield _Kept(message, 'aria-hidden="true"', piece.words, at)


def _cut_off(made: Composition) -> Iterator[_Kept]:
    """Return words in a box that is lower than one line of them, and hides what is beyond it."""
    looks = made.page.style.looks(LIGHT)
    for seen in made.page.style.seen(LIGHT):
        for one in around(seen.piece.at, made):
            look = looks[one]
            if look.own.get("overflow-y") not in {"hidden", "clip"}:
                continue
            for name in ("height", "max-height"):
                height = look.length(name)
                if height is not None and height < seen.look.line * _MOST_CUT:
                    reason = f"{name}:{look.own[name]}"
                    yield _Kept("a box cuts off the words in it", reason, seen.piece.words, one)


def _weighs(made: Composition, piece: PieceOfText) -> bool:
    """Whether words are of a block of the issue, and more than a label or a mark beside others."""
    if not any(span.first <= piece.at < span.end for span in made.composed.spans if span.line):
        return False
    if piece.letters >= LEAST_WORDS:
        return True
    return piece.letters > 1 and any(
        made.page.style.nodes[one].tag in _HEADINGS for one in around(piece.at, made)
    )


def _silencer(made: Composition, at: int) -> int | None:
    nodes = made.page.style.nodes
    hiding = (one for one in around(at, made) if nodes[one].attributes.get("aria-hidden") == "true")
    return next(hiding, None)


def _hidden(made: Composition) -> list[_Hidden]:
    """Return hidden text by what hides it, in order; is_first where nothing seen stands before."""
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
    """Return the outermost element around that is hidden too: one box is one finding."""
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
