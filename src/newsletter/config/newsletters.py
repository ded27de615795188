"""[newsletter], [newsletters.NAME] with its checks, and [smtp.NAME]."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import time, timedelta
from difflib import get_close_matches
from zoneinfo import ZoneInfo

from newsletter.config import values
from newsletter.config.brand import NOTHING_GIVEN, GivenBrand, brand_of, read_brand
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
from newsletter.config.toml import Table
from newsletter.model.address import Address, Mailbox, parse_address
from newsletter.model.finding import CheckLevel, CheckRule, CheckRules, Levels
from newsletter.model.schedule import parse_cron
from newsletter.model.text import is_slug

_level = values.choice(CheckLevel)


def read_levels(table: Table | None, rules: CheckRules, above: Levels = ()) -> Levels:
    """Read ID = "off" | "info" | "warning" | "error" over what stands above; by id."""
    if table is None or not table.values:
        return above
    known = rules()
    read = dict(above)
    for written in table.values:
        key = _id_of(written, known)
        rule = known.get(key)
        level = table.take(written, _level, None)
        if rule is None:
            table.problems.add((*table.path, written), _unknown(written, known))
        elif rule.refusal:
            table.problems.add((*table.path, written), rule.refusal)
        elif level is not None:
            read[key] = level
    return tuple(sorted(read.items()))


def _id_of(written: str, known: Mapping[str, CheckRule]) -> str:
    """Take "S13", "s13" and "S13 stale-dates" for one."""
    first = written.partition(" ")[0].upper()
    rest = written.partition(" ")[2]
    return first if not rest or (first in known and known[first].name == rest) else written


def _unknown(written: str, known: Mapping[str, CheckRule]) -> str:
    names = {rule.name: key for key, rule in known.items()}
    word = written.casefold()[:100]
    near = get_close_matches(word.upper(), list(known), n=1, cutoff=0.6)
    near = near or [names[name] for name in get_close_matches(word, list(names), n=1, cutoff=0.6)]
    remedy = (
        f"did you mean {near[0]} ({known[near[0]].name})?"
        if near
        else "docs/reference/checks.md lists them"
    )
    return f"there is no such check; {remedy}"


def read_words(table: Table | None, above: WordLists = ()) -> WordLists:
    """Read what is added to the word lists of the checks, beside what stands above it."""
    if table is None:
        return above
    read = dict(above)
    for name in WORD_LISTS:
        read[name] = (*read.get(name, ()), *(table.take_list(name, values.text) or ()))
    table.refuse_rest()
    return tuple((name, phrases) for name, phrases in read.items() if phrases)


MOST_STORIES = 100
MOST_CALLOUTS = 5
MOST_POINTS = 100
MOST_SECTIONS = 50
_REGION = 2  # letters of a region in a language tag, BCP 47
_NO_ADDRESS = Address(local="nobody", domain="invalid.example")
_UTC = ZoneInfo("UTC")


def read_newsletters(
    top: Table, defaults: Table | None, rules: CheckRules
) -> tuple[NewsletterSettings, ...]:
    """Read every newsletter; defaults is the table [newsletter], None where it is missing."""
    levels = read_levels(top.table("checks"), rules)
    words = read_words(top.table("words"))
    common = defaults or Table(problems=top.problems, path=("newsletter",), values={})
    publication = common.need("name", values.text, "") if defaults else ""
    if defaults is None:
        top.problems.add((), "[newsletter] is missing; write it with name, from and public_url")
    base = _shared(common, None)
    base = replace(base, looks=read_brand(top.table("brand")))
    common.refuse_rest()
    named = top.table("newsletters")
    tables = named.tables() if named else ()
    if not tables:
        top.problems.add((), "no newsletter is described; write a table [newsletters.daily]")
    return tuple(
        _newsletter(
            name,
            table,
            publication,
            base,
            levels=read_levels(table.table("checks"), rules, levels),
            words=read_words(table.table("words"), words),
        )
        for name, table in tables
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shared:
    """What [newsletter] gives to each newsletter and each may set for itself; None is unset."""

    sender: Mailbox | None
    reply_to: Address | None
    editors: tuple[Address, ...]
    postal_address: str
    public_url: str
    language: str
    country: str
    timezone: ZoneInfo | None
    looks: GivenBrand = NOTHING_GIVEN


_NOTHING_SHARED = _Shared(
    sender=None,
    reply_to=None,
    editors=(),
    postal_address="",
    public_url="",
    language="",
    country="",
    timezone=None,
)


def _shared(table: Table, above: _Shared | None) -> _Shared:
    base = above or _NOTHING_SHARED
    editors = table.take_list("editors", values.address)
    return _Shared(
        sender=table.take("from", values.mailbox, base.sender),
        reply_to=table.take("reply_to", values.address, base.reply_to),
        editors=base.editors if editors is None else editors,
        postal_address=table.take("postal_address", values.text, base.postal_address),
        public_url=table.take("public_url", values.public_url, base.public_url),
        language=table.take("language", values.language, base.language),
        country=table.take("country", values.country, base.country),
        timezone=table.take("timezone", values.zone, base.timezone),
        looks=base.looks,
    )


def _newsletter(
    name: str,
    table: Table,
    publication: str,
    base: _Shared,
    *,
    levels: Levels,
    words: WordLists,
) -> NewsletterSettings:
    if not is_slug(name):
        table.problems.add(table.path, "is no name; write 1 to 80 of a-z, 0-9 and -")
    shared = _shared(table, base)
    most = table.take("most_stories", values.whole(1, MOST_STORIES), 8)
    fewest = table.take("fewest_stories", values.whole(1, MOST_STORIES), min(3, most))
    if fewest > most:
        sentence = f"{fewest} is more than most_stories ({most}); write at most {most}"
        table.problems.add((*table.path, "fewest_stories"), sentence)
    schedule = table.table("schedule")
    title = table.take("title", values.text, name)
    list_name = table.take("list", values.name, name)
    template = table.take("template", values.name, "daily")
    sources = table.take_list("sources", values.name) or ()
    callouts = table.take_list("callouts", values.name) or ()
    if_unverified = table.take(
        "callout_if_unverified", values.choice(CalloutIfUnverified), CalloutIfUnverified.HOLD
    )
    most_callouts = table.take("most_callouts", values.whole(0, MOST_CALLOUTS), 1)
    callout_every = table.take("callout_every", values.whole(1, MOST_STORIES), 1)
    approval = table.take("approval", values.choice(ApprovalRule), ApprovalRule.REQUIRED)
    hold = table.take("hold", values.duration, timedelta(seconds=60))
    fuse = table.take("audience_fuse", values.percent, 0.05)
    planned = _schedule(schedule) if schedule else None
    choice = _choice(table.table("choice"))
    given = read_brand(table.table("brand")).over(shared.looks)
    table.refuse_rest()
    _note_missing(table, shared)
    return NewsletterSettings(
        name=name,
        title=title,
        list=list_name,
        publication=publication,
        sender=shared.sender or Mailbox(name="", address=_NO_ADDRESS),
        reply_to=shared.reply_to,
        editors=shared.editors,
        postal_address=shared.postal_address,
        public_url=shared.public_url,
        language=shared.language,
        timezone=shared.timezone or _UTC,
        template=template,
        template_line=table.problems.line_of((*table.path, "template")),
        sources=sources,
        callouts=callouts,
        callout_if_unverified=if_unverified,
        most_callouts=most_callouts,
        callout_every=callout_every,
        country=shared.country or region_of(shared.language),
        most_stories=most,
        fewest_stories=fewest,
        approval=approval,
        hold=hold,
        audience_fuse=fuse,
        schedule=planned,
        choice=choice,
        check_levels=levels,
        words=words,
        brand=brand_of(given, shared.language, table.problems),
    )


def _note_missing(table: Table, shared: _Shared) -> None:
    for key, value in (
        ("from", shared.sender),
        ("postal_address", shared.postal_address),
        ("public_url", shared.public_url),
        ("language", shared.language),
        ("timezone", shared.timezone),
    ):
        if not value and not _is_given(table, key):
            table.problems.lacks(table.path, key, "it here or in [newsletter]", ("newsletter",))


def region_of(language: str) -> str:
    """Return the country that a language tag names: "GB" of en-GB, "" of en."""
    regions = (part for part in language.split("-")[1:] if len(part) == _REGION)
    return next(regions, "").upper()


def _is_given(table: Table, key: str) -> bool:
    """Return whether a key stands in the file: where its value is wrong, that has been said."""
    lines = table.problems.lines
    return (*table.path, key) in lines or ("newsletter", key) in lines


def _schedule(table: Table) -> ScheduleSettings:
    read = ScheduleSettings(
        cron=table.need("cron", values.cron, ""),
        draft_at=table.take("draft_at", values.clock, None),
        approve_by=table.take("approve_by", values.clock, None),
        if_unapproved=table.take("if_unapproved", values.choice(IfUnapproved), IfUnapproved.HOLD),
        if_late=table.take("if_late", values.lateness, timedelta(hours=2)),
        skip_dates=table.take_list("skip_dates", values.day) or (),
        holidays=table.take("holidays", values.holidays, ""),
    )
    _refuse_draft_after_approval(table, read)
    table.refuse_rest()
    return read


def _refuse_draft_after_approval(table: Table, read: ScheduleSettings) -> None:
    """Both times are the last of their kind before the planned one, if need be of the day before.

    A draft that would come between approve_by and the planned time has missed its editors.
    """
    if not read.cron or read.draft_at is None or read.approve_by is None:
        return
    for planned in parse_cron(read.cron).times:
        draft, approve = (_minutes_before(planned, at) for at in (read.draft_at, read.approve_by))
        if draft <= approve:
            sentence = (
                f"{read.draft_at:%H:%M} is after approve_by, for the issue of {planned:%H:%M}; "
                "write an earlier time"
            )
            table.problems.add((*table.path, "draft_at"), sentence)
            return


def _minutes_before(planned: time, at: time) -> int:
    minutes = (planned.hour - at.hour) * 60 + planned.minute - at.minute
    return minutes % (24 * 60)


def _choice(table: Table | None) -> ChoiceSettings:
    usual = ChoiceSettings()
    if table is None:
        return usual
    points = values.number(0, MOST_POINTS)
    read = ChoiceSettings(
        freshness=table.take("freshness", points, usual.freshness),
        half_life=table.take("half_life", values.duration, usual.half_life),
        source=table.take("source", points, usual.source),
        place=table.take("place", points, usual.place),
        carried=table.take("carried", points, usual.carried),
        variety=table.take("variety", points, usual.variety),
        oldest=table.take("oldest", values.duration, usual.oldest),
        repeat_after=table.take("repeat_after", values.duration, usual.repeat_after),
        sections=_sections(table.table("sections")),
    )
    for key, value in (("half_life", read.half_life), ("oldest", read.oldest)):
        if not value:
            table.problems.add((*table.path, key), 'is no time at all; write "12h"')
    table.refuse_rest()
    return read


def _sections(table: Table | None) -> tuple[tuple[str, int], ...]:
    """Read heading = most stories; which headings there are is judged with the sources."""
    if table is None:
        return ()
    if len(table.values) > MOST_SECTIONS:
        sentence = f"holds {len(table.values)} sections; write at most {MOST_SECTIONS}"
        table.problems.add(table.path, sentence)
    most = values.whole(1, MOST_STORIES)
    return tuple((heading, table.take(heading, most, MOST_STORIES)) for heading in table.values)


LONGEST_SELECTOR = 100
_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?"
_SELECTOR = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")


def read_server(name: str, table: Table) -> SmtpSettings:
    """Read one table; its mistakes are noted in the table."""
    server = SmtpSettings(
        name=name,
        host=table.need("host", values.host, "localhost"),
        port=table.take("port", values.whole(1, 65_535), 587),
        security=table.take("security", values.choice(Security), Security.STARTTLS),
        username=table.take("username", values.text_or_empty, ""),
        password_env=table.take("password_env", values.variable, ""),
        return_path=table.take("return_path", values.address, None),
        dkim_domain=table.take("dkim_domain", _domain, ""),
        dkim_selector=table.take("dkim_selector", _selector, ""),
        connections=table.take("connections", values.whole(1, 100), 4),
        per_second=table.take("per_second", values.rate, 50.0),
        per_day=table.take("per_day", values.whole(1, 100_000_000), 100_000),
    )
    if server.security is Security.NONE and server.host not in values.LOOPBACK:
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
    read = values.text(value)
    try:
        return parse_address(f"name@{read}").domain
    except ValueError as error:
        msg = f'{values.shown(read)} is no domain; write "example.org"'
        raise ValueError(msg) from error


def _selector(value: object) -> str:
    """Read a DKIM selector: labels with dots between them (RFC 6376 section 3.1)."""
    read = values.text(value)
    if len(read) > LONGEST_SELECTOR or not _SELECTOR.fullmatch(read):
        msg = f'{values.shown(read)} is no selector; write the s= of a signature: "news2026"'
        raise ValueError(msg)
    return read.lower()
