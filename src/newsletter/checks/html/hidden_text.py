"""O20: text that is in the mail and that nobody sees."""

from collections.abc import Iterator
from itertools import islice

from newsletter.checks.html.sight import MOST_FINDINGS, VIEWS, listed, why_unseen
from newsletter.checks.place import place_of_style, tell
from newsletter.checks.request import Composition
from newsletter.checks.styles.style_of_page import letters_of
from newsletter.checks.wording import shorten
from newsletter.model.finding import Finding

HIDDEN_TEXT = "O20 hidden-text"

LONGEST_PREHEADER = 300  # letters; what is longer is no line for an inbox


def hidden_text(made: Composition) -> Iterator[Finding]:
    """O20: no text is hidden, save one preheader before all that is seen."""
    groups: dict[tuple[str, tuple[str, int]], list[str]] = {}
    for at, reason, words in _hidden(made):
        place = place_of_style(made, at, values=(reason,))
        groups.setdefault((reason, place), []).append(shorten(words, 80))
    for (reason, place), texts in islice(groups.items(), MOST_FINDINGS):
        yield tell(
            HIDDEN_TEXT,
            place,
            "the mail holds text that no reader sees; filters take that for a trick",
            f"{reason}: {listed(texts)}",
            "take it out, or show it to all readers",
        )


def _hidden(made: Composition) -> Iterator[tuple[int, str, str]]:
    style = made.page.style
    views = [style.looks(view) for view in VIEWS]
    found: dict[tuple[int, str], list[str]] = {}
    firsts = 0  # how many of them stand before all that is seen
    is_first = True
    for piece in (one for one in style.texts if one.letters):
        reasons = [why_unseen(looks[piece.at]) for looks in views]
        if all(reasons):
            gone = (one for one in style.around(piece.at) if views[0][one].gone)
            at = min(gone, default=piece.at)  # one box is one finding
            found.setdefault((at, reasons[0]), []).append(piece.words)
            firsts = len(found) if is_first else firsts
        is_first = is_first and bool(reasons[0])
    texts = [(at, reason, " ".join(words)) for (at, reason), words in found.items()]
    if firsts and letters_of(texts[0][2]) <= LONGEST_PREHEADER:
        texts = texts[1:]
    return iter(texts)
