"""What `doctor` asks the DNS: which domains, hosts and keys a set-up stands on, each asked once."""

import ipaddress
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from newsletter.clock import Clock
from newsletter.config.settings import NewsletterSettings, Settings, SmtpSettings
from newsletter.config.values import LOOPBACK
from newsletter.delivery.send_one import probe_server
from newsletter.doctor.dmarc import Route, judge_dkim, judge_dmarc, no_selector
from newsletter.doctor.hosts import (
    MissingNames,
    addresses_of,
    judge_exchange,
    judge_public_host,
    judge_reverse,
    missing_names,
)
from newsletter.doctor.resolver import Ask, Resolver
from newsletter.doctor.setup import (
    clock_is_kept,
    judge_clock,
    judge_database,
    judge_mistakes,
    judge_server,
    judge_settings,
    no_server,
)
from newsletter.doctor.spf import ServerPlace, judge_spf
from newsletter.errors import ConfigError
from newsletter.model.address import Address, is_reserved
from newsletter.model.diagnosis import Area, Diagnosis, ProbeEnd, ServerProbe, State
from newsletter.store.backup import StoreHealth, look_at_database

_MOST_NUMBERS = 4  # of one server, for reverse DNS
_THIS_MACHINE = ipaddress.ip_address("127.0.0.1")


def examine_dns(
    settings: Settings,
    probes: Sequence[ServerProbe],
    ask: Ask,
    *,
    is_hidden: Callable[[str], bool] = is_reserved,
    missing: MissingNames | None = None,
) -> tuple[Diagnosis, ...]:
    """Ask about everything that mail and readers' links depend on."""
    known = missing or find_missing(settings, probes, ask, is_hidden=is_hidden)
    found = _Examination(settings, probes, ask, is_hidden, known).found()
    return (*known.told(), *found)


def find_missing(
    settings: Settings,
    probes: Sequence[ServerProbe],
    ask: Ask,
    *,
    is_hidden: Callable[[str], bool] = is_reserved,
) -> MissingNames:
    """Ask which of the configured domains, and of the servers that were not reached, exist."""
    links = (
        (urlsplit(each.public_url).hostname or "", "public_url") for each in settings.newsletters
    )
    reached = {probe.name for probe in probes if probe.end is not ProbeEnd.LOST}
    hosts = (
        (server.host, f"smtp.{server.name}.host")
        for server in settings.smtp
        if server.name not in reached and server.host not in LOOPBACK
    )
    return missing_names(
        (each for each in (*_uses(settings), *links) if each[0] and not is_hidden(each[0])),
        (each for each in hosts if not is_hidden(each[0]) and not _is_number(each[0])),
        ask,
    )


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def domains_asked(
    settings: Settings, *, is_hidden: Callable[[str], bool] = is_reserved
) -> tuple[str, ...]:
    """Return the domains of addresses that will be asked about."""
    return tuple(dict.fromkeys(domain for domain, _ in _uses(settings) if not is_hidden(domain)))


def _uses(settings: Settings) -> Iterator[tuple[str, str]]:
    """Return each domain that should take mail with the key that names it."""
    for newsletter in settings.newsletters:
        yield newsletter.sender.address.domain, "from"
        if newsletter.reply_to is not None:
            yield newsletter.reply_to.domain, "reply_to"
    for server in settings.smtp:
        if server.return_path is not None:
            yield server.return_path.domain, "return_path"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Path:
    """One way of a newsletter's mail: by a server, or by none yet."""

    newsletter: NewsletterSettings
    server: SmtpSettings | None

    @property
    def sender(self) -> str:
        return self.newsletter.sender.address.domain

    @property
    def envelope(self) -> Address:
        if self.server is not None and self.server.return_path is not None:
            return self.server.return_path
        return self.newsletter.sender.address

    @property
    def signer(self) -> str:
        if self.server is None or not self.server.dkim_selector:
            return ""
        return self.server.dkim_domain or self.sender


class _Examination:
    def __init__(
        self,
        settings: Settings,
        probes: Sequence[ServerProbe],
        ask: Ask,
        is_placeholder: Callable[[str], bool],
        missing: MissingNames,
    ) -> None:
        self._settings = settings
        self._probes = probes
        self._ask = ask
        self._is_placeholder = is_placeholder
        self._missing = missing

    def _is_hidden(self, name: str) -> bool:
        return self._is_placeholder(name) or bool(self._missing.above(name))

    def found(self) -> Iterator[Diagnosis]:
        senders = dict.fromkeys(path.sender for path in self._all_paths())
        yield from (_placeholder(domain) for domain in senders if self._is_placeholder(domain))
        yield from self._spf()
        yield from self._dkim()
        yield from self._dmarc()
        for place in self._places.values():
            for ip in place.public[:_MOST_NUMBERS]:
                yield judge_reverse(place.host, ip, self._ask)
        yield from self._exchanges()
        yield from self._public_hosts()

    def _all_paths(self) -> Iterator[_Path]:
        for newsletter in self._settings.newsletters:
            for server in self._settings.smtp or (None,):
                yield _Path(newsletter=newsletter, server=server)

    @cached_property
    def _paths(self) -> tuple[_Path, ...]:
        return tuple(path for path in self._all_paths() if not self._is_hidden(path.sender))

    @cached_property
    def _places(self) -> dict[str, ServerPlace]:
        return {server.name: self._place(server) for server in self._settings.smtp}

    def _place(self, server: SmtpSettings) -> ServerPlace:
        """Find the addresses of a server: in the DNS, else the one that answered."""
        if server.host in LOOPBACK:
            return ServerPlace(host=server.host, addresses=(_THIS_MACHINE,))
        if self._is_hidden(server.host):
            return ServerPlace(host=server.host)
        numbers, failed = addresses_of(server.host, self._ask)
        peer = next((each.peer for each in self._probes if each.name == server.name), "")
        if not numbers and peer:
            numbers = (ipaddress.ip_address(peer),)
        return ServerPlace(
            host=server.host, addresses=numbers, failed=failed[0] if failed else None
        )

    def _spf(self) -> Iterator[Diagnosis]:
        """Judge each domain of a return path once, with all servers that send by it."""
        senders: dict[str, dict[str, ServerPlace]] = {}
        for path in self._paths:
            domain = path.envelope.domain
            if self._is_hidden(domain):
                continue
            own = senders.setdefault(domain, {})
            if path.server is not None and not self._missing.above(path.server.host):
                own[path.server.name] = self._places[path.server.name]
        for domain, places in senders.items():
            yield from judge_spf(domain, tuple(places.values()), self._ask)

    def _dkim(self) -> Iterator[Diagnosis]:
        seen: set[tuple[str, str]] = set()
        for path in self._paths:
            server = path.server
            if server is None:
                continue
            key = (path.signer, server.dkim_selector) if path.signer else (server.name, "")
            if key in seen or self._is_hidden(path.signer or path.sender):
                continue
            seen.add(key)
            if path.signer:
                yield judge_dkim(path.signer, server.dkim_selector, self._ask)
            else:
                yield no_selector(server.name)

    def _dmarc(self) -> Iterator[Diagnosis]:
        for domain in dict.fromkeys(path.sender for path in self._paths):
            own = [path for path in self._paths if path.sender == domain]
            routes = dict.fromkeys(
                Route(server=path.server.name, envelope=path.envelope.domain, signer=path.signer)
                for path in own
                if path.server is not None
            )
            newsletter = own[0].newsletter
            reports_to = newsletter.reply_to or newsletter.sender.address
            yield from judge_dmarc(domain, tuple(routes), reports_to=reports_to.spec, ask=self._ask)

    def _exchanges(self) -> Iterator[Diagnosis]:
        used: dict[str, list[str]] = {}
        for domain, key in _uses(self._settings):
            if not self._is_hidden(domain):
                used.setdefault(domain, []).append(key)
        for domain, keys in used.items():
            yield judge_exchange(domain, tuple(dict.fromkeys(keys)), self._ask)

    def _public_hosts(self) -> Iterator[Diagnosis]:
        urls = {each.public_url: urlsplit(each.public_url) for each in self._settings.newsletters}
        for url, parts in urls.items():
            if parts.scheme == "https" and not self._is_hidden(parts.hostname or ""):
                yield judge_public_host(url, self._ask)


def _placeholder(domain: str) -> Diagnosis:
    return Diagnosis(
        *(Area.DNS, "placeholder", domain, State.INFO),
        "an example domain: the DNS was not asked about it",
        remedy="write your own domain as from; doctor then looks at SPF, DKIM and DMARC",
    )


_SQLITE = "sqlite:"
_ABOUT_MAIL = re.compile(r"\b(?:smtp|newsletters?)\b(?!\.toml)")


def examine(
    settings: Settings,
    problems: Sequence[str],
    *,
    clock: Clock,
    resolver: Resolver | None,
    say: Callable[[str], None],
) -> tuple[Diagnosis, ...]:
    """Look at the settings, the database, the clock, the mail servers and the DNS.

    settings are what could be read, problems the mistakes in the file: where one is about a mail
    server or a newsletter, nobody is asked. resolver None: nothing beyond this machine is asked.
    say is told who will be asked.

    Returns one diagnosis for each thing that was looked at, by area.
    """
    health, database = _database(settings, is_offline=resolver is None)
    moment = judge_clock(clock.now(), is_kept=clock_is_kept(), health=health)
    judged = judge_settings(settings)
    if problems:
        judged = judge_mistakes(settings.file.name, problems)
    if resolver is None or any(map(_ABOUT_MAIL.search, problems)):
        why = "--offline" if resolver is None else "correct the settings first"
        return (*judged, *database, *moment, _not_asked(Area.SMTP, why), _not_asked(Area.DNS, why))
    say(_announcement(settings, resolver))
    outside = _outside(settings, clock, resolver)
    return (*judged, *database, *moment, *outside)


def _outside(settings: Settings, clock: Clock, resolver: Resolver) -> tuple[Diagnosis, ...]:
    """Ask mail servers and the DNS."""
    hides = _hides(resolver)
    probes = [probe_server(server, clock=clock) for server in settings.smtp]
    missing = find_missing(settings, probes, resolver.ask, is_hidden=hides)
    return (
        *_servers(probes, missing, clock),
        *examine_dns(settings, probes, resolver.ask, is_hidden=hides, missing=missing),
    )


def exit_code(found: Sequence[Diagnosis]) -> int:
    """Return 1 where something is wrong, 3 where somebody could not be asked, else 0."""
    states = {each.state for each in found}
    return 1 if State.ERROR in states else 3 if State.UNASKED in states else 0


def _database(
    settings: Settings, *, is_offline: bool
) -> tuple[StoreHealth | None, tuple[Diagnosis, ...]]:
    url = settings.database_url.value
    if is_offline and not url.startswith(_SQLITE):
        return None, (_not_asked(Area.DATABASE, "--offline"),)
    try:
        health = look_at_database(url)
    except ConfigError as error:
        return None, tuple(
            Diagnosis(
                area=Area.DATABASE,
                check="database",
                subject="database.url",
                state=State.ERROR,
                message=problem.removeprefix("database.url: "),
            )
            for problem in error.problems
        )
    return health, judge_database(health)


def _announcement(settings: Settings, resolver: Resolver) -> str:
    servers = ", ".join(f"{server.host}:{server.port}" for server in settings.smtp)
    domains = ", ".join(domains_asked(settings, is_hidden=_hides(resolver)))
    asked = [f"the mail server {servers} (no mail is sent)"] if servers else []
    if domains:
        asked.append(f"the DNS server {resolver.shown} about {domains} and your hosts")
    told = " and ".join(asked) or "nobody: no mail server is set, and all domains are placeholders"
    return f"asking {told}" + ("; --offline asks nobody" if asked else "")


def _hides(resolver: Resolver) -> Callable[[str], bool]:
    """Return which names are not asked about: placeholders, unless a DNS server was named."""
    return (lambda _: False) if resolver.is_named else is_reserved


def _servers(
    probes: Sequence[ServerProbe], missing: MissingNames, clock: Clock
) -> Iterator[Diagnosis]:
    if not probes:
        yield no_server()
    for probe in probes:
        is_lost = probe.end is ProbeEnd.LOST
        name = missing.above(probe.host) if is_lost else ""
        yield from judge_server(probe, clock.now(), missing=name)


def _not_asked(area: Area, why: str) -> Diagnosis:
    return Diagnosis(area, "offline", why, State.INFO, "not asked")
