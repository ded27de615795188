"""What the database tells about the audience, approvals, runs and proofs: small frozen rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum

from newsletter.model.address import Address
from newsletter.model.article import Article, Summary
from newsletter.model.mailing import DeliveryState, MailingState


class SubscriptionState(StrEnum):
    """The relation of a person to a list; only an active one is mailed."""

    PENDING = "pending"
    ACTIVE = "active"
    ENDED = "ended"


class SuppressionReason(StrEnum):
    """Why an address is never to be mailed."""

    UNSUBSCRIBED = "unsubscribed"
    COMPLAINT = "complaint"
    HARD_BOUNCE = "hard bounce"
    ERASED = "erased"
    BY_HAND = "by hand"


class OccurrenceKind(StrEnum):
    """scheduled: from a rule. one-off: `schedule ISSUE --at`. now: `send`."""

    SCHEDULED = "scheduled"
    ONE_OFF = "one-off"
    NOW = "now"


class OccurrenceState(StrEnum):
    """What became of one planned time. A held or missed one may be planned again by a person."""

    PLANNED = "planned"
    CLAIMED = "claimed"
    DONE = "done"
    HELD = "held"
    SKIPPED = "skipped"
    MISSED = "missed"
    STOPPED = "stopped"


class OccurrenceMark(StrEnum):
    """What set a scheduled time apart from its rule.

    A person has it run now, or leaves it out; gone: the schedule has no such time any more.
    """

    NONE = ""
    FORCED = "forced"
    SKIPPED = "skipped"
    GONE = "gone"


class ImportVerdict(StrEnum):
    """What an import does with one row; who ended a subscription or is suppressed is left out."""

    ACCEPTED = "accepted"
    UNCHANGED = "unchanged"
    ENDED = "ended"
    SUPPRESSED = "suppressed"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSubscriber:
    """One person to take in; attributes are the CSV's further columns."""

    address: Address
    name: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionRow:
    """One subscription as `subscribers list` shows it."""

    list: str
    state: SubscriptionState
    since: datetime
    consent: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriberRow:
    """One subscriber with every subscription; suppressed tells why, None where not."""

    id: int
    public_id: str
    email: str
    name: str
    attributes: Mapping[str, str]
    created: datetime
    subscriptions: tuple[SubscriptionRow, ...] = ()
    suppressed: SuppressionReason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MailingRow:
    """One mailing. why tells why it is paused ("" otherwise)."""

    id: int
    issue: str
    newsletter: str
    list: str
    occurrence_id: int | None
    issue_sha256: str
    skeleton_sha256: str
    mailing_key: str
    state: MailingState
    created: datetime
    started: datetime | None = None
    ended: datetime | None = None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRow:
    """One delivery as `log --recipients` shows it; address is the one frozen with the mailing."""

    id: int
    address: str
    state: DeliveryState
    attempts: int
    server: str = ""
    code: int | None = None
    enhanced: str = ""
    at: datetime | None = None
    due_at: datetime | None = None
    by_hand: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRow:
    """A named person's yes. seals maps each callout outcome's key to its skeleton's SHA-256.

    planned_local is the planned time as typed, in the newsletter's zone ("" where none is set).
    """

    id: int
    issue: str
    fingerprint: str
    seals: Mapping[str, str]
    list: str
    recipients: int
    planned_at: datetime | None
    planned_local: str
    approved_by: str
    approved_at: datetime
    broken_at: datetime | None = None
    broken_why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OccurrenceRow:
    """One planned time; local_date and local_time are the newsletter's own clock on the wall."""

    id: int
    newsletter: str
    issue: str | None
    kind: OccurrenceKind
    local_date: date
    local_time: time
    planned_at: datetime
    state: OccurrenceState
    why: str = ""
    owner: str = ""
    claimed_at: datetime | None = None
    ended_at: datetime | None = None
    draft_at: datetime | None = None
    approve_by: datetime | None = None
    mark: OccurrenceMark = OccurrenceMark.NONE
    note: str = ""

    @property
    def local(self) -> datetime:
        """The day and time of that clock, without a zone."""
        return datetime.combine(self.local_date, self.local_time)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """One step of a run: its line of evidence and how long it took."""

    name: str
    started: datetime
    seconds: float
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRow:
    """An article with its number, its newest version and the issues it ran in."""

    id: int
    article: Article
    version: int
    taken_at: datetime
    ran_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryRow:
    """A story's summary as it was drafted or accepted, and the article's version it was made from.

    accepted_by names the person who read it against that version, "" where nobody has.
    """

    article: int
    version: int
    summary: Summary
    accepted_by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """A key that signs readers' links; links name key_id, so an older one stays good."""

    key_id: str
    purpose: str
    secret: bytes = field(repr=False)
    created: datetime
