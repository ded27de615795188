"""Asks a mail server how it stands to us: connection, TLS, login; no address is named to it."""

import ssl
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from newsletter.clock import Clock
from newsletter.config.settings import SmtpSettings
from newsletter.delivery.smtp import Session, Timeouts, open_session
from newsletter.errors import DeliveryError, PermanentError
from newsletter.model.diagnosis import Certificate, ProbeEnd, ServerProbe

_PATIENT = Timeouts(connect=10.0, reply=20.0, write=10.0)  # a person waits for this


def probe_server(
    server: SmtpSettings,
    *,
    clock: Clock,
    timeouts: Timeouts = _PATIENT,
    context: ssl.SSLContext | None = None,
) -> ServerProbe:
    """Open a session as a send does, look at it, and say QUIT; never raises for the server."""
    try:
        session = open_session(
            server,
            clock=clock,
            timeouts=timeouts,
            context=context or ssl.create_default_context(),
        )
    except DeliveryError as error:
        end = ProbeEnd.REFUSED if isinstance(error, PermanentError) else ProbeEnd.LOST
        return ServerProbe(
            name=server.name,
            host=server.host,
            port=server.port,
            end=end,
            message=error.message,
            hint=error.hint,
        )
    try:
        return _seen(server, session)
    finally:
        session.quit()


def _seen(server: SmtpSettings, session: Session) -> ServerProbe:
    offered = (
        ("PIPELINING", session.has_pipelining),
        ("SIZE", session.has_size),
        ("8BITMIME", session.has_8bitmime),
        ("SMTPUTF8", session.has_smtputf8),
    )
    return ServerProbe(
        name=server.name,
        host=server.host,
        port=server.port,
        end=ProbeEnd.READY,
        peer=session.peer,
        tls_version=session.tls_version,
        certificate=_certificate(session.certificate),
        has_login=bool(server.username),
        offered=tuple(name for name, has in offered if has),
        most_bytes=session.most_bytes,
    )


def _certificate(told: Mapping[str, object]) -> Certificate | None:
    until = told.get("notAfter")
    if not isinstance(until, str):
        return None
    names = told.get("subjectAltName")
    pairs = names if isinstance(names, Iterable) else ()
    return Certificate(
        names=tuple(str(value) for _, value in pairs),
        until=datetime.fromtimestamp(ssl.cert_time_to_seconds(until), UTC),
    )
