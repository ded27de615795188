"""Which addresses may be asked."""

import logging
import socket
import threading
from collections.abc import Callable, Collection
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from newsletter.fetch.answer import FetchError, LastingFetchError
from newsletter.fetch.politeness import Patience
from newsletter.fetch.web_address import DEFAULT_PORTS, WebAddress
from newsletter.model.source import FetchProblem

log = logging.getLogger(__name__)

IPAddress = IPv4Address | IPv6Address
Resolve = Callable[[str, int], list[str]]
Local = frozenset[tuple[IPAddress, int]]
PUBLIC_PORTS = frozenset(DEFAULT_PORTS.values())

OWN_4 = tuple(
    map(
        IPv4Network,
        ("10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"),
    )
)
NOT_PUBLIC_4 = (
    *OWN_4,
    *map(
        IPv4Network,
        (
            "0.0.0.0/8",
            "168.63.129.16/32",  # a cloud's own service
            "169.254.0.0/16",  # link-local, and clouds' own services
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",  # relays of 6to4
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
        ),
    ),
)
PUBLIC_6 = IPv6Network("2000::/3")
NOT_PUBLIC_6 = tuple(
    map(
        IPv6Network,
        (
            "2001::/23",  # Teredo, ORCHID, benchmarks
            "2001:db8::/32",
            "3ffe::/16",  # the 6bone, given back (RFC 3701)
            "3fff::/20",
        ),
    )
)
OWN_6 = (IPv6Network("::1/128"), IPv6Network("fc00::/7"))
MAPPED = IPv6Network("::ffff:0:0/96")
NAT64 = IPv6Network("64:ff9b::/96")
SIX_TO_FOUR = IPv6Network("2002::/16")


def read_ip(text: str) -> IPAddress | None:
    """Read one answer of a resolver; None for anything but a plain address (zone ids too)."""
    if "%" in text:
        return None
    try:
        return ip_address(text)
    except ValueError:
        return None


def is_public(address: IPAddress) -> bool:
    """Return whether an address is on the public internet."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in NOT_PUBLIC_4)
    inner = embedded(address)
    if inner is not None:
        return is_public(inner)
    return address in PUBLIC_6 and not any(address in network for network in NOT_PUBLIC_6)


def is_own(address: IPAddress) -> bool:
    """Whether a server of one's own may stand there: on this machine or in a private network.

    Link-local addresses are none: a cloud's own services answer there, with its secrets.
    """
    if isinstance(address, IPv4Address):
        return any(address in network for network in OWN_4)
    return any(address in network for network in OWN_6)


def embedded(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that packets to an IPv6 address end at; None where there is none.

    Teredo (2001::/32) and the compatible form (::/96) carry one too, and are refused whole.
    """
    if address in MAPPED or address in NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    if address in SIX_TO_FOUR:
        return IPv4Address(int(address) >> 80 & 0xFFFF_FFFF)
    return None


def system_resolve(host: str, port: int) -> list[str]:
    """Ask this machine's resolver; the order is the one it advises (RFC 6724); or raise OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def read_local(entries: Collection[str]) -> Local:
    """Read `allow_local`: exact ADDRESS:PORT; localhost stands for 127.0.0.1 and ::1.

    An entry that names neither allows nothing: what a name leads to is its owner's to say.
    """
    allowed: set[tuple[IPAddress, int]] = set()
    for entry in entries:
        host, _, port = entry.rpartition(":")
        hosts = ("127.0.0.1", "::1") if host.lower() == "localhost" else (host.strip("[]"),)
        for each in hosts:
            address = read_ip(each)
            if address is not None and port.isascii() and port.isdigit():
                allowed.add((address, int(port)))
    return frozenset(allowed)


def checked_addresses(
    address: WebAddress, *, resolve: Resolve, local: Local, patience: Patience
) -> tuple[str, ...]:
    """Resolve once and judge every answer; what is given may be connected to and nothing else.

    Raises FetchError: FORBIDDEN_ADDRESS, for the port or when any answer is not public;
    NO_SUCH_HOST, TOO_SLOW.
    """
    answers = resolved_addresses(address, resolve=resolve, patience=patience)
    for answer in answers:
        found = read_ip(answer)
        if found is not None and (found, address.port) in local:
            continue
        if found is None or not is_public(found) or address.port not in PUBLIC_PORTS:
            raise _forbidden(address, answer, found)
    return answers


def locals_among(addresses: Collection[str], port: int, local: Local) -> Local:
    """Return the entries of allow_local that cover these addresses; a redirect keeps no others."""
    pairs = {(ip_address(each), port) for each in addresses}
    return frozenset(pairs & local)


def resolved_addresses(
    address: WebAddress, *, resolve: Resolve, patience: Patience
) -> tuple[str, ...]:
    """Resolve without judging: for an address that the folder's own settings name.

    Raises FetchError: NO_SUCH_HOST, TOO_SLOW.
    """
    return (address.host,) if address.number else tuple(_resolved(address, resolve, patience))


def _forbidden(address: WebAddress, answer: str, found: IPAddress | None) -> LastingFetchError:
    leads = "" if address.number else f" leads to {answer[:60]}, which"
    why, hint = "is not a public address", ""
    if found is not None and is_public(found):
        leads, why = "", "has a port that is neither 80 nor 443"
    elif found is not None and is_own(found):
        host = f"[{found}]" if isinstance(found, IPv6Address) else str(found)
        why = "is a local address"
        hint = f'add allow_local = ["{host}:{address.port}"] to [sources.NAME]'
    return LastingFetchError(
        FetchProblem.FORBIDDEN_ADDRESS, f"not allowed: {address.authority}{leads} {why}", hint=hint
    )


def _resolved(address: WebAddress, resolve: Resolve, patience: Patience) -> list[str]:
    """Resolve in a thread of its own: the system's resolver has no time limit that we could set.

    A thread that is given up ends when the resolver gives up.
    """
    answers: list[str] = []
    failures: list[Exception] = []
    done = threading.Event()

    def ask() -> None:
        try:
            answers.extend(resolve(address.host, address.port))
        except Exception as error:  # noqa: BLE001 (raised again below, in the thread that asked)
            failures.append(error)
        finally:
            done.set()

    threading.Thread(target=ask, name=f"resolve {address.host}", daemon=True).start()
    patience.wait_for(done.wait, limit_s=patience.limits.read_s)
    if failures and not isinstance(failures[0], OSError | UnicodeError):
        raise failures[0]
    if not answers:
        log.info("no address", extra={"host": address.host})
        raise FetchError(
            FetchProblem.NO_SUCH_HOST,
            f"{address.authority} has no address in the DNS, or the DNS does not answer; "
            "check the spelling",
        )
    return answers
