"""Readers' tokens: genuine or refused, for one purpose, one list, one reader."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.audience.tokens import (
    PROOF_ID,
    Purpose,
    SigningKey,
    TokenClaims,
    links_for,
    make_token,
    read_token,
)

KEY = SigningKey(id="0a1b2c", secret=bytes(range(32)))
OLD = SigningKey(id="ffeedd", secret=bytes(32))
KEYS = {KEY.id: KEY.secret, OLD.id: OLD.secret}
LISTS = ("daily", "weekly")
PUBLIC_IDS = st.from_regex(r"[A-Za-z0-9_-]{1,36}", fullmatch=True).filter(
    lambda id_: id_ != PROOF_ID
)
READER = "7b3f0c1d2e4a5b6c7d8e9f0a1b2c3d4e"


def token_of(key: SigningKey = KEY, purpose: Purpose = Purpose.UNSUBSCRIBE) -> str:
    return make_token(key, purpose, list_name="daily", public_id=READER)


def read(token: str, *purposes: Purpose) -> TokenClaims | None:
    return read_token(token, keys=KEYS, lists=LISTS, purposes=purposes or (Purpose.UNSUBSCRIBE,))


@given(
    PUBLIC_IDS, st.sampled_from(LISTS), st.sampled_from([Purpose.UNSUBSCRIBE, Purpose.PREFERENCES])
)
def test_a_token_says_what_was_signed(public_id: str, list_name: str, purpose: Purpose) -> None:
    token = make_token(KEY, purpose, list_name=list_name, public_id=public_id)
    assert re.fullmatch("[A-Za-z0-9_-]{1,75}", token)
    assert read(token, purpose) == TokenClaims(
        purpose=purpose, list=list_name, public_id=public_id, key_id=KEY.id
    )


@pytest.mark.covers("T37")
def test_a_token_with_any_bit_flipped_is_refused() -> None:
    token = token_of()
    for place in range(len(token)):
        for bit in range(8):
            flipped = token[:place] + chr(ord(token[place]) ^ 1 << bit) + token[place + 1 :]
            assert read(flipped, *Purpose) is None


@pytest.mark.covers("T37")
def test_a_token_for_one_purpose_is_good_for_no_other() -> None:
    for made in (Purpose.UNSUBSCRIBE, Purpose.PREFERENCES):
        token = token_of(purpose=made)
        assert read(token, *(purpose for purpose in Purpose if purpose is not made)) is None
        for other in Purpose:
            swapped = other + token[1:]
            assert (read(swapped, *Purpose) is None) == (other is not made)


@pytest.mark.covers("T37")
def test_a_token_is_good_for_its_reader_and_list_alone() -> None:
    token = token_of()
    other = make_token(KEY, Purpose.UNSUBSCRIBE, list_name="daily", public_id="b" * 32)
    assert read(token[:39] + other[39:]) is None
    assert read_token(token, keys=KEYS, lists=["weekly"], purposes=[Purpose.UNSUBSCRIBE]) is None
    assert read_token(token, keys=KEYS, lists=[], purposes=[Purpose.UNSUBSCRIBE]) is None


@pytest.mark.covers("T37")
def test_an_old_key_is_still_honoured_and_an_unknown_one_is_not() -> None:
    assert read(token_of(OLD)) is not None
    assert read(token_of(SigningKey(id="0a1b2c", secret=b"x" * 32))) is None
    assert read(token_of(SigningKey(id="123456", secret=KEY.secret))) is None
    assert read(OLD.id.join((token_of()[:1], token_of()[7:]))) is None


def test_links_have_their_fixed_form() -> None:
    links = links_for(
        "https://news.example.org/",
        KEY,
        list_name="daily",
        public_id=READER,
        issue="2022-03-16-daily",
    )
    assert links.unsubscribe_url == f"https://news.example.org/u/{token_of()}"
    assert links.preferences_url == (
        f"https://news.example.org/p/{token_of(purpose=Purpose.PREFERENCES)}"
    )
    assert links.view_online_url == "https://news.example.org/i/2022-03-16-daily"
