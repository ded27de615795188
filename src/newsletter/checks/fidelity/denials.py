"""The part of `edits` that finds a "not" too many or too few, and "will" for "may"; pure."""

import re
from collections.abc import Iterator

from newsletter.checks.fidelity.sentences import Edit, Sentence, Source, nearest_to, words_of
from newsletter.checks.fidelity.synonyms import are_rivals
from newsletter.checks.wording import folded

FEWEST_BESIDE_NOT = 2  # words, beside the verb, that two sentences share which say yes and no
DENIED = "not "  # what a text or its source has before a word that the other has without it
FEWEST_ALIKE = 2  # words that a sentence shares with the one that its "not" is held against
ROOT = 4  # letters by which two forms of a verb are known: "like", "liked"
NEXT = 5  # words behind a "not" to which it may belong
MOST_BEHIND = 4  # words from a verb like "will" to the one that it belongs to
# Verbs and words that say no without a "not": a text may put either for the other.
_REFUSING = re.compile(
    r"\b(?:refus|reject|den(?:y|i)|fail|declin|unable|unlikely|impossib|oppos|rul\w+ out|against"
    r"|lack|miss|avoid|delay|postpon|prevent|stop|ban|cancel|drop|abandon|scrap|block|instead|rather"
    r"|few\b|little\b|less\b|only\b|yet to|far from|out of|short of|ceas|put off\b|put back\b)\w*"
)
_SURE = frozenset({"will"})
_OPEN = frozenset(
    ("could", "may", "might", "hope", "hopes", "hoping", "considering", "consider", "wants")
) | {"if", "unless"}
_CONDITIONS = frozenset(("before", "if", "once", "only", "unless", "until"))
_NOT_BEFORE = re.compile(r"(?:\bnot|n['\u2019]t)\b(?: \w+){1,4} before\b")
_UNTIL = re.compile(r"\b(?:until|takes?)\b")
_TOO = re.compile(r"\btoo \w+ to\b")
# "The cause is not known" of what "is being investigated".
_KNOWN = frozenset(("know", "clea", "esta", "said", "give"))
_UNKNOWN = re.compile(
    r"\b(?:too early|unclear|unknown|yet to|investigat\w+|inquir\w+|look\w* into)\b"
)
# What is asked for or meant to be is not told as so: "do not scratch", "so that it is not".
_WISHED = re.compile(
    r"^\W*(?:please,? )?(?:do not|don['\u2019]t|never)\b"
    r"|\bso (?:that|as)\b.*(?:\bnot|n['\u2019]t)\b",
    re.IGNORECASE,
)
_SPARED = re.compile(r"\b(?:sav(?:e|ed|es|ing)|spared?|reprieved?|surviv\w+)\b")
# Between such a verb and the one it belongs to: "may still climb".
_ADVERBS = frozenset(("already", "always", "even", "ever", "need", "often", "soon", "still"))


def turned(here: Sentence, source: Source) -> Iterator[Edit]:
    """Return a "not" beside a verb that the source has without one, and the other way round."""
    denied = dict(_denied(here))
    refuses = bool(_REFUSING.search(folded(here.text)))
    for stem, shown in denied.items():
        if (
            _is_set_against(here, stem)
            or _is_until(here, stem, source)
            or any(
                stem in dict(_denied(one)) or _TOO.search(one.text)
                for one in source.with_stem(stem)
            )
        ):
            continue
        alike = [one for one in source.with_stem(stem) if _shares(here, one, stem)]
        if alike and not any(says_no(one) for one in alike):
            yield Edit(
                told=f"{DENIED}{shown}", there=_shown_of(alike[0], stem), source=alike[0].text
            )
            return
        near = None if alike else nearest_to(here, source)
        if near is not None and not says_no(near) and not _is_meant(here, stem, near, source):
            yield Edit(told=f"{DENIED}{shown}", there="", source=near.text)
            return
    if refuses:
        return
    for token in here.tokens:
        if not token.tells or token.kind or token.stem in denied or _has_no(here, token.stem):
            continue
        alike = [one for one in source.with_stem(token.stem) if _shares(here, one, token.stem)]
        if alike and all(
            token.stem in dict(_denied(one))
            and one.denials > here.denials
            and not _is_of_others(token.word, source)
            and not _is_on_condition(here, one)
            for one in alike
        ):
            one = alike[0]
            yield Edit(
                told=token.shown, there=f"{DENIED}{_shown_of(one, token.stem)}", source=one.text
            )
            return


def _is_until(here: Sentence, stem: str, source: Source) -> bool:
    """Return whether "will not clear before March" is said of what takes until then."""
    return _NOT_BEFORE.search(here.text) is not None and any(
        _UNTIL.search(one.text) for one in source.with_stem(stem)
    )


def _is_of_others(word: str, source: Source) -> bool:
    """Return whether somebody else, or of something else, was found so: `opposed` looks at who."""
    return word == "guilty" and any("convict" in folded(one.text) for one in source.sentences)


def _is_meant(here: Sentence, stem: str, near: Sentence, source: Source) -> bool:
    """Return whether a "not" of the text's own says what the source says without one.

    The sentences have hardly a word in common; the source denies one of the next words ("never
    learned to like it", where it says "he never liked it"); or it says the opposite: "not dead" is
    "lives", "not since 1951" is "last in 1951".
    """
    if len(here.stems & near.stems) < FEWEST_ALIKE or _SPARED.search(near.text):
        return True
    if _WISHED.search(here.text) or _REFUSING.match(stem):
        return True  # "has not missed one" says that somebody came
    if stem[:ROOT] in _KNOWN and any(_UNKNOWN.search(one.text) for one in source.sentences):
        return True
    place = next(index for index, token in enumerate(here.tokens) if token.stem == stem)
    behind = [one for one in here.tokens[place : place + NEXT] if one.tells]
    denied = {one[:ROOT] for each in source.sentences for one, _ in _denied(each)}
    if any(one.stem[:ROOT] in denied for one in behind):
        return True
    if any(are_rivals(behind[0].word, one.word, in_place=True) for one in near.tokens if one.tells):
        return True
    return any(one.word == "since" for one in here.tokens) and any(
        one.word in {"last", "first"} for one in near.tokens
    )


def _has_no(sentence: Sentence, stem: str) -> bool:
    """Return whether "no" stands before a word: "is no cure" denies as "is not a cure" does."""
    tokens = sentence.tokens
    return any(
        one.word == "no" and stem in {behind.stem for behind in tokens[place + 1 : place + 3]}
        for place, one in enumerate(tokens)
    )


def _is_set_against(here: Sentence, stem: str) -> bool:
    """Whether a figure or date is only set against another: "9,400, not February's 13,200"."""
    one = next(token for token in here.tokens if token.stem == stem)
    against = re.compile(rf", (?:and )?not (?:\w+ )?{re.escape(one.shown)}")
    return one.kind in {"figure", "day", "month"} and against.search(here.text) is not None


def assured(here: Sentence, source: Source) -> Iterator[Edit]:
    """Return what "will" happen here, and in the source only may: "could begin", "hopes to buy"."""
    if any(token.word in _OPEN for token in here.tokens):
        return
    for stem, shown in _behind(here, _SURE):
        alike = [one for one in source.with_stem(stem) if _shares(here, one, stem)]
        open_ones = [one for one in alike if stem in dict(_behind(one, _OPEN))]
        if open_ones and len(open_ones) == len(alike):
            there = dict(_behind(open_ones[0], _OPEN))[stem]
            yield Edit(told=shown, there=there, source=open_ones[0].text)
            return


def _is_on_condition(here: Sentence, there: Sentence) -> bool:
    """Whether both say on what condition: "ask before you take it", "do not take it unless"."""
    mine, theirs = ({token.word for token in one.tokens} for one in (here, there))
    return not mine.isdisjoint(_CONDITIONS) and not theirs.isdisjoint({"unless", "until"})


def _behind(sentence: Sentence, words: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Return the word with a sense of its own behind each of these, as stem and as written."""
    tokens = sentence.tokens
    for place, token in enumerate(tokens):
        if token.word in words:
            for end in range(place + 1, min(place + MOST_BEHIND, len(tokens))):
                if tokens[end].tells and tokens[end].word not in words | _ADVERBS:
                    yield tokens[end].stem, words_of(tokens[place : end + 1])
                    break


def _shares(here: Sentence, there: Sentence, stem: str) -> bool:
    return len((here.stems & there.around) - {stem}) >= FEWEST_BESIDE_NOT


def says_no(sentence: Sentence) -> bool:
    """Return whether a sentence denies, refuses or leaves something out in any way."""
    return sentence.denials > 0 or bool(_REFUSING.search(folded(sentence.text)))


def _shown_of(sentence: Sentence, stem: str) -> str:
    return next(token.shown for token in sentence.tokens if token.stem == stem)


def _denied(sentence: Sentence) -> Iterator[tuple[str, str]]:
    """Return the word with a sense of its own behind each "not", as stem and as written."""
    for place, token in enumerate(sentence.tokens):
        if token.word in {"not", "never"}:
            behind = next(
                (one for one in sentence.tokens[place + 1 : place + 4] if one.tells), None
            )
            if behind is not None:
                yield behind.stem, behind.shown
