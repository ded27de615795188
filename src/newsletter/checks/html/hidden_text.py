"""O20: text that is in the mail and that nobody sees, or not all readers do."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from newsletter.checks.html.sight import MOST_FINDINGS, VIEWS, listed, why_unseen
from newsletter.checks.place import is_in_block, place_of_style, tell
from newsletter.checks.request import Composition
from newsletter.checks.styles.media import LIGHT, PHONE
from newsletter.checks.styles.style_of_page import PieceOfText, letters_of
from newsletter.checks.wording import shorten
from newsletter.model.finding import Finding

HIDDEN_TEXT = "O20 hidden-text"

LONGEST_PREHEADER = 300  # letters; what is longer is no line for an inbox
LEAST_WORDS = 30  # letters of what is said rather than labelled
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_UNSEEN = "the mail holds text that no reader sees; filters take that for a trick"


@dataclass(slots=True)
class _Hidden:
    """Words that some or all readers do not get, why, and the element that keeps them."""

    message: str
    reason: str
    at: int
    words: list[str] = field(default_factory=list)
    is_first: bool = False


def hidden_text(made: Composition) -> Iterator[Finding]:
    """O20: no text is hidden, save one preheader before all that is seen.

    A phone shows the words of the issue that a desk does.
    """
    groups: dict[tuple[str, str, tuple[str, int]], list[str]] = {}
    for hidden in (*_from_all(made), *_on_one_screen(made)):
        place = place_of_style(made, hidden.at, values=(hidden.reason,))
        words = shorten(" ".join(hidden.words), 80)
        groups.setdefault((hidden.message, hidden.reason, place), []).append(words)
    for (message, reason, place), texts in islice(groups.items(), MOST_FINDINGS):
        remedy = "take it out, or show it to all readers"
        yield tell(HIDDEN_TEXT, place, message, f"{reason}: {listed(texts)}", remedy)


def _from_all(made: Composition) -> Iterator[_Hidden]:
    """Return hidden text by what hides it; the first of all that is read may be the preheader."""
    style = made.page.style
    views = [style.looks(view) for view in VIEWS]
    found: dict[tuple[str, int], _Hidden] = {}
    is_first = True
    for piece in (one for one in style.texts if one.letters):
        reasons = [why_unseen(looks[piece.at]) for looks in views]
        if not all(reasons):
            is_first = is_first and bool(reasons[0])
            continue
        gone = [one for one in style.around(piece.at) if views[0][one].gone]
        at = min(gone, default=piece.at)  # one box is one finding
        hidden = _Hidden(_UNSEEN, reasons[0], at, is_first=is_first)
        found.setdefault((reasons[0], at), hidden).words.append(piece.words)
    may_be_preheader = True
    for hidden in found.values():
        is_short = letters_of(" ".join(hidden.words)) <= LONGEST_PREHEADER
        if hidden.is_first and may_be_preheader and is_short:
            may_be_preheader = False
        else:
            yield hidden


def _on_one_screen(made: Composition) -> Iterator[_Hidden]:
    """Return words of the issue that a phone shows and a wide screen does not, or the reverse."""
    style = made.page.style
    pieces = [one for one in style.texts if _weighs(made, one)]
    both = (style.looks(LIGHT), "a wide screen"), (style.looks(PHONE), "a phone")
    for (looks, _), (others, which) in (both, both[::-1]):
        shown = {one.words for one in pieces if not why_unseen(others[one.at])}
        for piece in pieces:
            reason = why_unseen(others[piece.at])
            if reason and not why_unseen(looks[piece.at]) and piece.words not in shown:
                gone = [one for one in style.around(piece.at) if others[one].gone]
                at = min(gone, default=piece.at)
                message = f"{which} does not show words of the issue"
                yield _Hidden(message, reason, at, [piece.words])


def _weighs(made: Composition, piece: PieceOfText) -> bool:
    """Return whether words are of a block of the issue, and more than a label beside others."""
    around = made.page.style.around(piece.at)
    is_heading = any(made.page.elements[one].tag in _HEADINGS for one in around)
    is_said = piece.letters >= LEAST_WORDS or (piece.letters > 1 and is_heading)
    return is_said and is_in_block(made, piece.at)
