"""One reading of an address: strict, plain, the same whoever reads it again."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.fetch.answer import LastingFetchError
from newsletter.fetch.guard import read_ip
from newsletter.fetch.web_address import WebAddress, follow_location, read_address
from newsletter.model.source import FetchProblem

LOCATIONS = tomllib.loads(Path(__file__).with_name("locations.toml").read_text("utf-8"))


@pytest.mark.covers("T11")
@pytest.mark.parametrize(("location", "told"), LOCATIONS["refused"])
def test_where_a_redirect_may_not_lead(location: str, told: str) -> None:
    with pytest.raises(LastingFetchError, match=told):
        follow_location(read_address("https://news.example.org/"), location)


@pytest.mark.parametrize(("location", "meant"), LOCATIONS["followed"])
def test_where_a_redirect_leads(location: str, meant: str) -> None:
    base = read_address("https://news.example.org/a/feed?p=1#x")
    assert follow_location(base, location).text == meant


HOSTILE = st.text(
    alphabet=st.sampled_from("http:/@\\[]%.?#0127xf\u3002\uff11 \r\n\t\0aA-_\u00ad\u200b"),
    max_size=40,
)


@pytest.mark.covers("T08", "T12")
@given(
    HOSTILE
    | st.text(max_size=60)
    | HOSTILE.map("http://".__add__)
    | HOSTILE.map("https://[".__add__)
)
def test_any_text_is_an_address_in_plain_form_or_refused_in_a_sentence(text: str) -> None:
    try:
        address = read_address(text)
    except LastingFetchError as error:
        told = error
    else:
        assert is_plain(address)
        return
    assert told.problem is FetchProblem.BAD_ADDRESS
    assert "\n" not in str(told)


def is_plain(address: WebAddress) -> bool:
    number = read_ip(address.host)
    return (
        address.text.isascii()
        and address.text.isprintable()
        and not set(" @\\") & set(address.authority)
        and read_address(address.text) == address  # one form, whoever reads it
        and (str(number) == address.host if address.number else number is None)
    )
