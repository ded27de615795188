"""One mail address, checked at every edge; SMTP envelopes are made from nothing else."""

import unicodedata
from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email


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

    Raises:
        ValueError: with one plain sentence part saying why it is none; no DNS is asked.
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

    Raises:
        ValueError: as parse_address; also where the name holds a control character.
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
