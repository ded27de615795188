"""A run: its name in sentences, whether it is too late, and the steps that are kept of it."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from newsletter.config.settings import NewsletterSettings
from newsletter.model.records import OccurrenceKind, OccurrenceMark, OccurrenceRow, OccurrenceState
from newsletter.model.schedule import Stage
from newsletter.model.text import lasting
from newsletter.store import Connection, occurrences, scheduled
from newsletter.workflows.desk import Desk

STATE_WORDS: Mapping[OccurrenceState, str] = {
    OccurrenceState.PLANNED: "planned",
    OccurrenceState.CLAIMED: "going out now",
    OccurrenceState.DONE: "sent",
    OccurrenceState.HELD: "held",
    OccurrenceState.SKIPPED: "skipped",
    OccurrenceState.MISSED: "missed",
    OccurrenceState.STOPPED: "stopped",
}


def run_name(occurrence: OccurrenceRow) -> str:
    """Name a run in sentences: its issue, or the newsletter and its time while it has none."""
    at = f"{occurrence.local_date} {occurrence.local_time:%H:%M}"
    return occurrence.issue or f"{occurrence.newsletter} of {at}"


def open_until(occurrence: OccurrenceRow) -> datetime:
    """Return until when a held run may be approved, and goes out then without being planned anew.

    Its planned time; one that was forced had that behind it from the start, and has `if_late`.
    """
    if occurrence.mark is OccurrenceMark.FORCED and occurrence.approve_by is not None:
        return occurrence.approve_by
    return occurrence.planned_at


def ways_on(held: OccurrenceRow, zone: tzinfo, now: datetime) -> tuple[str, ...]:
    """Return what a person can do about a held run, a sentence for each."""
    issue = held.issue or "ISSUE"
    draft = (
        f"to draft it all the same: newsletter draft {held.newsletter} "
        f"--date {held.local_date} --anyway",
    )
    until = open_until(held)
    ways: tuple[str, ...] = (f"to send it now: newsletter send {issue}",)
    if now < until:
        when = "at once" if held.mark is OccurrenceMark.FORCED else "then"
        form = "%a %H:%M" if until - now < timedelta(days=6) else "%a %Y-%m-%d %H:%M"
        ways = (
            f"until {until.astimezone(zone):{form}}: newsletter approve {issue} "
            f"lets it go out {when}",
            f"after that: newsletter send {issue}",
        )
    return ways if held.issue else draft + ways


def ways_on_paused(issue: str) -> str:
    """Return what a person can do about a mailing that is paused."""
    return f'"newsletter resume {issue}" goes on, "newsletter stop {issue}" ends it'


DEFAULT_IF_LATE = timedelta(hours=2)


def lateness(
    newsletter: NewsletterSettings,
    occurrence: OccurrenceRow,
    now: datetime,
    hold_until: datetime | None = None,
) -> str:
    """Return why an occurrence is too late to be sent; "" where it is not.

    A hold that went past the planned time is no lateness: it counts from the hold's end then.
    """
    schedule = newsletter.schedule
    if_late = schedule.if_late if schedule else DEFAULT_IF_LATE
    if now <= max(occurrence.planned_at, hold_until or occurrence.planned_at) + if_late:
        return ""
    planned = f"{occurrence.planned_at:%Y-%m-%d %H:%M:%S} UTC"
    return f"planned for {planned}, more than {lasting(if_late)} ago, which if_late does not allow"


ABOUT_TO_BE = timedelta(seconds=5)  # what is due so soon is due too; rules are a minute apart
_OVERTAKING = frozenset(
    {
        OccurrenceState.PLANNED,
        OccurrenceState.CLAIMED,
        OccurrenceState.HELD,
        OccurrenceState.DONE,
    }
)
WRONG_CLOCK = "it was missed while the clock was wrong"


def overtaken(row: OccurrenceRow, others: Iterable[OccurrenceRow], now: datetime) -> str:
    """Return which later time of the rule is due as well; "" where none is."""
    if row.kind is not OccurrenceKind.SCHEDULED or row.mark is OccurrenceMark.FORCED:
        return ""
    later = [
        other
        for other in others
        if other.kind is OccurrenceKind.SCHEDULED
        and other.mark is not OccurrenceMark.FORCED
        and other.state in _OVERTAKING
        and row.planned_at < other.planned_at <= now + ABOUT_TO_BE
    ]
    if not later:
        return ""
    return f"the one of {later[-1].local_date} {later[-1].local_time:%H:%M} is due too"


_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Evidence:
    """What a step has to show for itself: one line."""

    write: Callable[[Connection, str], None] = lambda *_: None
    line: str = "done"
    next_at: datetime | None = None
    is_kept: bool = False

    def says(self, line: str) -> None:
        """Set the line."""
        self.line = " ".join(line.split())

    def tried(self, line: str, *, next_at: datetime) -> None:
        """Note that the step's stage is not over, and is tried again at that moment."""
        self.says(line)
        self.next_at = next_at

    def keep(self, connection: Connection) -> None:
        """Write the step down in the transaction that does what it tells: both or neither."""
        self.write(connection, self.line)
        self.is_kept = True


@dataclass(frozen=True, slots=True)
class RunRecord:
    """Writes the steps of one occurrence."""

    desk: Desk
    occurrence: OccurrenceRow

    @contextmanager
    def step(self, name: str, *, over: tuple[Stage, ...] = ()) -> Iterator[Evidence]:
        """Time a step and keep it; one that raises is kept with the reason and raises on.

        over: the stages of the run that are over with this step, written in the same transaction.
        Where it was tried in vain, they are not, and the first of them is put off.
        """
        clock = self.desk.clock
        started, begun = clock.now(), clock.monotonic()

        def write(connection: Connection, line: str) -> None:
            occurrences.add_step(
                connection,
                occurrence_id=self.occurrence.id,
                issue=self.occurrence.issue or "",
                name=name,
                started=started,
                seconds=clock.monotonic() - begun,
                result=line[:500],
            )

        evidence = Evidence(write)
        is_over = False
        try:
            yield evidence
            is_over = True
        except Exception as error:
            evidence.says(str(error) or type(error).__name__)
            raise
        finally:
            _log.info(
                "step ended",
                extra={
                    "run": run_name(self.occurrence),
                    "step": name,
                    "seconds": round(clock.monotonic() - begun, 3),
                    "result": evidence.line[:500],
                },
            )
            if not (is_over and evidence.is_kept):
                now = clock.now()
                with self.desk.database.write() as connection:
                    write(connection, evidence.line)
                    number, next_at = self.occurrence.id, evidence.next_at
                    if next_at is not None:
                        scheduled.put_off(connection, number, over[0], now=started, next_at=next_at)
                    for stage in over if is_over and next_at is None else ():
                        scheduled.pass_stage(connection, number, stage, now=now)
