"""`doctor`: what is wrong with the set-up, and how to fix it."""

from collections.abc import Iterator, Sequence
from itertools import groupby

import click

from newsletter.cli.arguments import json_option
from newsletter.cli.output import as_json, lines_of, note, picked, warn
from newsletter.errors import ConfigError, NewsletterError
from newsletter.model.diagnosis import Diagnosis, State
from newsletter.model.text import counted

_MARKS = {
    State.WELL: "ok",
    State.INFO: "-",
    State.WARNING: "warn",
    State.ERROR: "WRONG",
    State.UNASKED: "?",
}
_WRONG = (State.ERROR, State.UNASKED, State.WARNING)  # the gravest first


@click.command()
@click.option("--offline", is_flag=True, help="Ask nobody beyond this machine.")
@click.option(
    "--dns-server",
    metavar="ADDRESS[:PORT]",
    default="",
    help="Ask this DNS server instead of the system's.",
)
@json_option
def doctor(*, offline: bool, dns_server: str, json_: bool) -> int:
    """Look at settings, database, clock, mail server and DNS; say what is wrong and how to fix it.

    The mail server is asked up to the login, and sent no mail. The DNS is asked about your own
    domains. Exit 1 if something is wrong, 3 if somebody could not be asked.
    """
    from newsletter.app import read_settings_despite_mistakes
    from newsletter.clock import SystemClock
    from newsletter.doctor.resolver import Resolver  # not in app: other commands start without it
    from newsletter.doctor.setup import judge_mistakes
    from newsletter.workflows.examine import examine, exit_code

    if offline and dns_server:
        raise click.UsageError("--offline asks nobody; leave it or --dns-server out")
    resolver = None if offline else Resolver(dns_server)
    try:
        settings, problems = read_settings_despite_mistakes()
        found = examine(settings, problems, clock=SystemClock(), resolver=resolver, say=note)
    except ConfigError as error:  # which database is meant is not known either
        found = judge_mistakes(error.problems)
    code = exit_code(found)
    if json_:
        as_json(
            {
                "passed": code == 0,
                "offline": offline,
                "dns_server": resolver.shown if resolver else None,
                "findings": [_as_object(each) for each in found],
            }
        )
        return code
    for sentence in _stalled():
        warn(sentence)
    for line in _told(found):
        click.echo(line)
    return code


def _stalled() -> tuple[str, ...]:
    from newsletter.app import open_desk
    from newsletter.workflows.sending.begin_sending import stalled

    try:
        with open_desk(warn=lambda _: None) as desk:
            return stalled(desk)
    except NewsletterError:
        return ()


def _as_object(found: Diagnosis) -> dict[str, object]:
    return {
        **picked(found, "area check subject state message evidence remedy"),
        "records": [picked(record, "name type value") for record in found.records],
    }


def _told(found: Sequence[Diagnosis]) -> Iterator[str]:
    causes_first = sorted(found, key=lambda each: each.check != "no-such-name")
    mended = [each for each in causes_first if each.remedy]
    wrong = [each for state in _WRONG for each in mended if each.state is state]
    for area, group in groupby(found, key=lambda each: each.area):
        yield str(area)
        for each in group:
            what = f"see {wrong.index(each) + 1} below" if each in wrong else each.message
            yield from lines_of(
                f"  {_MARKS[each.state]:<6}", f"{each.check} ({each.subject}): {what}"
            )
    if wrong:
        yield ""
        yield "what to fix, the gravest first"
    for number, each in enumerate(wrong, start=1):
        yield from _fix(number, each)
    yield ""
    counts = {state: sum(each.state is state for each in found) for state in State}
    yield (
        f"{counts[State.ERROR]} wrong, {counts[State.UNASKED]} could not be asked, "
        f"{counted(counts[State.WARNING], 'warning')}, {counts[State.WELL]} ok"
    )


def _fix(number: int, found: Diagnosis) -> Iterator[str]:
    yield from lines_of(f"{number:>3}. ", f"{found.check} ({found.subject}): {found.message}")
    if found.evidence:
        yield from lines_of("     seen: ", found.evidence)
    if found.remedy:
        yield from lines_of("     do:   ", found.remedy)
    for record in found.records:
        # never wrapped, so that it can be copied
        yield "     publish:"
        yield f"       name   {record.name}."
        yield f"       type   {record.type}"
        yield f"       value  {record.value}"
