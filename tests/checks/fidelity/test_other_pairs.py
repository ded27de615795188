"""A figure of the source beside another month or unit."""

import pytest

from newsletter.checks.fidelity.other_pairs import other_pairs

SOURCE = (
    "It will be on show from 16 June, and visitors are asked to book until the end of July. "
    "Council tax rises by 4.8 per cent. The rate fell by 0.5 percentage points."
)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("It goes on show on 16 July.", ["16 july"]),
        ("It goes on show on July 16th.", ["july 16th"]),
        ("Tax is up by 4.8 percentage points.", ["4.8 percentage points"]),
        ("It goes on show on June 16.", []),
        ("Book until 31 July.", []),
        ("Tax is up by 4.8%, while the rate fell 0.5 percentage points.", []),
        ("It will be on show in July 1998.", []),
    ],
)
def test_another_month_or_unit_is_told(text: str, told: list[str]) -> None:
    assert list(other_pairs(text, SOURCE)) == told


def test_a_day_that_the_source_also_has_alone_is_not_told() -> None:
    assert not list(other_pairs("From 16 July.", f"{SOURCE} In July it opens on the 16th."))
