"""What was changed in a sentence that was taken from the source; pure, for English.

A summary is mostly the source's own sentences, tightened. Each of its sentences is laid beside the
one of the source that it shares most words with, word by word; where the words around a gap are
the same, what fills the gap is compared: another noun ("owner", where the source has "manager"),
another figure, day or name of the source, two names that changed places, a "not" too many or too
few. Words left out change nothing here, and neither do words that editors exchange freely.
"""

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice

from newsletter.checks.fidelity.synonyms import are_alike, are_rivals
from newsletter.checks.figures import number_word
from newsletter.checks.headline_words import stem_of
from newsletter.checks.wording import folded
from newsletter.model.sentences import split_sentences

FEWEST_SHARED = 3  # words with a sense of their own that make a sentence the other's copy
FEWEST_LOOSE = 4  # where the sentences are not compared word by word
COPIED = 0.5  # of a sentence's own such words
LONGEST_GAP = 3  # words; where more are exchanged, the sentence was written anew
MOST_BETWEEN = 4  # words between two names that may have changed places
FEWEST_AROUND = 3  # words beside a gap that stand in both
MOST_ELSEWHERE = 1  # words that a figure's own sentence shares, where it was taken out of it
FEWEST_BESIDE_NOT = 2  # words, beside the verb, that two sentences share which say yes and no


def _set_of(words: str) -> frozenset[str]:
    return frozenset(words.split())


_WORD = re.compile(r"[£$€]?\d(?:[\d.,]*\d)?%?(?:[a-z]{1,3}\b)?|[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_FORMS = (
    (re.compile(r"\bcan(?:'|\u2019)?t\b|\bcannot\b", re.IGNORECASE), "can not"),
    (re.compile(r"\bwon['\u2019]t\b", re.IGNORECASE), "will not"),
    (re.compile(r"\bshan['\u2019]t\b", re.IGNORECASE), "shall not"),
    (re.compile(r"n['\u2019]t\b", re.IGNORECASE), " not"),
)
_SMALL = _set_of(
    "a about according also although am an and any are as at be because been being but by can"
    " could did do does each either for from had has have having he her here hers him his how i if"
    " in into is it its itself just may me might more most must my near next of off on one only"
    " or other our out own per quite rather s shall she should since so some such than that the"
    " their them then there these they this those though through to too up us very was we were"
    " what when where whether which while who whom whose will with within would yet you your"
    " said says say told added adds told mr mrs ms miss dr sir dame new"
)
_NOT = _set_of("not never no neither nor none without unless nobody nothing hardly barely")
# Verbs and words that say no without a "not": a text may put either for the other.
_REFUSING = re.compile(
    r"\b(?:refus|reject|den(?:y|i)|fail|declin|unable|unlikely|impossib|oppos|rul\w+ out|against"
    r"|lack|miss|avoid|delay|postpon|prevent|stop|ban|cancel|drop|abandon|scrap|block|instead|rather"
    r"|few\b|little\b|less\b|only\b|yet to|far from|out of|short of|ceas)\w*"
)
_YEAR = re.compile("(?:19|20)[0-9]{2}")
_SURE = frozenset({"will"})
_OPEN = _set_of("could may might hope hopes hoping considering if unless consider wants")
_SEASONS = _set_of("spring summer autumn winter season year end start beginning middle")
_DAYS = _set_of("monday tuesday wednesday thursday friday saturday sunday")
_MONTHS = _set_of(
    "january february march april may june july august september october november december"
)


@dataclass(frozen=True, slots=True)
class _Token:
    word: str  # folded
    stem: str
    shown: str
    kind: str  # "figure", "day", "month", "name", "" of others
    tells: bool  # has a sense of its own


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    tokens: tuple[_Token, ...]
    stems: frozenset[str]

    around: frozenset[str]  # its own stems, and those of the sentence before it

    @property
    def denials(self) -> int:
        """How often it says "not", "never", "nobody"."""
        return sum(token.word in _NOT for token in self.tokens)

    @property
    def keys(self) -> list[str]:
        return [token.stem for token in self.tokens]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A change of sense: what the text has, what the source has in its place, and its sentence.

    there is "" where the source has nothing like it.
    """

    told: str
    there: str
    source: str

    def message(self, whose: str) -> str:
        """Say it in a few words; whose is what the text was compared with: "the source"."""
        if not self.there:
            return f"“{self.told}”, which {whose} does not say"
        return f"“{self.told}”, where {whose} has “{self.there}”"


def edits(text: str, source: str) -> Iterator[Edit]:
    """Give the first change of sense in each of a text's sentences."""
    sentences = _sentences(source)
    known = frozenset().union(*(one.stems for one in sentences))
    for sentence in _sentences(text):
        near = _nearest(sentence, sentences)
        copied = (
            (_exchanged(sentence, near, known), _misplaced(sentence, near, sentences))
            if (near is not None)
            else ()
        )
        found = chain(
            _turned(sentence, sentences),
            *copied,
            _between(sentence, sentences),
            _swapped(sentence, sentences),
            _opposed(sentence, sentences),
            _other_dates(sentence, sentences),
            _assured(sentence, sentences),
        )
        yield from islice(found, 1)


def _nearest(sentence: _Sentence, sentences: Sequence[_Sentence]) -> _Sentence | None:
    """Give the source's sentence that this one was made from, None where it was written anew."""
    best = max(sentences, key=lambda one: len(one.stems & sentence.stems), default=None)
    if best is None:
        return None
    shared = len(best.stems & sentence.stems)
    is_copy = shared >= min(FEWEST_SHARED, len(sentence.stems) - 1) and (
        shared >= COPIED * len(sentence.stems)
    )
    return best if is_copy else None


def _exchanged(here: _Sentence, there: _Sentence, known: frozenset[str]) -> Iterator[Edit]:
    matcher = difflib.SequenceMatcher(a=there.keys, b=here.keys, autojunk=False)
    operations = matcher.get_opcodes()
    for place, (kind, start, end, first, until) in enumerate(operations):
        if kind != "replace" or max(end - start, until - first) > LONGEST_GAP:
            continue
        before = operations[place - 1] if place else None
        behind = operations[place + 1] if place + 1 < len(operations) else None
        around = [one for one in (before, behind) if one is not None and one[0] == "equal"]
        words = sum(one[2] - one[1] for one in around)
        is_held = len(around) == 2 or before is None or behind is None  # noqa: PLR2004
        if not is_held or words < FEWEST_AROUND:
            continue
        edit = _edit(here.tokens[first:until], there.tokens[start:end], here, known)
        if edit is not None:
            yield Edit(told=edit[0], there=edit[1], source=there.text)


def _opposed(here: _Sentence, sentences: Sequence[_Sentence]) -> Iterator[Edit]:
    """Give a word that the sentence this one was made from lacks, and whose rival it has."""
    if _says_no(here):
        return
    for one in here.tokens:
        if one.kind or not one.tells:
            continue
        backed = max(
            (len(each.stems & here.stems) for each in _with(one.stem, sentences)), default=0
        )
        for there in sentences:
            shared = len(there.stems & here.stems)
            if shared < FEWEST_LOOSE or shared < backed or one.stem in there.stems:
                continue
            for other in there.tokens:
                is_left_out = other.tells and other.stem not in here.stems
                is_rival = is_left_out and are_rivals(one.word, other.word, in_place=False)
                if is_rival and not _says_no(there):
                    yield Edit(told=one.shown, there=other.shown, source=there.text)
                    return


def _misplaced(here: _Sentence, there: _Sentence, sentences: Sequence[_Sentence]) -> Iterator[Edit]:
    """Give a figure or date with which the source tells of something else."""
    for one in here.tokens:
        if one.kind not in {"figure", "day", "month"} or one.stem in there.stems:
            continue
        others = [
            other
            for other in there.tokens
            if other.stem not in here.stems and _measure(other) == (_measure(one) or None)
        ]
        around = [
            len((each.stems & here.stems) - {one.stem}) for each in _with(one.stem, sentences)
        ]
        if others and around and max(around) <= MOST_ELSEWHERE:
            yield Edit(told=one.shown, there=others[0].shown, source=there.text)
            return


def _measure(token: _Token) -> str:
    """Give what a figure is of, so that a year is not held against a price."""
    if token.kind != "figure":
        return token.kind
    if _YEAR.fullmatch(token.word):
        return "year"
    if len(token.word) == 1:
        return ""  # one, two and five count anything
    return re.sub(r"[\d.,]+", "#", token.word)


def _between(here: _Sentence, sentences: Sequence[_Sentence]) -> Iterator[Edit]:
    """Give a word between two that stand as near to each other in the source: "two _ ferries"."""
    for before, one, behind in _threes(here):
        if one.kind:
            continue
        for sentence in sentences:
            if not {before.stem, behind.stem} <= sentence.stems:
                continue
            for other_before, other, other_behind in _threes(sentence):
                if (before.stem, behind.stem) == (
                    other_before.stem,
                    other_behind.stem,
                ) and are_rivals(one.word, other.word, in_place=True):
                    yield Edit(told=one.shown, there=other.shown, source=sentence.text)
                    return


def _swapped(here: _Sentence, sentences: Sequence[_Sentence]) -> Iterator[Edit]:
    """Give two names with a verb between them that stand the other way round in the source."""
    for (first, middle, second), shown in _pairs(here):
        there = {
            key: (other, one.text)
            for one in sentences
            if {first, second} <= one.stems
            for key, other in _pairs(one)
        }
        turned = there.get((second, middle, first))
        if turned is not None and (first, middle, second) not in there:
            yield Edit(told=shown, there=turned[0], source=turned[1])
            return


def _pairs(sentence: _Sentence) -> Iterator[tuple[tuple[str, str, str], str]]:
    tokens = sentence.tokens
    names = [at for at, one in enumerate(tokens) if one.tells and one.shown[0].isupper()]
    for first in names:
        for second in names:
            middle = tokens[first + 1 : second]
            if 0 < len(middle) <= MOST_BETWEEN and any(one.tells for one in middle):
                words = " ".join(one.stem for one in middle)
                shown = _shown(tokens[first : second + 1])
                yield (tokens[first].stem, words, tokens[second].stem), shown


def _assured(here: _Sentence, sentences: Sequence[_Sentence]) -> Iterator[Edit]:
    """Give what "will" happen here, and in the source only may: "could begin", "hopes to buy"."""
    for stem, shown in _behind(here, _SURE):
        alike = [one for one in _with(stem, sentences) if _shares(here, one, stem)]
        open_ones = [one for one in alike if stem in dict(_behind(one, _OPEN))]
        if open_ones and len(open_ones) == len(alike):
            there = dict(_behind(open_ones[0], _OPEN))[stem]
            yield Edit(told=shown, there=there, source=open_ones[0].text)
            return


def _behind(sentence: _Sentence, words: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Give the word with a sense of its own behind each of these, as stem and as written."""
    tokens = sentence.tokens
    for place, token in enumerate(tokens):
        if token.word in words:
            for end in range(place + 1, min(place + MOST_BETWEEN, len(tokens))):
                if tokens[end].tells and tokens[end].word not in words:
                    yield tokens[end].stem, _shown(tokens[place : end + 1])
                    break


def _other_dates(here: _Sentence, sentences: Sequence[_Sentence]) -> Iterator[Edit]:
    """Give "summer of 2028", where the source has another year beside each of its summers."""
    there: dict[str, dict[str, tuple[str, str]]] = {}
    for one in sentences:
        for season, year, shown in _dates(one):
            there.setdefault(season, {})[year] = (shown, one.text)
    for season, year, shown in _dates(here):
        if season in there and year not in there[season]:
            other, told = next(iter(there[season].values()))
            yield Edit(told=shown, there=other, source=told)
            return


def _dates(sentence: _Sentence) -> Iterator[tuple[str, str, str]]:
    tokens = sentence.tokens
    for place, one in enumerate(tokens):
        season = tokens[place - 1 - (tokens[place - 1].word == "of")] if place else one
        if _YEAR.fullmatch(one.word) and (season.kind == "month" or season.word in _SEASONS):
            yield season.stem, one.word, f"{season.shown} {one.shown}"


def _threes(sentence: _Sentence) -> Iterator[tuple[_Token, _Token, _Token]]:
    tokens = sentence.tokens
    for three in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if all(token.tells for token in three):
            yield three


def _edit(
    new: Sequence[_Token], old: Sequence[_Token], here: _Sentence, known: frozenset[str]
) -> tuple[str, str] | None:
    gone = [one for one in old if one.stem not in here.stems]
    for one in new:
        if any(are_alike(one.word, other.word) for other in gone):
            continue
        # what the source has nowhere is told by those who look for figures and names
        is_moved = bool(one.kind) and one.stem in known
        if (is_moved and any(one.kind == other.kind for other in gone)) or any(
            are_rivals(one.word, other.word, in_place=True) for other in gone
        ):
            return _shown(new), _shown(old)
    return None


def _shown(tokens: Sequence[_Token]) -> str:
    return " ".join(token.shown for token in tokens)


def _turned(here: _Sentence, sentences: Sequence[_Sentence]) -> Iterator[Edit]:
    """Give a "not" beside a verb that the source has without one, and the other way round."""
    denied = dict(_denied(here))
    says_no = bool(_REFUSING.search(folded(here.text)))
    for stem, shown in denied.items():
        alike = [one for one in _with(stem, sentences) if _shares(here, one, stem)]
        if alike and not any(_says_no(one) for one in alike):
            yield Edit(told=f"not {shown}", there=_shown_of(alike[0], stem), source=alike[0].text)
            return
        near = None if alike else _nearest(here, sentences)
        if near is not None and not _says_no(near):
            yield Edit(told=f"not {shown}", there="", source=near.text)
            return
    if says_no:
        return
    for token in here.tokens:
        if not token.tells or token.kind or token.stem in denied:
            continue
        alike = [one for one in _with(token.stem, sentences) if _shares(here, one, token.stem)]
        if alike and all(
            token.stem in dict(_denied(one)) and one.denials > here.denials for one in alike
        ):
            one = alike[0]
            yield Edit(told=token.shown, there=f"not {_shown_of(one, token.stem)}", source=one.text)
            return


def _with(stem: str, sentences: Sequence[_Sentence]) -> Iterator[_Sentence]:
    return (one for one in sentences if stem in one.stems)


def _shares(here: _Sentence, there: _Sentence, stem: str) -> bool:
    return len((here.stems & there.around) - {stem}) >= FEWEST_BESIDE_NOT


def _says_no(sentence: _Sentence) -> bool:
    return sentence.denials > 0 or bool(_REFUSING.search(folded(sentence.text)))


def _shown_of(sentence: _Sentence, stem: str) -> str:
    return next(token.shown for token in sentence.tokens if token.stem == stem)


def _denied(sentence: _Sentence) -> Iterator[tuple[str, str]]:
    """Give the word with a sense of its own behind each "not", as stem and as written."""
    for place, token in enumerate(sentence.tokens):
        if token.word in {"not", "never"}:
            behind = next(
                (one for one in sentence.tokens[place + 1 : place + 4] if one.tells), None
            )
            if behind is not None:
                yield behind.stem, behind.shown


@lru_cache(maxsize=128)  # a source is laid beside its headline and each paragraph of its summary
def _sentences(text: str) -> tuple[_Sentence, ...]:
    found: list[_Sentence] = []
    for line in text.split("\n"):
        before: frozenset[str] = frozenset()
        for start, end in split_sentences(line):
            tokens = tuple(_tokens(line[start:end]))
            stems = frozenset(token.stem for token in tokens if token.tells)
            if stems:
                found.append(_Sentence(line[start:end], tokens, stems, stems | before))
            before = stems
    return tuple(found)


def _tokens(sentence: str) -> Iterator[_Token]:
    for pattern, form in _FORMS:
        sentence = pattern.sub(form, sentence)
    before = ""
    for hit in _WORD.finditer(sentence):
        shown = hit[0]
        word = folded(shown).removesuffix("'s").removesuffix("'")
        number = number_word(word)
        kind = ""
        if word[0].isdigit() or word[0] in "£$€" or number is not None:
            kind = "figure"
            word = word.replace(",", "") if number is None else number
        elif word in _DAYS:
            kind = "day"
        elif word in _MONTHS and shown[0].isupper():
            kind = "month"
        elif shown[0].isupper() and before:
            kind = "name"
        tells = (word not in _SMALL and word not in _NOT and len(word) > 1) or kind == "figure"
        yield _Token(word, word if kind == "figure" else stem_of(word, "en"), shown, kind, tells)
        before = word
