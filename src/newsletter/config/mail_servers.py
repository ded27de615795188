"""[smtp.NAME]: a mail server, its password from the environment, the names of its signatures."""

import re
from collections.abc import Mapping
from dataclasses import replace

from newsletter.config import address_fields, fields
from newsletter.config.reading import Table
from newsletter.config.settings import Secret, Security, SmtpSettings
from newsletter.model.address import parse_address

LONGEST_SELECTOR = 100
_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?"
_SELECTOR = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")


def read_server(name: str, table: Table) -> SmtpSettings:
    """Read one table; its mistakes are noted in the table."""
    server = SmtpSettings(
        name=name,
        host=table.need("host", address_fields.host, "localhost"),
        port=table.take("port", fields.whole(1, 65_535), 587),
        security=table.take("security", fields.choice(Security), Security.STARTTLS),
        username=table.take("username", fields.text_or_empty, ""),
        password_env=table.take("password_env", fields.variable, ""),
        return_path=table.take("return_path", address_fields.address, None),
        dkim_domain=table.take("dkim_domain", _domain, ""),
        dkim_selector=table.take("dkim_selector", _selector, ""),
        connections=table.take("connections", fields.whole(1, 100), 4),
        per_second=table.take("per_second", fields.rate, 50.0),
        per_day=table.take("per_day", fields.whole(1, 100_000_000), 100_000),
    )
    if server.security is Security.NONE and server.host not in address_fields.LOOPBACK:
        sentence = '"none" is for this machine alone; write "starttls" or "tls"'
        table.problems.add((*table.path, "security"), sentence)
    if server.dkim_domain and "dkim_selector" not in table.values:
        sentence = "has no dkim_selector beside it; write the s= of a signature it has made"
        table.problems.add((*table.path, "dkim_domain"), sentence)
    if server.username and "password_env" not in table.values:
        sentence = 'has no password_env beside it; write password_env = "NEWSLETTER_SMTP_PASSWORD"'
        table.problems.add((*table.path, "username"), sentence)
    return server


def with_password(server: SmtpSettings, environ: Mapping[str, str]) -> SmtpSettings:
    """Return the server its password, where its variable is set."""
    value = environ.get(server.password_env, "") if server.password_env else ""
    return replace(server, password=Secret(value=value)) if value else server


def _domain(value: object) -> str:
    """Read the name of a domain, as an address ends in one; gives it in A-labels."""
    read = fields.text(value)
    try:
        return parse_address(f"name@{read}").domain
    except ValueError as error:
        msg = f'{fields.shown(read)} is no domain; write "example.org"'
        raise ValueError(msg) from error


def _selector(value: object) -> str:
    """Read a DKIM selector: labels with dots between them (RFC 6376 section 3.1)."""
    read = fields.text(value)
    if len(read) > LONGEST_SELECTOR or not _SELECTOR.fullmatch(read):
        msg = f'{fields.shown(read)} is no selector; write the s= of a signature: "news2026"'
        raise ValueError(msg)
    return read.lower()
