"""What a text in free words tells otherwise than its source, where no sentence was copied; pure.

For English. Cheap rules, one by one; the first that tells of a sentence ends it.
"""

from collections.abc import Iterator
from itertools import chain, islice

from newsletter.checks.fidelity.actors import other_actors
from newsletter.checks.fidelity.bindings import (
    other_ages,
    other_days,
    other_figures,
    other_scores,
)
from newsletter.checks.fidelity.bounds import lost_bounds, other_bounds
from newsletter.checks.fidelity.lost_words import lost_no, other_kinds, settled
from newsletter.checks.fidelity.opposed import opposed
from newsletter.checks.fidelity.sentences import Edit, read_source


def told_otherwise(text: str, source: str) -> Iterator[Edit]:
    """Return what is told otherwise, sentence by sentence, and then figures of the whole text."""
    there = read_source(source)
    for sentence in read_source(text).sentences:
        yield from islice(
            chain(
                opposed(sentence, there, source),
                other_actors(sentence, there),
                other_bounds(sentence, there),
                lost_bounds(sentence, there),
                other_days(sentence, source),
                lost_no(sentence, there),
                other_kinds(sentence, there),
                settled(sentence, there),
            ),
            1,
        )
    yield from islice(
        chain(other_ages(text, source), other_scores(text, source), other_figures(text, source)), 1
    )
