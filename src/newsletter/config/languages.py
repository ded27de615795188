"""What a language tag says about writing, and the words that a draft has in that language."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from babel.core import Locale, UnknownLocaleError, get_global, parse_locale

LATIN = "Latn"
ARABIC = "Arab"
SPOKEN = ("en", "fr", "de", "es", "cy", "ar")
"""The languages in which a mail has its standing words; in another they are English."""

_RIGHT_TO_LEFT = frozenset({ARABIC, "Hebr", "Thaa", "Syrc", "Nkoo", "Adlm", "Rohg"})


def base_of(language: str) -> str:
    """Return the language of a BCP 47 tag without region and script: "en" of en-GB."""
    return language.partition("-")[0].lower()


def script_of(language: str) -> str:
    """Return the script of a BCP 47 tag as ISO 15924 writes it: Arab for ar, Latn for az.

    A tag that names its script says it; for another the Unicode CLDR's likely subtags do.
    """
    try:
        base, territory, script, *_ = parse_locale(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return LATIN
    if script:
        return script
    likely = get_global("likely_subtags")
    full = likely.get(f"{base}_{territory}") or likely.get(base) or ""
    return next((part for part in full.split("_")[1:] if len(part) == len(LATIN)), LATIN)


def direction_of(language: str) -> str:
    """Return ltr or rtl, as the dir attribute wants it."""
    return "rtl" if script_of(language) in _RIGHT_TO_LEFT else "ltr"


def english_name_of(language: str) -> str:
    """Name a language in English, the tag itself where nobody has named it."""
    try:
        return Locale.parse(base_of(language)).english_name or language
    except (UnknownLocaleError, ValueError):
        return language


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftWords:
    """Headings, and patterns that take {author}, {minutes} and {credit}."""

    top_story: str
    more_stories: str
    author: str
    minutes: str
    picture: str


@cache
def _words() -> dict[str, DraftWords]:
    text = files("newsletter.config").joinpath("draft_words.toml").read_text("utf-8")
    return {language: DraftWords(**words) for language, words in tomllib.loads(text).items()}


def draft_words(language: str) -> DraftWords:
    """Return the words for a BCP 47 tag; in a language that has none, English."""
    return _words().get(base_of(language)) or _words()["en"]
