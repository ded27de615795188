"""[newsletter], [newsletters.NAME] with its checks, and [smtp.NAME]."""

from collections.abc import Mapping
from datetime import time
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo

from newsletter.config import values
from newsletter.config.brand import GivenBrand, brand_of, read_brand
from newsletter.config.settings import (
    WORD_LISTS,
    ApprovalRule,
    CalloutIfUnverified,
    ChoiceSettings,
    IfUnapproved,
    NewsletterSettings,
    ScheduleSettings,
    Secret,
    Security,
    SmtpSettings,
    WordLists,
)
from newsletter.config.toml import Keys, Table
from newsletter.model.address import Address, Mailbox
from newsletter.model.finding import CheckLevel, CheckRule, CheckRules, Levels
from newsletter.model.schedule import parse_cron
from newsletter.model.text import is_slug

MOST_STORIES = 100
_COUNT = values.whole(1, MOST_STORIES)
_POINTS = values.number(0, 100)
_REGION = 2  # letters of a region in a language tag, BCP 47

SHARED: Keys = {
    "from": values.mailbox,
    "reply_to": values.address,
    "editors": values.list_of(values.address),
    "postal_address": values.text,
    "public_url": values.public_url,
    "language": values.language,
    "country": values.country,
    "timezone": values.zone,
}
"""What [newsletter] gives to each newsletter and each may set for itself."""

_NEEDED = ("from", "postal_address", "public_url", "language", "timezone")
_STAND_INS: Mapping[str, Any] = {  # for needed keys that are missing or wrong, which has been noted
    "from": Mailbox(name="", address=Address(local="nobody", domain="invalid.example")),
    "postal_address": "",
    "public_url": "",
    "language": "",
    "timezone": ZoneInfo("UTC"),
}
NEWSLETTER: Keys = {
    "title": values.text,
    "list": values.name,
    "template": values.name,
    "sources": values.list_of(values.name),
    "callouts": values.list_of(values.name),
    "callout_if_unverified": values.choice(CalloutIfUnverified),
    "most_callouts": values.whole(0, 5),
    "callout_every": _COUNT,
    "most_stories": _COUNT,
    "fewest_stories": _COUNT,
    "approval": values.choice(ApprovalRule),
    "hold": values.duration(),
    "audience_fuse": values.percent,
}
SCHEDULE: Keys = {
    "cron": values.cron,
    "draft_at": values.clock,
    "approve_by": values.clock,
    "if_unapproved": values.choice(IfUnapproved),
    "if_late": values.duration("1m"),
    "skip_dates": values.list_of(values.day),
    "holidays": values.holidays,
}
CHOICE: Keys = {
    "freshness": _POINTS,
    "half_life": values.duration("1s"),
    "source": _POINTS,
    "place": _POINTS,
    "carried": _POINTS,
    "variety": _POINTS,
    "oldest": values.duration("1s"),
    "repeat_after": values.duration(),
}
WORDS: Keys = dict.fromkeys(WORD_LISTS, values.list_of(values.text))
SMTP: Keys = {
    "host": values.host,
    "port": values.whole(1, 65_535),
    "security": values.choice(Security),
    "username": values.text_or_empty,
    "password_env": values.variable,
    "return_path": values.address,
    "dkim_domain": values.domain,
    "dkim_selector": values.selector,
    "connections": values.whole(1, 100),
    "per_second": values.number(0.001, 1_000_000),
    "per_day": values.whole(1, 100_000_000),
}


def read_newsletters(top: Table, rules: CheckRules) -> tuple[NewsletterSettings, ...]:
    """Read every newsletter, each over [newsletter], [brand], [checks] and [words]."""
    levels = read_levels(top.table("checks"), rules)
    words = read_words(top.table("words"))
    common = top.table("newsletter")
    if "newsletter" not in top.values:
        top.problems.add((), "[newsletter] is missing; write it with name, from and public_url")
    needed = ("name",) if "newsletter" in top.values else ()
    publication = common.fill({"name": values.text}, *needed).get("name", "")
    shared = common.fill(SHARED)
    common.refuse_rest()
    looks = read_brand(top.table("brand"))
    named = top.table("newsletters")
    if not named.values:
        top.problems.add((), "no newsletter is described; write a table [newsletters.daily]")
    return tuple(
        _newsletter(
            *(name, table, publication, shared, looks),
            check_levels=read_levels(table.table("checks"), rules, levels),
            words=read_words(table.table("words"), words),
        )
        for name, table in named.tables()
    )


def _newsletter(
    name: str,
    table: Table,
    publication: str,
    above: Mapping[str, Any],
    looks: GivenBrand,
    *,
    check_levels: Levels,
    words: WordLists,
) -> NewsletterSettings:
    if not is_slug(name):
        table.problems.add(table.path, "is no name; write 1 to 80 of a-z, 0-9 and -")
    shared = {**_STAND_INS, **above, **table.fill(SHARED)}
    own = table.fill(NEWSLETTER)
    most = own.get("most_stories", 8)
    fewest = own.setdefault("fewest_stories", min(3, most))
    if fewest > most:
        table.wrong("fewest_stories", f"{fewest} is more than most_stories ({most})")
    has_schedule = "schedule" in table.values
    schedule = _schedule(table.table("schedule")) if has_schedule else None
    choice = _choice(table.table("choice"))
    brand = {**looks, **read_brand(table.table("brand"))}
    table.refuse_rest()
    lines = table.problems.lines
    for key in _NEEDED:
        # where a value is wrong, that has been said
        if (*table.path, key) not in lines and ("newsletter", key) not in lines:
            where = "it here or in [newsletter]"
            table.problems.lacks(table.path, key, where, ("newsletter",))
    language = shared["language"]
    return NewsletterSettings(
        name=name,
        publication=publication,
        sender=shared.pop("from"),
        country=shared.pop("country", "") or region_of(language),
        reply_to=shared.pop("reply_to", None),
        editors=shared.pop("editors", ()),
        **shared,
        **{"title": name, "list": name, **own},
        template_line=table.problems.line_of((*table.path, "template")),
        schedule=schedule,
        choice=choice,
        check_levels=check_levels,
        words=words,
        brand=brand_of(brand, language, table.problems),
    )


def region_of(language: str) -> str:
    """Return the country that a language tag names: "GB" of en-GB, "" of en."""
    regions = (part for part in language.split("-")[1:] if len(part) == _REGION)
    return next(regions, "").upper()


def _schedule(table: Table) -> ScheduleSettings:
    read = ScheduleSettings(**{"cron": "", **table.fill(SCHEDULE, "cron")})
    table.refuse_rest()
    if not read.cron or read.draft_at is None or read.approve_by is None:
        return read
    # both are the last of their kind before the planned time, if need be of the day before
    for planned in parse_cron(read.cron).times:
        if _minutes_before(planned, read.draft_at) <= _minutes_before(planned, read.approve_by):
            sentence = (
                f"{read.draft_at:%H:%M} is after approve_by, for the issue of {planned:%H:%M}; "
                "write an earlier time"
            )
            table.wrong("draft_at", sentence)
            break
    return read


def _minutes_before(planned: time, at: time) -> int:
    minutes = (planned.hour - at.hour) * 60 + planned.minute - at.minute
    return minutes % (24 * 60)


def _choice(table: Table) -> ChoiceSettings:
    """Read points and sections; which sections there are is judged with the sources."""
    sections = table.table("sections")
    most = tuple((heading, sections.take(heading, _COUNT, 1)) for heading in sections.values)
    read = ChoiceSettings(**table.fill(CHOICE), sections=most)
    table.refuse_rest()
    return read


def read_levels(table: Table, rules: CheckRules, above: Levels = ()) -> Levels:
    """Read ID = "off" | "info" | "warning" | "error" over what stands above; by id."""
    if not table.values:
        return above
    known = rules()
    read = dict(above)
    for written in table.values:
        level = table.take(written, values.choice(CheckLevel), None)
        if written not in known:
            table.wrong(written, _unknown(written, known))
        elif known[written].refusal:
            table.wrong(written, known[written].refusal)
        elif level is not None:
            read[written] = level
    return tuple(sorted(read.items()))


def _unknown(written: str, known: Mapping[str, CheckRule]) -> str:
    ids = {word: key for key, rule in known.items() for word in (key.lower(), rule.name)}
    near = get_close_matches(written.lower()[:100], list(ids), n=1, cutoff=0.6)
    remedy = "docs/reference/checks.md lists them"
    if near:
        key = ids[near[0]]
        remedy = f"did you mean {key} ({known[key].name})?"
    return f"there is no such check; {remedy}"


def read_words(table: Table, above: WordLists = ()) -> WordLists:
    """Read what is added to the word lists of the checks, beside what stands above it."""
    own, before = table.fill(WORDS), dict(above)
    table.refuse_rest()
    names = [name for name in WORD_LISTS if name in own or name in before]
    return tuple((name, (*before.get(name, ()), *own.get(name, ()))) for name in names)


def read_server(name: str, table: Table, environ: Mapping[str, str]) -> SmtpSettings:
    """Read one table; environ gives the password."""
    read = table.fill(SMTP, "host")
    server = SmtpSettings(
        **{"name": name, "host": "localhost", **read},
        password=secret(read.get("password_env", ""), environ),
    )
    if server.security is Security.NONE and server.host not in values.LOOPBACK:
        table.wrong("security", '"none" is for this machine alone; write "starttls" or "tls"')
    if server.dkim_domain and "dkim_selector" not in table.values:
        table.wrong("dkim_domain", "has no dkim_selector beside it; write the s= of a signature")
    if server.username and "password_env" not in table.values:
        table.wrong("username", 'needs password_env = "NEWSLETTER_SMTP_PASSWORD"')
    return server


def secret(variable: str, environ: Mapping[str, str]) -> Secret | None:
    """Return what an environment variable holds; None where it is not set."""
    value = environ.get(variable, "") if variable else ""
    return Secret(value=value) if value else None
