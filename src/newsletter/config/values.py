"""One value of newsletter.toml at a time: from what tomllib gives to what the program means."""

import math
import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from ipaddress import ip_address, ip_network
from typing import TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from babel.core import UnknownLocaleError, parse_locale
from babel.localedata import exists

from newsletter.config.settings import knows_holidays
from newsletter.model.address import HIGHEST_PORT, Address, Mailbox, parse_address, parse_mailbox
from newsletter.model.schedule import parse_cron
from newsletter.model.text import clean_line, is_slug, refused_control

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)
Reader = Callable[[object], T]

_WHOLE = 100  # per cent
_MOST_SHOWN = 60  # characters of a value in an error text
# RFC 2047: mail programs decode it, so what it holds would be read past the other rules
_ENCODED_WORD = re.compile(r"=\?[^?]*\?[bq]\?.*?\?=", re.IGNORECASE)
_DURATION = re.compile(r"([0-9]{1,6})(s|m|h|d)")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_PERCENT = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,3})?)%")
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_ENVIRONMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,6}")  # RFC 5646 section 2.1
_HOLIDAYS = re.compile(r"[A-Z]{2}(?:-[A-Z0-9]{1,3})?")


def text(value: object) -> str:
    """Read a text on one line, without control characters; never empty."""
    read = text_or_empty(value)
    if not read:
        msg = "is empty; write some text"
        raise ValueError(msg)
    return read


def text_or_empty(value: object) -> str:
    """Read a text on one line, without control characters."""
    if not isinstance(value, str):
        msg = f"is {kind_of(value)}; write text in quotes"
        raise ValueError(msg)
    if "\n" in value or refused_control(value) >= 0 or "\r" in value:
        msg = "holds a line break or a control character; write it on one line"
        raise ValueError(msg)
    if _ENCODED_WORD.search(value):
        msg = "holds an encoded word (=?…?=); write the words themselves"
        raise ValueError(msg)
    return clean_line(value)


def name(value: object) -> str:
    """Read a name for use in paths and addresses."""
    read = text(value)
    if not is_slug(read):
        msg = f"{read[:60]!r} is no name; write 1 to 80 of a-z, 0-9 and -"
        raise ValueError(msg)
    return read


def flag(value: object) -> bool:
    """Read true or false."""
    if not isinstance(value, bool):
        msg = f"is {kind_of(value)}; write true or false"
        raise ValueError(msg)
    return value


def whole(lowest: int, highest: int) -> Reader[int]:
    """Make a reader of whole numbers between two bounds, both allowed."""

    def read(value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            msg = f"is {kind_of(value)}; write a whole number"
            raise ValueError(msg)
        if not lowest <= value <= highest:
            msg = f"{value} is out of range; write {lowest:,} to {highest:,}"
            raise ValueError(msg)
        return value

    return read


def rate(value: object) -> float:
    """Read a number of messages a second above 0."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        msg = f"is {kind_of(value)}; write a number"
        raise ValueError(msg)
    if not 0 < value < math.inf:  # nan fails too
        msg = f"{value} is out of range; write a number above 0"
        raise ValueError(msg)
    return float(value)


def number(lowest: float, highest: float) -> Reader[float]:
    """Make a reader of numbers between two bounds, both allowed."""

    def read(value: object) -> float:
        if not isinstance(value, int | float) or isinstance(value, bool):
            msg = f"is {kind_of(value)}; write a number"
            raise ValueError(msg)
        if not lowest <= value <= highest:  # nan fails too
            msg = f"{value} is out of range; write {lowest:g} to {highest:g}"
            raise ValueError(msg)
        return float(value)

    return read


def duration(value: object) -> timedelta:
    """Read "60s", "5m", "2h" or "1d"."""
    found = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if not found:
        msg = f'is no length of time: {shown(value)}; write "60s", "5m", "2h" or "1d"'
        raise ValueError(msg)
    read = timedelta(**{_UNITS[found[2]]: int(found[1])})
    if read > timedelta(days=366):
        msg = f"{found[0]} is longer than a year; write less"
        raise ValueError(msg)
    return read


def lateness(value: object) -> timedelta:
    """Read how late an issue may be: a minute at least, for nothing goes out in no time."""
    read = duration(value)
    if read < timedelta(minutes=1):
        msg = f'{value} leaves no time to send in; write "1m" or more'
        raise ValueError(msg)
    return read


def percent(value: object) -> float:
    """Read "5%" as 0.05."""
    found = _PERCENT.fullmatch(value) if isinstance(value, str) else None
    if not found or float(found[1]) > _WHOLE:
        msg = f'is no share: {shown(value)}; write "5%", from "0%" to "100%"'
        raise ValueError(msg)
    return float(found[1]) / _WHOLE


def clock(value: object) -> time:
    """Read "05:30", or a TOML local time to the minute."""
    if isinstance(value, time) and value.tzinfo is None and not (value.second or value.microsecond):
        return value
    found = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    if not found:
        msg = f'is no time of day: {shown(value)}; write "05:30"'
        raise ValueError(msg)
    return time(int(found[1]), int(found[2]))


def day(value: object) -> date:
    """Read "2026-12-25" or a TOML local date."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        if isinstance(value, str) and len(value) == len("2026-12-25"):
            return date.fromisoformat(value)
    except ValueError:
        pass
    msg = f'is no date: {shown(value)}; write "2026-12-25"'
    raise ValueError(msg)


def choice(kind: type[E]) -> Reader[E]:
    """Make a reader of one word from a closed list."""

    def read(value: object) -> E:
        words = " or ".join(f'"{member.value}"' for member in kind)
        if not isinstance(value, str) or value not in [member.value for member in kind]:
            msg = f"is {shown(value)}; write {words}"
            raise ValueError(msg)
        return kind(value)

    return read


def country(value: object) -> str:
    """Read a country's code of two letters (ISO 3166-1)."""
    read = text(value)
    if not re.fullmatch(r"[A-Z]{2}", read):
        msg = f'{shown(read)} is no country; write two capitals: "GB"'
        raise ValueError(msg)
    return read


def language(value: object) -> str:
    """Read a BCP 47 tag that babel knows the language of."""
    read = text(value)
    try:
        known = bool(_LANGUAGE.fullmatch(read)) and exists(parse_locale(read, sep="-")[0])
    except (ValueError, UnknownLocaleError):
        known = False
    if not known:
        msg = f'{shown(read)} is no language tag; write "en-GB", "de", "pt-BR" …'
        raise ValueError(msg)
    return read


def zone(value: object) -> ZoneInfo:
    """Read the name of a time zone."""
    read = text(value)
    try:
        return ZoneInfo(read)
    except (ValueError, OSError, LookupError) as error:  # ZoneInfo opens what it is given
        msg = f'{shown(read)} is no time zone; write "Europe/London"'
        raise ValueError(msg) from error


def cron(value: object) -> str:
    """Read a cron rule of five fields."""
    read = text(value)
    parse_cron(read)
    return read


def holidays(value: object) -> str:
    """Read a country or a part of one, such as GB-ENG; "" for none."""
    read = text_or_empty(value)
    if read and not _HOLIDAYS.fullmatch(read):
        msg = f'{shown(read)} is no country code; write "GB" or "GB-ENG"'
        raise ValueError(msg)
    if read and not knows_holidays(read):
        msg = f'the holidays of {shown(read)} are not known; write "GB" or "GB-ENG", or skip_dates'
        raise ValueError(msg)
    return read


def variable(value: object) -> str:
    """Read the name of an environment variable."""
    read = text(value)
    if not _ENVIRONMENT.fullmatch(read):
        msg = "is no name of an environment variable (the secret itself never stands here)"
        raise ValueError(f"{msg}; write NEWSLETTER_SMTP_PASSWORD")
    return read


def kind_of(value: object) -> str:
    """Name the TOML type of a value, for a sentence."""
    kinds: tuple[tuple[type, str], ...] = (
        (bool, "true or false"),
        (str, "text"),
        (int, "a whole number"),
        (float, "a number"),
        (list, "a list"),
        (dict, "a table"),
        (date, "a date"),
        (time, "a time"),
    )
    return next((word for kind, word in kinds if isinstance(value, kind)), "something else")


def shown(value: object) -> str:
    """Show a value in an error text, short and printable."""
    if not isinstance(value, str):
        return kind_of(value) if isinstance(value, list | dict) else str(value)[:_MOST_SHOWN]
    printable = "".join(char if char.isprintable() else "·" for char in value)
    cut = printable if len(printable) <= _MOST_SHOWN else printable[:_MOST_SHOWN] + "…"
    return f'"{cut}"'


LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_HOST = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*\.?|\[?[0-9A-Fa-f:]+\]?")


def address(value: object) -> Address:
    """Read one bare address."""
    read = text(value)
    try:
        return parse_address(read)
    except ValueError as error:
        msg = f"{shown(read)} is no address: {error}; write one name@example.org"
        raise ValueError(msg) from error


def mailbox(value: object) -> Mailbox:
    """Read one address with or without a name before it."""
    read = text(value)
    try:
        return parse_mailbox(read)
    except ValueError as error:
        msg = f"{shown(read)} is no sender: {error}; write Name <name@example.org>"
        raise ValueError(msg) from error


def public_url(value: object) -> str:
    """Read the address the readers' links begin with: https, or http on loopback; no slash last."""
    read = text(value)
    hint = "write https://news.example.org"
    try:
        parts = urlsplit(read)
        port = parts.port
    except ValueError as error:
        msg = f"{shown(read)} is no web address; {hint}"
        raise ValueError(msg) from error
    host = parts.hostname or ""
    plain = parts.scheme == "http" and host in LOOPBACK
    if not (parts.scheme == "https" or plain) or not _HOST.fullmatch(host) or port == 0:
        msg = f"{shown(read)} is not an https address (http is for this machine alone); {hint}"
        raise ValueError(msg)
    if (
        parts.username is not None
        or parts.query
        or parts.fragment
        or not re.fullmatch(r"[!-~]*", read)
    ):
        msg = f"{shown(read)} holds more than scheme, host and path; {hint}"
        raise ValueError(msg)
    return read.rstrip("/").rstrip("?#").rstrip("/")


def web_url(value: object) -> str:
    """Read an http or https address."""
    read = text(value)
    try:
        parts = urlsplit(read)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good or " " in read:
        msg = f"{shown(read)} is no web address; write https://…"
        raise ValueError(msg)
    if "@" in urlsplit(read).netloc:
        msg = "holds a user name or password, which are never sent; write the address without"
        raise ValueError(msg)
    return read


def host(value: object) -> str:
    """Read a host name or number."""
    read = text(value)
    if not _HOST.fullmatch(read):
        msg = f'{shown(read)} is no host; write "smtp.example.org"'
        raise ValueError(msg)
    return read.lower()


def host_and_port(value: object) -> str:
    """Read "127.0.0.1:8025" or "[::1]:8025"."""
    read = text(value)
    before, _, port = read.rpartition(":")
    if not _HOST.fullmatch(before) or not port.isdecimal() or not 0 < int(port[:6]) <= HIGHEST_PORT:
        msg = f'{shown(read)} is no host with a port; write "127.0.0.1:8025"'
        raise ValueError(msg)
    return read


def listen(value: object) -> str:
    """Read an address of this machine with a port; port 0 takes a free one."""
    read = text(value)
    if read.endswith(":0"):
        host_and_port(f"{read.removesuffix('0')}1")
        return read
    return host_and_port(read)


def local_address(value: object) -> str:
    """Read "127.0.0.1:8099": an IP address, or localhost, with its port (T14).

    What another name leads to is for its owner to say, so none is taken.
    """
    read = host_and_port(value)
    host = read.rpartition(":")[0].lower()
    try:
        if host != "localhost":
            ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError as error:
        msg = f'{shown(read)} names a host; write its IP address and port, "127.0.0.1:8099"'
        raise ValueError(msg) from error
    return read


def network(value: object) -> str:
    """Read an IP address or a network of them, such as 10.0.0.0/8."""
    read = text(value)
    try:
        return str(ip_network(read, strict=False))
    except ValueError as error:
        msg = f'{shown(read)} is no IP address or network; write "127.0.0.1" or "10.0.0.0/8"'
        raise ValueError(msg) from error


def database_url(value: object) -> str:
    """Read where the database is; it may hold a password, so no error text shows it."""
    read = text(value)
    if re.fullmatch(r"sqlite:///[^?#]+", read) or re.match(r"postgresql\+psycopg://[^/]", read):
        return read
    msg = 'is no database; write "sqlite:///var/newsletter.db" or "postgresql+psycopg://…"'
    raise ValueError(msg)
