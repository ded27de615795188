"""What the DNS said: its answers, how they are shown, and who asks; the only user of dnspython.

"There is none" and "could not ask" are kept apart.
"""

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

import dns.exception
import dns.name
import dns.nameserver
import dns.rdata
import dns.resolver
from dns.rdtypes.ANY.MX import MX
from dns.rdtypes.ANY.TXT import TXT

from newsletter.errors import UserError
from newsletter.model.diagnosis import DnsRecord

PORT = 53
PATIENCE_S = 5.0  # for one question, over all servers and tries
MOST_SILENCES = 3  # in a row; from then on nobody is waited for any more
MOST_RECORDS = 100
_LONGEST_STRING = 255  # bytes of one string in a TXT record (RFC 1035 section 3.3.14)
_LONGEST_EVIDENCE = 400
_OF_ADDRESSES = frozenset("0123456789abcdefABCDEF.:[]")


class Found(StrEnum):
    """How a question ended. NO_NAME: NXDOMAIN. NO_DATA: the name has no such record."""

    RECORDS = "records"
    NO_NAME = "no such name"
    NO_DATA = "no such record"
    FAILED = "could not ask"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer: TXT joined, numbers, MX as "10 mail.example.org"; why it failed, or ""."""

    name: str
    type: str
    found: Found
    records: tuple[str, ...] = ()
    why: str = ""

    @property
    def has_failed(self) -> bool:
        """Whether nothing is known."""
        return self.found is Found.FAILED


Ask = Callable[[str, str], Answer]  # name, type


def seen(answer: Answer) -> str:
    """Show an answer as evidence: question and records, or that there is none."""
    told = "; ".join(map(shown, answer.records)) if answer.records else str(answer.found)
    return f"{answer.name} {answer.type}: {told}"


def shown(text: str) -> str:
    """Show a stranger's text: printable, on one line, bounded."""
    printable = "".join(char if char.isprintable() else "·" for char in text[:_LONGEST_EVIDENCE])
    return printable + ("…" if len(text) > len(printable) else "")


def txt(name: str, text: str) -> DnsRecord:
    """Return a TXT record to publish, in strings as a zone file wants them."""
    parts = [text[at : at + _LONGEST_STRING] for at in range(0, len(text), _LONGEST_STRING)]
    return DnsRecord(name=name, type="TXT", value=" ".join(f'"{part}"' for part in parts))


class Resolver:
    """Asks each question once and keeps its answer; gives up on a resolver that stays silent."""

    def __init__(self, server: str = "", *, patience_s: float = PATIENCE_S) -> None:
        """Take the system's resolver, or "ADDRESS" or "ADDRESS:PORT".

        Raises UserError: server is no such address.
        """
        self.is_named = bool(server)
        self._answers: dict[tuple[str, str], Answer] = {}
        self._silences = 0
        self._resolver, self.shown = _resolver(server)
        self._resolver.lifetime = patience_s
        self._resolver.timeout = max(patience_s / 2, 0.1)
        # UDP answers that every network passes on whole (DNS flag day 2020); longer ones go by TCP
        self._resolver.use_edns(0, 0, 1232)

    def ask(self, name: str, type_: str) -> Answer:
        """Ask, or return the answer from before; never raises for what a server says."""
        key = (name.rstrip(".").lower(), type_)
        if key not in self._answers:
            self._answers[key] = self._ask(*key)
        return self._answers[key]

    def _ask(self, name: str, type_: str) -> Answer:
        if not self._resolver.nameservers:
            return _failed(name, type_, "this machine names no DNS server (/etc/resolv.conf)")
        if self._silences >= MOST_SILENCES:
            return _failed(name, type_, f"the DNS server {self.shown} did not answer before")
        silences, self._silences = self._silences, 0
        try:
            given = self._resolver.resolve(
                dns.name.from_text(name), type_, raise_on_no_answer=False, search=False
            )
        except dns.resolver.NXDOMAIN:
            return Answer(name=name, type=type_, found=Found.NO_NAME)
        except dns.resolver.LifetimeTimeout:
            self._silences = silences + 1
            why = f"the DNS server {self.shown} does not answer"
        except dns.resolver.NoNameservers:
            why = f"the DNS server {self.shown} refuses the question"
        except (dns.exception.DNSException, OSError, UnicodeError) as error:
            why = f"the question failed: {type(error).__name__}"
        else:
            return _answer(name, type_, given)
        return _failed(name, type_, why)


def _resolver(server: str) -> tuple[dns.resolver.Resolver, str]:
    if not server:
        try:
            system = dns.resolver.Resolver()
        except (dns.exception.DNSException, OSError):
            return dns.resolver.Resolver(configure=False), ""
        return system, ", ".join(map(str, system.nameservers[:3]))
    named = dns.resolver.Resolver(configure=False)
    named.nameservers = [dns.nameserver.Do53Nameserver(*address_and_port(server))]
    return named, server


def address_and_port(text: str) -> tuple[str, int]:
    """Read 192.0.2.1, 192.0.2.1:53, 2001:db8::1 or [2001:db8::1]:53.

    Raises UserError: it is none of these.
    """
    is_bare = text.count(":") > 1 and "[" not in text
    try:
        parts = urlsplit(f"//[{text}]" if is_bare else f"//{text}")
        if set(text) <= _OF_ADDRESSES:
            return str(ipaddress.ip_address(parts.hostname or "")), parts.port or PORT
    except ValueError:
        pass
    raise UserError(
        f"--dns-server {text[:80]} is no address of a DNS server",
        hint="write --dns-server 192.0.2.1 or --dns-server 192.0.2.1:5353",
    )


def _failed(name: str, type_: str, why: str) -> Answer:
    return Answer(name=name, type=type_, found=Found.FAILED, why=why)


def _answer(name: str, type_: str, given: dns.resolver.Answer) -> Answer:
    if given.rrset is None:
        return Answer(name=name, type=type_, found=Found.NO_DATA)
    # in an order of our own: servers turn theirs round from question to question
    records = tuple(sorted(_text(rdata) for rdata in list(given.rrset)[:MOST_RECORDS]))
    return Answer(name=name, type=type_, found=Found.RECORDS, records=records)


def _text(rdata: dns.rdata.Rdata) -> str:
    if isinstance(rdata, TXT):
        # the strings of one record are joined without a space (RFC 7208 section 3.3)
        return b"".join(rdata.strings).decode("utf-8", "backslashreplace")
    if isinstance(rdata, MX):
        return f"{rdata.preference} {rdata.exchange.to_text().rstrip('.').lower()}"
    return rdata.to_text().rstrip(".").lower()
