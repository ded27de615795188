"""The SMTP server of the built-in inbox: it takes every message and keeps it as a file.

It listens on loopback alone, relays nothing and answers 250 only when the file is durable.
"""

import asyncio
import logging
import socket
import threading
from pathlib import Path
from typing import Self

from aiosmtpd.smtp import SMTP, Envelope, Session

from newsletter.clock import Clock
from newsletter.errors import StoreBusy, UserError
from newsletter.inbox import folder as mail_folder

LARGEST = 33_554_432  # bytes of a message, announced by SIZE (RFC 1870)
HOST = "127.0.0.1"

_log = logging.getLogger(__name__)


class _Keep:
    """The handler: what aiosmtpd calls for each message."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock

    async def handle_EHLO(  # noqa: N802 (aiosmtpd finds hooks by name)
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        hostname: str,
        responses: list[str],
    ) -> list[str]:
        """Announce PIPELINING (RFC 2920): commands are read from one stream, in order."""
        del server, envelope
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", "250-ENHANCEDSTATUSCODES", responses[-1]]

    async def handle_DATA(  # noqa: N802 (aiosmtpd finds hooks by name)
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Keep the message, then say so."""
        del server, session
        content = envelope.content or b""
        try:
            mail_folder.keep(
                self._folder,
                content if isinstance(content, bytes) else content.encode(),
                sender=envelope.mail_from or "",
                recipients=tuple(envelope.rcpt_tos),
                at=self._clock.now(),
            )
        except StoreBusy:
            return "452 4.3.1 the inbox folder cannot be written"
        return "250 2.0.0 kept"

    async def handle_exception(self, error: Exception) -> str:
        """Let the sender try again after a bug of ours; aiosmtpd's own answer is final."""
        _log.error("a message could not be taken, this is a bug: %s", type(error).__name__)
        return "451 4.3.0 internal error, nothing was kept"


async def _listen(
    loop: asyncio.AbstractEventLoop, stopped: asyncio.Event, listener: socket.socket, keep: _Keep
) -> None:
    def session() -> SMTP:
        return SMTP(
            keep,
            hostname="newsletter-inbox",
            data_size_limit=LARGEST,
            enable_SMTPUTF8=True,
            ident="newsletter inbox",
            loop=loop,
        )

    server = await loop.create_server(session, sock=listener)
    await stopped.wait()
    server.close()
    await asyncio.sleep(0)  # lets a session that was just accepted begin, to be cancelled below
    sessions = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in sessions:
        task.cancel()
    await asyncio.gather(*sessions, return_exceptions=True)


class InboxServer:
    """The server in a thread of its own; `with` starts it and stops it.

    port 0 chooses a free one; after the start `port` is the real one.
    """

    def __init__(self, folder: Path, clock: Clock, *, port: int = 0) -> None:
        self.port = port
        self._handler = _Keep(folder, clock)
        self._running: tuple[asyncio.AbstractEventLoop, asyncio.Event, threading.Thread] | None = (
            None
        )

    def start(self) -> None:
        """Listen. Raises UserError: the port is taken."""
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, self.port))
        except OSError as error:
            listener.close()
            reason = (error.strerror or "").lower()
            msg = f"port {self.port} on {HOST} cannot be used: {reason}"
            raise UserError(
                msg, hint="choose another with --smtp-port, or 0 for a free one"
            ) from error
        listener.listen(100)  # before the thread runs: the first client need not wait for it
        self.port = listener.getsockname()[1]
        loop, stopped = asyncio.new_event_loop(), asyncio.Event()
        thread = threading.Thread(
            target=self._serve, args=(loop, stopped, listener), name="inbox", daemon=True
        )
        self._running = loop, stopped, thread
        thread.start()

    def stop(self) -> None:
        """Stop listening and end the sessions; what was answered 250 is on the disk."""
        if self._running is not None:
            loop, stopped, thread = self._running
            loop.call_soon_threadsafe(stopped.set)
            thread.join()
            self._running = None

    def _serve(
        self, loop: asyncio.AbstractEventLoop, stopped: asyncio.Event, listener: socket.socket
    ) -> None:
        asyncio.set_event_loop(loop)
        try:
            loop.run_until_complete(_listen(loop, stopped, listener, self._handler))
        finally:
            loop.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()
