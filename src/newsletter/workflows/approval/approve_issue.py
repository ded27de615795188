"""Approve: a named person seals what is to be sent, to whom and when."""

from collections.abc import Mapping
from datetime import datetime

from newsletter.compose.composer import Composition
from newsletter.errors import NothingToDo, UserError
from newsletter.model.composed import ComposedIssue
from newsletter.model.records import ApprovalRow, OccurrenceKind, OccurrenceRow, OccurrenceState
from newsletter.model.schedule import PlannedTime
from newsletter.store import Connection, approvals, ledger, occurrences, subscribers
from newsletter.workflows.desk import Desk
from newsletter.workflows.issue.check_issue import check_prepared, compose_for_checks
from newsletter.workflows.issue.compose_issue import (
    Prepared,
    compose,
    composed_or_error,
    each_variant,
    nominal_appearance,
    prepare,
    refuse_errors,
    variant_key,
)
from newsletter.workflows.planning.plan_ahead import attach_by_date, catch_up
from newsletter.workflows.planning.run_names import open_until


def compose_variants(
    desk: Desk, prepared: Prepared, checked: Composition | None = None
) -> Mapping[str, ComposedIssue]:
    """Compose each way the issue may go out, by variant key.

    checked is what was composed for the checks: the usual way, which is not composed again.

    Raises:
        IssueError: one cannot be composed.
        UserError: there are too many ways.
    """
    usual = variant_key({use.callout.name: nominal_appearance(use) for use in prepared.uses})
    found: dict[str, ComposedIssue] = {}
    for variant in each_variant(prepared):
        key = variant_key(variant)
        composition = checked if key == usual else None
        found[key] = composed_or_error(composition or compose(desk, prepared, appearances=variant))
    return found


def refuse_past(planned: PlannedTime, now: datetime) -> None:
    """Raise UserError for a planned time that is over."""
    if planned.at <= now:
        msg = f"{planned.local} ({planned.zone}) is past"
        raise UserError(msg, hint='"newsletter send" sends now')


def refuse_begun(connection: Connection, issue: str) -> None:
    """Raise NothingToDo where the issue has its mailing: an issue has one, ever."""
    if ledger.mailing_for_issue(connection, issue) is not None:
        msg = f"{issue} has its mailing already; an issue is mailed once"
        raise NothingToDo(msg, hint=f'"newsletter log {issue}" tells what became of it')


def approve_issue(
    desk: Desk, name: str, *, by: str, planned: PlannedTime | None = None
) -> ApprovalRow:
    """Seal an issue; with `planned`, plan it at that time too.

    The seal holds one skeleton for each way the issue may go out, the list with its count now, and
    the planned time: the one it has, or else the schedule's next on its date. An older approval of
    the issue gives way to this one. A run that was held before its planned time is planned again,
    and so is one that was forced, for as long as `if_late` allows.

    Raises:
        ChecksFailed: an unwaived error is left.
        NothingToDo: the list has nobody, or the issue has been mailed.
        UserError: the planned time is past.
    """
    prepared = prepare(desk, name)
    now = desk.clock.now()
    if planned is not None:
        refuse_past(planned, now)
    checked = compose_for_checks(desk, prepared)
    report = check_prepared(desk, prepared, checked)
    refuse_errors(name, report.errors)
    variants = compose_variants(desk, prepared, checked)
    with desk.database.write() as connection:
        refuse_begun(connection, name)
        recipients = subscribers.count_audience(connection, prepared.newsletter.list)
        refuse_nobody(prepared.newsletter.list, recipients)
        if planned is not None:
            plan_once(connection, prepared, planned)
        else:
            plan_held_again(connection, name, now=now)
            catch_up(desk, connection, name)
            attach_by_date(desk, connection, name)
            catch_up(desk, connection, name)
        return seal(
            connection,
            name,
            variants,
            fingerprint=report.fingerprint,
            list_name=prepared.newsletter.list,
            recipients=recipients,
            by=by,
            now=now,
        )


def plan_held_again(connection: Connection, name: str, *, now: datetime) -> None:
    """Plan an issue's held run again where it may still go out: a person says yes to it."""
    held = occurrences.of_issue(connection, name)
    if held is not None and held.state is OccurrenceState.HELD and open_until(held) > now:
        occurrences.plan_again(connection, held.id)


def refuse_nobody(list_name: str, recipients: int) -> None:
    """Raise NothingToDo for a list without a single active, unsuppressed reader."""
    if recipients == 0:
        msg = f'nobody is subscribed to the list "{list_name}"'
        hint = (
            f'add readers with "newsletter subscribers add EMAIL --list {list_name} --consent TEXT"'
        )
        raise NothingToDo(msg, hint=hint)


def seal(
    connection: Connection,
    name: str,
    variants: Mapping[str, ComposedIssue],
    *,
    fingerprint: str,
    list_name: str,
    recipients: int,
    by: str,
    now: datetime,
) -> ApprovalRow:
    """Write an approval; the planned time is the one that stands now, if any."""
    for composed in variants.values():
        approvals.keep_skeleton(connection, composed.fingerprint, composed.skeleton, now=now)
    planned = occurrences.of_issue(connection, name)
    is_set = planned is not None and planned.state is OccurrenceState.PLANNED
    return approvals.approve(
        connection,
        issue=name,
        fingerprint=fingerprint,
        seals={key: composed.fingerprint for key, composed in variants.items()},
        list_name=list_name,
        recipients=recipients,
        planned_at=planned.planned_at if planned is not None and is_set else None,
        planned_local=f"{planned.local_date} {planned.local_time}"
        if planned is not None and is_set
        else "",
        by=by,
        now=now,
    )


def plan_once(
    connection: Connection,
    prepared: Prepared,
    planned: PlannedTime,
    *,
    kind: OccurrenceKind = OccurrenceKind.ONE_OFF,
) -> OccurrenceRow:
    """Plan an issue at one time, or move its planned time.

    Raises:
        UserError: the newsletter sends another issue at that time.
    """
    return occurrences.plan_issue(
        connection,
        newsletter=prepared.newsletter.name,
        issue=prepared.file.issue.name,
        kind=kind,
        planned=planned,
    )
