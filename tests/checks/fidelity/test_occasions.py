"""Dates of a text that its source tells in another way."""

from datetime import date

from newsletter.checks.fidelity.occasions import days_of_weekdays

FRIDAY = date(2026, 12, 4)


def test_the_date_of_a_weekday_that_the_source_names_is_known() -> None:
    source = "Talks resume on Monday."
    assert days_of_weekdays("Talks resume on 7 December.", source, FRIDAY) == {"7"}
    assert days_of_weekdays("Talks resume on 8 December.", source, FRIDAY) == set()
    assert days_of_weekdays("Talks resume on 7 December.", "They resume.", FRIDAY) == set()
    assert days_of_weekdays("Talks resume on 7 December.", source, None) == set()
