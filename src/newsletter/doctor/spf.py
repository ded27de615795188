"""Following an SPF record as a receiver does (RFC 7208), for one address, and to its last term.

A receiver stops at the first term that fits. Here the rest is walked too, since another address
gets that far: the ten lookups and the two void ones are counted both ways.
"""

import ipaddress
import re
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import quote

from newsletter.doctor.answer import Answer, Ask, Ip, address_type
from newsletter.doctor.spf_record import (
    Kind,
    Mechanism,
    Qualifier,
    SpfMistake,
    SpfRecord,
    is_spf,
    read_spf,
)
from newsletter.model.address import LONGEST_NAME, Address

MOST_LOOKUPS = 10  # RFC 7208 section 4.6.4
MOST_VOID = 2
MOST_HOSTS = 10  # of one mx or ptr
MOST_WALKED = 40  # where the walk itself ends: the record is far beyond use by then
_MACRO = re.compile(r"%(?:\{([A-Za-z])([0-9]{0,3})([rR]?)([.+,/_=-]{0,20})\}|([%_-]))")


class Verdict(StrEnum):
    """What check_host() gives (RFC 7208 section 2.6)."""

    NONE = "none"
    NEUTRAL = "neutral"
    PASS = "pass"  # noqa: S105 (a word of SPF's)
    FAIL = "fail"
    SOFTFAIL = "softfail"
    TEMPERROR = "temperror"
    PERMERROR = "permerror"


_MEANING = {
    Qualifier.PASS: Verdict.PASS,
    Qualifier.FAIL: Verdict.FAIL,
    Qualifier.SOFTFAIL: Verdict.SOFTFAIL,
    Qualifier.NEUTRAL: Verdict.NEUTRAL,
}


@dataclass(slots=True, kw_only=True)
class SpfReport:
    """What came of one walk.

    records: each record seen, with its domain, in the order of the walk. matched: the term that
    decided, "" for none. lookups and voids: over all terms. mistakes: what makes receivers answer
    permerror, each a sentence part with its domain. failed: what could not be asked. unfollowed:
    terms whose macros only a receiver can fill in. near: what looks like a record and is none.
    """

    domain: str
    verdict: Verdict = Verdict.NONE
    record: SpfRecord | None = None
    records: list[tuple[str, str]] = field(default_factory=list)
    matched: str = ""
    lookups: int = 0
    voids: int = 0
    mistakes: list[str] = field(default_factory=list)
    failed: list[Answer] = field(default_factory=list)
    unfollowed: list[str] = field(default_factory=list)
    near: list[str] = field(default_factory=list)
    uses_ptr: bool = False


def follow_spf(domain: str, *, sender: Address, ip: Ip | None, ask: Ask) -> SpfReport:
    """Follow the record of domain, that of sender's envelope address; ip: None fits no term."""
    walk = _Walk(sender=sender, ip=ip, ask=ask, report=SpfReport(domain=domain))
    walk.report.verdict = walk.check(domain, (), live=True)
    return walk.report


@dataclass(slots=True, kw_only=True)
class _Walk:
    sender: Address
    ip: Ip | None
    ask: Ask
    report: SpfReport
    spent: int = 0  # lookups that a receiver makes before it has its answer
    spent_voids: int = 0

    def check(self, domain: str, above: tuple[str, ...], *, live: bool) -> Verdict:
        """Walk one domain's record; live: a receiver would come here."""
        text = self._record_of(domain)
        if isinstance(text, Verdict):
            return text
        self.report.records.append((domain, text))
        try:
            record = read_spf(text)
        except SpfMistake as error:
            self._mistake(domain, str(error))
            return Verdict.PERMERROR
        if not above:
            self.report.record = record
        verdict: Verdict | None = None
        for mechanism in record.mechanisms:
            result = self._match(mechanism, domain, above, live=live and verdict is None)
            if verdict is None and result is not None:
                verdict = result
                if not above and result not in {Verdict.PERMERROR, Verdict.TEMPERROR}:
                    self.report.matched = mechanism.text
            if mechanism.kind is Kind.ALL:
                break  # nothing behind it is ever looked at (RFC 7208 section 5.1)
        if record.redirect and record.all is None:
            result = self._redirect(record.redirect, domain, above, live=live and verdict is None)
            verdict = verdict or result
        return verdict or Verdict.NEUTRAL

    def _record_of(self, domain: str) -> str | Verdict:
        answer = self.ask(domain, "TXT")
        if answer.has_failed:
            self.report.failed.append(answer)
            return Verdict.TEMPERROR
        texts = [text for text in answer.records if is_spf(text)]
        if len(texts) > 1:
            self.report.records.extend((domain, text) for text in texts)
            self._mistake(domain, f"{len(texts)} SPF records, and one is allowed")
            return Verdict.PERMERROR
        if not texts:
            self.report.near.extend(
                text[:200] for text in answer.records if "spf1" in text[:20].lower()
            )
            return Verdict.NONE
        return texts[0]

    def _match(
        self, mechanism: Mechanism, domain: str, above: tuple[str, ...], *, live: bool
    ) -> Verdict | None:
        """Give the verdict of a term that fits or breaks; None where the next one is looked at."""
        means = _MEANING[mechanism.qualifier]
        if not mechanism.kind.asks:
            network = mechanism.network
            return means if network is None or self._is_in(network) else None
        if not self._may_ask(domain, live=live):
            return Verdict.PERMERROR if live else None
        target = self._expand(mechanism.domain, domain) if mechanism.domain else domain
        if target is None:
            self.report.unfollowed.append(mechanism.text)
            return None
        if mechanism.kind is Kind.INCLUDE:
            return self._include(target, mechanism, domain, above, live=live)
        return self._hosts_match(mechanism, target, domain, live=live)

    def _hosts_match(
        self, mechanism: Mechanism, target: str, domain: str, *, live: bool
    ) -> Verdict | None:
        if mechanism.kind is Kind.PTR:
            self.report.uses_ptr = True
            fits = self._has_name(target)
            return _MEANING[mechanism.qualifier] if fits else None
        if mechanism.kind is Kind.EXISTS:
            answer = self._look(target, "A", domain, live=live)
            fits = bool(answer.records)
        else:
            answer, fits = self._hosts(mechanism, target, domain, live=live)
        if answer.has_failed:
            return Verdict.TEMPERROR
        if live and self.spent_voids > MOST_VOID:
            return Verdict.PERMERROR
        return _MEANING[mechanism.qualifier] if fits else None

    def _include(
        self,
        target: str,
        mechanism: Mechanism,
        domain: str,
        above: tuple[str, ...],
        *,
        live: bool,
    ) -> Verdict | None:
        if target in {*above, domain}:
            self._mistake(domain, f"{mechanism.text} leads back to {target}")
            return Verdict.PERMERROR
        # RFC 7208 section 5.2
        match self.check(target, (*above, domain), live=live):
            case Verdict.PASS:
                return _MEANING[mechanism.qualifier]
            case Verdict.NONE:
                self._mistake(domain, f"{mechanism.text}: {target} has no SPF record")
                return Verdict.PERMERROR
            case Verdict.TEMPERROR:
                return Verdict.TEMPERROR
            case Verdict.PERMERROR:
                return Verdict.PERMERROR
            case _:
                return None

    def _redirect(
        self, written: str, domain: str, above: tuple[str, ...], *, live: bool
    ) -> Verdict | None:
        if not self._may_ask(domain, live=live):
            return Verdict.PERMERROR if live else None
        target = self._expand(written, domain)
        if target is None:
            self.report.unfollowed.append(f"redirect={written}")
            return None
        if target in {*above, domain}:
            self._mistake(domain, f"redirect={written} leads back to {target}")
            return Verdict.PERMERROR
        result = self.check(target, (*above, domain), live=live)
        if result is Verdict.NONE:
            self._mistake(domain, f"redirect={written}: {target} has no SPF record")
            return Verdict.PERMERROR
        if live and not above:
            self.report.matched = self.report.matched or f"redirect={written}"
        return result

    def _may_ask(self, domain: str, *, live: bool) -> bool:
        """Count one term that asks; False beyond what a receiver, or this walk, asks."""
        self.report.lookups += 1
        self.spent += live
        if self.report.lookups == MOST_WALKED + 1:
            self._mistake(domain, f"more than {MOST_WALKED} lookups")
        return self.report.lookups <= MOST_WALKED and not (live and self.spent > MOST_LOOKUPS)

    def _look(self, name: str, type_: str, domain: str, *, live: bool) -> Answer:
        answer = self.ask(name, type_)
        if answer.has_failed:
            self.report.failed.append(answer)
        elif answer.is_none:
            self.report.voids += 1
            self.spent_voids += live
            if self.report.voids == MOST_VOID + 1:
                self._mistake(domain, f"more than {MOST_VOID} lookups that find nothing ({name})")
        return answer

    def _hosts(
        self, mechanism: Mechanism, target: str, domain: str, *, live: bool
    ) -> tuple[Answer, bool]:
        """Match `a` and `mx` (RFC 7208 sections 5.3 and 5.4)."""
        kind = "A" if self.ip is None else address_type(self.ip)
        if mechanism.kind is Kind.A:
            answer = self._look(target, kind, domain, live=live)
            return answer, self._is_near(answer.records, mechanism)
        answer = self._look(target, "MX", domain, live=live)
        hosts = [record.rpartition(" ")[2] for record in answer.records]
        if len(hosts) > MOST_HOSTS:
            self._mistake(domain, f"{mechanism.text}: {target} has more than {MOST_HOSTS} MX hosts")
        fits = False
        for host in hosts[:MOST_HOSTS]:
            found = self.ask(host, kind) if host else None
            if found is not None and found.has_failed:
                self.report.failed.append(found)
            fits = fits or (found is not None and self._is_near(found.records, mechanism))
        return answer, fits

    def _has_name(self, target: str) -> bool:
        """Match `ptr` (RFC 7208 section 5.5)."""
        if self.ip is None:
            return False
        kind = address_type(self.ip)
        names = self.ask(self.ip.reverse_pointer, "PTR").records[:MOST_HOSTS]
        below = [name for name in names if f".{name}".endswith(f".{target.lower()}")]
        return any(str(self.ip) in self.ask(name, kind).records for name in below)

    def _is_in(self, network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> bool:
        return self.ip is not None and self.ip.version == network.version and self.ip in network

    def _is_near(self, numbers: tuple[str, ...], mechanism: Mechanism) -> bool:
        for number in numbers:
            length = mechanism.v6_length if ":" in number else mechanism.v4_length
            if self._is_in(ipaddress.ip_network(f"{number}/{length}", strict=False)):
                return True
        return False

    def _expand(self, written: str, domain: str) -> str | None:
        """Fill in macros (RFC 7208 section 7); None where one is not known here."""
        unknown = False

        def one(found: re.Match[str]) -> str:
            nonlocal unknown
            if found[5]:
                return {"%": "%", "_": " ", "-": "%20"}[found[5]]
            value = self._macro(found[1].lower(), domain)
            if value is None:
                unknown = True
                return ""
            parts = re.split("[" + re.escape(found[4] or ".") + "]", value)
            if found[3]:
                parts.reverse()
            kept = int(found[2]) if found[2] else 0
            text = ".".join(parts[-kept:] if kept else parts)
            return quote(text, safe="") if found[1].isupper() else text

        expanded = _MACRO.sub(one, written).rstrip(".").lower()
        while len(expanded) > LONGEST_NAME and "." in expanded:
            expanded = expanded.partition(".")[2]
        return None if unknown or not expanded else expanded

    def _macro(self, letter: str, domain: str) -> str | None:
        known = {
            "s": self.sender.spec,
            "l": self.sender.local,
            "o": self.sender.domain,
            "d": domain,
        }
        if isinstance(self.ip, ipaddress.IPv4Address):
            known |= {"v": "in-addr", "i": str(self.ip)}
        elif self.ip is not None:
            known |= {"v": "ip6", "i": ".".join(self.ip.exploded.replace(":", ""))}
        return known.get(letter)  # not: the receiver's own name and time, and HELO's

    def _mistake(self, domain: str, sentence: str) -> None:
        told = f"{domain}: {sentence}"
        if told not in self.report.mistakes:
            self.report.mistakes.append(told)
