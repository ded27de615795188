"""Values of newsletter.toml that say where: mail and web addresses, hosts, ports, the database.

They are readers as those of `fields` are: a typed value, or ValueError with a sentence part.
"""

import re
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

from newsletter.config.fields import shown, text
from newsletter.model.address import Address, Mailbox, parse_address, parse_mailbox
from newsletter.model.domains import HIGHEST_PORT

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_HOST = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*\.?|\[?[0-9A-Fa-f:]+\]?")


def address(value: object) -> Address:
    """Read one bare address."""
    read = text(value)
    try:
        return parse_address(read)
    except ValueError as error:
        msg = f"{shown(read)} is no address: {error}; write one name@example.org"
        raise ValueError(msg) from error


def mailbox(value: object) -> Mailbox:
    """Read one address with or without a name before it."""
    read = text(value)
    try:
        return parse_mailbox(read)
    except ValueError as error:
        msg = f"{shown(read)} is no sender: {error}; write Name <name@example.org>"
        raise ValueError(msg) from error


def public_url(value: object) -> str:
    """Read the address the readers' links begin with: https, or http on loopback; no slash last."""
    read = text(value)
    hint = "write https://news.example.org"
    try:
        parts = urlsplit(read)
        port = parts.port
    except ValueError as error:
        msg = f"{shown(read)} is no web address; {hint}"
        raise ValueError(msg) from error
    host = parts.hostname or ""
    plain = parts.scheme == "http" and host in LOOPBACK
    if not (parts.scheme == "https" or plain) or not _HOST.fullmatch(host) or port == 0:
        msg = f"{shown(read)} is not an https address (http is for this machine alone); {hint}"
        raise ValueError(msg)
    if (
        parts.username is not None
        or parts.query
        or parts.fragment
        or not re.fullmatch(r"[!-~]*", read)
    ):
        msg = f"{shown(read)} holds more than scheme, host and path; {hint}"
        raise ValueError(msg)
    return read.rstrip("/").rstrip("?#").rstrip("/")


def web_url(value: object) -> str:
    """Read an http or https address."""
    read = text(value)
    try:
        parts = urlsplit(read)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good or " " in read:
        msg = f"{shown(read)} is no web address; write https://…"
        raise ValueError(msg)
    if "@" in urlsplit(read).netloc:
        msg = "holds a user name or password, which are never sent; write the address without"
        raise ValueError(msg)
    return read


def host(value: object) -> str:
    """Read a host name or number."""
    read = text(value)
    if not _HOST.fullmatch(read):
        msg = f'{shown(read)} is no host; write "smtp.example.org"'
        raise ValueError(msg)
    return read.lower()


def host_and_port(value: object) -> str:
    """Read "127.0.0.1:8025" or "[::1]:8025"."""
    read = text(value)
    before, _, port = read.rpartition(":")
    if not _HOST.fullmatch(before) or not port.isdecimal() or not 0 < int(port[:6]) <= HIGHEST_PORT:
        msg = f'{shown(read)} is no host with a port; write "127.0.0.1:8025"'
        raise ValueError(msg)
    return read


def listen(value: object) -> str:
    """Read an address of this machine with a port; port 0 takes a free one."""
    read = text(value)
    if read.endswith(":0"):
        host_and_port(f"{read.removesuffix('0')}1")
        return read
    return host_and_port(read)


def local_address(value: object) -> str:
    """Read "127.0.0.1:8099": an IP address, or localhost, with its port (T14).

    What another name leads to is for its owner to say, so none is taken.
    """
    read = host_and_port(value)
    host = read.rpartition(":")[0].lower()
    try:
        if host != "localhost":
            ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError as error:
        msg = f'{shown(read)} names a host; write its IP address and port, "127.0.0.1:8099"'
        raise ValueError(msg) from error
    return read


def network(value: object) -> str:
    """Read an IP address or a network of them, such as 10.0.0.0/8."""
    read = text(value)
    try:
        return str(ip_network(read, strict=False))
    except ValueError as error:
        msg = f'{shown(read)} is no IP address or network; write "127.0.0.1" or "10.0.0.0/8"'
        raise ValueError(msg) from error


def database_url(value: object) -> str:
    """Read where the database is; it may hold a password, so no error text shows it."""
    read = text(value)
    if re.fullmatch(r"sqlite:///[^?#]+", read) or re.match(r"postgresql\+psycopg://[^/]", read):
        return read
    msg = 'is no database; write "sqlite:///var/newsletter.db" or "postgresql+psycopg://…"'
    raise ValueError(msg)
