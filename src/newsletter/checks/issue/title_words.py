"""What names and figures of a subject or preheader are, and whether a text tells them; pure."""

import re

from newsletter.checks.absent_figures import absent_figures
from newsletter.checks.wording import folded

TITLE_CASE = 0.75  # of a subject's longer words, with a capital: it marks no names
_LABEL = re.compile(
    r"(?:(?<=^)|(?<=[.;:|] ))The [A-Z][\w'\u2019-]+(?: [A-Z][\w'\u2019-]+){0,2}:(?= )"
)
NOUN = (
    r"(?:reads?|stories|story|articles?|pieces?|headlines?|news items?|items|links|good reads?"
    r"|long reads?"
    r"|lectures?|histoires?|infos|sujets?|geschichten?|artikel|meldungen|texte|beiträge|themen"
    r"|historias?|artículos?|noticias?|lecturas?|temas|erthyglau?|erthygl|straeon|stori)"
)
NUMBERED = re.compile(
    r"(?:\bno\.?|\bnr\.?|#|n[°º]|\bissue|\bvol\.?|\bweek|\bpart) ?\d", re.IGNORECASE
)
_THINGS = re.compile(
    rf"(?:st|nd|rd|th)?[ -](?:\w{{2,12}} )?(?:{NOUN}|things?|ways?|reasons?|tips?|ideas?"
    rf"|questions?|facts?"
    r"|charts?|photos?|pictures|books?|films?|recipes?|minutes?|min|choses|raisons|idées|questions"
    r"|dinge|gründe|fragen|cosas|razones|ideas|preguntas|peth|rheswm)\b",
    re.IGNORECASE,
)
_WITH_DIGITS = re.compile(
    r"(?<![\w.,-])(?:\d{1,2}-\d{1,2}(?![\d-])|[£$€]?\s?\d{1,4}(?:[.,\u00a0]\d{3})*(?:[.,]\d{1,2})?"
    r"(?:\s?(?:%|per ?cent\b|bn\b|m\b|k\b|million\b|billion\b))?)(?!\w)"
)


def _set_of(words: str) -> frozenset[str]:
    return frozenset(words.split())


def without_labels(text: str) -> str:
    """Leave out what a title says of itself before a colon: "The Furrow: lamb, pears and mud"."""
    return _LABEL.sub(" ", text)


NO_NAMES = _set_of(
    "re fw fwd monday tuesday wednesday thursday friday saturday sunday january february march "
    "april may june july august september october november december spring summer autumn "
    "winter christmas easter plus daily weekly breaking exclusive live watch listen read "
    "briefing newsletter morning evening good"
)


def is_in_title_case(text: str) -> bool:
    """Return whether most longer words have a capital: then none of them marks a name."""
    words = [word for word in re.findall(r"[^\W\d_]+", text) if len(word) > 3]  # noqa: PLR2004
    capitals: int = sum(word[0].isupper() for word in words)
    return capitals >= TITLE_CASE * len(words)


def figures_of(text: str) -> set[str]:
    """Return the figures of a text as they are written."""
    return {hit[0].strip() for hit in _WITH_DIGITS.finditer(folded(text))}


def is_told(figure: str, told: str, language: str) -> bool:
    """Return whether a text has a figure, in figures or, in English, in words."""
    if "-" in figure:
        return re.search(rf"(?<![\d-]){re.escape(figure)}(?![\d-])", folded(told)) is not None
    if language == "en":
        return not absent_figures(figure, told)
    return _bare(figure.strip("£$€% ")) in {
        _bare(one) for one in re.findall(r"\d[\d.,\u00a0 ]*", told)
    }


def _bare(figure: str) -> str:
    return re.sub(r"[.,\u00a0 ]", "", figure)


def counts_things(text: str, figure: str) -> bool:
    """Return whether a figure counts what the issue is made of: "7 things to do", "5 reads"."""
    at = text.casefold().find(figure)
    return at >= 0 and _THINGS.match(text, at + len(figure)) is not None
