"""What editors are to be told: found in what the database says has happened, not in a memory of it.

An event is named by what happened, so that whoever finds it, and however often, it is told once.
What ended more than a day ago is no news.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from hashlib import sha256

from newsletter.config.settings import NewsletterSettings
from newsletter.errors import NewsletterError
from newsletter.issues.callout_rules import effective_status
from newsletter.model.callout import CalloutStatus
from newsletter.model.mailing import Account, MailingState
from newsletter.model.notice import NewNotice, NoticeKind
from newsletter.model.records import MailingRow, OccurrenceMark, OccurrenceRow, OccurrenceState
from newsletter.model.text import counted
from newsletter.store import Connection, ledger, notices, occurrences
from newsletter.workflows.approval.seal_diff import seal_diff
from newsletter.workflows.desk import Desk
from newsletter.workflows.notices.notice_words import News, notices_of
from newsletter.workflows.planning.run_names import run_name, ways_on
from newsletter.workflows.project_files import load_callout
from newsletter.workflows.sending.carry_out import account_line

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
    """Keep a notice for each way and each thing that has happened and was not told.

    Returns:
        How many are new.
    """
    now = desk.clock.now()
    with desk.database.read() as connection:
        found = [*_of_runs(desk, connection, now), *_of_mailings(connection)]
        told = notices.told(connection, [news.event for news in found])
    fresh = [news for news in found if news.event not in told]
    return _keep(desk, fresh, now) if fresh else 0


def find_lapsing(desk: Desk) -> int:
    """Keep a notice for each appeal whose verification is about to lapse.

    Returns:
        How many are new.
    """
    now = desk.clock.now()
    found = [news for n in desk.settings.newsletters for news in _of_callouts(desk, n, now)]
    return _keep(desk, found, now) if found else 0


def _keep(desk: Desk, fresh: Sequence[News], now: datetime) -> int:
    newsletters = {newsletter.name: newsletter for newsletter in desk.settings.newsletters}
    rows: list[NewNotice] = []
    for news in fresh:
        rows += notices_of(
            desk.settings, newsletters.get(news.newsletter), _with_changes(desk, news), now=now
        )
    if not rows:
        return 0
    with desk.database.write() as connection:
        return notices.add(connection, rows, now=now)


def _with_changes(desk: Desk, news: News) -> News:
    """Add what changed since the approval, where that is why it is held."""
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
        if account is not None and _many_refused(account):
            yield _news(
                connection,
                occurrence,
                NoticeKind.REFUSED,
                f"{counted(account.refused + account.expired, 'recipient')} of "
                f"{account.planned:,} got nothing of {run_name(occurrence)}: refused or given up",
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


def _many_refused(account: Account) -> bool:
    lost = account.refused + account.expired
    return lost > FEW * account.planned


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
            "account": _figures(account),
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


def _figures(account: Account | None) -> dict[str, int] | None:
    if account is None:
        return None
    return {word: getattr(account, word) for word in account.__dataclass_fields__}


def _what_to_do(kind: NoticeKind, occurrence: OccurrenceRow, zone: tzinfo, last: str) -> str:
    """Name the commands that help; last is the name of the run's last step, which held it."""
    issue = occurrence.issue
    if kind is NoticeKind.HELD:
        looks_at = "check" if last == "check" else "log"
        check = (f"To see why: newsletter {looks_at} {issue}",) if issue else ()
        ended = occurrence.ended_at or occurrence.planned_at
        ways = (way[:1].upper() + way[1:] for way in ways_on(occurrence, zone, ended))
        return "\n".join((*check, *ways))
    if kind is NoticeKind.MISSED and issue:
        return f"To send it all the same: newsletter send {issue}"
    if kind is NoticeKind.UNSETTLED and issue:
        return f"To decide about each: newsletter settle {issue}"
    return f"Its account: newsletter log {issue}" if issue else "All runs: newsletter log"


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
        facts={"why": mailing.why, "account": _figures(account)},
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
            sentence=f"the appeal {name} is good until {last_day}; then it has to be verified anew",
            lines=(f"To verify it: newsletter callouts verify {name} --by NAME --source URL",),
            facts={"callout": name, "good_until": last_day.isoformat()},
        )
