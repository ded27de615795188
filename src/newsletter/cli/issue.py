"""`build` and `check`: one issue, composed and judged."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli.numbers import ArticleNumber
from newsletter.cli.output import as_json, lines_of, login_name, note, rfc3339
from newsletter.cli.texts import REASON, WHO
from newsletter.errors import NewsletterError, UserError
from newsletter.model.composed import GMAIL_CLIPS_AT
from newsletter.model.finding import Finding, Report, Severity, Waiver
from newsletter.model.text import counted

if TYPE_CHECKING:
    from newsletter.config.settings import Settings
    from newsletter.workflows.issue.build_issue import Build
    from newsletter.workflows.issue.take_pictures import Pictures

WORDS = {Severity.ERROR: "must fix", Severity.WARNING: "should look", Severity.INFO: "to know"}


@click.command()
@click.argument("issue")
@click.option("--json", "json_", is_flag=True, help="Print the report as JSON.")
@click.option(
    "--pictures",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Write pictures of the mail in every view, and a sheet of them, into DIR.",
)
@click.option(
    "--compare",
    metavar="OLDDIR",
    type=click.Path(path_type=Path),
    help="Lay the pictures beside those of an earlier run; may be DIR itself.",
)
@click.option("--fail-on-change", is_flag=True, help="Exit 1 where a compared picture changed.")
def build(
    issue: str, *, json_: bool, pictures: Path | None, compare: Path | None, fail_on_change: bool
) -> int:
    """Compose ISSUE into build/ISSUE/: issue.html, issue.txt, issue.eml and report.json."""
    from newsletter.app import open_desk
    from newsletter.workflows.issue.build_issue import build_issue
    from newsletter.workflows.project_files import issue_name, shown

    if compare and not pictures:
        raise click.UsageError("--compare needs --pictures DIR, where the new pictures go")
    if fail_on_change and not compare:
        raise click.UsageError("--fail-on-change needs --compare OLDDIR")
    with open_desk() as desk:
        built = build_issue(desk, issue_name(desk.settings, issue))
        if json_:
            return _built_as_json(desk.settings, built, pictures, compare, fail=fail_on_change)
        for name in ("issue.html", "issue.txt", "issue.eml", "report.json"):
            click.echo(shown(desk.settings, built.folder / name))
        note(
            f"{built.html_bytes:,} bytes of HTML, "
            f"{built.html_bytes * 100 // GMAIL_CLIPS_AT} % of what Gmail shows; "
            f"fingerprint {built.fingerprint[:12]}"
        )
        for sentence in built.marks:
            note(f"marked: {sentence}")
        if pictures is None:
            return 0
        from newsletter.cli.picture_lines import tell_pictures

        taken = _taken(desk.settings, built, pictures, compare)
        tell_pictures(taken)
        return 1 if fail_on_change and taken.has_changed else 0


def _taken(settings: "Settings", built: "Build", folder: Path, older: Path | None) -> "Pictures":
    from newsletter.cli.signals import stop_on_signals
    from newsletter.workflows.issue.take_pictures import take_pictures

    with stop_on_signals() as stop:
        return take_pictures(settings, built, folder, older=older, stopped=stop.is_set)


def _built_as_json(
    settings: "Settings", built: "Build", pictures: Path | None, compare: Path | None, *, fail: bool
) -> int:
    """Print the report, and pictures in it where they were asked for; it stands without them."""
    if pictures is None:
        as_json(built.report)
        return 0
    from newsletter.cli.picture_lines import comparison_object, pictures_object

    try:
        taken = _taken(settings, built, pictures, compare)
    except NewsletterError:
        as_json({**built.report, "pictures": None, "compared": None})
        raise
    compared = [comparison_object(each) for each in taken.compared] if compare else None
    as_json({**built.report, "pictures": pictures_object(taken), "compared": compared})
    return 1 if fail and taken.has_changed else 0


def _place(finding: Finding) -> str:
    place = f"{finding.file}:{finding.line}" if finding.line else finding.file
    return place and f"  {place}"


def _waived_by(waiver: Waiver) -> str:
    return f"waived by {waiver.by}" + (f" on {waiver.at:%Y-%m-%d %H:%M} UTC" if waiver.at else "")


def finding_lines(finding: Finding, *, in_columns: bool) -> list[str]:
    """Return what is told of a finding; in_columns breaks it for a terminal of 80 columns."""
    parts = [("    ", "    ", finding.message)]
    parts += [("    | ", "    | ", line) for line in finding.evidence.splitlines()]
    if finding.remedy:
        parts.append(("    → ", "      ", finding.remedy))
    lines = [click.style(f"  {finding.check}{_place(finding)}", bold=True)]
    for head, next_head, text in parts:
        broken = lines_of(head, text, next_head=next_head) if in_columns else []
        lines += broken or [f"{head}{text}"]
    return lines


def _print(report: Report) -> None:
    for severity, word in WORDS.items():
        of_kind = [f for f in report.findings if f.severity is severity]
        if of_kind:
            click.echo(f"{word} ({len(of_kind)})")
            in_columns = sys.stdout.isatty()
            for finding in of_kind:
                click.echo("\n".join(finding_lines(finding, in_columns=in_columns)))
    for finding, waiver in report.waived:
        what = f"{finding.check}{_place(finding)}: {finding.message}"
        click.echo(f"{_waived_by(waiver)}: {what} ({waiver.reason})")
    for waiver in report.idle:
        click.echo(
            f"{_waived_by(waiver)}, and it covers nothing now: {waiver.check} ({waiver.reason}); "
            f'take it back with "newsletter check {report.issue} --unwaive {waiver.check}"'
        )
    if report.off:
        click.echo(f"off by [checks] ({len(report.off)}): {', '.join(report.off)}")
    click.echo(f"{counted(len(report.passed), 'check')} passed")
    verdict = "may go out" if not report.errors else "may not go out"
    click.echo(f"{report.issue} {verdict}: {len(report.errors)} to fix")


def _finding(finding: Finding) -> dict[str, object]:
    return {**asdict(finding), "file": finding.file or None, "line": finding.line or None}


def _as_object(report: Report) -> dict[str, object]:
    return {
        "issue": report.issue,
        "fingerprint": report.fingerprint or None,
        "passed": list(report.passed),
        "blocked": bool(report.errors),
        "findings": [_finding(f) for f in report.findings],
        "waived": [
            {**_finding(f), "by": w.by, "reason": w.reason, "at": rfc3339(w.at)}
            for f, w in report.waived
        ],
        "idle_waivers": [
            {"check": w.check, "by": w.by, "reason": w.reason, "at": rfc3339(w.at)}
            for w in report.idle
        ],
        "off": list(report.off),
        "levels": dict(report.levels),
    }


@click.command()
@click.argument("issue")
@click.option("--json", "json_", is_flag=True, help="Print the report as JSON.")
@click.option("--waive", metavar="ID", help="Keep an exception for this check.")
@click.option("--unwaive", metavar="ID", help="Take the exception for this check back.")
@click.option(
    "--by", type=WHO, metavar="NAME", help="Who grants the exception; your login name if not given."
)
@click.option(
    "--reason", type=REASON, metavar="TEXT", default="", help="Why the exception is right."
)
def check(
    issue: str,
    *,
    json_: bool,
    waive: str | None,
    unwaive: str | None,
    by: str | None,
    reason: str,
) -> int:
    """Run every check on ISSUE; exit 1 while one blocks."""
    from newsletter.app import open_desk

    if waive is None and (by is not None or reason):
        raise UserError(
            "--by and --reason belong to a waiver", hint="--waive ID --by NAME --reason TEXT"
        )
    with open_desk() as desk:
        desk.composer.start()  # it gets ready while the checks are imported
        from newsletter.workflows.issue.check_issue import check_issue
        from newsletter.workflows.issue.check_issue import unwaive as take_back
        from newsletter.workflows.issue.check_issue import waive as keep
        from newsletter.workflows.project_files import issue_name

        name = issue_name(desk.settings, issue)
        if unwaive is not None:
            take_back(desk, name, unwaive)
        if waive is not None:
            who = login_name() if by is None else by
            keep(desk, name, Waiver(check=waive, by=who, reason=reason))
        report = check_issue(desk, name)
    if json_:
        as_json(_as_object(report))
    else:
        _print(report)
    return 1 if report.errors else 0


@click.command()
@click.argument("issue")
@click.argument("article", required=False, type=ArticleNumber())
@click.option(
    "--by", type=WHO, metavar="NAME", help="Who has read it; your login name if not given."
)
def accept(issue: str, article: int | None, *, by: str | None) -> None:
    """Return that you have read summaries of ISSUE: those a model wrote, or the one of ARTICLE."""
    from newsletter.app import open_desk
    from newsletter.workflows.project_files import issue_name
    from newsletter.workflows.stories.articles import accept_summaries

    who = by or login_name()
    with open_desk() as desk:
        name = issue_name(desk.settings, issue)
        accepted = accept_summaries(desk, name, article=article, by=who)
    for story in accepted:
        number = f"article {story.article}: " if story.article else ""
        click.echo(f'{number}"{story.headline}" accepted by {who}')
    note(f"next: newsletter check {name}")
