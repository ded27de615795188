"""The worked example of how-stories-are-made.md: its table says what the program computes."""

import re
import tomllib
from dataclasses import replace
from datetime import timedelta
from typing import Any

from docs.pages import ROOT
from ingest.candidates_made import NOW, candidate, newsletter_of

from newsletter.config.settings import ChoiceSettings, SourceSettings
from newsletter.ingest.drafting.choice import Candidate, Choice, Score, choose, points
from newsletter.ingest.drafting.same_story import Stories

PAGE = (ROOT / "docs" / "how-stories-are-made.md").read_text("utf-8")
PART = PAGE.split("### An example", 1)[1].split("\n### ", 1)[0]
SETTINGS = tomllib.loads(
    "\n".join(line.removeprefix("    ") for line in PART.splitlines() if line.startswith("    "))
)
COPIES = 100  # the numbers of the other papers' articles begin here


def rows_of_the_table(heading: str) -> list[dict[str, str]]:
    """Return the table whose first column has this heading, a row as column → cell."""
    lines = PART[PART.index(f"| {heading} |") :].split("\n\n", 1)[0].splitlines()
    head, _, *rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines)
    return [dict(zip(head, row, strict=True)) for row in rows]


def hours_of(age: str) -> float:
    number, unit = age.split()
    return float(number) / (60 if unit.startswith("minute") else 1)


def the_choice() -> tuple[dict[int, str], Choice]:
    """Choose among the articles of the example; its names by their numbers."""
    daily: dict[str, Any] = SETTINGS["newsletters"]["daily"]
    rules = dict(daily["choice"])
    rules["half_life"] = timedelta(hours=int(rules["half_life"].removesuffix("h")))
    rules["sections"] = tuple(rules["sections"].items())
    newsletter = replace(
        newsletter_of(),
        most_stories=daily["most_stories"],
        choice=replace(ChoiceSettings(), **rules),
    )
    sources = [SourceSettings(name=name, **table) for name, table in SETTINGS["sources"].items()]
    candidates: list[Candidate] = []
    groups: list[tuple[int, ...]] = []
    names: dict[int, str] = {}
    for number, row in enumerate(rows_of_the_table("article"), 1):
        names[number] = row["article"]
        hours = hours_of(row["out for"])
        place = int(row["place"]) - 1
        candidates.append(candidate(number, row["source"], hours=hours, place=place))
        copies = [COPIES * number + n for n in range(int(row["other sources"]))]
        candidates += [
            replace(candidate(n, f"paper{n}", hours=hours - 0.1), sightings=()) for n in copies
        ]
        groups.append((number, *copies))
    told = Stories(groups=tuple(group for group in groups if len(group) > 1))
    return names, choose(newsletter, sources, candidates, told, now=NOW)


def cells_of(score: Score) -> dict[str, str]:
    return {
        "freshness": points(score.fresh),
        "source": points(score.source),
        "place": points(score.place),
        "carried": points(score.carried),
        "variety": f"−{points(score.variety)}" if score.variety else "",  # noqa: RUF001
        "points": points(score.total),
    }


def computed_rows() -> list[dict[str, str]]:
    names, choice = the_choice()
    rows = [
        {"rank": str(rank), "article": names[pick.candidate.id], **cells_of(pick.score)}
        for rank, pick in enumerate(choice.picks, 1)
    ]
    rest = [p for p in choice.left_out if p.score is not None and not p.same_as]
    rest.sort(key=lambda p: -p.score.total if p.score else 0)
    rows += [
        {"rank": "–", "article": names[p.article], **cells_of(p.score)}  # noqa: RUF001
        for p in rest
        if p.score is not None
    ]
    return rows


def test_the_points_of_the_example_are_those_of_the_program() -> None:
    assert rows_of_the_table("rank") == computed_rows()


def test_the_sentences_of_the_example_are_those_of_the_report() -> None:
    _, choice = the_choice()
    told = {pick.why for pick in choice.picks} | {one.why for one in choice.left_out}
    quoted = [
        " ".join(text.split()) for text in re.findall(r"^> (.+(?:\n> .+)*)", PART, re.MULTILINE)
    ]
    assert quoted
    assert all(text.replace("> ", "") in told for text in quoted)
