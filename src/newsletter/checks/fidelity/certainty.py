"""A verb that a text says would or is to be, and its source only that it may be; pure, for English.

"She would have survived", where the source has "might have survived". The words around the verb
have to be shared, and no other sentence of the source may say it without the doubt. What "will" be
is told of by `edits`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from newsletter.checks.headline_words import stem_of, stems
from newsletter.checks.wording import folded
from newsletter.model.sentences import split_sentences

FEWEST_SHARED = 2  # words beside the verb
LEAST_VERB = 3  # letters

_BETWEEN = r"(?:(?:also|now|then|soon|have|be|been|well|just|still|[a-z]+ly)\s+){0,3}"
_MAY = re.compile(rf"\b(?:(?-i:may|might)|could)\s+{_BETWEEN}(?!not\b)([a-z-]+)", re.IGNORECASE)
_SURE = re.compile(
    rf"\b(?:would|is to|are to|is set to|are set to|is going to|are going to)\s+{_BETWEEN}"
    r"(?!not\b)([a-z-]+)",
    re.IGNORECASE,
)
# "It would begin, if the council agrees" leaves it as open as "may" does; "would have" does not.
_OPEN = re.compile(
    r"\b(?:may|might|could|if|unless|provided|whether|depend\w*|possib\w+|probabl\w+|perhaps"
    r"|likely|unlikely|hop(?:e|es|ed|ing) to|plan(?:s|ned)?|propos\w+|consider\w*|expect\w*)\b",
    re.IGNORECASE,
)
_WOULD_HAVE = re.compile(r"\bwould\s+(?:[a-z]+ly\s+)?have\b", re.IGNORECASE)
_MIGHT = re.compile(r"\b(?:may|might|could|possibly|probably|perhaps)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Promoted:
    """What a text says is to be, in its words; the source's words for it, and its sentence."""

    told: str
    there: str
    source: str


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    stems: frozenset[str]
    verbs: tuple[str, ...]  # stems of all words, small ones too
    may: tuple[tuple[str, str], ...]  # stem and words

    def doubt(self, verb: str) -> str:
        """Return the words with which it doubts the verb wherever it has it; "" for none."""
        words = [shown for stem, shown in self.may if stem == verb]
        return words[0] if len(words) == self.verbs.count(verb) else ""


def promoted(text: str, source: str) -> Iterator[Promoted]:
    """Return the first such verb of each of a text's sentences."""
    sentences = _sentences(source)
    if not any(one.may for one in sentences):
        return
    for start, end in split_sentences(text):
        sentence = text[start:end]
        open_words = _MIGHT if _WOULD_HAVE.search(sentence) else _OPEN
        if open_words.search(sentence):
            continue
        found = _found(sentence, sentences)
        if found is not None:
            yield found


def _found(sentence: str, sentences: Sequence[_Sentence]) -> Promoted | None:
    here = stems(folded(sentence), "en")
    for hit in _SURE.finditer(sentence):
        verb = _stem(hit[1])
        told = [
            one
            for one in sentences
            if verb in one.verbs and len((one.stems & here) - {verb}) >= FEWEST_SHARED
        ]
        doubts = [one.doubt(verb) for one in told]
        if told and all(doubts):
            return Promoted(told=hit[0], there=doubts[0], source=told[0].text)
    return None


def _stem(verb: str) -> str:
    return stem_of(folded(verb), "en")


@lru_cache(maxsize=64)
def _sentences(text: str) -> tuple[_Sentence, ...]:
    found = []
    for line in text.split("\n"):
        for start, end in split_sentences(line):
            sentence = line[start:end]
            words = folded(sentence)
            may = tuple(
                (_stem(hit[1]), hit[0])
                for hit in _MAY.finditer(sentence)
                if len(hit[1]) >= LEAST_VERB
            )
            verbs = tuple(_stem(word) for word in re.findall(r"[a-z-]+", words))
            found.append(_Sentence(sentence, stems(words, "en"), verbs, may))
    return tuple(found)
