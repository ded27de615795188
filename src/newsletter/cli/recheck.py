"""`recheck`: what changed at the sources since the issue was written."""

import click

from newsletter.cli.callouts import probe_object
from newsletter.cli.output import as_json, note
from newsletter.cli.signals import stop_on_signals
from newsletter.model.finding import Severity

WORDS = {Severity.ERROR: "blocks", Severity.WARNING: "warns", Severity.INFO: "to know"}


@click.command()
@click.argument("issue")
@click.option("--json", "json_", is_flag=True, help="Print what was found as JSON.")
def recheck(issue: str, *, json_: bool) -> int:
    """Ask the sources of ISSUE again: links, headlines, withdrawals; exit 1 where one blocks."""
    from newsletter.app import open_desk, open_fetcher
    from newsletter.workflows.issue.recheck import recheck_issue
    from newsletter.workflows.project_files import issue_name

    with open_desk() as desk, stop_on_signals() as stop:
        name = issue_name(desk.settings, issue)
        done = recheck_issue(desk, name, open_fetcher(desk), say=note, stop=stop)
    if json_:
        as_json(
            {
                "issue": done.issue,
                "asked": done.asked,
                "blocks": done.blocks,
                "findings": [
                    {
                        "check": finding.check,
                        "severity": str(finding.severity),
                        "url": url,
                        "message": finding.message,
                        "evidence": finding.evidence or None,
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
        click.echo(f"{WORDS[finding.severity]}: {finding.check}: {finding.message}")
        click.echo(f"    | {finding.evidence}\n    | {url}")
        if finding.remedy:
            click.echo(f"    → {finding.remedy}")
    for probe in done.probes:
        if probe.problem:
            word = "blocks" if probe.was_asked else "to know"
            click.echo(f"{word}: the appeal {probe.callout}: {probe.problem}\n    | {probe.url}")
    verdict = "nothing that blocks" if not done.blocks else "it may not go out as it is"
    click.echo(f"{done.issue}: {done.asked} addresses asked, {verdict}")
    return 1 if done.blocks else 0
