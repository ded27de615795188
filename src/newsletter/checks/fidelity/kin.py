"""Relatives that a summary exchanged for others of its source, in French, German and Spanish; pure.

"Seine Frau" for "seine Schwester". Told only where the relation stands nowhere in the source, and
one that does is missing from the text; "parents", "child" and other words for several say no other.
"""

import re

from newsletter.checks.wording import folded

_KIN = {
    "de": (
        "frau ehefrau gattin gemahlin",
        "mann ehemann gatte gatten",
        "schwester schwestern",
        "bruder brüder bruders",
        "tochter töchter",
        "sohn sohnes söhne",
        "mutter mutti",
        "vater vaters",
        "tante",
        "onkel",
        "nichte",
        "neffe neffen",
        "oma großmutter",
        "opa großvater großvaters",
        "enkel enkels",
        "enkelin",
    ),
    "fr": (
        "femme épouse conjointe",
        "mari époux conjoint",
        "sœur soeur",
        "frère",
        "fille",
        "fils",
        "mère maman",
        "père papa",
        "tante",
        "oncle",
        "nièce",
        "neveu",
        "grand-mère mamie",
        "grand-père papi",
        "beau-père",
        "belle-mère",
    ),
    "es": (
        "esposa mujer",
        "esposo marido",
        "hermana",
        "hermano",
        "hija",
        "hijo",
        "madre mamá",
        "padre papá",
        "tía",
        "tío",
        "sobrina",
        "sobrino",
        "abuela",
        "abuelo",
    ),
}
_RELATION = {
    tongue: {word: rows[0] for line in lines if (rows := line.split()) for word in rows}
    for tongue, lines in _KIN.items()
}
# "seine 60 Jahre alte Frau", "son fils": whose they are is said.
_WHOSE = {
    "de": re.compile(
        r"\b(?:seine[mnrs]?|sein|ihre[mnrs]?|ihr|deren|dessen) (?:(?:\d+|jahre|jährige[nrs]?"
        r"|alte[nrs]?|jüngere[nrs]?|ältere[nrs]?|kleine[nrs]?)[ -]?){0,4}([\w-]+)"
    ),
    "fr": re.compile(r"\b(?:son|sa|leur|ses) (?:(?:jeune|petite?|grande?|propre) )?([\w-]+)"),
    "es": re.compile(r"\b(?:su) (?:(?:joven|propi[oa]) )?([\w-]+)"),
}
_WORD = re.compile(r"[\w-]+")


def other_relatives(text: str, source: str, language: str) -> tuple[str, ...]:
    """Return the relatives of a text that its source has otherwise, folded."""
    relation, whose = _RELATION.get(language), _WHOSE.get(language)
    if relation is None or whose is None:
        return ()
    told = [hit for hit in whose.findall(folded(text)) if hit in relation]
    if not told:
        return ()
    there = folded(source)
    known = {relation[word] for word in _WORD.findall(there) if word in relation}
    said = {relation[word] for word in _WORD.findall(folded(text)) if word in relation}
    others = {relation[hit] for hit in whose.findall(there) if hit in relation} - said
    return tuple(dict.fromkeys(one for one in told if others and relation[one] not in known))
