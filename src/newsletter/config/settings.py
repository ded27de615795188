"""Every setting of newsletter.toml as a frozen value.

docs/reference/settings.md describes each key. What a value means is told here; reading, defaults
from [newsletter] and error texts are in load.py.
"""

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from newsletter.model.address import Address, Mailbox
from newsletter.model.brand import DEFAULT_BRAND, Brand
from newsletter.model.finding import Levels
from newsletter.model.notice import NoticeKind


class ApprovalRule(StrEnum):
    """required: a person approves. automatic: passes when no error is left and the fuse holds."""

    REQUIRED = "required"
    AUTOMATIC = "automatic"


class IfUnapproved(StrEnum):
    """What a run does when approve_by has passed without an approval."""

    HOLD = "hold"
    SKIP = "skip"


class CalloutIfUnverified(StrEnum):
    """hold: a scheduled issue waits. drop: it goes out without the appeal."""

    HOLD = "hold"
    DROP = "drop"


class Security(StrEnum):
    """How the connection to a mail server is protected; none is for loopback only."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class LogFormat(StrEnum):
    """How `run` writes its log, one line an event: for a person, or for a program."""

    TEXT = "text"
    JSON = "json"


class RecheckLevel(StrEnum):
    """What a finding of `recheck` does: blocks a send, warns, or is not looked for."""

    BLOCK = "block"
    WARN = "warn"
    OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """A secret from the environment; str() and repr() never show it."""

    value: str = field(repr=False)

    def __str__(self) -> str:
        return "***"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleSettings:
    """[newsletters.NAME.schedule]; times are in the newsletter's zone."""

    cron: str
    draft_at: time | None = None
    approve_by: time | None = None
    if_unapproved: IfUnapproved = IfUnapproved.HOLD
    if_late: timedelta = timedelta(hours=2)
    skip_dates: tuple[date, ...] = ()
    holidays: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceSettings:
    """[newsletters.NAME.choice]: what counts for a story, in points; `ingest` counts them.

    sections: the most stories of each, in the order in which they stand in the issue.
    """

    freshness: float = 5.0
    half_life: timedelta = timedelta(hours=12)
    source: float = 2.0
    place: float = 2.0
    carried: float = 1.0
    variety: float = 1.0
    oldest: timedelta = timedelta(days=7)
    repeat_after: timedelta = timedelta(days=14)
    sections: tuple[tuple[str, int], ...] = ()


WordLists = tuple[tuple[str, tuple[str, ...]], ...]
WORD_LISTS = (
    *("residue", "placeholders", "stand_ins", "says_nothing", "begins_alt", "asks_for_money"),
    *("light_sections", "grave_sections", "hedges", "not_names", "subject_fillers"),
    *("residue_sentences", "notes", "says", "today", "tomorrow", "yesterday", "ahead", "behind"),
)
"""The word lists of the checks that [words] may add to; docs/reference/checks.md tells of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsletterSettings:
    """[newsletters.NAME] with the defaults of [newsletter] filled in; publication is its name.

    audience_fuse is a fraction (0.05 is 5%).
    """

    name: str
    title: str
    list: str
    publication: str
    sender: Mailbox
    reply_to: Address | None
    editors: tuple[Address, ...]
    postal_address: str
    public_url: str
    language: str
    timezone: ZoneInfo
    template: str = "daily"
    template_line: int = field(default=0, compare=False)  # of newsletter.toml
    sources: tuple[str, ...] = ()
    callouts: tuple[str, ...] = ()
    callout_if_unverified: CalloutIfUnverified = CalloutIfUnverified.HOLD
    most_callouts: int = 1
    callout_every: int = 1
    country: str = ""
    most_stories: int = 8
    fewest_stories: int = 3
    approval: ApprovalRule = ApprovalRule.REQUIRED
    hold: timedelta = timedelta(seconds=60)
    audience_fuse: float = 0.05
    schedule: ScheduleSettings | None = None
    choice: ChoiceSettings = ChoiceSettings()
    brand: Brand = DEFAULT_BRAND
    check_levels: Levels = ()
    words: WordLists = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NoiseRule:
    """A whole line of a source that is never article text; kind is "noise" by default."""

    match: str
    kind: str = "noise"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSettings:
    """[sources.NAME]: one of feed, site and page; every below 5 minutes counts as 5."""

    name: str
    feed: str = ""
    site: str = ""
    page: str = ""
    every: timedelta = timedelta(minutes=15)
    required: bool = False
    noise: tuple[NoiseRule, ...] = ()
    allow_local: tuple[str, ...] = ()
    rights: str = ""
    weight: float = 1.0
    section: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpSettings:
    """[smtp.NAME]. password holds what password_env names, None where unset.

    dkim_domain and dkim_selector are d= and s= of the server's signatures, "" where not known.
    """

    name: str
    host: str
    port: int = 587
    security: Security = Security.STARTTLS
    username: str = ""
    password_env: str = ""
    password: Secret | None = None
    return_path: Address | None = None
    dkim_domain: str = ""
    dkim_selector: str = ""
    connections: int = 4
    per_second: float = 50.0
    per_day: int = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverySettings:
    """[delivery]: the ledger window W and the first retry's delay."""

    window: int = 1
    first_retry: timedelta = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class LlmSettings:
    """[llm]: the address of a model, as far as its /v1; key is its secret, None where unset.

    timeout bounds one summary as a whole.
    """

    url: str
    model: str
    key_env: str = ""
    key: Secret | None = None
    timeout: timedelta = timedelta(seconds=20)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSettings:
    """[run]: where `run` listens, how it logs, and whose forwarded headers it will believe."""

    listen: str = "127.0.0.1:8025"
    log_format: LogFormat = LogFormat.TEXT
    trusted_proxies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecheckSettings:
    """[recheck]: what blocks and what warns when the sources are asked again."""

    withdrawn: RecheckLevel = RecheckLevel.BLOCK
    link: RecheckLevel = RecheckLevel.WARN
    headline: RecheckLevel = RecheckLevel.WARN
    picture: RecheckLevel = RecheckLevel.WARN


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeSettings:
    """[notices]: what editors are told by mail; webhook and the secret that signs its posts."""

    mail: tuple[NoticeKind, ...] = tuple(NoticeKind)
    webhook: str = ""
    secret_env: str = ""
    secret: Secret | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All of newsletter.toml. folder is where it stands; relative paths start there."""

    folder: Path
    file: Path
    newsletters: tuple[NewsletterSettings, ...]
    sources: tuple[SourceSettings, ...] = ()
    smtp: tuple[SmtpSettings, ...] = ()
    delivery: DeliverySettings = DeliverySettings()
    run: RunSettings = RunSettings()
    llm: LlmSettings | None = None
    recheck: RecheckSettings = RecheckSettings()
    notices: NoticeSettings = NoticeSettings()
    proof_addresses: tuple[Address, ...] = ()
    database_url: Secret = Secret(value="sqlite:///var/newsletter.db")

    @property
    def issues_folder(self) -> Path:
        """Where the issue files are."""
        return self.folder / "issues"

    @property
    def templates_folder(self) -> Path:
        """Where the templates are."""
        return self.folder / "templates"

    @property
    def callouts_folder(self) -> Path:
        """Where the callout files are."""
        return self.folder / "callouts"

    @property
    def build_folder(self) -> Path:
        """Where `build` writes."""
        return self.folder / "build"

    @property
    def var_folder(self) -> Path:
        """Database, caught mail, logs; never in git."""
        return self.folder / "var"

    @property
    def media_folder(self) -> Path:
        """Pictures kept, each under the hash of its bytes."""
        return self.var_folder / "media"

    @property
    def inbox_folder(self) -> Path:
        """Caught mail, one .eml file each."""
        return self.var_folder / "inbox"


def why_off(schedule: ScheduleSettings, day: date) -> str:
    """Return why the schedule sends nothing on a day; "" where it may."""
    if day in schedule.skip_dates:
        return f"{day} is one of skip_dates"
    named = _holidays(schedule.holidays, day.year).get(day, "") if schedule.holidays else ""
    return f"{day} is a public holiday in {schedule.holidays} ({named})" if named else ""


def knows_holidays(place: str) -> bool:
    """Return whether the holidays of a country ("GB") or a part of one ("GB-ENG") are known."""
    from holidays import list_supported_countries  # noqa: PLC0415 (a tenth of a second)

    country, _, part = place.partition("-")
    parts = list_supported_countries().get(country)
    return parts is not None and (not part or part in parts)


@lru_cache(maxsize=64)
def _holidays(place: str, year: int) -> dict[date, str]:
    """Return the days of a year with their names."""
    from holidays import country_holidays  # noqa: PLC0415 (a tenth of a second)

    country, _, part = place.partition("-")
    found = country_holidays(country, subdiv=part or None, years=year, language="en_US")
    return {day: name for day, name in found.items() if day.year == year}
