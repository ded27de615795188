"""What an article is known by: its URL key, or a hash of its words where it has no address."""

import hashlib
import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

MOST_URL = 2000

TRACKERS = frozenset(
    {"at_campaign", "at_medium", "cmp", "fbclid", "gclid", "ito", "mc_cid", "mc_eid", "ocid"}
    | {"ref", "smid", "xtor"}
)
TRACKER_FAMILIES = ("utm_", "at_", "itm_")

_DEFAULT_PORTS = {"http": 80, "https": 443}
_SLASHES = re.compile(r"/{2,}")
# Written by people who paste: white space and controls anywhere make it no address.
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\u200b-\u200f\u202a-\u202e\\<>\"{}|^`]")
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?\.?")
_SITE_PREFIXES = ("www.", "m.", "amp.", "mobile.")


def web_address(text: str) -> str:
    """Give the text where it is an absolute http or https address with a real host, else ""."""
    address = text.strip()
    if not address or len(address) > MOST_URL or _FORBIDDEN.search(address):
        return ""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme.lower() not in _DEFAULT_PORTS or "@" in parts.netloc or port == 0:
        return ""
    return address if _ascii_host(parts.hostname or "") else ""


def url_key(url: str) -> str:
    """Give the form in which two addresses of one page are equal, "" for what is no web address.

    https, lower-case IDNA host, no default port, no fragment but ``#!``, single slashes, no closing
    slash, no trackers, the rest of the query sorted. Paths keep their case, hosts their ``www.``.
    """
    address = web_address(url)
    if not address:
        return ""
    parts = urlsplit(address)
    host = _ascii_host(parts.hostname or "")
    if parts.port and parts.port != _DEFAULT_PORTS[parts.scheme.lower()]:
        host = f"{host}:{parts.port}"
    path = quote(_SLASHES.sub("/", parts.path).rstrip("/"), safe="/%:@!$&'()*+,;=~-._")
    query = urlencode(
        sorted(
            (name, value)
            for name, value in parse_qsl(parts.query, keep_blank_values=True)
            if not _is_tracker(name)
        )
    )
    fragment = parts.fragment if parts.fragment.startswith("!") else ""
    return urlunsplit(("https", host, path, query, fragment))


def story_key(*, canonical: str, url: str, texts: Iterable[str]) -> str:
    """Give an article's key: stated canonical of the same site, else its URL, else its text."""
    if canonical and (not url or is_same_site(canonical, url)):
        key = url_key(canonical)
        if key:
            return key
    return url_key(url) or text_key(texts)


def text_key(texts: Iterable[str]) -> str:
    """Give ``text:`` and a hash of the words, for an article without an address."""
    digest = hashlib.sha256()
    for text in texts:
        digest.update(" ".join(text.casefold().split()).encode("utf-8", "surrogatepass") + b"\n")
    return f"text:{digest.hexdigest()[:32]}"


def is_same_site(one: str, other: str) -> bool:
    """Whether one host is the other, or a part of it (``amp.``, ``m.``, ``www.`` aside)."""
    first, second = site_host(one), site_host(other)
    return bool(first and second) and (
        first == second or first.endswith(f".{second}") or second.endswith(f".{first}")
    )


def site_host(url: str) -> str:
    """Give the host a reader would name, without ``www.`` and the like; "" for no address."""
    host = _ascii_host(urlsplit(url).hostname or "") if web_address(url) else ""
    for prefix in _SITE_PREFIXES:
        if host.startswith(prefix) and host.count(".") > 1:
            return host.removeprefix(prefix)
    return host


def _is_tracker(name: str) -> bool:
    lower = name.casefold()
    return lower in TRACKERS or lower.startswith(TRACKER_FAMILIES)


def _ascii_host(host: str) -> str:
    """Give the host as A-labels in lower case, "" where it can be none."""
    if re.fullmatch(r"[0-9a-f:.]+", host) and ":" in host:
        return f"[{host}]"
    try:
        ascii_host = host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""
    return ascii_host.rstrip(".") if _HOST.fullmatch(ascii_host) else ""
