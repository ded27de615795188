"""Is the configuration fit for readers? Placeholders, missing secrets, addresses nobody reads."""

from collections.abc import Iterable, Iterator
from functools import partial
from urllib.parse import urlsplit

from newsletter.config.settings import NewsletterSettings, Settings
from newsletter.doctor.providers import is_mailbox_provider
from newsletter.doctor.telling import diagnosis
from newsletter.model.address import is_reserved
from newsletter.model.diagnosis import Area, Diagnosis, State

_diagnosis = partial(diagnosis, area=Area.CONFIGURATION)


def judge_mistakes(file: str, problems: Iterable[str]) -> tuple[Diagnosis, ...]:
    """Tell each mistake of a settings file that does not load."""
    return tuple(
        _diagnosis(
            State.ERROR,
            "settings",
            file,
            problem.removeprefix(f"{file}:"),
            remedy=f"correct {file}; the rest is looked at once it loads",
        )
        for problem in problems
    )


def judge_settings(settings: Settings) -> tuple[Diagnosis, ...]:
    """Judge settings that load."""
    return (
        _loaded(settings),
        *_placeholders(settings),
        *_senders(settings),
        *_people(settings),
        *_secrets(settings),
        *(
            _unscheduled(newsletter)
            for newsletter in settings.newsletters
            if not _plans(newsletter)
        ),
    )


def _loaded(settings: Settings) -> Diagnosis:
    counts = (
        (len(settings.newsletters), "newsletter"),
        (len(settings.sources), "source"),
        (len(settings.smtp), "mail server"),
    )
    told = ", ".join(f"{count} {what}{'' if count == 1 else 's'}" for count, what in counts)
    return _diagnosis(State.WELL, "settings", settings.file.name, f"loads: {told}")


def _placeholders(settings: Settings) -> Iterator[Diagnosis]:
    """Find names that are nobody's: harmless while mail stays here, wrong once it goes out."""
    where: dict[str, list[str]] = {}
    for key, host, value in _hosts(settings):
        if is_reserved(host):
            where.setdefault(value, []).append(key)
    for newsletter in settings.newsletters:
        if "example" in newsletter.postal_address.casefold():
            where.setdefault(newsletter.postal_address, []).append("postal_address")
    if not where:
        return
    if settings.smtp:
        state, when = State.ERROR, "readers would get them"
    else:
        state, when = State.WARNING, "fine for trying out, not for readers"
    yield _diagnosis(
        state,
        "placeholders",
        settings.file.name,
        f"some values are still placeholders: {when}",
        evidence="; ".join(f"{', '.join(dict.fromkeys(k))} = {v}" for v, k in where.items()),
        remedy=f"write your own domain and address into {settings.file.name}",
    )


def _hosts(settings: Settings) -> Iterator[tuple[str, str, str]]:
    """Return each key with the host in its value."""
    for newsletter in settings.newsletters:
        address = newsletter.sender.address
        yield "from", address.domain, address.spec
        if newsletter.reply_to:
            yield "reply_to", newsletter.reply_to.domain, newsletter.reply_to.spec
        for editor in newsletter.editors:
            yield "editors", editor.domain, editor.spec
        host = urlsplit(newsletter.public_url).hostname or ""
        if newsletter.public_url.startswith("https:"):
            yield "public_url", host, newsletter.public_url
    for proof in settings.proof_addresses:
        yield "proof.addresses", proof.domain, proof.spec
    for server in settings.smtp:
        if server.return_path:
            yield "return_path", server.return_path.domain, server.return_path.spec


def _senders(settings: Settings) -> Iterator[Diagnosis]:
    for domain in dict.fromkeys(each.sender.address.domain for each in settings.newsletters):
        if is_mailbox_provider(domain):
            yield _diagnosis(
                State.ERROR,
                "foreign-from",
                "from",
                f"{domain} belongs to a provider of mailboxes, and no server but its own may "
                "send with it",
                evidence=f"from = …@{domain}",
                remedy="send from a domain of your own; reply_to may stay there",
            )
    for newsletter in _by(settings, "public_url"):
        if newsletter.public_url.startswith("http:"):
            yield _diagnosis(
                State.ERROR if settings.smtp else State.WARNING,
                "public-url",
                "public_url",
                "leads to this machine alone: readers cannot unsubscribe",
                evidence=f"public_url = {newsletter.public_url}",
                remedy="write the https address at which the world reaches newsletter run",
            )


def _people(settings: Settings) -> Iterator[Diagnosis]:
    for newsletter in settings.newsletters:
        if not newsletter.editors:
            yield _diagnosis(
                State.WARNING,
                "editors",
                newsletter.name,
                "nobody is told of held runs and failures",
                remedy='write editors = ["you@your.domain"]',
            )
        if newsletter.reply_to is None:
            yield _diagnosis(
                State.WARNING,
                "reply-to",
                newsletter.name,
                "readers' answers go to from, and sites we read are told no contact",
                remedy="write reply_to = an address that somebody reads",
            )
    if not settings.proof_addresses:
        yield _diagnosis(
            State.WARNING,
            "proof-addresses",
            "proof.addresses",
            "there are none, so that newsletter test can send to nobody",
            remedy='write [proof] and addresses = ["you@your.domain"]',
        )
    for server in settings.smtp:
        if server.return_path is None:
            yield _diagnosis(
                State.WARNING,
                "return-path",
                f"smtp.{server.name}",
                "bounces come back to from, among the readers' answers",
                remedy='write return_path = "bounces@your.domain"',
            )


def _secrets(settings: Settings) -> Iterator[Diagnosis]:
    """Return which variables are set; never what they hold."""
    for server in settings.smtp:
        if server.username:
            yield _secret(
                f"smtp.{server.name}", server.password_env, is_set=server.password is not None
            )
    if settings.llm and settings.llm.key_env:
        yield _secret("llm", settings.llm.key_env, is_set=settings.llm.key is not None)
    if settings.notices.secret_env:
        is_set = settings.notices.secret is not None
        yield _secret("notices", settings.notices.secret_env, is_set=is_set)


def _secret(subject: str, variable: str, *, is_set: bool) -> Diagnosis:
    if is_set:
        return _diagnosis(State.WELL, "secret", subject, f"{variable} is set")
    return _diagnosis(
        State.ERROR,
        "secret",
        subject,
        f"{variable} is not set here",
        remedy=f"set {variable} where newsletter runs; if run gets it from a service manager, "
        "ask doctor there",
    )


def _plans(newsletter: NewsletterSettings) -> bool:
    return newsletter.schedule is not None


def _unscheduled(newsletter: NewsletterSettings) -> Diagnosis:
    return _diagnosis(
        State.INFO,
        "schedule",
        newsletter.name,
        "has no schedule: it goes out when you say so",
        remedy=f"write [newsletters.{newsletter.name}.schedule] for regular runs",
    )


def _by(settings: Settings, key: str) -> tuple[NewsletterSettings, ...]:
    """Return the first newsletter for each value of a key."""
    return tuple({getattr(each, key): each for each in reversed(settings.newsletters)}.values())
