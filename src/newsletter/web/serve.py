"""Serve a site on loopback until the command is stopped."""

import gc
import logging
import signal
import socket
import threading
from collections.abc import Callable
from types import FrameType
from typing import Self

import uvicorn
from starlette.types import ASGIApp

from newsletter.errors import UserError

HOST = "127.0.0.1"
GRACE_S = 1  # an answer that takes longer is not waited for


PORT_HINT = "choose another with --port, or leave it out for a free one"


def listen(port: int, *, host: str = HOST, hint: str = PORT_HINT) -> socket.socket:
    """Take a port, on loopback by default; 0 takes a free one. UserError where that fails."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(100)
    except OSError as error:
        listener.close()
        msg = f"port {port} on {host} cannot be used: {(error.strerror or str(error)).lower()}"
        raise UserError(msg, hint=hint) from error
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
    """Serve until SIGTERM or Ctrl-C; started is called once it answers, stopping before it ends."""
    config = _config(app)
    gc.collect()
    gc.freeze()  # what is there now stays: looking through all of it again holds a page up
    try:
        _Server(config, started=started, stopping=stopping).run(sockets=[listener])
    finally:
        listener.close()


class Background:
    """Serves a site from a thread of its own while the `with` block lasts."""

    def __init__(self, app: ASGIApp, listener: socket.socket) -> None:
        self._listener = listener
        self._up = threading.Event()
        self._server = _Server(_config(app), started=self._up.set, stopping=lambda: None)
        self._thread = threading.Thread(target=self._serve, name="public pages")

    def __enter__(self) -> Self:
        self._thread.start()
        self._up.wait()
        return self

    def __exit__(self, *_error: object) -> None:
        """Stop; an answer that takes longer than GRACE_S is not waited for."""
        self._server.should_exit = True
        self._thread.join()
        self._listener.close()

    def _serve(self) -> None:
        try:
            self._server.run(sockets=[self._listener])
        finally:
            self._up.set()


def _config(app: ASGIApp) -> uvicorn.Config:
    logging.getLogger("uvicorn").setLevel(logging.CRITICAL)  # ours tell what a person can use
    return uvicorn.Config(
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
