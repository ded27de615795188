"""newsletter.toml as tables: the line of each key, what stands twice, mistakes gathered."""

import ast
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TypeVar

from newsletter.config.values import kind_of

Path = tuple[str | int, ...]
"""Keys from the top; a number is a place in an array."""

BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_SPACE = re.compile(r"[ \t]*")
_VOID = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_STRINGS = (
    re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}', re.DOTALL),
    re.compile(r"'''.*?'{3,5}", re.DOTALL),
    re.compile(r'"(?:[^"\\\n]|\\.)*"'),
    re.compile(r"'[^'\n]*'"),
)
_SCALAR = re.compile(r"[^\s,\]}#]+(?: [0-9][^\s,\]}#]*)?")
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_ESCAPED = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r"}


def key_lines(text: str) -> dict[Path, int]:
    """Return the line (from 1) of every key, table and array item of a well-formed TOML text."""
    return _Scanner(text).scan()


@dataclass(slots=True)
class _Scanner:
    text: str
    at: int = 0
    lines: dict[Path, int] = field(default_factory=dict)
    arrays: dict[Path, int] = field(default_factory=dict)

    def scan(self) -> dict[Path, int]:
        table: Path = ()
        while self._skip_void():
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)
        return self.lines

    def _skip_void(self) -> bool:
        found = _VOID.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return self.at < len(self.text)

    def _skip_space(self) -> None:
        found = _SPACE.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def _note(self, path: Path) -> None:
        self.lines.setdefault(path, self.text.count("\n", 0, self.at) + 1)

    def _header(self) -> Path:
        start = self.at
        is_array = self.text.startswith("[[", self.at)
        self.at += 2 if is_array else 1
        keys = self._keys()
        path: Path = ()
        for number, key in enumerate(keys):
            path = (*path, key)
            last = number == len(keys) - 1
            if last and is_array:
                self.arrays[path] = self.arrays.get(path, -1) + 1
            end, self.at = self.at, start
            self._note(path)
            if path in self.arrays:
                path = (*path, self.arrays[path])
                self._note(path)
            self.at = end
        self.at += 2 if is_array else 1
        return path

    def _keys(self) -> list[str]:
        keys: list[str] = []
        while True:
            self._skip_space()
            keys.append(self._key())
            self._skip_space()
            if not self.text.startswith(".", self.at):
                return keys
            self.at += 1

    def _key(self) -> str:
        found = BARE_KEY.match(self.text, self.at)
        if found:
            self.at = found.end()
            return found[0]
        quoted = self._string()
        if quoted.startswith('"'):
            return _ESCAPE.sub(_unescape, quoted[1:-1])
        return quoted[1:-1]

    def _string(self) -> str:
        for pattern in _STRINGS:
            found = pattern.match(self.text, self.at)
            if found:
                self.at = found.end()
                return found[0]
        self.at += 1  # not reached for well-formed text; no endless loop for other
        return ""

    def _pair(self, table: Path) -> None:
        start = self.at
        path = table
        keys = self._keys()
        end, self.at = self.at, start
        for key in keys:
            path = (*path, key)
            self._note(path)
        self.at = end + 1  # the equals sign
        self._skip_space()
        self._value(path)

    def _value(self, path: Path) -> None:
        if self.at >= len(self.text):
            return
        match self.text[self.at]:
            case "[":
                self.at += 1
                number = 0
                while self._skip_void() and self.text[self.at] != "]":
                    if self.text[self.at] == ",":
                        self.at += 1
                        continue
                    self._note((*path, number))
                    self._value((*path, number))
                    number += 1
                self.at += 1
            case "{":
                self.at += 1
                while self._skip_void() and self.text[self.at] != "}":
                    if self.text[self.at] == ",":
                        self.at += 1
                        continue
                    self._pair(path)
                self.at += 1
            case '"' | "'":
                self._string()
            case _:
                found = _SCALAR.match(self.text, self.at)
                self.at = found.end() if found else self.at + 1


def _unescape(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    if code:
        return chr(int(code, 16))
    return _ESCAPED.get(found[3], found[3])


_TABLE = re.compile(r"Cannot declare (\(.*\)) twice", re.DOTALL)
_KEY = "Cannot overwrite a value"
_HEADER = re.compile(r"[ \t]*\[{1,2}[^\[\]]+\]{1,2}")
_ASSIGNMENT = re.compile(r"[ \t]*[^=#\[]+=")

Keys = tuple[str, ...]


def told_twice(message: str, text: str, line: int) -> str:
    """Return what stands twice and where it stands first; "" where the message is of another fault.

    Args:
        message: tomllib's, of a text that it refused.
        text: the whole text.
        line: of the second place, from 1.
    """
    lines = text.split("\n")
    table = _TABLE.search(message)
    if table is not None:
        keys = _keys(table[1])
        return (
            f"{_header(keys)} stands twice{_first(lines[: line - 1], keys)}; put the keys together"
        )
    if not message.startswith(_KEY) or line > len(lines):
        return ""
    keys = _named(lines[line - 1])
    if not keys:
        return ""
    if _HEADER.match(lines[line - 1]):  # [[a]] after [a]
        return (
            f"{_header(keys)} stands twice{_first(lines[: line - 1], keys)}; put the keys together"
        )
    inside = next((_named(each) for each in reversed(lines[: line - 1]) if _HEADER.match(each)), ())
    where = _first(lines[: line - 1], (*inside, *keys))
    return f"{_shown((*inside, *keys))} stands twice{where}; take one of them out"


def _keys(shown: str) -> Keys:
    value = ast.literal_eval(shown)
    return tuple(str(key) for key in value)


def _first(lines: list[str], keys: Keys) -> str:
    """Say in which line keys are set first: as a table's header, or as a key in one."""
    inside: Keys = ()
    for number, line in enumerate(lines, start=1):
        if _HEADER.match(line):
            inside = _named(line)
            found = inside
        else:
            found = (*inside, *_named(line))
        if found == keys:
            return f", first in line {number}"
    return ""


def _named(line: str) -> Keys:
    """Return the keys of a header, or those before an equals sign; () for any other line."""
    header, assignment = _HEADER.match(line), _ASSIGNMENT.match(line)
    if header is None and assignment is None:
        return ()
    piece = header[0] if header else f"{assignment[0] if assignment else ''} 0"
    try:
        value: object = tomllib.loads(piece)
    except tomllib.TOMLDecodeError:
        return ()
    keys: list[str] = []
    while True:
        if isinstance(value, list):
            value = value[0]
        if not isinstance(value, dict) or not value:
            return tuple(keys)
        key, value = next(iter(value.items()))
        keys.append(key)


def _header(keys: Keys) -> str:
    return f"[{_shown(keys)}]"


def _shown(keys: Keys) -> str:
    shown = (key if BARE_KEY.fullmatch(key) else f'"{key}"' for key in (key[:100] for key in keys))
    return ".".join(shown)


T = TypeVar("T")


@dataclass(slots=True, kw_only=True)
class Problems:
    """All mistakes of one settings file with the lines they stand on."""

    file: str
    lines: Mapping[Path, int]
    found: list[tuple[int, str]] = field(default_factory=list)
    paths: set[Path] = field(default_factory=set)  # of the keys that are wrong
    meant: set[Path] = field(default_factory=set)  # keys that a misspelt one was near to
    lacking: dict[str, tuple[Path, ...]] = field(default_factory=dict)

    def line_of(self, path: Path) -> int:
        """Return the line of a key, or of the nearest table around it that has one."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def add(self, path: Path, sentence: str) -> None:
        """Note that a key is wrong; the sentence follows the key's name."""
        self.paths.add(path)
        line = self.line_of(path)
        key = f"{dotted(path)}: " if path else ""
        self.found.append((line, f"{self.file}:{line}: {key}{sentence}"))

    def lacks(self, path: Path, key: str, where: str, *elsewhere: Path) -> None:
        """Note that a table lacks a key, which no misspelt one was meant to be.

        where ends the sentence; elsewhere are other tables where it might stand.
        """
        self.add(path, f"{key} is missing; write {where}")
        self.lacking[self.found[-1][1]] = tuple((*table, key) for table in (path, *elsewhere))

    def sentences(self) -> tuple[str, ...]:
        """Give all of them in the order of the file; a key that is misspelt is not missing too."""
        told = (text for _, text in sorted(self.found, key=lambda item: item[0]))
        return tuple(
            dict.fromkeys(
                text for text in told if self.meant.isdisjoint(self.lacking.get(text, ()))
            )
        )


@dataclass(slots=True, kw_only=True)
class Table:
    """One table; take() what it may hold, then refuse_rest()."""

    problems: Problems
    path: Path
    values: Mapping[str, object]
    known: list[str] = field(default_factory=list)

    def take(self, key: str, read: Callable[[object], T], default: T) -> T:
        """Read one key; the default where it is absent or wrong."""
        self.known.append(key)
        if key not in self.values:
            return default
        try:
            return read(self.values[key])
        except ValueError as error:
            self.problems.add((*self.path, key), str(error))
            return default

    def need(self, key: str, read: Callable[[object], T], default: T) -> T:
        """Read one key that has to be there."""
        if key not in self.values:
            self.problems.lacks(self.path, key, f"{key} = …")
        return self.take(key, read, default)

    def take_list(
        self, key: str, read: Callable[[object], T], *, most: int = 1_000
    ) -> tuple[T, ...] | None:
        """Read a list, each item by the same reader; None where the key is absent."""
        self.known.append(key)
        if key not in self.values:
            return None
        items = self.values[key]
        if not isinstance(items, list):
            self.problems.add((*self.path, key), f'is {kind_of(items)}; write a list: ["…", "…"]')
            return ()
        if len(items) > most:
            self.problems.add(
                (*self.path, key), f"holds {len(items)} entries; write at most {most}"
            )
        done: list[T] = []
        for number, item in enumerate(items[:most]):
            try:
                done.append(read(item))
            except ValueError as error:
                self.problems.add((*self.path, key, number), str(error))
        return tuple(done)

    def table(self, key: str) -> "Table | None":
        """Return the table below a key; None where there is none."""
        self.known.append(key)
        if key not in self.values:
            return None
        return as_table(self.problems, (*self.path, key), self.values[key])

    def tables(self) -> Sequence[tuple[str, "Table"]]:
        """Return every table below this one with its name, where the names are the user's."""
        self.known.extend(self.values)
        below = (
            (key, as_table(self.problems, (*self.path, key), value))
            for key, value in self.values.items()
        )
        return tuple(below)

    def refuse_rest(self) -> None:
        """Note every key that was not taken, with the nearest right name."""
        for key in self.values:
            if key in self.known:
                continue
            near = get_close_matches(key.lower()[:100], self.known, n=1, cutoff=0.5)
            remedy = (
                f"did you mean {near[0]}?" if near else "known here are " + ", ".join(self.known)
            )
            self.problems.meant.update((*self.path, one) for one in near)
            self.problems.add((*self.path, key), f"there is no such key; {remedy}")


def as_table(problems: Problems, path: Path, value: object) -> Table:
    """Take a value as a table; an empty one, with a mistake noted, where it is none."""
    if isinstance(value, dict):
        return Table(problems=problems, path=path, values=value)
    problems.add(path, f"is {kind_of(value)}; write a table [{dotted(path)}]")
    return Table(problems=problems, path=path, values={})


def dotted(path: Path) -> str:
    """Show a path as TOML writes it: newsletters.daily.hold, proof.addresses[2]."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part + 1}]"
        else:
            shown = "".join(char if char.isprintable() else "·" for char in part[:60])
            text += f".{shown}" if text else shown
    return text
