"""newsletter.toml to Settings: every mistake at once, each with its line.

docs/reference/settings.md describes each key; a test compares that page with this module.
"""

import re
import tomllib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar

from newsletter.config import values
from newsletter.config.languages import draft_words
from newsletter.config.newsletters import read_newsletters, read_server, with_password
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
from newsletter.config.toml import Problems, Table, key_lines, told_twice
from newsletter.errors import ConfigError, NotFound, UserError
from newsletter.model.address import Address
from newsletter.model.article import ParagraphKind
from newsletter.model.finding import CheckRules
from newsletter.model.notice import NoticeKind
from newsletter.model.text import is_slug

T = TypeVar("T")

SQLITE = "sqlite:///"
DEFAULT_DATABASE = "sqlite:///var/newsletter.db"
FILE_NAME = "newsletter.toml"
MOST_BYTES = 200_000
MOST_PROOF_ADDRESSES = 20
MOST_SAID = 200  # characters: tomllib repeats what it found
LONGEST_MODEL_WAIT = timedelta(minutes=2)
MOST_WEIGHT = 10
_AT = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


def find_settings_file(start: Path, environ: Mapping[str, str]) -> Path:
    """Find the settings file: what NEWSLETTER_CONFIG names, else newsletter.toml in start.

    Raises:
        UserError: where it is not there.
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
    """Return the newsletter with that name.

    Raises:
        NotFound: with the nearest name there is.
    """
    for newsletter in settings.newsletters:
        if newsletter.name == name:
            return newsletter
    names = [newsletter.name for newsletter in settings.newsletters]
    near = get_close_matches(name[:100], names, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]}?" if near else f"{FILE_NAME} has {', '.join(names)}"
    raise NotFound("newsletter", name[:100], hint=hint)


def load_settings(
    file: Path, environ: Mapping[str, str], check_rules: CheckRules = dict
) -> Settings:
    """Read the settings; environ gives secrets, NEWSLETTER_DATABASE_URL, NEWSLETTER_LOG_FORMAT.

    check_rules gives the checks that [checks] may name.

    Raises:
        ConfigError: all mistakes at once, each "FILE:LINE: key: what is wrong; what to write".
        UserError: where the file cannot be read.
    """
    text = _read(file)
    settings, problems = _judge(_parse(file.name, text), text, file, environ, check_rules)
    if problems.found:
        _tell_missing_logos(settings, problems)
        raise ConfigError(problems.sentences())
    return settings


def load_despite_mistakes(
    file: Path, environ: Mapping[str, str], check_rules: CheckRules = dict
) -> tuple[Settings, tuple[str, ...]]:
    """Read what can be read, for commands that need only the database: pause, stop, log, backup.

    Keys with mistakes have their defaults, and where the file is not TOML there are no newsletters:
    nothing may be composed or sent with these settings.

    Returns:
        The settings, and the sentences of load_settings; () where there is no mistake.

    Raises:
        ConfigError: the mistake may be about [database], so that another one might be opened.
        UserError: where the file cannot be read.
    """
    text = _read(file)
    try:
        content = _parse(file.name, text)
    except ConfigError as error:
        part = _database_part(text)
        if part is None and not environ.get("NEWSLETTER_DATABASE_URL"):
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
    problems = Problems(file=file.name, lines=key_lines(text.replace("\r\n", "\n")))
    top = Table(problems=problems, path=(), values=content)
    settings = _settings(top, file, environ, check_rules)
    top.refuse_rest()
    return settings, problems


def _database_part(text: str) -> dict[str, object] | None:
    """Return the table [database] of a text that is not TOML; None where it cannot be told."""
    lines = text.splitlines()
    starts = [number for number, line in enumerate(lines) if "database" in line.lower()]
    if not starts:
        return {}
    headers = [number for number, line in enumerate(lines) if line.startswith("[")] + [len(lines)]
    try:
        header = next(number for number in headers if number in starts)
        end = next(number for number in headers if number > header)
        found = tomllib.loads("\n".join(lines[header:end]))
    except (StopIteration, tomllib.TOMLDecodeError):
        return None
    return found if set(found) == {"database"} else None


def _refuse_database_mistakes(problems: Problems) -> None:
    near = ("database",)
    if near in problems.meant or any(path[:1] == near for path in problems.paths):
        raise ConfigError(problems.sentences())


def _tell_missing_logos(settings: Settings, problems: Problems) -> None:
    """Note logos whose file is not there beside the mistakes that bar everything.

    By itself a missing file bars composing alone, which says so.
    """
    for newsletter in settings.newsletters:
        logo = newsletter.brand.logo
        if logo is None or not logo.file or (settings.folder / logo.file).is_file():
            continue
        own = ("newsletters", newsletter.name, "brand", "logo")
        path = own if own in problems.lines else ("brand", "logo")
        problems.add(path, f"there is no file {logo.file}; put it there, or write another")


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
    what = _AT.sub("", message)
    twice = told_twice(what, text, line)
    if twice:
        return f"{name}:{line}: {twice}"
    what = what[:1].lower() + what[1:]
    if len(what) > MOST_SAID:
        what = what[:MOST_SAID] + "…"
    return f"{name}:{line}: not TOML: {what}"


def _settings(
    top: Table, file: Path, environ: Mapping[str, str], check_rules: CheckRules
) -> Settings:
    defaults = top.table("newsletter")
    newsletters = read_newsletters(top, defaults, check_rules)
    sources = _named(top, "sources", _source)
    smtp = tuple(with_password(server, environ) for server in _named(top, "smtp", read_server))
    _refuse_unknown_sources(top, newsletters, {source.name for source in sources})
    _refuse_unknown_sections(top, newsletters, {source.section for source in sources})
    return Settings(
        folder=file.resolve().parent,
        file=file,
        newsletters=newsletters,
        sources=sources,
        smtp=smtp,
        delivery=_delivery(top),
        run=_run(top, environ),
        llm=_llm(top, environ),
        recheck=_recheck(top),
        notices=_notices(top),
        proof_addresses=_proof(top),
        database_url=_database(top, file, environ),
    )


def _named(top: Table, key: str, read: Callable[[str, Table], T]) -> tuple[T, ...]:
    table = top.table(key)
    done: list[T] = []
    for name, below in table.tables() if table else ():
        if not is_slug(name):
            below.problems.add(below.path, "is no name; write 1 to 80 of a-z, 0-9 and -")
        done.append(read(name, below))
        below.refuse_rest()
    return tuple(done)


def _source(name: str, table: Table) -> SourceSettings:
    source = SourceSettings(
        name=name,
        feed=table.take("feed", values.web_url, ""),
        site=table.take("site", values.web_url, ""),
        every=table.take("every", values.duration, timedelta(minutes=15)),
        required=table.take("required", values.flag, default=False),
        noise=table.take_list("noise", _noise_rule) or (),
        allow_local=table.take_list("allow_local", values.local_address) or (),
        rights=table.take("rights", values.text_or_empty, ""),
        weight=table.take("weight", values.number(0, MOST_WEIGHT), 1.0),
        section=table.take("section", values.text_or_empty, ""),
    )
    named = [key for key in ("feed", "site") if key in table.values]
    if not named:
        table.problems.add(table.path, 'names nothing to read; write feed = "https://…"')
    for key in named[1:]:
        sentence = f"stands beside {named[0]}; write one of them, and a source of its own for each"
        table.problems.add((*table.path, key), sentence)
    return source


def _noise_rule(value: object) -> NoiseRule:
    """Read a whole line, or a table {match = "…", kind = "noise"}."""
    if isinstance(value, dict):
        if set(value) - {"match", "kind"} or "match" not in value:
            msg = 'is no rule; write "a whole line" or {match = "a whole line", kind = "callout"}'
            raise ValueError(msg)
        kind = value.get("kind", "noise")
        kinds = [member.value for member in ParagraphKind]
        if kind not in kinds:
            msg = f"kind is {values.shown(kind)}; write one of {', '.join(kinds)}"
            raise ValueError(msg)
        return NoiseRule(match=values.text(value["match"]), kind=str(kind))
    return NoiseRule(match=values.text(value))


def _refuse_unknown_sources(
    top: Table, newsletters: Sequence[NewsletterSettings], known: Collection[str]
) -> None:
    for newsletter in newsletters:
        for number, source in enumerate(newsletter.sources):
            if source in known:
                continue
            near = get_close_matches(source[:100], list(known), n=1, cutoff=0.5)
            remedy = f"did you mean {near[0]}?" if near else f"write a table [sources.{source}]"
            path = ("newsletters", newsletter.name, "sources", number)
            top.problems.add(path, f"there is no source {source}; {remedy}")


def _refuse_unknown_sections(
    top: Table, newsletters: Sequence[NewsletterSettings], given: Collection[str]
) -> None:
    """Refuse a limit for a section that no article can come into: a slip of the pen."""
    for newsletter in newsletters:
        known = sorted({*filter(None, given), draft_words(newsletter.language).more_stories})
        for heading, _ in newsletter.choice.sections:
            if heading in known:
                continue
            near = get_close_matches(heading[:100], known, n=1, cutoff=0.5)
            remedy = f"did you mean {near[0]}?" if near else "known here are " + ", ".join(known)
            path = ("newsletters", newsletter.name, "choice", "sections", heading)
            top.problems.add(path, f"no source has this section; {remedy}")


def _delivery(top: Table) -> DeliverySettings:
    table = top.table("delivery")
    if table is None:
        return DeliverySettings()
    read = DeliverySettings(
        window=table.take("window", values.whole(1, 100), 1),
        first_retry=table.take("first_retry", values.duration, timedelta(minutes=5)),
    )
    if read.first_retry < timedelta(seconds=1):
        table.problems.add((*table.path, "first_retry"), 'is no time at all; write "5m"')
    table.refuse_rest()
    return read


def _run(top: Table, environ: Mapping[str, str]) -> RunSettings:
    read = RunSettings()
    table = top.table("run")
    if table is not None:
        read = RunSettings(
            listen=table.take("listen", values.listen, "127.0.0.1:8025"),
            log_format=table.take("log_format", values.choice(LogFormat), LogFormat.TEXT),
            trusted_proxies=table.take_list("trusted_proxies", values.network) or (),
        )
        table.refuse_rest()
    given = environ.get("NEWSLETTER_LOG_FORMAT", "")
    if not given:
        return read
    try:
        return replace(read, log_format=values.choice(LogFormat)(given))
    except ValueError as error:
        top.problems.found.append((0, f"NEWSLETTER_LOG_FORMAT: {error}"))
        return read


def _llm(top: Table, environ: Mapping[str, str]) -> LlmSettings | None:
    table = top.table("llm")
    if table is None:
        return None
    key_env = table.take("key_env", values.variable, "")
    key = environ.get(key_env, "") if key_env else ""
    read = LlmSettings(
        url=table.need("url", _model_url, ""),
        model=table.need("model", values.text, ""),
        key_env=key_env,
        key=Secret(value=key) if key else None,
        timeout=table.take("timeout", values.duration, timedelta(seconds=20)),
    )
    if not timedelta(seconds=1) <= read.timeout <= LONGEST_MODEL_WAIT:
        table.problems.add((*table.path, "timeout"), 'is not between 1s and 2m; write "20s"')
    table.refuse_rest()
    return read


def _recheck(top: Table) -> RecheckSettings:
    table = top.table("recheck")
    if table is None:
        return RecheckSettings()
    level = values.choice(RecheckLevel)
    read = RecheckSettings(
        withdrawn=table.take("withdrawn", level, RecheckLevel.BLOCK),
        link=table.take("link", level, RecheckLevel.WARN),
        headline=table.take("headline", level, RecheckLevel.WARN),
        picture=table.take("picture", level, RecheckLevel.WARN),
    )
    table.refuse_rest()
    return read


def _notices(top: Table) -> NoticeSettings:
    table = top.table("notices")
    if table is None:
        return NoticeSettings()
    mail = table.take_list("mail", values.choice(NoticeKind))
    table.refuse_rest()
    return NoticeSettings(mail=tuple(NoticeKind) if mail is None else mail)


def _model_url(value: object) -> str:
    try:
        return values.public_url(value)
    except ValueError as error:
        msg = (
            f"{values.shown(value)} is not an https address (http is for this machine alone); "
            "write https://models.example.org/v1"
        )
        raise ValueError(msg) from error


def _proof(top: Table) -> tuple[Address, ...]:
    table = top.table("proof")
    if table is None:
        return ()
    read = table.take_list("addresses", values.address, most=MOST_PROOF_ADDRESSES) or ()
    table.refuse_rest()
    return read


def _database(top: Table, file: Path, environ: Mapping[str, str]) -> Secret:
    table = top.table("database")
    url = DEFAULT_DATABASE
    if table is not None:
        url = table.take("url", values.database_url, url)
        table.refuse_rest()
    if environ.get("NEWSLETTER_DATABASE_URL"):
        try:
            url = values.database_url(environ["NEWSLETTER_DATABASE_URL"])
        except ValueError as error:
            top.problems.found.append((0, f"NEWSLETTER_DATABASE_URL: {error}"))
            top.problems.paths.add(("database",))
    if url.startswith(SQLITE):
        # a path that is absolute stays, since joining it to a folder gives it back
        url = f"{SQLITE}{file.resolve().parent / url.removeprefix(SQLITE)}"
    return Secret(value=url)
