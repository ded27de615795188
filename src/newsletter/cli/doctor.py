"""`doctor`: what is wrong with the set-up, and how to mend it."""

from collections.abc import Iterator, Sequence
from itertools import groupby

import click

from newsletter.cli.output import as_json, lines_of, note
from newsletter.model.diagnosis import Diagnosis, State

_MARKS = {
    State.WELL: "ok",
    State.INFO: "-",
    State.WARNING: "warn",
    State.ERROR: "WRONG",
    State.UNASKED: "?",
}
_MENDED = (State.ERROR, State.UNASKED, State.WARNING)  # the gravest first


@click.command()
@click.option("--offline", is_flag=True, help="Ask nobody beyond this machine.")
@click.option(
    "--dns-server",
    metavar="ADDRESS[:PORT]",
    default="",
    help="Ask this DNS server instead of the system's.",
)
@click.option("--web", is_flag=True, help="Ask the hosts of public_url for their certificates too.")
@click.option("--json", "json_", is_flag=True, help="Print as JSON.")
def doctor(*, offline: bool, dns_server: str, web: bool, json_: bool) -> int:
    """Look at configuration, database, clock, mail server and DNS; tell what to mend.

    The mail server is asked up to the login, and sent no mail. The DNS is asked about your own
    domains. Exit 1 where something is wrong, 3 where somebody could not be asked.
    """
    from newsletter.app import read_settings, settings_file_name
    from newsletter.clock import SystemClock
    from newsletter.doctor.resolver import Resolver  # not in app: other commands start without it
    from newsletter.workflows.examine import examine, exit_code

    if offline and (dns_server or web):
        other = "--dns-server" if dns_server else "--web"
        raise click.UsageError(f"--offline asks nobody; leave it or {other} out")
    resolver = None if offline else Resolver(dns_server)
    found = examine(
        read_settings,
        settings_file_name(),
        clock=SystemClock(),
        resolver=resolver,
        say=note,
        asks_web=web,
    )
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
    for line in _told(found):
        click.echo(line)
    return code


def _as_object(found: Diagnosis) -> dict[str, object]:
    return {
        "area": str(found.area),
        "check": found.check,
        "subject": found.subject,
        "state": str(found.state),
        "message": found.message,
        "evidence": found.evidence or None,
        "remedy": found.remedy or None,
        "records": [
            {"name": record.name, "type": record.type, "value": record.value}
            for record in found.records
        ],
    }


def _told(found: Sequence[Diagnosis]) -> Iterator[str]:
    for area, group in groupby(found, key=lambda each: each.area):
        yield str(area)
        for each in group:
            yield from lines_of(f"  {_MARKS[each.state]:<6}", _sentence(each))
    causes_first = sorted(found, key=lambda each: each.check != "no-such-name")
    mended = [each for state in _MENDED for each in causes_first if each.state is state]
    if mended:
        yield ""
        yield "what to mend, the gravest first"
    for number, each in enumerate(mended, start=1):
        yield from _mending(number, each)
    yield ""
    yield _count(found)


def _sentence(found: Diagnosis) -> str:
    return f"{found.check} ({found.subject}): {found.message}"


def _mending(number: int, found: Diagnosis) -> Iterator[str]:
    yield from lines_of(f"{number:>3}. ", _sentence(found))
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


def _count(found: Sequence[Diagnosis]) -> str:
    counts = {state: sum(each.state is state for each in found) for state in State}
    return (
        f"{counts[State.ERROR]} wrong, {counts[State.UNASKED]} could not be asked, "
        f"{counts[State.WARNING]} warnings, {counts[State.WELL]} well"
    )
