"""A figure that a clause takes from another matter of its source."""

import pytest

from newsletter.checks.fidelity.edits import edits

SOURCE = (
    "Employers in the United States added 142,000 jobs in November. Economists had expected"
    " 120,000. Health care added 51,000 jobs and restaurants 23,000.\n"
    "The figure for October was revised down to 98,000 from 117,000."
)


def _told(text: str) -> list[tuple[str, str]]:
    return [(one.told, one.there) for one in edits(text, SOURCE)]


def test_a_figure_of_another_matter_is_told() -> None:
    text = "Employers added 142,000 jobs, against the 117,000 that economists had expected."
    assert _told(text) == [("117,000", "120,000")]


@pytest.mark.parametrize(
    "text",
    [
        "Employers added 142,000 jobs, against the 120,000 that economists had expected.",
        "October's 117,000 was cut to 98,000, and economists had expected less of November.",
        "Restaurants added 23,000 jobs, and health care 51,000.",
        "Nobody had expected 142,000 new jobs, economists least of all.",
    ],
)
def test_a_figure_of_its_own_matter_is_not(text: str) -> None:
    assert _told(text) == []
