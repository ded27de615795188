"""Handing over one message outside any mailing: proof mail, by the same dialogue, unledgered."""

import ssl

from newsletter.clock import Clock
from newsletter.config.settings import SmtpSettings
from newsletter.delivery.outcome import Ending, Phase, ending_of
from newsletter.delivery.pipeline import Pipeline
from newsletter.delivery.reply import reply_text
from newsletter.delivery.smtp import Timeouts, open_session, shown
from newsletter.delivery.wire import Parcel, content_of
from newsletter.errors import PermanentError, TransientError, UncertainError
from newsletter.model.address import Address
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
        server,
        clock=clock,
        timeouts=timeouts or Timeouts(),
        context=ssl.create_default_context(),
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
