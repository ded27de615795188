"""An SMTP server for one page: it takes mail, and hangs up on Bo after the final dot.

Writes its port into the file named by the argument, and ends by itself after a while.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from smtp_server import Rule, ScriptedServer

from newsletter.clock import SystemClock

LIVES_S = 60.0

if __name__ == "__main__":
    port = Path(sys.argv[1])
    with ScriptedServer(port.with_suffix(".record"), [Rule("DOT", "lose", match="bo@")]) as server:
        fresh = port.with_suffix(".new")
        fresh.write_text(str(server.port))
        fresh.replace(port)
        SystemClock().sleep(LIVES_S)
