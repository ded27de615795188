"""A named person's exceptions for one issue: kept, taken back, and told in its report."""

import json
from difflib import get_close_matches

from newsletter.checks.run import CHECKS, Check, may_waive, why_fixed
from newsletter.errors import UserError
from newsletter.model.finding import CheckLevel, Severity, Waiver
from newsletter.store import approvals
from newsletter.workflows.atomic_files import write_together
from newsletter.workflows.desk import Desk
from newsletter.workflows.issue.build_issue import REPORT, waivers_kept
from newsletter.workflows.issue.compose_issue import prepare
from newsletter.workflows.project_files import leads_elsewhere


def waive(desk: Desk, name: str, waiver: Waiver) -> None:
    """Keep a named person's exception with the issue; its check may be named by id or name.

    Raises:
        UserError: no such check, it cannot be waived, or the name or reason is empty.
        NotFound: no such issue.
    """
    prepared = prepare(desk, name)
    check = check_named(waiver.check)
    level = dict(prepared.newsletter.check_levels).get(check.id)
    _refuse(check, level)
    by, reason = " ".join(waiver.by.split()), " ".join(waiver.reason.split())
    if not by or not reason:
        msg = "a waiver needs a name and a reason"
        raise UserError(msg, hint="--waive ID --by NAME --reason TEXT")
    with desk.database.write() as connection:
        kept = Waiver(check=check.id, by=by, reason=reason)
        approvals.keep_waiver(connection, issue=name, waiver=kept, now=desk.clock.now())
    _tell_in_report(desk, name)


def unwaive(desk: Desk, name: str, check: str) -> None:
    """Take an exception back.

    Raises:
        UserError: no such check, or no exception for it is kept with the issue.
        NotFound: no such issue.
    """
    prepare(desk, name)
    known = check_named(check)
    with desk.database.write() as connection:
        if not approvals.remove_waiver(connection, issue=name, check=known.id):
            kept = ", ".join(waiver.check for waiver in approvals.waivers_of(connection, name))
            msg = f"no waiver of {known.label} is kept with {name}"
            raise UserError(msg, hint=f"kept are {kept}" if kept else "none is kept with it")
    _tell_in_report(desk, name)


def check_named(text: str) -> Check:
    """Return the check with that id, that name, or both.

    Raises:
        UserError: with the nearest there is.
    """
    word = text.strip()
    for check in CHECKS.values():
        if word.casefold() in {check.id.casefold(), check.name, check.label.casefold()}:
            return check
    names = [check.name for check in CHECKS.values()]
    near = get_close_matches(word.upper()[:100], list(CHECKS), n=1, cutoff=0.6)
    near = near or get_close_matches(word.casefold()[:100], names, n=1, cutoff=0.6)
    hint = f"did you mean {near[0]}?" if near else "docs/reference/checks.md lists them"
    raise UserError(f"there is no check {word[:100]}", hint=hint)


def _refuse(check: Check, level: CheckLevel | None) -> None:
    if may_waive(check.id, level):
        return
    msg = f"{check.id} cannot be waived"
    if check.severity is not Severity.ERROR:
        raise UserError(msg, hint="it blocks nothing: it warns, and a person decides")
    raise UserError(msg, hint=f"{why_fixed(check)}; mend what it found")


def _tell_in_report(desk: Desk, name: str) -> None:
    """Write the exceptions anew into build/NAME/report.json, where a build has made one."""
    folder = desk.settings.build_folder / name
    if leads_elsewhere(folder) or not (folder / REPORT).is_file():
        return
    try:
        report = json.loads((folder / REPORT).read_bytes())
    except (OSError, ValueError):
        return  # the next build writes it whole
    if isinstance(report, dict):
        report["waivers"] = waivers_kept(desk, name)
        text = json.dumps(report, indent=2, ensure_ascii=False) + "\n"
        write_together(folder, {REPORT: text.encode()})
