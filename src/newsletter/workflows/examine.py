"""`doctor`: looks at the settings, the database, the clock, the mail servers and the DNS."""

from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from newsletter.clock import Clock
from newsletter.config.settings import Settings
from newsletter.delivery.send_one import probe_server
from newsletter.doctor.dns import domains_used, examine_dns
from newsletter.doctor.resolver import Resolver
from newsletter.doctor.setup import (
    clock_is_kept,
    judge_clock,
    judge_database,
    judge_mistakes,
    judge_server,
    judge_settings,
    judge_web,
    no_server,
)
from newsletter.errors import ConfigError
from newsletter.fetch.guard import look_at_certificate
from newsletter.model.address import is_reserved
from newsletter.model.diagnosis import Area, Diagnosis, State
from newsletter.store.backup import StoreHealth, look_at_database

_SQLITE = "sqlite:"
_HTTPS = 443


def examine(
    settings: Settings,
    problems: Sequence[str],
    *,
    clock: Clock,
    resolver: Resolver | None,
    say: Callable[[str], None],
    asks_web: bool = False,
) -> tuple[Diagnosis, ...]:
    """Look at the settings, the database and the clock and, if the settings load, at all else.

    Args:
        settings: what could be read.
        problems: the mistakes in the settings file.
        clock: of this machine.
        resolver: asks the DNS; None: nothing beyond this machine is asked.
        say: is told who will be asked.
        asks_web: whether the hosts of public_url are asked for their certificates too.

    Returns:
        One diagnosis for each thing that was looked at, by area.
    """
    health, database = _database(settings, is_offline=resolver is None)
    moment = judge_clock(clock.now(), is_kept=clock_is_kept(), health=health)
    if problems or resolver is None:
        why = "correct the settings first" if problems else "--offline"
        outside: tuple[Diagnosis, ...] = (_not_asked(Area.SMTP, why), _not_asked(Area.DNS, why))
    else:
        say(_announcement(settings, resolver))
        outside = _outside(settings, clock, resolver, asks_web=asks_web)
    if problems:
        return (*judge_mistakes(problems), *database, *moment, *outside)
    return (*judge_settings(settings), *database, *moment, *outside)


def _outside(
    settings: Settings, clock: Clock, resolver: Resolver, *, asks_web: bool
) -> tuple[Diagnosis, ...]:
    """Ask mail servers, the DNS and, where wanted, the readers' host."""
    hides = _hides(resolver)
    servers = [
        found
        for server in settings.smtp
        for found in judge_server(probe_server(server, clock=clock), clock.now())
    ]
    hosts = _web_hosts(settings, hides) if asks_web else ()
    return (
        *(servers or (no_server(),)),
        *examine_dns(settings, resolver.ask, is_hidden=hides),
        *(judge_web(look_at_certificate(host, port), clock.now()) for host, port in hosts),
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
    is_hidden = _hides(resolver)
    domains = ", ".join(each for each in domains_used(settings) if not is_hidden(each))
    asked = [f"the mail server {servers} (no mail is sent)"] if servers else []
    if domains:
        asked.append(f"the DNS server {resolver.shown} about {domains} and your hosts")
    told = " and ".join(asked) or "nobody: no mail server is set, and all domains are placeholders"
    return f"asking {told}" + ("; --offline asks nobody" if asked else "")


def _hides(resolver: Resolver) -> Callable[[str], bool]:
    """Return which names are not asked about: placeholders, unless a DNS server was named.

    That one may know names which are nobody's in the world: .internal, .test.
    """
    return (lambda _: False) if resolver.is_named else is_reserved


def _web_hosts(settings: Settings, is_hidden: Callable[[str], bool]) -> tuple[tuple[str, int], ...]:
    """Return host and port of each https public_url that is no placeholder."""
    urls = [urlsplit(newsletter.public_url) for newsletter in settings.newsletters]
    hosts = [(url.hostname or "", url.port or _HTTPS) for url in urls if url.scheme == "https"]
    return tuple(dict.fromkeys(each for each in hosts if not is_hidden(each[0])))


def _not_asked(area: Area, why: str) -> Diagnosis:
    return Diagnosis(area, "offline", why, State.INFO, "not asked")
