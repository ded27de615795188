"""Planned times: what a person's clock shows, and the moments it means."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedTime:
    """local is naive, as clocks of the zone show it; at is the aware moment in UTC."""

    local: datetime
    zone: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """When a scheduled run does what; aware, in UTC, draft_at <= approve_by <= planned_at."""

    draft_at: datetime
    approve_by: datetime
    planned_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledTime:
    """One time that a schedule's rule gives: its key, its moments, and what is odd about it.

    local is naive, as the rule says it, also where clocks skip it; note is "" or a sentence.
    """

    local: datetime
    moments: Moments
    note: str = ""
