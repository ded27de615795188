"""What a scheduled run does before its planned time, stage by stage."""

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
