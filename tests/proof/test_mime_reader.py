"""Our messages as a MIME parser reads them that is neither ours nor Python's: Perl's MIME-tools.

It takes a message apart by its own reading of RFC 2045 to 2047; header words are decoded by Encode.
What comes out is compared with what was put in, byte for byte.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from composing import READER
from hypothesis import given, settings
from hypothesis import strategies as st
from independent import Reader, golden_bytes, golden_cases

from newsletter.compose.message.skeleton import MessageParts, assemble, build_skeleton
from newsletter.compose.message.slots import choose_sentinels, fill
from newsletter.model.address import Mailbox, parse_address
from newsletter.model.composed import Slot, SlotContext

pytestmark = pytest.mark.services

NAMES = [
    "from",
    "reply-to",
    "to",
    "subject",
    "date",
    "message-id",
    "list-id",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "feedback-id",
    "precedence",
    "x-delivery",
    "mime-version",
    "content-type",
]
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

PRINTABLE = st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp", "Cn"])
ODD = st.sampled_from(
    [
        ".",
        "..",
        "\n.\n",
        "From ",
        "=",
        "=20",
        "--=_",
        " \n",
        "\t",
        "é" * 40,
        "😀",
        "x" * 200,
        "&amp;",
    ]
)
CONTENT = st.lists(st.one_of(st.text(PRINTABLE, max_size=90), ODD, st.just("\n")), max_size=30).map(
    "".join
)
LINES = st.text(PRINTABLE, max_size=120).map(lambda text: " ".join(text.split()))


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    with Reader(tmp_path_factory.mktemp("home")) as running:
        yield running


def check(seen: dict[str, Any], *, text: bytes, html: bytes) -> None:
    """Hold the structure, and each part to the byte."""
    assert seen["problems"] == []
    message = seen["message"]
    assert message["type"] == "multipart/alternative"
    shapes = [(part["type"], part["charset"], part["encoding"]) for part in message["parts"]]
    assert shapes == [
        ("text/plain", "utf-8", "quoted-printable"),
        ("text/html", "utf-8", "quoted-printable"),
    ]
    assert Reader.data(seen) == [text, html]


@pytest.mark.parametrize("case", golden_cases())
def test_a_golden_mail_comes_out_as_it_was_composed(case: str, reader: Reader) -> None:
    seen = reader.read(golden_bytes(case, "eml"))
    check(seen, text=golden_bytes(case, "txt"), html=golden_bytes(case, "html"))
    assert sorted(name for name, _, _ in seen["headers"]) == sorted(NAMES)
    headers = {name: value for name, _, value in seen["headers"]}
    assert headers["from"] == "Example News <news@example.org>"
    assert headers["to"] == "Sam Reader <sam@readers.example>"
    assert headers["list-unsubscribe"] == f"<{READER['unsubscribe_url']}>"
    assert headers["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"


@settings(max_examples=200, derandomize=True)
@given(subject=LINES, sender=LINES, name=LINES, text=CONTENT, html=CONTENT)
def test_200_messages_come_out_as_they_were_put_in(  # noqa: PLR0917 (Hypothesis names them)
    reader: Reader, subject: str, sender: str, name: str, text: str, html: str
) -> None:
    parts = MessageParts(
        subject=subject,
        sender=Mailbox(name=sender, address=parse_address("news@example.org")),
        reply_to=None,
        list_id="daily",
        list_name=sender,
        feedback_id="a:b:c:example12345678",
        html=html + HTML_TOKEN + html,
        text=TEXT_TOKEN + text,
        sentinels=SENTINELS,
    )
    values = VALUES | {"name": name}
    try:
        data = assemble(build_skeleton(parts)[0], values)
    except ValueError:  # an encoded word that hides a control character
        assert "=?" in subject + sender + name
        return
    seen = reader.read(data)
    check(
        seen,
        text=fill(parts.text, SENTINELS, values).encode(),
        html=fill(parts.html, SENTINELS, values).encode(),
    )
    headers = {name: unquoted(raw, value) for name, raw, value in seen["headers"]}
    assert sorted([*headers, "reply-to"]) == sorted(NAMES)
    assert len(headers) == len(seen["headers"])
    assert headers["subject"] == subject
    assert headers["from"] == mailbox(sender, "news@example.org")
    assert headers["to"] == mailbox(name, READER["email"])
    assert headers["list-id"] == f"{sender} <daily.example.org>".strip()


def mailbox(name: str, address: str) -> str:
    """A mailbox as a person reads it."""
    return f"{name} <{address}>" if name else address


def unquoted(raw: str, value: str) -> str:
    """Take the quotes from a display name that stands in them (RFC 5322 section 3.2.4)."""
    words, quote, address = value[1:].rpartition('" <')
    if not raw.startswith('"') or not quote:
        return value
    return words.replace('\\"', '"').replace("\\\\", "\\") + f" <{address}"
