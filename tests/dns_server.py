"""A real DNS server on loopback, UDP and TCP, for zones that a test writes down.

A zone maps "NAME TYPE" to records as a zone file writes them, or to a misdeed. Names that have no
line at all are NXDOMAIN; CNAMEs are followed within the zone, as a recursive server does.
"""

import errno
import socket
import socketserver
import struct
import threading
from collections.abc import Mapping, Sequence
from enum import Enum, auto
from typing import Self, cast

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset

TTL = 300
MOST_ALIASES = 12
MOST_PORTS = 50


class Deed(Enum):
    """What the server does instead of answering."""

    SERVFAIL = auto()
    REFUSED = auto()  # a lame server
    SILENT = auto()
    GARBAGE = auto()  # bytes that are no DNS message
    WRONG_ID = auto()  # an answer to another question


Zone = Mapping[str, Sequence[str] | Deed]


class DnsServer:
    """Answers until it is closed; `asked` has every question, with the transport."""

    def __init__(self, zone: Zone, *, truncates: bool = False) -> None:
        self.zone = {_key(line): value for line, value in zone.items()}
        self.names = {key[0] for key in self.zone}
        self.truncates = truncates
        self.asked: list[tuple[str, str, str]] = []
        self._udp, self._tcp = _bound()
        self._udp.dns = self._tcp.dns = self
        self.port: int = self._udp.server_address[1]
        self._threads = [
            threading.Thread(target=each.serve_forever, args=(0.02,), name="dns")
            for each in (self._udp, self._tcp)
        ]

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        for server in (self._udp, self._tcp):
            server.shutdown()
            server.server_close()
        for thread in self._threads:
            thread.join()

    def answer(self, data: bytes, *, by: str) -> bytes | None:
        query = dns.message.from_wire(data)
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        kind = dns.rdatatype.to_text(question.rdtype)
        self.asked.append((name, kind, by))
        reply = dns.message.make_response(query, recursion_available=True)
        deed = self._fill(reply, name, kind)
        match deed:
            case Deed.SILENT:
                return None
            case Deed.GARBAGE:
                return b"\x00" * 5
            case Deed.WRONG_ID:
                reply.id ^= 1
            case Deed.SERVFAIL:
                reply.set_rcode(dns.rcode.SERVFAIL)
            case Deed.REFUSED:
                reply.set_rcode(dns.rcode.REFUSED)
            case None:
                pass
        limit = 65535 if by == "tcp" else max(512, query.payload)
        if by == "udp" and (self.truncates or len(reply.to_wire(max_size=65535)) > limit):
            short = dns.message.make_response(query, recursion_available=True)
            short.flags |= dns.flags.TC
            return short.to_wire()
        return reply.to_wire(max_size=65535)

    def _fill(self, reply: dns.message.Message, name: str, kind: str) -> Deed | None:
        for _ in range(MOST_ALIASES):
            found = self.zone.get((name, kind))
            if isinstance(found, Deed):
                return found
            alias = self.zone.get((name, "CNAME"))
            if found is not None:
                reply.answer.append(_rrset(name, kind, found))
                return None
            if alias is None or isinstance(alias, Deed):
                break
            reply.answer.append(_rrset(name, "CNAME", alias))
            name = alias[0].rstrip(".").lower()
        if name not in self.names:
            reply.set_rcode(dns.rcode.NXDOMAIN)
        return None


class _Udp(socketserver.ThreadingUDPServer):
    daemon_threads = True
    dns: DnsServer


class _Tcp(socketserver.ThreadingTCPServer):
    daemon_threads = True
    dns: DnsServer


class _UdpQuestion(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        data, sock = cast("tuple[bytes, socket.socket]", self.request)
        given = cast("_Udp", self.server).dns.answer(data, by="udp")
        if given is not None:
            sock.sendto(given, self.client_address)


class _TcpQuestion(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        sock = cast("socket.socket", self.request)
        head = sock.recv(2, socket.MSG_WAITALL)
        if len(head) < 2:
            return
        data = sock.recv(struct.unpack("!H", head)[0], socket.MSG_WAITALL)
        given = cast("_Tcp", self.server).dns.answer(data, by="tcp")
        if given is not None:
            sock.sendall(struct.pack("!H", len(given)) + given)


def txt(text: str) -> str:
    """Write a text as a TXT record of as many strings as it needs."""
    parts = [text[at : at + 255] for at in range(0, len(text), 255)] or [""]
    return " ".join('"' + part.replace("\\", "\\\\").replace('"', '\\"') + '"' for part in parts)


def _key(line: str) -> tuple[str, str]:
    name, _, kind = line.partition(" ")
    return name.lower(), kind


def _rrset(name: str, kind: str, records: Sequence[str]) -> dns.rrset.RRset:
    return dns.rrset.from_text_list(
        dns.name.from_text(name), TTL, "IN", dns.rdatatype.from_text(kind), list(records)
    )


def _bound() -> "tuple[_Udp, _Tcp]":
    """Bind one number that is free for both: another program may have it for TCP alone."""
    for _ in range(MOST_PORTS):
        udp = _Udp(("127.0.0.1", 0), _UdpQuestion)
        try:
            return udp, _Tcp(udp.server_address, _TcpQuestion)
        except OSError as error:
            udp.server_close()
            if error.errno != errno.EADDRINUSE:
                raise
    msg = f"no port of {MOST_PORTS} is free for UDP and TCP"
    raise OSError(errno.EADDRINUSE, msg)
