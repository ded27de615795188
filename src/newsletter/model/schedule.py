"""A planned time: what a person's clock shows, and the moment it means."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedTime:
    """local is naive, as clocks of the zone show it; at is the aware moment in UTC."""

    local: datetime
    zone: str
    at: datetime
