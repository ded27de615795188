from datetime import date
from string import Formatter

import pytest
from case_tables import own_cases

from newsletter.compose.typography import NBSP, held, without_widow
from newsletter.compose.words import DEFAULT_LANGUAGE, WORDS, long_date, words_for
from newsletter.config.languages import SPOKEN, base_of


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
    ("byline", "expected"),
    [
        ("Jane Doe", f"Jane{NBSP}Doe"),
        (
            "By Jane Doe and Bartholomew Worcestershire",
            "By Jane Doe and Bartholomew Worcestershire",
        ),
        (
            "By Bartholomew Worcester · Example News · 14 min",
            f"By Bartholomew Worcester{NBSP}·{NBSP}Example News{NBSP}·{NBSP}14{NBSP}min",
        ),
        ("", ""),
    ],
)
def test_no_line_of_a_byline_begins_or_ends_with_a_dot(byline: str, expected: str) -> None:
    assert held(byline) == expected


@pytest.mark.parametrize(
    ("language", "printed"), own_cases(__file__, "a_date_is_printed_as_its_language_does")
)
def test_a_date_is_printed_as_its_language_does(language: str, printed: str) -> None:
    assert long_date(date(2022, 3, 15), language) == printed


def test_a_language_without_standing_words_gets_the_english_ones() -> None:
    assert words_for("it") == words_for("en-GB")
    assert words_for("en")["read_more"] == "Read the full story"
    assert words_for("fr-CA")["unsubscribe"] == "Se désabonner"
    assert words_for("fr-CA")["read_more"] == words_for("fr")["read_more"]


def test_every_language_has_every_word_and_its_own() -> None:
    english = WORDS[DEFAULT_LANGUAGE]
    assert {base_of(language) for language in WORDS} == set(SPOKEN)
    for language, words in WORDS.items():
        assert set(words) <= set(english)
        if language == base_of(language):
            assert set(words) == set(english), language
        for name, said in words.items():
            if name == "colon":
                continue
            assert placeholders(said) == placeholders(english[name]), (language, name)
            assert language == DEFAULT_LANGUAGE or said != english[name], (language, name)
            assert said == said.strip()


def placeholders(said: str) -> list[str]:
    return sorted(field for _, field, _, _ in Formatter().parse(said) if field)
