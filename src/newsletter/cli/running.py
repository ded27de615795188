"""`run`: the process that sends, reads and prepares what is due, until it is stopped."""

import logging
import threading
from contextlib import AbstractContextManager

import click

from newsletter.app import (
    MailServers,
    follow_settings,
    new_mailing_key,
    open_desk,
    open_fetcher,
    open_webhook,
    owner_name,
    summary_writer,
)
from newsletter.cli.log_lines import Lines, log_of, secrets_of
from newsletter.cli.process import internal_error, stop_on_signals
from newsletter.cli.sending import lacking_passwords
from newsletter.config.settings import Settings
from newsletter.delivery.servers import Servers
from newsletter.errors import UserError
from newsletter.fetch.fetcher import Fetcher
from newsletter.schedule.preparer import preparing_runs
from newsletter.schedule.runner import Pulse, Runner
from newsletter.schedule.source_reader import read_at_once
from newsletter.web.public_site import Health, public_site
from newsletter.web.serve import Background, listen
from newsletter.workflows.desk import Desk
from newsletter.workflows.digest.digest_steps import DigestTools
from newsletter.workflows.notices.post_notices import Post
from newsletter.workflows.sending.begin_sending import SenderLock, begin_sending, readiness
from newsletter.workflows.sending.carry_out import Sending

_log = logging.getLogger(__name__)

WAIT_FOR_SEND_S = 1.0
LISTEN_HINT = 'set another in newsletter.toml: [run] listen = "127.0.0.1:8026"'


@click.command()
def run() -> None:
    """Run the schedule until stopped (SIGTERM, Ctrl-C): read sources, send issues."""
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    with open_desk() as desk, log_of(desk.settings) as lines, stop_on_signals() as stop:
        with SenderLock(desk.settings.var_folder, "run") as lock:
            _wait_for_lock(lock, stop)
            if stop.is_set():
                return
            begin_sending(desk)  # what is wrong with the database is told before "running" is
            pulse = Pulse(desk.clock)
            pages = _public_pages(desk, lock, pulse)
            fetcher = open_fetcher(desk)  # one, since it holds each host's turn
            with pages, MailServers(desk.clock) as mail:
                servers = Servers(mail.of(desk.settings), clock=desk.clock)
                _follow_settings(desk, lines, mail, servers)
                with _preparing(desk, fetcher, mail, stop):
                    _tell_where_mail_goes(desk, mail)
                    Runner(
                        desk,
                        Sending(servers=servers, stop=stop, tell=_say),
                        owner=owner_name(),
                        new_key=new_mailing_key,
                        say=_say,
                        bug=internal_error,
                        pulse=pulse,
                    ).run()
        _say("stopped")


def _public_pages(desk: Desk, lock: SenderLock, pulse: Pulse) -> Background:
    host, _, port = desk.settings.run.listen.rpartition(":")
    listener = listen(int(port), host=host.strip("[]"), hint=LISTEN_HINT)
    bound = listener.getsockname()
    _log.info("listening", extra={"host": bound[0], "port": bound[1]})
    health = Health(alive=lambda: (pulse.health(),), ready=lambda: readiness(desk, lock))
    return Background(public_site(desk.settings.media_folder, health), listener)


def _follow_settings(desk: Desk, lines: Lines, mail: MailServers, servers: Servers) -> None:
    def taken(settings: Settings) -> None:
        lines.hide(secrets_of(settings))
        now = mail.of(settings)
        if servers.renew(now):
            _say(f"from now on mail goes {_where(settings, now[0].host)}")

    follow_settings(desk, say=_say, taken=taken)


def _preparing(
    desk: Desk, fetcher: Fetcher, mail: MailServers, stop: threading.Event
) -> AbstractContextManager[None]:
    tools = DigestTools(
        fetcher=fetcher, stop=stop, at_once=read_at_once, make_writer=summary_writer, tell=_say
    )

    def post_of(turn: Desk) -> Post:
        return Post(servers=mail.of(turn.settings), webhook=open_webhook(turn))

    return preparing_runs(desk, tools, post_of, say=_say, bug=internal_error)


def _tell_where_mail_goes(desk: Desk, mail: MailServers) -> None:
    settings = desk.turn().settings
    servers = mail.of(settings)
    _say(f"running; mail goes {_where(settings, servers[0].host)}")
    for sentence in lacking_passwords(servers):
        _say(sentence)


def _where(settings: Settings, host: str) -> str:
    if settings.smtp:
        return f"to {host}"
    return f"into the built-in inbox, {settings.inbox_folder}; nothing leaves this machine"


def _say(line: str) -> None:
    _log.info("said", extra={"text": line})


def _wait_for_lock(lock: SenderLock, stop: threading.Event) -> None:
    """Take the sender's lock; wait while a `send` has it, and refuse beside another `run`."""
    told = False
    while (holder := lock.take()) is not None:
        if holder.command == "run":
            msg = f"another {holder} runs in this folder"
            raise UserError(msg, hint="one is enough; stop it first to start anew")
        if not told and holder.pid:  # one that has just taken it has not written its name yet
            _say(f"waiting for {holder}")
            told = True
        if stop.wait(WAIT_FOR_SEND_S):
            return
