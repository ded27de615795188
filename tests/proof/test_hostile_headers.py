"""Hostile words in every place that a message's head is made of, read back by Perl's MIME-tools."""

from collections.abc import Iterator

import pytest
from compose.message.test_headers import HARMLESS, INJECTIONS, NAMES
from hostile import CODE, NAUGHTY
from independent import Reader

from newsletter.compose.message.skeleton import MessageParts, assemble, build_skeleton
from newsletter.compose.message.slots import choose_sentinels
from newsletter.model.address import Mailbox, parse_address
from newsletter.model.composed import Slot, SlotContext

pytestmark = pytest.mark.services

WORDS = ["A plain subject", *INJECTIONS, *HARMLESS, *NAMES, *NAUGHTY, *CODE]
SLOTS = (
    Slot(name="name", context=SlotContext.HTML, fallback="reader"),
    Slot(name="name", context=SlotContext.TEXT, fallback="reader"),
)
VALUES = {
    "name": "Sam Reader",
    "email": "sam@readers.example",
    "unsubscribe_url": "https://news.example.org/u/1",
    "date": "Tue, 15 Mar 2022 06:30:00 +0000",
    "message_id": "head.1@news.example.org",
    "delivery": "1",
}


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    with Reader(tmp_path_factory.mktemp("home")) as running:
        yield running


def message(words: str, place: str) -> bytes:
    """A message with the words in one place of its head."""
    at = dict.fromkeys(("subject", "sender", "title", "name"), "Plain words") | {place: words}
    sentinels = choose_sentinels(SLOTS, words)
    html, text = (each.token for each in sentinels)
    parts = MessageParts(
        subject=at["subject"],
        sender=Mailbox(name=at["sender"], address=parse_address("news@example.org")),
        reply_to=parse_address("editor@example.org"),
        list_id="daily",
        list_name=at["title"],
        feedback_id="a:b:c:example12345678",
        html=f"<p>{html}</p>",
        text=f"{text}\n",
        sentinels=sentinels,
    )
    return assemble(build_skeleton(parts)[0], VALUES | {"name": at["name"]})


@pytest.mark.covers("T27", "T28", "T31")
@pytest.mark.parametrize("place", ["subject", "sender", "title", "name"])
def test_no_words_add_a_field_or_a_mailbox(place: str, reader: Reader) -> None:
    twin = sorted(name for name, _, _ in reader.read(message("Plain words", place))["headers"])
    refused = []
    for words in WORDS:
        try:
            data = message(words, place)
        except ValueError:
            refused.append(words)
            continue
        seen = reader.read(data)
        assert seen["problems"] == [], words
        assert sorted(name for name, _, _ in seen["headers"]) == twin, words
        raw = {name: value for name, value, _ in seen["headers"]}
        for field, address in (("from", "<news@example.org>"), ("to", "<sam@readers.example>")):
            assert raw[field].endswith(address) or raw[field] == address.strip("<>"), words
            assert raw[field].count("@") - words.count("@") <= 1
        if place == "subject":
            decoded = {name: value for name, _, value in seen["headers"]}
            assert decoded["subject"].split() == words.split() or "=?" in words, words
    assert set(INJECTIONS) <= {*refused} | {words for words in WORDS if "=?" in words}
    assert not set(NAUGHTY) & {*refused}


@pytest.mark.covers("T31")
def test_a_reader_named_like_a_mark_of_ours_is_a_reader_with_an_odd_name(reader: Reader) -> None:
    tokens = [each.token for each in choose_sentinels(SLOTS, "Plain words")]
    boundary = message("Plain words", "subject").split(b'boundary="')[1].split(b'"')[0].decode()
    for name in (*tokens, *(token.upper() for token in tokens), boundary, f"--{boundary}--"):
        seen = reader.read(message(name, "name"))
        assert seen["problems"] == []
        assert [part["type"] for part in seen["message"]["parts"]] == ["text/plain", "text/html"]
        assert reader.data(seen) == [f"{name}\n".encode(), f"<p>{name}</p>".encode()]
