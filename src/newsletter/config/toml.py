"""newsletter.toml as tables: the line of each key, and every mistake with its line."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, TypeVar

from newsletter.config.values import kind_of

Path = tuple[str | int, ...]
"""Keys from the top; a number is a place in a list."""

Reader = Callable[[object], Any]
"""Makes a value of what tomllib read; raises ValueError with what follows the key's name."""

Keys = Mapping[str, Reader]
"""The keys of a table, each with its reader; a key is named as the field that it fills."""

T = TypeVar("T")

_KEY = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
_KEYS = rf"[ \t]*({_KEY}(?:[ \t]*\.[ \t]*{_KEY})*)[ \t]*"
_HEADER = re.compile(rf"[ \t]*\[{{1,2}}{_KEYS}\]")
_ASSIGNMENT = re.compile(rf"{_KEYS}=")


def lines_of_keys(text: str) -> Iterator[tuple[Path, int]]:
    """Return each table and key with its line, from 1; a list's items have their key's."""
    table: Path = ()
    for number, line in enumerate(text.split("\n"), start=1):
        if header := _HEADER.match(line):
            table = _names(header[1])
            yield table, number
        elif found := _ASSIGNMENT.match(line):
            yield (*table, *_names(found[1])), number


def _names(keys: str) -> Path:
    return tuple(key.strip("\"'") for key in re.findall(_KEY, keys))


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
        """Note that a table lacks a key, unless a misspelt one was meant to be it.

        where ends the sentence; elsewhere are other tables where it might stand.
        """
        self.add(path, f"{key} is missing; write {where}")
        self.lacking[self.found[-1][1]] = tuple((*table, key) for table in (path, *elsewhere))

    def sentences(self) -> tuple[str, ...]:
        """Return all of them in the order of the file; a key that is misspelt is not missing."""
        texts = dict.fromkeys(text for _, text in sorted(self.found, key=lambda item: item[0]))
        return tuple(text for text in texts if self.meant.isdisjoint(self.lacking.get(text, ())))


@dataclass(slots=True, kw_only=True)
class Table:
    """One table; take() or fill() what it may hold, then refuse_rest()."""

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
            self.wrong(key, str(error))
            return default

    def fill(self, keys: Keys, *needed: str) -> dict[str, Any]:
        """Read keys; those that are absent or wrong are left out. needed ones must be there."""
        for key in needed:
            if key not in self.values:
                self.problems.lacks(self.path, key, f"{key} = …")
        read = {key: self.take(key, reader, None) for key, reader in keys.items()}
        return {key: value for key, value in read.items() if value is not None}

    def wrong(self, key: str, sentence: str) -> None:
        """Note that a key of the table is wrong."""
        self.problems.add((*self.path, key), sentence)

    def table(self, key: str) -> "Table":
        """Return the table below a key; an empty one where there is none."""
        self.known.append(key)
        return self._below(key, self.values.get(key, {}))

    def tables(self) -> Iterator[tuple[str, "Table"]]:
        """Return every table below this one with its name, where the names are the user's."""
        self.known.extend(self.values)
        return ((key, self._below(key, value)) for key, value in self.values.items())

    def _below(self, key: str, value: object) -> "Table":
        path = (*self.path, key)
        if not isinstance(value, dict):
            self.problems.add(path, f"is {kind_of(value)}; write a table [{dotted(path)}]")
            value = {}
        return Table(problems=self.problems, path=path, values=value)

    def refuse_rest(self) -> None:
        """Note every key that was not taken, with the nearest right name."""
        for key in self.values:
            if key in self.known:
                continue
            near = nearest(key.lower(), self.known)
            if near:
                self.problems.meant.add((*self.path, near))
            remedy = did_you_mean(near, self.known)
            self.wrong(key, f"there is no such key; {remedy}")


def nearest(word: str, known: list[str]) -> str:
    """Return the nearest known word; "" where none is near."""
    return next(iter(get_close_matches(word[:100], known, n=1, cutoff=0.5)), "")


def did_you_mean(near: str, known: list[str]) -> str:
    """Return the remedy for a word that is not known."""
    return f"did you mean {near}?" if near else "known here are " + ", ".join(known)


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
