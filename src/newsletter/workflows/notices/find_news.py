"""Notices as they leave: a plain mail to each editor, a JSON object to the webhook."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from email.headerregistry import Address as Sender
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256

from newsletter.compose.message.headers import header_date
from newsletter.config.settings import NewsletterSettings, Settings
from newsletter.errors import NewsletterError
from newsletter.issues.callout_rules import effective_status
from newsletter.model.address import Address
from newsletter.model.callout import CalloutStatus
from newsletter.model.mailing import Account, MailingState, account_line
from newsletter.model.notice import NewNotice, NoticeChannel, NoticeKind
from newsletter.model.records import MailingRow, OccurrenceMark, OccurrenceRow, OccurrenceState
from newsletter.model.text import clean_line, counted
from newsletter.store import Connection, ledger, notices, occurrences
from newsletter.workflows.approval.approve_issue import seal_diff
from newsletter.workflows.desk import Desk
from newsletter.workflows.issue.compose_issue import short_key
from newsletter.workflows.planning.occurrence import run_name, ways_on
from newsletter.workflows.project_files import load_callout

WEBHOOK = "webhook"
KIND_HEADER = "X-Newsletter-Notice"


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """Something editors are told, whatever the way. event names it, the same at any time."""

    event: str
    kind: NoticeKind
    newsletter: str
    issue: str
    about: str
    sentence: str
    lines: Sequence[str] = ()
    facts: Mapping[str, object] = field(default_factory=dict)

    def notice(self, channel: NoticeChannel, target: str, body: bytes) -> NewNotice:
        """Return what is to be sent one way, as it leaves."""
        return NewNotice(
            event=self.event,
            kind=self.kind,
            newsletter=self.newsletter,
            issue=self.issue,
            channel=channel,
            target=target,
            body=body,
        )


def notices_of(
    settings: Settings, newsletter: NewsletterSettings | None, news: News, *, now: datetime
) -> tuple[NewNotice, ...]:
    """Return a notice for each editor and for the webhook; newsletter is None where it is gone."""
    mails: list[NewNotice] = []
    if newsletter is not None and news.kind in settings.notices.mail:
        for editor in newsletter.editors:
            mail = _plain_mail(newsletter, editor, news, now=now)
            mails.append(news.notice(NoticeChannel.MAIL, editor.spec, mail))
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
    return (news.notice(NoticeChannel.WEBHOOK, WEBHOOK, body),)


def _plain_mail(newsletter: NewsletterSettings, to: Address, news: News, *, now: datetime) -> bytes:
    message = EmailMessage(policy=SMTP)
    sender = newsletter.sender
    key = short_key(news.event, to.spec)
    message["From"] = Sender(display_name=_line(sender.name), addr_spec=sender.address.spec)
    message["To"] = Sender(addr_spec=to.spec)
    message["Subject"] = _line(f"[{news.kind.capitalize()}] {news.about}")
    message["Date"] = header_date(now.astimezone(newsletter.timezone))
    message["Message-ID"] = f"<notice.{key}@{sender.address.domain}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834 section 5: nobody answers it
    message[KIND_HEADER] = str(news.kind)
    sentence = news.sentence
    if not sentence.startswith(news.about):  # a name stays as it is
        sentence = sentence[:1].upper() + sentence[1:]
    text = "\n\n".join(filter(None, (sentence, *news.lines)))
    message.set_content(f"{text}\n", cte="quoted-printable")
    return message.as_bytes()


def _line(value: str) -> str:
    return clean_line(" ".join(value.split()))


NEWS_FOR = timedelta(days=1)
WARN_DAYS = 3  # before a verification lapses
FEW = 0.02  # a share of refused recipients that is worth a notice of its own
_KINDS = {
    OccurrenceState.HELD: NoticeKind.HELD,
    OccurrenceState.SKIPPED: NoticeKind.SKIPPED,
    OccurrenceState.MISSED: NoticeKind.MISSED,
    OccurrenceState.STOPPED: NoticeKind.STOPPED,
}


def find_news(desk: Desk) -> int:
    """Keep a notice for each way and each thing that has happened and was not told; count them."""
    now = desk.clock.now()
    with desk.database.read() as connection:
        found = [*_of_runs(desk, connection, now), *_of_mailings(connection)]
        told = notices.told(connection, [news.event for news in found])
    fresh = [news for news in found if news.event not in told]
    return _keep(desk, fresh, now) if fresh else 0


def find_lapsing(desk: Desk) -> int:
    """Keep a notice for each appeal whose verification is about to lapse; count the new ones."""
    now = desk.clock.now()
    found = [news for n in desk.settings.newsletters for news in _of_callouts(desk, n, now)]
    return _keep(desk, found, now) if found else 0


def _keep(desk: Desk, fresh: Sequence[News], now: datetime) -> int:
    newsletters = {newsletter.name: newsletter for newsletter in desk.settings.newsletters}
    rows: list[NewNotice] = []
    for news in fresh:
        told = _with_changes(desk, news)
        rows += notices_of(desk.settings, newsletters.get(news.newsletter), told, now=now)
    if not rows:
        return 0
    with desk.database.write() as connection:
        return notices.add(connection, rows, now=now)


def _with_changes(desk: Desk, news: News) -> News:
    if news.kind is not NoticeKind.HELD or "approval" not in news.sentence:
        return news
    changes = seal_diff(desk, news.issue)
    if not changes:
        return news
    return replace(
        news,
        lines=(*news.lines, "What changed since the approval:", "\n".join(changes)),
        facts={**news.facts, "changes": list(changes)},
    )


def _of_runs(desk: Desk, connection: Connection, now: datetime) -> Iterator[News]:
    zones = {newsletter.name: newsletter.timezone for newsletter in desk.settings.newsletters}
    for occurrence in occurrences.ended_since(connection, now - NEWS_FOR):
        if occurrence.mark is OccurrenceMark.GONE:
            continue  # a change of the schedule, which a person has made
        mailing = ledger.mailing_for_issue(connection, occurrence.issue or "")
        account = ledger.account(connection, mailing.id) if mailing else None
        zone = zones.get(occurrence.newsletter, UTC)
        yield _of_run(connection, occurrence, account, zone)
        lost = account.refused + account.expired if account is not None else 0
        if account is not None and lost > FEW * account.planned:
            yield _news(
                connection,
                occurrence,
                NoticeKind.REFUSED,
                f"{counted(lost, 'recipient')} of {account.planned:,} got nothing of "
                f"{run_name(occurrence)}: refused or given up",
                account=account,
                zone=zone,
            )


def _of_run(
    connection: Connection, occurrence: OccurrenceRow, account: Account | None, zone: tzinfo
) -> News:
    name, why = run_name(occurrence), occurrence.why
    kind = _KINDS.get(occurrence.state, NoticeKind.SENT)
    if kind is not NoticeKind.SENT:
        sentence = f"{name} was {kind}: {why or 'by hand'}"
    elif account is None:
        sentence = f"{name} was sent to nobody: {why}"
    elif account.unknown:
        kind = NoticeKind.UNSETTLED
        sentence = (
            f"{name} is unsettled: {counted(account.unknown, 'delivery', 'deliveries')} "
            "may or may not have been taken"
        )
    else:
        sentence = f"{name} was sent: {account_line(account)}"
    return _news(connection, occurrence, kind, sentence, account=account, zone=zone)


def _news(
    connection: Connection,
    occurrence: OccurrenceRow,
    kind: NoticeKind,
    sentence: str,
    *,
    account: Account | None,
    zone: tzinfo,
) -> News:
    ended = occurrence.ended_at or occurrence.planned_at
    steps = occurrences.steps(connection, occurrence.id)
    shown = "\n".join(
        f"{s.started.astimezone(zone):%H:%M:%S}  {s.name}, {s.seconds:.1f} s: {s.result}"
        for s in steps
    )
    last = steps[-1].name if steps else ""
    planned = f"Planned for {occurrence.planned_at.astimezone(zone):%A %d %B %Y, %H:%M %Z}."
    note = f"Note: {occurrence.note}." if occurrence.note else ""
    return News(
        event=f"{kind}:{occurrence.id}:{ended.isoformat()}",
        kind=kind,
        newsletter=occurrence.newsletter,
        issue=occurrence.issue or "",
        about=run_name(occurrence),
        sentence=sentence,
        lines=(planned, note, shown, _what_to_do(kind, occurrence, zone, last)),
        facts={
            "planned": occurrence.planned_at.isoformat(),
            "why": occurrence.why or None,
            "account": asdict(account) if account else None,
            "steps": [
                {
                    "name": s.name,
                    "at": s.started.isoformat(),
                    "seconds": round(s.seconds, 3),
                    "result": s.result,
                }
                for s in steps
            ],
        },
    )


def _what_to_do(kind: NoticeKind, occurrence: OccurrenceRow, zone: tzinfo, last: str) -> str:
    """Name the commands that help; last is the name of the run's last step, which held it."""
    issue = occurrence.issue
    if kind is NoticeKind.HELD:
        looks_at = "check" if last == "check" else "log"
        check = (f"To see why: newsletter {looks_at} {issue}",) if issue else ()
        ways = ways_on(occurrence, zone, occurrence.ended_at or occurrence.planned_at)
        return "\n".join((*check, *(way[:1].upper() + way[1:] for way in ways)))
    if not issue:
        return "All runs: newsletter log"
    ways_of = {
        NoticeKind.MISSED: f"To send it all the same: newsletter send {issue}",
        NoticeKind.UNSETTLED: f"To decide about each: newsletter settle {issue}",
    }
    return ways_of.get(kind, f"Its account: newsletter log {issue}")


def _of_mailings(connection: Connection) -> Iterator[News]:
    for mailing in ledger.list_mailings(connection, (MailingState.PAUSED,)):
        if mailing.why:
            yield _of_paused(mailing, ledger.account(connection, mailing.id))


def _of_paused(mailing: MailingRow, account: Account) -> News:
    """Return the news of a pause; going on after it sets `started`, so that the next is another."""
    reason = sha256(mailing.why.encode()).hexdigest()[:12]
    begun = mailing.started.isoformat() if mailing.started else ""
    return News(
        event=f"paused:{mailing.id}:{begun}:{reason}",
        kind=NoticeKind.PAUSED,
        newsletter=mailing.newsletter,
        issue=mailing.issue,
        about=mailing.issue,
        sentence=f"{mailing.issue} is paused: {mailing.why}",
        lines=(
            f"So far: {account_line(account)}.",
            f"To go on: newsletter resume {mailing.issue}\n"
            f"To end it: newsletter stop {mailing.issue}",
        ),
        facts={"why": mailing.why, "account": asdict(account)},
    )


def _of_callouts(desk: Desk, newsletter: NewsletterSettings, now: datetime) -> Iterator[News]:
    today = now.astimezone(newsletter.timezone).date()
    for name in newsletter.callouts:
        try:
            callout = load_callout(desk.settings, name)
        except NewsletterError:
            continue  # `check` tells of its mistakes
        use = effective_status(callout, today)
        if use.status is not CalloutStatus.OPEN or use.days_left is None:
            continue
        if use.days_left > WARN_DAYS:
            continue
        last_day = today + timedelta(days=use.days_left)
        yield News(
            event=f"verification:{newsletter.name}:{name}:{callout.last_verified}",
            kind=NoticeKind.VERIFICATION,
            newsletter=newsletter.name,
            issue="",
            about=f"{name} in {newsletter.name}",
            sentence=f"the appeal {name} has to be verified again by {last_day}",
            lines=(f"To verify it: newsletter callouts verify {name} --by NAME --source URL",),
            facts={"callout": name, "good_until": last_day.isoformat()},
        )
