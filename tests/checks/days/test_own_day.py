"""Weekdays in the head of an issue that are meant as its own."""

from newsletter.checks.days.own_day import names_own_day


def test_a_greeting_or_a_name_of_the_issue_names_its_day() -> None:
    for before, after in (
        ("Happy ", "! Here is the news."),
        ("Dear reader, here is ", "'s selection, chosen by hand."),
        ("Hello from the Times on ", "."),
        ("Good morning on this foggy ", ""),
        ("", " morning. The frost is back."),
        ("Good morning. Here is what Northmoor is talking about this ", "."),
        ("Here are the stories worth your time this ", ", chosen by hand."),
        ("Guten Morgen. Das ist wichtig an diesem ", "."),
        ("Was Sie wissen sollten: Das bewegt die Stadt an diesem ", "."),
        ("Bonjour à tous, voici ce qu'il faut retenir ce ", "."),
        ("Buenos días. Esto es lo que hay que saber este ", "."),
    ):
        assert names_own_day(before, after), before
    for before, after in (
        ("Hello. The vote is on ", "."),
        ("Good morning. We look at ", "'s vote."),
        ("Here is what to do this ", "."),
        ("Here is what you need to know about this ", "'s vote."),
        ("The council votes on the wall this ", "."),
        ("Voici où sortir ce ", "."),
        ("Das Freibad öffnet an diesem ", "."),
        ("Das ist wichtig für die Wahl am ", "."),
        ("Welcome to the debate on ", " evening's vote"),
        ("Happy ", " 4 December"),
    ):
        assert not names_own_day(before, after), before
