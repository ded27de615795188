"""The front matter of a callout file and the rules that hold for an appeal and for a notice."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlsplit

from newsletter.issues.callout_words import disguised, indirect
from newsletter.issues.front_matter import FrontMatter, Value, read_date
from newsletter.issues.markdown import host_name, host_of, read_url
from newsletter.issues.source import Mistakes
from newsletter.model.callout import (
    Appearance,
    Callout,
    CalloutKind,
    CalloutProbe,
    CalloutStatus,
    CalloutUse,
    WhenClosed,
)

ADDRESSES = frozenset({"donation_url", "info_url", "allowed_hosts"})


def effective_status(
    callout: Callout, on: date, probe: CalloutProbe | None = None, *, changed: Sequence[str] = ()
) -> CalloutUse:
    """Judge a callout for one day (a date in the newsletter's zone).

    An appeal is open only where its file says so, its verification is whole, fresh and of these
    words, its addresses answer and it has not closed. changed are the keys that changed.
    """
    status, why = callout.status, ""
    if status is CalloutStatus.CLOSED:
        why = "it has closed"
    elif status is CalloutStatus.DRAFT:
        why = "it is a draft"
    elif callout.kind is CalloutKind.NOTICE:
        if callout.closes is None or callout.closes >= on:
            return CalloutUse(callout=callout, status=CalloutStatus.OPEN)
        status, why = CalloutStatus.CLOSED, "it has closed"
    elif status is CalloutStatus.UNVERIFIED:
        why = "nobody has verified it yet"
    elif why := _doubt(callout, on, probe, changed):
        status = CalloutStatus.UNVERIFIED
    elif callout.last_verified is not None:
        last = callout.last_verified + timedelta(days=callout.verify_every_days)
        last = min(last, callout.closes or last)
        return CalloutUse(callout=callout, status=status, days_left=(last - on).days)
    return CalloutUse(callout=callout, status=status, reason=why)


def _doubt(  # noqa: PLR0911 (one for each reason)
    callout: Callout, on: date, probe: CalloutProbe | None, changed: Sequence[str]
) -> str:
    verified = callout.last_verified
    if verified is None or not callout.verified_by or not callout.verified_source:
        return "who verified it, when and by which source are not all there"
    if verified > on:
        return f"its verification is dated {verified}, after {on}"
    if callout.closes is not None and callout.closes < on:
        return f"it was to close on {callout.closes}"
    good_until = verified + timedelta(days=callout.verify_every_days)
    if on > good_until:
        return f"it was last verified on {verified}, good until {good_until}"
    if changed:
        what = "its addresses" if set(changed) <= ADDRESSES else "its wording"
        return f"{what} changed since it was verified ({', '.join(changed)})"
    if probe is None or probe.is_well or not probe.was_asked:
        return ""
    if probe.url not in {callout.donation_url, callout.info_url}:
        return ""
    return f"{probe.problem} (asked {probe.at:%Y-%m-%d %H:%M} UTC)"


def appearances(use: CalloutUse) -> Appearance | None:
    """Return how a callout appears in a real send now; None where it blocks the send."""
    if use.status is CalloutStatus.OPEN:
        return Appearance.SHOWN
    return _when_closed(use.callout) if use.status is CalloutStatus.CLOSED else None


def possible_appearances(callout: Callout) -> tuple[Appearance, ...]:
    """List every appearance a release may still give it; LEFT_OUT is always among them."""
    shown = () if callout.status is CalloutStatus.CLOSED else (Appearance.SHOWN,)
    return tuple(dict.fromkeys((*shown, Appearance.LEFT_OUT, _when_closed(callout))))


def _when_closed(callout: Callout) -> Appearance:
    if callout.when_closed is WhenClosed.REPLACE and callout.closed_wording:
        return Appearance.CLOSED_WORDING
    return Appearance.LEFT_OUT


E = TypeVar("E", bound=StrEnum)

LISTS = ("allowed_hosts", "beside", "not_beside", "countries", "languages")
NOTICE_KEYS = frozenset(
    {"kind", "heading", "info_url", "allowed_hosts", "link_text", "status", "launched", "closes"}
    | {"closed_on", "when_closed", "own_wording", "beside", "not_beside", "countries", "languages"}
)
MOST_HEADING = 90
MOST_DAYS = 366
TAXPAYER = "UK taxpayer"
HTTPS_PORT = 443
_WORD = re.compile(r"[^\W_]")
_COUNTRY = re.compile(r"^[A-Za-z]{2}$")
_LANGUAGE = re.compile(r"^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$")
_REGISTER = re.compile("ew|sct|ni")
_NUMBER = re.compile("[A-Za-z0-9 -]{1,20}")
_PAIRS = (  # a mark that says nothing without another
    ("charity_number_verified", "charity_number"),
    ("approved_on", "approved_by"),
    ("figures_source", "figures_on"),
    ("figures_on", "figures_source"),
)
_VERIFICATION = ("last_verified", "verified_by", "verified_source")


def read_head(front: FrontMatter, mistakes: Mistakes, *, name: str, file: str) -> Callout:
    """Read the front matter; the wording is added by the caller. Mistakes are noted."""
    head = _Head(front.values, mistakes)
    kind = head.word("kind", CalloutKind, CalloutKind.APPEAL)
    hosts = head.hosts()
    usual = CalloutStatus.OPEN if kind is CalloutKind.NOTICE else CalloutStatus.DRAFT
    callout = Callout(
        name=name,
        file=file,
        kind=kind,
        heading=head.text("heading", most=MOST_HEADING),
        body=(),
        organisation=head.text("organisation"),
        short_name=head.text("short_name"),
        appeal_name=head.text("appeal_name"),
        charity_number=head.matching("charity_number", _NUMBER, '"1062638"'),
        charity_register=head.matching("charity_register", _REGISTER, "ew or sct or ni"),
        charity_number_verified=head.day("charity_number_verified"),
        donation_url=head.url("donation_url", hosts),
        info_url=head.url("info_url", hosts if kind is CalloutKind.APPEAL or hosts else None),
        allowed_hosts=hosts,
        status=head.word("status", CalloutStatus, usual),
        launched=head.day("launched"),
        closes=head.day("closes"),
        closed_on=head.day("closed_on"),
        last_verified=head.day("last_verified"),
        verified_by=head.text("verified_by"),
        verified_source=head.url("verified_source", None),
        verify_every_days=head.days("verify_every_days", 14),
        when_closed=head.word("when_closed", WhenClosed, WhenClosed.REMOVE),
        own_wording=head.flag("own_wording"),
        approved_by=head.text("approved_by"),
        approved_on=head.day("approved_on"),
        button_text=head.text("button_text", most=MOST_HEADING),
        link_text=head.text("link_text", most=MOST_HEADING),
        gift_aid_line=head.text("gift_aid_line"),
        figures_source=head.url("figures_source", None),
        figures_on=head.day("figures_on"),
        beside=head.items("beside"),
        not_beside=head.items("not_beside"),
        countries=head.items("countries", _COUNTRY, "two letters each: [GB, IE]"),
        languages=head.items("languages", _LANGUAGE, "language tags: [en, cy]"),
        head_lines=tuple((key, value.key_line) for key, value in front.values.items()),
    )
    if front.line_count:
        head.judge(callout)
    return callout


@dataclass(slots=True)
class _Head:
    values: Mapping[str, Value]
    mistakes: Mistakes

    def note(self, key: str, message: str, remedy: str) -> None:
        value = self.values.get(key)
        line, column = (value.line, value.column) if value else (1, 1)
        self.mistakes.add(line, column, message, remedy)

    def text(self, key: str, *, most: int = 400) -> str:
        value = self.values.get(key)
        text = value.text if value else ""
        if len(text) > most:
            self.note(key, f"{key} has {len(text)} characters", f"write at most {most}")
        if "[[" in text:
            self.note(key, f"a slot in {key}", "slots work in an issue's body text only")
        return text

    def word(self, key: str, kind: type[E], usual: E) -> E:
        text = self.text(key)
        if not text:
            return usual
        try:
            return kind(text)
        except ValueError:
            words = " or ".join(member.value for member in kind)
            self.note(key, f"{key} is {text[:40]}", f"write {words}")
            return usual

    def day(self, key: str) -> date | None:
        value = self.values.get(key)
        return read_date(value, key, self.mistakes) if value else None

    def days(self, key: str, usual: int) -> int:
        text = self.text(key)
        if not text:
            return usual
        if re.fullmatch(r"[0-9]{1,4}", text) and 1 <= int(text) <= MOST_DAYS:
            return int(text)
        self.note(key, f"{key} is {text[:40]}", f"write a number of days, 1 to {MOST_DAYS}")
        return usual

    def flag(self, key: str) -> bool:
        text = self.text(key)
        if text not in {"", "true", "false"}:
            self.note(key, f"{key} is {text[:40]}", "write true or false")
        return text == "true"

    def items(self, key: str, form: re.Pattern[str] = _WORD, remedy: str = "") -> tuple[str, ...]:
        value = self.values.get(key)
        if value is not None and value.items is None and value.text:
            self.note(key, f"{key} is one text", "write a list: [one, two]")
        items = tuple(item for item in (value.items if value else None) or () if item)
        for item in items:
            if not form.search(item):
                self.note(key, f"{item[:40]} in {key}", f"write {remedy or 'words: [one, two]'}")
        return items

    def hosts(self) -> tuple[str, ...]:
        hosts: list[str] = []
        for item in self.items("allowed_hosts"):
            try:
                hosts.append(host_name(item))
            except ValueError as error:
                self.note("allowed_hosts", str(error), "write host names: [www.dec.org.uk]")
        return tuple(hosts)

    def url(self, key: str, hosts: tuple[str, ...] | None) -> str:
        text = self.text(key, most=2_000)
        if not text:
            return ""
        try:
            url = read_url(text, schemes=("https",))
        except ValueError as error:
            self.note(key, f"{key}: {error}", "write a whole https address")
            return ""
        if urlsplit(url).port not in {None, HTTPS_PORT}:
            self.note(key, f"{key} names a port", "write the address without one")
        if hosts is not None and host_of(url) not in hosts:
            known = ", ".join(hosts) or "empty"
            message = f"{key} leads to {host_of(url)[:80]}"
            self.note(key, message, f"allowed_hosts is {known}: name one of them")
        return url

    def matching(self, key: str, form: re.Pattern[str], remedy: str) -> str:
        text = self.text(key)
        if text and not form.fullmatch(text):
            self.note(key, f"{key} is {text[:40]}", f"write {remedy}")
        return text

    def judge(self, callout: Callout) -> None:
        if not callout.heading:
            self.note("heading", "the callout has no heading", "write heading: …")
        if callout.launched and callout.closes and callout.closes < callout.launched:
            self.note("closes", "closes lies before launched", "put one of the two dates right")
        if callout.closed_on and callout.status is not CalloutStatus.CLOSED:
            message = f"closed_on is set and status is {callout.status}"
            self.note("closed_on", message, "write status: closed")
        if callout.kind is CalloutKind.NOTICE:
            for key, value in self.values.items():
                if key not in NOTICE_KEYS and (value.text or value.items):
                    self.note(key, f"{key} in a notice", "take it out, or write kind: appeal")
            return
        self._judge_appeal(callout)

    def _judge_appeal(self, callout: Callout) -> None:
        for key in ("organisation", "donation_url", "allowed_hosts", "button_text"):
            if not self.has(key):
                self.note(key, f"the appeal has no {key}", f"write {key}: …")
        if callout.gift_aid_line and TAXPAYER not in callout.gift_aid_line:
            message = f"gift_aid_line does not say {TAXPAYER}"
            self.note("gift_aid_line", message, f"say that it is for a {TAXPAYER}")
        for key in ("donation_url", "info_url"):
            why = indirect(getattr(callout, key)) if getattr(callout, key) else ""
            if why:
                self.note(key, f"{key}: {why}", "write the page's own address")
        for host in callout.allowed_hosts:
            why = disguised(host)
            if why:
                self.note("allowed_hosts", why, "type the charity's host with a-z, 0-9 and -")
        self._judge_pairs(callout)

    def _judge_pairs(self, callout: Callout) -> None:
        for key, other in _PAIRS:
            if self.has(key) and not self.has(other):
                self.note(key, f"{key} without {other}", f"write {other}: …, or take {key} out")
        given = [key for key in _VERIFICATION if self.has(key)]
        if given and len(given) < len(_VERIFICATION):
            missing = ", ".join(key for key in _VERIFICATION if key not in given)
            remedy = f'run "newsletter callouts verify {callout.name}"'
            self.note(given[0], f"a verification without {missing}", remedy)

    def has(self, key: str) -> bool:
        value = self.values.get(key)
        return value is not None and bool(value.text or value.items)
