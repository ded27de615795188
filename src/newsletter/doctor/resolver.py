"""Asks the DNS: the system's resolver, or one that was named; the only user of dnspython."""

import ipaddress
from collections.abc import Sequence

import dns.exception
import dns.message
import dns.name
import dns.nameserver
import dns.rdata
import dns.rdatatype
import dns.resolver
from dns.rdtypes.ANY.MX import MX
from dns.rdtypes.ANY.TXT import TXT

from newsletter.doctor.answer import Answer, Found
from newsletter.errors import UserError
from newsletter.model.address import HIGHEST_PORT

PORT = 53
PATIENCE_S = 5.0  # for one question, over all servers and tries
MOST_SILENCES = 3  # in a row; from then on nobody is waited for any more
MOST_QUESTIONS = 500
MOST_RECORDS = 100


class Resolver:
    """Asks each question once and keeps its answer; gives up on a resolver that stays silent."""

    def __init__(self, server: str = "", *, patience_s: float = PATIENCE_S) -> None:
        """Take the system's resolver, or "ADDRESS" or "ADDRESS:PORT".

        Raises:
            UserError: server is no such address.
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
        """Ask, or give the answer from before; never raises for what a server says."""
        key = (name.rstrip(".").lower(), type_)
        if key not in self._answers:
            self._answers[key] = self._ask(*key)
        return self._answers[key]

    def _ask(self, name: str, type_: str) -> Answer:
        if not self._resolver.nameservers:
            return _failed(name, type_, "this machine names no DNS server (/etc/resolv.conf)")
        if self._silences >= MOST_SILENCES:
            return _failed(name, type_, f"the DNS server {self.shown} did not answer before")
        if len(self._answers) >= MOST_QUESTIONS:
            return _failed(name, type_, f"more than {MOST_QUESTIONS} questions")
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
        except dns.resolver.NoNameservers as error:
            why = f"the DNS server {self.shown} answers {_codes(error)}"
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
    address, port = address_and_port(server)
    named = dns.resolver.Resolver(configure=False)
    named.nameservers = [dns.nameserver.Do53Nameserver(address, port)]
    return named, server


def address_and_port(text: str) -> tuple[str, int]:
    """Read 192.0.2.1, 192.0.2.1:53, 2001:db8::1 or [2001:db8::1]:53.

    Raises:
        UserError: it is none of these.
    """
    host, port = text, str(PORT)
    if text.startswith("["):
        host, _, rest = text[1:].partition("]")
        port = rest.removeprefix(":") or port
    elif text.count(":") == 1:
        host, _, port = text.partition(":")
    try:
        address = str(ipaddress.ip_address(host))
        number = int(port) if port.isascii() and port.isdecimal() else 0
    except ValueError:
        address, number = "", 0
    if not address or not 0 < number <= HIGHEST_PORT:
        raise UserError(
            f"--dns-server {text[:80]} is no address of a DNS server",
            hint="write --dns-server 192.0.2.1 or --dns-server 192.0.2.1:5353",
        )
    return address, number


def _codes(error: dns.resolver.NoNameservers) -> str:
    """Name the codes that the servers answered with, such as SERVFAIL."""
    tried = error.kwargs.get("errors")
    words = [str(each[3]) for each in tried if each[3]] if isinstance(tried, Sequence) else []
    return ", ".join(dict.fromkeys(word[:80] for word in words)) or "nothing that can be read"


def _failed(name: str, type_: str, why: str) -> Answer:
    return Answer(name=name, type=type_, found=Found.FAILED, why=why)


def _answer(name: str, type_: str, given: dns.resolver.Answer) -> Answer:
    end = given.canonical_name.to_text(omit_final_dot=True).lower()
    alias = end if end != name else ""
    if given.rrset is None:
        return Answer(name=name, type=type_, found=Found.NO_DATA, alias=alias)
    # in an order of our own: servers turn theirs round from question to question
    records = tuple(sorted(_text(rdata) for rdata in list(given.rrset)[:MOST_RECORDS]))
    return Answer(name=name, type=type_, found=Found.RECORDS, records=records, alias=alias)


def _text(rdata: dns.rdata.Rdata) -> str:
    if isinstance(rdata, TXT):
        # the strings of one record are joined without a space (RFC 7208 section 3.3)
        return b"".join(rdata.strings).decode("utf-8", "backslashreplace")
    if isinstance(rdata, MX):
        return f"{rdata.preference} {rdata.exchange.to_text().rstrip('.').lower()}"
    return rdata.to_text().rstrip(".").lower()
