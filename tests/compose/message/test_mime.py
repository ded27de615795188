"""The message of an issue, as bytes and as other programs read it."""

import dataclasses
import email
import re
from email import policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.compose.message.skeleton import (
    MessageParts,
    assemble,
    build_skeleton,
    parse_message,
)
from newsletter.compose.message.slots import choose_sentinels
from newsletter.model.address import parse_address, parse_mailbox
from newsletter.model.composed import Slot, SlotContext

SLOTS = (
    Slot(name="name", context=SlotContext.HTML, fallback="reader"),
    Slot(name="name", context=SlotContext.TEXT, fallback="reader"),
)
SENTINELS = choose_sentinels(SLOTS, "")
HTML_TOKEN, TEXT_TOKEN = (sentinel.token for sentinel in SENTINELS)
PARTS = MessageParts(
    subject="Café: will China help?",
    sender=parse_mailbox('"Example, News" <news@example.org>'),
    reply_to=parse_address("editor@example.org"),
    list_id="daily",
    list_name="The Daily",
    feedback_id="2022-03-16-daily:daily:Example-News:examplebfabc374",
    html=f"<!DOCTYPE html>\n<p>Hello {HTML_TOKEN}</p>",
    text=f"Hello {TEXT_TOKEN}\n",
    sentinels=SENTINELS,
)
VALUES = {
    "name": "Anna",
    "email": "anna@mail.example",
    "unsubscribe_url": "https://news.example.org/u/abc",
    "date": "Wed, 16 Mar 2022 06:30:00 +0000",
    "message_id": "0123@example.org",
    "delivery": "d-1",
}
EXPECTED = Path(__file__).with_name("expected.eml").read_text("utf-8")
CONTENT = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=400),
    st.lists(st.sampled_from(["--", "=_", "\n", "\r\n", ".", "é" * 40, "<p>", "boundary"])).map(
        "".join
    ),
)


def message_of(parts: MessageParts = PARTS, **values: str) -> bytes:
    return assemble(build_skeleton(parts)[0], {**VALUES, **values})


def boundary_of(data: bytes) -> str:
    found = re.search(rb'boundary="([^"]+)"', data)
    assert found is not None
    return found[1].decode()


@pytest.mark.covers("H03")
def test_the_whole_message_is_these_lines() -> None:
    data = message_of()
    expected = EXPECTED.replace("BOUNDARY", boundary_of(data)).replace(
        "Anna=\n\n--", "Anna=\n\n\n--"
    )
    assert data.decode().split("\r\n") == expected.split("\n")


@given(CONTENT, CONTENT)
def test_the_standard_library_reads_back_the_html_and_text_that_were_put_in(
    markup: str, text: str
) -> None:
    data = message_of(
        dataclasses.replace(PARTS, html=markup + HTML_TOKEN, text=TEXT_TOKEN + text), name="Zoë <&"
    )

    def with_line_feeds(content: str) -> str:
        return content.replace("\r\n", "\n").replace("\r", "\n")

    ours = parse_message(data)
    assert ours.html == with_line_feeds(markup) + "Zoë &lt;&amp;"
    assert ours.text == "Zoë <&" + with_line_feeds(text)
    theirs = email.message_from_bytes(data, policy=policy.default)
    assert isinstance(theirs, EmailMessage)
    assert theirs.defects == []
    first, second = theirs.iter_parts()
    for part, content in ((first, ours.text), (second, ours.html)):
        payload = part.get_payload(decode=True)
        assert isinstance(payload, bytes)
        assert payload.decode().replace("\r\n", "\n") == content


@pytest.mark.covers("T31")
@given(CONTENT)
def test_the_boundary_is_in_no_part(markup: str) -> None:
    draft = boundary_of(message_of(dataclasses.replace(PARTS, html=markup)))
    data = message_of(dataclasses.replace(PARTS, html=f"{markup}\n--{draft}--\n"))
    assert data.count(f"--{boundary_of(data)}".encode()) == 3


@pytest.mark.covers("T27")
@pytest.mark.parametrize(
    "change", [{"subject": "a\r\nBcc: x"}, {"list_name": "a\nb"}, {"feedback_id": "a\r\nBcc: x"}]
)
def test_a_line_break_in_a_header_is_refused(change: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="control character"):
        build_skeleton(dataclasses.replace(PARTS, **change))  # type: ignore[arg-type]


def test_a_slot_of_the_wrong_part_is_refused() -> None:
    with pytest.raises(ValueError, match="not escaped rightly"):
        build_skeleton(dataclasses.replace(PARTS, text=HTML_TOKEN))
    with pytest.raises(ValueError, match="not escaped rightly"):
        build_skeleton(dataclasses.replace(PARTS, html=TEXT_TOKEN))


def test_a_strangers_message_is_read_as_well_as_it_can_be() -> None:
    message = parse_message(
        b"Subject: =?utf-8?q?a=0D=0ABcc:_x?=\r\nFrom: =?nope?q?=E9?= <a@b.example>\r\n"
        b"Received: one\r\nReceived: two\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
        b"--x\r\nContent-Type: text/plain; charset=nope\r\n\r\n\xc3\xa9\xff\r\n"
        b"--x\r\nContent-Type: text/html\r\nContent-Disposition: attachment\r\n\r\n<b>\r\n--x--\r\n"
    )
    assert message.header("subject") == "a Bcc: x"
    assert message.header("From") == "é <a@b.example>"
    assert message.all_of("received") == ("one", "two")
    assert message.text == "é\ufffd"
    assert message.html == ""
