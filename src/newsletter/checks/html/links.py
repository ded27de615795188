"""O10 and O12: where the links of the final HTML lead, and whether their words say so."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from urllib.parse import unquote

from newsletter.checks.address import (
    ascii_host,
    is_number,
    is_same_site,
    mixes_scripts,
    page_of,
    read_web_address,
)
from newsletter.checks.page import PageLink
from newsletter.checks.place import (
    Place,
    and_more,
    is_in_block,
    line_of_url,
    place_of,
    place_of_words,
    tell,
)
from newsletter.checks.request import Composition
from newsletter.checks.wording import folded, shorten
from newsletter.model.address import has_known_ending
from newsletter.model.finding import Finding, Severity

LINKS = "O10 links"
LINK_AMBIGUITY = "O12 link-ambiguity"

LONGEST_URL = 2_000
MOST_LINES = 8  # of the issue that one finding names
_SCHEMES = frozenset({"http", "https", "mailto"})
_SHORTENERS = frozenset(
    {"bit.ly", "buff.ly", "cutt.ly", "dlvr.it", "fb.me", "goo.gl", "is.gd", "lnkd.in", "ow.ly"}
    | {"rb.gy", "rebrand.ly", "shorturl.at", "t.co", "tiny.cc", "tinyurl.com", "trib.al", "v.gd"}
)
# Addresses that mean something within one building only (RFC 6761).
_INTERNAL = re.compile(r"localhost|.{1,250}\.(?:local|localhost|internal|intranet|lan|home\.arpa)")
_TYPED_TWICE = re.compile(r"[^/=?&#%]https?:/", re.IGNORECASE)
_MAILBOX = re.compile(r"[^\s@,<>/]{1,64}@[^\s@,<>.]{1,63}(?:\.[^\s@,<>.]{1,63}){1,8}")
_LEFT_OVER = ".,;:!'\"<>|\\"  # marks of the sentence around, at the end of an address
_UNFILLED = re.compile(r"\{\{|\}\}|\{%|\[\[|\]\]|\*\|")
_BLANK = re.compile(r"[\s\x00-\x1f\x7f]")
# An address within the words of a link, told by its scheme or www; or nothing but a host.
_SHOWN_URL = re.compile(r"(?:https?://|www\.)[^\s<>()\[\]]{1,300}", re.IGNORECASE)
_SHOWN_HOST = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}[a-z]{2,24}(?:/\S{0,300})?")
_BESIDE_ADDRESS = re.compile(r"^[\s\W_]+|(?!/)[\s\W_]+$")
# "next.js" and "report.pdf" are names of things, though they have the shape of a host.
_FILE_NAME = re.compile(
    r"[^/\s]{1,200}\.(?:js|ts|py|rs|md|txt|pdf|html?|php|css|csv|json|xml|docx?|xlsx?|pptx?|epub"
    r"|jpe?g|png|gif|svg|webp|mp[34]|exe)"
)
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_ABSOLUTE = "write the whole address: https://…"


@dataclass(frozen=True, slots=True)
class _Fault:
    """What is wrong with a link, and what to do."""

    message: str
    remedy: str
    severity: Severity = Severity.ERROR


_PERSONAL = _Fault(
    "a link is one reader's own, for leaving the list or for preferences",
    "write [[unsubscribe_url]] or [[preferences_url]], which each reader gets filled",
)


def links(made: Composition) -> Iterator[Finding]:
    """O10: each link is absolute, whole, openly addressed, and shows no other host than its own."""
    tokens = {sentinel.token for sentinel in made.composed.sentinels if sentinel.token}
    names = {one.get("id") for one in made.page.elements}
    names |= {one.get("name") for one in made.page.elements if one.tag == "a"}
    own_pages = tuple(f"{made.request.newsletter.public_url}/{page}/" for page in ("u", "p"))
    seen: dict[_Fault, dict[str, list[PageLink]]] = {}
    for link in made.page.links:
        url = link.url
        if url.strip() in tokens or (url.startswith("#") and url[1:] in names - {""}):
            continue
        for token in tokens:
            url = url.replace(token, "slot")
        faults = [*_faults(url, link.text)]
        faults += [_PERSONAL] if url.startswith(own_pages) else []
        for fault in faults:
            seen.setdefault(fault, {}).setdefault(link.url, []).append(link)
    for fault, urls in seen.items():
        yield _told(made, fault, urls)


def _told(made: Composition, fault: _Fault, urls: Mapping[str, list[PageLink]]) -> Finding:
    """Return one finding on all links with a fault: the first is shown, the others' lines named."""
    places = [_place_of(made, url, same[0]) for url, same in urls.items()]
    lines = sorted({line for file, line in places if file == made.file and line})
    url, same = next(iter(urls.items()))
    times = f", {len(same)} times" if len(same) > 1 else ""
    words = shorten(same[0].text, 60) or "a link without words"
    more = ", …" if len(lines) > MOST_LINES else ""
    listed = f", lines {', '.join(map(str, lines[:MOST_LINES]))}{more}" if len(lines) > 1 else ""
    return tell(
        LINKS,
        places[0],
        fault.message + listed,
        f"“{words}” → {shorten(url) or '(empty)'}{times}",
        fault.remedy,
        fault.severity,
    )


def _place_of(made: Composition, url: str, link: PageLink) -> Place:
    """Return the issue's line that writes an address, else the template's that set the link."""
    if line := line_of_url(made, url):
        return made.file, line
    at = made.page.style.at(link.element)
    if (wrote := made.wrote.element(at)) and (url.startswith("#") or not is_in_block(made, at)):
        return wrote
    return place_of(made, url=url, words=link.text, element=link.element)


def _faults(url: str, words: str) -> Iterator[_Fault]:
    if not url.strip():
        yield _Fault("a link leads nowhere", _ABSOLUTE)
    elif url.strip().startswith("#"):
        remedy = "give the place that name (an empty <a name>), or write the whole address"
        yield _Fault("a link leads to a place that is not in the mail", remedy)
    elif _UNFILLED.search(url):
        yield _Fault("a link holds a placeholder that nothing fills", _ABSOLUTE)
    elif _BLANK.search(url):
        remedy = "write %20 for a space, or take it out"
        yield _Fault("a link holds a space or control character", remedy)
    elif len(url) > LONGEST_URL:
        remedy = "link to the page without its tracking"
        yield _Fault(f"a link is longer than {LONGEST_URL:,} characters", remedy)
    else:
        yield from _address_faults(url, words)


def _address_faults(url: str, words: str) -> Iterator[_Fault]:
    address = read_web_address(url)
    if address is None:
        yield _Fault("a link is no address", _ABSOLUTE)
    elif not address.scheme:
        yield _Fault("a link is relative; a mail has no page it could start from", _ABSOLUTE)
    elif address.scheme not in _SCHEMES:
        message = f"a link begins with {shorten(address.scheme, 30)}:, which mail programs refuse"
        yield _Fault(message, "use an https, http or mailto address")
    elif address.scheme == "mailto":
        yield from _mailto_faults(url, words)
    elif not address.host:
        yield _Fault("a link has no host", _ABSOLUTE)
    elif address.host in {"http", "https"}:
        yield _Fault("a link begins with https:// twice", _ABSOLUTE)
    else:
        if address.has_user:
            message = "a link holds a name before its host, as forged ones do"
            yield _Fault(message, "take out what stands before the @")
        if address.scheme == "http":
            remedy = "use https: where the site has it"
            yield _Fault("a link is not encrypted (http:)", remedy, Severity.WARNING)
        yield from _host_faults(address.host)
        yield from _path_faults(url)
        yield from _shown_faults(address.host, words)


def _mailto_faults(url: str, words: str) -> Iterator[_Fault]:
    addresses = [unquote(one).strip() for one in url[len("mailto:") :].partition("?")[0].split(",")]
    text = words.strip(" .").casefold()
    remedy = "write mailto:name@example.org"
    if not any(addresses):
        yield _Fault("a link has no address behind mailto:", remedy)
    elif not all(map(_MAILBOX.fullmatch, addresses)):
        yield _Fault("a link has no mail address behind mailto:", remedy)
    elif _MAILBOX.fullmatch(text) and text not in {one.casefold() for one in addresses}:
        remedy = "let the words show the address that the mail goes to"
        yield _Fault("a link shows another address than its own", remedy)


def _host_faults(host: str) -> Iterator[_Fault]:
    if host.removeprefix("www.") in _SHORTENERS:
        message = "a link hides where it leads behind a shortener"
        yield _Fault(message, "link to the page itself", Severity.WARNING)
    elif is_number(host):
        message = "a link leads to a number in the place of a name"
        yield _Fault(message, "write the site's name", Severity.WARNING)
    elif _INTERNAL.fullmatch(host) or "." not in host:
        message = "a link leads to a name that only your own network knows"
        yield _Fault(message, "write the public address")
    elif not has_known_ending(host):
        message = f"a link ends in .{shorten(host.rpartition('.')[2], 30)}, which no site has"
        yield _Fault(message, "correct the name of the site")
    elif mixes_scripts(host):
        message = "a link has a host of letters that look alike, as forged ones do"
        yield _Fault(message, "type the name anew, and compare it", Severity.WARNING)


def _path_faults(url: str) -> Iterator[_Fault]:
    path = url.partition("?")[0].partition("#")[0]
    if _TYPED_TWICE.search(path):
        yield _Fault("a link holds two addresses, one after the other", "keep one of them")
    elif url[-1] in _LEFT_OVER or (url[-1] == ")" and url.count(")") > url.count("(")):
        remedy = f"take {url[-1]} out of the address"
        yield _Fault("a link ends in a mark of the sentence around it", remedy, Severity.WARNING)
    unseen = {unicodedata.category(char) for char in unquote(url)} & {"Cf"}
    if unseen or "Cc" in map(unicodedata.category, unquote(path)):
        yield _Fault("a link holds an invisible character", "type the address anew")


def _shown_faults(host: str, words: str) -> Iterator[_Fault]:
    text = _BESIDE_ADDRESS.sub("", words[:600])
    other, severity = "", Severity.ERROR
    if shown := _SHOWN_URL.search(text):
        address = read_web_address(shown[0] if "://" in shown[0] else f"https://{shown[0]}")
        other = address.host if address else ""
    elif _SHOWN_HOST.fullmatch(text.casefold()) and not _FILE_NAME.fullmatch(text.casefold()):
        other = ascii_host(text.partition("/")[0])
        other = other if has_known_ending(other) else ""
        if "/" not in text and text != text.casefold():  # “Booking.com” is a name first
            severity = Severity.WARNING
    if other and not is_same_site(other, host):
        remedy = "let the words name what is linked, or show the address it leads to"
        yield _Fault("a link shows another host than the one it leads to", remedy, severity)


@cache
def _empty_words() -> frozenset[str]:
    """Return words that say nothing of what is linked, when they are all there is."""
    text = files("newsletter.checks.html").joinpath("empty_link_words.txt").read_text("utf-8")
    return frozenset(text.splitlines())


def link_ambiguity(made: Composition) -> Iterator[Finding]:
    """O12: no words lead to two places, none say nothing, and none are missing."""
    targets: dict[str, dict[str, PageLink]] = defaultdict(dict)
    for link in made.page.links:
        words = _EDGES.sub("", folded(_read_out(link)))
        is_of_contents = link.url.startswith("#") and words and words not in _empty_words()
        if not link.hidden and link.url.strip() and not is_of_contents:
            targets[words].setdefault(page_of(link.url.partition("#")[0]), link)
    named: set[str] = set()  # where words lead that no other address has
    for words, places in targets.items():
        if words and words not in _empty_words() and len(places) == 1:
            named.update(places)
    for words, places in targets.items():
        link = next(iter(places.values()))
        if not words:  # beside a picture that leads there too, words that do are enough
            has_picture = next(link.element.iter("img"), None) is not None
            if has_picture and named.issuperset(places):
                continue
            message = "a link has neither words nor a picture with an alternative text"
        elif words in _empty_words():
            message = f"“{shorten(_read_out(link), 40)}” does not say where the link leads"
        elif len(places) > 1 and not named.issuperset(places):
            count = "two" if len(places) == 2 else len(places)  # noqa: PLR2004
            message = f"{count} links have the same text, “{shorten(_read_out(link), 60)}”"
        else:
            continue
        listed = "; ".join(shorten(one.url, 80) for one in list(places.values())[:2])
        yield tell(
            LINK_AMBIGUITY,
            place_of_words(made, link, _read_out(link)),
            message,
            listed + and_more(len(places) - 1),
            "let the words name what is linked; many readers hear the links alone, in a list",
        )


def _read_out(link: PageLink) -> str:
    """Return what is read out for a link: its label goes before its words."""
    return (link.element.get("aria-label") or "").strip() or link.text
