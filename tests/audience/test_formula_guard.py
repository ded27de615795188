"""The guard of exported cells, and its exact undoing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.audience.csv_import import guard, unguard

STARTS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"


@pytest.mark.covers("T44")
@given(st.one_of(st.text(max_size=20), st.text("'" + STARTS + "a", max_size=8)))
def test_guarding_is_undone_exactly_and_no_cell_starts_a_formula(text: str) -> None:
    assert unguard(guard(text)) == text
    assert not guard(text).startswith(tuple(STARTS))
