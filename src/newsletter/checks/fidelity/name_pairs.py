"""Full names that the source has otherwise or not at all, where all nouns have capitals; pure."""

import re

LEAST_NAME = 6  # letters, of names that a slip may make another
_CAPITAL = re.compile(r"\b[A-ZÄÖÜ][a-zäöüß]{3,}\b")
_UMLAUTS = str.maketrans("äöüÄÖÜ", "aouAOU")
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

# First names that are borne often and are no other words; "Mark" and "Ernst" are.
_GIVEN = frozenset(
    name
    for line in (
        "Achim Alexander Alexandra Alfred Ali Alina Andrea Andreas Anette Angelika Anika Anja",
        "Anke Anna Anne Annette Anton Antonia Armin Axel Barbara Bastian Beate Ben Benedikt",
        "Benjamin Bernd Bernhard Bettina Bianca Birgit Björn Boris Brigitte Britta Bruno",
        "Carina Carla Carolin Carsten Cem Charlotte Christa Christian Christiane Christina",
        "Christine Christoph Claudia Claus Clemens Cornelia Daniel Daniela David Dennis",
        "Detlef Dieter Dirk Dominik Doris Eberhard Eckhard Edith Elena Elias Elisabeth Elke",
        "Emil Emma Erich Erik Erika Eva Fabian Fatma Felix Florian Frank Franz Franziska",
        "Frieda Friederike Friedrich Fritz Gabriele Georg Gerd Gerhard Gerda Gisela Gregor",
        "Gudrun Günter Günther Hanna Hannah Hannelore Hannes Hans Harald Hartmut Heike Heiko",
        "Heinrich Heinz Helga Helmut Hendrik Henrike Herbert Hermann Holger Horst Hubert",
        "Ibrahim Inge Ingo Ingrid Irene Iris Isabel Jakob Jan Jana Janina Jens Joachim Jochen",
        "Johanna Johannes Jonas Josef Judith Julia Julian Jürgen Jutta Kai Karen Karin Karina",
        "Karl Karsten Katharina Kathrin Katja Katrin Kerstin Kevin Klara Klaus Konrad",
        "Kristina Kurt Lars Laura Lea Lena Leon Leonie Lisa Lothar Lukas Manfred Manuel",
        "Manuela Marc Marcel Marco Marcus Maren Maria Marianne Marie Mario Marion Markus",
        "Marlene Martin Martina Marvin Mathias Matthias Max Maximilian Mehmet Melanie Michael",
        "Michaela Miriam Monika Moritz Mustafa Nadine Nadja Nicole Niklas Nils Nina Norbert",
        "Olaf Oliver Oskar Otto Patricia Patrick Paul Paula Petra Philipp Rainer Ralf Ralph",
        "Ramona Regina Reiner Reinhard Renate Richard Robert Roland Rolf Roman Rudolf Rüdiger",
        "Sabine Sabrina Sandra Sarah Sascha Sebastian Sigrid Silke Silvia Simon Simone Sonja",
        "Sophie Stefan Stefanie Steffen Stephan Susanne Svenja Sven Tanja Tatjana Theresa",
        "Thomas Thorsten Tim Tobias Torsten Udo Ulrich Ulrike Ursula Uta Ute Uwe Valentin",
        "Vanessa Vera Verena Viktor Viktoria Volker Walter Werner Wilfried Wilhelm Winfried",
        "Wolfgang Yvonne",
    )
    for name in line.split()
)
_CAPITALS = r"[A-ZÄÖÜ][\wäöüß-]{1,30}"
_SAYER = re.compile(
    r"\b(?:sagte?|erklärte?|betonte?|meinte?|kritisierte?|forderte?|so)"
    rf" ({_CAPITALS}(?: {_CAPITALS}){{1,3}})"
)


def absent_persons(text: str, source: str) -> tuple[str, ...]:
    """Return names that the source lacks, known by a first name or a verb of saying before them."""
    absent: dict[str, None] = {}
    for first, last in _PAIR.findall(text):
        is_there = _is_in(last, source) and (_is_in(first, source) or not _has_given(last, source))
        if first in _GIVEN and not is_there:
            absent[f"{first} {last}"] = None
    for hit in _SAYER.finditer(text):
        first, last = hit[1].split()[-2:]
        if not _is_in(last, source) and not _is_in(first, source):
            absent[f"{first} {last}"] = None
    return tuple(absent)


def _is_in(word: str, source: str) -> bool:
    return word in source or word.removesuffix("s") in source


def _has_given(last: str, source: str) -> bool:
    """Return whether the source puts a first name before this one."""
    before = re.findall(rf"([\wäöüß-]+) {re.escape(last.removesuffix('s'))}", source)
    return any(one in _GIVEN for one in before)


def other_surnames(text: str, source: str) -> tuple[str, ...]:
    """Return "Carola Wendel" where the source has only "Carola Wendt"."""
    absent: dict[str, None] = {}
    for first, last in _PAIR.findall(text):
        stem = last.removesuffix("s")
        if first.casefold() in _SMALL or stem in source:
            continue
        behind = re.findall(rf"\b{first} ([\wÄÖÜäöüß-]+)", source)
        if behind and all(one[:1].isupper() for one in behind) and first.lower() not in source:
            absent[f"{first} {last}"] = None
    return tuple(absent)


def misspelt_names(text: str, source: str) -> tuple[str, ...]:
    """Give words with a capital that are a letter away from one of the source's: Rodenau, Rotenau.

    The other letter is neither among the first nor the last two, which endings change, and no vowel
    became its umlaut; the source lacks the one word, and the text the other.
    """
    there, here = set(_CAPITAL.findall(source)), set(_CAPITAL.findall(text))
    plain = {word.casefold() for word in re.findall(r"\w+", source)}
    near = {word for word in there - here if len(word) >= LEAST_NAME}
    return tuple(
        word
        for word in dict.fromkeys(_CAPITAL.findall(text))
        if len(word) >= LEAST_NAME
        and word.casefold() not in plain
        and any(_is_slip(word, other) for other in near)
    )


def _is_slip(one: str, other: str) -> bool:
    if one[0] != other[0] or one[-2:] != other[-2:] or abs(len(one) - len(other)) > 1:
        return False
    if one.translate(_UMLAUTS).casefold() == other.translate(_UMLAUTS).casefold():
        return False
    if len(one) == len(other):
        differ = [
            at for at, letters in enumerate(zip(one, other, strict=True)) if len({*letters}) > 1
        ]
        swapped = len(differ) == 2 and differ[1] - differ[0] == 1  # noqa: PLR2004
        is_swap = (
            swapped and one[differ[0]] == other[differ[1]] and one[differ[1]] == other[differ[0]]
        )
        return len(differ) == 1 or is_swap
    longer, shorter = sorted((one, other), key=len, reverse=True)
    return any(longer[:at] + longer[at + 1 :] == shorter for at in range(1, len(longer) - 2))
