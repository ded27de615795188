"""Quoted-printable around slots: every value stands on its own line, no line is too long."""

import quopri

from hypothesis import given
from hypothesis import strategies as st

from newsletter.compose.message.headers import encode_pieces, encode_value, fold_plain

TEXT = st.text(st.characters(codec="utf-8"), max_size=300)
LINES = st.lists(st.sampled_from(["\n", "\r\n", "\r", ".", "From ", "=", " ", "é", "x" * 74, "a"]))
MIXED = st.one_of(TEXT, LINES.map("".join))


def joined(pieces: list[str], values: list[str]) -> bytes:
    parts = [encode_pieces(pieces)[0]]
    for value, piece in zip(values, encode_pieces(pieces)[1:], strict=True):
        parts += [encode_value(value), piece]
    return b"".join(parts)


def with_line_feeds(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


@given(st.lists(st.tuples(MIXED, MIXED), min_size=1, max_size=5))
def test_what_was_put_in_comes_out_and_every_line_is_within_bounds(
    pairs: list[tuple[str, str]],
) -> None:
    pieces = [piece for piece, _ in pairs] + ["the end"]
    values = [value for _, value in pairs]
    data = joined(pieces, values)
    expected = "".join(
        with_line_feeds(piece) + with_line_feeds(value)
        for piece, value in zip(pieces, [*values, ""], strict=True)
    )
    assert quopri.decodestring(data).replace(b"\r\n", b"\n").decode() == expected
    for line in data.split(b"\r\n"):
        assert len(line) <= 76
        assert not line.startswith((b".", b"From "))
        assert b"\r" not in line
        assert b"\n" not in line
        assert line == line.rstrip(b" \t")
        assert line.isascii()


def test_a_soft_break_stands_before_and_after_each_slot() -> None:
    before, between, after = encode_pieces(["Hello ", "", ", you\n"])
    assert before == b"Hello =\r\n"
    assert between == b"=\r\n"
    assert after == b"=\r\n, you\r\n"


def test_a_leading_dot_and_a_leading_from_are_encoded() -> None:
    assert encode_pieces([".\n..\nFrom me"]) == (b"=2E\r\n=2E.\r\n=46rom me",)


@given(st.text("abc.F rom", min_size=1, max_size=400).filter(lambda text: text[0] not in ". F"))
def test_folding_plain_bytes_equals_encoding_them(text: str) -> None:
    plain = text.rstrip(" ")
    folded = fold_plain(plain.encode())
    assert quopri.decodestring(folded).decode() == plain
    for line in folded.split(b"\r\n"):
        assert len(line) <= 76
        assert not line.startswith((b".", b"From "))
