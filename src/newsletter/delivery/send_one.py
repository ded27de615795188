"""Handing over one message outside any mailing: proof mail, by the same dialogue, unledgered."""

import ssl
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Self

from newsletter.clock import Clock
from newsletter.config.settings import SmtpSettings
from newsletter.delivery.outcome import Ending, Phase, ending_of
from newsletter.delivery.pipeline import Parcel, Pipeline, content_of
from newsletter.delivery.smtp import Session, Timeouts, open_session, reply_text, shown
from newsletter.errors import DeliveryError, PermanentError, TransientError, UncertainError
from newsletter.model.address import Address
from newsletter.model.diagnosis import Certificate, ProbeEnd, ServerProbe
from newsletter.model.mailing import Outcome, Reply


class _One:
    """A feed of one parcel that no ledger knows, and its mark too."""

    def __init__(self, parcel: Parcel) -> None:
        self._parcel: Parcel | None = parcel
        self.ending: Ending | None = None

    def next(self, *, wait: bool) -> Parcel | None:
        del wait
        parcel, self._parcel = self._parcel, None
        return parcel

    def ask_mark(self, parcel: Parcel) -> Self:
        del parcel
        return self

    def wait(self) -> bool:
        return True

    def ended(self, parcel: Parcel, ending: Ending) -> None:
        del parcel
        self.ending = ending

    def refuse(self, parcel: Parcel, reply: Reply) -> None:
        self.ended(parcel, ending_of(reply, Phase.RECIPIENT))

    def give_back(self, parcel: Parcel) -> None:
        """Nothing keeps it."""


def send_one(
    server: SmtpSettings,
    envelope_from: Address,
    to: Address,
    message: bytes,
    *,
    clock: Clock,
    timeouts: Timeouts | None = None,
) -> Reply:
    """Hand one message to a server and return its 250; its own return path goes before ours.

    message is wire bytes: CRLF line ends, one at the end, no dots stuffed.
    """
    feed = _One(Parcel(key=0, to=to, content=content_of(message)))
    session = open_session(
        server, clock=clock, timeouts=timeouts or Timeouts(), context=ssl.create_default_context()
    )
    lost: TransientError | None = None
    try:
        Pipeline(session, server.return_path or envelope_from, feed).run()
        session.quit()
    except TransientError as error:
        lost = error
    finally:
        session.close()
    return _answer(server, to, feed.ending, lost)


def _answer(
    server: SmtpSettings, to: Address, ending: Ending | None, lost: TransientError | None
) -> Reply:
    told = reply_text(ending.reply) if ending and ending.reply else ""
    match ending.outcome if ending else None:
        case Outcome.SENT if ending and ending.reply:
            return ending.reply
        case Outcome.REFUSED:
            raise PermanentError(f"{shown(server)} refused the message to {to}: {told}")
        case Outcome.UNKNOWN:
            raise UncertainError(
                f"{shown(server)} did not say whether it took the message to {to}",
                hint="look into that inbox before you send it again",
            )
        case _:
            raise lost or TransientError(f"{shown(server)} is busy: {told}")


_EXTENSIONS = ("PIPELINING", "SIZE", "8BITMIME", "SMTPUTF8")
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
            server, clock=clock, timeouts=timeouts, context=context or ssl.create_default_context()
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
    return ServerProbe(
        name=server.name,
        host=server.host,
        port=server.port,
        end=ProbeEnd.READY,
        peer=session.peer,
        tls_version=session.tls_version,
        certificate=_certificate(session.certificate),
        has_login=bool(server.username),
        offered=tuple(n for n in _EXTENSIONS if n.lower() in session.features),
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
