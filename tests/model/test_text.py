"""Characters in values: unseen ones go, scripts and emoji stay, cleaning twice is cleaning once."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.model.text import clean_line, clean_text, is_slug, refused_control

ODD = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(
            "\u200b\u200c\u200d\u202e\u2066\ufeff\U0001f3f4\U000e0067\U000e007f"
            "\u0301\u05d0\tae \n\u0338<="
        ),
    )
)


@given(ODD)
@pytest.mark.covers("T06")
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    for clean in (clean_text, clean_line, lambda t: clean_text(t, keep_lines=True)):
        once = clean(text)
        assert clean(once) == once
        assert unicodedata.is_normalized("NFC", once)


@given(ODD)
@pytest.mark.covers("T27")
def test_a_line_holds_no_control_and_no_line_break(text: str) -> None:
    line = clean_line(text)
    assert refused_control(line) < 0
    assert not set("\n\r\t\x0b\x0c\u2028\u2029\x85") & set(line)
    assert line == line.strip()


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("a\u200d", "a"),
        ("\u200ca", "a"),
        ("a\u200db", "a\u200db"),
        ("a \u200d b", "a  b"),
        ("\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", None),
        ("\U0001f3f4\U000e0067", "\U0001f3f4"),
        ("x\U000e0068\U000e0069", "x"),
        ("e\u0301", "é"),
        ("a\u200eb\u00ad", None),
    ],
)
@pytest.mark.covers("T06")
def test_what_stays_and_what_goes(text: str, clean: str | None) -> None:
    assert clean_text(text) == (text if clean is None else clean)


def test_a_slug_is_safe_in_a_path() -> None:
    assert is_slug("2022-03-16-daily")
    for name in ("", "..", "a/b", "A", "a.b", "é", "a\n", "x" * 81):
        assert not is_slug(name)
