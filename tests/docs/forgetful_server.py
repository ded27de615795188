"""An SMTP server for one page: it takes mail, and hangs up on Bo after the final dot.

Writes its port into the file named by the argument, and ends by itself when nobody comes.
"""

import socketserver
import sys
from pathlib import Path

IDLE_S = 20.0


class Talk(socketserver.StreamRequestHandler):
    """One session."""

    timeout = IDLE_S

    def handle(self) -> None:
        """Answer as a server does."""
        self.wfile.write(b"220 mail.example ESMTP\r\n")
        to = b""
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"RCPT":
                to = line
            if verb == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                while self.rfile.readline() not in {b".\r\n", b""}:
                    pass
                if b"bo@" in to:
                    return
            self.wfile.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 ok\r\n")


class Server(socketserver.ThreadingTCPServer):
    """Serves until nobody comes for a while."""

    daemon_threads = True
    timeout = IDLE_S

    def handle_timeout(self) -> None:
        """Nobody came."""
        sys.exit(0)


def main() -> None:
    """Serve."""
    with Server(("127.0.0.1", 0), Talk) as server:
        port = Path(sys.argv[1])
        fresh = port.with_suffix(".new")
        fresh.write_text(str(server.server_address[1]))
        fresh.replace(port)
        while True:
            server.handle_request()


if __name__ == "__main__":
    main()
