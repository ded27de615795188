import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.checks.fidelity.attribution import dropped_hedges
from newsletter.model.sentences import split_sentences

BODY = (
    "The council leader has reportedly agreed to sell the swimming baths to a hotel chain. "
    "The baths opened in 1936 and were repaired twice, while swimmers allegedly paid too much.",
    "A neighbour claimed that the boiler had leaked for years. The council denies it.",
    "The fire claimed three lives in 1951, according to the town's museum.",
    "Trains to the coast run every hour. The coast trains are run by the council.",
    "The roof may have been damaged by a storm in 1987, an engineer said. The treasurer is alleged "
    "to have met the builder, Paul Verey, three times before the vote. She denies it.",
)


@pytest.mark.parametrize(
    "text",
    [
        "The council leader has agreed to sell the swimming baths to a hotel chain.",
        "The council is selling the baths to a chain of hotels.",
        "The boiler of the baths leaked for years.",
        "Swimmers paid too much at the baths.",
        "The roof was damaged by a storm in 1987.",
    ],
)
def test_a_report_told_as_a_fact_is_found(text: str) -> None:
    (dropped,) = dropped_hedges(text, BODY)
    assert dropped.sentence == text
    assert dropped.source in " ".join(BODY)


@pytest.mark.parametrize(
    "text",
    [
        "The council leader has reportedly agreed to sell the swimming baths.",
        "The leader is said to have agreed to sell the baths to a hotel chain.",
        "A neighbour says the boiler leaked for years; the council denies it.",
        "The leader may sell the baths to a hotel chain.",
        "The baths opened in 1936 and were repaired twice.",
        "Trains to the coast run every hour.",
        "The roof was probably damaged by a storm in 1987.",
        "The treasurer denies that she met the builder before the vote.",
        "She is alleged to have met the builder three times, and denies that she asked for money.",
        "Nothing of this stands in the source at all.",
        "Yes.",
        "",
    ],
)
def test_what_is_hedged_or_plain_in_the_source_passes(text: str) -> None:
    assert dropped_hedges(text, BODY) == ()


def test_the_denial_of_something_else_is_no_hedge() -> None:
    text = (
        "The treasurer met the builder three times before the vote, and denies that she took money."
    )
    (dropped,) = dropped_hedges(text, BODY)
    assert dropped.source.startswith("The treasurer is alleged")


def test_a_plain_sentence_beside_the_hedged_one_backs_a_statement() -> None:
    plain = "The leader signed the sale of the baths to a hotel chain on Friday."
    assert dropped_hedges(plain, BODY)
    assert not dropped_hedges(plain, (*BODY, plain))


def test_the_sources_own_sentences_are_never_found() -> None:
    for paragraph in BODY:
        for start, end in split_sentences(paragraph):
            assert not dropped_hedges(paragraph[start:end], BODY)


@given(st.text(max_size=100), st.lists(st.text(max_size=100), max_size=4))
def test_any_text_may_be_compared(text: str, body: list[str]) -> None:
    assert all(found.sentence in text for found in dropped_hedges(text, body))


def test_what_would_have_been_otherwise_leaves_nothing_open() -> None:
    body = (
        "A student who drowned in a canal on his way home might have lived if the towpath had"
        " been lit, a coroner has said.",
        "The path is closed.",
    )
    assert dropped_hedges("The student drowned on his way home in October.", body) == ()
