import pytest

from newsletter.checks.absent_figures import absent_figures


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a fifth of jobs", "20 per cent of jobs"),
        ("one fifth of jobs", "20% of jobs"),
        ("two thirds of jobs", "67% of jobs"),
        ("half of jobs", "50% of jobs"),
        ("three-quarters of them", "75% of them"),
        ("¾ of them", "75% of them"),
        ("2½ years", "two and a half years"),
        ("two years and a half", "2.5 years"),
        ("100 people", "a hundred people"),
        ("the 100th house", "the hundredth house"),
        ("ten years ago", "a decade ago"),
        ("two decades", "20 years"),
        ("400 years", "four centuries"),
        ("18 months", "a year and a half"),
        ("14 days", "a fortnight"),
    ],
)
def test_numbers_in_words_of_their_own_are_the_same_numbers(one: str, other: str) -> None:
    assert absent_figures(one, other) == absent_figures(other, one) == ()


@pytest.mark.parametrize(
    ("text", "source", "absent"),
    [
        ("a fifth of jobs", "25% of jobs", "fifth"),
        ("20% of jobs", "a quarter of jobs", "20%"),
        ("three quarters of them", "25% of them", "three"),
        ("two fifths of them", "20% of them", "two"),
        ("20 people", "a fifth of the people", "20"),
        ("a fifth man died", "20 died", "fifth"),
        ("34% of jobs", "a quarter of jobs", "34%"),
        ("20 years", "a decade", "20"),
        ("3½ years", "two and a half years", "3.5"),
    ],
)
def test_another_number_in_words_of_its_own_is_named(text: str, source: str, absent: str) -> None:
    assert absent_figures(text, source) == (absent,)
