"""The part of S30 that finds a sentence which an issue says twice; pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from newsletter.checks.wording import folded, word_count
from newsletter.checks.written import Field, Written
from newsletter.model.sentences import split_sentences

FEWEST_NEAR = 4  # words of a sentence that stands twice in one paragraph
FEWEST_APART = 8  # words of one that stands in two; fewer are a phrase that may come again
_PROSE = frozenset({Field.SUMMARY, Field.BRIEF, Field.EDITOR, Field.TEXT})
_OF_A_STORY = frozenset({Field.SUMMARY, Field.BRIEF})
_QUOTES = ('"', "\u201c", "\u201e", "\u00ab", "\u2018", "'")


@dataclass(frozen=True, slots=True)
class SaidAgain:
    """at is where in its field the second of two sentences begins; line is that of the first."""

    field: Written
    at: int
    sentence: str
    line: int

    @property
    def place(self) -> int:
        """The line on which the second one stands."""
        return _line(self.field, self.at)


def said_again(fields: Iterable[Written]) -> Iterator[SaidAgain]:
    """Return the first sentence of each running text that stands in the issue before.

    A quotation may come again beside its text, and two stories with one summary are S08's.
    """
    seen: dict[str, tuple[Written, int]] = {}
    for one in fields:
        if one.field not in _PROSE or one.file:
            continue
        for start, end in split_sentences(one.text):
            sentence = one.text[start:end]
            words = word_count(sentence)
            if words < FEWEST_NEAR:
                continue
            first, at = seen.setdefault(folded(sentence).strip(" .!?"), (one, start))
            is_here = first is one and at == start
            is_one_story = {first.field, one.field} <= _OF_A_STORY and first.text == one.text
            is_quoted = sentence.startswith(_QUOTES)
            if is_here or (
                first is not one and (words < FEWEST_APART or is_one_story or is_quoted)
            ):
                continue
            yield SaidAgain(one, start, sentence, _line(first, at))
            break


def _line(one: Written, at: int) -> int:
    return one.line + one.text.count("\n", 0, at)
