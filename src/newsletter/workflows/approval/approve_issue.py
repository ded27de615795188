"""Approve an issue: seal its bytes, its audience and its time; and plan it by hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import unified_diff

from newsletter.compose.composer import Composition
from newsletter.compose.message.skeleton import assemble, parse_message
from newsletter.config.settings import NewsletterSettings
from newsletter.errors import NewsletterError, NothingToDo, UserError
from newsletter.model.composed import ComposedIssue, Skeleton
from newsletter.model.records import (
    ApprovalRow,
    OccurrenceKind,
    OccurrenceMark,
    OccurrenceState,
)
from newsletter.model.schedule import PlannedTime
from newsletter.store import Connection, approvals, ledger, occurrences, scheduled, subscribers
from newsletter.store.occurrences import UNSCHEDULED
from newsletter.workflows.desk import Desk
from newsletter.workflows.issue.build_issue import proof_address
from newsletter.workflows.issue.check_issue import check_prepared, compose_for_checks
from newsletter.workflows.issue.compose_issue import (
    Prepared,
    compose,
    composed_or_error,
    each_variant,
    nominal_appearance,
    prepare,
    proof_values,
    readers_key,
    refuse_errors,
    variant_key,
)
from newsletter.workflows.planning.next_run import give_time
from newsletter.workflows.planning.occurrence import open_until
from newsletter.workflows.planning.plan_ahead import attach_by_date, catch_up


def fuse_problem(newsletter: NewsletterSettings, expected: int, count: int, what: str) -> str:
    """Return that the audience is another than was expected; "" where the fuse holds."""
    allowed = round(newsletter.audience_fuse * expected, 6)  # 29% of 100 is 29, and not 28.9…
    if abs(count - expected) <= allowed:
        return ""
    return (
        f"the list has {count:,} readers and {expected:,} {what}, "
        f"more than {100 * newsletter.audience_fuse:g}% apart"
    )


def last_issue_problem(connection: Connection, newsletter: NewsletterSettings, count: int) -> str:
    """Compare the audience with that of the newsletter's last issue, where nobody has approved."""
    before = [
        mailing
        for mailing in ledger.list_mailings(connection)
        if mailing.newsletter == newsletter.name and mailing.list == newsletter.list
    ]
    if not before:
        return ""
    last = ledger.account(connection, before[-1].id).planned
    return fuse_problem(newsletter, last, count, "got the last issue")


def compose_variants(
    desk: Desk, prepared: Prepared, checked: Composition | None = None
) -> Mapping[str, ComposedIssue]:
    """Compose each way the issue may go out, by variant key."""
    usual = variant_key({use.callout.name: nominal_appearance(use) for use in prepared.uses})
    found: dict[str, ComposedIssue] = {}
    for variant in each_variant(prepared):
        key = variant_key(variant)
        composition = checked if key == usual else None
        found[key] = composed_or_error(composition or compose(desk, prepared, appearances=variant))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """An issue without errors, and each way it may go out."""

    prepared: Prepared
    variants: Mapping[str, ComposedIssue]
    fingerprint: str

    @property
    def seals(self) -> dict[str, str]:
        """The fingerprint of each way."""
        return {key: composed.fingerprint for key, composed in self.variants.items()}


def make_ready(desk: Desk, name: str) -> Ready:
    """Check an issue and compose each way it may go out."""
    prepared = prepare(desk, name)
    checked = compose_for_checks(desk, prepared)
    report = check_prepared(desk, prepared, checked)
    refuse_errors(name, report.errors)
    variants = compose_variants(desk, prepared, checked)
    return Ready(prepared=prepared, variants=variants, fingerprint=report.fingerprint)


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
    """
    now = desk.clock.now()
    if planned is not None:
        refuse_past(planned, now)
    ready = make_ready(desk, name)
    with desk.database.write() as connection:
        refuse_begun(connection, name)
        recipients = subscribers.count_audience(connection, ready.prepared.newsletter.list)
        refuse_nobody(ready.prepared.newsletter.list, recipients)
        if planned is not None:
            newsletter = ready.prepared.newsletter.name
            occurrences.plan_issue(connection, newsletter, name, OccurrenceKind.ONE_OFF, planned)
        else:
            held = occurrences.of_issue(connection, name)
            if held is not None and held.state is OccurrenceState.HELD and open_until(held) > now:
                occurrences.plan_again(connection, held.id)
            catch_up(desk, connection, name)
            attach_by_date(desk, connection, name)
            catch_up(desk, connection, name)
        return seal(
            connection,
            ready.prepared,
            ready.variants,
            fingerprint=ready.fingerprint,
            recipients=recipients,
            by=by,
            now=now,
        )


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
    prepared: Prepared,
    variants: Mapping[str, ComposedIssue],
    *,
    fingerprint: str,
    recipients: int,
    by: str,
    now: datetime,
) -> ApprovalRow:
    """Write an approval; the planned time is the one that stands now, if any."""
    for composed in variants.values():
        approvals.keep_skeleton(connection, composed.fingerprint, composed.skeleton, now=now)
    name = prepared.file.issue.name
    planned = occurrences.of_issue(connection, name)
    if planned is not None and planned.state is not OccurrenceState.PLANNED:
        planned = None
    return approvals.approve(
        connection,
        issue=name,
        fingerprint=fingerprint,
        seals={key: composed.fingerprint for key, composed in variants.items()},
        list_name=prepared.newsletter.list,
        recipients=recipients,
        planned_at=planned.planned_at if planned else None,
        planned_local=f"{planned.local_date} {planned.local_time}" if planned else "",
        by=by,
        now=now,
    )


# A claimed one may be taken back until its mailing is frozen: release looks once more before that.
TAKEN_BACK = (OccurrenceState.PLANNED, OccurrenceState.CLAIMED, OccurrenceState.HELD)


def schedule_issue(desk: Desk, name: str, planned: PlannedTime) -> tuple[ApprovalRow | None, bool]:
    """Plan an issue at one time.

    Returns the approval that stands, and whether one was broken.
    """
    prepared = prepare(desk, name)
    now = desk.clock.now()
    refuse_past(planned, now)
    refuse_errors(name, check_prepared(desk, prepared).errors)
    with desk.database.write() as connection:
        refuse_begun(connection, name)
        occurrences.plan_issue(
            connection, prepared.newsletter.name, name, OccurrenceKind.ONE_OFF, planned
        )
        return give_time(connection, name, planned, now=now, what="planned for")


def unschedule_issue(desk: Desk, name: str) -> None:
    """Take an issue's planned time back. One that its schedule gave it is skipped."""
    with desk.database.write() as connection:
        refuse_begun(connection, name)
        occurrence = occurrences.of_issue(connection, name)
        if occurrence is None or occurrence.state not in TAKEN_BACK:
            raise NothingToDo(f"{name} is not planned")
        now = desk.clock.now()
        if occurrence.kind is OccurrenceKind.SCHEDULED:
            scheduled.set_aside(
                connection, occurrence.id, OccurrenceMark.SKIPPED, why=UNSCHEDULED, now=now
            )
        else:
            occurrences.unplan(connection, occurrence.id, now=now)


MOST_LINES = 200
SHOWN_HEADERS = ("From", "Reply-To", "Subject")


def seal_diff(desk: Desk, name: str) -> tuple[str, ...]:
    """Return the lines of a unified diff from the sealed text part to the present one.

    The visible head fields are compared with it. Where only the HTML part differs, one sentence
    says so. () where nothing differs, nothing was ever approved, or the issue cannot be composed.
    """
    with desk.database.read() as connection:
        approval = approvals.latest(connection, name)
    if approval is None or not approval.seals:
        return ()
    try:
        prepared = prepare(desk, name)
        variants = compose_variants(desk, prepared)
    except NewsletterError:
        return ()
    usual = variant_key({use.callout.name: nominal_appearance(use) for use in prepared.uses})
    key = next((key for key in (usual, *variants) if key in approval.seals), None)
    sealed, composed = next(iter(approval.seals.values())), variants[usual]
    if key is not None:
        sealed, composed = approval.seals[key], variants[key]
    if sealed == composed.fingerprint:
        return ()
    with desk.database.read() as connection:
        before = approvals.load_skeleton(connection, sealed)
    lines = list(
        unified_diff(
            _lines(desk, prepared, before),
            _lines(desk, prepared, composed.skeleton),
            fromfile=f"approved by {approval.approved_by}",
            tofile="as it is now",
            lineterm="",
            n=2,
        )
    )
    if not lines:
        return ("the text part is as it was approved; the HTML part is not",)
    more = len(lines) - MOST_LINES
    return (*lines[:MOST_LINES], *((f"… and {more} lines more",) if more > 0 else ()))


def _lines(desk: Desk, prepared: Prepared, skeleton: Skeleton) -> list[str]:
    values = proof_values(
        prepared.newsletter,
        issue=prepared.file.issue.name,
        to=proof_address(desk, prepared),
        key=readers_key(desk),
        at=desk.clock.now(),
        message_key="compared",
    )
    message = parse_message(assemble(skeleton, values))
    head = [f"{name}: {message.header(name)}" for name in SHOWN_HEADERS if message.header(name)]
    return [*head, "", *message.text.splitlines()]
