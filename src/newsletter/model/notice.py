"""What editors are told of: one event, one row for each way it is told by."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class NoticeKind(StrEnum):
    """What happened. draft: a scheduled run has its draft. reminder: nobody has approved it yet."""

    DRAFT = "draft"
    REMINDER = "reminder"
    SENT = "sent"
    HELD = "held"
    SKIPPED = "skipped"
    MISSED = "missed"
    STOPPED = "stopped"
    PAUSED = "paused"
    REFUSED = "refused"
    UNSETTLED = "unsettled"
    VERIFICATION = "verification"


class NoticeChannel(StrEnum):
    """The way a notice goes."""

    MAIL = "mail"
    WEBHOOK = "webhook"


class NoticeState(StrEnum):
    """Where one notice stands; one that is found sending at a start becomes unknown."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNotice:
    """One notice to be told; event names what happened, the same in every process.

    target is the editor's address, or "webhook"; body the message in wire form, or JSON.
    """

    event: str
    kind: NoticeKind
    newsletter: str
    issue: str
    channel: NoticeChannel
    target: str
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRow(NewNotice):
    """One notice as the database keeps it; body is empty once it is over."""

    id: int
    state: NoticeState
    attempts: int
    created: datetime
    due_at: datetime
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """How a post to the webhook ended: taken, perhaps taken, or not and worth another try."""

    is_taken: bool
    may_be_taken: bool = False
    may_pass: bool = False
    why: str = ""
