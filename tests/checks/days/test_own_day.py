"""Weekdays in the head of an issue that are meant as its own."""

from newsletter.checks.days.own_day import names_own_day


def test_a_greeting_or_a_name_of_the_issue_names_its_day() -> None:
    for before, after in (
        ("Happy ", "! Here is the news."),
        ("Dear reader, here is ", "'s selection, chosen by hand."),
        ("Hello from the Times on ", "."),
        ("Good morning on this foggy ", ""),
        ("", " morning. The frost is back."),
    ):
        assert names_own_day(before, after), before
    for before, after in (
        ("Hello. The vote is on ", "."),
        ("Good morning. We look at ", "'s vote."),
        ("Welcome to the debate on ", " evening's vote"),
        ("Happy ", " 4 December"),
    ):
        assert not names_own_day(before, after), before
