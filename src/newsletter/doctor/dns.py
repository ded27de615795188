"""What the DNS says of a set-up: SPF, DKIM, DMARC, where mail to us goes, the readers' links.

A message passes DMARC where SPF or DKIM passed for a domain aligned with From's. Whether a record
allows a certain server is left to whoever runs the mail server.
"""

import ipaddress
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple
from urllib.parse import urlsplit

from newsletter.config.settings import NewsletterSettings, Settings, SmtpSettings
from newsletter.doctor.resolver import Answer, Ask, Found, seen, shown, txt
from newsletter.model.address import is_reserved, organisational_domain
from newsletter.model.diagnosis import Area, Diagnosis, DnsRecord, State

BULK_RULES = "Google, Yahoo and Microsoft require it of bulk senders"
_POLICIES = ("none", "quarantine", "reject")
_TAG = re.compile(r"\s*([A-Za-z][A-Za-z0-9_]*)\s*=(.*)", re.DOTALL)
_dns = partial(Diagnosis, Area.DNS)


def examine_dns(
    settings: Settings, ask: Ask, *, is_hidden: Callable[[str], bool] = is_reserved
) -> tuple[Diagnosis, ...]:
    """Ask about every domain that mail and readers' links depend on, each once.

    is_hidden: which names are examples, and not asked about.
    """
    return tuple(_examine(settings, ask, is_hidden))


def domains_used(settings: Settings) -> dict[str, tuple[str, ...]]:
    """Return each domain that mail goes out by or comes to, with the keys that name it."""
    found: dict[str, dict[str, None]] = {}
    for newsletter in settings.newsletters:
        found.setdefault(newsletter.sender.address.domain, {})["from"] = None
        if newsletter.reply_to is not None:
            found.setdefault(newsletter.reply_to.domain, {})["reply_to"] = None
    for server in settings.smtp:
        if server.return_path is not None:
            found.setdefault(server.return_path.domain, {})["return_path"] = None
    return {domain: tuple(keys) for domain, keys in found.items()}


class _Route(NamedTuple):
    """One way of a newsletter's mail: by a server, or by none yet."""

    newsletter: NewsletterSettings
    server: SmtpSettings | None

    @property
    def sender(self) -> str:
        return self.newsletter.sender.address.domain

    @property
    def envelope(self) -> str:
        path = self.server.return_path if self.server is not None else None
        return (path or self.newsletter.sender.address).domain

    @property
    def signer(self) -> str:
        """d= of the server's signatures; "" where nothing is known of them."""
        if self.server is None or not self.server.dkim_selector:
            return ""
        return self.server.dkim_domain or self.sender


def _examine(settings: Settings, ask: Ask, is_hidden: Callable[[str], bool]) -> Iterator[Diagnosis]:
    used = domains_used(settings)
    asked: list[str] = []
    for domain, keys in used.items():
        told = _left_out(domain, " and ".join(keys), ask, is_placeholder=is_hidden(domain))
        if told is None:
            asked.append(domain)
        else:
            yield told
    servers = settings.smtp or (None,)
    every = [
        _Route(newsletter, server) for newsletter in settings.newsletters for server in servers
    ]
    routes = [route for route in every if route.sender in asked]
    for domain in dict.fromkeys(route.envelope for route in routes if route.envelope in asked):
        yield judge_spf(domain, ask)
    keys_used = ((r.signer, r.server.dkim_selector) for r in routes if r.server and r.signer)
    for signer, selector in dict.fromkeys(keys_used):
        yield judge_dkim(signer, selector, ask)
    for domain in dict.fromkeys(route.sender for route in routes):
        yield from _dmarc(domain, [route for route in routes if route.sender == domain], ask)
    for domain in asked:
        yield judge_exchange(domain, " and ".join(used[domain]), ask)
    urls = [urlsplit(newsletter.public_url) for newsletter in settings.newsletters]
    for host in dict.fromkeys(url.hostname or "" for url in urls if url.scheme == "https"):
        if not is_hidden(host):
            yield judge_public_host(host, ask)


def _left_out(domain: str, keys: str, ask: Ask, *, is_placeholder: bool) -> Diagnosis | None:
    """Return why a domain's records are not asked for; None where they are."""
    if is_placeholder:
        message = "an example domain: the DNS was not asked about it"
        remedy = f"write your own domain in {keys}"
        return _dns("placeholder", domain, State.INFO, message, remedy=remedy)
    answer = ask(organisational_domain(domain) or domain, "MX")
    if answer.found is not Found.NO_NAME:
        return None
    message = f"{answer.name} does not exist"
    remedy = f"correct it in {keys}, or register it; its records were left out here"
    return _dns("no-such-name", answer.name, State.ERROR, message, seen(answer), remedy)


def could_not_ask(check: str, subject: str, answer: Answer, what: str) -> Diagnosis:
    """Return that nothing is known; what: the thing that was asked for."""
    evidence = f"{answer.name} {answer.type}: {answer.why}"
    remedy = "this says nothing about your records; try again later, or with --dns-server"
    return _dns(check, subject, State.UNASKED, f"could not ask for {what}", evidence, remedy)


def judge_spf(domain: str, ask: Ask) -> Diagnosis:
    """Judge whether the return path's domain has one SPF record that refuses others (RFC 7208)."""
    answer = ask(domain, "TXT")
    if answer.has_failed:
        return could_not_ask("spf", domain, answer, "the SPF record")
    texts = [text for text in answer.records if (text.lower() + " ").startswith("v=spf1 ")]
    words = list(dict.fromkeys(word for text in texts for word in text.split()[1:]))
    kept = [word for word in words if word.lower().lstrip("+-?~") != "all"]
    ends = {word.lower() for word in words if word not in kept}
    state, remedy = State.ERROR, "end it in ~all"
    if not texts:
        kept = ["include:<your mail provider>"]
        message = "there is no SPF record"
        remedy = f"publish what your mail provider tells you; {BULK_RULES}"
    elif len(texts) > 1:
        message = f"{len(texts)} SPF records: receivers ignore them"
        remedy = "make one record of them"
    elif ends & {"all", "+all"}:
        message = "+all lets the whole world send as this domain"
    elif ends & {"-all", "~all"} or any(word.lower().startswith("redirect=") for word in words):
        return _dns("spf", domain, State.WELL, "there is an SPF record", seen(answer))
    else:
        state, message = State.WARNING, "the SPF record does not end in ~all: anyone may send"
    record = txt(domain, " ".join(("v=spf1", *kept, "~all")))
    return _dns("spf", domain, state, message, seen(answer), remedy, (record,))


def judge_dkim(domain: str, selector: str, ask: Ask) -> Diagnosis:
    """Judge whether the key of one domain and selector is published (RFC 6376)."""
    name = f"{selector}._domainkey.{domain}"
    answer = ask(name, "TXT")
    if answer.has_failed:
        return could_not_ask("dkim", domain, answer, "the DKIM key")
    if any(read_tags(text).get("p") for text in answer.records):
        return _dns("dkim", domain, State.WELL, f"there is a key, selector {selector}")
    message = f"there is no key for the selector {selector}"
    remedy = f"publish the key that your mail server or provider shows; {BULK_RULES}"
    record = txt(name, "v=DKIM1; k=rsa; p=<the key your mail server shows>")
    return _dns("dkim", domain, State.ERROR, message, seen(answer), remedy, (record,))


def read_tags(text: str) -> dict[str, str]:
    """Read tags as DKIM and DMARC write them, "v=DKIM1; k=rsa; p=…" (RFC 6376 section 3.2)."""
    found = [_TAG.fullmatch(part) for part in text.split(";")]
    return {tag[1]: tag[2].strip() for tag in found if tag is not None}


def _dmarc(domain: str, routes: Sequence[_Route], ask: Ask) -> Iterator[Diagnosis]:
    """Judge the policy of From's domain, or of its organisation, and each server's alignment."""
    owner = organisational_domain(domain) or domain
    answer = ask(f"_dmarc.{domain}", "TXT")
    if owner != domain and not answer.has_failed and not _policies(answer):
        answer = ask(f"_dmarc.{owner}", "TXT")
    if answer.has_failed:
        yield could_not_ask("dmarc", domain, answer, "the DMARC record")
        return
    newsletter = routes[0].newsletter
    reports_to = (newsletter.reply_to or newsletter.sender.address).spec
    tags = next(iter(_policies(answer)), {})
    yield _policy(domain, answer, tags, reports_to)
    found = (_alignment(route, route.server.name, tags) for route in routes if route.server)
    yield from dict.fromkeys(found)


def _policies(answer: Answer) -> list[dict[str, str]]:
    """Return the tags of each DMARC record: v=DMARC1 comes first, in capitals (RFC 7489)."""
    is_dmarc = re.compile(r"v\s*=\s*DMARC1\s*(;|$)")
    return [read_tags(text) for text in answer.records if is_dmarc.match(text)]


def _policy(domain: str, answer: Answer, tags: dict[str, str], reports_to: str) -> Diagnosis:
    from_above = answer.name != f"_dmarc.{domain}"
    policy = ((tags.get("sp", "") if from_above else "") or tags.get("p", "")).lower()
    at = f", from {answer.name.removeprefix('_dmarc.')}" if from_above else ""
    count = len(_policies(answer))
    if count == 1 and policy in _POLICIES[1:]:
        return _dns("dmarc", domain, State.WELL, f"p={policy}{at}", seen(answer))
    if count == 1 and policy in _POLICIES:
        message = f"p=none{at}: enough for bulk senders; others may still use the name"
        remedy = "once the reports show only your own servers, publish p=quarantine"
        return _dns("dmarc", domain, State.INFO, message, seen(answer), remedy)
    if not count:
        message, remedy = "there is no DMARC record", f"publish one; {BULK_RULES}"
    elif count > 1:
        message, remedy = f"{count} DMARC records: receivers ignore them", "keep only one"
    else:
        message = f"p={shown(policy)[:20]} is none of {', '.join(_POLICIES)}"
        remedy = "correct the record"
    record = txt(answer.name, f"v=DMARC1; p=none; rua=mailto:{reports_to}")
    return _dns("dmarc", domain, State.ERROR, message, seen(answer), remedy, (record,))


def _alignment(route: _Route, server: str, tags: dict[str, str]) -> Diagnosis:
    domain, signer = route.sender, route.signer
    spf = is_aligned(route.envelope, domain, strict=tags.get("aspf", "").lower() == "s")
    strict = tags.get("adkim", "").lower() == "s"
    dkim = bool(signer) and is_aligned(signer, domain, strict=strict)
    evidence = f"From {domain}; return path {route.envelope}; signature d={signer or '(not known)'}"
    state, remedy = State.WELL, ""
    message = f"{'the signature' if dkim else 'the return path'} matches From"
    if not dkim and not spf:
        state = State.ERROR if signer else State.WARNING
        message = "the return path does not match From"
        message += ", nor does the signature" if signer else "; only a signature would count"
        remedy = f"set return_path to an address at {domain}, or have {server} sign with d={domain}"
    return _dns("alignment", domain, state, f"by {server}: {message}", evidence, remedy)


def is_aligned(one: str, other: str, *, strict: bool) -> bool:
    """Return whether two domains are equal or, unless strict, of one organisation."""
    owner = organisational_domain(one)
    return one == other or (
        not strict and owner is not None and owner == organisational_domain(other)
    )


def judge_exchange(domain: str, used_for: str, ask: Ask) -> Diagnosis:
    """Judge whether mail to a domain arrives; used_for: from, reply_to, return_path."""
    answer = ask(domain, "MX")
    # without an MX record mail goes to the host itself (RFC 5321 section 5.1)
    answers = [answer] if answer.records else [answer, ask(domain, "A"), ask(domain, "AAAA")]
    failed = next((each for each in answers if each.has_failed), None)
    if any(record.rpartition(" ")[2] for each in answers for record in each.records):
        return _dns("mx", domain, State.WELL, f"mail to it arrives ({used_for})", seen(answer))
    if failed is not None:
        return could_not_ask("mx", domain, failed, f"where mail to it goes ({used_for})")
    message = f"{domain} takes no mail ({used_for})"
    remedy = "publish the host that takes its mail, or use another domain there"
    record = DnsRecord(name=domain, type="MX", value="10 <your mail host>.")
    return _dns("mx", domain, State.ERROR, message, seen(answer), remedy, (record,))


def judge_public_host(host: str, ask: Ask) -> Diagnosis:
    """Judge whether the readers' links lead to an address of the internet."""
    answers = [ask(host, "A"), ask(host, "AAAA")]
    numbers = [number for answer in answers for number in answer.records]
    failed = next((each for each in answers if each.has_failed), None)
    if failed is not None and not numbers:
        return could_not_ask("public-url", host, failed, "the address of public_url")
    told = ", ".join(numbers[:4]) or "no address"
    if any(ipaddress.ip_address(number).is_global for number in numbers):
        return _dns("public-url", host, State.WELL, f"the readers' links lead to {told}")
    message = f"public_url leads to {told}: readers cannot reach it, nor unsubscribe"
    remedy = "publish the public address of the machine in front of newsletter run"
    record = DnsRecord(name=host, type="A", value="<its IPv4 address>")
    return _dns("public-url", host, State.ERROR, message, "", remedy, (record,))
