"""Sentences as `edits` compares them: words with stem and kind, and what they share; pure."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice
from operator import itemgetter

from newsletter.checks.calendar_names import MONTHS, WEEKDAYS
from newsletter.checks.figures import number_word
from newsletter.checks.headline_words import stem_of
from newsletter.checks.wording import folded
from newsletter.model.sentences import split_sentences

MOST_SENTENCES = 300
LONGEST_SENTENCE = 100  # words
MOST_BETWEEN = 4  # words between two names that may have changed places
FEWEST_SHARED = 3  # words with a sense of their own that make a sentence the other's copy
COPIED = 0.5  # of a sentence's own such words


def _set_of(words: str) -> frozenset[str]:
    return frozenset(words.split())


_WORD = re.compile(r"[£$€]?\d(?:[\d.,]*\d)?%?(?:[a-z]{1,3}\b)?|[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_FORMS = (
    (re.compile(r"\bcan(?:'|\u2019)?t\b|\bcannot\b", re.IGNORECASE), "can not"),
    (re.compile(r"\bwon['\u2019]t\b", re.IGNORECASE), "will not"),
    (re.compile(r"\bshan['\u2019]t\b", re.IGNORECASE), "shall not"),
    (re.compile(r"n['\u2019]t\b", re.IGNORECASE), " not"),
    # "whether he agrees or not, for a fee": it denies nothing behind it
    (re.compile(r"\bor not\b(?=[,;:.?!)]|$)", re.IGNORECASE), "or"),
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
YEAR = re.compile("(?:19|20)[0-9]{2}")
_SEASONS = _set_of("spring summer autumn winter season year end start beginning middle")


@dataclass(frozen=True, slots=True)
class Token:
    """A word or figure: folded, cut to its stem, and as written.

    kind is "figure", "day", "month", "name" or, of all others, "". tells says that it has a sense
    of its own.
    """

    word: str
    stem: str
    shown: str
    kind: str
    tells: bool

    @property
    def is_capital(self) -> bool:
        """Whether it tells and is written with a capital letter."""
        return self.tells and self.shown[0].isupper()


@dataclass(frozen=True, slots=True, eq=False)  # each is itself alone
class Sentence:
    """stems are those of the words that tell; around has those of the sentence before it too."""

    text: str
    tokens: tuple[Token, ...]
    stems: frozenset[str]
    around: frozenset[str]

    @property
    def denials(self) -> int:
        """How often it says "not", "never", "nobody"."""
        return sum(token.word in _NOT for token in self.tokens)

    @property
    def keys(self) -> list[str]:
        """What two sentences are laid beside each other by."""
        return [token.stem for token in self.tokens]


@dataclass(frozen=True)  # without slots: what is looked up in it is worked out once
class Source:
    """The sentences that a text is compared with, and where each stem stands in them."""

    sentences: tuple[Sentence, ...]

    @cached_property
    def by_stem(self) -> dict[str, tuple[Sentence, ...]]:
        """The sentences of each stem, in order."""
        found: dict[str, list[Sentence]] = {}
        for one in self.sentences:
            for stem in one.stems:
                found.setdefault(stem, []).append(one)
        return {stem: tuple(ones) for stem, ones in found.items()}

    @cached_property
    def between(self) -> dict[tuple[str, str], tuple[tuple[Token, Sentence], ...]]:
        """What stands between two words that tell, by their stems, with its sentence."""
        found: dict[tuple[str, str], list[tuple[Token, Sentence]]] = {}
        for sentence in self.sentences:
            for before, one, behind in threes(sentence):
                found.setdefault((before.stem, behind.stem), []).append((one, sentence))
        return {key: tuple(ones) for key, ones in found.items()}

    @cached_property
    def pairs(self) -> dict[tuple[str, str, str], tuple[str, Sentence]]:
        """Two names with the words between them, as stems, with how they are written."""
        return {key: (shown, one) for one in self.sentences for key, shown in pairs(one)}

    @cached_property
    def dates(self) -> dict[str, dict[str, tuple[str, Sentence]]]:
        """The years beside each season and month, by its stem, with how they are written."""
        found: dict[str, dict[str, tuple[str, Sentence]]] = {}
        for one in self.sentences:
            for season, year, shown in dates(one):
                found.setdefault(season, {})[year] = (shown, one)
        return found

    def with_stem(self, stem: str) -> tuple[Sentence, ...]:
        """Return the sentences that have a word of this stem."""
        return self.by_stem.get(stem, ())

    def shared(self, sentence: Sentence) -> Counter[Sentence]:
        """Return how many stems a sentence has in common with this one, if any."""
        return Counter(one for stem in sentence.stems for one in self.with_stem(stem))


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


def words_of(tokens: Sequence[Token]) -> str:
    """Return words as written."""
    return " ".join(token.shown for token in tokens)


def threes(sentence: Sentence) -> Iterator[tuple[Token, Token, Token]]:
    """Return three words in a row that all tell."""
    tokens = sentence.tokens
    for three in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if all(token.tells for token in three):
            yield three


def dates(sentence: Sentence) -> Iterator[tuple[str, str, str]]:
    """Return each year behind a season or month, as its stem, the year, and both as written."""
    tokens = sentence.tokens
    for place, one in enumerate(tokens):
        season = tokens[place - 1 - (tokens[place - 1].word == "of")] if place else one
        if YEAR.fullmatch(one.word) and (season.kind == "month" or season.word in _SEASONS):
            yield season.stem, one.word, f"{season.shown} {one.shown}"


def pairs(sentence: Sentence) -> Iterator[tuple[tuple[str, str, str], str]]:
    """Return two words with capitals and the few between them, as stems and as written."""
    tokens = sentence.tokens
    for first, name in enumerate(tokens):
        if not name.is_capital:
            continue
        for second in range(first + 2, min(first + MOST_BETWEEN + 2, len(tokens))):
            middle = tokens[first + 1 : second]
            if tokens[second].is_capital and any(one.tells for one in middle):
                words = " ".join(one.stem for one in middle)
                key = (name.stem, words, tokens[second].stem)
                yield key, words_of(tokens[first : second + 1])


def nearest_to(sentence: Sentence, source: Source) -> Sentence | None:
    """Return the source's sentence that this one was made from, None where it was written anew."""
    best = max(source.shared(sentence).items(), key=itemgetter(1), default=None)
    if best is None:
        return None
    there, shared = best
    is_copy = shared >= min(FEWEST_SHARED, len(sentence.stems) - 1) and (
        shared >= COPIED * len(sentence.stems)
    )
    return there if is_copy else None


@lru_cache(maxsize=128)  # a source is laid beside its headline and each paragraph of its summary
def read_source(text: str) -> Source:
    """Take a text apart, line by line; a sentence without a word that tells is none.

    What is longer than any article (MOST_SENTENCES, LONGEST_SENTENCE) is not looked at.
    """
    found: list[Sentence] = []
    for line in text.split("\n"):
        found.extend(_read_line(line))
        if len(found) >= MOST_SENTENCES:
            break
    return Source(tuple(found[:MOST_SENTENCES]))


@lru_cache(maxsize=1024)  # the lines of an issue that an editor is not typing in stay as they are
def _read_line(line: str) -> tuple[Sentence, ...]:
    found: list[Sentence] = []
    before: frozenset[str] = frozenset()
    for start, end in split_sentences(line):
        tokens = tuple(islice(tokens_of(line[start:end]), LONGEST_SENTENCE))
        stems = frozenset(token.stem for token in tokens if token.tells)
        if stems:
            found.append(Sentence(line[start:end], tokens, stems, stems | before))
        before = stems
        if len(found) == MOST_SENTENCES:
            break
    return tuple(found)


def tokens_of(sentence: str) -> Iterator[Token]:
    """Return the words and figures of a sentence or a part of one."""
    for pattern, form in _FORMS:
        sentence = pattern.sub(form, sentence)
    begins = True
    for hit in _WORD.finditer(sentence):
        token = _token(hit[0], begins=begins)
        yield token
        begins = not token.word


@lru_cache(maxsize=16_384)  # an issue and its sources have so many words, and read them often
def _token(shown: str, *, begins: bool) -> Token:
    word = folded(shown).removesuffix("'s").removesuffix("'")
    number = number_word(word)
    kind = ""
    if word[0].isdigit() or word[0] in "£$€" or number is not None:
        kind = "figure"
        word = word.replace(",", "") if number is None else number
    elif word in WEEKDAYS:
        kind = "day"
    elif word in MONTHS and shown[0].isupper():
        kind = "month"
    elif shown[0].isupper() and not begins:
        kind = "name"
    tells = (word not in _SMALL and word not in _NOT and len(word) > 1) or kind == "figure"
    return Token(word, word if kind == "figure" else stem_of(word, "en"), shown, kind, tells)
