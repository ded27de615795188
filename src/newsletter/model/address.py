"""Mail addresses and domain names, checked at every edge; envelopes are made from nothing else."""

import unicodedata
from dataclasses import dataclass
from functools import cache

import idna
from email_validator import EmailNotValidError, validate_email
from publicsuffixlist import PublicSuffixList


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One addr-spec: local part as given (NFC), domain lower-case in A-label form (RFC 5891)."""

    local: str
    domain: str

    @property
    def spec(self) -> str:
        """local@domain, as it stands in an envelope."""
        return f"{self.local}@{self.domain}"

    @property
    def key(self) -> str:
        """What two spellings of one mailbox share: the whole address in lower case."""
        return self.spec.casefold()

    @property
    def is_ascii(self) -> bool:
        """Whether a server without SMTPUTF8 (RFC 6531) can take it."""
        return self.local.isascii()

    def __str__(self) -> str:
        return self.spec


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """An address with the display name that stands before it (plain text, "" for none)."""

    name: str
    address: Address


def parse_address(text: str) -> Address:
    """Read exactly one address, without display name, route, group or comment.

    Raises ValueError: with one plain sentence part saying why it is none; no DNS is asked.
    """
    if any(unicodedata.category(char) in {"Cc", "Cf", "Zl", "Zp"} for char in text):
        msg = "it holds control or invisible characters"
        raise ValueError(msg)
    try:
        valid = validate_email(
            text.strip(" "),
            check_deliverability=False,
            allow_quoted_local=False,
            allow_domain_literal=False,
            allow_smtputf8=True,
            strict=True,
        )
    except EmailNotValidError as error:
        raise ValueError(str(error).rstrip(".")) from error
    return Address(local=valid.local_part, domain=valid.ascii_domain.lower())


def parse_mailbox(text: str) -> Mailbox:
    """Read ``Name <address>`` or a bare address; the name is everything before the last ``<``.

    Raises ValueError: as parse_address; also where the name holds a control character.
    """
    stripped = text.strip(" ")
    if not stripped.endswith(">"):
        return Mailbox(name="", address=parse_address(stripped))
    name, _, spec = stripped[:-1].rpartition("<")
    name = name.strip(" ")
    if len(name) > 1 and name[0] == name[-1] == '"':
        name = name[1:-1]
    if any(unicodedata.category(char) in {"Cc", "Zl", "Zp"} for char in name) or "<" in name:
        msg = "the name before the address holds a control character or a bracket"
        raise ValueError(msg)
    return Mailbox(name=name, address=parse_address(spec))


LONGEST_NAME = 253  # bytes of a host name in text (RFC 1035 section 2.3.4)
HIGHEST_PORT = 65_535
_RESERVED_ENDINGS = frozenset({"example", "internal", "invalid", "local", "localhost", "test"})
_RESERVED_NAMES = ("example.com", "example.net", "example.org")


def is_reserved(host: str) -> bool:
    """Return whether a name is nobody's in the world: one for examples, tests or a local network.

    RFC 2606, RFC 6761, RFC 6762 and the IANA's reservation of .internal; a name without a dot too.
    """
    name = host.strip().rstrip(".").lower()
    ending = name.rpartition(".")[2]
    is_example = any(name == each or name.endswith(f".{each}") for each in _RESERVED_NAMES)
    return is_example or ending in _RESERVED_ENDINGS or "." not in name


def ascii_host(host: str) -> str:
    """Return a host name in lower case and A-labels, without its last dot; "" where it is none."""
    name = host.strip().rstrip(".").lower()
    if not name or len(name) > LONGEST_NAME:
        return ""
    if name.isascii():
        return name
    try:
        return idna.encode(name, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return ""


def organisational_domain(host: str) -> str | None:
    """Return the domain that an organisation registered: news.example.co.uk → example.co.uk.

    Both parts of the list count, so that alice.github.io and bob.github.io are two owners. None for
    a public suffix itself, a number (IPv4, IPv6) and what is no host name.
    """
    name = ascii_host(host)
    if not name or ":" in name or name.rpartition(".")[2].isdecimal():
        return None
    return _public_suffixes().privatesuffix(name)


def has_known_ending(host: str) -> bool:
    """Whether a host's last label is a top-level domain, or a name kept for tests (RFC 6761)."""
    last = ascii_host(host).rpartition(".")[2]
    return (
        last in _RESERVED_ENDINGS
        or _public_suffixes().publicsuffix(last, accept_unknown=False) is not None
    )


@cache
def _public_suffixes() -> PublicSuffixList:
    """Read the list once: some 30 ms."""
    return PublicSuffixList()
