"""What doctor and the health page tell: findings, and what a mail server showed of itself."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Area(StrEnum):
    """What was looked at, in the order in which it is told."""

    CONFIGURATION = "configuration"
    DATABASE = "database"
    CLOCK = "clock"
    SMTP = "smtp"
    DNS = "dns"


class State(StrEnum):
    """How a thing stands. UNASKED: nobody could be asked, which is neither well nor wrong."""

    WELL = "well"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"
    UNASKED = "could not ask"


@dataclass(frozen=True, slots=True, kw_only=True)
class DnsRecord:
    """A record to publish; name is absolute without its last dot, value as a zone file has it."""

    name: str
    type: str
    value: str


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing that was looked at: check is a slug, subject a domain, server or setting."""

    area: Area
    check: str
    subject: str
    state: State
    message: str
    evidence: str = ""
    remedy: str = ""
    records: tuple[DnsRecord, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PartHealth:
    """One part: whether it is well, and how it is doing in plain words without any secret."""

    name: str
    is_well: bool
    words: str


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
    """One server; what follows end is known only where that is READY, message only elsewhere."""

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
