"""What a language tag says about writing, and the words that a draft has in that language."""

from collections.abc import Mapping
from dataclasses import dataclass

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
    """Headings of a draft, and patterns that take {author}, {minutes} and {credit}."""

    top_story: str
    more_stories: str
    author: str
    minutes: str
    picture: str


_WORDS: Mapping[str, DraftWords] = {
    "en": DraftWords(
        top_story="Top story",
        more_stories="More stories",
        author="By {author}",
        minutes="{minutes} min read",
        picture="Picture: {credit}",
    ),
    "fr": DraftWords(
        top_story="À la une",
        more_stories="À lire aussi",
        author="Par {author}",
        minutes="Lecture\N{NO-BREAK SPACE}: {minutes}\N{NO-BREAK SPACE}min",
        picture="Photo\N{NO-BREAK SPACE}: {credit}",
    ),
    "de": DraftWords(
        top_story="Thema des Tages",
        more_stories="Weitere Meldungen",
        author="Von {author}",
        minutes="{minutes}\N{NO-BREAK SPACE}Min. Lesezeit",
        picture="Bild: {credit}",
    ),
    "es": DraftWords(
        top_story="En portada",
        more_stories="Más noticias",
        author="Por {author}",
        minutes="{minutes}\N{NO-BREAK SPACE}min de lectura",
        picture="Imagen: {credit}",
    ),
    "cy": DraftWords(
        top_story="Y brif stori",
        more_stories="Rhagor o straeon",
        author="Gan {author}",
        minutes="{minutes} munud o ddarllen",
        picture="Llun: {credit}",
    ),
    "ar": DraftWords(
        top_story="الخبر الرئيسي",
        more_stories="المزيد من الأخبار",
        author="بقلم: {author}",
        minutes="وقت القراءة بالدقائق: {minutes}",
        picture="الصورة: {credit}",
    ),
}


def draft_words(language: str) -> DraftWords:
    """Return the words for a BCP 47 tag."""
    return _WORDS.get(base_of(language), _WORDS["en"])
