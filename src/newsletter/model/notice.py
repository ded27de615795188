"""What editors are told of: one event, one row for each editor."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class NoticeKind(StrEnum):
    """What happened. draft: a scheduled run has its draft. reminder: it is not approved yet."""

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
    """The way a notice goes. Nothing is posted any more; rows of before may say so."""

    MAIL = "mail"
    WEBHOOK = "webhook"


class NoticeState(StrEnum):
    """Where one notice stands.

    sending is durable before anything leaves; a row that is found so at a start may have been
    taken, becomes unknown and is not sent again.
    """

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNotice:
    """One notice to be told. event names what happened, the same in every process and at any time.

    target is the editor's address. body is the message in wire form.
    """

    event: str
    kind: NoticeKind
    newsletter: str
    issue: str
    channel: NoticeChannel
    target: str
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRow:
    """One notice as the database keeps it; body is empty once it is over."""

    id: int
    event: str
    kind: NoticeKind
    newsletter: str
    issue: str
    channel: NoticeChannel
    target: str
    state: NoticeState
    attempts: int
    created: datetime
    due_at: datetime
    why: str = ""
    body: bytes = field(default=b"", repr=False)
