"""Which addresses may be asked, and whether a certificate bears the name asked for."""

import logging
import socket
import ssl
import threading
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from newsletter.fetch.answer import FetchError, LastingFetchError
from newsletter.fetch.connection import system_trust
from newsletter.fetch.politeness import Patience
from newsletter.fetch.web_address import DEFAULT_PORTS, WebAddress
from newsletter.model.diagnosis import Certificate, HostProbe, ProbeEnd
from newsletter.model.source import FetchProblem

IPAddress = IPv4Address | IPv6Address

NOT_PUBLIC_4: tuple[tuple[IPv4Network, str], ...] = tuple(
    (IPv4Network(network), words)
    for network, words in (
        ("0.0.0.0/8", "an address of this network"),
        ("10.0.0.0/8", "a private address"),
        ("100.64.0.0/10", "an address inside a provider's network"),
        ("127.0.0.0/8", "an address of this machine"),
        ("168.63.129.16/32", "a cloud's own service"),
        ("169.254.0.0/16", "a link-local address"),
        ("172.16.0.0/12", "a private address"),
        ("192.0.0.0/24", "an address set apart for protocols"),
        ("192.0.2.0/24", "an address for documentation"),
        ("192.88.99.0/24", "an address of 6to4 relays"),
        ("192.168.0.0/16", "a private address"),
        ("198.18.0.0/15", "an address for benchmarks"),
        ("198.51.100.0/24", "an address for documentation"),
        ("203.0.113.0/24", "an address for documentation"),
        ("224.0.0.0/4", "a multicast address"),
        ("240.0.0.0/4", "a reserved address"),
    )
)
PUBLIC_6 = IPv6Network("2000::/3")
NOT_PUBLIC_6: tuple[tuple[IPv6Network, str], ...] = tuple(
    (IPv6Network(network), words)
    for network, words in (
        ("2001::/23", "an address set apart for protocols"),  # Teredo, ORCHID, benchmarks
        ("2001:db8::/32", "an address for documentation"),
        ("3ffe::/16", "a reserved address"),  # the 6bone, given back (RFC 3701)
        ("3fff::/20", "an address for documentation"),
    )
)
OWN_4 = tuple(
    map(
        IPv4Network,
        ("10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"),
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


def refusal(address: IPAddress) -> str:
    """Return what an address is, where it is not on the public internet; "" where it is."""
    if isinstance(address, IPv4Address):
        return next((words for network, words in NOT_PUBLIC_4 if address in network), "")
    inner = embedded(address)
    if inner is not None:
        return refusal(inner)
    if address not in PUBLIC_6:
        return "not a public IPv6 address"
    return next((words for network, words in NOT_PUBLIC_6 if address in network), "")


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


log = logging.getLogger(__name__)

Resolve = Callable[[str, int], list[str]]
Local = frozenset[tuple[IPAddress, int]]
NOTHING_LOCAL: Local = frozenset()
PUBLIC_PORTS = frozenset(DEFAULT_PORTS.values())


def system_resolve(host: str, port: int) -> list[str]:
    """Ask this machine's resolver; the order is the one it advises (RFC 6724).

    Raises:
        OSError: socket.gaierror, where there is no answer.
    """
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

    Raises:
        LastingFetchError: FORBIDDEN_ADDRESS, for the port or when any answer is not public.
        FetchError: NO_SUCH_HOST, TOO_SLOW.
    """
    if address.port not in PUBLIC_PORTS and address.port not in {port for _, port in local}:
        raise LastingFetchError(
            FetchProblem.FORBIDDEN_ADDRESS,
            f"{address.authority} is not asked: port {address.port} is not the web's; "
            "only allow_local of its source can allow it, as address and port",
        )
    answers = resolved_addresses(address, resolve=resolve, patience=patience)
    for answer in answers:
        found = read_ip(answer)
        if found is not None and (found, address.port) in local:
            continue
        what = "no plain address" if found is None else refusal(found)
        if not what and address.port not in PUBLIC_PORTS:
            what = f"not allowed at port {address.port}"
        if what:
            raise LastingFetchError(
                FetchProblem.FORBIDDEN_ADDRESS, _forbidden(address, answer, what, found)
            )
    return answers


def locals_among(addresses: Collection[str], port: int, local: Local) -> Local:
    """Return the entries of allow_local that cover these addresses; a redirect keeps no others."""
    pairs = {(ip_address(each), port) for each in addresses}
    return frozenset(pairs & local)


def resolved_addresses(
    address: WebAddress, *, resolve: Resolve, patience: Patience
) -> tuple[str, ...]:
    """Resolve without judging: for an address that the folder's own settings name.

    Raises:
        FetchError: NO_SUCH_HOST, TOO_SLOW.
    """
    return (address.host,) if address.number else tuple(_resolved(address, resolve, patience))


def _forbidden(address: WebAddress, answer: str, what: str, found: IPAddress | None) -> str:
    leads = "" if address.number else f"leads to {answer[:60]}, which "
    sentence = f"{address.authority} is not asked: it {leads}is {what}"
    if found is None or not is_own(found):
        return sentence
    entry = (
        f"[{found}]:{address.port}" if isinstance(found, IPv6Address) else f"{found}:{address.port}"
    )
    return f'{sentence}; where that is meant, write allow_local = ["{entry}"] at its source'


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


PATIENCE_S = 10.0
Open = Callable[[str, int, float], socket.socket]


def look_at_certificate(
    host: str,
    port: int,
    *,
    connect: Open | None = None,
    trust: ssl.SSLContext | None = None,
    timeout_s: float = PATIENCE_S,
) -> HostProbe:
    """Connect, verify chain and name as a browser does, and hang up; never raises for the server.

    Args:
        host: a name, which this machine's resolver looks up.
        port: usually 443.
        connect: opens the connection.
        trust: whose word counts; the system's authorities by default.
        timeout_s: seconds for connecting, and again for the handshake.
    """
    try:
        sock = (connect or _connect)(host, port, timeout_s)
    except OSError as error:
        why = "does not answer" if isinstance(error, TimeoutError) else "takes no connection"
        return HostProbe(host=host, port=port, end=ProbeEnd.LOST, message=why)
    with sock:
        sock.settimeout(timeout_s)
        try:
            with (trust or system_trust()).wrap_socket(sock, server_hostname=host) as secured:
                told = secured.getpeercert() or {}
        except ssl.SSLCertVerificationError as error:
            why = f"shows a certificate that is not valid: {error.verify_message}"
            return HostProbe(host=host, port=port, end=ProbeEnd.REFUSED, message=why)
        except OSError:
            why = "makes no secure connection"
            return HostProbe(host=host, port=port, end=ProbeEnd.LOST, message=why)
    until = ssl.cert_time_to_seconds(str(told["notAfter"]))
    names = tuple(str(pair[1]) for pair in told.get("subjectAltName", ()))
    certificate = Certificate(names=names, until=datetime.fromtimestamp(until, UTC))
    return HostProbe(host=host, port=port, end=ProbeEnd.READY, certificate=certificate)


def _connect(host: str, port: int, timeout_s: float) -> socket.socket:
    return socket.create_connection((host, port), timeout_s)
