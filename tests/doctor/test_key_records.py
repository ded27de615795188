"""DKIM and DMARC records: what receivers read, and what they take for none."""

import base64
from time import process_time

import pytest
from doctor.zones import rsa_key
from hypothesis import given
from hypothesis import strategies as st

from newsletter.doctor.dkim_record import DkimKey, read_dkim
from newsletter.doctor.dmarc_record import (
    DmarcRecord,
    Policy,
    is_aligned,
    is_dmarc,
    read_dmarc,
)
from newsletter.doctor.tags import TagMistake, read_tags

ED25519 = base64.b64encode(bytes(32)).decode()
PIECES = ["a=b;", ";", "=", " ", "a", ":", "mailto:x@y,", "p=A", "\t", "v=DMARC1;"]


@pytest.mark.parametrize("bits", [512, 1024, 2048])
@pytest.mark.parametrize("inner", [False, True])
def test_the_length_of_a_key_is_told(bits: int, inner: bool) -> None:  # noqa: FBT001
    key = rsa_key(bits, inner=inner)
    assert read_dkim(f"v=DKIM1; k=rsa; p={key}") == DkimKey(kind="rsa", bits=bits)


def test_blanks_in_a_key_and_a_missing_version_do_not_matter() -> None:
    key = rsa_key(1024)
    assert read_dkim(f" p = {key[:50]} {key[50:]} ;").bits == 1024


def test_flags_and_kinds_are_read() -> None:
    read = read_dkim(f"v=DKIM1; k=ed25519; t=y:s; s=email; h=sha256; n=a note; p={ED25519}")
    assert read == DkimKey(kind="ed25519", bits=256, is_test=True)


def test_an_empty_key_is_revoked() -> None:
    assert read_dkim("v=DKIM1; p=").is_revoked


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("v=DKIM2; p=", "v= has to be DKIM1"),
        ("k=rsa; v=DKIM1; p=", "v= has to be DKIM1"),
        ("v=DKIM1; k=rsa", "no p="),
        ("v=DKIM1; k=dsa; p=AAAA", "no kind of key"),
        ("v=DKIM1; h=sha1; p=", "sha256"),
        ("v=DKIM1; s=tlsrpt; p=", "does not allow email"),
        ("v=DKIM1; p=not base64!", "no base64"),
        ("v=DKIM1; p=AAAA", "no RSA key"),
        ("v=DKIM1; p=MA==", "no RSA key"),
        ("v=DKIM1; k=ed25519; p=AAAA", "has 32"),
        ("v=DKIM1; p=; p=", "stands twice"),
        ("v=DKIM1; nonsense; p=", "is no tag"),
        ("v=DKIM1;; p=", "is no tag"),
        ("v=spf1 -all", "v= has to be DKIM1"),
    ],
)
def test_a_key_that_receivers_do_not_use_is_told(text: str, told: str) -> None:
    with pytest.raises(TagMistake, match=told):
        read_dkim(text)


def test_a_key_that_was_cut_is_told() -> None:
    key = rsa_key(2048)
    for length in range(4, len(key), 40):
        with pytest.raises(TagMistake, match="lost"):
            read_dkim(f"p={key[: length - length % 4]}")


@given(st.binary(max_size=300))
def test_any_bytes_are_a_key_or_none(data: bytes) -> None:
    try:
        assert read_dkim(f"p={base64.b64encode(data).decode()}").bits >= 0
    except TagMistake as error:
        assert "RSA" in str(error)  # noqa: PT017 (either is right)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("v=DMARC1; p=none", True),
        ("v = DMARC1 ; p=none", True),
        ("v=DMARC1", True),
        ("v=dmarc1; p=none", False),
        ("p=none; v=DMARC1", False),
        ("v=DMARC1 p=none", False),
        ("v=spf1 -all", False),
        ("", False),
    ],
)
def test_a_policy_begins_with_its_version(text: str, is_one: bool) -> None:  # noqa: FBT001
    assert is_dmarc(text) == is_one


def test_every_tag_of_a_policy_is_read() -> None:
    read = read_dmarc(
        "v=DMARC1; p=Reject; sp=quarantine; aspf=s; adkim=s; pct=50; t=y; ri=1; fo=1; other=x; "
        "rua=mailto:a@b.example!10m, mailto:c@d.example"
    )
    assert read == DmarcRecord(
        policy=Policy.REJECT,
        subdomains=Policy.QUARANTINE,
        strict_spf=True,
        strict_dkim=True,
        percent=50,
        is_test=True,
        rua=("mailto:a@b.example!10m", "mailto:c@d.example"),
        historic=("pct", "ri"),
    )


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("p=none; pct=101", "pct=101"),
        ("p=none; pct=x", "pct=x"),
        ("p=none; aspf=relaxed", "aspf=relaxed"),
        ("p=none; sp=no", "sp="),
        ("p=none; rua=a@b.example", "rua=a@b.example"),
        ("p=none; rua=https://b.example", "rua=https://b.example"),
        ("p=nothing; rua=mailto:a@b.example", "taken for none"),
        ("rua=mailto:a@b.example", "taken for none"),
    ],
)
def test_what_receivers_overlook_is_told(text: str, doubt: str) -> None:
    assert any(doubt in told for told in read_dmarc(f"v=DMARC1; {text}").doubts)


@pytest.mark.parametrize("text", ["", "p=nothing", "p=none; p=none", "p none", "p=none;; rua=x"])
def test_a_policy_that_is_none_is_told(text: str) -> None:
    with pytest.raises(TagMistake):
        read_dmarc(f"v=DMARC1; {text}")


@pytest.mark.covers("T55")
@pytest.mark.parametrize(
    ("one", "other", "strict", "aligned"),
    [
        ("news.example", "news.example", True, True),
        ("news.example", "mail.news.example", False, True),
        ("news.example", "mail.news.example", True, False),
        ("a.paper.co.uk", "b.paper.co.uk", False, True),
        ("one.co.uk", "two.co.uk", False, False),
        ("alice.github.io", "bob.github.io", False, False),
        ("co.uk", "org.uk", False, False),
    ],
)
def test_domains_of_one_organisation_are_aligned(
    one: str,
    other: str,
    strict: bool,  # noqa: FBT001
    aligned: bool,  # noqa: FBT001
) -> None:
    assert is_aligned(one, other, strict=strict) == aligned


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (read_tags, read_dkim, read_dmarc):
        try:
            read(f"v=DMARC1; {text}")
            read(text)
        except TagMistake as error:
            assert len(str(error)) < 200  # noqa: PT017 (either is right)


@pytest.mark.parametrize("piece", PIECES)
def test_reading_takes_time_in_step_with_length(piece: str) -> None:
    def cost(times: int) -> float:
        text = "v=DMARC1; p=none; rua=" + piece * times
        before = process_time()
        for read in (read_tags, read_dkim, read_dmarc):
            try:
                read(text)
            except TagMistake:
                continue
        return process_time() - before

    cost(1_000)
    assert cost(40_000) < 60 * max(cost(4_000), 0.002)
