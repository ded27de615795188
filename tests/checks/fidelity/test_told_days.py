"""Days that a story tells otherwise than its source."""

from datetime import date

import pytest

from newsletter.checks.days.day_names import day_names
from newsletter.checks.fidelity.told_days import told_days

NAMES = day_names("en-GB")
PUBLISHED, SENT = date(2026, 3, 19), date(2026, 3, 20)  # a Thursday, and the Friday behind it
SOURCE = (
    "Tarrow's women are through to the final after a 19-17 win at Marlbridge on Sunday. The final"
    " is on Saturday 11 April at Kingsmere against Loxley. Tickets go on sale on Monday at nine in"
    " the morning.\n"
    "The council said that the merger would save £380,000."
)


def _told(text: str, published: date = PUBLISHED) -> list[str]:
    found = told_days(text, SOURCE, NAMES, sent=SENT, published=published)
    return [word for _, word, _ in found]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("They meet Loxley at Kingsmere today; tickets cost £10.", "today"),
        ("Tarrow's women won at Marlbridge yesterday.", "yesterday"),
        ("Tickets go on sale tomorrow morning at nine, but not for all.", ""),  # as Saturday
        ("Tickets went on sale this morning at nine.", "this morning"),
    ],
)
def test_a_day_that_the_source_does_not_name_is_told(text: str, word: str) -> None:
    assert _told(text) == ([word] if word else [])


@pytest.mark.parametrize(
    "text",
    [
        "They meet Loxley at Kingsmere on 11 April.",
        "Tarrow's women won at Marlbridge last Sunday.",
        "The council said yesterday that Tarrow's women meet Loxley at Kingsmere on 11 April.",
        "Today the town waits for Saturday 11 April, when Loxley come to Kingsmere.",
        "The merger would save £380,000, the council said yesterday.",
        "Today is a good day for a walk.",
    ],
)
def test_what_the_source_leaves_open_or_names_is_not(text: str) -> None:
    assert _told(text) == []


def test_a_source_of_long_ago_says_nothing_of_this_week() -> None:
    assert _told("They meet Loxley at Kingsmere today.", date(2026, 3, 2)) == []
