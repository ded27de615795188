"""Read readers from a CSV file, and write cells that no spreadsheet runs."""

import codecs
import csv
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import BinaryIO

from newsletter.errors import UserError
from newsletter.model.address import Address, parse_address
from newsletter.model.records import NewSubscriber
from newsletter.model.text import clean_line

# = + - @ start a formula, tab and line ends hide one; spreadsheets take the full-width twins too.
_GUARDED = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


def guard(text: str) -> str:
    """Put a "'" before a cell that would run; unguard gives back exactly the same text."""
    return f"'{text}" if _GUARDED.match(text) else text


def unguard(text: str) -> str:
    """Take away the "'" that guard wrote, and no other."""
    return text[1:] if text.startswith("'") and _GUARDED.match(text) else text


LONGEST_NAME = 200
LONGEST_ATTRIBUTE = 1_000
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_ENCODED_WORD = re.compile(r"=\?.*\?=")  # RFC 2047: nobody's name, and it may hide a line break


def reader_name(text: str) -> str:
    """Read a name of one line; what only disguises it (overrides, zero width) is dropped.

    Raises ValueError: with a part of a sentence that says why it is none.
    """
    if _ENCODED_WORD.search(text):
        msg = "its name is an encoded word of a mail header, not a name"
        raise ValueError(msg)
    return _line(text, "name", LONGEST_NAME)


def _line(text: str, what: str, longest: int) -> str:
    if _CONTROLS.search(text):
        msg = f"its {what} holds a control character or a line break"
        raise ValueError(msg)
    cleaned = clean_line(text)
    if len(cleaned) > longest:
        msg = f"its {what} is longer than {longest} characters"
        raise ValueError(msg)
    return cleaned


MOST_ROWS = 1_000_000
MOST_COLUMNS = 60
LONGEST_LINE = 100_000

# A file says who a reader is, not what they agreed to.
IGNORED_COLUMNS = frozenset(
    {"consent", "list", "lists", "public_id", "state", "status", "subscribed", "unsubscribed"}
)
# As address books and other newsletters name the column, without blanks and hyphens.
_EMAIL_COLUMNS = frozenset(
    {"email", "emailaddress", "emailadresse", "mail", "mailadresse", "adresseemail", "courriel"}
)
_NO_NAMES = frozenset({"n/a", "na", "nil", "none", "null", "test", "unknown"})
_ROLES = frozenset(
    {"abuse", "bounces", "donotreply", "hostmaster", "mailerdaemon", "noreply", "postmaster"}
    | {"root", "webmaster"}
)
_DELIMITERS = ",;\t"
_SHOWN = 100
_COLUMN = re.compile(r"[^\W\d_][\w .-]{0,59}")


def is_name(text: str) -> bool:
    """Return whether a mail can greet somebody by that: not by "N/A", "-" or "SMITH, JOHN"."""
    is_word = any(char.isalpha() for char in text) and text.casefold() not in _NO_NAMES
    return is_word and not set(text) & set(",;@/")


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedRow:
    """A row that can be imported; the header is row 1. doubt says what looks wrong, or ""."""

    row: int
    person: NewSubscriber
    doubt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedRow:
    """A row that cannot; value is what stands in its email cell, made printable."""

    row: int
    value: str
    why: str


class CsvFile:
    """An open CSV file of subscribers; iterating gives each row's fate, once.

    ignored names the columns that are not taken over.
    """

    def __init__(self, stream: BinaryIO, *, shown: str, most_rows: int = MOST_ROWS) -> None:
        """Read the header row of a file opened in binary mode; shown is its name in messages.

        Raises:
            UserError: for another encoding, no header row, no email column, a column named twice.
        """
        self._shown = shown
        self._most_rows = most_rows
        self._line = 0  # the last one read
        self._lines = self._decoded(stream)
        header, self._rows = self._open()
        self._names = self._check(header)
        self.ignored = tuple(name for name in self._names if name in IGNORED_COLUMNS)

    def __iter__(self) -> Iterator[AcceptedRow | RefusedRow]:
        """Return each row that is not blank; UserError where reading cannot go on.

        Nothing read before may then be kept.
        """
        seen: dict[str, int] = {}
        for row in count(2):
            began = self._line + 1
            try:
                cells = next(self._rows, None)
            except csv.Error as error:
                if "expected after" not in str(error):  # the row has swallowed the rest of the file
                    msg = f"{self._shown}:{began}: a quotation mark is opened here and never closed"
                    raise UserError(msg) from error
                yield RefusedRow(row=row, value="", why=f"the row cannot be read: {error}")
                continue
            if cells is None:
                return
            if row > self._most_rows + 1:
                msg = f"{self._shown}: more than {self._most_rows:,} rows"
                raise UserError(msg, hint="split the file and import the parts one by one")
            if any(cell.strip() for cell in cells):
                yield self._judge(row, cells, seen)

    def _decoded(self, stream: BinaryIO) -> Iterator[str]:
        save = 'save it as "CSV UTF-8" and import it again'
        while data := stream.readline(LONGEST_LINE + 1):
            self._line += 1
            if self._line == 1:
                if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in data:
                    raise UserError(f"{self._shown} is UTF-16, not UTF-8", hint=save)
                data = data.removeprefix(codecs.BOM_UTF8)
            if len(data) > LONGEST_LINE:
                msg = f"{self._shown}:{self._line}: the line is longer than {LONGEST_LINE:,} bytes"
                raise UserError(msg)
            try:
                yield data.decode("utf-8")
            except UnicodeDecodeError as error:
                start = data[: error.start].decode("utf-8", "replace")[-20:]
                msg = f"{self._shown}: row {self._line} is not UTF-8, after {_printable(start)!r}"
                raise UserError(msg, hint=save) from error

    def _open(self) -> tuple[list[str], Iterator[list[str]]]:
        """Choose the delimiter under which the first line has a column of addresses."""
        first = next(self._lines, "")
        if not first.strip():
            msg = f"{self._shown}: the first row is empty"
            raise UserError(msg, hint="write the columns' names there: email,name")
        for delimiter in _DELIMITERS:
            header = next(csv.reader([first], delimiter=delimiter))
            if any(_bare(cell) in _EMAIL_COLUMNS for cell in header):
                return header, csv.reader(self._lines, delimiter=delimiter, strict=True)
        saw = ", ".join(_printable(cell.strip()) for cell in re.split("[,;\t]", first)[:10])
        msg = f"{self._shown}: no column is called email; the first row has {saw}"
        raise UserError(msg, hint="call the column of addresses email")

    def _check(self, header: list[str]) -> tuple[str, ...]:
        names = [unicodedata.normalize("NFC", cell).strip().lower() for cell in header]
        if "email" not in names:
            names[next(at for at, name in enumerate(names) if _bare(name) in _EMAIL_COLUMNS)] = (
                "email"
            )
        if len(names) > MOST_COLUMNS:
            msg = f"{self._shown}: {len(names)} columns are more than {MOST_COLUMNS}"
            raise UserError(msg)
        for name in names:
            if name and names.count(name) > 1:
                msg = f"{self._shown}: two columns are called {name}"
                raise UserError(msg, hint="rename one of them in the first row")
            if name and not _COLUMN.fullmatch(name):
                msg = f"{self._shown}: {_printable(name)} is no name for a column"
                raise UserError(msg, hint="begin with a letter; at most 60 characters")
        return tuple(names)

    def _judge(self, row: int, cells: list[str], seen: dict[str, int]) -> AcceptedRow | RefusedRow:
        texts = (unguard(text.strip(" \u00a0")) for text in cells)
        named = dict(zip(self._names, texts, strict=False))
        email = named.pop("email", "")
        name = named.pop("name", "")
        try:
            if any(text.strip() for text in cells[len(self._names) :]):
                msg = "it has more cells than the first row"
                raise ValueError(msg)  # noqa: TRY301 (one place makes every refusal)
            if not email:
                msg = "it has no address"
                raise ValueError(msg)  # noqa: TRY301
            address = parse_address(email)
            name = reader_name(name)
            attributes = {
                column: _line(text, column, LONGEST_ATTRIBUTE)
                for column, text in named.items()
                if column and text and column not in IGNORED_COLUMNS
            }
            first = seen.setdefault(address.key, row)
            if first != row:
                msg = f"the same address is in row {first}"
                raise ValueError(msg)  # noqa: TRY301
        except ValueError as error:
            return RefusedRow(row=row, value=_printable(email), why=str(error))
        kept = name if is_name(name) else ""
        person = NewSubscriber(address=address, name=kept, attributes=attributes)
        return AcceptedRow(row=row, person=person, doubt=_doubt(address, name))


def _doubt(address: Address, name: str) -> str:
    doubts: list[str] = []
    if _bare(address.local) in _ROLES:
        doubts.append("nobody reads mail to this address")
    if name and not is_name(name):
        doubts.append(f"the name {_printable(name)} is left out")
    return "; ".join(doubts)


def _bare(text: str) -> str:
    return re.sub(r"[\s_-]", "", text).lower()


def _printable(text: str) -> str:
    shown = "".join(char if char.isprintable() else "\ufffd" for char in text)
    return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
