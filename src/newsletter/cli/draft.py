"""`draft`: what the next issue takes, and why."""

from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING

import click

from newsletter.cli.days import DAY
from newsletter.cli.output import as_json, note

if TYPE_CHECKING:
    from newsletter.ingest.drafting.choice import Score
    from newsletter.workflows.stories.draft_next import Drafted


@click.command()
@click.argument("newsletter", required=False)
@click.option("--date", "day", type=DAY, help="The issue's date.")
@click.option("--anyway", is_flag=True, help="Draft even while a required source fails.")
@click.option("--no-pictures", is_flag=True, help="Fetch no pictures of the chosen stories.")
@click.option("--json", "json_", is_flag=True, help="Print what was chosen, and why, as JSON.")
def draft(
    newsletter: str | None, *, day: date | None, anyway: bool, no_pictures: bool, json_: bool
) -> None:
    """Write the next issue's file: stories chosen, summarised, callouts placed."""
    from newsletter.app import open_desk, open_fetcher, summary_writer
    from newsletter.workflows.stories.draft_next import draft_next

    with open_desk() as desk:
        drafted = draft_next(
            desk,
            newsletter,
            day,
            writer=summary_writer(desk),
            fetcher=None if no_pictures else open_fetcher(desk),
            anyway=anyway,
        )
    if json_:
        as_json(_draft(drafted))
        return
    made = drafted.draft
    click.echo(drafted.shown)
    for sentence in drafted.failing:
        note(f"warning: {sentence}")
    for story in made.chosen:
        note(f"article {story.article}: {story.section}: {story.why}")
    for left in made.left_out:
        note(f"article {left.article} left out: {left.why}")
    for name in made.callouts:
        note(f"callout: {name}")
    for finding in made.findings:
        note(f"{finding.severity}: {finding.message}")
    note(f"report: {drafted.report}")
    note(f"next: edit it, then newsletter check {made.issue.name}")


def _draft(drafted: "Drafted") -> dict[str, object]:
    made = drafted.draft
    return {
        "issue": made.issue.name,
        "path": drafted.shown,
        "report": drafted.report,
        "chosen": [
            {
                "article": story.article,
                "section": story.section,
                "why": story.why,
                "score": _score(story.score),
                "pinned": story.is_pinned,
                "carried_by": [
                    {
                        "article": carrier.article,
                        "source": carrier.source or None,
                        "url": carrier.url or None,
                    }
                    for carrier in story.carriers
                ],
                "summary": asdict(story.summary),
            }
            for story in made.chosen
        ],
        "left_out": [
            {
                "article": left.article,
                "why": left.why,
                "score": _score(left.score),
                "same_as": left.same_as or None,
            }
            for left in made.left_out
        ],
        "alike": [
            {
                "articles": [pair.one, pair.other],
                "likeness": str(pair.likeness),
                "shared": round(pair.shared, 2),
            }
            for pair in made.alike
        ],
        "callouts": list(made.callouts),
        "findings": [
            {**asdict(f), "file": f.file or None, "line": f.line or None} for f in made.findings
        ],
    }


def _score(score: "Score | None") -> dict[str, float] | None:
    """Return points as people count them; variety is taken off."""
    if score is None:
        return None
    parts = {
        "points": score.total,
        "freshness": score.fresh,
        "source": score.source,
        "place": score.place,
        "carried": score.carried,
        "variety": -score.variety,
    }
    return {name: hundredths / 100 for name, hundredths in parts.items()}
