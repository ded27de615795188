import pytest
from case_tables import own_cases
from hypothesis import given
from hypothesis import strategies as st

from newsletter.ingest.decoding import clean_line

STRIPPED = [
    *"\x00\x07\x1b\x7f\x80\x9f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
    *"\u200b\u2060\ufeff\U000e0001\U000e0041\ufdd0\uffff\ud800",
]


@pytest.mark.covers("T06")
@pytest.mark.parametrize("char", STRIPPED, ids=[f"U+{ord(char):04X}" for char in STRIPPED])
def test_characters_that_hide_or_turn_text_are_stripped(char: str) -> None:
    assert clean_line(f"{char}pay{char}pal {char}") == "paypal"


@pytest.mark.covers("T06")
@pytest.mark.parametrize(
    "text", own_cases(__file__, "text_in_other_scripts_and_emoji_comes_through_unchanged")
)
def test_text_in_other_scripts_and_emoji_comes_through_unchanged(text: str) -> None:
    assert clean_line(text) == text


def test_loose_joiners_go_and_breaks_are_spaces() -> None:
    assert clean_line("\u200da \u200c b\u200d") in {"a b", "a  b"}
    assert clean_line("one\r\ntwo\u2028three\tfour\x0bfive") == "one two three four five"
    assert clean_line("e\u0301") == "é"


@given(st.text())
def test_a_clean_line_is_one_line_and_stays_as_it_is(text: str) -> None:
    line = clean_line(text)
    assert len(line.splitlines()) <= 1
    assert clean_line(line) == line
