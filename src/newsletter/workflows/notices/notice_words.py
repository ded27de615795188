"""Notices as they leave: a plain mail to each editor, a JSON object to the webhook."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address as Sender
from email.message import EmailMessage
from email.policy import SMTP

from newsletter.compose.message.headers import header_date
from newsletter.config.settings import NewsletterSettings, Settings
from newsletter.model.address import Address
from newsletter.model.notice import NewNotice, NoticeChannel, NoticeKind
from newsletter.model.text import clean_line
from newsletter.workflows.issue.reader_values import short_key

WEBHOOK = "webhook"
KIND_HEADER = "X-Newsletter-Notice"


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """Something editors are told, whatever the way. event names it, the same at any time.

    about is what the subject names: a run by its issue, or by its time while it has none.
    lines are paragraphs of the mail, facts further members of the JSON object.
    """

    event: str
    kind: NoticeKind
    newsletter: str
    issue: str
    about: str
    sentence: str
    lines: Sequence[str] = ()
    facts: Mapping[str, object] = field(default_factory=dict)


def notices_of(
    settings: Settings, newsletter: NewsletterSettings | None, news: News, *, now: datetime
) -> tuple[NewNotice, ...]:
    """Return a notice for each editor and for the webhook; newsletter is None where it is gone."""
    mails: list[NewNotice] = []
    if newsletter is not None and news.kind in settings.notices.mail:
        for editor in newsletter.editors:
            key = short_key(news.event, editor.spec)
            mail = plain_mail(newsletter, editor, news, key=key, now=now)
            mails.append(_notice(news, NoticeChannel.MAIL, editor.spec, mail))
    return (*mails, *webhook_notices(settings, news, now=now))


def webhook_notices(settings: Settings, news: News, *, now: datetime) -> tuple[NewNotice, ...]:
    """Return the webhook's notice, where there is a webhook."""
    if not settings.notices.webhook:
        return ()
    told = {
        "notice": news.event,
        "kind": news.kind,
        "newsletter": news.newsletter,
        "issue": news.issue or None,
        "at": now.isoformat(),
        "sentence": news.sentence,
        **news.facts,
    }
    body = json.dumps(told, ensure_ascii=False).encode()
    return (_notice(news, NoticeChannel.WEBHOOK, WEBHOOK, body),)


def mail_notice(news: News, to: Address, data: bytes) -> NewNotice:
    """Make the notice of a mail that was made elsewhere."""
    return _notice(news, NoticeChannel.MAIL, to.spec, data)


def plain_mail(
    newsletter: NewsletterSettings, to: Address, news: News, *, key: str, now: datetime
) -> bytes:
    """Make a plain message in wire form."""
    message = EmailMessage(policy=SMTP)
    sender = newsletter.sender
    message["From"] = Sender(display_name=_line(sender.name), addr_spec=sender.address.spec)
    message["To"] = Sender(addr_spec=to.spec)
    message["Subject"] = _line(f"[{news.kind.capitalize()}] {news.about}")
    message["Date"] = header_date(now.astimezone(newsletter.timezone))
    message["Message-ID"] = f"<notice.{key}@{sender.address.domain}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834 section 5: nobody answers it
    message[KIND_HEADER] = str(news.kind)
    sentence = _begun(news)
    text = "\n\n".join((sentence, *(lines for lines in news.lines if lines)))
    message.set_content(f"{text}\n", cte="quoted-printable")
    return message.as_bytes()


def _begun(news: News) -> str:
    """Begin the sentence with a capital, unless it begins with a name: that stays as it is."""
    if news.sentence.startswith(news.about):
        return news.sentence
    return news.sentence[:1].upper() + news.sentence[1:]


def _line(value: str) -> str:
    return clean_line(" ".join(value.split()))


def _notice(news: News, channel: NoticeChannel, target: str, body: bytes) -> NewNotice:
    return NewNotice(
        event=news.event,
        kind=news.kind,
        newsletter=news.newsletter,
        issue=news.issue,
        channel=channel,
        target=target,
        body=body,
    )
