"""One value of newsletter.toml at a time: from what tomllib gives to what the program means."""

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
from newsletter.model.address import HIGHEST_PORT, parse_address, parse_mailbox
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
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,6}")  # RFC 5646 section 2.1
_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_HOST = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*\.?|\[?[0-9A-Fa-f:]+\]?")


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


def read_as(make: Callable[[str], T], what: str) -> Reader[T]:
    """Make a reader of what a function makes of text; what: 'no zone; write "Europe/London"'."""

    def read(value: object) -> T:
        given = text(value)
        try:
            return make(given)
        except (ValueError, LookupError, OSError, UnknownLocaleError) as error:
            msg = f"{shown(given)} is {what}"
            raise ValueError(msg) from error

    return read


def _form(pattern: str, what: str) -> Reader[str]:
    def make(given: str) -> str:
        if not re.fullmatch(pattern, given):
            raise ValueError
        return given

    return read_as(make, what)


def list_of(item: Reader[T], *, most: int = 1_000) -> Reader[tuple[T, ...]]:
    """Make a reader of lists, each item by the same reader."""

    def read(value: object) -> tuple[T, ...]:
        if not isinstance(value, list):
            msg = f'is {kind_of(value)}; write a list: ["…", "…"]'
            raise ValueError(msg)
        if len(value) > most:
            msg = f"holds {len(value)} entries; write at most {most}"
            raise ValueError(msg)
        done: list[T] = []
        for number, each in enumerate(value, start=1):
            try:
                done.append(item(each))
            except ValueError as error:
                msg = f"entry {number}: {error}"
                raise ValueError(msg) from error
        return tuple(done)

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


def duration(lowest: str = "0s", highest: str = "366d") -> Reader[timedelta]:
    """Make a reader of "60s", "5m", "2h" or "1d" between two bounds, both allowed."""

    def read(value: object) -> timedelta:
        found = _DURATION.fullmatch(value) if isinstance(value, str) else None
        if not found:
            msg = f'is no length of time: {shown(value)}; write "60s", "5m", "2h" or "1d"'
            raise ValueError(msg)
        span = _span(found)
        least, most = (_span(_DURATION.fullmatch(bound)) for bound in (lowest, highest))
        if not least <= span <= most:
            msg = f'{found[0]} is out of range; write "{lowest}" to "{highest}"'
            raise ValueError(msg)
        return span

    return read


def _span(found: re.Match[str] | None) -> timedelta:
    return timedelta(**{_UNITS[found[2]]: int(found[1])}) if found else timedelta()


def _percent(given: str) -> float:
    share = float(given.removesuffix("%")) / _WHOLE
    if not re.fullmatch(r"[0-9.]+%", given) or share > 1:
        raise ValueError
    return share


def clock(value: object) -> time:
    """Read "05:30", or a TOML local time to the minute."""
    try:
        if isinstance(value, str) and len(value) == len("05:30"):
            value = time.fromisoformat(value)
    except ValueError:
        pass
    if isinstance(value, time) and value == time(value.hour, value.minute):
        return value
    msg = f'is no time of day: {shown(value)}; write "05:30"'
    raise ValueError(msg)


def day(value: object) -> date:
    """Read "2026-12-25" or a TOML local date."""
    try:
        if isinstance(value, str) and len(value) == len("2026-12-25"):
            value = date.fromisoformat(value)
    except ValueError:
        pass
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    msg = f'is no date: {shown(value)}; write "2026-12-25"'
    raise ValueError(msg)


def choice(kind: type[E]) -> Reader[E]:
    """Make a reader of one word from a closed list."""

    def read(value: object) -> E:
        try:
            return kind(str(value))
        except ValueError as error:
            words = " or ".join(f'"{member.value}"' for member in kind)
            msg = f"is {shown(value)}; write {words}"
            raise ValueError(msg) from error

    return read


def _language(given: str) -> str:
    if not _LANGUAGE.fullmatch(given) or not exists(parse_locale(given, sep="-")[0]):
        raise ValueError
    return given


def _named(given: str) -> str:
    if not is_slug(given):
        raise ValueError
    return given


address = read_as(parse_address, "no address; write one name@example.org")
mailbox = read_as(parse_mailbox, "no sender; write Name <name@example.org>")
percent = read_as(_percent, 'no share; write "5%", from "0%" to "100%"')
name = read_as(_named, "no name; write 1 to 80 of a-z, 0-9 and -")
country = _form(r"[A-Z]{2}", 'no country; write two capitals: "GB"')
language = read_as(_language, 'no language tag; write "en-GB", "de", "pt-BR" …')
zone = read_as(ZoneInfo, 'no time zone; write "Europe/London"')
selector = _form(
    rf"(?=.{{1,100}}$){_LABEL}(?:\.{_LABEL})*",
    'no selector; write the s= of a signature: "news2026"',
)
domain = read_as(
    lambda given: parse_address(f"name@{given}").domain, 'no domain; write "example.org"'
)
relative_folder = _form(
    r"(?![/~])(?!(?:.*/)?\.\.(?:/|$))[^\\]+", "out of the folder; write a path below it"
)


def variable(value: object) -> str:
    """Read the name of an environment variable; who writes the secret itself sees it nowhere."""
    read = text(value)
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", read):
        msg = "is no name of an environment variable; write NEWSLETTER_SMTP_PASSWORD"
        raise ValueError(msg)
    return read


def cron(value: object) -> str:
    """Read a cron rule of five fields."""
    read = text(value)
    parse_cron(read)
    return read


def holidays(value: object) -> str:
    """Read a country or a part of one, such as GB-ENG; "" for none."""
    read = text_or_empty(value)
    if read and not (re.fullmatch(r"[A-Z]{2}(-[A-Z0-9]{1,3})?", read) and knows_holidays(read)):
        msg = f'the holidays of {shown(read)} are not known; write "GB" or "GB-ENG", or skip_dates'
        raise ValueError(msg)
    return read


_KINDS = {
    "bool": "true or false",
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "list": "a list",
    "dict": "a table",
    "datetime": "a date",
    "date": "a date",
    "time": "a time",
}


def kind_of(value: object) -> str:
    """Name the TOML type of a value, for a sentence."""
    return _KINDS[type(value).__name__]


def shown(value: object) -> str:
    """Show a value in an error text, short and printable."""
    if not isinstance(value, str):
        return kind_of(value) if isinstance(value, list | dict) else str(value)[:_MOST_SHOWN]
    printable = "".join(char if char.isprintable() else "·" for char in value)
    cut = printable if len(printable) <= _MOST_SHOWN else printable[:_MOST_SHOWN] + "…"
    return f'"{cut}"'


def _public_url(given: str) -> str:
    parts = urlsplit(given)
    host = parts.hostname or ""
    is_plain = parts.scheme == "http" and host in LOOPBACK
    is_bare = parts.username is None and not parts.query and not parts.fragment
    if (
        not (parts.scheme == "https" or is_plain)
        or not _HOST.fullmatch(host)
        or parts.port == 0
        or not is_bare
        or not re.fullmatch(r"[!-~]*", given)
    ):
        raise ValueError
    return given.rstrip("/").rstrip("?#").rstrip("/")


public_url = read_as(
    _public_url,
    "not an https address of host and path alone (http is for this machine); "
    "write https://news.example.org",
)


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


def _host_and_port(given: str, *, lowest: int = 1) -> str:
    host, _, port = given.rpartition(":")
    if not _HOST.fullmatch(host) or not lowest <= int(port[:6]) <= HIGHEST_PORT:
        raise ValueError
    return given


def _local_address(given: str) -> str:
    host = _host_and_port(given).rpartition(":")[0].lower()
    if host != "localhost":
        ip_address(host.removeprefix("[").removesuffix("]"))
    return given


def _lower_host(given: str) -> str:
    if not _HOST.fullmatch(given):
        raise ValueError
    return given.lower()


host = read_as(_lower_host, 'no host; write "smtp.example.org"')
listen = read_as(  # port 0 takes a free one
    lambda given: _host_and_port(given, lowest=0), 'no host with a port; write "127.0.0.1:8025"'
)
# What another name leads to is for its owner to say, so none is taken (T14).
local_address = read_as(_local_address, 'no IP address with a port; write "127.0.0.1:8099"')
network = read_as(
    lambda given: str(ip_network(given, strict=False)),
    'no IP address or network; write "127.0.0.1" or "10.0.0.0/8"',
)


def database_url(value: object) -> str:
    """Read where the database is; it may hold a password, so no error text shows it."""
    read = text(value)
    if re.fullmatch(r"sqlite:///[^?#]+", read) or re.match(r"postgresql\+psycopg://[^/]", read):
        return read
    msg = 'is no database; write "sqlite:///var/newsletter.db" or "postgresql+psycopg://…"'
    raise ValueError(msg)
