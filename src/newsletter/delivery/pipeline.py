"""What may go over the wire: message bytes and envelope commands; nothing else is written.

The checks stand here again, although messages are made well and addresses are typed, since a single
bare line feed would let one message end inside another (SMTP smuggling).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from newsletter.delivery.outcome import CLOSING, Ending, Phase, ending_of
from newsletter.delivery.smtp import Session, SessionLost, SessionRefused, reply_text, shown
from newsletter.errors import NewsletterError
from newsletter.model.address import Address, parse_address
from newsletter.model.mailing import Reply

LONGEST_LINE = 998  # bytes without CRLF (RFC 5321 section 4.5.3.1.6)
END_OF_DATA = b".\r\n"

# Plain addresses, nearly all there are; anything else goes through the careful parser.
_PLAIN = re.compile(
    r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@"
    r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+"
)
_LONGEST_LOCAL = 64
_LONGEST_ADDRESS = 254
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\xa0<>\u2028\u2029]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One message ready for one reader."""

    key: int
    to: Address
    content: bytes


def content_of(message: bytes) -> bytes:
    """Check a message's bytes and stuff its dots (RFC 5321 section 4.5.2)."""
    pairs = message.count(b"\r\n")
    if message.count(b"\r") != pairs or message.count(b"\n") != pairs:
        msg = "the message holds a bare CR or LF"
        raise ValueError(msg)
    if b"\0" in message:
        msg = "the message holds a NUL"
        raise ValueError(msg)
    if not message.endswith(b"\r\n"):
        msg = "the message does not end in CRLF"
        raise ValueError(msg)
    if max(map(len, message.split(b"\r\n"))) > LONGEST_LINE:
        msg = f"the message has a line of more than {LONGEST_LINE} bytes"
        raise ValueError(msg)
    if message.startswith(b"."):
        message = b"." + message
    return message.replace(b"\r\n.", b"\r\n..") if b"\r\n." in message else message


def envelope_address(text: str) -> Address:
    """Return the address of a stored spelling."""
    if len(text) <= _LONGEST_ADDRESS and _PLAIN.fullmatch(text):
        local, _, domain = text.partition("@")
        if len(local) <= _LONGEST_LOCAL:
            return Address(local=local, domain=domain)
    return parse_address(text)


def mail_command(sender: Address, *, parameters: tuple[str, ...] = ()) -> bytes:
    """Write MAIL FROM with its ESMTP parameters."""
    return _command("MAIL FROM", sender, parameters)


def rcpt_command(to: Address) -> bytes:
    """Write RCPT TO."""
    return _command("RCPT TO", to, ())


def _command(verb: str, address: Address, parameters: tuple[str, ...]) -> bytes:
    if _FORBIDDEN.search(address.local) or _FORBIDDEN.search(address.domain):
        msg = "the address holds a character that ends or splits a command"
        raise ValueError(msg)
    tail = "".join(f" {parameter}" for parameter in parameters)
    return f"{verb}:<{address.spec}>{tail}\r\n".encode()


CrashPoint = Callable[[str], None]

GO_AHEAD = 354
RESET = b"RSET\r\n"
_STEPS = (("mail", Phase.SENDER), ("rcpt", Phase.RECIPIENT), ("data", Phase.RECIPIENT))


def no_crash(point: str) -> None:
    """Do nothing at a named point; tests put a kill -9 here."""


class MarkRefused(NewsletterError):  # noqa: N818 (named for what happened)
    """The ledger does not let this message go; its content is on the wire, so the session ends."""


class Mark(Protocol):
    """A mark on its way into the ledger."""

    def wait(self) -> bool:
        """Wait until it is durable (True) or refused (False); raises if the ledger failed."""
        ...


class Feed(Protocol):
    """Where parcels come from, and where their endings go. Calls come from one thread."""

    def next(self, *, wait: bool) -> Parcel | None:
        """Give the next parcel; None: no more by this session, or, without wait, none just now."""
        ...

    def ask_mark(self, parcel: Parcel) -> Mark:
        """Ask for the mark that must be durable before the final dot."""
        ...

    def ended(self, parcel: Parcel, ending: Ending) -> None:
        """Take the ending of an attempt. Does not wait for the ledger."""
        ...

    def refuse(self, parcel: Parcel, reply: Reply) -> None:
        """Take the refusal of a parcel that this server was not even asked about."""
        ...

    def give_back(self, parcel: Parcel) -> None:
        """Take back a parcel that was never tried, or was tried for nothing and by no fault."""
        ...


@dataclass(slots=True)
class _InHand:
    parcel: Parcel
    phase: Phase = Phase.SENDER
    envelope_sent: bool = False


class Pipeline:
    """Sends parcels by one session until the feed has no more for it."""

    def __init__(
        self, session: Session, sender: Address, feed: Feed, *, crash_point: CrashPoint = no_crash
    ) -> None:
        self._session = session
        self._sender = sender
        self._feed = feed
        self._crash = crash_point
        self._timeouts = session.timeouts
        self._current: _InHand | None = None
        self._ahead: _InHand | None = None  # its envelope may be out behind the current's dot
        self._unfinished = False  # the server may still hold an envelope: RSET before the next

    def run(self) -> None:
        """Send until the feed gives None."""
        try:
            while True:
                self._current, self._ahead = self._ahead, None
                if self._current is None:
                    self._current = self._next(wait=True)
                if self._current is None:
                    return
                self._send(self._current)
        except SessionLost as lost:
            self._end_in_hand(lost.reply)
            raise
        except BaseException:
            self._give_back_in_hand()
            raise

    def _send(self, hand: _InHand) -> None:
        session, parcel = self._session, hand.parcel
        if not self._take_envelope(hand):
            return
        mark = self._feed.ask_mark(parcel)
        session.write(parcel.content)
        self._crash("body")
        ahead = self._next(wait=False) if session.has_pipelining else None
        self._ahead = ahead
        if not mark.wait():
            msg = "the ledger held a message back"
            raise MarkRefused(msg)
        self._crash("committing")
        session.check_silent()  # gone already? then this one is certain not to be taken
        envelope = self._envelope(ahead.parcel) if ahead else b""
        hand.phase = Phase.CONTENT
        session.write(END_OF_DATA + envelope)
        if ahead:
            ahead.envelope_sent = True
        self._crash("dot")
        reply = session.read_reply(self._timeouts.dot)
        self._crash("reply")
        self._end(hand, reply)
        if reply.code == CLOSING:
            raise SessionLost(f"{shown(session.server)} is busy: {reply_text(reply)}", reply=reply)
        if not (reply.is_done or reply.is_later or reply.is_no):
            raise SessionLost(f"{shown(session.server)} answered the final dot with {reply.code}")

    def _take_envelope(self, hand: _InHand) -> bool:
        """Bring the server to 354; False: it refused, and the parcel has its ending."""
        session = self._session
        commands = self._commands(hand.parcel)
        if not hand.envelope_sent:
            self._clear_the_way(b"".join(commands) if session.has_pipelining else b"")
            hand.envelope_sent = True
        refusal: Reply | None = None
        for command, (point, phase) in zip(commands, _STEPS, strict=True):
            if not session.has_pipelining:
                session.write(command)
            if refusal is None:
                hand.phase = phase
            is_data = point == "data"
            reply = self._reply(self._timeouts.data if is_data else self._timeouts.reply)
            self._crash(point)
            if is_data and reply.code == GO_AHEAD:
                if refusal is None:
                    return True
                self._send_nothing()  # a server may say 354 with nobody to send to
            elif refusal is None and (is_data or not reply.is_done):
                refusal = reply
                if not session.has_pipelining:
                    break
        self._unfinished = True
        self._refuse(hand, refusal)
        return False

    def _clear_the_way(self, envelope: bytes) -> None:
        self._session.check_silent()
        if self._unfinished:
            self._unfinished = False
            self._session.write(RESET + envelope)
            self._reply(self._timeouts.reply)
        elif envelope:
            self._session.write(envelope)

    def _refuse(self, hand: _InHand, refusal: Reply | None) -> None:
        if refusal is None or not (refusal.is_later or refusal.is_no):
            raise SessionLost(f"{shown(self._session.server)} fell out of step")
        if hand.phase is Phase.SENDER and refusal.is_no:
            raise SessionRefused(
                f"{shown(self._session.server)} refused the sender {self._sender}: "
                f"{reply_text(refusal)}",
                reply=refusal,
            )
        self._end(hand, refusal)

    def _reply(self, timeout_s: float) -> Reply:
        reply = self._session.read_reply(timeout_s)
        if reply.code == CLOSING:
            raise SessionLost(
                f"{shown(self._session.server)} is busy: {reply_text(reply)}", reply=reply
            )
        return reply

    def _send_nothing(self) -> None:
        self._session.write(END_OF_DATA)
        self._reply(self._timeouts.dot)

    def _next(self, *, wait: bool) -> _InHand | None:
        """Return the next parcel this server can take at all; others get their ending here."""
        while (parcel := self._feed.next(wait=wait)) is not None:
            need = self._unmet_need(parcel)
            if need is None:
                self._check_size(parcel)
                return _InHand(parcel)
            # the reply a server without SMTPUTF8 would owe us (RFC 6531 section 3.5)
            reply = Reply(553, f"needs {need}, which the server does not offer", "5.6.7")
            self._feed.refuse(parcel, reply)
        return None

    def _unmet_need(self, parcel: Parcel) -> str | None:
        if not (parcel.to.is_ascii and self._sender.is_ascii) and not self._session.has_smtputf8:
            return "SMTPUTF8"
        if not parcel.content.isascii() and not self._session.has_8bitmime:
            return "8BITMIME"
        return None

    def _check_size(self, parcel: Parcel) -> None:
        most = self._session.most_bytes
        if most is not None and len(parcel.content) > most:
            self._feed.give_back(parcel)
            raise SessionRefused(
                f"{shown(self._session.server)} takes messages of at most {most:,} bytes, "
                f"this one has {len(parcel.content):,}",
                hint="shorten the issue; nothing was sent",
            )

    def _commands(self, parcel: Parcel) -> tuple[bytes, bytes, bytes]:
        parameters = []
        if self._session.has_size:
            parameters.append(f"SIZE={len(parcel.content)}")
        if not parcel.content.isascii():
            parameters.append("BODY=8BITMIME")
        if not (parcel.to.is_ascii and self._sender.is_ascii):
            parameters.append("SMTPUTF8")
        mail = mail_command(self._sender, parameters=tuple(parameters))
        return mail, rcpt_command(parcel.to), b"DATA\r\n"

    def _envelope(self, parcel: Parcel) -> bytes:
        return b"".join(self._commands(parcel))

    def _end(self, hand: _InHand, reply: Reply | None) -> None:
        if self._current is hand:
            self._current = None
        self._feed.ended(hand.parcel, ending_of(reply, hand.phase))

    def _end_in_hand(self, reply: Reply | None) -> None:
        if self._current is not None:
            hand = self._current
            if not hand.envelope_sent:
                self._current = None
                self._feed.give_back(hand.parcel)
            else:
                # only a 421 is of the envelope; anything else unasked says nothing of the reader
                closing = reply if reply is not None and reply.code == CLOSING else None
                self._end(hand, None if hand.phase is Phase.CONTENT else closing)
        if self._ahead is not None:
            # the loss was not this one's doing: it is not counted as a cut of it
            ahead, self._ahead = self._ahead, None
            self._feed.give_back(ahead.parcel)

    def _give_back_in_hand(self) -> None:
        for hand in (self._current, self._ahead):
            if hand is None:
                continue
            if hand.phase is Phase.CONTENT:  # whatever broke, the dot may have left
                self._feed.ended(hand.parcel, ending_of(None, Phase.CONTENT))
            else:
                self._feed.give_back(hand.parcel)
        self._current = self._ahead = None
