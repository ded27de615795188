import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.delivery.pipeline import (
    content_of,
    envelope_address,
    mail_command,
    rcpt_command,
)
from newsletter.model.address import Address, parse_address

lines = st.lists(st.binary(max_size=80).filter(lambda b: not set(b) & {0, 10, 13}), min_size=1)


def unstuffed(content: bytes) -> bytes:
    return b"\r\n".join(line.removeprefix(b".") for line in content.split(b"\r\n"))


@pytest.mark.covers("T29")
@given(lines)
def test_a_message_comes_back_whole_and_never_ends_early(parts: list[bytes]) -> None:
    message = b"\r\n".join(parts) + b"\r\n"
    content = content_of(message)
    assert unstuffed(content) == message
    assert b"\r\n.\r\n" not in b"\r\n" + content


@pytest.mark.covers("T29")
@pytest.mark.parametrize(
    "message",
    [
        b"a\nb\r\n",
        b"a\rb\r\n",
        b"a\n.\n\r\n",
        b"a\r\n.\n\r\n",
        b"a\r.\r\r\n",
        b"a\0\r\n",
        b"a",
        b"a\r\n\r",
        b"",
        b"a" * 999 + b"\r\n",
    ],
)
def test_bytes_that_could_end_a_message_early_are_refused(message: bytes) -> None:
    with pytest.raises(ValueError, match="message"):
        content_of(message)


def test_an_envelope_is_made_of_one_address() -> None:
    ann = Address(local="ann", domain="reader.example")
    assert rcpt_command(ann) == b"RCPT TO:<ann@reader.example>\r\n"
    assert (
        mail_command(ann, parameters=("SIZE=10",)) == b"MAIL FROM:<ann@reader.example> SIZE=10\r\n"
    )


@pytest.mark.covers("T30")
@given(st.text(max_size=30))
def test_no_address_adds_a_command_or_parameter(local: str) -> None:
    try:
        command = rcpt_command(Address(local=local, domain="reader.example"))
    except ValueError:
        return
    assert command.count(b"\r\n") == 1
    assert b" " not in command.removeprefix(b"RCPT TO")
    assert command.endswith(b"@reader.example>\r\n")


@pytest.mark.parametrize(
    "text",
    [
        "ann@reader.example",
        "a.b+c_d-e@sub.reader.example",
        "zoë@reader.example",
        "o'neil@reader.example",
    ],
)
def test_a_stored_spelling_gives_the_address_the_careful_parser_gives(text: str) -> None:
    assert envelope_address(text) == parse_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ann",
        "ann@",
        "@reader.example",
        "a@b@c.example",
        "ann@reader.example>\r\nDATA",
        "a b@c.example",
    ],
)
def test_a_spelling_that_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        envelope_address(text)
