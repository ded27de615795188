"""Does mail from this domain pass DMARC, and what happens where it does not?

A message passes where SPF or DKIM passed for a domain aligned with From's (RFC 7489 section 4.2).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from newsletter.doctor.answer import Answer, Ask
from newsletter.doctor.dmarc_record import DmarcRecord, Policy, is_aligned, is_dmarc, read_dmarc
from newsletter.doctor.tags import TagMistake
from newsletter.doctor.telling import BULK_RULES, could_not_ask, seen, txt
from newsletter.model.address import organisational_domain
from newsletter.model.diagnosis import Area, Diagnosis, DnsRecord, State

WHOLE = 100  # per cent
_MOST_STEPS = 8  # RFC 9989 section 4.10
_MODES = {True: "strict", False: "relaxed"}
_FITS = {True: "fits", False: "does not fit"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """How mail of one From goes out: server, return path's domain, and d= ("" if unknown)."""

    server: str
    envelope: str
    signer: str = ""


def judge_dmarc(
    domain: str, routes: Sequence[Route], *, reports_to: str, ask: Ask
) -> tuple[Diagnosis, ...]:
    """Judge the policy of From's domain, and each route's alignment with it.

    reports_to: an address that may stand in a record to publish.
    """
    where, answer = _find(domain, ask)
    if answer.has_failed:
        return (could_not_ask("dmarc", domain, answer, "the DMARC record"),)
    texts = [text for text in answer.records if is_dmarc(text)]
    if not texts:
        return (_missing(domain, answer, reports_to), *_alignment(domain, routes, None))
    if len(texts) > 1:
        message = f"{len(texts)} DMARC records, so that receivers take none"
        remedy = "leave one of them"
        return (_diagnosis(State.ERROR, domain, message, seen(answer), remedy),)
    try:
        record = read_dmarc(texts[0])
    except TagMistake as error:
        message = f"receivers take the record for none: {error}"
        return (
            _diagnosis(
                State.ERROR,
                domain,
                message,
                seen(answer),
                "publish it anew",
                records=(_record(where, reports_to),),
            ),
        )
    return (
        *_policy(domain, where, record, seen(answer)),
        *_reports(domain, where, record, reports_to=reports_to, ask=ask),
        *_alignment(domain, routes, record),
    )


def _diagnosis(
    state: State,
    domain: str,
    message: str,
    evidence: str,
    remedy: str = "",
    *,
    check: str = "dmarc",
    records: tuple[DnsRecord, ...] = (),
) -> Diagnosis:
    return Diagnosis(
        area=Area.DNS,
        check=check,
        subject=domain,
        state=state,
        message=message,
        evidence=evidence,
        remedy=remedy,
        records=records,
    )


def _find(domain: str, ask: Ask) -> tuple[str, Answer]:
    """Look at the domain, then upwards as far as the organisation's; gives where it was found."""
    owner = organisational_domain(domain) or domain
    name = domain
    answer = ask(f"_dmarc.{name}", "TXT")
    other = answer  # a text that is no record of DMARC
    for _ in range(_MOST_STEPS):
        if answer.has_failed or any(is_dmarc(text) for text in answer.records):
            return name, answer
        other = other if other.records else answer
        if name == owner:
            break
        name = name.partition(".")[2]
        answer = ask(f"_dmarc.{name}", "TXT")
    return owner, other


def _missing(domain: str, answer: Answer, reports_to: str) -> Diagnosis:
    owner = organisational_domain(domain) or domain
    message = "there is no DMARC record"
    remedy = f"publish one; p=none is enough to begin with. {BULK_RULES}"
    if answer.records:
        message = "there is no DMARC record, but another text in its place"
        remedy = 'a DMARC record begins with "v=DMARC1", in capitals, and a semicolon'
    return _diagnosis(
        State.ERROR, domain, message, seen(answer), remedy, records=(_record(owner, reports_to),)
    )


def _record(where: str, reports_to: str) -> DnsRecord:
    return txt(f"_dmarc.{where}", f"v=DMARC1; p=none; rua=mailto:{reports_to}")


def _policy(domain: str, where: str, record: DmarcRecord, evidence: str) -> list[Diagnosis]:
    found: list[Diagnosis] = []
    applies = record.policy if where == domain else record.subdomains
    at = "" if where == domain else f", from {where}"
    owner = organisational_domain(domain) or domain
    if where not in {domain, owner}:
        message = f"the record stands at {where}, where receivers of before RFC 9989 do not look"
        remedy = f"publish it at _dmarc.{domain} or _dmarc.{owner} as well"
        found.append(_diagnosis(State.WARNING, domain, message, evidence, remedy))
    for doubt in record.doubts:
        message = f"a part of the record is not read: {doubt}"
        remedy = "correct that part"
        found.append(_diagnosis(State.WARNING, domain, message, evidence, remedy))
    if record.historic and record.percent < WHOLE:
        message = f"pct={record.percent}: only some receivers go by it (RFC 9989 dropped it)"
        remedy = "take pct out; t=y is the way to try a policy out"
        found.append(_diagnosis(State.WARNING, domain, message, evidence, remedy))
    if record.is_test:
        message = f"t=y: p={applies} is only tried out{at}"
        found.append(_diagnosis(State.INFO, domain, message, evidence))
    elif applies is Policy.NONE:
        message = f"p=none{at}: enough for the bulk senders' rules; others may still use the name"
        remedy = "once the reports show only your own servers, publish p=quarantine"
        found.append(_diagnosis(State.INFO, domain, message, evidence, remedy))
    elif not found:
        found.append(_diagnosis(State.WELL, domain, f"p={applies}{at}", evidence))
    return found


def _reports(
    domain: str, where: str, record: DmarcRecord, *, reports_to: str, ask: Ask
) -> list[Diagnosis]:
    answer = ask(f"_dmarc.{where}", "TXT")
    evidence = seen(answer)
    if not record.rua:
        message = "nobody gets the reports: there is no rua="
        remedy = f"add rua=mailto:{reports_to}, or another mailbox for them"
        text = next(filter(is_dmarc, answer.records)).rstrip("; ")
        return [
            _diagnosis(
                State.WARNING,
                domain,
                message,
                evidence,
                remedy,
                check="dmarc-reports",
                records=(txt(answer.name, f"{text}; rua=mailto:{reports_to}"),),
            )
        ]
    found: list[Diagnosis] = []
    for uri in record.rua[:4]:
        host = uri.partition(":")[2].partition("!")[0].rpartition("@")[2].lower()
        if is_aligned(host, where, strict=False):
            continue
        # RFC 7489 section 7.1, RFC 9990 section 4: who gets another's reports has to agree
        name = f"{where}._report._dmarc.{host}"
        agreed = ask(name, "TXT")
        if agreed.has_failed:
            found.append(could_not_ask("dmarc-reports", domain, agreed, "the reports' permission"))
        elif not any(is_dmarc(text) for text in agreed.records):
            message = f"{host} has not agreed to take reports for {where}, so none are sent"
            remedy = f"let {host} publish the record below, or use an address of your own"
            found.append(
                _diagnosis(
                    State.WARNING,
                    domain,
                    message,
                    seen(agreed),
                    remedy,
                    check="dmarc-reports",
                    records=(txt(name, "v=DMARC1"),),
                )
            )
    return found


def _alignment(domain: str, routes: Sequence[Route], record: DmarcRecord | None) -> list[Diagnosis]:
    strict_spf = record is not None and record.strict_spf
    strict_dkim = record is not None and record.strict_dkim
    found: list[Diagnosis] = []
    for route in routes:
        spf = is_aligned(route.envelope, domain, strict=strict_spf)
        dkim = bool(route.signer) and is_aligned(route.signer, domain, strict=strict_dkim)
        seen_ = (
            f"From {domain}; return path {route.envelope} ({_MODES[strict_spf]}: {_FITS[spf]}); "
            + (
                f"d={route.signer} ({_MODES[strict_dkim]}: {_FITS[dkim]})"
                if route.signer
                else "d= not known"
            )
        )
        found.append(_route(domain, route, seen_, spf=spf, dkim=dkim))
    return found


def _route(domain: str, route: Route, evidence: str, *, spf: bool, dkim: bool) -> Diagnosis:
    check = "alignment"
    owner = organisational_domain(domain) or domain
    if dkim:
        both = " and the return path" if spf else ""
        message = f"by {route.server}: the signature{both} fit From"
        remedy = "" if spf else f"a return path below {owner} would make SPF count as well"
        state = State.WELL if spf else State.INFO
        return _diagnosis(state, domain, message, evidence, remedy, check=check)
    if route.signer:
        remedy = f"let {route.server} sign with d={domain}"
        if not spf:
            message = f"by {route.server}: neither return path nor signature fit From"
            remedy += f", or set return_path to an address below {owner}"
            return _diagnosis(State.ERROR, domain, message, evidence, remedy, check=check)
        message = f"by {route.server}: d={route.signer} does not fit From, only SPF counts"
        remedy += "; SPF alone breaks where mail is forwarded"
        return _diagnosis(State.WARNING, domain, message, evidence, remedy, check=check)
    if spf:
        message = f"by {route.server}: the return path fits From; of the signature nothing is known"
        return _diagnosis(State.INFO, domain, message, evidence, check=check)
    message = f"by {route.server}: the return path does not fit From; only a signature would count"
    remedy = (
        f"set return_path to an address below {owner}, or see that mail is signed with "
        f"d={domain} and write dkim_selector and dkim_domain"
    )
    return _diagnosis(State.WARNING, domain, message, evidence, remedy, check=check)
