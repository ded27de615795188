"""What a mail server, or the host of the readers' links, showed when it was asked."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ProbeEnd(StrEnum):
    """READY: up to the login all went well. LOST: it may go better later. REFUSED: it will not."""

    READY = "ready"
    LOST = "lost"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A certificate that was verified: the names it is good for, and until when."""

    names: tuple[str, ...]
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerProbe:
    """One server; what follows end is known only where that is READY, message only elsewhere.

    peer: its address as a number. tls_version, certificate: "" and None without TLS. offered: the
    extensions that matter to us. most_bytes: the longest message it takes, None if not told.
    """

    name: str
    host: str
    port: int
    end: ProbeEnd
    message: str = ""
    hint: str = ""
    peer: str = ""
    tls_version: str = ""
    certificate: Certificate | None = None
    has_login: bool = False
    offered: tuple[str, ...] = ()
    most_bytes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HostProbe:
    """A web server's handshake; certificate is known only where end is READY, else message."""

    host: str
    port: int
    end: ProbeEnd
    message: str = ""
    certificate: Certificate | None = None
