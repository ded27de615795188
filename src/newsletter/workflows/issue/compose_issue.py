"""Make an issue's compositions: the marked one for people, and one for each way it may go out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import product

from newsletter.compose.composer import CalloutPlacement, ComposeRequest, Composition
from newsletter.config.load import newsletter_named
from newsletter.config.settings import NewsletterSettings
from newsletter.errors import ChecksFailed, IssueError, UserError
from newsletter.issues.callout_rules import possible_appearances
from newsletter.issues.save import IssueFile
from newsletter.model.callout import Appearance, CalloutStatus, CalloutUse, WhenClosed
from newsletter.model.composed import ComposedIssue
from newsletter.model.finding import Finding, Severity
from newsletter.workflows.callouts.life import uses_of
from newsletter.workflows.desk import Desk
from newsletter.workflows.issue.logo import with_logo
from newsletter.workflows.project_files import (
    folder_names,
    load_issue,
    load_placed_callouts,
    load_templates,
)
from newsletter.workflows.stories.pictures import with_kept_pictures

MOST_VARIANTS = 27  # three appeals with three appearances each; more would be no calm newsletter


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """All that the composition of one issue needs, read once. on: the day statuses are told for."""

    file: IssueFile
    newsletter: NewsletterSettings
    uses: tuple[CalloutUse, ...]
    templates: Mapping[str, str]
    on: date


def prepare(desk: Desk, name: str) -> Prepared:
    """Read an issue with its callouts and templates; statuses are told for today.

    Pictures that are kept stand with our own address, where readers can reach it, and so does a
    logo that is a file.

    Raises:
        IssueError, NotFound, UserError: what is wrong in the files, all mistakes at once.
    """
    file = load_issue(desk.settings, name, known=folder_names(desk.settings))
    newsletter = newsletter_named(desk.settings, file.issue.newsletter)
    today = desk.clock.now().astimezone(newsletter.timezone).date()
    callouts = load_placed_callouts(desk.settings, file.issue)
    return Prepared(
        file=replace(file, issue=with_kept_pictures(desk, file.issue, newsletter)),
        newsletter=with_logo(desk.settings, newsletter),
        uses=uses_of(desk, callouts, today),
        templates=load_templates(desk.settings),
        on=today,
    )


def nominal_appearance(use: CalloutUse) -> Appearance:
    """How a callout appears in the composition that the fingerprint is of.

    A verification does not change it: an appeal not yet verified appears as it would when open.
    """
    if use.status is not CalloutStatus.CLOSED:
        return Appearance.SHOWN
    if use.callout.when_closed is WhenClosed.REPLACE:
        return Appearance.CLOSED_WORDING
    return Appearance.LEFT_OUT


def compose(
    desk: Desk,
    prepared: Prepared,
    *,
    appearances: Mapping[str, Appearance] | None = None,
    marked: bool = False,
    subject: str | None = None,
    origins: bool = False,
) -> Composition:
    """Compose once. Without appearances, the nominal ones; marked: unverified appeals say so.

    origins asks which template line wrote what, for findings to name.
    """
    chosen = appearances or {}
    return desk.composer.compose(
        ComposeRequest(
            issue=prepared.file.issue,
            newsletter=prepared.newsletter,
            callouts=tuple(
                CalloutPlacement(
                    use=use,
                    appearance=chosen.get(use.callout.name, nominal_appearance(use)),
                    marked=marked,
                )
                for use in prepared.uses
            ),
            templates=prepared.templates,
            subject=subject,
            origins=origins,
        )
    )


def composed_or_error(composition: Composition) -> ComposedIssue:
    """Return what was composed.

    Raises:
        IssueError: nothing could be; each finding with its file and line.
    """
    if composition.composed is None:
        errors = [f for f in composition.findings if f.severity is Severity.ERROR]
        raise IssueError(tuple(sentence_of(finding) for finding in errors))
    return composition.composed


def sentence_of(finding: Finding) -> str:
    """One line for a finding: place, check, what is wrong, what to do."""
    place = (
        f"{finding.file}:{finding.line}: " if finding.line else finding.file and f"{finding.file}: "
    )
    remedy = f"; {finding.remedy}" if finding.remedy else ""
    return f"{place}{finding.check}: {finding.message}{remedy}"


def variant_key(appearances: Mapping[str, Appearance]) -> str:
    """Name one way an issue may go out: ``dec-ukraine=shown``; "" without callouts."""
    return ",".join(f"{name}={appearances[name]}" for name in sorted(appearances))


def each_variant(prepared: Prepared) -> tuple[Mapping[str, Appearance], ...]:
    """List each combination of appearances that a real send can come to.

    Raises:
        UserError: more than MOST_VARIANTS.
    """
    names = [use.callout.name for use in prepared.uses]
    choices = [possible_appearances(use.callout) for use in prepared.uses]
    variants = tuple(dict(zip(names, choice, strict=True)) for choice in product(*choices))
    if len(variants) > MOST_VARIANTS:
        msg = (
            f"{prepared.file.issue.name} places {len(names)} appeals; that is too many for one mail"
        )
        raise UserError(msg, hint="keep one appeal in an issue")
    return variants


def refuse_errors(name: str, errors: tuple[Finding, ...]) -> None:
    """Raise ChecksFailed naming the errors, where there are any."""
    if errors:
        count = f"{len(errors)} check{'s' if len(errors) > 1 else ''} failed for {name}"
        places = ", ".join(f"{f.check}{f' (line {f.line})' if f.line else ''}" for f in errors)
        raise ChecksFailed(f"{count}: {places}", hint=f'see them with "newsletter check {name}"')
