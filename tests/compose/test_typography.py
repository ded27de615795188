from datetime import date

import pytest

from newsletter.compose.typography import NBSP, columns, without_widow
from newsletter.compose.words import direction_of, long_date, words_for


@pytest.mark.parametrize(
    ("headline", "expected"),
    [
        ("Night trains return to the coast", f"Night trains return to the{NBSP}coast"),
        ("Three words only", "Three words only"),
        ("A last word of extraordinary", "A last word of extraordinary"),
        ("A last word of ninechars", f"A last word of{NBSP}ninechars"),
        ("", ""),
    ],
)
def test_a_short_last_word_never_stands_alone_in_a_headline(headline: str, expected: str) -> None:
    assert without_widow(headline) == expected


@pytest.mark.parametrize(
    ("text", "width"),
    [("abc", 3), ("日本", 4), ("e\u0301", 1), ("a\u200db", 2), ("\uff71", 1), ("\uff21", 2)],
)
def test_wide_characters_take_two_columns_and_marks_none(text: str, width: int) -> None:
    assert columns(text) == width


@pytest.mark.parametrize(
    ("language", "printed"),
    [
        ("en-GB", "Tuesday 15 March 2022"),
        ("en-US", "Tuesday, March 15, 2022"),
        ("fr", "mardi 15 mars 2022"),
        ("de-AT", "Dienstag, 15. März 2022"),
        ("xx-nowhere", "Tuesday, March 15, 2022"),
    ],
)
def test_a_date_is_printed_as_its_language_does(language: str, printed: str) -> None:
    assert long_date(date(2022, 3, 15), language) == printed


def test_a_language_without_standing_words_gets_the_english_ones() -> None:
    assert words_for("cy") == words_for("en-GB")
    assert words_for("en")["read_more"] == "Read the full story"


@pytest.mark.parametrize("language", ["ar", "fa-IR", "he", "ur"])
def test_these_languages_run_from_right_to_left(language: str) -> None:
    assert direction_of(language) == "rtl"
    assert direction_of("en-GB") == "ltr"
