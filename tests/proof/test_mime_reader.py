"""Our messages as a MIME parser reads them that is neither ours nor Python's: Perl's MIME-tools.

It takes a message apart by its own reading of RFC 2045 to 2047; header words are decoded by Encode.
What comes out is compared with what was put in, byte for byte; hostile words in a head add nothing.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from compose.message.test_headers import HARMLESS, INJECTIONS, NAMES
from composing import READER
from hostile import CODE, NAUGHTY
from hypothesis import given, settings
from hypothesis import strategies as st
from independent import Reader, golden_bytes, golden_cases

from newsletter.compose.message.skeleton import MessageParts, assemble, build_skeleton
from newsletter.compose.message.slots import choose_sentinels, fill
from newsletter.model.address import Mailbox, parse_address
from newsletter.model.composed import Slot, SlotContext

pytestmark = pytest.mark.services

FIELDS = {
    *("from", "reply-to", "to", "subject", "date", "message-id", "mime-version", "content-type"),
    *("list-id", "list-unsubscribe", "list-unsubscribe-post", "feedback-id", "precedence"),
    "x-delivery",
}
SLOTS = (
    Slot(name="name", context=SlotContext.HTML, fallback="reader"),
    Slot(name="name", context=SlotContext.TEXT, fallback="reader"),
)
SENTINELS = choose_sentinels(SLOTS, "")
HTML_TOKEN, TEXT_TOKEN = (sentinel.token for sentinel in SENTINELS)
VALUES = READER | {
    "date": "Tue, 15 Mar 2022 06:30:00 +0000",
    "message_id": "proof.1@news.example.org",
    "delivery": "1",
}
WORDS = ["A plain subject", *INJECTIONS, *HARMLESS, *NAMES, *NAUGHTY, *CODE]
PRINTABLE = st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp", "Cn"])
ODD = st.sampled_from(
    [".", "..", "\n.\n", "From ", "=", "=20", "--=_", " \n", "\t", "é" * 40, "😀", "x" * 200]
)
CONTENT = st.lists(st.one_of(st.text(PRINTABLE, max_size=90), ODD, st.just("\n")), max_size=30).map(
    "".join
)
LINES = st.text(PRINTABLE, max_size=120).map(lambda text: " ".join(text.split()))


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    with Reader(tmp_path_factory.mktemp("home")) as running:
        yield running


def parts_with(*, subject: str, sender: str, title: str, html: str, text: str) -> MessageParts:
    return MessageParts(
        subject=subject,
        sender=Mailbox(name=sender, address=parse_address("news@example.org")),
        reply_to=parse_address("editor@example.org"),
        list_id="daily",
        list_name=title,
        feedback_id="a:b:c:example12345678",
        html=html,
        text=text,
        sentinels=SENTINELS,
    )


def check(seen: dict[str, Any], *, text: bytes, html: bytes) -> dict[str, str]:
    """Hold the structure, the fields, and each part to the byte; return the fields, decoded."""
    assert seen["problems"] == []
    message = seen["message"]
    assert message["type"] == "multipart/alternative"
    shapes = [(part["type"], part["charset"], part["encoding"]) for part in message["parts"]]
    assert shapes == [
        ("text/plain", "utf-8", "quoted-printable"),
        ("text/html", "utf-8", "quoted-printable"),
    ]
    assert Reader.data(seen) == [text, html]
    headers = {name: unquoted(raw, value) for name, raw, value in seen["headers"]}
    assert headers.keys() == FIELDS
    assert len(seen["headers"]) == len(FIELDS)
    return headers


@pytest.mark.parametrize("case", golden_cases())
def test_a_golden_mail_comes_out_as_it_was_composed(case: str, reader: Reader) -> None:
    seen = reader.read(golden_bytes(case, "eml"))
    headers = check(seen, text=golden_bytes(case, "txt"), html=golden_bytes(case, "html"))
    assert headers["from"] == "Example News <news@example.org>"
    assert headers["to"] == "Sam Reader <sam@readers.example>"
    assert headers["list-unsubscribe"] == f"<{READER['unsubscribe_url']}>"
    assert headers["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"


@settings(max_examples=200, derandomize=True)
@given(subject=LINES, sender=LINES, name=LINES, text=CONTENT, html=CONTENT)
def test_200_messages_come_out_as_they_were_put_in(  # noqa: PLR0917 (Hypothesis names them)
    reader: Reader, subject: str, sender: str, name: str, text: str, html: str
) -> None:
    parts = parts_with(
        subject=subject,
        sender=sender,
        title=sender,
        html=html + HTML_TOKEN + html,
        text=TEXT_TOKEN + text,
    )
    values = VALUES | {"name": name}
    try:
        data = assemble(build_skeleton(parts)[0], values)
    except ValueError:  # an encoded word that hides a control character
        assert "=?" in subject + sender + name
        return
    headers = check(
        reader.read(data),
        text=fill(parts.text, SENTINELS, values).encode(),
        html=fill(parts.html, SENTINELS, values).encode(),
    )
    assert headers["subject"] == subject
    assert headers["from"] == f"{sender} <news@example.org>" if sender else "news@example.org"
    assert headers["to"] == f"{name} <{READER['email']}>" if name else READER["email"]
    assert headers["list-id"] == f"{sender} <daily.example.org>".strip()


def unquoted(raw: str, value: str) -> str:
    """Take the quotes from a display name that stands in them (RFC 5322 section 3.2.4)."""
    words, quote, address = value[1:].rpartition('" <')
    if not raw.startswith('"') or not quote:
        return value
    return words.replace('\\"', '"').replace("\\\\", "\\") + f" <{address}"


def message(words: str, place: str) -> bytes:
    """A message with the words in one place of its head."""
    at = dict.fromkeys(("subject", "sender", "title", "name"), "Plain words") | {place: words}
    name = at.pop("name")
    parts = parts_with(**at, html=f"<p>{HTML_TOKEN}</p>", text=f"{TEXT_TOKEN}\n")
    return assemble(build_skeleton(parts)[0], VALUES | {"name": name})


@pytest.mark.covers("T27", "T28", "T31")
@pytest.mark.parametrize("place", ["subject", "sender", "title", "name"])
def test_no_words_add_a_field_or_a_mailbox(place: str, reader: Reader) -> None:
    refused = []
    for words in WORDS:
        try:
            data = message(words, place)
        except ValueError:
            refused.append(words)
            continue
        seen = reader.read(data)
        assert seen["problems"] == [], words
        assert sorted(name for name, _, _ in seen["headers"]) == sorted(FIELDS), words
        raw = {name: value for name, value, _ in seen["headers"]}
        for field, address in (("from", "<news@example.org>"), ("to", f"<{READER['email']}>")):
            assert raw[field].endswith(address) or raw[field] == address.strip("<>"), words
            assert raw[field].count("@") - words.count("@") <= 1
    assert set(INJECTIONS) <= {*refused} | {words for words in WORDS if "=?" in words}
    assert not set(NAUGHTY) & {*refused}


@pytest.mark.covers("T31")
def test_a_reader_named_like_a_mark_of_ours_is_a_reader_with_an_odd_name(reader: Reader) -> None:
    boundary = message("Plain words", "subject").split(b'boundary="')[1].split(b'"')[0].decode()
    for name in (HTML_TOKEN, TEXT_TOKEN.upper(), boundary, f"--{boundary}--"):
        seen = reader.read(message(name, "name"))
        check(seen, text=f"{name}\n".encode(), html=f"<p>{name}</p>".encode())
