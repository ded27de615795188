"""Front matter: flat `key: value` lines between two `---`, each with its place."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NoReturn

import yaml
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from newsletter.issues.source import Mistakes, Source, nearest
from newsletter.model.finding import Span
from newsletter.model.text import clean_line, refused_control

FENCE = "---"
MOST_CHARACTERS = 20_000
"""PyYAML reads some 100,000 characters a second; no head of ours needs a fifth of that."""
MOST_BRACKETS = 100
"""PyYAML takes quadratic time for lists inside one another: 18 s for 9,000."""

# `date:2026-11-27`, `subject = "…"`, `subject; "…"`
_KEY_SLIP = re.compile(r"([A-Za-z][\w-]{0,40}):(?=[^\s:/])|([A-Za-z][\w-]{0,40})[ \t]*[=;\uff1a]")
_OPEN_QUOTE = re.compile(
    r"""^[\w-]{1,40}:[ \t]*(?:(")(?:[^"\\\n]|\\.)*$|(')(?:[^'\n]|'')*$)""", re.MULTILINE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One value: its text cleaned, or its items where it is a list, and where it stands.

    span is of the value alone in the whole source, quotes included; empty right after the colon
    where there is none.
    """

    text: str
    items: tuple[str, ...] | None
    span: Span
    key_line: int
    line: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontMatter:
    """The values by key, and the number of lines the head takes with both fences."""

    values: Mapping[str, Value]
    line_count: int


class _StopReadingError(Exception):
    """The rest of the head cannot be read; the mistake is noted."""


def read_front_matter(
    source: Source, mistakes: Mistakes, *, known: Collection[str], lists: Collection[str] = ()
) -> FrontMatter:
    """Read the head of a file.

    Args:
        source: the whole file.
        mistakes: takes every mistake; what could be read is returned all the same.
        known: the keys there are; any other is a mistake that names the nearest.
        lists: the keys whose value may be a list of texts.
    """
    lines = source.lines
    if lines[0].rstrip() != FENCE:
        mistakes.add(1, 1, "the file has no front matter", f"begin it with a line {FENCE}")
        return FrontMatter(values={}, line_count=0)
    ends = (number for number in range(1, len(lines)) if lines[number].rstrip() == FENCE)
    end = next(ends, None)
    if end is None:
        mistakes.add(1, 1, "the front matter is never closed", f"end it with a line {FENCE}")
        return FrontMatter(values={}, line_count=len(lines))
    start = source.starts[1]
    text = source.text[start : source.starts[end]]
    values: dict[str, Value] = {}
    if len(text) > MOST_CHARACTERS:
        mistakes.add(
            2, 1, f"the front matter is longer than {MOST_CHARACTERS:,} characters", "cut it"
        )
    elif text.count("[") + text.count("{") > MOST_BRACKETS:
        mistakes.add(2, 1, f"more than {MOST_BRACKETS} brackets in the front matter", "cut it")
    elif refused_control(text) < 0:  # else noted with its place, and PyYAML would stop at it
        reader = _Reader(
            source=source, mistakes=mistakes, offset=start, known=known, lists=lists, values=values
        )
        reader.read(text)
    return FrontMatter(values=values, line_count=end + 1)


@dataclass(slots=True, kw_only=True)
class _Reader:
    source: Source
    mistakes: Mistakes
    offset: int
    known: Collection[str]
    lists: Collection[str]
    values: dict[str, Value]

    def read(self, text: str) -> None:
        try:
            self._read_document(yaml.parse(text, Loader=yaml.BaseLoader))
        except yaml.MarkedYAMLError as error:
            open_quote = _OPEN_QUOTE.search(text)
            if open_quote is not None:
                place = self.source.place_at(
                    self.offset + open_quote.start(open_quote.lastindex or 0)
                )
                message = "a quotation mark is never closed"
                self.mistakes.add(
                    place.line,
                    place.column,
                    message,
                    f"end it with {open_quote[open_quote.lastindex or 0]}",
                )
                return
            if self._note_lines_without_colon(text):
                return
            mark = error.problem_mark or error.context_mark
            place = self.source.place_at(self.offset + (mark.index if mark else 0))
            problem = (error.problem or "not readable").split("\n")[0]
            if problem == "mapping values are not allowed here":
                what, instead = 'a value with ": " in it', 'put the whole value in "…"'
            else:
                what = f"the front matter is not YAML: {problem}"
                instead = 'write each line as key: value, and a value with ": " or quotes in "…"'
            self.mistakes.add(place.line, place.column, what, instead)
        except yaml.reader.ReaderError as error:
            position = error.position if isinstance(error.position, int) else 0
            place = self.source.place_at(self.offset + position)
            self.mistakes.add(
                place.line, place.column, "a character YAML does not allow", "take it out"
            )
        except _StopReadingError:
            return

    def _note_lines_without_colon(self, text: str) -> bool:
        """Note each line that is no `key: value`; whether there was one."""
        noted = False
        at = self.offset
        for line in text.splitlines(keepends=True):
            slip = _KEY_SLIP.match(line)
            if slip is not None:
                place = self.source.place_at(at)
                key = slip[1] or slip[2]
                message = f"{key[:60]} has no colon and space behind it"
                self.mistakes.add(place.line, place.column, message, f"write {key[:60]}: …")
                noted = True
            at += len(line)
        return noted

    def _read_document(self, events: Iterator[Event]) -> None:
        for event in events:
            if isinstance(event, NodeEvent):
                if isinstance(event, MappingStartEvent) and not event.flow_style:
                    self._refuse_marks(event)
                    self._read_mapping(events)
                elif isinstance(event, ScalarEvent) and event.value == "" and event.implicit[0]:
                    return  # nothing between the fences
                else:
                    self._stop(event, "the front matter is not a list of keys", "write key: value")

    def _read_mapping(self, events: Iterator[Event]) -> None:
        for key in events:
            if isinstance(key, MappingEndEvent):
                return
            if not isinstance(key, ScalarEvent):
                self._stop(key, "a key is not plain text", "write key: value")
            self._refuse_marks(key)
            self._read_value(key, next(events), events)

    def _read_value(self, key: ScalarEvent, value: Event, events: Iterator[Event]) -> None:
        name = key.value
        items: tuple[str, ...] | None = None
        text = ""
        end = value
        if isinstance(value, ScalarEvent):
            self._refuse_marks(value)
            if value.style in {"|", ">"} or "\n" in value.value:
                self._note(value, f"{name} takes more than one line", "write it on one line")
            elif (at := refused_control(value.value)) >= 0:  # an escape such as "\\x07" wrote it
                control = f"{name} holds a control character (U+{ord(value.value[at]):04X})"
                self._note(value, control, "take it out")
            text = clean_line(value.value)
        elif isinstance(value, SequenceStartEvent) and name in self.lists:
            self._refuse_marks(value)
            items, end = self._read_items(name, events)
        elif isinstance(value, AliasEvent):
            self._note(value, "an alias (*) is not read here", "write the value itself")
        else:
            self._note(value, f"{name} holds more than one value", "write one value on one line")
            end = _skip(events)
        if name not in self.known:
            near = nearest(name, self.known)
            shown = name[:60]
            remedy = f"did you mean {near}?" if near else "known are " + ", ".join(self.known)
            self._note(key, f"there is no key {shown}", remedy)
        elif name in self.values:
            first = self.values[name].key_line
            self._note(key, f"{name} stands here a second time", f"the first is in line {first}")
        else:
            place = self.source.place_at(self._begin(value))
            self.values[name] = Value(
                text=text,
                items=items,
                span=Span(start=self._begin(value), end=self._end(end)),
                key_line=self.source.place_at(self._begin(key)).line,
                line=place.line,
                column=place.column,
            )

    def _read_items(self, name: str, events: Iterator[Event]) -> tuple[tuple[str, ...], Event]:
        items: list[str] = []
        for event in events:
            if isinstance(event, SequenceEndEvent):
                return tuple(items), event
            if isinstance(event, ScalarEvent):
                self._refuse_marks(event)
                items.append(clean_line(event.value))
            else:
                self._note(event, f"{name} holds something that is not text", "write [one, two]")
                if isinstance(event, CollectionStartEvent):
                    _skip(events)
        raise _StopReadingError

    def _refuse_marks(self, event: NodeEvent) -> None:
        if event.anchor is not None:
            self._note(event, "an anchor (&) is not read here", "put the value in quotes")
        if getattr(event, "tag", None) is not None:
            self._note(event, "a tag (!) is not read here", "put the value in quotes")

    def _note(self, event: Event, message: str, remedy: str) -> None:
        place = self.source.place_at(self._begin(event))
        self.mistakes.add(place.line, place.column, message, remedy)

    def _begin(self, event: Event) -> int:
        return self.offset + (event.start_mark.index if event.start_mark else 0)

    def _end(self, event: Event) -> int:
        return self.offset + (event.end_mark.index if event.end_mark else 0)

    def _stop(self, event: Event, message: str, remedy: str) -> NoReturn:
        self._note(event, message, remedy)
        raise _StopReadingError


def _skip(events: Iterator[Event]) -> Event:
    """Pass over the rest of a list or mapping whose start has been read; give its end."""
    depth = 1
    for event in events:
        if isinstance(event, CollectionStartEvent):
            depth += 1
        elif isinstance(event, CollectionEndEvent):
            depth -= 1
            if depth == 0:
                return event
    raise _StopReadingError


def read_date(value: Value, key: str, mistakes: Mistakes) -> date | None:
    """Read YYYY-MM-DD; None where it is empty or a mistake."""
    if not value.text:
        return None
    try:
        if len(value.text) == len("2022-03-16"):
            return date.fromisoformat(value.text)
    except ValueError:
        pass
    mistakes.add(
        value.line, value.column, f"{key} is not a date: {value.text[:60]}", "write YYYY-MM-DD"
    )
    return None


_WORD = re.compile(
    r"[a-z][a-z0-9-]*|\d{4}-\d\d-\d\d(?:-[a-z][a-z0-9-]*)?|https://[A-Za-z0-9._~/?=&%+-]+"
)
_YAML_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})


def scalar(text: str) -> str:
    """Write one value: bare where it is a word, a date or an address, else in double quotes."""
    if _WORD.fullmatch(text) and text not in _YAML_WORDS:
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
