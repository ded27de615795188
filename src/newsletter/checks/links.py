"""O10: where the links of the final HTML lead, and whether their words say so."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from newsletter.checks.address import ascii_host, is_same_site, read_web_address
from newsletter.checks.page import PageLink
from newsletter.checks.request import Composition
from newsletter.checks.wording import shorten
from newsletter.model.finding import Finding, Severity

LINKS = "O10 links"

LONGEST_URL = 2_000
_SCHEMES = frozenset({"http", "https", "mailto"})
_SHORTENERS = frozenset(
    {"bit.ly", "buff.ly", "cutt.ly", "dlvr.it", "fb.me", "goo.gl", "is.gd", "lnkd.in", "ow.ly"}
    | {"rb.gy", "rebrand.ly", "shorturl.at", "t.co", "tiny.cc", "tinyurl.com", "trib.al", "v.gd"}
)
_UNFILLED = re.compile(r"\{\{|\}\}|\{%|\[\[|\]\]|\*\|")
_BLANK = re.compile(r"[\s\x00-\x1f\x7f]")
# An address within the words of a link, told by its scheme or www.
_SHOWN_URL = re.compile(r"(?:https?://|www\.)[^\s<>()\[\]]{1,300}", re.IGNORECASE)
# The words are nothing but a host, maybe with a path: example.org/news.
_SHOWN_HOST = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}[a-z]{2,24}(?:/\S{0,300})?")
# "next.js" and "report.pdf" are names of things, though they have the shape of a host.
_FILE_NAME = re.compile(
    r"[^/\s]{1,200}\.(?:js|ts|py|rs|md|txt|pdf|html?|php|css|csv|json|xml|ya?ml|toml|docx?|xlsx?"
    r"|pptx?|epub|jpe?g|png|gif|svg|webp|mp[34]|exe)"
)


@dataclass(frozen=True, slots=True)
class _Fault:
    severity: Severity
    message: str
    remedy: str


@dataclass(slots=True)
class _Place:
    """Where one fault of one address was seen first, and how often in all."""

    link: PageLink
    times: int = field(default=0)


def links(made: Composition) -> Iterator[Finding]:
    """O10: each link is absolute, whole, openly addressed, and shows no other host than its own."""
    tokens = {sentinel.token for sentinel in made.composed.sentinels if sentinel.token}
    places = {f"#{name}" for name in _places(made) if name}
    seen: dict[tuple[str, _Fault], _Place] = {}
    for link in made.page.links:
        if link.url.strip() in tokens or link.url in places:
            continue
        url = link.url
        for token in tokens:
            url = url.replace(token, "slot")
        for fault in _faults(url, link.text):
            seen.setdefault((link.url, fault), _Place(link)).times += 1
    known = {link.url: link for link in reversed(made.composed.links)}
    for (url, fault), place in seen.items():
        listed = known.get(url)
        words = shorten(place.link.text, 60) or "a link without words"
        where = f" in {listed.block}" if listed is not None and listed.block else ""
        times = f", {place.times} times" if place.times > 1 else ""
        yield Finding(
            check=LINKS,
            severity=fault.severity,
            message=fault.message,
            evidence=f"“{words}” → {shorten(url) or '(empty)'}{where}{times}",
            file=made.file,
            line=listed.line if listed is not None else 0,
            remedy=fault.remedy,
        )


def _places(made: Composition) -> Iterator[str]:
    """Give the names a link within the mail may lead to: an id, or the name of an anchor."""
    for element in made.page.elements:
        yield element.get("id") or ""
        if element.tag == "a":
            yield element.get("name") or ""


def _faults(url: str, words: str) -> Iterator[_Fault]:
    error = Severity.ERROR
    absolute = "write the whole address: https://…"
    if not url.strip():
        yield _Fault(error, "a link leads nowhere", absolute)
    elif url.strip().startswith("#"):
        remedy = (
            "give the place that name (an empty <a name>), or write the whole address: https://…"
        )
        yield _Fault(error, "a link leads to a place that is not in the mail", remedy)
    elif _UNFILLED.search(url):
        yield _Fault(error, "a link holds a placeholder that nothing fills", absolute)
    elif _BLANK.search(url):
        remedy = "write %20 for a space, or take it out"
        yield _Fault(error, "a link holds a space or control character", remedy)
    elif len(url) > LONGEST_URL:
        remedy = "link to the page without its tracking"
        yield _Fault(error, f"a link is longer than {LONGEST_URL:,} characters", remedy)
    else:
        yield from _address_faults(url, words)


def _address_faults(url: str, words: str) -> Iterator[_Fault]:
    error, absolute = Severity.ERROR, "write the whole address: https://…"
    address = read_web_address(url)
    if address is None:
        yield _Fault(error, "a link is no address", absolute)
        return
    if not address.scheme:
        yield _Fault(error, "a link is relative; a mail has no page it could start from", absolute)
        return
    if address.scheme not in _SCHEMES:
        message = f"a link begins with {shorten(address.scheme, 30)}:, which mail programs refuse"
        yield _Fault(error, message, "use an https, http or mailto address")
        return
    if address.scheme == "mailto":
        if "@" not in url:
            yield _Fault(error, "a mailto link holds no address", "write mailto:name@example.org")
        return
    if not address.host:
        yield _Fault(error, "a link has no host", absolute)
        return
    if address.has_user:
        message = "a link holds a name before its host, as forged ones do"
        yield _Fault(error, message, "take out what stands before the @")
    if address.scheme == "http":
        message = "a link is not encrypted (http:)"
        yield _Fault(Severity.WARNING, message, "use https: where the site has it")
    if address.host in _SHORTENERS:
        message = "a link hides where it leads behind a shortener"
        yield _Fault(Severity.WARNING, message, "link to the page itself")
    yield from _shown_faults(address.host, words)


def _shown_faults(host: str, words: str) -> Iterator[_Fault]:
    remedy = "let the words name what is linked, or show the address it leads to"
    message = "a link shows another host than the one it leads to"
    text = words.strip()[:600]
    shown = _SHOWN_URL.search(text)
    if shown is not None:
        url = shown.group()
        address = read_web_address(url if "://" in url else f"https://{url}")
        other = address.host if address else ""
        if other and not is_same_site(other, host):
            yield _Fault(Severity.ERROR, message, remedy)
    elif _SHOWN_HOST.fullmatch(text.casefold()) and not _FILE_NAME.fullmatch(text.casefold()):
        other = ascii_host(text.partition("/")[0])
        if not is_same_site(other, host):
            # “Booking.com” is a name before it is an address
            is_name = "/" not in text and text != text.casefold()
            yield _Fault(Severity.WARNING if is_name else Severity.ERROR, message, remedy)
