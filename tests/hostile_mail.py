"""A mail that tries everything, and the stranger it would speak to."""

import socket
import threading
from pathlib import Path


class Stranger:
    """A server on another loopback port: a tracker, a phisher, a neighbour's page."""

    def __init__(self) -> None:
        self.connections = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._accept, name="stranger", daemon=True)
        self._thread.start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            connection.close()

    def close(self) -> None:
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self._thread.join()


def hostile_html(to: str, own: str) -> str:
    """Return HTML that runs, loads, opens and submits, if it can; own is the page's own server."""
    html = Path(__file__).with_suffix(".html").read_text("utf-8")
    return html.replace("@TO@", to).replace("@OWN@", own)
