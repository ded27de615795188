"""What the DNS said to one question; "there is none" and "could not ask" are kept apart."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address

Ip = IPv4Address | IPv6Address


class Found(StrEnum):
    """How a question ended. NO_NAME: NXDOMAIN. NO_DATA: the name has no such record."""

    RECORDS = "records"
    NO_NAME = "no such name"
    NO_DATA = "no such record"
    FAILED = "could not ask"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer.

    records: TXT as one joined text, A and AAAA as the number, PTR and CNAME as a host name without
    its last dot, MX as "10 mail.example.org". why: for FAILED, a part of a sentence. alias: the
    name at the end of a chain of CNAMEs, "" where there was none.
    """

    name: str
    type: str
    found: Found
    records: tuple[str, ...] = ()
    why: str = ""
    alias: str = ""

    @property
    def is_none(self) -> bool:
        """Whether it is certain that there is no such record (a void lookup, RFC 7208 4.6.4)."""
        return self.found in {Found.NO_NAME, Found.NO_DATA}

    @property
    def has_failed(self) -> bool:
        """Whether nothing is known."""
        return self.found is Found.FAILED


Ask = Callable[[str, str], Answer]  # name, type


def address_type(ip: Ip) -> str:
    """Return the type of record that holds such a number."""
    return "A" if isinstance(ip, IPv4Address) else "AAAA"
