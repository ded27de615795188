"""What reads as a light item or a promotion beside a story that is marked sensitive."""

import tomllib
from datetime import UTC, date, datetime, time
from pathlib import Path

from check_samples import NEWSLETTER

from newsletter.checks.issue.lightness import ENOUGH, reads_as_light
from newsletter.checks.issue.neighbours import sensitive_neighbours
from newsletter.checks.issue.voice import speaks_to_readers
from newsletter.checks.request import CheckRequest
from newsletter.issues.save import parse_issue

ITEMS = tomllib.loads((Path(__file__).parents[1] / "light_items.toml").read_text("utf-8"))
ISSUE = """---
newsletter: daily
date: 2026-11-27
---
# News

## [Man dies in fire at converted chapel](https://www.thecourant.co.uk/news/chapel-fire)
{sensitive=death}

A man of 58 has died in a fire at a converted chapel. Neighbours took in two families.%s

## [%s](https://www.thecourant.co.uk/%s)

%s
"""
QUIET = ("County to close two care homes", "news/homes", "Residents will have to move next year.")


def found(*texts: str) -> list[tuple[int, str]]:
    issue = parse_issue(ISSUE % texts, name="issue", file="issue.md").issue
    request = CheckRequest(
        issue=issue,
        newsletter=NEWSLETTER,
        composed=None,
        on=date(2026, 11, 27),
        moment=datetime.combine(date(2026, 11, 27), time(6), UTC),
    )
    return [(finding.line, finding.message) for finding in sensitive_neighbours(request)]


def test_light_items_are_known_by_their_words() -> None:
    lost = [
        headline for tongue, headline, text in ITEMS["light"] if not told(tongue, headline, text)
    ]
    assert lost == []


def test_news_is_not_light() -> None:
    assert [
        headline for tongue, headline, text in ITEMS["news"] if told(tongue, headline, text)
    ] == []


def test_what_speaks_to_readers_is_no_report() -> None:
    for language, headline, text in (
        ("en-GB", "What your favourite biscuit says about you", ""),
        ("en-GB", "Six soups for winter", "Our food editor ladles them out for you."),
        ("de", "Wie gut kennen Sie Altenfeld?", ""),
        ("fr", "Les plus belles photos de nos lecteurs", "Les vôtres aussi ?"),
    ):
        assert speaks_to_readers(headline, text, language) >= ENOUGH, headline
    for language, headline, text in (
        ("en-GB", "What the new cap means for you", "Energy bills go up by four per cent."),
        ("en-GB", "Six homes flooded", "Fire crews pumped out cellars."),
        ("de", "Sie rettete drei Menschen", "Dafür wird sie geehrt."),
    ):
        assert speaks_to_readers(headline, text, language) < ENOUGH, headline


def test_the_path_of_an_address_tells_what_a_page_is() -> None:
    for path in ("quiz/hats", "jeux/festival", "people/x", "rezepte/brot", "a/subscribe"):
        assert reads_as_light("Hats", "", f"https://a.example/{path}", "en"), path
    for path in ("news/quiz-host", "business/hats", "sport/winners"):
        assert not reads_as_light("Hats", "", f"https://a.example/{path}", "en-GB"), path


def test_a_light_item_beside_a_marked_story_is_told_on_its_line() -> None:
    assert found("", *QUIET) == []
    assert [
        line for line, _ in found("", "Puppies learn to surf", "news/surf", "Six of them.")
    ] == [12]
    assert [line for line, _ in found("", "Six hats", "quiz/hats", "Whose are they?")] == [12]


def test_a_promotion_within_a_marked_story_is_told() -> None:
    sold = found("\n\nSubscribe now and get three months for £1.", *QUIET)
    assert sold == [(12, "a promotion stands in a story that is marked as sensitive")]


def told(language: str, headline: str, text: str) -> bool:
    return reads_as_light(headline, text, "", language)


def test_an_address_below_food_or_television_is_a_light_page() -> None:
    text = "Soften three leeks, stir in a spoon of mustard and cover with pastry."
    for path in ("food/leek-pie", "tv/tonight", "life/whats-on/pubs"):
        assert found("", "A winter warmer", path, text) != [], path
    assert found("", "A winter warmer", "news/leek-pie", text) == []


def test_events_trips_and_jokes_need_no_word_for_what_they_are() -> None:
    for headline in (
        "Half-term: ten things to do with the children",
        "Two nights in Lisbon from £149",
        "Did you hear the one about the economist?",
    ):
        assert told("en-GB", headline, "Book by Sunday."), headline
    assert not told("en-GB", "Two nights in custody", "She was let go on Monday.")
