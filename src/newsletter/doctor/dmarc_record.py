"""Reading a DMARC record: RFC 7489 section 6.3 and, since May 2026, RFC 9989.

Receivers of both are about. RFC 9989 no longer knows pct, rf and ri, and brings np, psd and t.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from newsletter.doctor.tags import TagMistake, read_tags
from newsletter.model.address import organisational_domain

_PERCENT = re.compile("0{0,2}[0-9]|0?[0-9]{2}|100")
HISTORIC = ("pct", "rf", "ri")


class Policy(StrEnum):
    """What the owner asks receivers to do with mail that does not pass."""

    NONE = "none"
    QUARANTINE = "quarantine"
    REJECT = "reject"


@dataclass(frozen=True, slots=True, kw_only=True)
class DmarcRecord:
    """A record. rua: the addresses of its reports, as URIs. doubts: what receivers overlook."""

    policy: Policy
    subdomains: Policy
    strict_spf: bool = False
    strict_dkim: bool = False
    percent: int = 100
    is_test: bool = False
    rua: tuple[str, ...] = ()
    historic: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


def is_dmarc(text: str) -> bool:
    """Return whether a TXT record is one of DMARC: v=DMARC1 comes first, in capitals."""
    name, sign, value = text.partition(";")[0].partition("=")
    return bool(sign) and name.strip() == "v" and value.strip() == "DMARC1"


def read_dmarc(text: str) -> DmarcRecord:
    """Read a record for which is_dmarc holds.

    Raises:
        TagMistake: receivers would take it for no record.
    """
    tags = read_tags(text)
    doubts: list[str] = []
    rua = _addresses(tags.get("rua", ""), "rua", doubts)
    _addresses(tags.get("ruf", ""), "ruf", doubts)
    policy = _policy(tags, "p")
    if policy is None:
        if not rua:
            shown = f"p={tags['p'][:20]} is none of" if "p" in tags else "it has no p= of"
            raise TagMistake(f"{shown} none, quarantine and reject")
        # RFC 7489 section 6.6.3, RFC 9989 section 4.10.1
        doubts.append("p= is none of none, quarantine and reject, and is taken for none")
        policy = Policy.NONE
    subdomains = _policy(tags, "sp")
    if "sp" in tags and subdomains is None:
        doubts.append("sp= is none of none, quarantine and reject")
    return DmarcRecord(
        policy=policy,
        subdomains=subdomains or policy,
        strict_spf=_is_strict(tags, "aspf", doubts),
        strict_dkim=_is_strict(tags, "adkim", doubts),
        percent=_percent(tags, doubts),
        is_test=tags.get("t", "").lower() == "y",
        rua=rua,
        historic=tuple(name for name in HISTORIC if name in tags),
        doubts=tuple(doubts),
    )


def is_aligned(one: str, other: str, *, strict: bool) -> bool:
    """Whether two domains are aligned (RFC 7489 section 3.1): equal, or of one organisation."""
    if one == other:
        return True
    owner = organisational_domain(one)
    return not strict and owner is not None and owner == organisational_domain(other)


def _policy(tags: dict[str, str], name: str) -> Policy | None:
    value = tags.get(name, "").lower()
    return Policy(value) if value in set(Policy) else None


def _is_strict(tags: dict[str, str], name: str, doubts: list[str]) -> bool:
    value = tags.get(name, "r").lower()
    if value not in {"r", "s"}:
        doubts.append(f"{name}={value[:20]} is neither r nor s, and is taken for r")
    return value == "s"


def _percent(tags: dict[str, str], doubts: list[str]) -> int:
    value = tags.get("pct", "100")
    if not _PERCENT.fullmatch(value):
        doubts.append(f"pct={value[:20]} is no number from 0 to 100")
        return 100
    return int(value)


def _addresses(value: str, name: str, doubts: list[str]) -> tuple[str, ...]:
    if not value:
        return ()
    good: list[str] = []
    for part in value.split(","):
        uri = part.strip()
        scheme, _, rest = uri.partition(":")
        if scheme.lower() == "mailto" and 0 < rest.find("@") < len(rest) - 1:
            good.append(uri)
        else:
            doubts.append(f"{name}={uri[:60]} is no address; write {name}=mailto:…")
    return tuple(good)
