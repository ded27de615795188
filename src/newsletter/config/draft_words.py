"""The words of ours that `draft` writes into an issue file, by the newsletter's language.

What is counted or put in may have any number and gender, so no word around it bends. A language
that has none here gets the English ones and no greeting: an English one would greet nobody.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from newsletter.config.languages import base_of


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftWords:
    """Headings, patterns, and a greeting: what is before the name, in its place, and after it.

    Patterns take {author}, {minutes} and {credit}; greeting is None where there is none.
    """

    top_story: str
    more_stories: str
    author: str
    minutes: str
    picture: str
    greeting: tuple[str, str, str] | None


_WORDS: Mapping[str, DraftWords] = {
    "en": DraftWords(
        top_story="Top story",
        more_stories="More stories",
        author="By {author}",
        minutes="{minutes} min read",
        picture="Picture: {credit}",
        greeting=("Good morning, ", "reader", "."),
    ),
    "fr": DraftWords(
        top_story="À la une",
        more_stories="À lire aussi",
        author="Par {author}",
        minutes="Lecture\N{NO-BREAK SPACE}: {minutes}\N{NO-BREAK SPACE}min",
        picture="Photo\N{NO-BREAK SPACE}: {credit}",
        greeting=("Bonjour ", "et bienvenue", "."),
    ),
    "de": DraftWords(
        top_story="Thema des Tages",
        more_stories="Weitere Meldungen",
        author="Von {author}",
        minutes="{minutes}\N{NO-BREAK SPACE}Min. Lesezeit",
        picture="Bild: {credit}",
        greeting=("Guten Morgen, ", "liebe Leserinnen und Leser", "."),
    ),
    "es": DraftWords(
        top_story="En portada",
        more_stories="Más noticias",
        author="Por {author}",
        minutes="{minutes}\N{NO-BREAK SPACE}min de lectura",
        picture="Imagen: {credit}",
        greeting=("Buenos días, ", "y gracias por leernos", "."),
    ),
    "cy": DraftWords(
        top_story="Y brif stori",
        more_stories="Rhagor o straeon",
        author="Gan {author}",
        minutes="{minutes} munud o ddarllen",
        picture="Llun: {credit}",
        greeting=("Bore da, ", "ddarllenydd", "."),
    ),
    "ar": DraftWords(
        top_story="الخبر الرئيسي",
        more_stories="المزيد من الأخبار",
        author="بقلم: {author}",
        minutes="وقت القراءة بالدقائق: {minutes}",
        picture="الصورة: {credit}",
        greeting=("صباح الخير، ", "قرّاءنا الكرام", "."),
    ),
}


def draft_words(language: str) -> DraftWords:
    """Return the words for a BCP 47 tag."""
    return _WORDS.get(base_of(language)) or replace(_WORDS["en"], greeting=None)
