"""Names and numbers of hosts: reverse DNS, where bounces and replies go, the readers' links.

A name that does not exist is one finding, in the place of all that follows from it.
"""

import ipaddress
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import urlsplit

from newsletter.doctor.resolver import Answer, Ask, Found, Ip, could_not_ask, seen
from newsletter.model.address import organisational_domain
from newsletter.model.diagnosis import Area, Diagnosis, DnsRecord, State

_MOST_HOSTS = 10
_dns = partial(Diagnosis, Area.DNS)


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingNames:
    """Names that the DNS denies, each with its denial and the settings that name it."""

    found: Mapping[str, tuple[Answer, tuple[str, ...]]] = field(default_factory=dict)

    def above(self, name: str) -> str:
        """Return the name that is missing: this one or the one it stands below; "" for none.

        Where a name does not exist, nothing below it does (RFC 8020).
        """
        lower = name.lower().rstrip(".")
        return next((each for each in self.found if f".{lower}".endswith(f".{each}")), "")

    def told(self) -> tuple[Diagnosis, ...]:
        """Return one finding for each missing name."""
        return tuple(
            _dns(
                "no-such-name",
                name,
                State.ERROR,
                f"{name} does not exist",
                seen(answer),
                f"correct it in {' and '.join(keys)}, or register it and make sure its name "
                "servers know it; whatever depends on it was left out here",
            )
            for name, (answer, keys) in self.found.items()
        )


def missing_names(
    domains: Iterable[tuple[str, str]], hosts: Iterable[tuple[str, str]], ask: Ask
) -> MissingNames:
    """Ask which names do not exist; what could not be asked is not among them.

    Args:
        domains: each domain or host with the setting that names it: the domain that an organisation
            registered is asked for; what is below one's own domain can be published.
        hosts: mail servers that were not reached, with the setting: each is asked for itself.
        ask: asks the DNS.
    """
    found: dict[str, tuple[Answer, tuple[str, ...]]] = {}

    def look(name: str, key: str, kind: str) -> None:
        answer = ask(name, kind)
        # with an alias, the name exists and leads to one that does not
        if answer.found is Found.NO_NAME and not answer.alias:
            known = found.get(name, (answer, ()))[1]
            found[name] = (answer, tuple(dict.fromkeys((*known, key))))

    kept_hosts = tuple(hosts)
    for name, key in (*domains, *kept_hosts):
        registered = organisational_domain(name)
        if registered is not None:
            look(registered, key, "MX")
    for host, key in kept_hosts:
        if not MissingNames(found=found).above(host):
            look(host.lower().rstrip("."), key, "A")
    return MissingNames(found=found)


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
    check = "reverse-dns"
    pointer = ask(ip.reverse_pointer, "PTR")
    if pointer.has_failed:
        return could_not_ask(check, host, pointer, f"the name of {ip}")
    kind = "A" if ip.version == ipaddress.IPv4Address(0).version else "AAAA"
    back = [ask(name, kind) for name in pointer.records[:_MOST_HOSTS]]
    evidence = "; ".join(map(seen, (pointer, *back)))
    good = next((answer.name for answer in back if str(ip) in answer.records), "")
    if good:
        return _dns(check, host, State.WELL, f"{ip} is {good}, and {good} is {ip}", evidence)
    failed = next((answer for answer in back if answer.has_failed), None)
    if failed is not None:
        return could_not_ask(check, host, failed, f"the number of {failed.name}")
    if pointer.records:
        message = f"{ip} is {pointer.records[0]}, but that name does not lead back to it"
        remedy = "put this number into the A or AAAA record of that name"
        record = DnsRecord(name=pointer.records[0], type=kind, value=str(ip))
    else:
        message = f"{ip} has no name"
        remedy = "ask whoever gave you this number to set its PTR record"
        record = DnsRecord(name=ip.reverse_pointer, type="PTR", value=f"{host}.")
    remedy += ". Google, Yahoo and Microsoft refuse mail from numbers without a name"
    return _dns(check, host, State.WARNING, message, evidence, remedy, (record,))


def judge_exchange(domain: str, used_for: Sequence[str], ask: Ask) -> Diagnosis:
    """Judge whether mail to a domain arrives; used_for: from, reply_to, return_path."""
    answer = ask(domain, "MX")
    for_ = " and ".join(used_for)
    mail = "bounces" if "return_path" in used_for else "replies"
    if answer.has_failed:
        return could_not_ask("mx", domain, answer, f"where mail to it goes ({for_})")
    hosts = [record.rpartition(" ")[2] for record in answer.records][:_MOST_HOSTS]
    if hosts and not any(hosts):
        message = f"{domain} takes no mail ({for_}): a null MX (RFC 7505)"
        remedy = f"use another domain there, or publish an MX record, so that {mail} arrive"
        return _dns("mx", domain, State.ERROR, message, seen(answer), remedy)
    # without an MX record mail goes to the host itself (RFC 5321 section 5.1)
    found = {host: addresses_of(host, ask) for host in hosts or [domain] if host}
    unknown = [failed[0] for numbers, failed in found.values() if failed and not numbers]
    if unknown:
        return could_not_ask("mx", domain, unknown[0], "the address of a mail host")
    dead = [host for host, (numbers, _) in found.items() if not numbers]
    remedy, records = "", tuple[DnsRecord, ...]()
    if dead and len(dead) < len(found):
        state, message = State.WARNING, f"some mail hosts have no address: {', '.join(dead)}"
        remedy = "remove those hosts"
    elif dead:
        why = f"{', '.join(dead)} has no address" if hosts else "it has neither MX nor address"
        state, message = State.ERROR, f"no mail can reach {domain} ({for_}): {why}"
        remedy = f"publish the host that takes its mail, so that {mail} arrive"
        records = (DnsRecord(name=domain, type="MX", value="10 <your mail host>."),)
    elif hosts:
        state, message = State.WELL, f"mail to it arrives ({for_})"
    else:
        number = found[domain][0][0]
        state, message = (
            State.INFO,
            f"no MX record; mail goes to the host itself, {number} ({for_})",
        )
    return _dns("mx", domain, state, message, seen(answer), remedy, records)


def judge_public_host(url: str, ask: Ask) -> Diagnosis:
    """Judge whether the readers' links lead somewhere."""
    check, host = "public-url", urlsplit(url).hostname or ""
    numbers, failed = addresses_of(host, ask)
    if failed and not numbers:
        return could_not_ask(check, host, failed[0], "the address of public_url")
    told = ", ".join(map(str, numbers[:4])) or "no address"
    if any(number.is_global for number in numbers):
        return _dns(check, host, State.WELL, f"the readers' links lead to {told}")
    return _dns(
        check,
        host,
        State.ERROR,
        f"public_url leads to {told}: readers cannot reach it, nor unsubscribe",
        remedy="publish the public address of the machine in front of newsletter run",
        records=(DnsRecord(name=host, type="A", value="<its IPv4 address>"),),
    )
