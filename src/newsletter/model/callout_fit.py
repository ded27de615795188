"""Whether a callout fits its readers and the stories beside it; pure."""

import re
import unicodedata
from collections.abc import Sequence

from newsletter.model.callout import Callout

SENSITIVE = "sensitive"  # a story's attribute: {sensitive=death}
_NO = frozenset({"", "no", "false", "0"})
_SAME_COUNTRY = {"UK": "GB"}


def outside(callout: Callout, *, country: str, language: str) -> str:
    """Return that a newsletter's readers are not those a callout is for; "" where they are.

    Args:
        callout: its countries are ISO 3166-1 codes, its languages tags (en covers en-GB).
        country: of the readers, "" where it is not known; then only a callout for all fits.
        language: the newsletter's tag.
    """
    countries = [_country(code) for code in callout.countries]
    if countries and _country(country) not in countries:
        where = ", ".join(countries)
        if not country:
            return f"it is for readers in {where}, and the newsletter names no country"
        return f"it is for readers in {where}, and the newsletter's are in {_country(country)}"
    tag = language.casefold()
    if callout.languages and not any(
        tag == known or tag.startswith(f"{known}-")
        for known in map(str.casefold, callout.languages)
    ):
        return f"it is for readers of {', '.join(callout.languages)}, not of {language}"
    return ""


def _country(code: str) -> str:
    return _SAME_COUNTRY.get(code.upper(), code.upper())


def belongs(callout: Callout, text: str) -> bool:
    """Return whether a story's text holds one of the words that a callout is to stand beside."""
    return bool(first_word(callout.beside, text))


def is_marked(value: str) -> bool:
    """Return whether an attribute's value marks a story: {sensitive=death} does, =no does not."""
    return value.casefold() not in _NO


def unfit(callout: Callout, text: str, sensitive: str = "") -> str:
    """Return why a callout may not stand beside a story; "" where it may.

    A word of not_beside in the story's text, or in what it is marked as, keeps the callout away. So
    does the mark alone, but from no appeal that belongs to the story.
    """
    mark = sensitive if is_marked(sensitive) else ""
    word = first_word(callout.not_beside, f"{text} {mark}")
    if word:
        return f"it tells of “{word}”"
    if mark and not belongs(callout, text):
        return "it is marked as sensitive"
    return ""


def first_word(words: Sequence[str], text: str) -> str:
    """Return the first of some words or phrases that a text holds as whole words; "" for none."""
    spoken = f" {words_alone(text)} "
    return next((word for word in words if f" {words_alone(word)} " in spoken), "")


def words_alone(text: str) -> str:
    """Return a text's words without marks and case, a space between them."""
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold()))
