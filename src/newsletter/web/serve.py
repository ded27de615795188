"""Serve a site on loopback until the command is stopped."""

import logging
import signal
import socket
from collections.abc import Callable
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from newsletter.errors import UserError

HOST = "127.0.0.1"
GRACE_S = 1  # an answer that takes longer is not waited for


def listen(port: int) -> socket.socket:
    """Take a port on loopback; 0 takes a free one.

    Raises:
        UserError: it is taken, or may not be used.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(100)
    except OSError as error:
        listener.close()
        msg = f"port {port} on {HOST} cannot be used: {(error.strerror or '').lower()}"
        raise UserError(
            msg, hint="choose another with --port, or leave it out for a free one"
        ) from error
    return listener


class _Server(uvicorn.Server):
    def __init__(
        self, config: uvicorn.Config, *, started: Callable[[], None], stopping: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._tell_started = started
        self._tell_stopping = stopping

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._tell_started()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._tell_stopping()
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop; uvicorn's own would raise the signal again, and the command end as killed by it."""
        del frame
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = True


def serve(
    app: ASGIApp,
    listener: socket.socket,
    *,
    started: Callable[[], None],
    stopping: Callable[[], None],
) -> None:
    """Serve until SIGTERM or Ctrl-C, which are its normal ends.

    started is called once it answers; stopping before it waits for open answers, so that streams
    can end.
    """
    logging.getLogger("uvicorn").setLevel(logging.CRITICAL)  # ours tell what a person can use
    config = uvicorn.Config(
        app,
        http="h11",
        ws="none",
        loop="asyncio",
        log_config=None,
        access_log=False,  # addresses hold the one-time key
        lifespan="off",
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE_S,
        h11_max_incomplete_event_size=65_536,
    )
    try:
        _Server(config, started=started, stopping=stopping).run(sockets=[listener])
    finally:
        listener.close()
