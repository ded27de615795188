"""H04 and H05: whether the addresses of a message belong together, and which servers take them.

What the DNS says of them is asked by `doctor`; here nothing is asked.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import getaddresses

from newsletter.checks.address import is_number, read_web_address
from newsletter.checks.request import Composition
from newsletter.model.domains import organisational_domain
from newsletter.model.finding import Finding, Severity

ALIGNMENT = "H04 alignment"
NON_ASCII_ADDRESS = "H05 non-ascii-address"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named:
    what: str
    host: str
    key: str


def alignment(made: Composition) -> Iterator[Finding]:
    """H04: signature, return path, Message-ID and unsubscribe link are of From's organisation."""
    if made.mail is None:
        return
    sender = _sender_domain(made)
    home = _owner(sender)
    others = [named for named in _named(made) if named.host and _owner(named.host) != home]
    if others:
        keys = ", ".join(dict.fromkeys(named.key for named in others if named.key))
        yield Finding(
            check=ALIGNMENT,
            severity=Severity.WARNING,
            message=f"not all that the message names belongs to {home}, the sender's domain",
            evidence="; ".join(dict.fromkeys(f"{one.what} {one.host}" for one in others)),
            file="newsletter.toml",
            remedy=f"use one domain for all of them: set {keys}" if keys else "please report it",
        )


def non_ascii_address(made: Composition) -> Iterator[Finding]:
    """H05: no address of ours needs a server with SMTPUTF8 (RFC 6531) for each reader."""
    newsletter = made.request.newsletter
    addresses = [("from", newsletter.sender.address), ("reply_to", newsletter.reply_to)]
    addresses += [(f"[smtp.{one.name}] return_path", one.return_path) for one in made.request.smtp]
    told = [key for key, address in addresses if address is not None and not address.is_ascii]
    if told:
        yield Finding(
            check=NON_ASCII_ADDRESS,
            severity=Severity.WARNING,
            message="an address of yours is not ASCII: only servers with SMTPUTF8 take such mail",
            evidence=", ".join(told),
            file="newsletter.toml",
            remedy="use an address whose part before the @ is ASCII",
        )


def _named(made: Composition) -> Iterator[_Named]:
    mail = made.mail
    for server in made.request.smtp:
        if server.dkim_domain:
            key = f"[smtp.{server.name}] dkim_domain"
            yield _Named(what="DKIM d=", host=server.dkim_domain, key=key)
        if server.return_path is not None:
            key = f"[smtp.{server.name}] return_path"
            yield _Named(what="return path", host=server.return_path.domain, key=key)
    for value in mail.values("Message-ID") if mail else ():
        host = value.rpartition("@")[2].strip("<> ")
        yield _Named(what="Message-ID", host=host, key="")
    for value in mail.values("List-Unsubscribe") if mail else ():
        for part in value.split(","):
            address = read_web_address(part.strip().strip("<>"))
            if address is not None and address.host and not is_number(address.host):
                yield _Named(what="List-Unsubscribe", host=address.host, key="public_url")


def _sender_domain(made: Composition) -> str:
    values = made.mail.values("From") if made.mail else ()
    found = [address.rpartition("@")[2] for _, address in getaddresses(list(values))]
    return next(filter(None, found), made.request.newsletter.sender.address.domain).lower()


def _owner(host: str) -> str:
    return organisational_domain(host) or host.lower()
