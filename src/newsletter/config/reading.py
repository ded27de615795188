"""Tables of newsletter.toml: keys taken one by one, mistakes gathered with their lines."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TypeVar

from newsletter.config.fields import kind_of
from newsletter.config.toml_lines import Path

T = TypeVar("T")


@dataclass(slots=True, kw_only=True)
class Problems:
    """All mistakes of one settings file with the lines they stand on."""

    file: str
    lines: Mapping[Path, int]
    found: list[tuple[int, str]] = field(default_factory=list)
    meant: set[Path] = field(default_factory=set)  # keys that a misspelt one was near to
    lacking: dict[str, tuple[Path, ...]] = field(default_factory=dict)

    def line_of(self, path: Path) -> int:
        """Return the line of a key, or of the nearest table around it that has one."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def add(self, path: Path, sentence: str) -> None:
        """Note that a key is wrong; the sentence follows the key's name."""
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
