"""Names that a list may hold are names that every message can carry."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.audience.csv_import import reader_name
from newsletter.compose.message.headers import mailbox

ODD = st.lists(st.sampled_from(["=?", "?=", "utf-8", "?q?", "=0A", " ", "é", '"', "<", ",", "a"]))


@given(st.one_of(st.text(max_size=60), ODD.map("".join)))
def test_every_name_that_is_taken_in_can_stand_in_a_header(text: str) -> None:
    try:
        name = reader_name(text)
    except ValueError:
        return
    assert reader_name(name) == name
    mailbox(name, "reader@mail.example", start=4)


@pytest.mark.covers("T27")
@pytest.mark.parametrize("text", ["a\r\nb", "a\u2028b", "=?utf-8?q?=0A?=", "n" * 201, "a\tb"])
def test_what_is_no_name_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="its name"):
        reader_name(text)
