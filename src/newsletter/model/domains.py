"""Whose domain a host name belongs to, by the Public Suffix List, which comes with a library.

DMARC compares organisational domains (RFC 7489 section 3.2); links are compared by them too. The
list is that of the installed release: nothing is fetched.
"""

from functools import cache

import idna
from publicsuffixlist import PublicSuffixList

LONGEST_NAME = 253  # bytes of a host name in text (RFC 1035 section 2.3.4)
HIGHEST_PORT = 65_535
_RESERVED_ENDINGS = frozenset({"example", "internal", "invalid", "local", "localhost", "test"})
_RESERVED_NAMES = ("example.com", "example.net", "example.org")


def is_reserved(host: str) -> bool:
    """Return whether a name is nobody's in the world: one for examples, tests or a local network.

    RFC 2606, RFC 6761, RFC 6762 and the IANA's reservation of .internal; a name without a dot too.
    """
    name = host.strip().rstrip(".").lower()
    ending = name.rpartition(".")[2]
    is_example = any(name == each or name.endswith(f".{each}") for each in _RESERVED_NAMES)
    return is_example or ending in _RESERVED_ENDINGS or "." not in name


def ascii_host(host: str) -> str:
    """Return a host name in lower case and A-labels, without its last dot; "" where it is none."""
    name = host.strip().rstrip(".").lower()
    if not name or len(name) > LONGEST_NAME:
        return ""
    if name.isascii():
        return name
    try:
        return idna.encode(name, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return ""


def organisational_domain(host: str) -> str | None:
    """Return the domain that an organisation registered: news.example.co.uk → example.co.uk.

    Both parts of the list count, so that alice.github.io and bob.github.io are two owners. None for
    a public suffix itself, a number (IPv4, IPv6) and what is no host name.
    """
    name = ascii_host(host)
    if not name or ":" in name or name.rpartition(".")[2].isdecimal():
        return None
    return _public_suffixes().privatesuffix(name)


def has_known_ending(host: str) -> bool:
    """Whether a host's last label is a top-level domain, or a name kept for tests (RFC 6761)."""
    last = ascii_host(host).rpartition(".")[2]
    return (
        last in _RESERVED_ENDINGS
        or _public_suffixes().publicsuffix(last, accept_unknown=False) is not None
    )


@cache
def _public_suffixes() -> PublicSuffixList:
    """Read the list once: some 30 ms."""
    return PublicSuffixList()
