"""One request over one connection to a checked address.

urllib3 writes the request and reads status line, headers and framing; the socket below it is ours,
so that each read looks at the fetch's total time and the headers are counted as they come.
"""

import io
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING

from urllib3.connection import HTTPConnection
from urllib3.exceptions import HTTPError
from urllib3.response import HTTPResponse

from newsletter.fetch.answer import FetchError, LastingFetchError
from newsletter.fetch.politeness import Patience
from newsletter.fetch.web_address import WebAddress
from newsletter.model.source import FetchProblem

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

Connect = Callable[[str, int, float], socket.socket]
BUFFER_BYTES = 8_192
TRIED_ADDRESSES = 4  # of those a name has; all of them were checked


def system_connect(address: str, port: int, timeout: float) -> socket.socket:
    """Open a TCP connection to a plain IP address within so many seconds; or raise OSError."""
    return socket.create_connection((address, port), timeout)


def system_trust() -> ssl.SSLContext:
    """Verify chain and name by this system's authorities.

    ssl.create_default_context would read SSL_CERT_FILE, SSL_CERT_DIR and SSLKEYLOGFILE (T13).
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    places = ssl.get_default_verify_paths()
    file = places.openssl_cafile if Path(places.openssl_cafile).is_file() else None
    folder = places.openssl_capath if Path(places.openssl_capath).is_dir() else None
    if file or folder:
        context.load_verify_locations(cafile=file, capath=folder)
    else:
        context.load_default_certs()
    return context


@contextmanager
def exchange(
    address: WebAddress,
    checked: Sequence[str],
    headers: Mapping[str, str],
    *,
    connect: Connect,
    trust: ssl.SSLContext,
    patience: Patience,
    method: str = "GET",
    body: bytes | None = None,
) -> Iterator[HTTPResponse]:
    """Send one request and give the response with its headers read and its body not.

    The connection ends with the block; errors of reading the body inside it become FetchError too.

    Raises FetchError: NO_CONNECTION, BAD_CERTIFICATE, TOO_SLOW, TOO_LARGE (headers), BROKEN_ANSWER.
    """
    opened = _open(address, checked, connect=connect, patience=patience)
    try:
        if address.scheme == "https":
            opened = _secured(opened, address, trust, patience)
        wire = _PatientSocket(opened, patience)
        connection = HTTPConnection(address.host, address.port)
        # connected already: it opens nothing of its own, and so knows no proxy and no second lookup
        connection.sock = wire
        with _told(address, patience):
            connection.request(
                method,
                address.target,
                body=body,
                headers={"Host": address.authority, **headers},
                preload_content=False,
                decode_content=False,
            )
            response = connection.getresponse()
            wire.end_of_head()
            size = sum(len(name) + len(value) + 4 for name, value in response.headers.items())
            if size > patience.limits.header_bytes:
                raise _long_head(patience)
            yield response
    finally:
        opened.close()


def _open(
    address: WebAddress, checked: Sequence[str], *, connect: Connect, patience: Patience
) -> socket.socket:
    wait_s = patience.limits.connect_s
    last: OSError | None = None
    for each in checked[:TRIED_ADDRESSES]:
        patience.next_wait(0.0, wait_s)
        try:
            return connect(each, address.port, min(wait_s, patience.left_s))
        except OSError as error:
            last = error
    if isinstance(last, TimeoutError):
        raise patience.too_slow(wait_s)
    raise FetchError(FetchProblem.NO_CONNECTION, f"{address.authority} does not answer")


def _secured(
    opened: socket.socket, address: WebAddress, trust: ssl.SSLContext, patience: Patience
) -> ssl.SSLSocket:
    patience.next_wait(0.0, patience.limits.connect_s)
    opened.settimeout(min(patience.limits.connect_s, patience.left_s))
    try:
        return trust.wrap_socket(opened, server_hostname=address.host)
    except ssl.SSLCertVerificationError as error:
        raise FetchError(
            FetchProblem.BAD_CERTIFICATE,
            f"{address.authority} has an invalid certificate: {error.verify_message}",
        ) from error
    except TimeoutError as error:
        raise patience.too_slow(patience.limits.connect_s) from error
    except OSError as error:
        raise FetchError(
            FetchProblem.NO_CONNECTION, f"{address.authority} makes no secure connection"
        ) from error


@contextmanager
def _told(address: WebAddress, patience: Patience) -> Iterator[None]:
    """Turn what sockets and urllib3 raise into FetchError."""
    try:
        yield
    except TimeoutError as error:
        raise patience.too_slow(patience.limits.read_s) from error
    except (HTTPException, HTTPError, OSError, ValueError) as error:
        raise FetchError(
            FetchProblem.BROKEN_ANSWER,
            f"{address.authority} gave an answer that breaks off or is no HTTP",
        ) from error


def _long_head(patience: Patience) -> FetchError:
    return LastingFetchError(
        FetchProblem.TOO_LARGE,
        f"{patience.who} sent more than {patience.limits.header_bytes:,} bytes of headers",
    )


class _PatientSocket:
    """What http.client needs of a socket; each read is bounded by the fetch's time."""

    def __init__(self, sock: socket.socket, patience: Patience) -> None:
        self._sock = sock
        self._stream = _PatientStream(sock, patience)
        self._patience = patience

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self._stream, BUFFER_BYTES)

    def sendall(self, data: bytes) -> None:
        wait_s = self._patience.limits.read_s
        self._patience.next_wait(0.0, wait_s)
        self._sock.settimeout(min(wait_s, self._patience.left_s))
        self._sock.sendall(data)

    def settimeout(self, _seconds: float | None) -> None:
        """Do nothing: each read and write sets its own."""

    def close(self) -> None:
        """Do nothing: exchange() closes the socket, http.client drops it before the body."""

    def end_of_head(self) -> None:
        self._stream.counts_head = False


class _PatientStream(io.RawIOBase):
    """The socket's bytes, waited for in slices."""

    def __init__(self, sock: socket.socket, patience: Patience) -> None:
        self._sock = sock
        self._patience = patience
        self._head_bytes = 0
        self.counts_head = True

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        count = self._received(buffer)
        if self.counts_head:
            if not count:  # http.client would take headers that break off for whole ones
                msg = "the headers break off"
                raise ConnectionAbortedError(msg)
            self._head_bytes += count
            if self._head_bytes > self._patience.limits.header_bytes + BUFFER_BYTES:
                raise _long_head(self._patience)
        return count

    def _received(self, buffer: "WriteableBuffer") -> int:
        silent_s = 0.0
        while True:
            wait_s = self._patience.next_wait(silent_s, self._patience.limits.read_s)
            self._sock.settimeout(wait_s)
            try:
                return self._sock.recv_into(buffer)
            except TimeoutError:
                silent_s += wait_s
