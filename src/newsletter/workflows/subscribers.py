"""The audience: take people in, list them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from newsletter.audience.csv_import import AcceptedRow, CsvFile, RefusedRow, reader_name
from newsletter.config.values import shown
from newsletter.errors import UserError
from newsletter.model.address import Address, parse_address
from newsletter.model.records import ImportVerdict, NewSubscriber, SubscriberRow
from newsletter.store import subscribers
from newsletter.workflows.desk import Desk

IN_WORDS = {
    ImportVerdict.ENDED: "unsubscribed from this list; an import does not undo that",
    ImportVerdict.SUPPRESSED: "suppressed: this address is never to be mailed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import did, or would do; refused and looks_wrong are (row, value, why)."""

    accepted: int
    unchanged: int
    refused: tuple[tuple[int, str, str], ...]
    looks_wrong: tuple[tuple[int, str, str], ...] = ()
    rows: tuple[Mapping[str, object], ...] = ()


def list_names(desk: Desk) -> tuple[str, ...]:
    """The lists that newsletters of this folder go to."""
    return tuple(dict.fromkeys(newsletter.list for newsletter in desk.settings.newsletters))


def _known_list(desk: Desk, name: str) -> str:
    known = list_names(desk)
    if name not in known:
        msg = f'no newsletter goes to a list called "{name}"'
        raise UserError(msg, hint=f"lists: {', '.join(known)}")
    return name


def _consent(text: str) -> str:
    if not text.strip():
        msg = "how and when did they say yes?"
        raise UserError(msg, hint='--consent "sign-up form, 12 March 2026"')
    return text.strip()


def add_subscriber(
    desk: Desk, email: str, *, list_name: str, consent: str, name: str = ""
) -> tuple[Address, ImportVerdict]:
    """Take one person in, active on the list.

    Raises UserError: no address, no such list, no consent, a name that no mail can carry, or the
    address may not be mailed.
    """
    try:
        address = parse_address(email)
    except ValueError as error:
        raise UserError(f"{shown(email)} is no mail address: {error}") from error
    try:
        person = NewSubscriber(address=address, name=reader_name(name))
    except ValueError as error:
        msg = f"{address} was not added: {error}"
        raise UserError(msg, hint="give a name of one line, or none") from error
    with desk.database.write() as connection:
        (verdict,) = subscribers.take_in(
            connection,
            (person,),
            list_name=_known_list(desk, list_name),
            consent=_consent(consent),
            source="add",
            now=desk.clock.now(),
            renew=True,
        )
    if verdict in IN_WORDS:
        raise UserError(f"{address} was not added: {IN_WORDS[verdict]}")
    return address, verdict


def import_subscribers(
    desk: Desk, file: Path, *, list_name: str, consent: str, dry_run: bool
) -> ImportReport:
    """Take in a CSV file, in one transaction; `dry_run` says for each row what would happen.

    Raises UserError: the file cannot be read as a CSV of addresses, or what add_subscriber says.
    """
    _known_list(desk, list_name)
    agreed = _consent(consent)
    try:
        with file.open("rb") as stream:
            rows = list(CsvFile(stream, shown=str(file)))
    except OSError as error:
        raise UserError(f"{file} cannot be read: {error.strerror}") from error
    accepted = [row for row in rows if isinstance(row, AcceptedRow)]
    refused = [row for row in rows if isinstance(row, RefusedRow)]
    taking = desk.database.read if dry_run else desk.database.write
    with taking() as connection:
        verdicts = subscribers.take_in(
            connection,
            [row.person for row in accepted],
            list_name=list_name,
            consent=agreed,
            source=f"import {file.name}",
            now=desk.clock.now(),
            dry_run=dry_run,
        )
    return _report(accepted, refused, verdicts)


def _report(
    accepted: list[AcceptedRow], refused: list[RefusedRow], verdicts: Iterable[ImportVerdict]
) -> ImportReport:
    judged = list(zip(accepted, verdicts, strict=True))
    turned_away = [(row.row, row.value, row.why) for row in refused] + [
        (row.row, str(row.person.address), IN_WORDS[verdict])
        for row, verdict in judged
        if verdict in IN_WORDS
    ]
    rows = [
        {"row": row.row, "value": str(row.person.address), "will": str(verdict)}
        for row, verdict in judged
        if verdict not in IN_WORDS
    ]
    return ImportReport(
        accepted=sum(verdict is ImportVerdict.ACCEPTED for _, verdict in judged),
        unchanged=sum(verdict is ImportVerdict.UNCHANGED for _, verdict in judged),
        refused=tuple(sorted(turned_away)),
        looks_wrong=tuple(
            (row.row, str(row.person.address), row.doubt) for row in accepted if row.doubt
        ),
        rows=tuple(rows),
    )


def list_subscribers(desk: Desk, list_name: str | None = None) -> tuple[SubscriberRow, ...]:
    """Return everybody, or those of one list, by address.

    Raises UserError: nobody was ever on such a list, and no newsletter goes to it.
    """
    with desk.database.read() as connection:
        people = tuple(subscribers.list_subscribers(connection, list_name=list_name))
    if not people and list_name is not None:
        _known_list(desk, list_name)
    return people
