"""Is a set-up fit for readers? Its settings, database, clock, mail servers and certificates."""

import ctypes
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import urlsplit

from newsletter.config.settings import Settings
from newsletter.model.address import is_reserved
from newsletter.model.diagnosis import (
    Area,
    Certificate,
    Diagnosis,
    ProbeEnd,
    ServerProbe,
    State,
)
from newsletter.model.text import counted
from newsletter.store.backup import LEAST_FREE, StoreHealth

# Domains of mailboxes for everybody: none of them lets another's server send with its name.
_MAILBOXES = frozenset(
    {"aol.com", "fastmail.com", "free.fr", "gmail.com", "gmx.de", "gmx.net", "googlemail.com"}
    | {"hotmail.co.uk", "hotmail.com", "hotmail.fr", "icloud.com", "laposte.net", "live.com"}
    | {"mac.com", "mail.ru", "me.com", "msn.com", "orange.fr", "outlook.com", "proton.me"}
    | {"protonmail.com", "t-online.de", "web.de", "yahoo.co.uk", "yahoo.com", "yahoo.de"}
    | {"yahoo.fr", "yandex.ru", "ymail.com", "zoho.com"}
)
_LITTLE_ROOM = 200_000_000  # bytes: a SQLite file is written twice while a long transaction runs
_APART = timedelta(seconds=2)
_TIME_ERROR = 5  # "the clock is not synchronised" (adjtimex(2)); -1 where one may not ask
_ROOM_FOR_TIMEX = 512  # bytes: more than struct timex has; all zero asks and sets nothing
_SOON_DAYS = 14  # a certificate that renews itself has been renewed by then
_WANTED_BYTES = 1_000_000  # of a long issue with room to spare
_MACHINE = "this machine"

_settings = partial(Diagnosis, Area.CONFIGURATION)
_database = partial(Diagnosis, Area.DATABASE)
_clock = partial(Diagnosis, Area.CLOCK)
_smtp = partial(Diagnosis, Area.SMTP)


def judge_mistakes(problems: Iterable[str]) -> tuple[Diagnosis, ...]:
    """Return one finding for each mistake in the settings file: FILE:LINE is its subject."""
    parts = (problem.partition(": ") for problem in problems)
    return tuple(_settings("settings", place, State.ERROR, what) for place, _, what in parts)


def judge_settings(settings: Settings) -> tuple[Diagnosis, ...]:
    """Judge settings that load."""
    told = ", ".join(
        counted(len(each), what)
        for each, what in (
            (settings.newsletters, "newsletter"),
            (settings.sources, "source"),
            (settings.smtp, "mail server"),
        )
    )
    return (
        _settings("settings", settings.file.name, State.WELL, f"loads: {told}"),
        *_placeholders(settings),
        *_senders(settings),
        *_people(settings),
        *_secrets(settings),
        *(
            _settings(
                "schedule",
                newsletter.name,
                State.INFO,
                "no schedule: it goes out when you send it",
                remedy=f"write [newsletters.{newsletter.name}.schedule] for regular runs",
            )
            for newsletter in settings.newsletters
            if newsletter.schedule is None
        ),
    )


def _placeholders(settings: Settings) -> Iterator[Diagnosis]:
    """Find names that are nobody's: harmless while mail stays here, wrong once it goes out."""
    where: dict[str, dict[str, None]] = {}
    for key, host, value in _hosts(settings):
        if is_reserved(host):
            where.setdefault(value, {})[key] = None
    for newsletter in settings.newsletters:
        if "example" in newsletter.postal_address.casefold():
            where.setdefault(newsletter.postal_address, {})["postal_address"] = None
    if where:
        file = settings.file.name
        readers = "readers would see them" if settings.smtp else "fine for trying out"
        yield _settings(
            "placeholders",
            file,
            State.ERROR if settings.smtp else State.WARNING,
            f"example values are left in {file}; {readers}",
            "; ".join(f"{', '.join(keys)} = {value}" for value, keys in where.items()),
            f"write your own domain and address into {file}",
        )


def _hosts(settings: Settings) -> Iterator[tuple[str, str, str]]:
    """Return each key with the host in its value."""
    for newsletter in settings.newsletters:
        addresses = {"from": [newsletter.sender.address], "editors": newsletter.editors}
        if newsletter.reply_to:
            addresses["reply_to"] = [newsletter.reply_to]
        for key, given in addresses.items():
            yield from ((key, address.domain, address.spec) for address in given)
        if newsletter.public_url.startswith("https:"):
            host = urlsplit(newsletter.public_url).hostname or ""
            yield "public_url", host, newsletter.public_url
    for proof in settings.proof_addresses:
        yield "proof.addresses", proof.domain, proof.spec
    for server in settings.smtp:
        if server.return_path:
            yield "return_path", server.return_path.domain, server.return_path.spec


def _senders(settings: Settings) -> Iterator[Diagnosis]:
    for domain in dict.fromkeys(each.sender.address.domain for each in settings.newsletters):
        if domain in _MAILBOXES:
            message = f"{domain} is a mailbox provider; only its own servers may send with it"
            remedy = "send from a domain of your own; reply_to may stay there"
            evidence = f"from = …@{domain}"
            yield _settings("foreign-from", "from", State.ERROR, message, evidence, remedy)
    for url in dict.fromkeys(each.public_url for each in settings.newsletters):
        if url.startswith("http:"):
            state = State.ERROR if settings.smtp else State.WARNING
            message = "only this machine can reach it: readers cannot unsubscribe"
            remedy = "write the https address at which the world reaches newsletter run"
            evidence = f"public_url = {url}"
            yield _settings("public-url", "public_url", state, message, evidence, remedy)


def _people(settings: Settings) -> Iterator[Diagnosis]:
    gaps: list[tuple[str, str, str, str]] = []
    for each in settings.newsletters:
        if not each.editors:
            message = "no editors: nobody hears of held runs and failures"
            gaps.append(("editors", each.name, message, 'editors = ["you@your.domain"]'))
        if each.reply_to is None:
            message = "no reply_to: replies go to from, and the sites we read have no contact"
            gaps.append(("reply-to", each.name, message, 'reply_to = "you@your.domain"'))
    if not settings.proof_addresses:
        message = "no proof addresses, so newsletter test can send to nobody"
        remedy = '[proof] and addresses = ["you@your.domain"]'
        gaps.append(("proof-addresses", "proof.addresses", message, remedy))
    for server in settings.smtp:
        if server.return_path is None:
            message = "no return_path: bounces will arrive in the reply mailbox"
            remedy = 'return_path = "bounces@your.domain"'
            gaps.append(("return-path", f"smtp.{server.name}", message, remedy))
    for check, subject, message, remedy in gaps:
        yield _settings(check, subject, State.WARNING, message, remedy=f"write {remedy}")


def _secrets(settings: Settings) -> Iterator[Diagnosis]:
    """Return which variables are set; never what they hold."""
    wanted = [
        (f"smtp.{server.name}", server.password_env, server.password)
        for server in settings.smtp
        if server.username
    ]
    if settings.llm and settings.llm.key_env:
        wanted.append(("llm", settings.llm.key_env, settings.llm.key))
    if settings.notices.secret_env:
        wanted.append(("notices", settings.notices.secret_env, settings.notices.secret))
    for subject, variable, value in wanted:
        if value is not None:
            yield _settings("secret", subject, State.WELL, f"{variable} is set")
            continue
        message = f"{variable} is not set here"
        remedy = f"set {variable} where newsletter runs"
        yield _settings("secret", subject, State.ERROR, message, "", remedy)


def judge_database(health: StoreHealth) -> tuple[Diagnosis, ...]:
    """Judge the database."""
    name = health.path.name if health.path else "PostgreSQL"
    if health.is_new:
        told = "there is none yet; it is made when first needed"
        return (_database("database", name, State.INFO, told), *_room(health, name))
    if health.fault:
        state = State.UNASKED if health.is_out_of_reach else State.ERROR
        return (_database("database", name, state, health.fault, remedy=health.hint),)
    size = f", {health.size_bytes / 1e6:.1f} MB" if health.path else ""
    epoch = f", epoch {health.standing.epoch}" if health.standing else ""
    told = f"{health.version}, of this version{epoch}{size}"
    found = [_database("database", name, State.WELL, told)]
    if health.damage:
        remedy = "stop run, and replace it with a backup; see newsletter restore-accept"
        message = "it is damaged"
        found.append(_database("integrity", name, State.ERROR, message, health.damage, remedy))
    elif health.path:
        found.append(_database("integrity", name, State.WELL, "every page can be read"))
    remedy = 'check the mail server\'s log, then run "newsletter restore-accept --by NAME"'
    if health.standing is not None and health.standing.is_restored:
        message = "a restored backup: what was sent since is unknown, and nothing is sent"
        found.append(_database("restored", name, State.ERROR, message, remedy=remedy))
    elif health.standing is not None and health.is_elsewhere:
        message = "another machine sent with it last, and nothing is sent from here"
        found.append(_database("elsewhere", name, State.ERROR, message, remedy=remedy))
    if health.others_read:
        message = "other users of this machine may read it, and it holds readers' addresses"
        remedy = f"chmod 600 {health.path}"
        found.append(_database("rights", name, State.WARNING, message, remedy=remedy))
    if health.network:
        message = f"it is on a network file system ({health.network}): two machines may break it"
        remedy = "move it to a disk of this machine, or use PostgreSQL"
        found.append(_database("file-system", name, State.ERROR, message, remedy=remedy))
    return (*found, *_room(health, name))


def _room(health: StoreHealth, name: str) -> tuple[Diagnosis, ...]:
    if health.free_bytes is None:
        return ()
    told = f"{health.free_bytes / 1e9:.2g} GB free on its disk"
    if health.free_bytes >= _LITTLE_ROOM + 2 * health.size_bytes:
        return (_database("room", name, State.WELL, told),)
    remedy = "free some space before the next run"
    if health.free_bytes < LEAST_FREE:
        told += ", too little to send a mailing"
        return (_database("room", name, State.ERROR, f"only {told}", remedy=remedy),)
    return (_database("room", name, State.WARNING, f"only {told}", remedy=remedy),)


def judge_clock(
    now: datetime, *, is_kept: bool | None, health: StoreHealth | None
) -> tuple[Diagnosis, ...]:
    """Judge the clock of this machine; is_kept is what clock_is_kept returned."""
    told = f"{now:%Y-%m-%d %H:%M:%S} UTC"
    if is_kept is None:
        message = f"{told}; whether it is synchronised is not known on this machine"
        found = [_clock("clock", _MACHINE, State.INFO, message)]
    elif is_kept:
        found = [_clock("clock", _MACHINE, State.WELL, f"{told}, synchronised (NTP)")]
    else:
        message = f"{told}; the clock is not synchronised (NTP is off)"
        remedy = "timedatectl set-ntp true; in a container, do it on the host"
        found = [_clock("clock", _MACHINE, State.WARNING, message, remedy=remedy)]
    if health is not None and health.server_now is not None:
        apart = abs(now - health.server_now)
        message = f"{apart.total_seconds():.1f} s apart from the database's clock"
        state = State.WELL if apart <= _APART else State.WARNING
        remedy = "" if apart <= _APART else "synchronise both machines' clocks by NTP"
        found.append(_clock("database-clock", _MACHINE, state, message, remedy=remedy))
    known = health.standing.known_until if health and health.standing else None
    if known is not None and known - now > _APART:
        message = f"the database was used at {known:%Y-%m-%d %H:%M} UTC, which is still to come"
        remedy = "correct the clock; one that was ahead has left its times in the database"
        found.append(_clock("past", _MACHINE, State.ERROR, message, remedy=remedy))
    return tuple(found)


def clock_is_kept() -> bool | None:
    """Ask the kernel whether the clock is synchronised; None where it does not say."""
    try:
        adjtimex = ctypes.CDLL(None).adjtimex
        code = adjtimex(ctypes.create_string_buffer(_ROOM_FOR_TIMEX))
    except (AttributeError, OSError):  # no Linux
        return None
    return None if code < 0 else code != _TIME_ERROR


def no_server() -> Diagnosis:
    """Return that mail stays on this machine."""
    message = "no [smtp.…]: all mail goes to the built-in inbox, and none to readers"
    remedy = "write a table [smtp.primary] when you are ready to send"
    return _smtp("server", "built-in inbox", State.INFO, message, remedy=remedy)


def judge_server(probe: ServerProbe, now: datetime) -> tuple[Diagnosis, ...]:
    """Judge one server by what it showed."""
    subject = f"{probe.host}:{probe.port}"
    if probe.end is not ProbeEnd.READY:
        message = probe.message.removeprefix(subject).lstrip(": ")
        state, remedy = State.ERROR, probe.hint
        if probe.end is ProbeEnd.LOST:
            state = State.UNASKED
            remedy = remedy or "check host and port, and whether a firewall blocks this machine"
        elif "not yet valid" in message:
            remedy = "check this machine's clock first"
        return (_smtp("server", subject, state, message, remedy=remedy),)
    login = "login accepted" if probe.has_login else "no login asked for"
    tls = f"{probe.tls_version}, certificate good" if probe.tls_version else "no TLS (loopback)"
    found = [_smtp("server", subject, State.WELL, f"answers; {tls}; {login}")]
    if probe.certificate is not None:
        found.append(_certificate(probe.certificate, subject, now))
    if probe.most_bytes is not None and probe.most_bytes < _WANTED_BYTES:
        message = f"takes no message above {probe.most_bytes:,} bytes"
        remedy = "have the server accept at least 1 MB, or keep issues short"
        found.append(_smtp("size", subject, State.WARNING, message, remedy=remedy))
    if "SMTPUTF8" not in probe.offered:
        message = "it cannot reach readers with letters beyond ASCII before the @"
        found.append(_smtp("smtputf8", subject, State.INFO, message))
    return tuple(found)


def _certificate(certificate: Certificate, subject: str, now: datetime) -> Diagnosis:
    days = (certificate.until - now).days
    message = f"certificate until {certificate.until:%Y-%m-%d}, {days} days from now"
    evidence = f"valid for {', '.join(certificate.names[:5])}"
    state, remedy = State.WELL, ""
    if days < _SOON_DAYS:
        state, remedy = State.WARNING, "have the server's administrator renew it before that day"
    return Diagnosis(Area.SMTP, "certificate", subject, state, message, evidence, remedy)
