"""A made-up internet: names are a table, every connection ends at one server on loopback."""

import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from web_peer import WebPeer

from newsletter.clock import SystemClock
from newsletter.fetch import Fetcher
from newsletter.fetch.connection import system_connect
from newsletter.fetch.politeness import Limits

PUBLIC = "93.184.216.34"
QUICK = Limits(connect_s=1.0, read_s=0.4, total_s=1.2, header_bytes=65_536)


@dataclass
class Net:
    """A made-up internet. names maps a host to its answers, or to one list for each look-up."""

    running: WebPeer
    names: Mapping[str, Sequence[str] | Sequence[Sequence[str]]] = field(default_factory=dict)
    looked_up: list[str] = field(default_factory=list)
    connected: list[tuple[str, int]] = field(default_factory=list)

    def resolve(self, host: str, port: int) -> list[str]:
        assert 0 < port < 65_536
        answers = self.names.get(host)
        if answers is None:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        before = self.looked_up.count(host)
        self.looked_up.append(host)
        if answers and not isinstance(answers[0], str):
            return list(answers[min(before, len(answers) - 1)])
        return [str(each) for each in answers]

    def connect(self, address: str, port: int, timeout: float) -> socket.socket:
        self.connected.append((address, port))
        return system_connect(self.running.host, self.running.port, timeout)

    def fetcher(self) -> Fetcher:
        return Fetcher(
            clock=SystemClock(),
            user_agent="newsletter/test",
            resolve=self.resolve,
            connect=self.connect,
            pace_s=0.0,
            limits=QUICK,
        )
