"""Reading an SPF record (RFC 7208 sections 4.5, 4.6 and 5 to 7): its terms, or why it is none."""

import ipaddress
import re
from dataclasses import dataclass
from enum import StrEnum

VERSION = "v=spf1"
_MODIFIER = re.compile(r"([A-Za-z][A-Za-z0-9_.-]*)=(.*)", re.DOTALL)
_DIRECTIVE = re.compile(r"([+?~-])?([A-Za-z0-9]+)(?:([:/])(.*))?", re.DOTALL)
_LENGTHS = re.compile(r"(?:/([0-9]{1,3}))?(?://([0-9]{1,3}))?")
_MACRO = re.compile(r"%\{[slodiphcrtvSLODIPHCRTV][0-9]{0,3}[rR]?[.+,/_=-]{0,20}\}|%[%_-]")
_TOP = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?")
_LABEL = re.compile(r"[!-.0-~]+")  # what DNS allows and SPF repeats: visible, no slash

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class SpfMistake(ValueError):  # noqa: N818 (a mistake of who wrote the record)
    """A term cannot be read, so that receivers answer "permerror"; str() names term and reason."""


class Qualifier(StrEnum):
    """What a match means."""

    PASS = "+"  # noqa: S105 (a sign of SPF's)
    FAIL = "-"
    SOFTFAIL = "~"
    NEUTRAL = "?"


class Kind(StrEnum):
    """The mechanisms."""

    ALL = "all"
    INCLUDE = "include"
    A = "a"
    MX = "mx"
    PTR = "ptr"
    IP4 = "ip4"
    IP6 = "ip6"
    EXISTS = "exists"

    @property
    def asks(self) -> bool:
        """Whether it counts among the ten lookups (RFC 7208 section 4.6.4)."""
        return self not in {Kind.ALL, Kind.IP4, Kind.IP6}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mechanism:
    """One directive: domain with its macros as written, "" for the record's own."""

    text: str
    qualifier: Qualifier
    kind: Kind
    domain: str = ""
    network: Network | None = None
    v4_length: int = 32
    v6_length: int = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class SpfRecord:
    """A record: its directives in order, and where redirect= leads ("" for none)."""

    text: str
    mechanisms: tuple[Mechanism, ...]
    redirect: str = ""

    @property
    def all(self) -> Mechanism | None:
        """The first `all`; what stands behind it is never looked at."""
        return next((each for each in self.mechanisms if each.kind is Kind.ALL), None)


def is_spf(text: str) -> bool:
    """Return whether a TXT record is one of SPF (RFC 7208 section 4.5)."""
    return text[: len(VERSION)].lower() == VERSION and text[len(VERSION) :][:1] in {"", " "}


def read_spf(text: str) -> SpfRecord:
    """Read a record for which is_spf holds.

    Raises:
        SpfMistake: a term that receivers refuse, and with it the whole record.
    """
    mechanisms: list[Mechanism] = []
    modifiers: dict[str, str] = {}
    for term in text[len(VERSION) :].split(" "):
        if not term:
            continue
        modifier = _MODIFIER.fullmatch(term)
        if modifier is None:
            mechanisms.append(_mechanism(term))
            continue
        name = modifier[1].lower()
        if name in {"redirect", "exp"}:
            if name in modifiers:
                msg = f"{name}= stands twice"
                raise SpfMistake(msg)
            modifiers[name] = _domain(modifier[2], term)
        elif not _has_good_macros(modifier[2]):
            raise SpfMistake(f"{_shown(term)} holds a percent sign that begins no macro")
    return SpfRecord(
        text=text, mechanisms=tuple(mechanisms), redirect=modifiers.get("redirect", "")
    )


def _mechanism(term: str) -> Mechanism:
    found = _DIRECTIVE.fullmatch(term)
    name = found[2].lower() if found else ""
    if found is None or name not in set(Kind):
        near = {"ip": "ip4:", "ipv4": "ip4:", "ipv6": "ip6:", "included": "include:"}.get(name)
        raise SpfMistake(f"{_shown(term)} is no term of SPF" + (f"; write {near}" if near else ""))
    kind = Kind(name)
    qualifier = Qualifier(found[1] or "+")
    sign, value = found[3] or "", found[4] or ""
    match kind:
        case Kind.ALL:
            if sign:
                raise SpfMistake(f"{_shown(term)}: all takes no value")
            return Mechanism(text=term, qualifier=qualifier, kind=kind)
        case Kind.INCLUDE | Kind.EXISTS:
            if sign != ":":
                raise SpfMistake(f"{_shown(term)} names no domain")
            return Mechanism(text=term, qualifier=qualifier, kind=kind, domain=_domain(value, term))
        case Kind.IP4 | Kind.IP6:
            network = _network(kind, value if sign == ":" else "", term)
            return Mechanism(text=term, qualifier=qualifier, kind=kind, network=network)
        case Kind.PTR:
            if sign == "/":
                raise SpfMistake(f"{_shown(term)}: ptr takes no length")
            domain = _domain(value, term) if sign else ""
            return Mechanism(text=term, qualifier=qualifier, kind=kind, domain=domain)
        case Kind.A | Kind.MX:
            domain, v4, v6 = _domain_and_lengths(sign, value, term)
            return Mechanism(
                text=term,
                qualifier=qualifier,
                kind=kind,
                domain=domain,
                v4_length=v4,
                v6_length=v6,
            )


def _domain_and_lengths(sign: str, value: str, term: str) -> tuple[str, int, int]:
    rest = f"/{value}" if sign == "/" else value
    start = len(rest)
    # lengths are at the very end; a macro may hold slashes of its own
    while start and (rest[start - 1].isdecimal() or rest[start - 1] == "/"):
        start -= 1
    slash = rest.find("/", start)
    domain, lengths = (rest, "") if slash < 0 else (rest[:slash], rest[slash:])
    found = _LENGTHS.fullmatch(lengths)
    v4 = int(found[1]) if found and found[1] else ipaddress.IPV4LENGTH
    v6 = int(found[2]) if found and found[2] else ipaddress.IPV6LENGTH
    if found is None or v4 > ipaddress.IPV4LENGTH or v6 > ipaddress.IPV6LENGTH:
        raise SpfMistake(f"{_shown(term)} ends in no length of a network")
    if sign == ":":
        domain = _domain(domain, term)
    return domain, v4, v6


def _network(kind: Kind, value: str, term: str) -> Network:
    is_length = value.rpartition("/")[2].isdecimal()  # the library takes netmasks too
    try:
        read = ipaddress.IPv4Network if kind is Kind.IP4 else ipaddress.IPv6Network
        return read(value if "/" not in value or is_length else "", strict=False)
    except ValueError:
        other = ""
        if kind is Kind.IP4 and value.count(":") > 1:
            other = "; write ip6:"
        raise SpfMistake(f"{_shown(term)} is no {kind} network{other}") from None


def _domain(value: str, term: str) -> str:
    """Read a domain-spec (RFC 7208 section 7.1): it ends in a dot and a label, or in a macro."""
    if not value or not value.isascii() or " " in value:
        raise SpfMistake(f"{_shown(term)} names no domain")
    if not _has_good_macros(value):
        raise SpfMistake(f"{_shown(term)} holds a percent sign that begins no macro")
    plain = _MACRO.sub("m", value)
    if not _LABEL.fullmatch(plain):
        raise SpfMistake(f"{_shown(term)} names no domain")
    if value.endswith("}"):
        return value
    before, dot, top = plain.rstrip(".").rpartition(".")
    if not dot or not before or not _TOP.fullmatch(top) or top.isdecimal():
        raise SpfMistake(f"{_shown(term)} names no domain with a dot in it")
    return value


def _has_good_macros(value: str) -> bool:
    return "%" not in _MACRO.sub("", value)


def _shown(term: str) -> str:
    printable = "".join(char if char.isprintable() else "·" for char in term[:60])
    return f'"{printable}{"…" if len(term) > len(printable) else ""}"'
