"""Addresses that stand in for one: reserved names, hosts of dummy pictures, "link-here"; pure."""

import re
from collections.abc import Sequence

from newsletter.checks.address import WebAddress, read_web_address

# RFC 2606 and RFC 6761 keep these for examples: nobody can have them.
_RESERVED = re.compile(
    r"(?:.{1,200}\.)?(?:example\.(?:com|net|org)|example|test|invalid|localhost)"
)
_LOCAL = re.compile(r"(?:127|10)\.[\d.]{5,11}|192\.168\.[\d.]{3,7}|\[?::1\]?")
_DUMMY_HOSTS = re.compile(
    r"(?:.{1,200}\.)?(?:placeholder\.com|placehold\.(?:it|co)|dummyimage\.com|lorempixel\.com"
    r"|fakeimg\.pl|placehold\.jp|placekitten\.com|placebear\.com|placeimg\.com|loremflickr\.com"
    r"|picsum\.photos|(?:your-?|my)(?:domain|website|site|link|url)\.(?:com|org|net|co\.uk)"
    r"|(?:domain|website|site|link|url)(?:-?here)\.(?:com|org|net|co\.uk)|lorem\.ipsum)"
)
_DUMMY_SEGMENTS = frozenset(
    {"username", "your-username", "yourusername", "yourhandle", "your-handle", "yourname"}
    | {"link", "url", "link-here", "link-goes-here", "insert-link", "insert-link-here", "your-link"}
    | {"article-url", "story-url", "url-here", "todo", "tk", "tktk", "xxx", "xxxx", "placeholder"}
    | {
        "path-to-article",
        "404",
        "not-found",
        "page-not-found",
        "link-tk",
        "article-slug",
        "lorem-ipsum",
        "insert-url",
        "url-goes-here",
    }
)
_DUMMY_WORDS = re.compile(
    r"(?:(?:insert|your|add|enter|put|paste|the)[-_]?)+(?:link|url|article|story|page|slug|headline"
    r"|address|title|path)s?(?:[-_]?(?:goes|to|go|url|link)?[-_]?here)?"
    r"|(?:link|url|article|story|page|slug|headline|address|title|path)(?:[-_](?:url|link|slug"
    r"|goes|text))?[-_](?:here|tk|tbc|tbd|to[-_]come|placeholder|hier|ici|aqui)"
    r"|(?:link|url)[-_]?(?:einfuegen|folgt)|lien[-_]ici|enlace[-_]aqui|lorem|ipsum|dummy|slug"
    r"|untitled(?:[-_]\d)?|x{3,}|change-?me|replace-?me"
)
# "placeholder-800x450.png", "no_image.jpg", "default-thumbnail.gif": what a site shows for none.
_SIZES = (
    r"(?:[-_]?(?:\d{1,4}(?:x\d{1,4})?|image|img|photo|picture|thumb|large|small|wide|hero|lead))*"
)
_DUMMY_PICTURES = re.compile(
    rf"(?:[a-z]{{2,12}}[-_]){{0,2}}(?:place-?holder|dummy|no[-_]?(?:image|img|photo|picture|pic"
    rf"|thumb(?:nail)?)|(?:image|photo|picture|img|pic)[-_](?:not[-_](?:available|found)|missing|tk"
    rf"|tbc|coming[-_]soon|to[-_]come|here)|coming[-_]soon|default[-_](?:image|img|photo|picture"
    rf"|thumb(?:nail)?|social|share|og|card)){_SIZES}"
    r"|spacer|blank|pixel|transparent|1x1|lorem(?:[-_]?ipsum)?"
    r"|(?:your|insert|sample|test)[-_]?(?:image|img|photo|picture)(?:[-_]?here)?"
)
_PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|avif)$")
# A full stop, a quotation mark or "…" (percent-encoded by the reader) came with the copy.
_CUT = re.compile(
    r"(?:\.{1,4}|[,;:\"'>|*]|%E2%80%A6|%E2%80%9[89CDE]|%C2%BB|%22|%3E|%7C)$", re.IGNORECASE
)
_MAY_END_SO = re.compile(r"https?://[\w.-]{0,60}\bwiki")  # wiki/Warner_Bros.
_MARKED = re.compile(
    r"\{\{|\}\}|(?:%7B){1,2}[\w.%-]{1,60}(?:%7D){1,2}|%5B%5B|\[\[|\*\||\{[A-Za-z_]{2,40}\}"
    r"|%%\w{2,40}%%|\$\{|<[a-z]{2,20}>"
    r"|(?i:insert[_-]?(?:link|url))|\b(?:TODO|TKTK|XXXX+)\b"
)


def marked_address(url: str) -> str:
    """Return what in an address stands in for the right one; "" where nothing does."""
    if _MARKED.search(url):
        return "holds a mark that nothing fills"
    address = read_web_address(url)
    if address is None:
        return ""  # O10 tells of it
    host = _host(url, address)
    if host and not set(".:") & set(host) and host != "localhost":
        return "has a word in the place of its host"
    last = _path(url).rpartition("/")[2].casefold()
    if _CUT.search(url) and not _MAY_END_SO.match(url):
        return "ends in a mark that is no part of it"
    stem = _PICTURE_FILE.sub("", last)
    is_dummy = (
        (stem != last and _DUMMY_PICTURES.fullmatch(stem))
        or _DUMMY_HOSTS.fullmatch(host)
        or last in _DUMMY_SEGMENTS
        or _DUMMY_WORDS.fullmatch(last)
    )
    return "is a placeholder" if is_dummy else ""


def is_reserved(url: str) -> bool:
    """Return whether an address is of a name kept for examples and tests, or of this machine."""
    address = read_web_address(url)
    host = _host(url, address) if address is not None else ""
    return _RESERVED.fullmatch(host) is not None or _LOCAL.fullmatch(host) is not None


def is_local(url: str) -> bool:
    """Return whether an address is of this machine or of a private network."""
    address = read_web_address(url)
    host = _host(url, address) if address is not None else ""
    return host in {"localhost", "localhost.localdomain"} or _LOCAL.fullmatch(host) is not None


def names_no_page(url: str) -> bool:
    """Return whether an address is that of a site's front door."""
    address = read_web_address(url)
    web = address is not None and address.scheme in {"http", "https"}
    return web and not _path(url) and "?" not in url


def is_trial(urls: Sequence[str]) -> bool:
    """Whether most of an issue's links lead to reserved names: then none of them is a slip."""
    reserved = sum(map(is_reserved, urls))
    return reserved * 2 > len(urls)


def _host(url: str, address: WebAddress) -> str:
    if address.scheme == "mailto":
        return url.partition("?")[0].rpartition("@")[2].casefold()
    return address.host


def _path(url: str) -> str:
    rest = url.partition("://")[2].partition("/")[2]
    return rest.partition("?")[0].partition("#")[0].strip("/")
