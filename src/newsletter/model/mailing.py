"""A mailing and its deliveries: the words of the ledger."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class DeliveryState(StrEnum):
    """Where one delivery stands. `sending` is a fact of its chunk and never stored in the row."""

    QUEUED = "queued"
    COMMITTING = "committing"
    SENT = "sent"
    DEFERRED = "deferred"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    SUPPRESSED = "suppressed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


WAITING = (DeliveryState.QUEUED, DeliveryState.DEFERRED)
"""The states of a delivery that the next attempt is still to come for."""


class Outcome(StrEnum):
    """How one attempt ended, as a value."""

    QUEUED = "queued"
    SENT = "sent"
    DEFERRED = "deferred"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class MailingState(StrEnum):
    """draft → frozen → running ⇄ paused → done | cancelled."""

    FROZEN = "frozen"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    CANCELLED = "cancelled"


class ChunkState(StrEnum):
    """Where a chunk stands; its token fences every later write."""

    OPEN = "open"
    WORKING = "working"
    WAITING = "waiting"
    DONE = "done"


class ServerState(StrEnum):
    """Whether a mail server is used: down until a time, then one probe (half open), then up."""

    UP = "up"
    HALF_OPEN = "half_open"
    DOWN = "down"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """A subscriber chosen for one mailing. public_id is an unguessable id, never a row number."""

    subscriber_id: int
    public_id: str
    address: str
    name: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One undertaking as a worker sees it when its chunk is opened."""

    id: int
    recipient: Recipient
    attempts: int
    cuts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What became of a mailing: planned = the sum of all the others."""

    planned: int
    sent: int = 0
    refused: int = 0
    suppressed: int = 0
    expired: int = 0
    cancelled: int = 0
    unknown: int = 0
    left: int = 0


def account_line(account: Account) -> str:
    """Return what became of a mailing in one line: "4,983 of 4,985 sent, 1 refused"."""
    words = ("refused", "suppressed", "expired", "cancelled", "unknown", "left")
    parts = [f"{account.sent:,} of {account.planned:,} sent"]
    parts += [f"{getattr(account, word):,} {word}" for word in words if getattr(account, word)]
    return ", ".join(parts)


DONE, LATER, NO = 2, 4, 5  # first digits


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply: its code, its text without codes, and the enhanced status code or ""."""

    code: int
    text: str
    enhanced: str = ""

    @property
    def is_done(self) -> bool:
        """Whether it is a 2yz: the command was carried out."""
        return self.code // 100 == DONE

    @property
    def is_later(self) -> bool:
        """Whether it is a 4yz: not now, perhaps later."""
        return self.code // 100 == LATER

    @property
    def is_no(self) -> bool:
        """Whether it is a 5yz: no, and asking again will not change it."""
        return self.code // 100 == NO
