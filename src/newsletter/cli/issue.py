"""`build`, `check`, `accept` and `recheck`: one issue, composed and judged."""

import sys
from dataclasses import asdict

import click

from newsletter.cli.arguments import ARTICLE, REASON, WHO, by_option, issue_desk, json_option
from newsletter.cli.output import as_json, lines_of, login_name, note, picked
from newsletter.errors import UserError
from newsletter.model.composed import GMAIL_CLIPS_AT
from newsletter.model.finding import Finding, Report, Severity, Waiver
from newsletter.model.text import counted

WORDS = {Severity.ERROR: "errors", Severity.WARNING: "warnings", Severity.INFO: "notes"}
_KB = 1000


@click.command()
@click.argument("issue")
@click.option("--json", "json_", is_flag=True, help="Print the report as JSON.")
def build(issue: str, *, json_: bool) -> None:
    """Compose ISSUE into build/ISSUE/: issue.html, issue.txt, issue.eml and report.json."""
    from newsletter.workflows.issue.build_issue import build_issue
    from newsletter.workflows.project_files import shown

    with issue_desk(issue) as (desk, name):
        built = build_issue(desk, name)
    if json_:
        as_json(built.report)
        return
    for file in ("issue.html", "issue.txt", "issue.eml", "report.json"):
        click.echo(shown(desk.settings, built.folder / file))
    note(
        f"HTML {built.html_bytes / _KB:.0f} KB, "
        f"{built.html_bytes * 100 // GMAIL_CLIPS_AT}% of Gmail's limit; "
        f"fingerprint {built.fingerprint[:12]}"
    )
    for sentence in built.marks:
        note(f"marked: {sentence}")


def _place(finding: Finding) -> str:
    place = f"{finding.file}:{finding.line}" if finding.line else finding.file
    return place and f"  {place}"


def _waived_by(waiver: Waiver) -> str:
    return f"waived by {waiver.by}" + (f" on {waiver.at:%Y-%m-%d %H:%M} UTC" if waiver.at else "")


def finding_lines(finding: Finding, *, in_columns: bool) -> list[str]:
    """Return the lines of a finding; in_columns breaks them for a terminal of 80 columns."""
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
            f"{_waived_by(waiver)}, but it covers nothing now: {waiver.check} ({waiver.reason}); "
            f'take it back with "newsletter check {report.issue} --unwaive {waiver.check}"'
        )
    if report.off:
        click.echo(f"off by [checks] ({len(report.off)}): {', '.join(report.off)}")
    click.echo(f"{counted(len(report.passed), 'check')} passed")
    for reason in dict.fromkeys(why for _, why in report.unseen):
        unseen = [check for check, why in report.unseen if why == reason]
        click.echo(f"not checked ({len(unseen)}): {', '.join(unseen)}: {reason}")
    errors = f"can't be sent yet: {counted(len(report.errors), 'error')}"
    click.echo(f"{report.issue} {errors if report.errors else 'can be sent: no errors'}")


def _finding(finding: Finding) -> dict[str, object]:
    return {**asdict(finding), "file": finding.file or None, "line": finding.line or None}


def _as_object(report: Report) -> dict[str, object]:
    return {
        **picked(report, "issue fingerprint passed"),
        "blocked": bool(report.errors),
        "findings": [_finding(f) for f in report.findings],
        "waived": [{**_finding(f), **picked(w, "by reason at")} for f, w in report.waived],
        "idle_waivers": [picked(w, "check by reason at") for w in report.idle],
        "off": report.off,
        "not_checked": dict(report.unseen),
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
    issue: str, *, json_: bool, waive: str | None, unwaive: str | None, by: str | None, reason: str
) -> int:
    """Run every check on ISSUE; exit 1 if one fails."""
    if waive is None and (by is not None or reason):
        raise UserError(
            "--by and --reason belong to a waiver", hint="--waive ID --by NAME --reason TEXT"
        )
    with issue_desk(issue) as (desk, name):
        desk.composer.start()  # it gets ready while the checks are imported
        from newsletter.workflows.issue.check_issue import check_issue
        from newsletter.workflows.issue.check_issue import unwaive as take_back
        from newsletter.workflows.issue.check_issue import waive as keep

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
@click.argument("article", required=False, type=ARTICLE)
@by_option("Who has read it")
def accept(issue: str, article: int | None, *, by: str) -> None:
    """Record that you read summaries of ISSUE: those a model wrote, or the one of ARTICLE."""
    from newsletter.workflows.stories.articles import accept_summaries

    with issue_desk(issue) as (desk, name):
        accepted = accept_summaries(desk, name, article=article, by=by)
    for story in accepted:
        number = f"article {story.article}: " if story.article else ""
        click.echo(f'{number}"{story.headline}" accepted by {by}')
    note(f"next: newsletter check {name}")


@click.command()
@click.argument("issue")
@json_option
def recheck(issue: str, *, json_: bool) -> int:
    """Ask the sources of ISSUE again: links, headlines, withdrawals; exit 1 on an error."""
    from newsletter.app import open_fetcher
    from newsletter.cli.callouts import probe_object
    from newsletter.cli.process import stop_on_signals
    from newsletter.workflows.issue.recheck import recheck_issue

    with issue_desk(issue) as (desk, name), stop_on_signals() as stop:
        done = recheck_issue(desk, name, open_fetcher(desk), say=note, stop=stop)
    if json_:
        as_json(
            {
                **picked(done, "issue asked blocks"),
                "findings": [
                    {
                        **picked(finding, "check severity"),
                        "url": url,
                        **picked(finding, "message evidence"),
                        "line": finding.line or None,
                        "remedy": finding.remedy or None,
                    }
                    for url, finding in done.findings
                ],
                "probes": [probe_object(probe) for probe in done.probes],
            }
        )
        return 1 if done.blocks else 0
    for url, finding in done.findings:
        click.echo(f"{finding.severity}: {finding.check}: {finding.message}")
        click.echo(f"    | {finding.evidence}\n    | {url}")
        if finding.remedy:
            click.echo(f"    → {finding.remedy}")
    for probe in done.probes:
        if probe.problem:
            word = Severity.ERROR if probe.was_asked else Severity.INFO
            click.echo(f"{word}: the appeal {probe.callout}: {probe.problem}\n    | {probe.url}")
    verdict = "it can't be sent as it is" if done.blocks else "no errors"
    click.echo(f"{done.issue}: {done.asked} addresses asked, {verdict}")
    return 1 if done.blocks else 0
