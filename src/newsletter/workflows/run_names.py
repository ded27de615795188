"""How sentences name a run."""

from newsletter.model.records import OccurrenceRow


def run_name(occurrence: OccurrenceRow) -> str:
    """Name a run in sentences: its issue, or the newsletter and day while it has none."""
    return occurrence.issue or f"{occurrence.newsletter} of {occurrence.local_date}"
