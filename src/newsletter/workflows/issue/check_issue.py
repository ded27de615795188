"""Check an issue: compose it as a real send would, run every check, keep the waivers."""

from dataclasses import replace
from difflib import get_close_matches

from newsletter.checks.check import Check
from newsletter.checks.registry import CHECKS, may_waive
from newsletter.checks.request import CheckRequest
from newsletter.checks.run import run_checks
from newsletter.checks.wording import cards_of
from newsletter.compose.composer import Composition
from newsletter.errors import UserError
from newsletter.model.finding import Finding, Report, Severity, Waiver
from newsletter.model.issue import Story
from newsletter.store import approvals, occurrences, stories
from newsletter.store.stories import Recheck
from newsletter.workflows.desk import Desk
from newsletter.workflows.issue.build_issue import example_message
from newsletter.workflows.issue.compose_issue import Prepared, compose, prepare
from newsletter.workflows.project_files import readable_callouts
from newsletter.workflows.stories.pictures import pictures_shown
from newsletter.workflows.stories.story_memory import (
    repeats_of,
    story_sources,
)


def found_again(looked: Recheck, prepared: Prepared) -> tuple[Finding, ...]:
    """Return the findings of addresses that still stand in the issue, each with its line."""
    issue = prepared.file.issue
    lines: dict[str, int] = {}
    for card in cards_of(issue):
        lines.setdefault(card.url, card.line)
        if isinstance(card, Story) and card.image:
            lines.setdefault(card.image.url, card.image.line)
    at = looked.at.astimezone(prepared.newsletter.timezone)
    return tuple(
        replace(
            finding,
            file=issue.file,
            line=lines[url],
            message=f"{finding.message} (asked {at:%Y-%m-%d %H:%M})",
        )
        for url, finding in looked.findings
        if url in lines
    )


def compose_for_checks(desk: Desk, prepared: Prepared) -> Composition:
    """Compose what a real send would carry, with the template line that wrote each tag."""
    return compose(desk, prepared, origins=True)


def check_prepared(
    desk: Desk, prepared: Prepared, composition: Composition | None = None
) -> Report:
    """Run every check on what a real send would carry, composed here where it is not given."""
    name = prepared.file.issue.name
    composition = composition or compose_for_checks(desk, prepared)
    composed = composition.composed
    issue, newsletter = prepared.file.issue, prepared.newsletter
    with desk.database.read() as connection:
        kept = approvals.waivers_of(connection, name)
        sources = story_sources(connection, issue)
        looked = stories.last_recheck(connection, name)
        planned = occurrences.planned_at(connection, name)
        now = desk.clock.now()
        repeats = repeats_of(desk, connection, newsletter, issue)
    return run_checks(
        CheckRequest(
            issue=issue,
            newsletter=newsletter,
            composed=composed,
            compile_findings=composition.findings,
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
            pictures=pictures_shown(desk, issue, newsletter),
            example=b""
            if composed is None
            else example_message(desk, prepared, composed, composed.fingerprint),
        )
    )


def links_were_checked(desk: Desk, name: str) -> bool:
    """Return whether `recheck` has ever asked the links of an issue."""
    with desk.database.read() as connection:
        return stories.last_recheck(connection, name) is not None


def check_issue(desk: Desk, name: str) -> Report:
    """Read an issue and run every check."""
    return check_prepared(desk, prepare(desk, name))


def waive(desk: Desk, name: str, waiver: Waiver) -> None:
    """Keep a named person's exception with the issue; its check may be named by id or name."""
    prepared = prepare(desk, name)
    check = check_named(waiver.check)
    if not may_waive(check.id, dict(prepared.newsletter.check_levels).get(check.id)):
        hint = "it blocks nothing: it warns, and a person decides"
        if check.severity is Severity.ERROR:
            hint = f"{check.fixed}; correct what it found"
        raise UserError(f"{check.id} cannot be waived", hint=hint)
    by, reason = " ".join(waiver.by.split()), " ".join(waiver.reason.split())
    if not by or not reason:
        msg = "a waiver needs a name and a reason"
        raise UserError(msg, hint="--waive ID --by NAME --reason TEXT")
    with desk.database.write() as connection:
        kept = Waiver(check=check.id, by=by, reason=reason)
        approvals.keep_waiver(connection, issue=name, waiver=kept, now=desk.clock.now())


def unwaive(desk: Desk, name: str, check: str) -> None:
    """Take an exception back."""
    prepare(desk, name)
    known = check_named(check)
    with desk.database.write() as connection:
        if not approvals.remove_waiver(connection, issue=name, check=known.id):
            kept = ", ".join(waiver.check for waiver in approvals.waivers_of(connection, name))
            msg = f"no waiver of {known.label} is kept with {name}"
            raise UserError(msg, hint=f"kept are {kept}" if kept else "none is kept with it")


def check_named(text: str) -> Check:
    """Return the check with that id, that name, or both."""
    word = text.strip()
    for check in CHECKS.values():
        if word.casefold() in {check.id.casefold(), check.name, check.label.casefold()}:
            return check
    names = [check.name for check in CHECKS.values()]
    near = get_close_matches(word.casefold()[:100], names, n=1, cutoff=0.6)
    hint = f"did you mean {near[0]}?" if near else "docs/reference/checks.md lists them"
    raise UserError(f"there is no check {word[:100]}", hint=hint)
