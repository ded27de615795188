"""The template's standing words by language, English where a language has none yet; dates."""

from collections.abc import Mapping
from datetime import date

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
DEFAULT_LANGUAGE = "en"

# {title}, {publication} and {address} stand for the newsletter's words and the reader's address.
WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "view_online": "View this email in your browser",
        "read_more": "Read the full story",
        "breaking": "Breaking news",
        "contents": "In this issue",
        "to_contents": "Back to contents",
        "appeal": "Charity appeal",
        "registered_charity": "Registered charity {number}",
        "editor": "A message from the editor",
        "why": "You get this because you signed up for {title} from {publication} with the address"
        " {address}.",
        "why_own": "You get this because you signed up for {title} with the address {address}.",
        "unsubscribe": "Unsubscribe",
        "preferences": "Email preferences",
        "online_short": "View online",
        "not_verified": "Not verified: {reason}",
        "closed": "Closed: {reason}",
        "left_out": "Left out: {reason}",
        "image": "Picture: {alt}",
    },
}

# Where Babel's full date is not what a newspaper of the place prints.
DATE_PATTERNS: Mapping[str, str] = {"en-GB": "EEEE d MMMM y", "en-IE": "EEEE d MMMM y"}


def words_for(language: str) -> Mapping[str, str]:
    """Give the standing words for a BCP 47 tag: its own, its base language's, else English."""
    base = language.split("-", 1)[0].lower()
    return {
        **WORDS[DEFAULT_LANGUAGE],
        **WORDS.get(base, {}),
        **(WORDS.get(language, {}) if language != base else {}),
    }


def direction_of(language: str) -> str:
    """Give ltr or rtl, as the dir attribute wants it."""
    return "rtl" if language.split("-", 1)[0].lower() in RIGHT_TO_LEFT else "ltr"


def long_date(day: date, language: str) -> str:
    """Write a date with its weekday as the language does; English where Babel has no such one."""
    try:
        locale = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        locale = Locale.parse(DEFAULT_LANGUAGE)
    return format_date(day, DATE_PATTERNS.get(language, "full"), locale=locale)
