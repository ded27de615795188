"""Seasons, months and weekdays of a text that its source does not name, beside others that it does.

For languages that write them small, where no capital marks them as names; pure.
"""

import re
from functools import lru_cache

from newsletter.checks.days.day_names import day_names
from newsletter.checks.wording import folded

# words of one season in one group; the French summer is a participle without its article
_SEASONS = {
    "de": ("frühling|frühjahr", "sommer", "herbst", "winter"),
    "fr": ("printemps", "(?:l'|en |cet |d')été", "automne", "hiver"),
    "es": ("primavera", "verano", "otoño", "invierno"),
    "it": ("primavera", "estate", "autunno", "inverno"),
    "cy": ("gwanwyn", "haf", "hydref", "gaeaf"),
    "ar": ("(?:ال)?ربيع", "(?:ال)?صيف", "(?:ال)?خريف", "(?:ال)?شتاء"),
}
# The months of the Levant and of the Maghreb, which CLDR has for countries alone.
_ARABIC_MONTHS = (
    *("كانون الثاني|جانفي", "شباط|فيفري", "آذار", "نيسان|أفريل", "أيار", "حزيران|جوان"),
    *("تموز|جويلية", "آب|أوت", "أيلول", "تشرين الأول", "تشرين الثاني", "كانون الأول"),
)


def other_times(text: str, source: str, language: str) -> tuple[str, ...]:
    """Return the times of a text that the source does not have, where it has one of their kind."""
    here, there = folded(text), folded(source)
    other: list[str] = []
    for kind in _kinds(language):
        known = {index for index, pattern in enumerate(kind) if pattern.search(there)}
        if known:
            hits = (pattern.search(here) for i, pattern in enumerate(kind) if i not in known)
            other += [hit[0].strip() for hit in hits if hit]
    return tuple(other)


@lru_cache(maxsize=8)
def _kinds(language: str) -> tuple[tuple[re.Pattern[str], ...], ...]:
    if language not in _SEASONS:
        return ()
    names = day_names(language)
    months: dict[int, list[str]] = {}
    for name, number in names.months.items():
        if len(name) > 3 or language in {"de", "fr"}:  # noqa: PLR2004 (no abbreviation)
            months.setdefault(number, []).append(re.escape(folded(name)))
    if language == "ar":
        for number, name in enumerate(_ARABIC_MONTHS, 1):
            months.setdefault(number, []).append(folded(name))
    kinds = (_SEASONS[language], ["|".join(months[number]) for number in sorted(months)])
    return tuple(tuple(re.compile(rf"(?<!\w)(?:{one})(?!\w)") for one in kind) for kind in kinds)
