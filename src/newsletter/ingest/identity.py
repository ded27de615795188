"""Which articles are one story: keys of addresses, and shingles of text."""

import hashlib
import re
import unicodedata
from array import array
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from sys import byteorder
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

import idna

from newsletter.model.article import Article, ParagraphKind
from newsletter.model.source import is_tracker

MOST_URL = 2000

_DEFAULT_PORTS = {"http": 80, "https": 443}
_SLASHES = re.compile(r"/{2,}")
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]{0,251}[a-z0-9_])?")
# No address has these, nor white space, controls or invisible characters.
_FORBIDDEN = re.compile(r"[\\<>\"]")
_NEVER = frozenset({"Cc", "Cf", "Cs", "Cn", "Zl", "Zp", "Zs"})
_LONE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ESCAPE = re.compile(r"%[0-9a-f]{2}", re.IGNORECASE)
_URL_SAFE = "!#$%&'()*+,/:;=?@~-._"
_SITE_PREFIXES = ("www.", "m.", "amp.", "mobile.")


def web_address(text: str) -> str:
    """Return an absolute http or https address as ASCII, "" where the text is none."""
    address = text.strip()
    if not address or len(address) > MOST_URL or _FORBIDDEN.search(address):
        return ""
    if any(unicodedata.category(char) in _NEVER for char in address):
        return ""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return ""
    host = _ascii_host(parts.hostname or "")
    if parts.scheme not in _DEFAULT_PORTS or "@" in parts.netloc or port == 0 or not host:
        return ""
    start = address.index("//") + 2 + len(parts.netloc)
    rest = quote(_LONE_PERCENT.sub("%25", address[start:]), safe=_URL_SAFE)
    rest = _ESCAPE.sub(lambda escape: escape[0].upper(), rest)
    whole = f"{parts.scheme}://{host}{f':{port}' if port else ''}{rest}"
    return whole if len(whole) <= MOST_URL else ""


def url_key(url: str) -> str:
    """Return the form in which two addresses of one page are equal, "" for any other text."""
    address = web_address(url)
    if not address:
        return ""
    parts = urlsplit(address)
    host = parts.hostname or ""
    if parts.port and parts.port != _DEFAULT_PORTS[parts.scheme]:
        host = f"{host}:{parts.port}"
    path = quote(_SLASHES.sub("/", parts.path).rstrip("/"), safe="/%:@!$&'()*+,;=~-._")
    query = urlencode(
        sorted(
            (name, value)
            for name, value in parse_qsl(parts.query, keep_blank_values=True)
            if not is_tracker(name)
        )
    )
    fragment = parts.fragment if parts.fragment.startswith("!") else ""
    return urlunsplit(("https", host, path, query, fragment))


def without_trackers(url: str) -> str:
    """Return an address less the parameters that only count readers; ``ref`` stays."""
    head, question, rest = url.partition("?")
    query, hash_, fragment = rest.partition("#")
    kept = [
        part
        for part in query.split("&")
        if not is_tracker(name := unquote(part.partition("=")[0])) or name.casefold() == "ref"
    ]
    if not question or "#" in head or len(kept) == len(query.split("&")):
        return url
    return head + ("?" + "&".join(kept) if kept else "") + hash_ + fragment


def story_key(*, canonical: str, url: str, texts: Iterable[str]) -> str:
    """Return an article's key: stated canonical of the same site, else its URL, else its text."""
    if canonical and (not url or is_same_site(canonical, url)):
        key = url_key(canonical)
        if key:
            return key
    return url_key(url) or text_key(texts)


def text_key(texts: Iterable[str]) -> str:
    """Return ``text:`` and a hash of the words, for an article without an address."""
    digest = hashlib.sha256()
    for text in texts:
        digest.update(" ".join(text.casefold().split()).encode("utf-8", "surrogatepass") + b"\n")
    return f"text:{digest.hexdigest()[:32]}"


def is_same_site(one: str, other: str) -> bool:
    """Return whether one host is the other, or a part of it (``amp.``, ``m.``, ``www.`` aside)."""
    first, second = site_host(one), site_host(other)
    return bool(first and second) and (
        first == second or first.endswith(f".{second}") or second.endswith(f".{first}")
    )


def site_host(url: str) -> str:
    """Return the host a reader would name, without ``www.`` and the like; "" for no address."""
    host = urlsplit(web_address(url)).hostname or ""
    for prefix in _SITE_PREFIXES:
        if host.startswith(prefix) and host.count(".") > 1:
            return host.removeprefix(prefix)
    return host


def _ascii_host(host: str) -> str:
    lowered = host.lower().rstrip(".")
    if not lowered.isascii():
        try:
            lowered = idna.encode(lowered, uts46=True).decode("ascii")
        except UnicodeError:  # of which idna's errors are a kind
            return ""
    return lowered if _HOST.fullmatch(lowered) and ".." not in lowered else ""


SHINGLE_WORDS = 3
FEWEST_WORDS = 80
FEWEST_SHINGLES = 40  # a text that says one thing again and again is no evidence
HASH_BYTES = 8

_NOT_TEXT = frozenset({ParagraphKind.NOISE, ParagraphKind.CALLOUT})
_WORD = re.compile(r"\w+")


def shingle_hashes(article: Article) -> tuple[int, ...]:
    """Return the 64-bit hashes of an article's text, sorted; () for fewer than 80 words."""
    return hashes_of(p.text for p in article.paragraphs if p.kind not in _NOT_TEXT)


def hashes_of(texts: Iterable[str]) -> tuple[int, ...]:
    """Return the hashes of paragraphs taken as one run of words; see shingle_hashes."""
    words = [word for text in texts for word in _words(text)]
    if len(words) < FEWEST_WORDS:
        return ()
    shingles = {
        " ".join(words[start : start + SHINGLE_WORDS])
        for start in range(len(words) - SHINGLE_WORDS + 1)
    }
    if len(shingles) < FEWEST_SHINGLES:
        return ()
    return tuple(sorted({_hash(shingle) for shingle in shingles}))


def pack(hashes: Sequence[int]) -> bytes:
    """Return hashes as bytes for the database, big-endian."""
    packed = array("Q", hashes)
    if byteorder == "little":
        packed.byteswap()
    return packed.tobytes()


def unpack(packed: bytes) -> Sequence[int]:
    """Return the hashes that pack() made bytes of; an array, since a month has millions of them."""
    hashes = array("Q")
    hashes.frombytes(packed)
    if byteorder == "little":
        hashes.byteswap()
    return hashes


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def _hash(shingle: str) -> int:
    digest = blake2b(shingle.encode("utf-8", "surrogatepass"), digest_size=HASH_BYTES).digest()
    return int.from_bytes(digest)


_GUESSES = ("/feed", "/rss", "/atom.xml", "/feed.xml")


def guesses(url: str) -> tuple[str, ...]:
    """Return the addresses at which a site that names no feed may have one."""
    address = web_address(url)
    return tuple(urljoin(address, path) for path in _GUESSES) if address else ()
