"""Watch the seals: what breaks an approval holds the run at that moment, not at its planned one."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from newsletter.errors import NewsletterError, StoreBusy
from newsletter.model.records import ApprovalRow, OccurrenceRow, OccurrenceState
from newsletter.store import Connection, approvals, ledger, occurrences
from newsletter.workflows.approval.approve_issue import compose_variants
from newsletter.workflows.desk import Desk
from newsletter.workflows.issue.compose_issue import nominal_appearance, prepare, variant_key
from newsletter.workflows.sending.release import seal_problem

Look = tuple[int, str]  # the approval, and how its files looked
RELEASE_NEAR = timedelta(minutes=1)  # release judges it itself then, and needs the composer for it


@dataclass(slots=True)
class SealWatch:
    """Compares each approved run with its seal, whenever a file it is made from has changed.

    A file that is being written is not judged: it has to look the same at two looks in a row.
    """

    desk: Desk
    _seen: dict[str, Look] = field(default_factory=dict)
    _judged: dict[str, Look] = field(default_factory=dict)

    def look(self) -> tuple[str, ...]:
        """Hold each planned run whose approval is broken now. Returns a sentence for each."""
        if not self.desk.may_begin():
            return ()
        desk = self.desk.turn()
        with desk.database.read() as connection:
            sealed = list(_sealed(connection, after=desk.clock.now() + RELEASE_NEAR))
        said = [self._of_run(desk, occurrence, approval) for occurrence, approval in sealed]
        planned = {occurrence.issue for occurrence, _ in sealed}
        self._seen = {issue: look for issue, look in self._seen.items() if issue in planned}
        self._judged = {issue: look for issue, look in self._judged.items() if issue in planned}
        return tuple(filter(None, said))

    def _of_run(self, desk: Desk, occurrence: OccurrenceRow, approval: ApprovalRow) -> str:
        issue = occurrence.issue or ""
        look = (approval.id, self._files(issue))
        if self._judged.get(issue) == look:
            return ""
        if self._seen.get(issue) != look:
            self._seen[issue] = look
            return ""
        why = _problem(desk, occurrence, approval)
        if (approval.id, self._files(issue)) != look or not desk.is_current():
            return ""  # written meanwhile
        said = _hold(desk, occurrence, approval, why) if why else ""
        self._judged[issue] = look  # not before: what could not be written is judged again
        return said

    def _files(self, issue: str) -> str:
        """Return how the files look that an issue is made from, without reading them."""
        settings = self.desk.settings
        found = sha256()
        for path in (
            settings.file,
            settings.issues_folder / f"{issue}.md",
            *_inside(settings.templates_folder),
            *_inside(settings.callouts_folder),
        ):
            found.update(f"{path}\0{_stamp(path)}\0".encode())
        return found.hexdigest()


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
    usual = {use.callout.name: nominal_appearance(use) for use in prepared.uses}
    if variant_key(usual) not in approval.seals:
        return "the issue's appeals are others than those approved"
    return seal_problem(approval, occurrence, prepared, variants, usual)


def _inside(folder: Path) -> Iterable[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _stamp(path: Path) -> str:
    try:
        found = path.stat()
    except OSError:
        return "gone"
    return f"{found.st_ino} {found.st_size} {found.st_mtime_ns} {found.st_ctime_ns}"


def _sealed(
    connection: Connection, *, after: datetime
) -> Iterable[tuple[OccurrenceRow, ApprovalRow]]:
    for occurrence in occurrences.list_occurrences(connection, (OccurrenceState.PLANNED,)):
        if occurrence.planned_at <= after:
            continue
        if not occurrence.issue or ledger.mailing_for_issue(connection, occurrence.issue):
            continue
        approval = approvals.standing(connection, occurrence.issue)
        if approval is not None:
            yield occurrence, approval
