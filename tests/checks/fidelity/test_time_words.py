"""Months and seasons that a source does not name, in languages that write them small."""

from newsletter.checks.fidelity.time_words import other_times


def test_a_month_has_the_names_of_each_arab_country() -> None:
    there = "تفتح المحطة في شهر مارس."
    assert other_times("تفتح المحطة في شهر أبريل.", there, "ar") == ("أبريل",)
    assert other_times("تفتح المحطة في شهر نيسان.", there, "ar") == ("نيسان",)
    for same in ("تفتح في مارس.", "تفتح في آذار.", "تفتح قريبا."):
        assert other_times(same, there, "ar") == ()
    assert other_times("تفتح في أبريل.", "تفتح قريبا.", "ar") == ()
