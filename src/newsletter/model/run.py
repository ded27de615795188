"""What a scheduled run does before its planned time, stage by stage."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Stage(StrEnum):
    """The stages in their order; each is over once, and the next begins only then.

    ready is no work of its own: the run may be claimed at its planned time.
    """

    FETCH = "fetch"
    DRAFT = "draft"
    RECHECK = "recheck"
    BUILD = "build"
    CHECK = "check"
    EDITORS = "editors"
    REMINDER = "reminder"
    APPROVAL = "approval"
    READY = "ready"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tries:
    """How often a stage was tried without getting over; first_at is the first, next_at the next."""

    count: int
    first_at: datetime
    next_at: datetime
