"""Web addresses as a reader would be led by them: scheme, host, what is odd about them."""

import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

import idna
import regex  # type: ignore[import-untyped]  # ships no annotations; used for scripts

from newsletter.model.address import organisational_domain
from newsletter.model.source import is_tracker

_LATIN = regex.compile(r"\p{Latin}")
_LOOK_ALIKE = regex.compile(r"[\p{Cyrillic}\p{Greek}\p{Cherokee}\p{Armenian}]")
# Cyrillic and Greek letters that look like Latin ones (Unicode TR 39, confusables).
_TWINS = frozenset(
    "\u0430\u0441\u0435\u0456\u0458\u043e\u0440\u051b\u0455\u0445\u0443\u0475\u0501\u04bb"
    "\u04cf\u0261\u03b1\u03bf\u03c1\u03b9\u03f2\u03f3\u03bd\u03c5"
)

# Servers that a site is tried out on before readers see it.
_TRIAL_SERVERS = frozenset(
    {"staging", "stage", "stg", "preprod", "preproduction", "uat", "qa", "dev", "develop", "test"}
    | {"preview", "cms"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebAddress:
    """The parts that decide where a link leads; host is lower case in A-label form."""

    scheme: str
    host: str
    port: int | None
    has_user: bool


def read_web_address(url: str) -> WebAddress | None:
    """Take an absolute address apart; None where it is none, or its host or port is no such."""
    try:
        parts = urlsplit(url)
        port, host = parts.port, unquote(parts.hostname or "")
    except ValueError:
        return None
    return WebAddress(
        scheme=parts.scheme.lower(),
        host=ascii_host(host),
        port=port,
        has_user="@" in parts.netloc,
    )


def ascii_host(host: str) -> str:
    """Return a host in A-label form, without a dot at its end; as it is where IDNA refuses it."""
    bare = host.rstrip(".").lower()
    if bare.isascii():
        return bare
    try:
        return idna.encode(bare, uts46=True).decode("ascii")
    except idna.IDNAError:
        return bare


def is_same_site(one: str, other: str) -> bool:
    """Whether two hosts are one, or one lies below the other (www.example.org, example.org)."""
    one, other = one.removeprefix("www."), other.removeprefix("www.")
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


def is_trial_server(host: str) -> bool:
    """Whether a host's name below its owner's domain says that it is for trials (uat-www.…)."""
    owner = organisational_domain(host) or ""
    labels = host.removesuffix(owner).replace("-", ".").split(".")
    return bool(owner) and bool(_TRIAL_SERVERS & set(labels))


def page_of(url: str) -> str:
    """Return what two addresses of one page have in common: no trackers, no slash at the end."""
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname or ""
    except ValueError:
        return url
    pairs = (pair for pair in parts.query.split("&") if not is_tracker(pair.partition("=")[0]))
    path = re.sub("//+", "/", unquote(parts.path)).rstrip("/")
    place = "" if parts.fragment.startswith("comment") else parts.fragment
    return f"{host.removeprefix('www.')}{path}?{'&'.join(sorted(pairs))}#{place}"


def is_number(host: str) -> bool:
    """Whether a host is an IP address, in brackets or bare, or a number that is read as one."""
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return host.replace(".", "").isdecimal()
    return True


def mixes_scripts(host: str) -> bool:
    """Whether a label mixes Latin letters with look-alikes, or consists of look-alikes alone."""
    for label in host.split("."):
        try:
            shown = idna.decode(label) if label.startswith("xn--") else label
        except idna.IDNAError:
            continue
        if _LOOK_ALIKE.search(shown) and (_LATIN.search(shown) or set(shown) <= _TWINS):
            return True
    return False
