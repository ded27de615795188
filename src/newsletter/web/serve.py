"""Serve a site on loopback until the command is stopped."""

import logging
import socket
from collections.abc import Callable

import uvicorn
from starlette.types import ASGIApp

from newsletter.errors import UserError

HOST = "127.0.0.1"
GRACE_S = 1  # an open stream of changes is no reason to stay


def listen(port: int) -> socket.socket:
    """Take a port on loopback; 0 takes a free one.

    Raises:
        UserError: it is taken, or may not be used.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except (OSError, OverflowError) as error:
        listener.close()
        reason = error.strerror if isinstance(error, OSError) else "no such port"
        msg = f"port {port} on {HOST} cannot be used: {reason}"
        raise UserError(
            msg, hint="choose another with --port, or leave it out for a free one"
        ) from error
    listener.listen(100)
    return listener


def serve(app: ASGIApp, listener: socket.socket, *, started: Callable[[], None]) -> None:
    """Serve until SIGTERM or Ctrl-C; `started` is called once it answers."""
    logging.getLogger("uvicorn").setLevel(logging.ERROR)

    class _Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            started()

    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,  # addresses hold the one-time key
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=GRACE_S,
        h11_max_incomplete_event_size=65_536,
    )
    try:
        _Server(config).run(sockets=[listener])
    except KeyboardInterrupt:
        return  # uvicorn has shut down and hands Ctrl-C on; a page server that is stopped is done
    finally:
        listener.close()
