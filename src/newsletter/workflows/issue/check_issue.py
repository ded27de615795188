"""Check an issue: every check on what a real send would carry."""

from collections.abc import Iterator
from dataclasses import replace

from newsletter.checks.run import CheckRequest, run_checks
from newsletter.compose.composer import Composition
from newsletter.model.finding import Finding, Report, Severity
from newsletter.store import approvals, occurrences, stories
from newsletter.workflows.desk import Desk
from newsletter.workflows.issue.build_issue import example_message
from newsletter.workflows.issue.compose_issue import Prepared, compose, prepare
from newsletter.workflows.issue.recheck_findings import found_again
from newsletter.workflows.project_files import readable_callouts
from newsletter.workflows.stories.pictures import pictures_shown
from newsletter.workflows.stories.story_memory import earlier_runs, repeats_of
from newsletter.workflows.stories.story_sources import story_sources


def compose_for_checks(desk: Desk, prepared: Prepared) -> Composition:
    """Compose what a real send would carry, with the template line that wrote each tag."""
    return compose(desk, prepared, origins=True)


def _rehearsed(desk: Desk, prepared: Prepared, composition: Composition) -> Iterator[Finding]:
    """Return what is wrong with the template where this issue does not come, as warnings.

    Where the template could not even be filled with this issue, that has to be mended first.
    """
    errors = (one for one in composition.findings if one.severity is Severity.ERROR)
    if any(finding.id in _UNFILLED for finding in errors):
        return
    told = {(one.id, one.file, one.line) for one in composition.findings}
    for finding in desk.composer.rehearse(prepared.newsletter, prepared.templates):
        if (finding.id, finding.file, finding.line) not in told:
            message = f"for an issue with other contents than this one: {finding.message}"
            yield replace(finding, message=message, severity=Severity.WARNING)


_UNFILLED = frozenset({"C05", "C06"})


def check_prepared(
    desk: Desk, prepared: Prepared, composition: Composition | None = None
) -> Report:
    """Run every check on what a real send would carry, composed here where it is not given."""
    name = prepared.file.issue.name
    composition = composition or compose_for_checks(desk, prepared)
    composed = composition.composed
    with desk.database.read() as connection:
        kept = approvals.waivers_of(connection, name)
        sources = story_sources(connection, prepared.file.issue)
        looked = stories.last_recheck(connection, name)
        planned = occurrences.planned_at(connection, name)
        now = desk.clock.now()
        issue, newsletter = prepared.file.issue, prepared.newsletter
        earlier = earlier_runs(desk, connection, newsletter, issue)
        repeats = repeats_of(connection, newsletter, issue, now=now, earlier=earlier)
    return run_checks(
        CheckRequest(
            issue=prepared.file.issue,
            newsletter=prepared.newsletter,
            composed=composed,
            compile_findings=(*composition.findings, *_rehearsed(desk, prepared, composition)),
            callouts=prepared.uses,
            known_callouts=readable_callouts(desk.settings),
            on=prepared.on,
            moment=max(planned, now) if planned else now,
            rechecked=found_again(looked, prepared) if looked else None,
            waivers=kept,
            sources=sources,
            templates=prepared.templates,
            repeats=repeats,
            smtp=desk.settings.smtp,
            planned=planned,
            pictures=pictures_shown(desk, prepared.file.issue, prepared.newsletter),
            example=b""
            if composed is None
            else example_message(desk, prepared, composed, composed.fingerprint),
        )
    )


def check_issue(desk: Desk, name: str) -> Report:
    """Read an issue and run every check.

    Raises:
        IssueError, NotFound, UserError: the files cannot be read as an issue at all.
    """
    return check_prepared(desk, prepare(desk, name))
