"""Looks at the certificate of a web server, by a handshake alone: no request is made."""

import socket
import ssl
from collections.abc import Callable
from datetime import UTC, datetime

from newsletter.fetch.connection import system_trust
from newsletter.model.server_probe import Certificate, HostProbe, ProbeEnd

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
