"""What an appeal's file may not say, and where its links may not lead (T53)."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import IssueError
from newsletter.issues.callout_file import parse_callout
from newsletter.issues.callout_words import disguised, indirect
from newsletter.model.callout import Callout, amount_in, charity_numbers_in, hosts_in

CASES: dict[str, Any] = tomllib.loads(
    Path(__file__).with_name("appeal_mistakes.toml").read_text("utf-8")
)

SOURCE = (Path(__file__).parents[2] / "callouts" / "dec-ukraine.md").read_text("utf-8")
DONATE = "https://donation.dec.org.uk/ukraine-humanitarian-appeal"
BODY = "providing food, water"


def parse(*changes: tuple[str, str]) -> Callout:
    source = SOURCE
    for before, after in changes:
        assert before in source
        source = source.replace(before, after, 1)
    return parse_callout(source, name="dec-ukraine", file="callouts/dec-ukraine.md")


def mistakes(*changes: tuple[str, str]) -> str:
    with pytest.raises(IssueError) as told:
        parse(*changes)
    return str(told.value)


@pytest.mark.covers("T53")
@pytest.mark.parametrize(("changes", "told"), CASES["addresses"])
def test_a_donation_address_leads_straight_to_a_host_that_is_what_it_seems(
    changes: list[tuple[str, str]], told: str
) -> None:
    assert told in mistakes(*changes)


@pytest.mark.parametrize(
    "host",
    ["b\u00fccher.example", "dec.org.uk", "\u043f\u043e\u043c\u0456\u0447.\u0443\u043a\u0440"],
)
def test_a_host_in_one_alphabet_is_what_it_seems(host: str) -> None:
    assert disguised(host.encode("idna").decode()) == ""


@pytest.mark.parametrize(
    "url",
    [DONATE, f"{DONATE}?amount=20", f"{DONATE}?appeal=ukraine&lang=en", "https://dec.org.uk/"],
)
def test_an_address_with_values_of_its_own_leads_straight(url: str) -> None:
    assert indirect(url) == ""


@pytest.mark.covers("T53")
@pytest.mark.parametrize(("after", "place"), CASES["wordings"])
def test_the_wording_names_no_amount_no_unverified_number_and_no_other_place(
    after: str, place: str
) -> None:
    assert f"callouts/dec-ukraine.md:{place}" in mistakes((BODY, after))


@pytest.mark.covers("T53")
@pytest.mark.parametrize(("before", "after", "told"), CASES["texts"])
def test_each_text_of_an_appeal_is_held_to_it(before: str, after: str, told: str) -> None:
    assert told in mistakes((before, after))


def test_an_amount_with_a_dated_source_and_a_verified_number_may_be_told() -> None:
    callout = parse(
        (BODY, "with \u00a35, registered charity 1062638, at www.dec.org.uk, water"),
        ("own_wording: false", "figures_source: https://www.dec.org.uk/x\nfigures_on: 2026-11-01"),
        ("charity_number_verified: ", "charity_number_verified: 2026-11-01 "),
    )
    assert callout.figures_source == "https://www.dec.org.uk/x"


def test_another_number_than_the_verified_one_is_not_verified() -> None:
    told = mistakes(
        (BODY, "registered charity 7654321, water"),
        ("charity_number_verified: ", "charity_number_verified: 2026-11-01 "),
    )
    assert "nobody has verified: 7654321" in told


def test_usual_words_hold_nothing_of_it() -> None:
    text = "At 7 a.m. the U.K. sent 30 lorries, i.e. food for 5,000 people and 12 tons of water"
    assert (amount_in(text), hosts_in(text), charity_numbers_in(text)) == ("", (), ())


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    assert isinstance(amount_in(text), str)
    assert all("." in host for host in hosts_in(text))
    assert isinstance(disguised(text), str)


@given(st.text(alphabet="abc/:?&=%2Fhtps.@#+", max_size=60))
def test_any_address_is_judged(rest: str) -> None:
    assert isinstance(indirect(f"https://dec.org.uk/{rest}"), str)
