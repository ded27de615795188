"""Is mail signed, and does it pass? DKIM keys (RFC 6376) and DMARC (RFC 7489).

A message passes DMARC where SPF or DKIM passed for a domain aligned with From's.
"""

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from newsletter.doctor.resolver import BULK_RULES, Answer, Ask, could_not_ask, seen, shown, txt
from newsletter.model.address import organisational_domain
from newsletter.model.diagnosis import Area, Diagnosis, State

_TAG = re.compile(r"\s*([A-Za-z][A-Za-z0-9_]*)\s*=(.*)", re.DOTALL)
_SEQUENCE = re.compile(rb"\x30(?:([\x00-\x7f])|\x81(.)|\x82(..))", re.DOTALL)
_MODULUS = re.compile(rb"\x02(?:\x81(.)|\x82(..))\x00", re.DOTALL)  # of an RSA key, in DER
_LEAST_BITS = 1024  # Google's and Microsoft's rule; RFC 8301 section 3.2
_GOOD_BITS = 2048
_POLICIES = ("none", "quarantine", "reject")
_dns = partial(Diagnosis, Area.DNS)


def no_selector(server: str) -> Diagnosis:
    """Return that the DNS cannot be asked for keys: it lists none, one has to know the name."""
    return _dns(
        "dkim",
        server,
        State.WARNING,
        "dkim_selector is not set, so whether mail is signed cannot be checked",
        "the DNS gives a key only to those who know its selector",
        'send a test to yourself, look in its source for "DKIM-Signature:", and write the value of '
        f"s= as dkim_selector and that of d= as dkim_domain into [smtp.{server}]; if there is "
        f"none, have the server sign. {BULK_RULES}",
    )


def judge_dkim(domain: str, selector: str, ask: Ask) -> Diagnosis:
    """Judge the key record of one domain and selector (RFC 6376)."""
    name = f"{selector}._domainkey.{domain}"
    answer = ask(name, "TXT")
    if answer.has_failed:
        return could_not_ask("dkim", domain, answer, "the DKIM key")
    if not answer.records:
        message = f"there is no key for the selector {selector}"
        remedy = f"publish the key that your mail server or provider shows; {BULK_RULES}"
        record = txt(name, "v=DKIM1; k=rsa; p=<the key your mail server shows>")
        return _dns("dkim", domain, State.ERROR, message, seen(answer), remedy, (record,))
    if len(answer.records) > 1:
        message = f"{len(answer.records)} records where there must be one key"
        remedy = "leave only the key's record there"
        return _dns("dkim", domain, State.ERROR, message, seen(answer), remedy)
    state, message, remedy = _key(read_tags(answer.records[0]), selector)
    return _dns("dkim", domain, state, message, seen(answer), remedy)


def _key(tags: dict[str, str], selector: str) -> tuple[State, str, str]:
    bits = rsa_bits(tags.get("p", ""))
    state, remedy = State.ERROR, ""
    if "p" not in tags or tags.get("v", "DKIM1") != "DKIM1":
        message = "the record is not a DKIM key; perhaps a wildcard answers"
        remedy = "publish the key at this very name"
    elif not tags["p"]:
        message = f"the key of {selector} is revoked: p= is empty"
        remedy = "sign with another selector, or publish its key again"
    elif tags.get("k", "rsa") == "ed25519":
        state, message = State.WARNING, "an Ed25519 key, which few receivers can use yet"
        remedy = "have the server sign with an RSA key of 2048 bits as well"
    elif bits is None:
        message = "receivers cannot use the key: p= is not a whole RSA key"
        remedy = "publish it again, in one piece"
    elif bits < _GOOD_BITS:
        state = State.ERROR if bits < _LEAST_BITS else State.WARNING
        message = f"the RSA key has {bits or 'too few'} bits; 2048 are usual"
        remedy = "make a new key of 2048 bits"
    elif "y" in tags.get("t", "").split(":"):
        state, message = State.WARNING, "t=y says that signing is only a trial"
        remedy = "remove t=y"
    else:
        state, message = State.WELL, f"an RSA key of {bits} bits, selector {selector}"
    return state, message, remedy


def rsa_bits(text: str) -> int | None:
    """Return the length of a public key in base64, 0 below 1024 bits; None if it is not whole."""
    try:
        der = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    outer = _SEQUENCE.match(der)
    if outer is None or outer.end() + int.from_bytes(outer[outer.lastindex or 0], "big") != len(
        der
    ):
        return None
    found = _MODULUS.search(der)
    # its first byte is 0, so that it is no negative number
    return 8 * (int.from_bytes(found[1] or found[2], "big") - 1) if found else 0


def read_tags(text: str) -> dict[str, str]:
    """Read tags as DKIM and DMARC write them, "v=DKIM1; k=rsa; p=…" (RFC 6376 section 3.2)."""
    found = [_TAG.fullmatch(part) for part in text.split(";")]
    return {tag[1]: tag[2].strip() for tag in found if tag is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """How mail of one From goes out: server, return path's domain, and d= ("" if unknown)."""

    server: str
    envelope: str
    signer: str = ""


def judge_dmarc(
    domain: str, routes: Sequence[Route], *, reports_to: str, ask: Ask
) -> tuple[Diagnosis, ...]:
    """Judge the policy of From's domain, or of its organisation, and each route's alignment.

    reports_to: an address that may stand in a record to publish.
    """
    owner = organisational_domain(domain) or domain
    answer = ask(f"_dmarc.{domain}", "TXT")
    if owner != domain and not answer.has_failed and not any(map(_is_dmarc, answer.records)):
        answer = ask(f"_dmarc.{owner}", "TXT")
    if answer.has_failed:
        return (could_not_ask("dmarc", domain, answer, "the DMARC record"),)
    policy = _policy(domain, answer, reports_to)
    tags = read_tags(next(filter(_is_dmarc, answer.records), ""))
    return (*policy, *(_alignment(domain, route, tags) for route in routes))


def _is_dmarc(text: str) -> bool:
    """Return whether a TXT record is one of DMARC: v=DMARC1 comes first, in capitals."""
    return read_tags(text.partition(";")[0]) == {"v": "DMARC1"}


def _policy(domain: str, answer: Answer, reports_to: str) -> list[Diagnosis]:
    texts = [text for text in answer.records if _is_dmarc(text)]
    tags = read_tags(texts[0]) if texts else {}
    from_above = answer.name != f"_dmarc.{domain}"
    policy = (tags.get("sp", "") if from_above else "") or tags.get("p", "")
    message, remedy = "", ""
    records = (txt(answer.name, f"v=DMARC1; p=none; rua=mailto:{reports_to}"),)
    if not texts:
        message, remedy = "there is no DMARC record", f"publish one. {BULK_RULES}"
        if answer.records:
            message += ", but another text in its place"
            remedy = 'a DMARC record begins with "v=DMARC1", in capitals, and a semicolon'
    elif len(texts) > 1:
        message, remedy = f"{len(texts)} DMARC records: receivers ignore them", "keep only one"
    elif policy.lower() not in _POLICIES:
        message = f"p={shown(policy)[:20]} is none of {', '.join(_POLICIES)}: receivers ignore it"
        remedy = "correct the record"
    if remedy:
        return [_dns("dmarc", domain, State.ERROR, message, seen(answer), remedy, records)]
    found: list[Diagnosis] = []
    at = f", from {answer.name.removeprefix('_dmarc.')}" if from_above else ""
    if policy.lower() == "none":
        message = f"p=none{at}: enough for the bulk senders' rules; others may still use the name"
        remedy = "once the reports show only your own servers, publish p=quarantine"
        found.append(_dns("dmarc", domain, State.INFO, message, seen(answer), remedy))
    else:
        found.append(_dns("dmarc", domain, State.WELL, f"p={policy}{at}", seen(answer)))
    if not tags.get("rua"):
        message = "nobody gets the reports: there is no rua="
        remedy = f"add rua=mailto:{reports_to}, or another mailbox for them"
        records = (txt(answer.name, f"{texts[0].rstrip('; ')}; rua=mailto:{reports_to}"),)
        told = seen(answer)
        found.append(_dns("dmarc-reports", domain, State.WARNING, message, told, remedy, records))
    return found


def _alignment(domain: str, route: Route, tags: dict[str, str]) -> Diagnosis:
    spf = is_aligned(route.envelope, domain, strict=tags.get("aspf", "").lower() == "s")
    strict = tags.get("adkim", "").lower() == "s"
    dkim = bool(route.signer) and is_aligned(route.signer, domain, strict=strict)
    signed = f"signature d={route.signer or '(not known)'}"
    evidence = f"From {domain}; return path {route.envelope}; {signed}"
    by, owner = f"by {route.server}", organisational_domain(domain) or domain
    set_return_path = f"set return_path to an address at {owner}"
    if dkim and spf:
        state, message, remedy = State.WELL, "the signature and the return path match From", ""
    elif dkim:
        state, message = State.INFO, "the signature matches From, the return path does not"
        remedy = f"{set_return_path} if SPF is to count as well"
    elif spf and route.signer:
        state, message = State.WARNING, f"d={route.signer} does not match From, only SPF counts"
        remedy = f"have {route.server} sign with d={domain}; SPF fails where mail is forwarded"
    elif spf:
        message = "the return path matches From; nothing is known of the signature"
        state, remedy = State.INFO, ""
    elif route.signer:
        state, message = State.ERROR, "neither return path nor signature matches From"
        remedy = f"have {route.server} sign with d={domain}, or {set_return_path}"
    else:
        message = "the return path does not match From; only a signature would count"
        state = State.WARNING
        remedy = f"{set_return_path}, or sign with d={domain} and write dkim_selector"
    return _dns("alignment", domain, state, f"{by}: {message}", evidence, remedy)


def is_aligned(one: str, other: str, *, strict: bool) -> bool:
    """Return whether two domains are equal or, unless strict, of one organisation."""
    owner = organisational_domain(one)
    return one == other or (
        not strict and owner is not None and owner == organisational_domain(other)
    )
