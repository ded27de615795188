import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.checks.absent_figures import absent_figures

SOURCE = (
    "About 40,312 people marched on 4 February 2022, three of them for 25 per cent of the way. "
    "The bill came to £1.2m, said a spokesman on the A19, after Leeds won 2-1. A man was hurt."
)


@pytest.mark.parametrize(
    "text",
    [
        "40,312 marched",
        "more than 40,000 marched",
        "3 of them, 25% of the way",
        "on the 4th of February 2022",
        "a bill of £1,200,000",
        "a bill of 1.2 million pounds",
        "Leeds won 2-1 beside the A19",
        "one man was hurt",
        "one of them was hurt",
        "the first of both marches",
    ],
)
def test_a_number_written_otherwise_is_the_same_number(text: str) -> None:
    assert absent_figures(text, SOURCE) == ()


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ("40,321 marched", "40,321"),
        ("more than 50,000 marched", "50,000"),
        ("nearly 40,000 marched", "40,000"),
        ("four of them", None),  # 4 stands in a date: what stands somewhere is in the source
        ("five of them", "five"),
        ("25 dollars", "25 dollars"),
        ("£40,312", "£40,312"),
        ("3% of them", "3%"),
        ("in 2021", "2021"),
        ("Leeds won 1-2", "1-2"),
        ("on the A91", "a91"),
        ("a bill of £1.2bn", "£1.2bn"),
        ("twenty-five hours and thirty-five minutes", "thirty-five"),
    ],
)
def test_a_changed_number_is_named_as_written(text: str, absent: str | None) -> None:
    assert absent_figures(text, SOURCE) == (() if absent is None else (absent,))


def test_up_to_is_a_limit_and_no_limit_where_something_rose() -> None:
    source = "Inflation rose to 2.6 per cent, and the rate is 3.5 per cent; 3,480 people may come."
    assert absent_figures("Inflation edged up to 3.6 per cent", source) == ("3.6 per cent",)
    assert absent_figures("Inflation edged up to 2.6 per cent", source) == ()
    assert absent_figures("up to 3,500 people may come", source) == ()


def test_a_day_of_a_month_is_no_count_of_its_own() -> None:
    source = "Members vote by 15 January. Some may leave."
    assert absent_figures("Members vote by 5 January.", source) == ("5",)
    assert absent_figures("Two may leave.", source) == ()


@given(st.text(max_size=200))
def test_a_text_backs_all_its_own_numbers(text: str) -> None:
    assert absent_figures(text, text) == ()


@pytest.mark.parametrize(
    ("text", "source", "absent"),
    [
        ("500,000 pounds for the mill", "half a million pounds for the mill", ()),
        ("half a million for the mill", "the mill got 500,000 from the state", ()),
        ("half a billion for the mill", "half a million for the mill", ("half a billion",)),
        ("half a day, and half an hour", "it took a while", ()),
    ],
)
def test_half_a_million_is_a_number(text: str, source: str, absent: tuple[str, ...]) -> None:
    assert absent_figures(text, source) == absent
