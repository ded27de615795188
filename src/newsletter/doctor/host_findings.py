"""Names and numbers of hosts: reverse DNS, where bounces and replies go, the readers' links."""

import ipaddress
from collections.abc import Sequence
from functools import partial
from urllib.parse import urlsplit

from newsletter.doctor.answer import Answer, Ask, Ip, address_type
from newsletter.doctor.telling import could_not_ask, diagnosis, seen
from newsletter.model.diagnosis import Area, Diagnosis, DnsRecord, State

_MOST_HOSTS = 10
_diagnosis = partial(diagnosis, area=Area.DNS)


def addresses_of(host: str, ask: Ask) -> tuple[tuple[Ip, ...], tuple[Answer, ...]]:
    """Return the addresses of a host, or the number it is, and the questions that failed."""
    try:
        return (ipaddress.ip_address(host.strip("[]")),), ()
    except ValueError:
        answers = [ask(host, kind) for kind in ("A", "AAAA")]
    numbers = [number for answer in answers for number in answer.records]
    failed = tuple(answer for answer in answers if answer.has_failed)
    return tuple(ipaddress.ip_address(number) for number in numbers), failed


def judge_reverse(host: str, ip: Ip, ask: Ask) -> Diagnosis:
    """Judge whether a number has a name that leads back to it, as Google and Yahoo ask."""
    pointer = ask(ip.reverse_pointer, "PTR")
    if pointer.has_failed:
        return could_not_ask("reverse-dns", host, pointer, f"the name of {ip}")
    kind = address_type(ip)
    back = [ask(name, kind) for name in pointer.records[:_MOST_HOSTS]]
    evidence = "; ".join(map(seen, (pointer, *back)))
    good = next((answer.name for answer in back if str(ip) in answer.records), "")
    if good:
        message = f"{ip} is {good}, and that name leads back to it"
        return _diagnosis(State.WELL, "reverse-dns", host, message, evidence=evidence)
    if any(answer.has_failed for answer in back):
        failed = next(answer for answer in back if answer.has_failed)
        return could_not_ask("reverse-dns", host, failed, f"the number of {failed.name}")
    if pointer.records:
        message = f"{ip} is {pointer.records[0]}, and that name does not lead back to it"
        remedy = "let the A or AAAA record of that name hold this number"
        records = (DnsRecord(name=pointer.records[0], type=kind, value=str(ip)),)
    else:
        message = f"{ip} has no name"
        remedy = "ask who gave you this number to set its PTR record; a relay's is its provider's"
        records = (DnsRecord(name=ip.reverse_pointer, type="PTR", value=f"{host}."),)
    remedy += ". Google, Yahoo and Microsoft refuse mail from numbers without a name"
    return _diagnosis(
        State.WARNING,
        "reverse-dns",
        host,
        message,
        evidence=evidence,
        remedy=remedy,
        records=records,
    )


def judge_exchange(domain: str, used_for: Sequence[str], ask: Ask) -> Diagnosis:
    """Judge whether mail to a domain arrives; used_for: from, reply_to, return_path."""
    answer = ask(domain, "MX")
    for_ = " and ".join(used_for)
    lost = f"so that {'bounces' if 'return_path' in used_for else 'answers'} arrive"
    if answer.has_failed:
        return could_not_ask("mx", domain, answer, f"where mail to it goes ({for_})")
    if not answer.records:
        return _without_exchange(domain, answer, for_, lost, ask)
    hosts = [record.rpartition(" ")[2] for record in answer.records][:_MOST_HOSTS]
    if not any(hosts):
        message = f"{domain} says that it takes no mail ({for_}): a null MX (RFC 7505)"
        remedy = f"use another domain there, or publish an MX record, {lost}"
        return _diagnosis(State.ERROR, "mx", domain, message, evidence=seen(answer), remedy=remedy)
    found = {host: addresses_of(host, ask) for host in hosts if host}
    unknown = [failed[0] for numbers, failed in found.values() if failed and not numbers]
    if unknown:
        return could_not_ask("mx", domain, unknown[0], "the address of a mail host")
    dead = [host for host, (numbers, _) in found.items() if not numbers]
    message, remedy, state = f"mail to it arrives ({for_})", "", State.WELL
    if dead:
        message = f"some mail hosts have no address: {', '.join(dead)}"
        remedy, state = "take out what is no more", State.WARNING
    if len(dead) == len(found):
        message = f"no mail can reach {domain} ({for_}): {', '.join(dead)} has no address"
        remedy, state = f"correct the MX record or that host, {lost}", State.ERROR
    return _diagnosis(state, "mx", domain, message, evidence=seen(answer), remedy=remedy)


def _without_exchange(domain: str, answer: Answer, for_: str, lost: str, ask: Ask) -> Diagnosis:
    """Judge a domain without MX: mail goes to the host itself (RFC 5321 section 5.1)."""
    numbers, failed = addresses_of(domain, ask)
    if failed and not numbers:
        return could_not_ask("mx", domain, failed[0], "its address")
    if numbers:
        message = f"no MX record; mail goes to the host itself, {numbers[0]} ({for_})"
        return _diagnosis(State.INFO, "mx", domain, message, evidence=seen(answer))
    message = f"no mail can reach {domain} ({for_}): neither MX nor address"
    return _diagnosis(
        State.ERROR,
        "mx",
        domain,
        message,
        evidence=seen(answer),
        remedy=f"publish the name of the host that takes its mail, {lost}; its provider tells it",
        records=(DnsRecord(name=domain, type="MX", value="10 <your mail host>."),),
    )


def judge_public_host(url: str, ask: Ask) -> Diagnosis:
    """Judge whether the readers' links lead somewhere."""
    host = urlsplit(url).hostname or ""
    numbers, failed = addresses_of(host, ask)
    if failed and not numbers:
        return could_not_ask("public-url", host, failed[0], "the address of public_url")
    if not numbers:
        message = "public_url has no address: readers cannot unsubscribe"
        evidence = "; ".join(seen(ask(host, kind)) for kind in ("A", "AAAA"))
        remedy = "publish the address of the machine in front of newsletter run"
        records = (DnsRecord(name=host, type="A", value="<its IPv4 address>"),)
        return _diagnosis(
            State.ERROR,
            "public-url",
            host,
            message,
            evidence=evidence,
            remedy=remedy,
            records=records,
        )
    told = ", ".join(map(str, numbers[:4]))
    if not any(number.is_global for number in numbers):
        message = f"public_url leads to {told}, which readers cannot reach"
        remedy = "publish the public address of the machine in front of newsletter run"
        return _diagnosis(State.ERROR, "public-url", host, message, remedy=remedy)
    return _diagnosis(State.WELL, "public-url", host, f"the readers' links lead to {told}")


def judge_transport(domain: str, ask: Ask) -> tuple[Diagnosis, ...]:
    """Return whether mail to the domain is kept to TLS (RFC 8461, RFC 8460); needed by nobody."""
    found: list[Diagnosis] = []
    for name, mark, what in (
        (f"_mta-sts.{domain}", "v=STSv1", "MTA-STS"),
        (f"_smtp._tls.{domain}", "v=TLSRPTv1", "TLS reports"),
    ):
        answer = ask(name, "TXT")
        if any(text.startswith(mark) for text in answer.records):
            message = f"{what} is set up"
            found.append(
                _diagnosis(State.INFO, "transport", domain, message, evidence=seen(answer))
            )
    return tuple(found)
