"""Post notices: each is marked before it leaves, and leaves at most once."""

import logging
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from newsletter.config.load import newsletter_named
from newsletter.config.settings import SmtpSettings
from newsletter.delivery.send_one import send_one
from newsletter.delivery.smtp import Timeouts
from newsletter.errors import DeliveryError, NewsletterError, NotFound, UncertainError
from newsletter.model.address import parse_address
from newsletter.model.notice import NoticeChannel, NoticeRow, NoticeState, Posted
from newsletter.store import notices
from newsletter.workflows.desk import Desk
from newsletter.workflows.notices.find_news import NEWS_FOR

_log = logging.getLogger(__name__)

TIMEOUTS = Timeouts(connect=10.0, reply=30.0, data=30.0, write=30.0, dot=60.0)
WAITS = (
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
)
GONE = "the program ended while it was sent, so it may have arrived"


class Webhook(Protocol):
    """What posts to the webhook: newsletter.fetch.webhook's WebhookClient."""

    def post(self, body: bytes, *, notice_id: str) -> Posted:
        """Post once."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """The ways out: mail servers in the order of preference, and the webhook, None for none."""

    servers: Sequence[SmtpSettings]
    webhook: Webhook | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ended:
    """How one try ended; state WAITING: it was surely not taken, and is tried again."""

    state: NoticeState
    why: str = ""


Owed = dict[int, tuple[NoticeRow, _Ended]]  # what is still to be written down, by number


def doubt_begun(desk: Desk) -> int:
    """Doubt what an earlier process had begun to hand over; for the holder of the sender's lock."""
    with desk.database.write() as connection:
        return notices.doubt_marked(connection, why=GONE)


def post_due(desk: Desk, post: Post, owed: Owed | None = None) -> tuple[str, ...]:
    """Hand over each notice that is due, once. Returns a sentence for each that is given up.

    owed keeps, from one call to the next, how those ended that could not be written down; they are
    written down before anything else.
    """
    owed = {} if owed is None else owed
    said = [_write_down(desk, owed, number) for number in tuple(owed)]
    with desk.database.read() as connection:
        due = notices.due(connection, now=desk.clock.now())
    said += [_post(desk, notice, post, owed) for notice in due]
    return tuple(filter(None, said))


def _post(desk: Desk, notice: NoticeRow, post: Post, owed: Owed) -> str:
    if desk.clock.now() - notice.created > NEWS_FOR:
        why = "; ".join(filter(None, ("it is no news any more", notice.why)))
        ended = _Ended(state=NoticeState.FAILED, why=why)
        with desk.database.write() as connection:
            notices.end(connection, notice.id, ended.state, why=ended.why)
        return _given_up(notice, ended)
    with desk.database.write() as connection:
        if not notices.begin(connection, notice.id):
            return ""
    ended = _mailed(desk, notice, post) if _is_mail(notice) else _posted(desk, notice, post)
    _log.info(
        "notice sent" if ended.state is NoticeState.SENT else "notice not sent",
        extra={
            "notice": notice.id,
            "kind": notice.kind,
            "issue": notice.issue or None,
            "channel": notice.channel,
            "state": ended.state,
        },
    )
    owed[notice.id] = (notice, ended)
    return _write_down(desk, owed, notice.id)


def _write_down(desk: Desk, owed: Owed, number: int) -> str:
    sentence = _kept(desk, *owed[number])
    del owed[number]
    return sentence


def _kept(desk: Desk, notice: NoticeRow, ended: _Ended) -> str:
    with desk.database.write() as connection:
        if ended.state is NoticeState.WAITING and notice.attempts < len(WAITS):
            due_at = desk.clock.now() + WAITS[notice.attempts]
            notices.wait_again(connection, notice.id, due_at=due_at, why=ended.why)
            return ""
        state = NoticeState.FAILED if ended.state is NoticeState.WAITING else ended.state
        notices.end(connection, notice.id, state, why=ended.why)
    return "" if state is NoticeState.SENT else _given_up(notice, ended)


def _is_mail(notice: NoticeRow) -> bool:
    return notice.channel is NoticeChannel.MAIL


def _given_up(notice: NoticeRow, ended: _Ended) -> str:
    about = notice.issue or notice.newsletter
    to = "an editor" if _is_mail(notice) else "the webhook"
    return f'the notice "{notice.kind}" of {about} to {to} is given up: {ended.why}'


def _mailed(desk: Desk, notice: NoticeRow, post: Post) -> _Ended:
    """Hand a mail to the first server that takes it; one that may have it is the last one asked."""
    try:
        sender = newsletter_named(desk.settings, notice.newsletter).sender.address
        to = parse_address(notice.target)
    except (NotFound, ValueError) as error:
        return _Ended(state=NoticeState.FAILED, why=str(error))
    why = "there is no mail server"
    for server in post.servers:
        try:
            send_one(
                server,
                envelope_from=sender,
                to=to,
                message=notice.body,
                clock=desk.clock,
                timeouts=TIMEOUTS,
            )
        except UncertainError as error:
            return _Ended(state=NoticeState.UNKNOWN, why=str(error))
        except (DeliveryError, ssl.SSLError, OSError) as error:
            why = str(error)
        except (NewsletterError, ValueError) as error:
            return _Ended(state=NoticeState.FAILED, why=str(error))
        else:
            return _Ended(state=NoticeState.SENT)
    return _Ended(state=NoticeState.WAITING, why=why)


def _posted(desk: Desk, notice: NoticeRow, post: Post) -> _Ended:
    if post.webhook is None:
        return _Ended(state=NoticeState.FAILED, why="newsletter.toml names no webhook any more")
    settings = desk.settings.notices
    if settings.secret is None:
        why = f"{settings.secret_env}, which signs it, is not set"
        return _Ended(state=NoticeState.FAILED, why=why)
    answer = post.webhook.post(notice.body, notice_id=notice.event)
    if answer.is_taken:
        return _Ended(state=NoticeState.SENT)
    if answer.may_be_taken:
        return _Ended(state=NoticeState.UNKNOWN, why=answer.why)
    state = NoticeState.WAITING if answer.may_pass else NoticeState.FAILED
    return _Ended(state=state, why=answer.why)
