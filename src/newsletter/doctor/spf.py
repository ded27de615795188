"""May a server send for the return path's domain? By SPF, RFC 7208.

Records are read as far as the usual mistakes need it. Macros, `exists` and `ptr` are not followed:
what they allow is not known here.
"""

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from newsletter.doctor.hosts import addresses_of
from newsletter.doctor.resolver import BULK_RULES, Answer, Ask, Ip, could_not_ask, seen, shown, txt
from newsletter.model.address import organisational_domain
from newsletter.model.diagnosis import Area, Diagnosis, DnsRecord, State

MOST_LOOKUPS = 10  # RFC 7208 section 4.6.4
_MOST_RECORDS = 30  # followed from one record: far beyond use by then
_MOST_HOSTS = 10  # of one mx
_TERM = re.compile(
    r"([+?~-]?)(all|include|a|mx|ptr|ip4|ip6|exists)"
    r"(?::(.*?))?(?:/([0-9]{1,3}))?(?://([0-9]{1,3}))?",
    re.IGNORECASE,
)
_MODIFIER = re.compile(r"[a-z][a-z0-9_.-]*=", re.IGNORECASE)

# What these companies tell their customers to include. Their servers take mail at other addresses
# than those that they send from, so a record is compared with the name, not with the number.
_INCLUDES = {
    "amazonaws.com": "amazonses.com",
    "brevo.com": "spf.brevo.com",
    "gmail.com": "_spf.google.com",
    "google.com": "_spf.google.com",
    "mailgun.org": "mailgun.org",
    "mailjet.com": "spf.mailjet.com",
    "mandrillapp.com": "spf.mandrillapp.com",
    "office365.com": "spf.protection.outlook.com",
    "postmarkapp.com": "spf.mtasv.net",
    "sendgrid.net": "sendgrid.net",
}
# These leave our return path as it is; the others put one of their own domain in its place, unless
# their customer sets one up with them, so that our record may not matter.
_KEEP_RETURN_PATH = frozenset({"gmail.com", "google.com", "office365.com"})


_dns = partial(Diagnosis, Area.DNS)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerPlace:
    """Where a mail server is: its host name, the addresses found for it, a question that failed."""

    host: str
    addresses: tuple[Ip, ...] = ()
    failed: Answer | None = None

    @property
    def public(self) -> tuple[Ip, ...]:
        """The addresses that the world sees."""
        return tuple(each for each in self.addresses if each.is_global)

    @property
    def include(self) -> str:
        """The domain that the host's owner tells customers to include; "" if unknown."""
        return _INCLUDES.get(organisational_domain(self.host) or "", "")

    def is_of(self, domain: str) -> bool:
        """Return whether it is of the domain's organisation: seldom a relay's front door."""
        return organisational_domain(self.host) == organisational_domain(domain)

    def terms(self, numbers: Sequence[Ip]) -> tuple[str, ...]:
        """Return what stands in a record that allows it."""
        if self.include:
            return (f"include:{self.include}",)
        return tuple(f"ip{ip.version}:{ip}" for ip in numbers)


@dataclass(slots=True)
class _Spf:
    """What a record and those that it includes come to."""

    ask: Ask
    texts: dict[str, str] = field(default_factory=dict)  # by domain
    networks: list[tuple[str, ipaddress.IPv4Network | ipaddress.IPv6Network]] = field(
        default_factory=list
    )
    lookups: int = 0
    mistakes: list[str] = field(default_factory=list)
    failed: list[Answer] = field(default_factory=list)
    unfollowed: list[str] = field(default_factory=list)

    def follow(self, domain: str) -> None:
        if domain in self.texts or len(self.texts) >= _MOST_RECORDS:
            return
        answer = self.ask(domain, "TXT")
        texts = spf_texts(answer)
        if answer.has_failed:
            self.failed.append(answer)
        elif len(texts) != 1:
            told = f"{len(texts)} SPF records, and one is allowed"
            self.mistakes.append(f"{domain} has {told if texts else 'no SPF record'}")
        else:
            self.texts[domain] = texts[0]
            for term in texts[0].split()[1:]:
                self._read(term, domain)

    def _read(self, term: str, domain: str) -> None:
        name, sign, value = term.partition("=")
        if sign and _MODIFIER.match(term):
            if name.lower() == "redirect":
                self.lookups += 1
                self._go_on(term, value)
            return
        found = _TERM.fullmatch(term)
        if found is None:
            near = {"ip": "ip4:", "ipv4": "ip4:", "ipv6": "ip6:"}.get(term.partition(":")[0], "")
            self._mistake(domain, term, f"; write {near}" if near else "")
            return
        kind, value, allows = found[2].lower(), found[3] or "", found[1] in {"", "+"}
        if kind in {"ip4", "ip6"}:
            self._number(term, kind, f"{value}/{found[4]}" if found[4] else value, domain)
        elif kind != "all":
            self.lookups += 1
            if kind == "include" and allows:
                self._go_on(term, value)
            elif kind in {"a", "mx"} and allows and "%" not in value:
                self._hosts(term, kind, value or domain, (found[4] or "32", found[5] or "128"))
            elif allows:
                self.unfollowed.append(term)

    def _go_on(self, term: str, domain: str) -> None:
        if "%" in domain:
            self.unfollowed.append(term)
        else:
            self.follow(domain.rstrip(".").lower())

    def _number(self, term: str, kind: str, value: str, domain: str) -> None:
        try:
            network = ipaddress.ip_network(value, strict=False)
        except ValueError:
            network = None
        if network is None or f"ip{network.version}" != kind:
            self._mistake(domain, term, "; write ip6:" if network is not None else "")
        elif term[0] not in "-~?":
            self.networks.append((term, network))

    def _hosts(self, term: str, kind: str, target: str, lengths: tuple[str, str]) -> None:
        hosts = [target]
        if kind == "mx":
            answer = self.ask(target, "MX")
            hosts = [record.rpartition(" ")[2] for record in answer.records][:_MOST_HOSTS]
            self.failed.extend([answer] if answer.has_failed else [])
        for host in filter(None, hosts):
            numbers, failed = addresses_of(host, self.ask)
            self.failed.extend(failed)
            for ip in numbers:
                length = lengths[ip.version == ipaddress.IPv6Address(0).version]
                try:
                    network = ipaddress.ip_network(f"{ip}/{length}", strict=False)
                except ValueError:  # a length beyond the number's
                    continue
                self.networks.append((term, network))

    def _mistake(self, domain: str, term: str, what_to_write: str) -> None:
        self.mistakes.append(f'{domain}: "{shown(term)[:60]}" is no term of SPF{what_to_write}')


def spf_texts(answer: Answer) -> list[str]:
    """Return the SPF records among TXT records (RFC 7208 section 4.5)."""
    return [text for text in answer.records if (text.lower() + " ").startswith("v=spf1 ")]


def judge_spf(domain: str, servers: Sequence[ServerPlace], ask: Ask) -> tuple[Diagnosis, ...]:
    """Judge the record of the return path's domain for the servers that send with it."""
    answer = ask(domain, "TXT")
    if answer.has_failed:
        return (could_not_ask("spf", domain, answer, "the SPF record"),)
    texts = spf_texts(answer)
    if not texts:
        return (_no_spf(domain, answer, servers),)
    spf = _Spf(ask)
    spf.follow(domain)
    evidence = "; ".join(f"{name} TXT: {shown(text)}" for name, text in list(spf.texts.items())[:3])
    if spf.mistakes:
        message = f"receivers cannot use the record: {'; '.join(spf.mistakes[:4])}"
        if len(texts) > 1:
            words = dict.fromkeys(word for text in texts for word in _words(text))
            remedy = "make one record of them: all terms in one line, all at the end"
            record = _spf_record(domain, [word for word in words if not _is_all(word)])
            return (_dns("spf", domain, State.ERROR, message, seen(answer), remedy, (record,)),)
        remedy = "correct it; a record that cannot be read counts for nothing"
        return (_dns("spf", domain, State.ERROR, message, evidence, remedy),)
    return (
        _spf_itself(domain, texts[0], spf, evidence),
        *(
            could_not_ask("spf", domain, each, "a part of the SPF record")
            for each in dict.fromkeys(spf.failed[:3])
        ),
        *(_spf_server(domain, texts[0], spf, server, evidence) for server in servers),
    )


def _no_spf(domain: str, answer: Answer, servers: Sequence[ServerPlace]) -> Diagnosis:
    """Return that there is no record, with one that holds the servers known to send."""
    known = [each for each in servers if each.include or each.is_of(domain)]
    terms = list(dict.fromkeys(term for each in known for term in each.terms(each.public)))
    near = [text for text in answer.records if "spf1" in text[:20].lower()]
    message, remedy = "there is no SPF record", f"publish one; {BULK_RULES}"
    if near:
        message += ", but a text that looks like one"
        remedy = 'an SPF record begins with "v=spf1" and a space, without quotation marks'
    if not terms:  # "v=spf1 ~all" alone would allow nobody
        terms = ["include:<your mail provider>"]
        remedy += (
            "; in place of <…> write the name your mail provider gives, or ip4: and the address "
            "your own server sends from"
        )
    evidence = "; ".join(map(shown, near)) or f"{domain} TXT: no v=spf1"
    record = _spf_record(domain, terms)
    return _dns("spf", domain, State.ERROR, message, evidence, remedy, (record,))


def _spf_itself(domain: str, text: str, spf: _Spf, evidence: str) -> Diagnosis:
    """Judge the record itself, whoever sends."""
    words = _words(text)
    ends = [word for word in words if _is_all(word)]
    if spf.lookups > MOST_LOOKUPS:
        message = f"the record needs {spf.lookups} lookups; receivers stop at {MOST_LOOKUPS}"
        remedy = "remove includes of services you no longer use; write ip4: instead of a and mx"
        return _dns("spf-lookups", domain, State.ERROR, message, evidence, remedy)
    if not ends and any(word.lower().startswith("redirect=") for word in words):
        ends = ["~all"]  # the other record's
    if ends and ends[0][0] in "-~":
        told = f"one record, {spf.lookups} of {MOST_LOOKUPS} lookups"
        return _dns("spf", domain, State.WELL, told, evidence)
    state, message = State.WARNING, "the record does not end in ~all or -all: anyone may send"
    if ends and ends[0][0] != "?":
        state, message = State.ERROR, "+all lets the whole world send as this domain"
    record = _spf_record(domain, [word for word in words if not _is_all(word)])
    return _dns("spf-all", domain, state, message, evidence, "end it in ~all", (record,))


def _spf_server(domain: str, text: str, spf: _Spf, server: ServerPlace, evidence: str) -> Diagnosis:
    if not server.public and server.failed is not None:
        return could_not_ask("spf-server", server.host, server.failed, "the mail server's address")
    by = {ip: next((term for term, net in spf.networks if ip in net), "") for ip in server.public}
    missing = [ip for ip, term in by.items() if not term]  # a machine sends by any of its numbers
    remedy, records = "", tuple[DnsRecord, ...]()
    if not server.public:
        state, message = State.INFO, f"which address {server.host} sends from is not known here"
        remedy = "make sure that machine's public address is in the record"
    elif server.include in spf.texts:
        state, message = State.WELL, f"{server.host} is allowed, by way of {server.include}"
    elif not missing:
        terms = ", ".join(dict.fromkeys(by.values()))
        state, message = State.WELL, f"{server.host} is allowed, by {terms}"
    elif spf.failed:
        state, message = State.UNASKED, f"whether {server.host} is allowed is not known"
    elif spf.unfollowed:
        term = shown(spf.unfollowed[0])
        state, message = State.INFO, f"{server.host} is not listed, but {term} may allow it"
    else:
        told = ", ".join(map(str, missing[:4]))
        message = f"the record does not allow {server.host}: {told}"
        state, remedy = _refused(domain, server)
        words = _words(text)
        ends = [i for i, word in enumerate(words) if _is_all(word) or "redirect=" in word]
        at = ends[0] if ends else len(words)
        words[at:at] = server.terms(missing)
        records = (txt(domain, " ".join(("v=spf1", *words))),)
    return _dns("spf-server", domain, state, message, evidence, remedy, records)


def _refused(domain: str, server: ServerPlace) -> tuple[State, str]:
    """Return how grave it is that a record does not list a server, and what to do."""
    if server.is_of(domain) or organisational_domain(server.host) in _KEEP_RETURN_PATH:
        return State.ERROR, "publish the record below"
    if server.include:
        remedy = "publish the record below, unless the provider uses a return path of its own"
        return State.WARNING, remedy
    return State.WARNING, (
        f"if {server.host} sends directly, publish the record below; if it hands mail on, add what "
        "its provider tells you to include"
    )


def _spf_record(domain: str, terms: Sequence[str]) -> DnsRecord:
    return txt(domain, " ".join(("v=spf1", *terms, "~all")))


def _words(text: str) -> list[str]:
    return text.split()[1:]


def _is_all(word: str) -> bool:
    return word.lower().lstrip("+-?~") == "all"
