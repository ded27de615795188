"""Whether and when a delivery is tried again: a value, decided here and obeyed by the engine."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from newsletter.model.mailing import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """Try again, not before that moment."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Never:
    """Do not try again; the reason is a part of a sentence."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """first, doubled at every further attempt, never more than longest.

    spread is the fraction by which a delay may differ either way, so that a thousand deliveries put
    off in one second do not come back in one second.
    """

    first: timedelta = timedelta(minutes=5)
    longest: timedelta = timedelta(hours=4)
    most_attempts: int = 8
    oldest: timedelta = timedelta(hours=24)
    spread: float = 0.2

    def delay(self, attempts: int, jitter: float) -> timedelta:
        """Return the wait after that many attempts (1 or more); jitter is from 0 up to 1."""
        doublings = min(attempts - 1, 32)  # beyond that a timedelta would overflow
        plain = min(self.first * (1 << doublings), self.longest)
        return min(plain * (1 - self.spread + 2 * self.spread * jitter), self.longest)


def next_attempt(
    outcome: Outcome,
    attempts: int,
    *,
    policy: RetryPolicy,
    started: datetime,
    now: datetime,
    jitter: float,
) -> Again | Never:
    """Decide about another attempt.

    Args:
        outcome: how the last attempt ended.
        attempts: attempts used up so far, the last one included where it counts.
        policy: the delays and their ends.
        started: when the mailing began; its age, not the delivery's, is bounded.
        now: the wall time.
        jitter: a random number from 0 up to 1.

    Returns:
        Again at once for QUEUED, later for DEFERRED until attempts or age run out; else Never.
        UNKNOWN is Never: only a person may send such a message again.
    """
    match outcome:
        case Outcome.QUEUED:
            return Again(at=now)
        case Outcome.DEFERRED:
            if attempts >= policy.most_attempts:
                return Never(f"{attempts} attempts were made")
            window_ends = started + policy.oldest
            if now >= window_ends:
                return Never("the mailing is too old")
            return Again(at=min(now + policy.delay(max(attempts, 1), jitter), window_ends))
        case Outcome.SENT | Outcome.REFUSED | Outcome.UNKNOWN:
            return Never(f"it is {outcome}")
