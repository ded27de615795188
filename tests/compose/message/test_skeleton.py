"""Joining: any values come back from any message, and nobody's value reaches another's."""

import dataclasses
import email
import html
import re
from email import policy
from email.message import EmailMessage

import pytest
from case_tables import own_cases
from hypothesis import given
from hypothesis import strategies as st

from newsletter.compose.message.skeleton import (
    Assembler,
    MessageParts,
    assemble,
    build_skeleton,
    parse_message,
)
from newsletter.compose.message.slots import choose_sentinels
from newsletter.model.address import parse_address, parse_mailbox
from newsletter.model.composed import Skeleton, Slot, SlotContext

HTML_NAME = Slot(name="name", context=SlotContext.HTML, fallback="reader")
TEXT_NAME = Slot(name="name", context=SlotContext.TEXT, fallback="reader")
HTML_EMAIL = Slot(name="email", context=SlotContext.HTML)
HTML_LINK = Slot(name="unsubscribe_url", context=SlotContext.HTML_URL)
TEXT_LINK = Slot(name="unsubscribe_url", context=SlotContext.TEXT)
SLOTS = (HTML_NAME, TEXT_NAME, HTML_EMAIL, HTML_LINK, TEXT_LINK)
TOKENS = {sentinel.slot: sentinel.token for sentinel in choose_sentinels(SLOTS, "")}
PARTS = MessageParts(
    subject="Will China help Russia?",
    sender=parse_mailbox("Example News <news@example.org>"),
    reply_to=parse_address("editor@example.org"),
    list_id="daily",
    list_name="The Daily",
    feedback_id="2022-03-16-daily:daily:Example-News:examplebfabc374",
    html=f'<p>Hello {TOKENS[HTML_NAME]}{TOKENS[HTML_NAME]}, {TOKENS[HTML_EMAIL]}</p>\n.<a href="'
    f'{TOKENS[HTML_LINK]}">leave</a>',
    text=f"Hello {TOKENS[TEXT_NAME]},\n\n.leave: {TOKENS[TEXT_LINK]}\n{TOKENS[TEXT_NAME]}",
    sentinels=choose_sentinels(SLOTS, ""),
)
VALUES = {
    "name": "Anna Reader",
    "email": "anna@mail.example",
    "unsubscribe_url": "https://news.example.org/u/" + "a1B2_-" * 12,
    "preferences_url": "https://news.example.org/p/x",
    "view_online_url": "https://news.example.org/i/2022-03-16-daily",
    "date": "Wed, 16 Mar 2022 06:30:00 +0000",
    "message_id": "0123456789abcdef@example.org",
    "delivery": "0123456789abcdef",
}
# Not among the names: controls of lines and of direction, which are dropped (test_slots).
TURNING = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
NAMES = st.one_of(
    st.text(
        st.characters(
            codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"], exclude_characters=TURNING
        ),
        max_size=120,
    ),
    st.lists(st.sampled_from([*TOKENS.values(), " ", "<b>", "=", ".", "--=_", "é", "&amp;"])).map(
        "".join
    ),
)
PATHS = st.one_of(
    st.text("abcXYZ0123456789_-", min_size=1, max_size=300),
    st.text("ab.=&?/'\"é ", min_size=1, max_size=90),
)


def skeleton_of(parts: MessageParts = PARTS) -> Skeleton:
    return build_skeleton(parts)[0]


ASSEMBLER = Assembler(skeleton_of())


@given(NAMES, PATHS)
def test_a_reader_reads_what_was_put_in_whatever_the_values(name: str, path: str) -> None:
    url = f"https://news.example.org/u/{path}"
    try:
        data = ASSEMBLER.assemble({**VALUES, "name": name, "unsubscribe_url": url})
    except ValueError:
        assert "=?" in name
        return
    message = parse_message(data)
    shown = name or "reader"
    link = re.search('href="([^"]*)"', message.html)
    assert link is not None
    isolates = message.text.count("\u2068")
    assert isolates == message.text.count("\u2069")
    assert isolates in (0, message.html.count('<span dir="auto">'))  # none round a long name
    page = re.sub('<span dir="auto">(.*?)</span>', r"\1", message.html)
    text = re.sub("[\u2068\u2069]", "", message.text)
    if isolates:  # kept on one line by no-break spaces
        text, shown = text.replace("\xa0", " "), shown.replace("\xa0", " ")
        page = page.replace("\xa0", " ")
    assert text == f"Hello {shown},\n\n.leave: {url}\n{shown}"
    assert page == (
        f"<p>Hello {html.escape(shown)}{html.escape(shown)}, anna@mail.example</p>\n."
        f'<a href="{link[1]}">leave</a>'
    )
    if path.isascii() and path.isalnum():
        assert link[1] == url
        assert message.header("List-Unsubscribe") == f"<{url}>"
    lines = data.split(b"\r\n")
    assert max(map(len, lines)) <= 998
    body = lines[lines.index(b"") :]
    assert max(map(len, body)) <= 76
    assert not any(line.startswith(b".") for line in lines)
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert b"\r" not in data.replace(b"\r\n", b"")
    assert data.endswith(b"--\r\n")
    assert not data.endswith(b"\r\n\r\n")


@given(st.sampled_from(["Anna Reader", "", "Zoë", "a.b"]), st.sampled_from(["short", "x" * 90]))
def test_the_quick_way_and_the_thorough_way_make_the_same_bytes(name: str, path: str) -> None:
    values = {**VALUES, "name": name, "unsubscribe_url": f"https://news.example.org/u/{path}"}
    thorough = Assembler(skeleton_of())
    thorough._match_plain = re.compile("(?!)").fullmatch  # noqa: SLF001 (no value counts as plain)
    assert (
        ASSEMBLER.assemble(values) == thorough.assemble(values) == assemble(skeleton_of(), values)
    )


@pytest.mark.covers("T31")
@pytest.mark.parametrize("token", TOKENS.values())
def test_a_reader_named_like_a_sentinel_is_a_reader_with_an_odd_name(token: str) -> None:
    message = parse_message(ASSEMBLER.assemble({**VALUES, "name": token}))
    assert message.text.startswith(f"Hello {token},")
    assert message.html.startswith(f"<p>Hello {token}{token}, anna@mail.example</p>")


@pytest.mark.covers("T31")
def test_a_reader_named_like_the_boundary_ends_no_part() -> None:
    boundary = re.search(rb'boundary="([^"]+)"', b"".join(skeleton_of().segments))
    assert boundary is not None
    name = f"--{boundary[1].decode()}--"
    data = ASSEMBLER.assemble({**VALUES, "name": name})
    assert data.count(b"\n--" + boundary[1]) == 3
    assert parse_message(data).text.startswith(f"Hello {name},")


@pytest.mark.covers("T32", "I08")
def test_a_thousand_readers_with_marks_of_their_own_get_only_their_own() -> None:
    def mark(number: int) -> str:
        return f"mark{number:06d}end"

    for number in range(1000):
        own = mark(number)
        odd = number % 3 == 0
        data = ASSEMBLER.assemble(
            {
                "name": f"{own} é" if odd else own,
                "email": f"{own}@mail.example",
                "unsubscribe_url": f"https://news.example.org/u/{own}",
                "date": VALUES["date"],
                "message_id": f"{own}@example.org",
                "delivery": own,
            }
        )
        message = parse_message(data)
        everything = "\n".join([message.html, message.text, *(v for _, v in message.headers)])
        assert set(re.findall(r"mark\d{6}end", everything)) == {own}
        assert everything.count(own) == 2 + 1 + 1 + 2 + 1 + 5
        assert set(re.findall(rb"mark\d{6}end", data)) == {own.encode()}


@pytest.mark.covers("T27")
@pytest.mark.parametrize(
    ("name", "value"), own_cases(__file__, "a_header_value_that_could_do_harm_is_refused")
)
def test_a_header_value_that_could_do_harm_is_refused(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        ASSEMBLER.assemble({**VALUES, name: value})


@pytest.mark.covers("T28")
def test_to_holds_exactly_one_mailbox() -> None:
    for name in ('a" <v@evil.example>, "b', "x, y", "g: a@b.example;", "J. R.", "Zoë", "n" * 190):
        data = ASSEMBLER.assemble({**VALUES, "name": name})
        message = email.message_from_bytes(data, policy=policy.default)
        assert isinstance(message, EmailMessage)
        assert [one.addr_spec for one in message["To"].addresses] == ["anna@mail.example"]
        assert parse_message(data).header("Bcc") == ""


def test_a_line_of_the_text_part_stays_within_998_bytes() -> None:
    line = " ".join([TOKENS[TEXT_NAME]] * 4)
    parts = dataclasses.replace(PARTS, text=f"Dear {line}, hello\n{TOKENS[TEXT_LINK]}\n")
    data = Assembler(skeleton_of(parts)).assemble({**VALUES, "name": "名前" * 100})
    text = parse_message(data).text
    assert max(len(line.encode()) for line in text.split("\n")) <= 998
    assert text.count("…") == 4
