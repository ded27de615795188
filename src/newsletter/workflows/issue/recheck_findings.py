"""What the last look at an issue's sources found, brought to the lines it is about today."""

from dataclasses import replace

from newsletter.model.finding import Finding
from newsletter.model.issue import Story
from newsletter.store.stories import Recheck
from newsletter.workflows.issue.compose_issue import Prepared
from newsletter.workflows.stories.story_sources import cards_of


def found_again(looked: Recheck, prepared: Prepared) -> tuple[Finding, ...]:
    """Return the findings of addresses that still stand in the issue, each with its line."""
    issue = prepared.file.issue
    lines: dict[str, int] = {}
    for card in cards_of(issue):
        lines.setdefault(card.url, card.line)
        if isinstance(card, Story) and card.image:
            lines.setdefault(card.image.url, card.image.line)
    at = looked.at.astimezone(prepared.newsletter.timezone)
    return tuple(
        replace(
            finding,
            file=issue.file,
            line=lines[url],
            message=f"{finding.message} (asked {at:%Y-%m-%d %H:%M})",
        )
        for url, finding in looked.findings
        if url in lines
    )
