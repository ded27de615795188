"""Everything that `doctor` looks at, in order; who is asked is told before it is asked."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from newsletter.clock import Clock
from newsletter.config.fields import LOOPBACK
from newsletter.config.settings import NewsletterSettings, Settings, SmtpSettings
from newsletter.delivery.probe import probe_server
from newsletter.doctor.answer import Ask
from newsletter.doctor.dkim_findings import judge_dkim, no_selector
from newsletter.doctor.dmarc_findings import Route, judge_dmarc
from newsletter.doctor.host_findings import (
    addresses_of,
    judge_exchange,
    judge_public_host,
    judge_reverse,
    judge_transport,
)
from newsletter.doctor.machine_clock import clock_is_kept, zone_data
from newsletter.doctor.machine_findings import judge_clock, judge_database
from newsletter.doctor.resolver import Resolver
from newsletter.doctor.server_findings import judge_server, no_server
from newsletter.doctor.setting_findings import judge_mistakes, judge_settings
from newsletter.doctor.spf_findings import ServerPlace, judge_spf
from newsletter.errors import ConfigError
from newsletter.model.address import Address
from newsletter.model.diagnosis import Area, Diagnosis, State
from newsletter.model.domains import is_reserved
from newsletter.model.server_probe import ServerProbe
from newsletter.store.health import StoreHealth, look_at_database

_MOST_NUMBERS = 4  # of one server, for reverse DNS
_SQLITE = "sqlite:"


def examine(
    read_settings: Callable[[], Settings],
    file: str,
    *,
    clock: Clock,
    resolver: Resolver | None,
    say: Callable[[str], None],
) -> tuple[Diagnosis, ...]:
    """Look at the configuration and, where it loads, at all else.

    Args:
        read_settings: loads them.
        file: the settings file's name.
        clock: of this machine.
        resolver: asks the DNS; None: nothing beyond this machine is asked.
        say: is told who will be asked.

    Returns:
        One diagnosis for each thing that was looked at, by area.
    """
    try:
        settings = read_settings()
    except ConfigError as error:
        return judge_mistakes(file, error.problems)
    health, database = _database(settings, is_offline=resolver is None)
    moment = judge_clock(clock.now(), is_kept=clock_is_kept(), zones=zone_data(), health=health)
    if resolver is None:
        outside: tuple[Diagnosis, ...] = (_not_asked(Area.SMTP), _not_asked(Area.DNS))
    else:
        say(_announcement(settings, resolver))
        probes = [probe_server(server, clock=clock) for server in settings.smtp]
        outside = (*_servers(probes, clock), *_dns(settings, probes, resolver.ask))
    return (*judge_settings(settings), *database, *moment, *outside)


def exit_code(found: Sequence[Diagnosis]) -> int:
    """Give 1 where something is wrong, 3 where somebody could not be asked, else 0."""
    states = {each.state for each in found}
    return 1 if State.ERROR in states else 3 if State.UNASKED in states else 0


def _database(
    settings: Settings, *, is_offline: bool
) -> tuple[StoreHealth | None, tuple[Diagnosis, ...]]:
    url = settings.database_url.value
    if is_offline and not url.startswith(_SQLITE):
        return None, (_not_asked(Area.DATABASE),)
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
    domains = ", ".join(dict.fromkeys(domain for domain, _, _ in _mail_domains(settings)))
    asked = [f"the mail server {servers} (no mail is sent)"] if servers else []
    if domains:
        asked.append(f"the DNS server {resolver.shown} about {domains} and your hosts")
    told = " and ".join(asked) or "nobody: no mail server is set, and all domains are placeholders"
    return f"asking {told}" + ("; --offline asks nobody" if asked else "")


def _servers(probes: Sequence[ServerProbe], clock: Clock) -> Iterator[Diagnosis]:
    if not probes:
        yield no_server()
    for probe in probes:
        yield from judge_server(probe, clock.now())


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


def _paths(settings: Settings) -> tuple[_Path, ...]:
    servers = settings.smtp or (None,)
    return tuple(
        _Path(newsletter=newsletter, server=server)
        for newsletter in settings.newsletters
        for server in servers
    )


def _dns(settings: Settings, probes: Sequence[ServerProbe], ask: Ask) -> Iterator[Diagnosis]:
    paths = [path for path in _paths(settings) if not is_reserved(path.sender)]
    places = {server.name: _place(server, probes, ask) for server in settings.smtp}
    hidden = dict.fromkeys(path.sender for path in _paths(settings) if is_reserved(path.sender))
    for domain in hidden:
        yield _placeholder(domain)
    yield from _spf(paths, places, ask)
    yield from _dkim(paths, ask)
    yield from _dmarc(paths, ask)
    for place in places.values():
        for ip in place.public[:_MOST_NUMBERS]:
            yield judge_reverse(place.host, ip, ask)
    yield from _exchanges(settings, ask)
    urls = dict.fromkeys(newsletter.public_url for newsletter in settings.newsletters)
    for url in urls:
        host = url.partition("://")[2].partition("/")[0].partition(":")[0]
        if url.startswith("https:") and not is_reserved(host):
            yield judge_public_host(url, ask)
    for domain in dict.fromkeys(path.sender for path in paths):
        yield from judge_transport(domain, ask)


def _spf(paths: Sequence[_Path], places: dict[str, ServerPlace], ask: Ask) -> Iterator[Diagnosis]:
    """Judge each domain of a return path once, with all servers that send by it."""
    envelopes: dict[str, Address] = {}
    senders: dict[str, dict[str, ServerPlace]] = {}
    for path in paths:
        if is_reserved(path.envelope.domain):
            continue
        domain = path.envelope.domain
        envelopes.setdefault(domain, path.envelope)
        if path.server is not None:
            senders.setdefault(domain, {})[path.server.name] = places[path.server.name]
    for domain, envelope in envelopes.items():
        yield from judge_spf(envelope, tuple(senders.get(domain, {}).values()), ask)


def _dkim(paths: Sequence[_Path], ask: Ask) -> Iterator[Diagnosis]:
    seen: set[tuple[str, str]] = set()
    for path in paths:
        server = path.server
        if server is None:
            continue
        key = (path.signer, server.dkim_selector) if path.signer else (server.name, "")
        if key in seen or is_reserved(path.signer or path.sender):
            continue
        seen.add(key)
        if path.signer:
            yield judge_dkim(path.signer, server.dkim_selector, ask)
        else:
            yield no_selector(server.name)


def _dmarc(paths: Sequence[_Path], ask: Ask) -> Iterator[Diagnosis]:
    for domain in dict.fromkeys(path.sender for path in paths):
        own = [path for path in paths if path.sender == domain]
        routes = [
            Route(server=path.server.name, envelope=path.envelope.domain, signer=path.signer)
            for path in own
            if path.server is not None
        ]
        newsletter = own[0].newsletter
        reports_to = newsletter.reply_to or newsletter.sender.address
        yield from judge_dmarc(
            domain, tuple(dict.fromkeys(routes)), reports_to=reports_to.spec, ask=ask
        )


def _exchanges(settings: Settings, ask: Ask) -> Iterator[Diagnosis]:
    used: dict[str, list[str]] = {}
    for domain, _, key in _mail_domains(settings):
        used.setdefault(domain, []).append(key)
    for domain, keys in used.items():
        yield judge_exchange(domain, tuple(dict.fromkeys(keys)), ask)


def _mail_domains(settings: Settings) -> Iterator[tuple[str, Address, str]]:
    """Give each domain that should take mail, with its address and the key; no placeholders."""
    given: chain[tuple[Address | None, str]] = chain(
        ((newsletter.sender.address, "from") for newsletter in settings.newsletters),
        ((newsletter.reply_to, "reply_to") for newsletter in settings.newsletters),
        ((server.return_path, "return_path") for server in settings.smtp),
    )
    for address, key in given:
        if address is not None and not is_reserved(address.domain):
            yield address.domain, address, key


def _place(server: SmtpSettings, probes: Sequence[ServerProbe], ask: Ask) -> ServerPlace:
    """Find the addresses of a server: in the DNS, else the one that answered."""
    if server.host in LOOPBACK:
        return ServerPlace(host=server.host)
    numbers, _ = addresses_of(server.host, ask)
    peers = [probe.peer for probe in probes if probe.name == server.name and probe.peer]
    if not numbers and peers:
        numbers, _ = addresses_of(peers[0], ask)
    return ServerPlace(host=server.host, addresses=numbers)


def _placeholder(domain: str) -> Diagnosis:
    return Diagnosis(
        area=Area.DNS,
        check="placeholder",
        subject=domain,
        state=State.INFO,
        message="a placeholder: the DNS was not asked about it",
        remedy="write your own domain as from; doctor then looks at SPF, DKIM and DMARC",
    )


def _not_asked(area: Area) -> Diagnosis:
    return Diagnosis(
        area=area,
        check="offline",
        subject="--offline",
        state=State.INFO,
        message="not asked",
    )
