"""Web addresses as a reader would be led by them: scheme, host, what is odd about them."""

from dataclasses import dataclass
from urllib.parse import urlsplit

import idna


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
        port, host = parts.port, parts.hostname or ""
    except ValueError:
        return None
    return WebAddress(
        scheme=parts.scheme.lower(),
        host=ascii_host(host),
        port=port,
        has_user="@" in parts.netloc,
    )


def ascii_host(host: str) -> str:
    """Give a host in A-label form, without a dot at its end; as it is where IDNA refuses it."""
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
