"""A callout: a standing block from callouts/, among them charity appeals with a life cycle."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from newsletter.model.text import TextBlock


class CalloutKind(StrEnum):
    """appeal: asks for donations, has a life. notice: heading, link, dates and text alone."""

    APPEAL = "appeal"
    NOTICE = "notice"


class CalloutStatus(StrEnum):
    """Where an appeal stands; the effective one is computed at each use, never written."""

    DRAFT = "draft"
    UNVERIFIED = "unverified"
    OPEN = "open"
    CLOSED = "closed"


class WhenClosed(StrEnum):
    """What a closed appeal leaves in an issue: nothing, or its closed wording."""

    REMOVE = "remove"
    REPLACE = "replace"


class Appearance(StrEnum):
    """How a callout appears in one composed mail."""

    SHOWN = "shown"
    LEFT_OUT = "left out"
    CLOSED_WORDING = "closed wording"


@dataclass(frozen=True, slots=True, kw_only=True)
class Callout:
    """One callout file. URLs are https, their hosts in allowed_hosts (IDNA, lower case)."""

    name: str
    file: str = field(compare=False)
    kind: CalloutKind
    heading: str
    body: tuple[TextBlock, ...]
    organisation: str = ""
    short_name: str = ""
    appeal_name: str = ""
    charity_number: str = ""
    charity_register: str = ""
    charity_number_verified: date | None = None
    donation_url: str = ""
    info_url: str = ""
    allowed_hosts: tuple[str, ...] = ()
    status: CalloutStatus = CalloutStatus.DRAFT
    launched: date | None = None
    closes: date | None = None
    closed_on: date | None = None
    last_verified: date | None = None
    verified_by: str = ""
    verified_source: str = ""
    verify_every_days: int = 14
    when_closed: WhenClosed = WhenClosed.REMOVE
    own_wording: bool = False
    approved_by: str = ""
    approved_on: date | None = None
    button_text: str = ""
    link_text: str = ""
    gift_aid_line: str = ""
    figures_source: str = ""
    figures_on: date | None = None
    beside: tuple[str, ...] = ()
    not_beside: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    closed_wording: tuple[TextBlock, ...] = ()
    head_lines: tuple[tuple[str, int], ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalloutUse:
    """A callout resolved for one composition.

    status is the effective one; reason says in a few words why it is not open, such as "nobody has
    verified it yet" ("" where it is).
    days_left: whole days until the verification lapses, None where that has no meaning.
    """

    callout: Callout
    status: CalloutStatus
    reason: str = ""
    days_left: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CalloutProbe:
    """How one address of an appeal answered when it was asked.

    was_asked False: no answer came, or one that says nothing about the address; then is_well means
    nothing. status is 0 without an answer; problem is a sentence, "" when well.
    """

    callout: str
    url: str
    at: datetime
    status: int
    final_url: str
    is_well: bool
    problem: str = ""
    was_asked: bool = True


CalloutContent = Mapping[str, str | list[str]]
"""What a callout's file says: key → value, empty values left out, the texts as Markdown."""


class CalloutOccasion(StrEnum):
    """How a state of a callout's file came to be known."""

    SEEN = "seen"  # the file was found so
    VERIFIED = "verified"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class CalloutVersion:
    """One state of a callout's file.

    verified_in: the version in which a person last verified what the file says, None where nobody
    has. closed_in: the version in which an appeal closed, None where it never has; it is kept in
    every later version, for closed never returns.
    """

    callout: str
    version: int
    content: CalloutContent
    sha256: str
    wording_sha256: str
    who: str
    occasion: CalloutOccasion
    seen_at: datetime
    verified_in: int | None = None
    closed_in: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CalloutPlaced:
    """One use of a callout: in which issue, on what occasion (draft, test, send), how it looked."""

    callout: str
    newsletter: str
    issue: str
    occasion: str
    appearance: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CalloutPast:
    """What a draft knows of a newsletter's callouts beside their files.

    statuses are the effective ones; a name that is not there has its file's. last_used tells when
    each was last used in another issue. issues_since counts the issues after the last one that
    carried an appeal, None where none did.
    """

    statuses: Mapping[str, CalloutStatus] = field(default_factory=dict)
    last_used: Mapping[str, datetime] = field(default_factory=dict)
    issues_since: int | None = None
