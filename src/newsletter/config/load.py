"""newsletter.toml to Settings: every mistake at once, each with its line.

docs/reference/settings.md describes each key; a test compares that page with this module.
"""

import re
import tomllib
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from newsletter.config import values
from newsletter.config.languages import draft_words
from newsletter.config.newsletters import read_newsletters, read_server, secret
from newsletter.config.settings import (
    DeliverySettings,
    LlmSettings,
    LogFormat,
    NewsletterSettings,
    NoiseRule,
    NoticeSettings,
    RecheckLevel,
    RecheckSettings,
    RunSettings,
    Secret,
    Settings,
    SourceSettings,
)
from newsletter.config.toml import (
    Keys,
    Problems,
    Table,
    did_you_mean,
    dotted,
    lines_of_keys,
    nearest,
)
from newsletter.errors import ConfigError, NotFound, UserError
from newsletter.model.article import ParagraphKind
from newsletter.model.finding import CheckRules
from newsletter.model.notice import NoticeKind
from newsletter.model.text import is_slug

T = TypeVar("T")

SQLITE = "sqlite:///"
DEFAULT_DATABASE = "sqlite:///var/newsletter.db"
FILE_NAME = "newsletter.toml"
MOST_BYTES = 200_000
_DATABASE_URL = "NEWSLETTER_DATABASE_URL"
_AT = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


def _noise_rule(value: object) -> NoiseRule:
    """Read a whole line, or a table {match = "…", kind = "noise"}."""
    given = value if isinstance(value, dict) else {"match": value}
    if set(given) - {"match", "kind"} or "match" not in given:
        msg = 'is no rule; write "a whole line" or {match = "a whole line", kind = "callout"}'
        raise ValueError(msg)
    kind = values.choice(ParagraphKind)(given.get("kind", "noise"))
    return NoiseRule(match=values.text(given["match"]), kind=str(kind))


_PLACES = ("feed", "site", "page", "folder")
SOURCE: Keys = {
    "feed": values.web_url,
    "site": values.web_url,
    "page": values.web_url,
    "folder": values.relative_folder,
    "every": values.duration(),
    "required": values.flag,
    "noise": values.list_of(_noise_rule),
    "allow_local": values.list_of(values.local_address),
    "rights": values.text_or_empty,
    "weight": values.number(0, 10),
    "section": values.text_or_empty,
}
DELIVERY: Keys = {"window": values.whole(1, 100), "first_retry": values.duration("1s")}
RUN: Keys = {
    "listen": values.listen,
    "log_format": values.choice(LogFormat),
    "trusted_proxies": values.list_of(values.network),
}
LLM: Keys = {
    "url": values.public_url,
    "model": values.text,
    "key_env": values.variable,
    "timeout": values.duration("1s", "2m"),
}
RECHECK: Keys = dict.fromkeys(
    ("withdrawn", "link", "headline", "picture"), values.choice(RecheckLevel)
)
NOTICES: Keys = {
    "mail": values.list_of(values.choice(NoticeKind)),
    "webhook": values.public_url,
    "secret_env": values.variable,
}
PROOF: Keys = {"addresses": values.list_of(values.address, most=20)}
DATABASE: Keys = {"url": values.database_url}


def find_settings_file(start: Path, environ: Mapping[str, str]) -> Path:
    """Find the settings file: what NEWSLETTER_CONFIG names, else newsletter.toml in start.

    Raises UserError: where it is not there.
    """
    named = environ.get("NEWSLETTER_CONFIG", "")
    file = start / (named or FILE_NAME)
    if file.is_file():
        return file
    if named:
        raise UserError(f"NEWSLETTER_CONFIG names {named}, and there is no such file")
    raise UserError(
        f"there is no {FILE_NAME} in this folder",
        hint='go to a newsletter folder, or make one with "newsletter init DIR"',
    )


def newsletter_named(settings: Settings, name: str) -> NewsletterSettings:
    """Return the newsletter with that name. Raises NotFound: with the nearest name there is."""
    for newsletter in settings.newsletters:
        if newsletter.name == name:
            return newsletter
    names = [newsletter.name for newsletter in settings.newsletters]
    remedy = f"did you mean {near}?" if (near := nearest(name, names)) else ""
    hint = remedy or f"{FILE_NAME} has {', '.join(names)}"
    raise NotFound("newsletter", name[:100], hint=hint)


def load_settings(
    file: Path, environ: Mapping[str, str], check_rules: CheckRules = dict
) -> Settings:
    """Read the settings; environ gives secrets, NEWSLETTER_DATABASE_URL, NEWSLETTER_LOG_FORMAT.

    check_rules gives the checks that [checks] may name. Raises ConfigError: all mistakes at once,
    each "FILE:LINE: key: what is wrong; what to write"; UserError: where the file cannot be read.
    """
    text = _read(file)
    settings, problems = _judge(_parse(file.name, text), text, file, environ, check_rules)
    if problems.found:
        raise ConfigError(problems.sentences())
    return settings


def load_despite_mistakes(
    file: Path, environ: Mapping[str, str], check_rules: CheckRules = dict
) -> tuple[Settings, tuple[str, ...]]:
    """Read what can be read, for commands that need only the database: pause, stop, log, backup.

    Keys with mistakes have their defaults; where the file is not TOML there are no newsletters.
    Returns the sentences of load_settings too. Raises ConfigError where [database] may be wrong.
    """
    text = _read(file)
    try:
        content = _parse(file.name, text)
    except ConfigError as error:
        part = _database_part(text)
        if part is None and not environ.get(_DATABASE_URL):
            raise
        settings, problems = _judge(part or {}, "", file, environ, check_rules)
        _refuse_database_mistakes(problems)
        return settings, error.problems
    settings, problems = _judge(content, text, file, environ, check_rules)
    _refuse_database_mistakes(problems)
    return settings, problems.sentences()


def _parse(name: str, text: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError((_syntax_problem(name, text, str(error)),)) from error
    except RecursionError as error:
        raise ConfigError((f"{name}:1: lists or tables too deep inside one another",)) from error


def _judge(
    content: Mapping[str, object],
    text: str,
    file: Path,
    environ: Mapping[str, str],
    check_rules: CheckRules,
) -> tuple[Settings, Problems]:
    problems = Problems(file=file.name, lines=_first_lines(text))
    top = Table(problems=problems, path=(), values=content)
    settings = _settings(top, file, environ, check_rules)
    top.refuse_rest()
    return settings, problems


def _first_lines(text: str) -> dict[tuple[str | int, ...], int]:
    lines: dict[tuple[str | int, ...], int] = {}
    for path, line in lines_of_keys(text):
        lines.setdefault(path, line)
    return lines


def _database_part(text: str) -> dict[str, object] | None:
    """Return the table [database] of a text that is not TOML; None where it cannot be told."""
    part = re.search(r"^\[database\].*?(?=^\[|\Z)", text, re.MULTILINE | re.DOTALL)
    rest = text.replace(part[0], "") if part else text
    if "database" in rest.lower():
        return None
    try:
        return tomllib.loads(part[0]) if part else {}
    except tomllib.TOMLDecodeError:
        return None


def _refuse_database_mistakes(problems: Problems) -> None:
    wrong = {path[0] for path in (*problems.paths, *problems.meant) if path}
    if wrong & {"database", _DATABASE_URL}:
        raise ConfigError(problems.sentences())


def _read(file: Path) -> str:
    try:
        content = file.read_bytes()
    except FileNotFoundError as error:
        raise UserError(f"there is no file {file.name}") from error
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UserError(f"{file.name} cannot be read: {reason}") from error
    if len(content) > MOST_BYTES:
        raise ConfigError((f"{file.name}:1: the file is longer than 200,000 bytes; cut it",))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problem = f"{file.name}:{line}: a byte that is not UTF-8; save the file as UTF-8"
        raise ConfigError((problem,)) from error


def _syntax_problem(name: str, text: str, message: str) -> str:
    found = _AT.search(message)
    line = int(found[1]) if found and found[1] else text.rstrip("\n").count("\n") + 1
    if message.startswith(("Cannot declare", "Cannot overwrite")):
        path = next((path for path, number in lines_of_keys(text) if number == line), ())
        first = _first_lines(text).get(path, line)
        if first < line:
            return f"{name}:{line}: {dotted(path)} is here twice, first in line {first}"
    what = _AT.sub("", message)
    return f"{name}:{line}: not TOML: {what[:1].lower()}{what[1:200]}"


def _settings(
    top: Table, file: Path, environ: Mapping[str, str], check_rules: CheckRules
) -> Settings:
    newsletters = read_newsletters(top, check_rules)
    sources = _named(top, "sources", _source)
    _refuse_unknown(top, newsletters, sources)
    smtp = _named(top, "smtp", lambda name, table: read_server(name, table, environ))
    return Settings(
        folder=file.resolve().parent,
        file=file,
        newsletters=newsletters,
        sources=sources,
        smtp=smtp,
        delivery=DeliverySettings(**_filled(top, "delivery", DELIVERY)),
        run=_run(top, environ),
        llm=_llm(top, environ) if "llm" in top.values else None,
        recheck=RecheckSettings(**_filled(top, "recheck", RECHECK)),
        notices=_notices(top, environ),
        proof_addresses=_filled(top, "proof", PROOF).get("addresses", ()),
        database_url=_database(top, file, environ),
    )


def _filled(top: Table, key: str, keys: Keys, *needed: str) -> dict[str, Any]:
    """Read a table that holds these keys and no others."""
    table = top.table(key)
    read = table.fill(keys, *needed)
    table.refuse_rest()
    return read


def _named(top: Table, key: str, read: Callable[[str, Table], T]) -> tuple[T, ...]:
    done: list[T] = []
    for name, table in top.table(key).tables():
        if not is_slug(name):
            table.problems.add(table.path, "is no name; write 1 to 80 of a-z, 0-9 and -")
        done.append(read(name, table))
        table.refuse_rest()
    return tuple(done)


def _source(name: str, table: Table) -> SourceSettings:
    source = SourceSettings(name=name, **table.fill(SOURCE))
    named = [key for key in _PLACES if key in table.values]
    if not named:
        table.problems.add(table.path, 'names nothing to read; write feed = "https://…"')
    for key in named[1:]:
        table.wrong(key, f"stands beside {named[0]}; write a source of its own for each")
    return source


def _refuse_unknown(
    top: Table, newsletters: Collection[NewsletterSettings], sources: Collection[SourceSettings]
) -> None:
    """Refuse sources that are not described, and sections that no article can come into."""
    names = [source.name for source in sources]
    for newsletter in newsletters:
        path = ("newsletters", newsletter.name)
        for name in newsletter.sources:
            if name not in names:
                near = nearest(name, names)
                remedy = f"did you mean {near}?" if near else f"write a table [sources.{name}]"
                top.problems.add((*path, "sources"), f"there is no source {name}; {remedy}")
        more = draft_words(newsletter.language).more_stories
        known = sorted({source.section for source in sources if source.section} | {more})
        for heading, _ in newsletter.choice.sections:
            if heading not in known:
                remedy = did_you_mean(nearest(heading, known), known)
                at = (*path, "choice", "sections", heading)
                top.problems.add(at, f"no source has this section; {remedy}")


def _from_environment(
    top: Table, variable: str, environ: Mapping[str, str], read: Callable[[object], T], default: T
) -> T:
    if not environ.get(variable):
        return default
    try:
        return read(environ[variable])
    except ValueError as error:
        top.problems.found.append((0, f"{variable}: {error}"))
        top.problems.paths.add((variable,))
        return default


def _run(top: Table, environ: Mapping[str, str]) -> RunSettings:
    run = RunSettings(**_filled(top, "run", RUN))
    log_format = _from_environment(
        top, "NEWSLETTER_LOG_FORMAT", environ, values.choice(LogFormat), run.log_format
    )
    return replace(run, log_format=log_format)


def _llm(top: Table, environ: Mapping[str, str]) -> LlmSettings:
    read = {"url": "", "model": ""} | _filled(top, "llm", LLM, "url", "model")
    return LlmSettings(**read, key=secret(read.get("key_env", ""), environ))


def _notices(top: Table, environ: Mapping[str, str]) -> NoticeSettings:
    read = _filled(top, "notices", NOTICES)
    notices = NoticeSettings(**read, secret=secret(read.get("secret_env", ""), environ))
    if notices.webhook and "secret_env" not in top.table("notices").values:
        sentence = 'needs secret_env = "NEWSLETTER_WEBHOOK_SECRET"'
        top.problems.add(("notices", "webhook"), sentence)
    return notices


def _database(top: Table, file: Path, environ: Mapping[str, str]) -> Secret:
    url = _filled(top, "database", DATABASE).get("url", DEFAULT_DATABASE)
    url = _from_environment(top, _DATABASE_URL, environ, values.database_url, url)
    if url.startswith(SQLITE):
        # a path that is absolute stays, since joining it to a folder gives it back
        url = f"{SQLITE}{file.resolve().parent / url.removeprefix(SQLITE)}"
    return Secret(value=url)
