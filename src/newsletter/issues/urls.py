"""Addresses in an issue: absolute, of a known scheme, without disguise."""

import re
import unicodedata
from urllib.parse import quote, unquote, urlsplit

import idna

from newsletter.model.address import parse_address
from newsletter.model.domains import HIGHEST_PORT

LINKS = ("https", "http", "mailto")
PICTURES = ("https", "http")
_SAFE = "!#$%&'()*+,/:;=?@[]~-._"
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_VISIBLE = re.compile(r"[!-~]*")
_HEX = re.compile(r"%(?![0-9A-Fa-f]{2})")
MOST_CHARACTERS = 2_000


def read_url(text: str, *, schemes: tuple[str, ...] = LINKS) -> str:
    """Read one absolute address as ASCII: IDNA host, what is not ASCII percent-encoded.

    Reading what was read gives the same again.

    Raises:
        ValueError: with one sentence part saying what is wrong.
    """
    if len(text) > MOST_CHARACTERS:
        msg = f"the address is longer than {MOST_CHARACTERS:,} characters"
        raise ValueError(msg)
    if not _VISIBLE.fullmatch(text) and any(
        unicodedata.category(char) in {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp", "Zs"} for char in text
    ):
        msg = "the address holds a space or an invisible character; write %20 for a space"
        raise ValueError(msg)
    scheme = _SCHEME.match(text)
    if scheme is None or scheme[1].lower() not in schemes:
        msg = f"the address does not begin with {' or '.join(_opening(name) for name in schemes)}"
        raise ValueError(msg)
    if "\\" in text or _HEX.search(text):
        msg = "the address holds a backslash or a % that is no escape"
        raise ValueError(msg)
    rest = quote(text[scheme.end() :], safe=_SAFE)
    if scheme[1].lower() == "mailto":
        return _read_mailto(rest)
    return _read_web(scheme[1].lower(), text[scheme.end() :])


def host_of(url: str) -> str:
    """Return the host of an address read by read_url, "" for mailto."""
    return (urlsplit(url).hostname or "").lower()


def ascii_host(text: str) -> str:
    """Return a host name in lower-case A-labels (IDNA 2008 with UTS 46 mapping).

    Raises:
        ValueError: where it is no host name.
    """
    lowered = text.lower()
    if lowered.isascii() and re.fullmatch(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*", lowered):
        return lowered
    try:
        return idna.encode(text, uts46=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError) as error:
        msg = f"{text[:60]} is no host name"
        raise ValueError(msg) from error


def _opening(scheme: str) -> str:
    return "mailto:" if scheme == "mailto" else f"{scheme}://"


def _read_web(scheme: str, rest: str) -> str:
    if not rest.startswith("//"):
        msg = f"the address does not begin with {scheme}://"
        raise ValueError(msg)
    end = min((at for mark in "/?#" if (at := rest.find(mark, 2)) >= 0), default=len(rest))
    authority, path = rest[2:end], quote(rest[end:], safe=_SAFE.replace("[", "").replace("]", ""))
    if "@" in authority:
        msg = "the address holds a user name before its host"
        raise ValueError(msg)
    host, _, port = authority.partition(":")
    if authority.startswith("["):
        msg = "the address names its host by a bracketed number; write a name"
        raise ValueError(msg)
    if not host:
        msg = "the address has no host"
        raise ValueError(msg)
    if port and not (port.isascii() and port.isdigit() and 0 < int(port[:6]) <= HIGHEST_PORT):
        msg = f"{port[:10]} is no port"
        raise ValueError(msg)
    return f"{scheme}://{ascii_host(unquote(host))}{':' + port if port else ''}{path}"


def _read_mailto(rest: str) -> str:
    address = rest.partition("?")[0]
    if address.startswith("/"):
        msg = "mailto: has no slashes behind it"
        raise ValueError(msg)
    try:
        parse_address(unquote(address))
    except ValueError as error:
        msg = f"mailto: does not name one address: {error}"
        raise ValueError(msg) from error
    if re.search(r"%(0[0-9a-f]|1[0-9a-f]|7f)", rest, re.IGNORECASE):
        msg = "the address holds a control character"
        raise ValueError(msg)
    return f"mailto:{rest.replace('[', '%5B').replace(']', '%5D')}"
