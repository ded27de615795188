"""One reading of a web address, for the check and for the connection alike (T08, T12)."""

import re
import socket
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import quote, urljoin

import idna

from newsletter.fetch.answer import LastingFetchError
from newsletter.model.address import HIGHEST_PORT
from newsletter.model.source import FetchProblem

DEFAULT_PORTS = {"http": 80, "https": 443}
MOST_CHARACTERS = 8_000
MOST_HOST_CHARACTERS = 253  # RFC 1035 section 2.3.4, without the length bytes
_PARTS = re.compile(r"(https?)://([^/?#]*)([^#]*)", re.IGNORECASE)
_LABELS = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
_NUMBER = re.compile(r"(?:[0-9]+|0x[0-9a-f]*)")
_KEPT = "!$%&'()*+,/:;=?@~-._"
_UNSENT = frozenset({"Cc", "Cs", "Zl", "Zp"})  # others are percent-encoded, U+200C in paths too


@dataclass(frozen=True, slots=True, kw_only=True)
class WebAddress:
    """An http or https address in its one plain form.

    host is a lower-case ASCII name without a last dot, or an IP address in its usual spelling and
    without brackets; number tells which. target is path and query as they stand in the request.
    """

    scheme: str
    host: str
    port: int
    target: str
    number: bool

    @property
    def authority(self) -> str:
        """Host and, where it is not the scheme's own, port: the Host header (RFC 9110, 7.2)."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """Scheme and authority: what one robots.txt is about (RFC 9309 section 2.3)."""
        return f"{self.scheme}://{self.authority}"

    @property
    def text(self) -> str:
        """The whole address, with its query: never for a log or a sentence."""
        return self.origin + self.target

    def at(self, target: str) -> "WebAddress":
        """Return another path of the same origin."""
        return WebAddress(
            scheme=self.scheme, host=self.host, port=self.port, target=target, number=self.number
        )


def read_address(text: str) -> WebAddress:
    """Read an absolute address strictly: no user name, no backslash, nothing unseen.

    A host that ends in a number is an IP address however it is spelled (0x7f.1, 2130706433,
    full-width digits), as for browsers; it is turned into the usual spelling.

    Raises LastingFetchError: BAD_ADDRESS; the sentence does not repeat the address and its secrets.
    """
    if len(text) > MOST_CHARACTERS:
        raise _bad(f"it is longer than {MOST_CHARACTERS:,} characters")
    if "\\" in text or any(unicodedata.category(char) in _UNSENT for char in text):
        raise _bad("it holds a backslash, a line break or another control character")
    parts = _PARTS.match(text)
    if parts is None:
        raise _bad("it does not begin with https:// or http://")
    scheme, authority = parts[1].lower(), parts[2]
    if "@" in authority:
        raise _bad("it holds a user name before its host, which is never sent")
    if len(authority) > MOST_HOST_CHARACTERS + len(":65535"):
        raise _bad("its host is too long")
    name, port = _split(authority)
    host, number = _read_host(name)
    target = quote(parts[3], safe=_KEPT)
    if not target.startswith("/"):
        target = "/" + target
    return WebAddress(
        scheme=scheme,
        host=host,
        port=_read_port(port, DEFAULT_PORTS[scheme]),
        target=target,
        number=number,
    )


def plain_hosts(names: Iterable[str]) -> Iterator[str]:
    """Return host names as an address would hold them; what is none is passed over."""
    for name in names:
        with suppress(LastingFetchError):
            yield _read_host(name)[0]


def follow_location(base: WebAddress, location: str) -> WebAddress:
    """Read where a redirect leads; location has one character for each byte.

    Raises LastingFetchError: BAD_ADDRESS, FORBIDDEN_REDIRECT for another scheme or https to http.
    """
    with suppress(UnicodeError):  # where it is not UTF-8, its bytes stand for themselves
        location = location.encode("latin-1").decode("utf-8")
    if any(unicodedata.category(char) in _UNSENT for char in location):  # urljoin would drop some
        raise _bad("it holds a line break or another control character")
    try:
        joined = urljoin(base.text, location)
    except ValueError as error:
        raise _bad("it cannot be joined to the address that led to it") from error
    scheme = joined.partition(":")[0].lower()
    if scheme not in DEFAULT_PORTS:
        raise LastingFetchError(
            FetchProblem.FORBIDDEN_REDIRECT,
            f"{base.authority} leads on to something that is no web page",
        )
    if base.scheme == "https" and scheme == "http":
        raise LastingFetchError(
            FetchProblem.FORBIDDEN_REDIRECT,
            f"{base.authority} leads on from https to http, which is not followed",
        )
    return read_address(joined)


def _split(authority: str) -> tuple[str, str]:
    if not authority.startswith("["):
        name, _, port = authority.partition(":")
        return name, port
    name, bracket, rest = authority.partition("]")
    if not bracket or (rest and not rest.startswith(":")):
        raise _bad("its host is no host name")
    return name + bracket, rest[1:]


def _read_port(text: str, default: int) -> int:
    if not text:
        return default
    if not (text.isascii() and text.isdigit()) or not 0 < int(text[:6]) <= HIGHEST_PORT:
        raise _bad("its port is no number from 1 to 65535")
    return int(text)


def _read_host(text: str) -> tuple[str, bool]:
    """Return the host and whether it is a number."""
    if text.startswith("["):
        try:
            if "%" not in text:
                return str(IPv6Address(text[1:-1])), True
        except AddressValueError:
            pass
        raise _bad("its bracketed host is no IPv6 address")
    name = _ascii(text).removesuffix(".")
    if not _LABELS.fullmatch(name) or len(name) > MOST_HOST_CHARACTERS:
        raise _bad("its host is no host name")
    if not _NUMBER.fullmatch(name.rpartition(".")[2]):
        return name, False
    try:
        return str(IPv4Address(socket.inet_aton(name))), True
    except OSError as error:
        raise _bad("its host ends in a number and is no IP address") from error


def _ascii(text: str) -> str:
    try:
        if text.isascii():
            return text.lower()
        return idna.encode(text, uts46=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError) as error:
        raise _bad("its host is no host name") from error


def _bad(reason: str) -> LastingFetchError:
    return LastingFetchError(FetchProblem.BAD_ADDRESS, f"the address cannot be asked: {reason}")
