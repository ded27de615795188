"""H04 and H05: whether the addresses of a message belong together, and who takes mail to them.

What the DNS says of them is asked by `doctor`; here nothing is asked.
"""

import re
from collections.abc import Iterator
from email.utils import getaddresses

from newsletter.checks.address import is_number, is_trial_server, read_web_address
from newsletter.checks.mail import Mail
from newsletter.checks.request import Composition
from newsletter.checks.wording import shorten
from newsletter.model.address import organisational_domain
from newsletter.model.finding import Finding

ALIGNMENT = "H04 alignment"
NON_ASCII_ADDRESS = "H05 non-ascii-address"

# Mailboxes that say of themselves that nobody reads them, the marks between their words left out.
_UNREAD = re.compile(
    r"no(?:t)?(?:reply|respon|answer)|d(?:o|on)n?ot(?:reply|respond)|(?:nepas|sans)repon(?:dre|se)"
    r"|nicht(?:ant|be)worten|keineantwort|norespond|nonrispondere"
)
_MAILBOX = re.compile(r"[^\s@<>,;:]{1,64}@[^\s@<>,;:.]{1,63}(?:\.[^\s@<>,;:.]{1,63}){1,8}")


def alignment(made: Composition) -> Iterator[Finding]:
    """H04: signature, return path, Message-ID and unsubscribe link are of From's organisation."""
    if made.mail is None:
        return
    values = made.mail.values("From")
    senders = [address.rpartition("@")[2] for _, address in getaddresses(list(values))]
    sender = next(filter(None, senders), made.request.newsletter.sender.address.domain).lower()
    home = _owner(sender)
    others = [named for named in _named(made, made.mail) if named[1] and _owner(named[1]) != home]
    if others:
        keys = ", ".join(dict.fromkeys(key for _, _, key in others if key))
        yield _finding(
            made,
            ALIGNMENT,
            f"not all that the message names belongs to {home}, the sender's domain",
            "; ".join(dict.fromkeys(f"{what} {host}" for what, host, _ in others)),
            f"use one domain for all of them: set {keys}" if keys else "please report it",
        )
    for message, evidence, remedy in _correspondence(made):
        yield _finding(made, ALIGNMENT, message, evidence, remedy)


def non_ascii_address(made: Composition) -> Iterator[Finding]:
    """H05: no address of ours needs a server with SMTPUTF8 (RFC 6531) for each reader."""
    newsletter = made.request.newsletter
    addresses = [("from", newsletter.sender.address), ("reply_to", newsletter.reply_to)]
    addresses += [(f"[smtp.{one.name}] return_path", one.return_path) for one in made.request.smtp]
    told = [key for key, address in addresses if address is not None and not address.is_ascii]
    if told:
        message = "an address of yours is not ASCII: only servers with SMTPUTF8 take such mail"
        remedy = "use an address whose part before the @ is ASCII"
        yield _finding(made, NON_ASCII_ADDRESS, message, ", ".join(told), remedy)


def _finding(made: Composition, check: str, message: str, evidence: str, remedy: str) -> Finding:
    return made.request.finding(
        check, 0, message, seen=evidence, remedy=remedy, file="newsletter.toml"
    )


def _correspondence(made: Composition) -> Iterator[tuple[str, str, str]]:
    """Judge where answers go, and whether the sender's name is the sender's."""
    settings = made.request.newsletter
    sender = settings.sender.address
    key, answers = "from", sender
    if settings.reply_to is not None:
        key, answers = "reply_to", settings.reply_to
    if _UNREAD.match(re.sub(r"[^a-z]", "", answers.local.lower().replace("\u00e9", "e"))):
        message = "readers' answers go to a mailbox that nobody reads"
        yield message, f"{key} = {answers.spec}", "set reply_to to an address that somebody reads"
    address = read_web_address(settings.public_url)
    if address is not None and is_trial_server(address.host):
        message = "readers' own links lead to a server for trials"
        yield message, f"public_url = {settings.public_url}", "set public_url to the real site's"
    shown = _MAILBOX.search(settings.sender.name)
    if shown is not None and shown[0].casefold() != sender.spec.casefold():
        message = "the sender's name shows another address than the sender's"
        evidence = f"{shorten(settings.sender.name, 60)} <{sender.spec}>"
        yield message, evidence, "write the publication's name before the address in from"


def _named(made: Composition, mail: Mail) -> Iterator[tuple[str, str, str]]:
    for server in made.request.smtp:
        yield "DKIM d=", server.dkim_domain or "", f"[smtp.{server.name}] dkim_domain"
        if server.return_path is not None:
            yield "return path", server.return_path.domain, f"[smtp.{server.name}] return_path"
    for value in mail.values("Message-ID"):
        yield "Message-ID", value.rpartition("@")[2].strip("<> "), ""
    for value in mail.values("List-Unsubscribe"):
        for part in value.split(","):
            address = read_web_address(part.strip().strip("<>"))
            if address is not None and not is_number(address.host):
                yield "List-Unsubscribe", address.host, "public_url"


def _owner(host: str) -> str:
    return organisational_domain(host) or host.lower()
