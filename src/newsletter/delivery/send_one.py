"""Handing over one message outside any mailing: proof mail, by the same dialogue, unledgered."""

import ssl
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from newsletter.clock import Clock
from newsletter.config.settings import SmtpSettings
from newsletter.delivery.outcome import Ending, Phase, ending_of
from newsletter.delivery.pipeline import Parcel, Pipeline, content_of
from newsletter.delivery.smtp import Session, Timeouts, open_session, reply_text, shown
from newsletter.errors import DeliveryError, PermanentError, TransientError, UncertainError
from newsletter.model.address import Address
from newsletter.model.diagnosis import Certificate, ProbeEnd, ServerProbe
from newsletter.model.mailing import Outcome, Reply


class _Granted:
    """The mark of a message that no ledger knows."""

    def wait(self) -> bool:
        return True


class _One:
    """A feed of one parcel."""

    def __init__(self, parcel: Parcel) -> None:
        self._parcel: Parcel | None = parcel
        self.ending: Ending | None = None

    def next(self, *, wait: bool) -> Parcel | None:
        del wait
        parcel, self._parcel = self._parcel, None
        return parcel

    def ask_mark(self, parcel: Parcel) -> _Granted:
        del parcel
        return _Granted()

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
    """Hand one message to a server.

    Args:
        server: where to; its own return path goes before envelope_from.
        envelope_from: the return path.
        to: the one recipient.
        message: wire bytes: CRLF line ends, one at the end, no dots stuffed.
        clock: for the deadlines.
        timeouts: how long each wait may take.

    Returns:
        The server's 250.

    Raises:
        TransientError, PermanentError: it was not taken.
        UncertainError: the final dot left and no answer came; it may have been taken.
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
    """Turn an ending into a reply, or into the error it is to somebody who waits for it."""
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
