"""What `doctor` found: one diagnosis for each thing it looked at; and a DNS record to publish."""

from dataclasses import dataclass
from enum import StrEnum


class Area(StrEnum):
    """What was looked at, in the order in which it is told."""

    CONFIGURATION = "configuration"
    DATABASE = "database"
    CLOCK = "clock"
    SMTP = "smtp"
    DNS = "dns"
    WEB = "web"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """One thing that was looked at.

    check: what was looked for, as a slug that stays. subject: whose: a domain, a server, a setting.
    evidence: what was seen. remedy: what to do. records: what to publish in the DNS.
    """

    area: Area
    check: str
    subject: str
    state: State
    message: str
    evidence: str = ""
    remedy: str = ""
    records: tuple[DnsRecord, ...] = ()
