# ruff: noqa: RUF001 (quotation marks are what is tried)
import pytest
from case_tables import cases
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.checks.sources import absent_quotations

SOURCE = (
    "He said China “may not have understood the full extent of it”, adding: “Because it’s very "
    "possible that Putin lied to them.” The so-called 'special relationship' isn't new."
)


@pytest.mark.parametrize("text", cases("quotes", "words_of_the_source_may_be_quoted"))
def test_words_of_the_source_may_be_quoted(text: str) -> None:
    assert absent_quotations(text, SOURCE) == ()


@pytest.mark.parametrize(("text", "absent"), cases("quotes", "words_that_nobody_said_are_named"))
def test_words_that_nobody_said_are_named(text: str, absent: str) -> None:
    assert absent_quotations(text, SOURCE) == (absent,)


def test_turned_guillemets_are_compared_with_the_source() -> None:
    source = "»Wir finden keine Hebammen, und »ohne« sie geht es nicht«, sagte die Landrätin."
    assert absent_quotations("»Wir finden keine Hebammen«, sagte sie.", source) == ()
    assert absent_quotations("»Wir finden keine Ärzte«, sagte sie.", source) == (
        "Wir finden keine Ärzte",
    )


@example('"..a"a')
@example("a''a..'")
@given(st.text(alphabet="ab “”‘’'\"…[]«»‹›‚.", max_size=60))
def test_a_text_without_gaps_holds_its_own_quotations(text: str) -> None:
    if "…" not in text and "[" not in text and "..." not in text:
        assert absent_quotations(text, text) == ()


def test_marks_that_point_inwards_quote_too() -> None:
    there = "„Wir geben die Preise vollständig weiter“, sagte sie."
    assert absent_quotations("»Wir geben die Preise vollständig weiter«", there) == ()
    changed = "Wir geben die Preise teilweise weiter"
    assert absent_quotations(f"»{changed}«, sagte sie.", there) == (changed,)
