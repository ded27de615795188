"""DKIM keys and the alignment of domains; what the records lead to, test_examine_dns shows."""

import base64

import pytest
from doctor.zones import rsa_key
from hypothesis import given
from hypothesis import strategies as st

from newsletter.doctor.dmarc import is_aligned, read_tags, rsa_bits


@pytest.mark.parametrize("inner", [False, True])
def test_the_length_of_a_key_is_read_and_a_cut_key_is_none(inner: bool) -> None:  # noqa: FBT001
    for bits, read in ((512, 0), (1024, 1024), (2048, 2048)):
        key = rsa_key(bits, inner=inner)
        assert rsa_bits(f"{key[:50]} {key[50:]}") == read
        assert {rsa_bits(key[:end]) for end in range(4, len(key), 28)} == {None}
    assert rsa_bits("not base64!") is None


@given(st.binary(max_size=300), st.text(max_size=300))
def test_any_record_is_read(data: bytes, text: str) -> None:
    assert (rsa_bits(base64.b64encode(data).decode()) or 0) >= 0
    assert (rsa_bits(text) or 0) >= 0
    assert read_tags(f"v=DKIM1; {text}")["v"]


@pytest.mark.covers("T55")
@pytest.mark.parametrize(
    ("other", "strict", "aligned"),
    [
        ("a.paper.co.uk", True, True),
        ("b.paper.co.uk", False, True),
        ("b.paper.co.uk", True, False),
        ("two.co.uk", False, False),
        ("co.uk", False, False),
    ],
)
def test_domains_of_one_organisation_are_aligned(
    other: str,
    strict: bool,  # noqa: FBT001
    aligned: bool,  # noqa: FBT001
) -> None:
    assert is_aligned("a.paper.co.uk", other, strict=strict) == aligned
    assert not is_aligned("alice.github.io", "bob.github.io", strict=strict)
