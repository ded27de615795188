"""O10: where the links of the final HTML lead, and whether their words say so."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from newsletter.checks.address import (
    ascii_host,
    is_misspelt_host,
    is_number,
    is_same_site,
    is_trial_server,
    mixes_scripts,
    read_web_address,
)
from newsletter.checks.page import PageLink, seen_text
from newsletter.checks.place import line_of_url, place_of
from newsletter.checks.request import Composition
from newsletter.checks.wording import shorten
from newsletter.model.address import has_known_ending, organisational_domain
from newsletter.model.finding import Finding, Severity

LINKS = "O10 links"

LONGEST_URL = 2_000
_SCHEMES = frozenset({"http", "https", "mailto"})
_SHORTENERS = frozenset(
    {"bit.ly", "buff.ly", "cutt.ly", "dlvr.it", "fb.me", "goo.gl", "is.gd", "lnkd.in", "ow.ly"}
    | {"rb.gy", "rebrand.ly", "shorturl.at", "t.co", "tiny.cc", "tinyurl.com", "trib.al", "v.gd"}
)
# Addresses that mean something within one building only.
_INTERNAL = re.compile(r"localhost|.{1,250}\.(?:local|localhost|internal|intranet|lan|home\.arpa)")
# Names kept for trials (RFC 6761).
_FOR_TRIALS = re.compile(r".{1,250}\.(?:test|invalid)")
_WINDOWS = frozenset({"_blank", "_self", "_parent", "_top"})
_TYPED_TWICE = re.compile(r"[^/=?&#%]https?:/", re.IGNORECASE)
_MAILBOX = re.compile(r"[^\s@,<>/]{1,64}@[^\s@,<>.]{1,63}(?:\.[^\s@,<>.]{1,63}){1,8}")
_LEFT_OVER = ".,;:!'\"<>|\\"  # marks of the sentence around, at the end of an address
_UNFILLED = re.compile(r"\{\{|\}\}|\{%|\[\[|\]\]|\*\|")
_BLANK = re.compile(r"[\s\x00-\x1f\x7f]")
# An address within the words of a link, told by its scheme or www.
_SHOWN_URL = re.compile(r"(?:https?://|www\.)[^\s<>()\[\]]{1,300}", re.IGNORECASE)
# The words are nothing but a host, maybe with a path: example.org/news.
_SHOWN_HOST = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}[a-z]{2,24}(?:/\S{0,300})?")
# Arrows, quotes and stops around such words: “example.org ↗”, “example.org »”.
_BESIDE_ADDRESS = re.compile(r"^[\s\W_]+|(?!/)[\s\W_]+$")
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


_PERSONAL = _Fault(
    Severity.ERROR,
    "a link is one reader's own, for leaving the list or for preferences",
    "write [[unsubscribe_url]] or [[preferences_url]], which each reader gets filled",
)


@dataclass(slots=True)
class _Place:
    """Where one fault of one address was seen first, and how often in all."""

    link: PageLink
    times: int = field(default=0)


def links(made: Composition) -> Iterator[Finding]:
    """O10: each link is absolute, whole, openly addressed, and shows no other host than its own."""
    tokens = {sentinel.token for sentinel in made.composed.sentinels if sentinel.token}
    places = {f"#{name}" for name in _places(made) if name}
    own_pages = tuple(f"{made.request.newsletter.public_url}/{page}/" for page in ("u", "p"))
    seen: dict[tuple[str, _Fault], _Place] = {}
    for link in made.page.links:
        if link.url.strip() in tokens or link.url in places:
            continue
        if link.url.startswith(own_pages):
            seen.setdefault((link.url, _PERSONAL), _Place(link)).times += 1
        url = link.url
        for token in tokens:
            url = url.replace(token, "slot")
        for fault in (*_faults(url, link.text), *_owners_faults(made, url)):
            seen.setdefault((link.url, fault), _Place(link)).times += 1
    yield from _unlinked(made)
    yield from _doubled(made)
    yield from _windows(made)
    known = {link.url: link for link in reversed(made.composed.links)}
    told: set[tuple[_Fault, str, int]] = set()
    for (url, fault), place in seen.items():
        listed = known.get(url)
        words = shorten(place.link.text, 60) or "a link without words"
        where = f" in {listed.block}" if listed is not None and listed.block else ""
        times = f", {place.times} times" if place.times > 1 else ""
        file, line = _place_of(made, url, place.link)
        if url.strip().startswith("#") and (fault, file, line) in told:
            continue  # a template's line writes as many as there are stories
        told.add((fault, file, line))
        yield Finding(
            check=LINKS,
            severity=fault.severity,
            message=fault.message,
            evidence=f"“{words}” → {shorten(url) or '(empty)'}{where}{times}",
            file=file,
            line=line,
            remedy=fault.remedy,
        )


def _place_of(made: Composition, url: str, link: PageLink) -> tuple[str, int]:
    """Return the issue's line that writes an address, else the template's that set the link.

    No issue writes a place within the mail, and words of the issue say nothing of a link that
    stands in none of its blocks.
    """
    own = line_of_url(made, url)
    if own:
        return made.file, own
    at = made.page.style.at(link.element)
    wrote = made.wrote.element(at)
    outside = not any(span.first <= at < span.end for span in made.composed.spans if span.line)
    if wrote and (outside or url.strip().startswith("#")):
        return wrote
    return place_of(made, url=url, words=link.text, element=link.element)


def _unlinked(made: Composition) -> Iterator[Finding]:
    """Tell of words set as a link that has no address; an empty one is a place to jump to."""
    for element in made.page.elements:
        if element.tag != "a" or any(element.get(one) for one in ("href", "name", "id")):
            continue
        words = "" if element.get("href") is not None else seen_text(element)
        if words:
            file, line = place_of(made, words=words, element=element)
            yield Finding(
                check=LINKS,
                severity=Severity.WARNING,
                message="a link has no address",
                evidence=f"“{shorten(words, 60)}”",
                file=file,
                line=line,
                remedy="give it an href, or write the words without <a>",
            )


def _doubled(made: Composition) -> Iterator[Finding]:
    """Tell of a place that a link leads to and that stands twice: programs take either."""
    wanted = {link.url for link in made.page.links if link.url.startswith("#")}
    names = {
        element: {element.get("id"), element.get("name") if element.tag == "a" else None}
        for element in made.page.elements
    }
    for name, times in Counter(one for both in names.values() for one in both).items():
        if times > 1 and f"#{name}" in wanted:
            last = next(element for element in reversed(names) if name in names[element])
            file, line = place_of(made, url=name or "", element=last)
            yield Finding(
                check=LINKS,
                severity=Severity.WARNING,
                message="a link leads to a place of which there are several",
                evidence=f"#{shorten(name or '', 60)}, {times} times",
                file=file,
                line=line,
                remedy="give each place a name of its own",
            )


def _windows(made: Composition) -> Iterator[Finding]:
    """Tell of a target that is none: programs take it for the name of a window of its own."""
    told: set[str] = set()
    for element in made.page.elements:
        target = (element.get("target") or "").strip().lower()
        is_slip = target.startswith("_") or f"_{target}" in _WINDOWS
        if element.tag == "a" and is_slip and target not in _WINDOWS | told:
            told.add(target)
            file, line = place_of(made, url=element.get("href") or "", element=element)
            yield Finding(
                check=LINKS,
                severity=Severity.WARNING,
                message="a link opens in a window that no program knows",
                evidence=f'target="{shorten(target, 40)}"',
                file=file,
                line=line,
                remedy='write target="_blank", or leave it out',
            )


def _places(made: Composition) -> Iterator[str]:
    """Return the names a link within the mail may lead to: an id, or the name of an anchor."""
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
        yield from _mailto_faults(url, words)
        return
    if not address.host or address.host in {"http", "https"}:
        message = "a link has no host" if not address.host else "a link begins with https:// twice"
        yield _Fault(error, message, absolute)
        return
    if address.has_user:
        message = "a link holds a name before its host, as forged ones do"
        yield _Fault(error, message, "take out what stands before the @")
    if address.scheme == "http":
        message = "a link is not encrypted (http:)"
        yield _Fault(Severity.WARNING, message, "use https: where the site has it")
    yield from _host_faults(address.host)
    yield from _path_faults(url)
    yield from _shown_faults(address.host, words)


def _owners_faults(made: Composition, url: str) -> Iterator[_Fault]:
    """Judge a host beside the sender's own, and a template's by whether readers get there."""
    address = read_web_address(url)
    if address is None or address.scheme not in {"http", "https"}:
        return
    public_url = made.request.newsletter.public_url
    host, owner = address.host, organisational_domain(address.host) or ""
    own = organisational_domain(made.request.newsletter.sender.address.domain) or ""
    if own and owner and own != owner and f".{own}." in f".{host}.":
        message = "a link's host begins as yours does and is another's, as forged ones do"
        yield _Fault(Severity.WARNING, message, "link to the page itself")
    elif own and is_misspelt_host(owner, own):
        message = "a link's host is spelt nearly like yours"
        yield _Fault(Severity.WARNING, message, f"write {own}, if that is meant")
    if line_of_url(made, url):  # an issue's links are S16's, and a trial's issue may name any site
        return
    is_for_trials = _FOR_TRIALS.fullmatch(host) and host != urlsplit(public_url).hostname
    if is_for_trials or is_trial_server(host):
        message = "a link leads to a server for trials, where readers are not let in"
        yield _Fault(Severity.WARNING, message, "link to the page as readers see it")


def _mailto_faults(url: str, words: str) -> Iterator[_Fault]:
    addresses = [unquote(one).strip() for one in url[len("mailto:") :].partition("?")[0].split(",")]
    if not any(addresses):
        message = "a mailto link holds no address"
    elif not all(map(_MAILBOX.fullmatch, addresses)):
        message = "a mailto link holds what is no mail address"
    else:
        text = words.strip(" .").casefold()
        if _MAILBOX.fullmatch(text) and text not in {one.casefold() for one in addresses}:
            remedy = "let the words show the address that the mail goes to"
            yield _Fault(Severity.ERROR, "a link shows another address than its own", remedy)
        return
    yield _Fault(Severity.ERROR, message, "write mailto:name@example.org")


def _host_faults(host: str) -> Iterator[_Fault]:
    """Judge a host by what a reader could make of it."""
    page = "link to the page itself"
    if host.removeprefix("www.") in _SHORTENERS:
        yield _Fault(Severity.WARNING, "a link hides where it leads behind a shortener", page)
    elif is_number(host):
        message = "a link leads to a number in the place of a name"
        yield _Fault(Severity.WARNING, message, "write the site's name")
    elif _INTERNAL.fullmatch(host) or "." not in host:
        message = "a link leads to a name that only your own network knows"
        yield _Fault(Severity.ERROR, message, "write the public address")
    elif not has_known_ending(host):
        message = f"a link ends in .{shorten(host.rpartition('.')[2], 30)}, which no site has"
        yield _Fault(Severity.ERROR, message, "correct the name of the site")
    elif mixes_scripts(host):
        message = "a link's host mixes letters that look alike, as forged ones do"
        yield _Fault(Severity.WARNING, message, "type the name anew, and compare it")


def _path_faults(url: str) -> Iterator[_Fault]:
    if _TYPED_TWICE.search(url.partition("?")[0].partition("#")[0]):
        message = "a link holds two addresses, one after the other"
        yield _Fault(Severity.ERROR, message, "keep one of them")
    elif url[-1] in _LEFT_OVER or (url[-1] == ")" and url.count(")") > url.count("(")):
        message = "a link ends in a mark of the sentence around it"
        yield _Fault(Severity.WARNING, message, f"take {url[-1]} out of the address")
    elif url.lower().endswith(("%20", "%c2%a0")):
        yield _Fault(Severity.WARNING, "a link ends in a space", f"take {url[-3:]} off its end")
    if "&amp;" in url:
        message = "a link holds &amp;amp; where & is meant"
        yield _Fault(Severity.WARNING, message, "write & in the address")
    in_path = unquote(url.partition("?")[0].partition("#")[0])
    if any(unicodedata.category(char) == "Cf" for char in unquote(url)) or any(
        unicodedata.category(char) == "Cc" for char in in_path
    ):
        message = "a link holds an invisible character"
        yield _Fault(Severity.ERROR, message, "type the address anew")


def _shown_faults(host: str, words: str) -> Iterator[_Fault]:
    remedy = "let the words name what is linked, or show the address it leads to"
    message = "a link shows another host than the one it leads to"
    text = _BESIDE_ADDRESS.sub("", words[:600])
    shown = _SHOWN_URL.search(text)
    if shown is not None:
        url = shown.group()
        address = read_web_address(url if "://" in url else f"https://{url}")
        other = address.host if address else ""
        if other and not is_same_site(other, host):
            yield _Fault(Severity.ERROR, message, remedy)
    elif _SHOWN_HOST.fullmatch(text.casefold()) and not _FILE_NAME.fullmatch(text.casefold()):
        other = ascii_host(text.partition("/")[0])
        if has_known_ending(other) and not is_same_site(other, host):
            # “Booking.com” is a name before it is an address
            is_name = "/" not in text and text != text.casefold()
            yield _Fault(Severity.WARNING if is_name else Severity.ERROR, message, remedy)
