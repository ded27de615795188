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

    target is the editor's address, or "webhook". body is the message in wire form, or the JSON
    object's bytes.
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
    """How a post to the webhook ended.

    is_taken: answered 2yz. may_be_taken: it left, and no answer came.

    may_pass: it was surely not taken, and another try may go better. why is a sentence, "" where it
    was taken.
    """

    is_taken: bool
    may_be_taken: bool = False
    may_pass: bool = False
    why: str = ""
