"""Is the mail server allowed to send for the return path's domain? By SPF, RFC 7208."""

from collections.abc import Sequence
from dataclasses import dataclass

from newsletter.doctor.answer import Answer, Ask, Ip
from newsletter.doctor.providers import include_for, keeps_return_path
from newsletter.doctor.spf import MOST_LOOKUPS, MOST_VOID, SpfReport, Verdict, follow_spf
from newsletter.doctor.spf_record import Qualifier, SpfMistake, read_spf
from newsletter.doctor.telling import BULK_RULES, could_not_ask, shown, txt
from newsletter.model.address import Address, organisational_domain
from newsletter.model.diagnosis import Area, Diagnosis, DnsRecord, State

_UNKNOWN_SENDER = "include:<your mail provider>"
_MANY = 8  # lookups from which the next provider's include may be one too many


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


def judge_spf(envelope: Address, servers: Sequence[ServerPlace], ask: Ask) -> tuple[Diagnosis, ...]:
    """Judge the record of the return path's domain for the servers that send with it."""
    addresses = [(server, ip) for server in servers for ip in server.public]
    first = follow_spf(
        envelope.domain, sender=envelope, ip=addresses[0][1] if addresses else None, ask=ask
    )
    domain = envelope.domain
    if not first.records:
        if first.failed:
            return (could_not_ask("spf", domain, first.failed[0], "the SPF record"),)
        return (_missing(first, servers),)
    found = [*_record(first), *_failed(first)]
    if first.record is not None and not first.mistakes:
        reports = {ip: follow_spf(domain, sender=envelope, ip=ip, ask=ask) for _, ip in addresses}
        found.extend(_server(server, first, reports) for server in servers)
    return tuple(found)


def _diagnosis(
    state: State,
    report: SpfReport,
    message: str,
    *,
    check: str = "spf",
    remedy: str = "",
    records: tuple[DnsRecord, ...] = (),
) -> Diagnosis:
    told = "; ".join(f"{domain} TXT: {shown(text)}" for domain, text in report.records[:3])
    return Diagnosis(
        area=Area.DNS,
        check=check,
        subject=report.domain,
        state=state,
        message=message,
        evidence=told,
        remedy=remedy,
        records=records,
    )


def _missing(report: SpfReport, servers: Sequence[ServerPlace]) -> Diagnosis:
    """Tell that there is no record, and give one that holds the servers known to send."""
    senders = [server for server in servers if _is_own_sender(server, report.domain)]
    terms = list(dict.fromkeys(term for server in senders for term in _terms(server)))
    if not terms:  # "v=spf1 ~all" alone would allow nobody
        terms = [_UNKNOWN_SENDER]
    record = txt(report.domain, " ".join(("v=spf1", *terms, "~all")))
    if report.near:
        message = "there is no SPF record, but a text that looks like one"
        remedy = 'an SPF record begins with "v=spf1" and a blank, without marks of quotation'
    else:
        message = "there is no SPF record"
        remedy = f"publish one; {BULK_RULES}"
    if _UNKNOWN_SENDER in terms:
        remedy += (
            "; for <…> put the name that your mail provider tells you to include, or write ip4: "
            "and the address your own server sends from"
        )
    return Diagnosis(
        area=Area.DNS,
        check="spf",
        subject=report.domain,
        state=State.ERROR,
        message=message,
        evidence="; ".join(map(shown, report.near)) or f"{report.domain} TXT: no v=spf1",
        remedy=remedy,
        records=(record,),
    )


def _record(report: SpfReport) -> list[Diagnosis]:
    """Judge the record itself, whoever sends."""
    if report.mistakes:
        return [_broken(report)]
    found: list[Diagnosis] = []
    if report.lookups > MOST_LOOKUPS:
        message = f"the record needs {report.lookups} lookups, and receivers stop at 10"
        remedy = "take out includes of services you no longer use; put ip4: in place of a and mx"
        found.append(_diagnosis(State.ERROR, report, message, check="spf-lookups", remedy=remedy))
    default = _default(report)
    if default is Qualifier.PASS:
        message = "+all lets the whole world send as this domain"
        records = _with_all(report)
        remedy = "end the record in ~all, or in -all once all your servers are in it"
        found.append(
            _diagnosis(
                State.ERROR, report, message, check="spf-all", remedy=remedy, records=records
            )
        )
    elif default in {None, Qualifier.NEUTRAL} and not report.failed:
        message = "the record says nothing of other servers: it ends in no -all or ~all"
        remedy = "end the record in ~all"
        records = _with_all(report)
        found.append(
            _diagnosis(
                State.WARNING, report, message, check="spf-all", remedy=remedy, records=records
            )
        )
    if report.uses_ptr:
        message = "the term ptr is slow, and many receivers leave it out (RFC 7208 section 5.5)"
        remedy = "put ip4: and ip6: in its place"
        found.append(_diagnosis(State.WARNING, report, message, check="spf-ptr", remedy=remedy))
    ignored = _ignored(report)
    if ignored:
        message = f"what stands behind all is never looked at: {shown(ignored)}"
        remedy = "put all at the end"
        found.append(_diagnosis(State.WARNING, report, message, check="spf-order", remedy=remedy))
    if not found and not report.failed:
        many = "; one more include may be too many" if report.lookups >= _MANY else ""
        message = f"one record, {report.lookups} of {MOST_LOOKUPS} lookups{many}"
        found.append(_diagnosis(State.WELL, report, message))
    return found


def _broken(report: SpfReport) -> Diagnosis:
    message = "receivers cannot use the record: " + "; ".join(map(shown, report.mistakes[:4]))
    several = [text for domain, text in report.records if domain == report.domain]
    if len(several) > 1:
        remedy = "make one record of them: all terms in one line, all at the end"
        merged = txt(report.domain, _merged(several))
        return _diagnosis(State.ERROR, report, message, remedy=remedy, records=(merged,))
    remedy = "correct it; a record that cannot be read counts for none"
    if any("find nothing" in mistake for mistake in report.mistakes):
        remedy = f"take out names that no longer exist; {MOST_VOID} such lookups are allowed"
    return _diagnosis(State.ERROR, report, message, remedy=remedy)


def _failed(report: SpfReport) -> list[Diagnosis]:
    names = dict.fromkeys((answer.name, answer.type) for answer in report.failed)
    answers = {(answer.name, answer.type): answer for answer in report.failed}
    return [
        could_not_ask("spf", report.domain, answers[key], "a part of the SPF record")
        for key in list(names)[:3]
    ]


def _server(server: ServerPlace, first: SpfReport, reports: dict[Ip, SpfReport]) -> Diagnosis:
    check = "spf-server"
    if not server.public and server.failed is not None:
        return could_not_ask(check, server.host, server.failed, "the mail server's address")
    if not server.public:
        message = f"from which address {server.host} sends is not known here"
        remedy = "see that the public address of that machine stands in the record"
        if not server.addresses:
            message = f"no address was found for {server.host}"
        return _diagnosis(State.INFO, first, message, check=check, remedy=remedy)
    include = include_for(server.host)
    walked = {domain for domain, _ in first.records}
    if include and include in walked:
        message = f"{server.host} is allowed, by way of {include}"
        return _diagnosis(State.WELL, first, message, check=check)
    verdicts = {ip: reports[ip].verdict for ip in server.public}
    # a machine with both families sends by either
    refused = [ip for ip, verdict in verdicts.items() if verdict is not Verdict.PASS]
    if not refused:
        terms = dict.fromkeys(reports[ip].matched for ip in server.public)
        message = f"{server.host} is allowed, by {', '.join(filter(None, terms))}"
        return _diagnosis(State.WELL, first, message, check=check)
    if any(verdicts[ip] is Verdict.TEMPERROR for ip in refused):
        message = f"whether {server.host} is allowed could not be told"
        return _diagnosis(State.UNASKED, first, message, check=check)
    told = ", ".join(f"{ip} ({verdicts[ip]})" for ip in refused[:4])
    message = f"the record does not allow {server.host}: {told}"
    remedy = (
        f"if {server.host} sends out itself, publish the record below; if it hands mail on, "
        "add what its provider tells you to include"
    )
    if first.unfollowed:
        remedy += f" (not followed: {shown(first.unfollowed[0])})"
    is_sure = _sends_itself(server, first.domain) or keeps_return_path(server.host)
    if include and not is_sure:
        remedy = (
            "publish the record below, unless the provider puts a return path of its own in the "
            "place of yours, as many do"
        )
    state = State.ERROR if is_sure else State.WARNING
    return _diagnosis(
        state, first, message, check=check, remedy=remedy, records=_with(first, server, refused)
    )


def _sends_itself(server: ServerPlace, domain: str) -> bool:
    """Return whether a server is of the domain's organisation: seldom a relay's front door."""
    return organisational_domain(server.host) == organisational_domain(domain)


def _is_own_sender(server: ServerPlace, domain: str) -> bool:
    """Return whether what stands in a record for a server is known, not guessed."""
    return bool(include_for(server.host)) or _sends_itself(server, domain)


def _terms(server: ServerPlace) -> tuple[str, ...]:
    include = include_for(server.host)
    if include:
        return (f"include:{include}",)
    return tuple(f"ip{ip.version}:{ip}" for ip in server.public)


def _with(report: SpfReport, server: ServerPlace, missing: Sequence[Ip]) -> tuple[DnsRecord, ...]:
    """Return the record with a server's addresses put before all or redirect."""
    include = include_for(server.host)
    added = [f"include:{include}"] if include else [f"ip{ip.version}:{ip}" for ip in missing]
    words = _words(report.record.text if report.record else "")
    at = next((i for i, word in enumerate(words) if _is_last(word)), len(words))
    return (txt(report.domain, " ".join(("v=spf1", *words[:at], *added, *words[at:]))),)


def _with_all(report: SpfReport) -> tuple[DnsRecord, ...]:
    if report.record is None or report.record.redirect:
        return ()
    kept = [word for word in _words(report.record.text) if not _is_all(word)]
    return (txt(report.domain, " ".join(("v=spf1", *kept, "~all"))),)


def _merged(texts: Sequence[str]) -> str:
    words = [word for text in texts for word in _words(text)]
    kept = [word for word in dict.fromkeys(words) if not _is_all(word)]
    return " ".join(("v=spf1", *kept, "~all"))


def _words(text: str) -> list[str]:
    return [word for word in text.split(" ")[1:] if word]


def _is_all(word: str) -> bool:
    return word.lower().lstrip("+-?~") == "all"


def _is_last(word: str) -> bool:
    return _is_all(word) or word.lower().startswith("redirect=")


def _default(report: SpfReport) -> Qualifier | None:
    """Return what becomes of servers that no term names, along redirect=; None for nothing said."""
    texts = dict(report.records)
    domain = report.domain
    for _ in range(len(texts)):
        try:
            record = read_spf(texts[domain])
        except (KeyError, SpfMistake):
            return None
        if record.all is not None:
            return record.all.qualifier
        domain = record.redirect.rstrip(".").lower()
    return None


def _ignored(report: SpfReport) -> str:
    words = _words(report.record.text if report.record else "")
    at = next((i for i, word in enumerate(words) if _is_all(word)), len(words))
    behind = words[at + 1 :]
    return " ".join(word for word in behind if not word.lower().startswith("exp="))
