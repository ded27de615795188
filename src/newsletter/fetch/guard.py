"""From a web address to the IP addresses that may be connected to (T07-T10, T12, T14)."""

import logging
import socket
import threading
from collections.abc import Callable, Collection
from ipaddress import IPv6Address, ip_address

from newsletter.fetch.address_rules import IPAddress, is_own, read_ip, refusal
from newsletter.fetch.errors import FetchError, LastingFetchError
from newsletter.fetch.patience import Patience
from newsletter.fetch.web_address import DEFAULT_PORTS, WebAddress
from newsletter.model.fetched import FetchProblem

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
