"""Times of day that a source does not name."""

import pytest

from newsletter.checks.fidelity.other_hours import other_hours

SOURCE = (
    "The library opens on Sundays from 10 January, from 11am to 5pm. The bus leaves at 7.45am"
    " and back at half past nine, or at 18:30; the fire began at 2.04am. There were 3 of them."
)


def test_another_hour_is_told_though_its_figure_stands_in_a_date() -> None:
    assert list(other_hours("Open on Sundays from 10am to 5pm.", SOURCE)) == ["10am"]
    assert list(other_hours("Open from 11am to 3pm.", SOURCE)) == ["3pm"]


@pytest.mark.parametrize(
    "text",
    [
        "Open from 11am to 5pm.",
        "Open from 11 a.m. until 5 p.m., with a bus at 7:45am and one at 6.30pm.",
        "The fire began just after 2am.",
        "The bus at 9pm is full.",  # told as a figure, if the source has none
        "From 10 January it opens on Sundays.",
    ],
)
def test_hours_of_the_source_are_not(text: str) -> None:
    assert list(other_hours(text, SOURCE)) == []


def test_a_source_without_hours_says_nothing_of_them() -> None:
    assert list(other_hours("Doors open at 7pm.", "It has 7 doors.")) == []
