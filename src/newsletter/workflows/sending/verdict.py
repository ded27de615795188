"""What a release can come to, in words."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What a release came to."""

    FROZEN = "frozen"
    HELD = "held"
    MISSED = "missed"
    NOBODY = "nobody"
    WITHDRAWN = "withdrawn"  # unscheduled or moved while it was being looked at
    STOPPED = "stopped"  # the program was told to stop before the first copy


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """How a release ended; mailing_id where it was frozen, why in one sentence where it was not."""

    verdict: Verdict
    why: str = ""
    mailing_id: int = 0


class HeldError(Exception):
    """The issue may not go out as things stand; str() is the reason."""

    verdict = Verdict.HELD


class MissedError(HeldError):
    """It is too late for it."""

    verdict = Verdict.MISSED


class NobodyError(HeldError):
    """There is nobody to send to."""

    verdict = Verdict.NOBODY


class ChangedError(HeldError):
    """Something changed while it was looked at; another look is wanted."""

    verdict = Verdict.WITHDRAWN
