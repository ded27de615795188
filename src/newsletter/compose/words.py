"""The template's standing words by language (words.toml), and dates as newspapers print them."""

import tomllib
from collections.abc import Mapping
from datetime import date
from importlib.resources import files

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

from newsletter.config.languages import base_of

DEFAULT_LANGUAGE = "en"
WORDS: Mapping[str, Mapping[str, str]] = tomllib.loads(
    (files("newsletter.compose") / "words.toml").read_text("utf-8")
)
# Where Babel's full date is not what a newspaper of the place prints.
DATE_PATTERNS = dict.fromkeys(("en-GB", "en-IE", "en-AU", "en-NZ", "cy"), "EEEE d MMMM y")
_FRENCH_FIRST = "EEEE '1er' MMMM y"  # the only day of a month that French writes as an ordinal


def words_for(language: str) -> Mapping[str, str]:
    """Return the standing words for a BCP 47 tag: its own, its base language's, else English."""
    return {
        **WORDS[DEFAULT_LANGUAGE],
        **WORDS.get(base_of(language), {}),
        **WORDS.get(language, {}),
    }


def long_date(day: date, language: str) -> str:
    """Write a date with its weekday in 0 to 9; English where Babel does not know the language."""
    try:
        locale = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        locale = Locale.parse(DEFAULT_LANGUAGE)
    pattern = DATE_PATTERNS.get(language) or DATE_PATTERNS.get(base_of(language), "full")
    if locale.language == "fr" and day.day == 1:
        pattern = _FRENCH_FIRST
    return format_date(day, pattern, locale=locale)
