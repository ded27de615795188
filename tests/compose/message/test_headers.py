"""The header writer: nothing from outside becomes a second field or a second mailbox."""

import email
import re
from email import policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import getaddresses

import pytest
from case_tables import own_cases
from hypothesis import given
from hypothesis import strategies as st

from newsletter.compose.message.headers import (
    field,
    list_id,
    mailbox,
    mailbox_of,
    phrase,
    refuse_controls,
    unstructured,
)
from newsletter.model.address import parse_mailbox

INJECTIONS = own_cases(__file__, "injections")
HARMLESS = own_cases(__file__, "harmless")
NAMES = own_cases(__file__, "names")
ADDRESS = "reader@mail.example"
ANY_TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]), max_size=200
)


def parsed(data: bytes) -> EmailMessage:
    message = email.message_from_bytes(data + b"\r\nbody\r\n", policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def decoded(data: bytes, name: str) -> str:
    """What a reader's program shows, by the standard library's other, older reader."""
    raw = email.message_from_bytes(data + b"\r\n", policy=policy.compat32)
    assert raw.keys() == [name]
    return str(make_header(decode_header(re.sub("\r?\n", "", str(raw[name])))))


@pytest.mark.covers("T27")
@pytest.mark.parametrize("text", INJECTIONS)
def test_a_control_character_is_refused_raw_or_decoded(text: str) -> None:
    for write in (
        lambda: unstructured("Subject", text),
        lambda: phrase(text, start=4),
        lambda: mailbox(text, ADDRESS, start=4),
        lambda: list_id("daily", text, "example.org"),
        lambda: refuse_controls(text),
    ):
        with pytest.raises(ValueError, match="control character"):
            write()


@pytest.mark.covers("T27")
@pytest.mark.parametrize("text", HARMLESS)
def test_an_odd_subject_without_harm_reads_as_it_was_written(text: str) -> None:
    data = unstructured("Subject", text)
    assert parsed(data).keys() == ["Subject"]
    assert decoded(data, "Subject") == text
    assert max(len(line) for line in data.split(b"\r\n")) <= 76


@given(ANY_TEXT)
def test_every_subject_without_controls_comes_back(text: str) -> None:
    try:
        data = unstructured("Subject", text)
    except ValueError:
        assert "=?" in text
        return
    assert decoded(data, "Subject") == text
    for line in data.split(b"\r\n"):
        assert len(line) <= 76
        assert all(len(word) <= 75 for word in re.findall(rb"=\?utf-8\?[bq]\?[^?]*\?=", line))
    assert re.fullmatch(rb"Subject: [^\r\n]*(\r\n [^\r\n]*[^\r\n ][^\r\n]*)*\r\n", data)


@pytest.mark.covers("T28")
@pytest.mark.parametrize("name", NAMES)
def test_a_display_name_never_makes_a_second_mailbox(name: str) -> None:
    data = field("To", mailbox(name, ADDRESS, start=4))
    addresses = parsed(data)["To"].addresses
    assert [one.addr_spec for one in addresses] == [ADDRESS]
    unfolded = re.sub("\r\n", "", data.decode()).removeprefix("To: ")
    ((shown, spec),) = getaddresses([unfolded])
    assert spec == ADDRESS
    assert str(make_header(decode_header(shown))) == name.strip(" ")
    assert max(len(line) for line in data.split(b"\r\n")) <= 76


@pytest.mark.covers("T28", "T30")
@pytest.mark.parametrize("address", own_cases(__file__, "what_is_not_one_plain_address_is_refused"))
def test_what_is_not_one_plain_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="not one plain address"):
        mailbox("Name", address, start=4)


def test_a_senders_name_is_bare_quoted_or_encoded() -> None:
    assert mailbox_of(parse_mailbox("Example News <n@example.org>"), start=6) == (
        "Example News <n@example.org>"
    )
    assert mailbox("News, Inc.", ADDRESS, start=6) == f'"News, Inc." <{ADDRESS}>'
    assert mailbox('A "B" \\', ADDRESS, start=6) == rf'"A \"B\" \\" <{ADDRESS}>'
    assert mailbox("=?x?", ADDRESS, start=6).startswith("=?utf-8?")


def test_list_id_is_a_title_and_a_stable_id_under_the_domain() -> None:
    assert list_id("daily", "The Daily", "example.org") == "The Daily <daily.example.org>"
    assert list_id("daily", "", "example.org") == "<daily.example.org>"
    assert list_id("Très bon!", "Ü", "example.org") == "=?utf-8?b?w5w=?= <tr-s-bon.example.org>"
    assert list_id("—", "x", "example.org") == "x <list.example.org>"
