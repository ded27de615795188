"""Watch the seals: what breaks an approval holds the run at that moment, not at its planned one."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from newsletter.config.settings import Settings
from newsletter.errors import NewsletterError, StoreBusy
from newsletter.model.records import ApprovalRow, OccurrenceRow, OccurrenceState
from newsletter.store import Connection, approvals, occurrences
from newsletter.workflows.approval.approve_issue import compose_variants
from newsletter.workflows.desk import Desk
from newsletter.workflows.issue.compose_issue import nominal_appearance, prepare, variant_key
from newsletter.workflows.planning.plan_ahead import has_mailing
from newsletter.workflows.sending.release import Candidate, seal_problem

Look = tuple[int, str]  # the approval, and how its files looked
RELEASE_NEAR = timedelta(minutes=1)  # release judges it itself then, and needs the composer for it


@dataclass(slots=True)
class SealWatch:
    """Compares each approved run with its seal, whenever a file it is made from has changed.

    A file that is being written is not judged: it has to look the same at two looks in a row.
    """

    desk: Desk
    _looks: dict[str, tuple[Look, bool]] = field(default_factory=dict)  # and whether it was judged

    def look(self) -> tuple[str, ...]:
        """Hold each planned run whose approval is broken now. Returns a sentence for each."""
        if not self.desk.may_begin():
            return ()
        desk = self.desk.turn()
        with desk.database.read() as connection:
            sealed = list(_sealed(connection, after=desk.clock.now() + RELEASE_NEAR))
        planned = {occurrence.issue for occurrence, _ in sealed}
        self._looks = {issue: look for issue, look in self._looks.items() if issue in planned}
        return tuple(filter(None, (self._of_run(desk, *each) for each in sealed)))

    def _of_run(self, desk: Desk, occurrence: OccurrenceRow, approval: ApprovalRow) -> str:
        issue = occurrence.issue or ""
        look = (approval.id, _files(desk.settings, issue))
        before, is_judged = self._looks.get(issue, (None, False))
        if before != look:
            self._looks[issue] = (look, False)
        if before != look or is_judged:
            return ""
        why = _problem(desk, occurrence, approval)
        if (approval.id, _files(desk.settings, issue)) != look or not desk.is_current():
            return ""  # written meanwhile
        said = _hold(desk, occurrence, approval, why) if why else ""
        self._looks[issue] = (look, True)  # not before: what was not written is judged again
        return said


def _hold(desk: Desk, occurrence: OccurrenceRow, approval: ApprovalRow, why: str) -> str:
    now = desk.clock.now()
    issue = occurrence.issue or ""
    sentence = f"the approval by {approval.approved_by} is broken: {why}"
    with desk.database.write() as connection:
        standing = approvals.standing(connection, issue)
        current = occurrences.get_occurrence(connection, occurrence.id)
        is_same = standing is not None and standing.id == approval.id
        if not is_same or current.state is not OccurrenceState.PLANNED:
            return ""
        approvals.break_seal(connection, issue, why=why, now=now)
        occurrences.finish(connection, occurrence.id, OccurrenceState.HELD, why=sentence, now=now)
        occurrences.add_step(  # stays in `log` when the run has been approved anew
            connection,
            occurrence_id=occurrence.id,
            issue=issue,
            name="seal",
            started=now,
            seconds=0.0,
            result=f"held: {sentence}"[:500],
        )
    return f"{issue}: held: {sentence}"


def _problem(desk: Desk, occurrence: OccurrenceRow, approval: ApprovalRow) -> str:
    """Return what breaks the seal; as it would go out with its appeals open."""
    try:
        prepared = prepare(desk, occurrence.issue or "")
        variants = compose_variants(desk, prepared)
    except StoreBusy:
        raise
    except NewsletterError as error:
        return f"the issue cannot be composed any more: {error}"
    usual = variant_key({use.callout.name: nominal_appearance(use) for use in prepared.uses})
    if usual not in approval.seals:
        return "the issue's appeals are others than those approved"
    candidate = Candidate(prepared=prepared, variants=variants, key=usual)
    return seal_problem(approval, occurrence, candidate)


def _files(settings: Settings, issue: str) -> str:
    found = sha256()
    folders = (settings.templates_folder, settings.callouts_folder)
    inside = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    for path in (settings.file, settings.issues_folder / f"{issue}.md", *inside):
        found.update(f"{path}\0{_stamp(path)}\0".encode())
    return found.hexdigest()


def _stamp(path: Path) -> str:
    try:
        found = path.stat()
    except OSError:
        return "gone"
    return f"{found.st_ino} {found.st_size} {found.st_mtime_ns} {found.st_ctime_ns}"


def _sealed(
    connection: Connection, *, after: datetime
) -> Iterator[tuple[OccurrenceRow, ApprovalRow]]:
    for occurrence in occurrences.list_occurrences(connection, (OccurrenceState.PLANNED,)):
        if occurrence.planned_at > after and not has_mailing(connection, occurrence):
            approval = approvals.standing(connection, occurrence.issue or "")
            if approval is not None:
                yield occurrence, approval
