"""Reading a server's replies, bounded in length, lines and time."""

import base64
import ipaddress
import re
import smtplib
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from newsletter.clock import Clock
from newsletter.config.settings import Security, SmtpSettings
from newsletter.errors import PermanentError, TransientError
from newsletter.model.mailing import Reply

LONGEST_LINE = 4096  # bytes with the line end; RFC 5321 section 4.5.3.1.5 asks for 512
MOST_LINES = 100
LONGEST_TEXT = 2000  # characters of a reply's text that are kept

_LINE = re.compile(rb"([2-5][0-9]{2})(?:([ -])(.*))?", re.DOTALL)
_ENHANCED = re.compile(r"([245]\.[0-9]{1,3}\.[0-9]{1,3})(?:\s+|$)")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class ReplyFault(Exception):  # noqa: N818 (it is the server's, not ours)
    """No reply could be read; str() says why as part of a sentence."""


class ReplyReader:
    """Reads replies from one socket; what came too early stays in its buffer."""

    def __init__(self, sock: socket.socket, clock: Clock) -> None:
        self._sock = sock
        self._clock = clock
        self._buffer = bytearray()

    @property
    def has_bytes(self) -> bool:
        """Whether the server has said more than was read."""
        return bool(self._buffer)

    def read(self, timeout_s: float) -> Reply:
        """Read one whole reply within that time, however slowly its bytes drip."""
        return reply_of(*self.read_lines(timeout_s))

    def read_lines(self, timeout_s: float) -> tuple[int, list[bytes]]:
        """Read one whole reply as its code and the text bytes of each line."""
        deadline = self._clock.monotonic() + timeout_s
        texts: list[bytes] = []
        first_code = 0
        while True:
            line = self._line(deadline)
            match = _LINE.fullmatch(line)
            if match is None:
                msg = "it sent something that is no reply"
                raise ReplyFault(msg)
            code = int(match[1])
            first_code = first_code or code
            if code != first_code:
                msg = "it changed the code within a reply"
                raise ReplyFault(msg)
            texts.append(match[3] or b"")
            if match[2] != b"-":
                return code, texts
            if len(texts) >= MOST_LINES:
                msg = f"its reply ran past {MOST_LINES} lines"
                raise ReplyFault(msg)

    def silent(self) -> bool:
        """Return, without waiting, whether the server has said nothing beyond what was read."""
        if not self._buffer:
            self._sock.settimeout(0)
            try:
                self._receive()
            except (BlockingIOError, ssl.SSLWantReadError):
                return True
            except OSError as error:
                raise ReplyFault(_why(error)) from error
        return not self._buffer

    def _line(self, deadline: float) -> bytes:
        searched = 0
        while (end := self._buffer.find(b"\n", searched, LONGEST_LINE)) < 0:
            if len(self._buffer) >= LONGEST_LINE:
                msg = f"its reply has a line of more than {LONGEST_LINE} bytes"
                raise ReplyFault(msg)
            searched = len(self._buffer)
            left = deadline - self._clock.monotonic()
            if left <= 0:
                raise ReplyFault(_TOO_SLOW)
            self._sock.settimeout(left)
            try:
                self._receive()
            except OSError as error:
                raise ReplyFault(_why(error)) from error
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        return line.removesuffix(b"\r")

    def _receive(self) -> None:
        data = self._sock.recv(LONGEST_LINE)
        if not data:
            msg = "it closed the connection"
            raise ReplyFault(msg)
        self._buffer += data


_TOO_SLOW = "it did not answer in time"


def _why(error: OSError) -> str:
    return _TOO_SLOW if isinstance(error, TimeoutError) else "the connection broke"


def reply_of(code: int, lines: list[bytes]) -> Reply:
    """Make the value of a reply: one line of text, without control characters, bounded."""
    texts = []
    enhanced = ""
    for number, line in enumerate(lines):
        text = line[:LONGEST_LINE].decode("utf-8", "replace")
        match = _ENHANCED.match(text)
        if match and match[1][0] == str(code // 100):
            if number == 0:
                enhanced = match[1]
            text = text[match.end() :]
        texts.append(_UNSEEN.sub(" ", text).strip())
    return Reply(code, " ".join(filter(None, texts))[:LONGEST_TEXT], enhanced)


def reply_text(reply: Reply) -> str:
    """Write a reply as a person reads it: "421 4.3.2 try later"."""
    return " ".join(filter(None, (str(reply.code), reply.enhanced, reply.text[:200])))


_READY = 220
_AUTH_METHODS = ("PLAIN", "LOGIN")  # one try, with the first one offered


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """Seconds for each wait; the longer ones are those of RFC 5321 section 4.5.3.2."""

    connect: float = 30.0
    reply: float = 300.0
    data: float = 120.0
    write: float = 180.0
    dot: float = 600.0
    quit: float = 2.0


class SessionLost(TransientError):  # noqa: N818 (as in errors.py)
    """The session ended and another may go better; reply is the one that ended it, if any."""

    def __init__(self, message: str, *, reply: Reply | None = None) -> None:
        super().__init__(message)
        self.reply = reply


class SessionRefused(PermanentError):  # noqa: N818 (as in errors.py)
    """This server will not take our mail as things stand: login, certificate, sender, size."""

    def __init__(self, message: str, *, reply: Reply | None = None, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.reply = reply


class _Client(smtplib.SMTP):
    """smtplib's EHLO and AUTH over a connection that we made, with our reader."""

    def __init__(self, sock: socket.socket, host: str, clock: Clock, timeouts: Timeouts) -> None:
        # a name of our own: smtplib would ask the resolver, which may hang
        super().__init__(local_hostname=_greeting_name(sock))
        self.sock: socket.socket = sock
        self.reader = ReplyReader(sock, clock)
        self.host = host
        self.timeouts = timeouts

    def getreply(self) -> tuple[int, bytes]:
        code, lines = self.reader.read_lines(self.timeouts.reply)
        return code, b"\n".join(lines)


class Session:
    """An open session, past EHLO, TLS and AUTH."""

    def __init__(self, server: SmtpSettings, client: _Client) -> None:
        self.server = server
        self.timeouts = client.timeouts
        self.features = features = client.esmtp_features
        self.has_pipelining = "pipelining" in features
        self.has_smtputf8 = "smtputf8" in features
        self.has_8bitmime = "8bitmime" in features
        self.has_size = "size" in features
        size = features.get("size", "")
        self.most_bytes = int(size) if size.isascii() and size.isdecimal() and size != "0" else None
        self._sock: socket.socket = client.sock
        self._reader = client.reader

    @property
    def peer(self) -> str:
        """The address of the server, as a number."""
        return str(self._sock.getpeername()[0]).partition("%")[0]

    @property
    def tls_version(self) -> str:
        """TLSv1.3, say; "" without TLS."""
        return (self._sock.version() or "") if isinstance(self._sock, ssl.SSLSocket) else ""

    @property
    def certificate(self) -> Mapping[str, object]:
        """The server's certificate, which was verified, as SSLSocket.getpeercert() gives it."""
        certificate = self._sock.getpeercert() if isinstance(self._sock, ssl.SSLSocket) else None
        return certificate or {}

    def write(self, data: bytes) -> None:
        """Write all of it, or raise SessionLost (then some of it may have gone)."""
        try:
            self._sock.settimeout(self.timeouts.write)
            self._sock.sendall(data)
        except OSError as error:
            raise SessionLost(f"{shown(self.server)} dropped the connection") from error

    def read_reply(self, timeout_s: float) -> Reply:
        """Read the next reply in order."""
        with _faults(self.server):
            return self._reader.read(timeout_s)

    def check_silent(self) -> None:
        """Make sure that the server says nothing unasked: a 421, a reply out of step."""
        with _faults(self.server):
            if self._reader.silent():
                return
        reply = self.read_reply(self.timeouts.quit)
        raise SessionLost(f"{shown(self.server)} is busy: {reply_text(reply)}", reply=reply)

    def quit(self) -> None:
        """Say QUIT and close; a server that does not answer is left alone."""
        try:
            self.write(b"QUIT\r\n")
            self.read_reply(self.timeouts.quit)
        except SessionLost:
            pass  # every delivery has its outcome by now
        finally:
            self.close()

    def abort(self) -> None:
        """Wake the thread that waits in this session; callable from any other."""
        with suppress(OSError):  # closed already
            # the plain method: an SSL socket's own would drop its state under the reading thread
            socket.socket.shutdown(self._sock, socket.SHUT_RDWR)

    def close(self) -> None:
        """Close without a word."""
        self._sock.close()


def shown(server: SmtpSettings) -> str:
    """Name a server as people see it."""
    return f"{server.host}:{server.port}"


def open_session(
    server: SmtpSettings, *, clock: Clock, timeouts: Timeouts, context: ssl.SSLContext
) -> Session:
    """Connect, greet, secure and log in."""
    sock = _connect(server, timeouts)
    try:
        with _faults(server):
            if server.security is Security.TLS:
                sock = _secured(sock, server, context)
            elif server.security is Security.NONE:
                _require_loopback(sock, server)
            client = _Client(sock, server.host, clock, timeouts)
            _expect_ready(server, client.getreply(), "its greeting")
            _greet(server, client)
            if server.security is Security.STARTTLS:
                sock = _start_tls(server, client, context, clock)
            if server.username:
                _log_in(server, client)
        return Session(server, client)
    except BaseException:
        sock.close()
        raise


def _connect(server: SmtpSettings, timeouts: Timeouts) -> socket.socket:
    try:
        sock = socket.create_connection((server.host, server.port), timeout=timeouts.connect)
    except socket.gaierror as error:
        raise SessionLost(f"{shown(server)}: the name cannot be resolved") from error
    except TimeoutError as error:
        raise SessionLost(f"{shown(server)} does not answer") from error
    except OSError as error:
        why = error.strerror or "unreachable"
        raise SessionLost(f"{shown(server)} cannot be reached: {why.lower()}") from error
    # replies are awaited after every write, so waiting to fill a packet would only add delay
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.settimeout(timeouts.reply)
    return sock


def _require_loopback(sock: socket.socket, server: SmtpSettings) -> None:
    peer = sock.getpeername()[0].partition("%")[0]
    if not ipaddress.ip_address(peer).is_loopback:
        raise SessionRefused(
            f"{shown(server)} is not on this machine and security is none",
            hint='write security = "starttls" or "tls"',
        )


def _secured(sock: socket.socket, server: SmtpSettings, context: ssl.SSLContext) -> ssl.SSLSocket:
    try:
        return context.wrap_socket(sock, server_hostname=server.host)
    except ssl.SSLCertVerificationError as error:
        raise SessionRefused(
            f"{shown(server)} shows a certificate that is not valid: {error.verify_message}",
            hint="nothing was sent; the server's administrator must renew or correct it",
        ) from error
    except ssl.SSLError as error:
        why = (error.reason or "handshake failed").lower().replace("_", " ")
        raise SessionLost(f"{shown(server)}: no secure connection: {why}") from error


def _start_tls(
    server: SmtpSettings, client: _Client, context: ssl.SSLContext, clock: Clock
) -> socket.socket:
    if not client.has_extn("starttls"):
        raise SessionRefused(
            f"{shown(server)} does not offer STARTTLS",
            hint='nothing was sent; a server for TLS from the start wants security = "tls"',
        )
    code, text = client.docmd("STARTTLS")
    if code != _READY:
        _expect_ready(server, (code, text), "STARTTLS")
    if client.reader.has_bytes:
        # bytes after the 220 were sent in the clear, and would be read as if they were secured
        raise SessionRefused(f"{shown(server)} sent more than a reply to STARTTLS")
    sock = _secured(client.sock, server, context)
    client.sock = sock
    client.reader = ReplyReader(sock, clock)
    # what was announced before TLS may be anybody's word (RFC 3207 section 4.2)
    client.ehlo_resp = client.helo_resp = None
    client.esmtp_features = {}
    client.does_esmtp = False
    _greet(server, client)
    return sock


def _greet(server: SmtpSettings, client: _Client) -> None:
    code, text = client.ehlo()
    if not Reply(code, "").is_done:
        _expect_ready(server, (code, text), "EHLO")


def _expect_ready(server: SmtpSettings, answer: tuple[int, bytes], what: str) -> None:
    reply = reply_of(answer[0], answer[1].split(b"\n"))
    if reply.code == _READY:
        return
    if reply.is_no:
        raise SessionRefused(f"{shown(server)} refused {what}: {reply_text(reply)}", reply=reply)
    raise SessionLost(f"{shown(server)} is busy: {reply_text(reply)}", reply=reply)


def _log_in(server: SmtpSettings, client: _Client) -> None:
    offered = client.esmtp_features.get("auth", "").upper().split()
    method = next((name for name in _AUTH_METHODS if name in offered), None)
    if method is None or not client.does_esmtp:
        raise SessionRefused(f"{shown(server)} offers no login that we know (PLAIN, LOGIN)")
    if server.password is None:
        raise SessionRefused(
            f"{shown(server)} wants a password and none is set",
            hint=f"set {server.password_env}" if server.password_env else "set password_env",
        )
    client.user, client.password = server.username, server.password.value
    try:
        match method:
            case "PLAIN":
                client.auth(method, client.auth_plain)
            case _:
                client.auth(method, client.auth_login)
    except UnicodeEncodeError:
        # "from" would carry the password into a trace
        msg = f"{shown(server)}: user name or password hold characters beyond ASCII"
        raise SessionRefused(msg) from None
    except smtplib.SMTPAuthenticationError as error:
        text = error.smtp_error
        raw = text if isinstance(text, bytes) else text.encode("utf-8", "replace")
        reply = reply_of(error.smtp_code, raw.split(b"\n"))
        told = _without_secrets(reply_text(reply), server.password.value)
        reply = Reply(reply.code, _without_secrets(reply.text, server.password.value))
        if reply.is_later:
            raise SessionLost(f"{shown(server)} is busy: {told}", reply=reply) from None
        raise SessionRefused(
            f"{shown(server)} refused the login: {told}",
            reply=reply,
            hint=f"look at username and {server.password_env or 'password_env'}",
        ) from None


def _without_secrets(text: str, password: str) -> str:
    for spelling in (password, base64.b64encode(password.encode()).decode()):
        text = text.replace(spelling, "***") if spelling else text
    return text


@contextmanager
def _faults(server: SmtpSettings) -> Iterator[None]:
    try:
        yield
    except ReplyFault as error:
        raise SessionLost(f"{shown(server)}: {error}") from error
    except (smtplib.SMTPException, OSError) as error:
        raise SessionLost(f"{shown(server)} dropped the connection") from error


def _greeting_name(sock: socket.socket) -> str:
    name = socket.gethostname().lower()
    if "." in name and all(char.isascii() and (char.isalnum() or char in "-.") for char in name):
        return name
    address = sock.getsockname()[0].partition("%")[0]
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"
