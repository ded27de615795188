"""`doctor`: looks at the settings, the database, the clock, the mail servers and the DNS."""

import re
from collections.abc import Callable, Sequence

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
    no_server,
)
from newsletter.errors import ConfigError
from newsletter.model.address import is_reserved
from newsletter.model.diagnosis import Area, Diagnosis, State
from newsletter.store.backup import StoreHealth, look_at_database

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
    """Look at the settings, the database, the clock, the mail servers and the DNS."""
    health, database = _database(settings, is_offline=resolver is None)
    moment = judge_clock(clock.now(), is_kept=clock_is_kept(), health=health)
    judged = judge_mistakes(problems) if problems else judge_settings(settings)
    if resolver is None or any(map(_ABOUT_MAIL.search, problems)):
        why = "--offline" if resolver is None else "correct the settings first"
        return (*judged, *database, *moment, _not_asked(Area.SMTP, why), _not_asked(Area.DNS, why))
    say(_announcement(settings, resolver))
    servers = [
        found
        for server in settings.smtp
        for found in judge_server(probe_server(server, clock=clock), clock.now())
    ]
    outside = examine_dns(settings, resolver.ask, is_hidden=_hides(resolver))
    return (*judged, *database, *moment, *(servers or (no_server(),)), *outside)


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
    """Return which names are not asked about: placeholders, unless a DNS server was named."""
    return (lambda _: False) if resolver.is_named else is_reserved


def _not_asked(area: Area, why: str) -> Diagnosis:
    return Diagnosis(area, "offline", why, State.INFO, "not asked")
