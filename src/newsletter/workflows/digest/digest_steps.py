"""The steps of a scheduled run that have to do with its stories: sources read, the day's file."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from newsletter.config.settings import NewsletterSettings, SourceSettings
from newsletter.errors import Interrupted, NothingToDo
from newsletter.fetch import Fetcher
from newsletter.model.finding import Report
from newsletter.model.records import OccurrenceRow, OccurrenceState
from newsletter.model.source import SourceState
from newsletter.model.text import counted
from newsletter.store import occurrences, scheduled
from newsletter.workflows.desk import Desk
from newsletter.workflows.digest.draft_tries import may_repeat
from newsletter.workflows.planning.issue_days import IssueDays
from newsletter.workflows.planning.issue_of_day import issue_of_day
from newsletter.workflows.planning.run_names import STATE_WORDS
from newsletter.workflows.sources.fetch_sources import (
    AtOnce,
    Reading,
    in_turn,
    open_tools,
    read_source,
)
from newsletter.workflows.sources.source_health import UNWELL
from newsletter.workflows.sources.source_states import SourceLine, sources_of
from newsletter.workflows.sources.source_tools import Ended, SourceOutcome
from newsletter.workflows.stories.draft_next import TooFewStories, draft_next
from newsletter.workflows.stories.model_summaries import SummaryWriter

FRESH = timedelta(minutes=5)  # a source that went well so lately is not asked again


def _say_nothing(sentence: str) -> None:
    del sentence


def _no_writer(desk: Desk) -> None:
    del desk


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestTools:
    """What a run needs beside the desk: the web, a stop, a way to read several sources at once."""

    fetcher: Fetcher
    stop: threading.Event
    at_once: AtOnce = in_turn
    make_writer: Callable[[Desk], SummaryWriter | None] = _no_writer
    tell: Callable[[str], None] = _say_nothing


class RunOverError(Exception):
    """The run ends here; state says how, str() is the reason."""

    def __init__(self, state: OccurrenceState, why: str) -> None:
        super().__init__(why)
        self.state = state


class SourcesFailError(RunOverError):
    """There is no draft without the sources that fail; required names those of newsletter.toml."""

    def __init__(self, why: str, failing: Sequence[SourceLine]) -> None:
        super().__init__(OccurrenceState.HELD, why)
        self.failing = tuple(line.row for line in failing)
        self.required = tuple(line.source.name for line in failing if line.source.required)


def held(why: str) -> RunOverError:
    """Make the error of a run that waits for a person."""
    return RunOverError(OccurrenceState.HELD, why)


def skipped(why: str) -> RunOverError:
    """Make the error of a run that is left out."""
    return RunOverError(OccurrenceState.SKIPPED, why)


def read_sources_of(
    desk: Desk, newsletter: NewsletterSettings, tools: DigestTools, *, is_repeat: bool = False
) -> str:
    """Ask the newsletter's sources now, and say what came of it.

    One that went well within FRESH, or is gone, is not asked. One that fails is asked again
    whatever its pause, as when a person names it; at a further try of the same draft (is_repeat)
    only one that draft_tries lets ask.

    Raises:
        SourcesFailError: a required one fails, or all of them do.
        Interrupted: told to stop.
    """
    lines = sources_of(desk, newsletter)
    if not lines:
        return "no sources to read"
    now = desk.clock.now()
    asked = [line.source for line in lines if _is_asked(line, now, is_repeat=is_repeat)]
    outcomes = _read(desk, asked, tools, is_repeat=is_repeat)
    if tools.stop.is_set() or any(outcome.ended is Ended.STOPPED for outcome in outcomes):
        msg = "stopped while the sources were read"
        raise Interrupted(msg)
    _refuse_unwell(sources_of(desk, newsletter), newsletter)
    told = {outcome.name: outcome.sentence() for outcome in outcomes}
    zone = newsletter.timezone
    for line in lines:
        if line.source.name not in told:
            at = line.row.checked_at
            told[line.source.name] = (
                f"read at {at.astimezone(zone):%H:%M:%S}" if at else str(line.row.state)
            )
    return "; ".join(f"{name}: {sentence}" for name, sentence in told.items())


def _is_asked(line: SourceLine, now: datetime, *, is_repeat: bool) -> bool:
    if line.row.state is SourceState.WELL:
        at = line.row.checked_at
        return at is None or not now - FRESH < at <= now  # later than now: by a wrong clock
    if is_repeat:
        return may_repeat(line.row, now)
    return line.row.state is not SourceState.GONE


def _read(
    desk: Desk, wanted: Sequence[SourceSettings], tools: DigestTools, *, is_repeat: bool
) -> Sequence[SourceOutcome]:
    if not wanted:
        return ()
    with open_tools(desk, tools.fetcher, stop=tools.stop) as shared:

        def reading(source: SourceSettings) -> Reading:
            return lambda: read_source(shared, source, named=False, is_repeat=is_repeat)

        return tools.at_once([reading(source) for source in wanted])


def _refuse_unwell(lines: Sequence[SourceLine], newsletter: NewsletterSettings) -> None:
    unwell = [line for line in lines if line.row.state in UNWELL or line.row.since is None]
    told = "; ".join(
        f"{line.source.name} is {line.row.state}: {line.row.last_error or 'it was never read'}"
        for line in unwell
    )
    if unwell and len(unwell) == len(lines):
        which = "its only source fails" if len(lines) == 1 else "all its sources fail"
        raise SourcesFailError(f"{which}: {told}", unwell)
    required = [line.source.name for line in unwell if line.source.required]
    if required:
        msg = f"{newsletter.name} requires {' and '.join(required)}: {told}"
        raise SourcesFailError(msg, unwell)


def find_or_draft(
    desk: Desk, newsletter: NewsletterSettings, occurrence: OccurrenceRow, tools: DigestTools
) -> str:
    """See that the day has its issue's file, and that this run sends it; say what came of it.

    A file that is there is used as it is.

    Raises:
        RunOverError: its file cannot be read, too few stories, no story at all, or the issue has a
            run of its own.
        UserError: two files are the issue of that day.
    """
    unreadable = IssueDays(desk.settings).unreadable(occurrence.issue or "")
    if unreadable:
        raise held(unreadable)
    there = issue_of_day(desk, newsletter, occurrence.local_date)
    if there is not None:
        attach(desk, occurrence, there)
        return f"issues/{there}.md was there, and is used as it is"
    try:
        drafted = draft_next(
            desk,
            newsletter.name,
            occurrence.local_date,
            writer=tools.make_writer(desk),
            anyway=True,  # required sources were judged when they were read
            wants_enough=True,
            fetcher=tools.fetcher,
            say=tools.tell,
        )
    except TooFewStories as error:
        raise skipped(str(error)) from error
    except NothingToDo as error:
        there = issue_of_day(desk, newsletter, occurrence.local_date)
        if there is None:
            raise skipped(str(error)) from error
        attach(desk, occurrence, there)  # a person was quicker
        return f"issues/{there}.md was there, and is used as it is"
    attach(desk, occurrence, drafted.draft.issue.name)
    chosen, left_out = len(drafted.draft.chosen), len(drafted.draft.left_out)
    stories = counted(chosen, "story", "stories")
    return f"{drafted.shown} written: {stories} of {counted(chosen + left_out, 'article')}"


def find_file(desk: Desk, newsletter: NewsletterSettings, occurrence: OccurrenceRow) -> str | None:
    """Name the day's issue where its file is there, and say that this run sends it.

    Raises:
        RunOverError: the issue has a run of its own.
        UserError: two files are the issue of that day.
    """
    there = issue_of_day(desk, newsletter, occurrence.local_date)
    if there is not None:
        attach(desk, occurrence, there)
    return there


def attach(desk: Desk, occurrence: OccurrenceRow, issue: str) -> None:
    """Return that this run sends the issue.

    Raises:
        RunOverError: the issue has another run, planned or over (nobody gets it twice), or this run
            has another issue.
    """
    with desk.database.write() as connection:
        other = occurrences.of_issue(connection, issue)
        current = occurrences.get_occurrence(connection, occurrence.id)
        if other is None and current.issue is None:
            scheduled.attach_issue(connection, occurrence.id, issue)
            return
    if other is not None and other.id == occurrence.id:
        return
    if other is not None:
        at = f"{other.local_date} {other.local_time:%H:%M}"
        msg = f"{issue} has a run of its own, {STATE_WORDS[other.state]}, at {at}"
        raise skipped(msg)
    msg = f"this run sends {current.issue}, and the day's file is now issues/{issue}.md"
    raise held(msg)


def findings_line(report: Report) -> str:
    """Say in one line what the checks found."""
    errors = len(report.errors)
    others = len(report.findings) - errors
    parts = [counted(errors, "error", "errors") if errors else "no errors"]
    parts += [f"{others} to look at"] if others else []
    parts += [f"{len(report.waived)} waived"] if report.waived else []
    if errors:
        parts.append(", ".join(f"{f.check}: {f.message}" for f in report.errors))
    return "; ".join(parts)
