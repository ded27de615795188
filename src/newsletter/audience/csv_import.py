"""Read readers from a CSV file, and write cells that no spreadsheet runs."""

import codecs
import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import BinaryIO

from newsletter.errors import UserError
from newsletter.model.address import Address, parse_address
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

CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_ENCODED_WORD = re.compile(r"=\?.*\?=")  # RFC 2047: nobody's name, and it may hide a line break


def reader_name(text: str) -> str:
    """Read a name of one line; what only disguises it (overrides, zero width) is dropped.

    Raises:
        ValueError: with a part of a sentence that says why it is none.
    """
    if CONTROLS.search(text):
        msg = "its name holds a control character or a line break"
        raise ValueError(msg)
    if _ENCODED_WORD.search(text):
        msg = "its name is an encoded word of a mail header, not a name"
        raise ValueError(msg)
    cleaned = clean_line(text)
    if len(cleaned) > LONGEST_NAME:
        msg = f"its name is longer than {LONGEST_NAME} characters"
        raise ValueError(msg)
    return cleaned


MOST_ROWS = 1_000_000
MOST_COLUMNS = 60
LONGEST_LINE = 100_000
LONGEST_ATTRIBUTE = 1_000
MOST_LINES_IN_A_ROW = 50  # more: a quotation mark was opened and never closed

# A file says who a reader is, not what they agreed to.
IGNORED_COLUMNS = frozenset(
    {"consent", "list", "lists", "public_id", "state", "status", "subscribed", "unsubscribed"}
)

_DELIMITERS = ",;\t"
_SHOWN = 100
_COLUMN = re.compile(r"[^\W\d_][\w .-]{0,59}")


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedRow:
    """A row that can be imported. row counts as spreadsheets do: the header is row 1."""

    row: int
    address: Address
    name: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)


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
        """Read the header row.

        Args:
            stream: the file, opened in binary mode; the caller closes it.
            shown: the file's name in messages.
            most_rows: how many rows may follow the header.

        Raises:
            UserError: for another encoding, no header row, no email column, a column named twice.
        """
        self._shown = shown
        self._most_rows = most_rows
        self._lines = _Lines(stream, shown)
        header, self._rows = self._open()
        self._names = self._check(header)
        self.ignored = tuple(name for name in self._names if name in IGNORED_COLUMNS)

    def __iter__(self) -> Iterator[AcceptedRow | RefusedRow]:
        """Return each row that is not blank.

        Raises:
            UserError: where reading cannot go on: bytes that are not UTF-8, a quotation mark never
                closed, a line or a file past the limits. Nothing read before may then be kept.
        """
        seen: dict[str, int] = {}
        for row in count(2):
            self._lines.begin_row()
            cells, mistake = self._next_row()
            if cells is None:
                return
            if row > self._most_rows + 1:
                msg = f"{self._shown}: more than {self._most_rows:,} rows"
                raise UserError(msg, hint="split the file and import the parts one by one")
            if mistake:
                yield RefusedRow(row=row, value="", why=f"the row cannot be read: {mistake}")
            elif any(cell.strip() for cell in cells):
                yield self._judge(row, cells, seen)

    def _next_row(self) -> tuple[list[str] | None, str]:
        """Give the next row's cells, None at the end; and what is wrong with its quoting, or ""."""
        try:
            return next(self._rows, None), ""
        except csv.Error as error:
            self._lines.refuse_open_quote()
            return [], str(error)

    def _open(self) -> tuple[list[str], Iterator[list[str]]]:
        """Choose the delimiter under which the first line has a column email."""
        first = next(self._lines, "")
        if not first.strip():
            msg = f"{self._shown}: the first row is empty"
            raise UserError(msg, hint="write the columns' names there: email,name")
        for delimiter in _DELIMITERS:
            header = next(csv.reader([first], delimiter=delimiter))
            if "email" in {_column_name(cell) for cell in header}:
                return header, csv.reader(self._lines, delimiter=delimiter, strict=True)
        msg = f"{self._shown}: the first row has no column called email"
        raise UserError(msg, hint="the first row names the columns: email,name")

    def _check(self, header: list[str]) -> tuple[str, ...]:
        names = tuple(_column_name(cell) for cell in header)
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
        return names

    def _judge(self, row: int, cells: list[str], seen: dict[str, int]) -> AcceptedRow | RefusedRow:
        named = dict(zip(self._names, (_cell(text) for text in cells), strict=False))
        email = named.pop("email", "")
        name = named.pop("name", "")
        attributes = {
            column: text
            for column, text in named.items()
            if column and text and column not in IGNORED_COLUMNS
        }
        try:
            if any(text.strip() for text in cells[len(self._names) :]):
                msg = "it has more cells than the first row"
                raise ValueError(msg)  # noqa: TRY301 (one place makes every refusal)
            address = _address(email)
            name = reader_name(name)
            attributes = {column: _attribute(text, column) for column, text in attributes.items()}
            first = seen.setdefault(address.key, row)
            if first != row:
                msg = f"the same address stands in row {first}"
                raise ValueError(msg)  # noqa: TRY301
        except ValueError as error:
            return RefusedRow(row=row, value=_printable(email), why=str(error))
        return AcceptedRow(row=row, address=address, name=name, attributes=attributes)


class _Lines:
    """The lines of a stream as text, each bounded, counted within the row being read."""

    def __init__(self, stream: BinaryIO, shown: str) -> None:
        self._shown = shown
        self._number = 0
        self._began = 0
        self._ended = False
        self._stream = stream

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        data = self._stream.readline(LONGEST_LINE + 1)
        if not data:
            self._ended = True
            raise StopIteration
        self._number += 1
        if self._number == 1:
            data = self._without_mark(data)
        if len(data) > LONGEST_LINE:
            msg = f"{self._shown}:{self._number}: the line is longer than {LONGEST_LINE:,} bytes"
            raise UserError(msg)
        if self._number - self._began > MOST_LINES_IN_A_ROW and self._began:
            self._refuse_quote()
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError as error:
            msg = f"{self._shown}:{self._number}: the file is not UTF-8 (byte {error.start + 1})"
            raise UserError(msg, hint='save it again as "CSV UTF-8"') from error

    def begin_row(self) -> None:
        """Note that a new row begins with the next line."""
        self._began = self._number + 1

    def refuse_open_quote(self) -> None:
        """Raise where the row swallowed the rest of the file."""
        if self._ended:
            self._refuse_quote()

    def _refuse_quote(self) -> None:
        msg = f"{self._shown}:{self._began}: a quotation mark is opened here and never closed"
        raise UserError(msg)

    def _without_mark(self, data: bytes) -> bytes:
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in data:
            msg = f"{self._shown}: the file is UTF-16, not UTF-8"
            raise UserError(msg, hint='save it again as "CSV UTF-8"')
        return data.removeprefix(codecs.BOM_UTF8)


def _column_name(cell: str) -> str:
    return unicodedata.normalize("NFC", cell).strip().lower()


def _cell(text: str) -> str:
    return unguard(text.strip(" \u00a0"))


def _address(text: str) -> Address:
    if not text:
        msg = "it has no address"
        raise ValueError(msg)
    return parse_address(text)


def _attribute(text: str, column: str) -> str:
    if CONTROLS.search(text):
        msg = f"its {column} holds a control character or a line break"
        raise ValueError(msg)
    if len(text) > LONGEST_ATTRIBUTE:
        msg = f"its {column} is longer than {LONGEST_ATTRIBUTE} characters"
        raise ValueError(msg)
    return clean_line(text)


def _printable(text: str) -> str:
    shown = "".join(char if char.isprintable() else "�" for char in text)
    return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
