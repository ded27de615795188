"""The composition root: finds the settings, opens what a command needs, hands it to workflows.

What few commands need is loaded where it is opened: a command's start counts.
"""

import os
import secrets
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from newsletter import __version__
from newsletter.clock import Clock, SystemClock
from newsletter.config.load import find_settings_file, load_despite_mistakes, load_settings
from newsletter.config.settings import Security, Settings, SmtpSettings
from newsletter.errors import UserError
from newsletter.model.finding import CheckRule
from newsletter.store import Database, open_database
from newsletter.store.backup import back_up
from newsletter.store.schema import create_database
from newsletter.workflows.desk import Desk, SettingsFile

if TYPE_CHECKING:
    from newsletter.fetch import Fetcher
    from newsletter.fetch.llm_client import LlmClient
    from newsletter.fetch.webhook import WebhookClient

INBOX = "inbox"


def read_settings() -> Settings:
    """Read the settings of the folder a command stands in, or of NEWSLETTER_CONFIG.

    Raises UserError, ConfigError: no settings file, or its mistakes.
    """
    return load_settings(find_settings_file(_here(), os.environ), os.environ, _check_rules)


def _here() -> Path:
    try:
        return Path.cwd()
    except FileNotFoundError as error:
        msg = "the folder that this command was called in is gone"
        raise UserError(msg, hint="change into the newsletter folder anew") from error


def _check_rules() -> Mapping[str, CheckRule]:
    from newsletter.checks.registry import check_rules  # loads every check

    return check_rules()


def read_settings_despite_mistakes() -> tuple[Settings, tuple[str, ...]]:
    """Read what can be read, and each mistake; nothing may be composed or sent with these settings.

    Raises UserError, ConfigError: no settings file, or a mistake about the database.
    """
    return load_despite_mistakes(find_settings_file(_here(), os.environ), os.environ, _check_rules)


def _settings(warn: Callable[[str], None] | None) -> Settings:
    if warn is None:
        return read_settings()
    settings, problems = read_settings_despite_mistakes()
    for problem in problems:
        warn(problem)
    return settings


def settings_file_name() -> str:
    """Name the settings file, as its mistakes do."""
    return find_settings_file(_here(), os.environ).name


def open_desk(*, create: bool = True, warn: Callable[[str], None] | None = None) -> Desk:
    """Return the tools of one command; nothing is opened before it is needed.

    With create false a database that is not there is not made. For a command that needs only the
    database, such as pause and stop, mistakes in newsletter.toml are passed to warn, not raised.
    """
    settings = _settings(warn)
    clock = SystemClock()

    def database() -> Database:
        return open_database(settings.database_url.value, create=create, clock=clock)

    return Desk(settings, clock, open_database=database)


def migrate_database() -> str:
    """Bring the folder's database to this version, or make a new one: a person has said so."""
    create_database(read_settings().database_url.value, clock=SystemClock()).close()
    return __version__


def back_up_database(file: Path, *, warn: Callable[[str], None]) -> int:
    """Copy the folder's database to a file that is not there yet; gives its size in bytes.

    Mistakes in newsletter.toml are passed to warn.
    """
    return back_up(_settings(warn).database_url.value, file, now=SystemClock().now())


def open_fetcher(desk: Desk) -> "Fetcher":
    """Return the one client of a process for feeds, pages and pictures; it names reply_to."""
    from newsletter.fetch import Fetcher, user_agent

    contacts = [newsletter.reply_to for newsletter in desk.settings.newsletters]
    contact = next((str(each) for each in contacts if each), "")
    return Fetcher(clock=desk.clock, user_agent=user_agent(contact))


def open_webhook(desk: Desk) -> "WebhookClient | None":
    """Return what posts notices to [notices] webhook; None where there is none."""
    from newsletter.fetch.webhook import WebhookClient

    settings = desk.settings.notices
    if not settings.webhook:
        return None
    return WebhookClient(settings.webhook, settings.secret, clock=desk.clock)


class MailServers:
    """The servers of the settings; without any, the built-in inbox, which runs from then on."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()  # who sends and who posts notices ask from their own threads
        self._opened = ExitStack()
        self._inbox: tuple[SmtpSettings, ...] = ()

    def of(self, settings: Settings) -> tuple[SmtpSettings, ...]:
        """Return the servers by which mail goes with these settings."""
        if settings.smtp:
            return settings.smtp
        with self._lock:
            if not self._inbox:
                from newsletter.inbox.server import InboxServer

                server = self._opened.enter_context(InboxServer(settings.inbox_folder, self._clock))
                self._inbox = (
                    SmtpSettings(
                        name=INBOX, host="127.0.0.1", port=server.port, security=Security.NONE
                    ),
                )
            return self._inbox

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._opened.close()


@contextmanager
def mail_servers(desk: Desk) -> Iterator[tuple[SmtpSettings, ...]]:
    """Return the servers of one command."""
    with MailServers(desk.clock) as servers:
        yield servers.of(desk.settings)


def follow_settings(
    desk: Desk, *, say: Callable[[str], None], taken: Callable[[Settings], None]
) -> None:
    """Have the desk's turns use the settings file as it is then; see SettingsFile."""
    desk.followed = SettingsFile(
        desk.settings, read_settings, clock=desk.clock, say=say, taken=taken
    )


def summary_writer(desk: Desk) -> "LlmClient | None":
    """Return the model of [llm]; None where none is set."""
    if not desk.settings.llm:
        return None
    from newsletter.fetch.llm_client import LlmClient

    return LlmClient(desk.settings.llm, clock=desk.clock)


def owner_name() -> str:
    """Name this process in the database: host, process, and a part no later process shares."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


def new_mailing_key() -> str:
    """Make the middle of a mailing's Message-IDs: 96 random bits, letters and digits."""
    return secrets.token_hex(12)
