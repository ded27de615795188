"""Days whose verb is of another time."""

from newsletter.checks.days.tenses import wrong_tenses
from newsletter.checks.written import Field, Written


def _told(text: str) -> list[str]:
    return [
        words for _, words in wrong_tenses(Written(field=Field.SUMMARY, text=text, line=3), "en")
    ]


def test_a_past_verb_of_tomorrow_and_a_future_one_of_yesterday_are_told() -> None:
    assert _told("Talks broke down tomorrow after six hours.") == ["broke down tomorrow"]
    assert _told("The mayor will speak in the hall yesterday.")
    for right in (
        "The report is to be published tomorrow, and the vote was put off until tomorrow.",
        "The minister will pay for the deal agreed yesterday.",
        "They will appeal against yesterday's ruling; it will be longer than yesterday.",
        "Results announced tomorrow will show it. The talks, which broke down, go on tomorrow.",
    ):
        assert _told(right) == [], right
