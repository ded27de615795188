"""What a server's last reply, or its silence, means for one delivery; pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from newsletter.model.mailing import Outcome, Reply

CLOSING = 421  # service not available, closing the channel (RFC 5321 section 3.8)

# Statuses that say "this address will never work" (RFC 3463 section 3.2). A 5.7.x judges us or the
# message and a 5.2.x a mailbox that may come back: neither may cost a reader the newsletter.
ADDRESS_IS_DEAD = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"})

_RATE_CODES = frozenset({CLOSING, 450, 451, 452})
_RATE_WORDS = ("rate", "too many", "too fast", "throttl", "slow down", "deferred")


class Phase(Enum):
    """How far an attempt had come when it ended."""

    SESSION = auto()  # greeting, EHLO, TLS, AUTH: no delivery was named yet
    SENDER = auto()  # MAIL: a refusal is about us, never about the reader
    RECIPIENT = auto()  # RCPT and DATA: the server holds no message
    CONTENT = auto()  # the final dot was given to the socket: the server may hold the message


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How one attempt ended. reply is None where the connection was lost first."""

    outcome: Outcome
    phase: Phase
    reply: Reply | None = None


def outcome_of(reply: Reply | None, phase: Phase) -> Outcome:
    """Judge the end of one attempt; reply is None when the connection was lost first.

    SENT only for a 2yz to the final dot: from then on the server answers for the message (RFC 5321
    section 4.2.5). UNKNOWN only after the dot. QUEUED means that the server, not the reader, was
    the trouble, and uses up no attempt.
    """
    if phase is not Phase.CONTENT and (reply is None or reply.code == CLOSING):
        return Outcome.QUEUED  # the connection went, not the reader
    match (reply.code // 100 if reply else 0, phase):
        case (2, Phase.CONTENT):
            return Outcome.SENT
        case (4, Phase.SENDER | Phase.RECIPIENT | Phase.CONTENT):
            return Outcome.DEFERRED
        case (5, Phase.RECIPIENT | Phase.CONTENT):
            return Outcome.REFUSED
        case (_, Phase.CONTENT):  # a second copy cannot be called back (RFC 5321 4.5.3.2.6)
            return Outcome.UNKNOWN
        case _:  # it is us whom the server refuses
            return Outcome.QUEUED


def ending_of(reply: Reply | None, phase: Phase) -> Ending:
    """Put a reply, or its absence, together with what it means."""
    return Ending(outcome=outcome_of(reply, phase), phase=phase, reply=reply)


def address_is_dead(ending: Ending) -> bool:
    """Return whether the refusal says for good that there is no such mailbox.

    Only a refusal at RCPT or DATA can: after the dot it is the content that was judged.
    """
    return (
        ending.outcome is Outcome.REFUSED
        and ending.phase is Phase.RECIPIENT
        and ending.reply is not None
        and ending.reply.enhanced in ADDRESS_IS_DEAD
    )


def asks_to_slow_down(reply: Reply) -> bool:
    """Return whether a 4yz means that we send too fast, and not that one mailbox is busy."""
    if reply.enhanced.startswith("4.7."):
        return True
    text = reply.text.lower()
    return reply.code in _RATE_CODES and any(word in text for word in _RATE_WORDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """The first wait, doubled at every further attempt, never more than longest.

    spread is the fraction by which a wait may differ either way, so that a thousand deliveries put
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


def retry_at(
    attempts: int, *, policy: RetryPolicy, started: datetime, now: datetime, jitter: float
) -> datetime | None:
    """Return when a deferred delivery is tried again; None once its attempts or time run out.

    attempts counts the last one; started is when the mailing began, whose age is bounded; jitter is
    a random number from 0 up to 1.
    """
    window_ends = started + policy.oldest
    if attempts >= policy.most_attempts or now >= window_ends:
        return None
    return min(now + policy.delay(max(attempts, 1), jitter), window_ends)
