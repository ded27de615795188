from datetime import timedelta

import pytest

from newsletter.model.text import counted, lasting


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "0 readers"), (1, "1 reader"), (2, "2 readers"), (80_000, "80,000 readers")],
)
def test_a_number_stands_with_its_noun(number: int, said: str) -> None:
    assert counted(number, "reader") == said


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (60, "1 minute"),
        (7200, "2 hours"),
        (5400, "1 hour 30 minutes"),
        (45, "45 seconds"),
        (90_000, "25 hours"),
        (0, "0 seconds"),
    ],
)
def test_a_length_of_time_is_said_in_words(seconds: int, words: str) -> None:
    assert lasting(timedelta(seconds=seconds)) == words
