"""Summaries that an honest editor made are not told of; the same with a slip in them are."""

import tomllib
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from newsletter.checks.fidelity.differences import differences
from newsletter.model.article import StorySource

HONEST: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "honest.toml").read_text("utf-8")
)["article"]
# What one slip makes of them.
SLIPS = (
    ("gave lessons at Chorley Baths for 43 years", "gave lessons at Chorley Baths for 34 years"),
    ("Just under 61,000 heat pumps", "Just under 16,000 heat pumps"),
    ("a tenth of what ministers had hoped for", "a fifth of what ministers had hoped for"),
    ("about 450 people", "about 540 people"),
    ("2,300 km in all", "3,200 km in all"),
    ("Some 38,000 people", "Some 83,000 people"),
    ("Forty years ago this week", "Thirty years ago this week"),
    ("flour costs nine times what", "flour costs six times what"),
    ("un peu moins de 2 milliards", "un peu moins de 7 milliards"),
    ("rund 600 Jahre alt", "rund 800 Jahre alt"),
    ("con cuatro puntos menos", "con siete puntos menos"),
    ("about $11 a month", "about $31 a month"),
    ("mid-2028", "mid-2029"),
    ("60 miles in nine days", "60 miles in seven days"),
    ("a $9 billion port plan", "a $6 billion port plan"),
    ("fast sechs Milliarden", "fast sieben Milliarden"),
    ("More than four in five of", "More than three in five of"),
    ("A Welshman wins", "A Scotsman wins"),
    ("gains 25 nanoseconds", "gains 52 nanoseconds"),
    ("to 38c a litre", "to 36c a litre"),
    ("They have a fortnight to appeal", "They have a month to appeal"),
    ("62:41 in Valencia", "64:21 in Valencia"),
    ("over five lakh people", "over five crore people"),
    ("más de 9.000 toneladas", "más de 8.000 toneladas"),
    ("Mille six cents bouées", "Mille sept cents bouées"),
    ("as butter falls", "as cheese falls"),
    ("so that 26 small islands", "so that 36 small islands"),
)


def _source(article: dict[str, Any]) -> StorySource:
    return StorySource(
        article=1,
        version=1,
        body=tuple(article["body"]),
        beside=(article["title"], article.get("byline", "")),
        published=datetime.combine(article["on"], time(6), UTC),
    )


def test_nothing_is_told_of_honest_summaries() -> None:
    told = {
        text: found
        for article in HONEST
        for text in article["honest"]
        if (found := differences(text, _source(article), article["language"]))
    }
    assert told == {}


def test_a_slip_in_an_honest_summary_is_told() -> None:
    lost = []
    for right, wrong in SLIPS:
        article, text = next(
            (one, text) for one in HONEST for text in one["honest"] if right in text
        )
        changed = text.replace(right, wrong)
        if not differences(changed, _source(article), article["language"]):
            lost.append(wrong)
    assert lost == []
