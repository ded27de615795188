"""A callout: a standing block from callouts/, among them charity appeals with a life cycle."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
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
    """A callout resolved for one composition: its effective status, and why it is not open ("").

    days_left: whole days until the verification lapses, None where that has no meaning.
    """

    callout: Callout
    status: CalloutStatus
    reason: str = ""
    days_left: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CalloutProbe:
    """How one address of an appeal answered; status is 0 without an answer, problem "" when well.

    was_asked False: the answer says nothing about the address, and is_well means nothing.
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

    verified_in: the version that a person last verified. closed_in: the one in which an appeal
    closed, kept in every later version, for closed never returns.
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
    """What a draft knows of a newsletter's callouts beside their files: statuses, last uses.

    issues_since counts the issues after the last one with an appeal, None where none had one.
    """

    statuses: Mapping[str, CalloutStatus] = field(default_factory=dict)
    last_used: Mapping[str, datetime] = field(default_factory=dict)
    issues_since: int | None = None


SENSITIVE = "sensitive"  # a story's attribute: {sensitive=death}
_NO = frozenset({"", "no", "false", "0"})
_SAME_COUNTRY = {"UK": "GB"}


def outside(callout: Callout, *, country: str, language: str) -> str:
    """Return why a newsletter's readers are not those a callout is for; "" where they are.

    country is "" where it is not known; then only a callout for all fits.
    """
    countries = [_country(code) for code in callout.countries]
    if countries and _country(country) not in countries:
        where = ", ".join(countries)
        if not country:
            return f"it is for readers in {where}, and the newsletter names no country"
        return f"it is for readers in {where}, and the newsletter's are in {_country(country)}"
    tag = language.casefold()
    if callout.languages and not any(
        tag == known or tag.startswith(f"{known}-")
        for known in map(str.casefold, callout.languages)
    ):
        return f"it is for readers of {', '.join(callout.languages)}, not of {language}"
    return ""


def _country(code: str) -> str:
    return _SAME_COUNTRY.get(code.upper(), code.upper())


def belongs(callout: Callout, text: str) -> bool:
    """Return whether a story's text holds one of the words that a callout is to stand beside."""
    return bool(first_word(callout.beside, text))


def is_marked(value: str) -> bool:
    """Return whether an attribute's value marks a story: {sensitive=death} does, =no does not."""
    return value.casefold() not in _NO


def unfit(callout: Callout, text: str, sensitive: str = "") -> str:
    """Return why a callout may not stand beside a story; "" where it may.

    A mark alone keeps it away too, but no appeal that belongs to the story.
    """
    mark = sensitive if is_marked(sensitive) else ""
    word = first_word(callout.not_beside, f"{text} {mark}")
    if word:
        return f"it tells of “{word}”"
    if mark and not belongs(callout, text):
        return "it is marked as sensitive"
    return ""


def first_word(words: Sequence[str], text: str) -> str:
    """Return the first of some words or phrases that a text holds as whole words; "" for none."""
    spoken = f" {words_alone(text)} "
    return next((word for word in words if f" {words_alone(word)} " in spoken), "")


def words_alone(text: str) -> str:
    """Return a text's words without marks and case, a space between them."""
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold()))


_NUMBER = r"[0-9][0-9.,]*"
_MONEY = re.compile(
    rf"[£€$]\s?{_NUMBER}|{_NUMBER}\s?(?:[£€]|(?:(?:thousand|million|billion|k|m|bn)\s)?"
    rf"(?:pounds|euros|dollars|gbp|eur|usd)\b)|\b(?:gbp|eur|usd)\s?{_NUMBER}",
    re.IGNORECASE,
)
_SHOWN = re.compile(r"(?:https?://)?((?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24})\b")
_CHARITY = re.compile(
    r"(?:registered charity|charity (?:registration )?(?:number|no\b\.?))[^0-9]{0,20}([0-9]{5,8})",
    re.IGNORECASE,
)


def amount_in(text: str) -> str:
    """Return the first amount of money that a text names, "" where it names none."""
    found = _MONEY.search(unicodedata.normalize("NFKC", text))
    return found[0].strip().rstrip(".,") if found else ""


def hosts_in(text: str) -> tuple[str, ...]:
    """List the host names that a text shows, with or without https:// before them."""
    return tuple(_SHOWN.findall(unicodedata.normalize("NFKC", text).lower()))


def charity_numbers_in(text: str) -> tuple[str, ...]:
    """List the numbers that a text gives out as a charity's."""
    return tuple(_CHARITY.findall(unicodedata.normalize("NFKC", text)))
