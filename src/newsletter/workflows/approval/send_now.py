"""Send now: a person confirms the count, which approves; then the issue is due at once."""

from dataclasses import dataclass

from newsletter.errors import NothingToDo, UserError
from newsletter.model.mailing import account_line
from newsletter.model.records import OccurrenceKind, OccurrenceRow, OccurrenceState
from newsletter.model.schedule import PlannedTime
from newsletter.model.text import counted
from newsletter.store import Connection, approvals, ledger, occurrences, subscribers
from newsletter.workflows.approval.approve_issue import make_ready, refuse_nobody, seal
from newsletter.workflows.desk import Desk
from newsletter.workflows.issue.check_issue import check_prepared
from newsletter.workflows.issue.compose_issue import prepare, refuse_errors


@dataclass(frozen=True, slots=True, kw_only=True)
class SendQuestion:
    """What the person is asked to confirm. begun: the mailing exists, only the rest is left."""

    issue: str
    recipients: int
    list: str
    begun: bool


def send_question(desk: Desk, name: str) -> SendQuestion:
    """Count whom a send would go to now."""
    with desk.database.read() as connection:
        mailing = ledger.mailing_for_issue(connection, name)
        account = ledger.account(connection, mailing.id) if mailing else None
    if mailing is not None and account is not None:
        if not account.left:
            msg = f"nobody is left to send {name} to: {account_line(account)}"
            raise NothingToDo(msg, hint=f'"newsletter log {name}" tells what became of each')
        return SendQuestion(issue=name, recipients=account.left, list=mailing.list, begun=True)
    prepared = prepare(desk, name)
    refuse_errors(name, check_prepared(desk, prepared).errors)
    list_name = prepared.newsletter.list
    with desk.database.read() as connection:
        recipients = subscribers.count_audience(connection, list_name)
    refuse_nobody(list_name, recipients)
    return SendQuestion(issue=name, recipients=recipients, list=list_name, begun=False)


def confirm(question: SendQuestion, typed: int) -> None:
    """Compare the typed number with the count."""
    if typed != question.recipients:
        msg = f"{question.issue} goes to {counted(question.recipients, 'recipient')}, not {typed:,}"
        raise UserError(msg, hint="nothing was sent; confirm the number that is true now")


def make_due(desk: Desk, name: str, *, recipients: int, by: str) -> OccurrenceRow:
    """Approve the issue for now and plan it at this moment.

    Where the issue's run or mailing has begun, that one is given: the caller follows it, or, as the
    holder of the sender's lock, goes on with it. An approval of the same bytes for as many readers
    stands, with its moment, so that `hold` counts from it; any other gives way to this one.
    """
    with desk.database.read() as connection:
        begun = _begun(connection, name)
    if begun is not None:
        return begun
    ready = make_ready(desk, name)
    newsletter = ready.prepared.newsletter
    now = desk.clock.now()
    with desk.database.write() as connection:
        begun = _begun(connection, name)
        if begun is not None:
            return begun
        count = subscribers.count_audience(connection, newsletter.list)
        confirm(
            SendQuestion(issue=name, recipients=count, list=newsletter.list, begun=False),
            recipients,
        )
        local = now.astimezone(newsletter.timezone).replace(tzinfo=None)
        planned = PlannedTime(local=local, zone=newsletter.timezone.key, at=now)
        occurrence = occurrences.plan_issue(
            connection, newsletter.name, name, OccurrenceKind.NOW, planned
        )
        standing = approvals.standing(connection, name)
        if standing is not None and (dict(standing.seals), standing.list, standing.recipients) == (
            ready.seals,
            newsletter.list,
            recipients,
        ):
            approvals.move_planned(connection, name, planned_at=now, planned_local=str(local))
        else:
            seal(
                connection,
                ready.prepared,
                ready.variants,
                fingerprint=ready.fingerprint,
                recipients=recipients,
                by=by,
                now=now,
            )
    return occurrence


def _begun(connection: Connection, name: str) -> OccurrenceRow | None:
    occurrence = occurrences.of_issue(connection, name)
    if occurrence is None or occurrence.state is OccurrenceState.CLAIMED:
        return occurrence
    return occurrence if ledger.mailing_for_issue(connection, name) is not None else None
