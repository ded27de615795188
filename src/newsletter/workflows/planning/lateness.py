"""Lateness: whether a planned time was found later than its newsletter's `if_late` allows."""

from datetime import datetime, timedelta

from newsletter.config.settings import NewsletterSettings
from newsletter.model.records import OccurrenceRow
from newsletter.workflows.planning.run_names import too_late

DEFAULT_IF_LATE = timedelta(hours=2)


def lateness(
    newsletter: NewsletterSettings,
    occurrence: OccurrenceRow,
    now: datetime,
    hold_until: datetime | None = None,
) -> str:
    """Return how an occurrence is too late to be sent; "" where it is not.

    A hold that went past the planned time is no lateness: it counts from the hold's end then.
    """
    schedule = newsletter.schedule
    if_late = schedule.if_late if schedule else DEFAULT_IF_LATE
    if now <= max(occurrence.planned_at, hold_until or occurrence.planned_at) + if_late:
        return ""
    return too_late(occurrence, if_late)
