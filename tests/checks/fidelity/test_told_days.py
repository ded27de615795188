"""Days that a story tells otherwise than its source."""

from datetime import date

import pytest

from newsletter.checks.days.day_names import day_names
from newsletter.checks.fidelity.told_days import said_today, told_days, told_days_elsewhere

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


def test_what_was_said_today_no_page_of_yesterday_tells() -> None:
    for text, word in (
        ("The minister told MPs today.", "today"),
        ("The club confirmed the sale this morning, without a price.", "this morning"),
        ("Today, the council voted for the bridge.", "Today"),
    ):
        assert [told for _, told in said_today(text, NAMES)] == [word], text
    for text in (
        "The minister said that buses run today.",
        "A plan announced on Thursday starts today.",
        "The report, published last week, is before MPs today.",
        "Fares are to be announced today.",
        "The council said fares rise from today.",
        "She told us what today is like for the island.",
        "They unveiled today's menu.",
    ):
        assert list(said_today(text, NAMES)) == [], text


MINE = (
    "Once mineros permanecen atrapados en una mina de carbón desde el derrumbe de una galería.\n"
    "La galería de carbón se derrumbó en la madrugada del sábado, y nadie sabe por qué."
)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Una galería de carbón se derrumbó en la madrugada de hoy.", "hoy"),
        ("La galería de carbón se derrumbó anoche.", ""),  # a Saturday, seen from Sunday
        ("Hoy las minas de carbón emplean a pocos.", ""),
        ("Una galería de carbón se derrumbó en la madrugada del sábado.", ""),
        ("Una galería de carbón se derrumbó de madrugada hoy, según el Gobierno.", ""),
    ],
)
def test_a_day_is_told_in_other_languages_by_long_words(text: str, word: str) -> None:
    found = told_days_elsewhere(
        text, MINE, day_names("es-ES"), sent=date(2026, 12, 6), published=date(2026, 12, 5)
    )
    assert [told for _, told, _ in found] == ([word] if word else [])
