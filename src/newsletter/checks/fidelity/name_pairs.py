"""Full names whose second part the source has otherwise, where all nouns have capitals; pure."""

import re

_PAIR = re.compile(r"\b([A-ZÄÖÜ][a-zäöüß]{2,20})(?= ([A-ZÄÖÜ][a-zäöüß-]{2,24})\b)")
_WORDS = (
    "der die das den dem des ein eine einen einem einer eines im am vom zum zur beim ins ans und "
    "oder aber mit von vor nach bei aus auf für gegen ohne durch über unter zwischen seit bis "
    "nicht kein keine alle viele einige mehrere beide rund etwa mehr weniger sein seine ihr ihre "
    "unser unsere dieser diese dieses jeder jede jedes welche manche neue neuer neues alte alter "
    "große kleiner erste ersten zweite letzte nächste auch noch nur schon sehr wenn weil dass als "
    "wie was wer wo heute gestern morgen laut trotz wegen während hinter neben statt"
)
_SMALL = frozenset(_WORDS.split())


def other_surnames(text: str, source: str) -> tuple[str, ...]:
    """Give "Carola Wendel" where the source has only "Carola Wendt"."""
    absent: dict[str, None] = {}
    for first, last in _PAIR.findall(text):
        stem = last.removesuffix("s")
        if first.casefold() in _SMALL or stem in source:
            continue
        behind = re.findall(rf"\b{first} ([\wÄÖÜäöüß-]+)", source)
        if behind and all(one[:1].isupper() for one in behind) and first.lower() not in source:
            absent[f"{first} {last}"] = None
    return tuple(absent)
