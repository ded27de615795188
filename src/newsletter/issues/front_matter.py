"""Front matter: flat `key: value` lines between two `---`, each with its place."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import yaml

from newsletter.issues.source import Mistakes, Source, nearest
from newsletter.model.finding import Span
from newsletter.model.text import clean_line, refused_control

FENCE = "---"
MOST_CHARACTERS = 20_000
"""PyYAML reads some 100,000 characters a second; no head of ours needs a fifth of that."""
MOST_BRACKETS = 100
"""PyYAML takes quadratic time for lists inside one another: 18 s for 9,000."""

_KEY = re.compile(r"([A-Za-z][\w-]*)[ \t]*:(?=[ \t]|$)")
_GOES_ON = re.compile(r"[ \t]|-(?:[ \t]|$)|[\]}]|$|#")  # the line before, or no line at all


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One value: its cleaned text or its items, and its span in the source, quotes included."""

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


def read_front_matter(
    source: Source, mistakes: Mistakes, *, known: Collection[str], lists: Collection[str] = ()
) -> FrontMatter:
    """Read the head; known are the keys there are, lists those whose value may be a list."""
    lines = source.lines
    if lines[0].rstrip() != FENCE:
        mistakes.add(1, 1, "the file has no front matter", f"begin it with a line {FENCE}")
        return FrontMatter(values={}, line_count=0)
    ends = (number for number in range(1, len(lines)) if lines[number].rstrip() == FENCE)
    end = next(ends, None)
    if end is None:
        mistakes.add(1, 1, "the front matter is never closed", f"end it with a line {FENCE}")
        return FrontMatter(values={}, line_count=len(lines))
    text = source.text[source.starts[1] : source.starts[end]]
    values: dict[str, Value] = {}
    if len(text) > MOST_CHARACTERS:
        mistakes.add(
            2, 1, f"the front matter is longer than {MOST_CHARACTERS:,} characters", "cut it"
        )
    elif text.count("[") + text.count("{") > MOST_BRACKETS:
        mistakes.add(2, 1, f"more than {MOST_BRACKETS} brackets in the front matter", "cut it")
    elif refused_control(text) < 0:  # else noted with its place, and PyYAML would stop at it
        for first, last in _chunks(lines, end):
            _read_key(source, mistakes, first, last, values, known=known, lists=lists)
    return FrontMatter(values=values, line_count=end + 1)


def _chunks(lines: Sequence[str], end: int) -> Iterator[tuple[int, int]]:
    starts = [index for index in range(1, end) if not _GOES_ON.match(lines[index])]
    for index in range(1, starts[0] if starts else end):
        if lines[index].strip() and not lines[index].startswith("#"):
            starts.insert(0, index)  # it goes on where nothing began
            break
    yield from zip(starts, (*starts[1:], end), strict=False)


def _read_key(
    source: Source,
    mistakes: Mistakes,
    first: int,
    last: int,
    values: dict[str, Value],
    *,
    known: Collection[str],
    lists: Collection[str],
) -> None:
    line, offset = source.lines[first], source.starts[first]
    key = _KEY.match(line)
    if key is None:
        mistakes.add(first + 1, 1, "this line is not key: value", "write key: value")
        return
    name = key[1]
    node = _value_node(source, mistakes, offset, source.text[offset : source.starts[last]])
    if node is None:
        return
    span = Span(start=offset + node.start_mark.index, end=offset + node.end_mark.index)
    place = source.place_at(span.start)
    text, items, wrong = _content(name, node, lists)
    if wrong is not None:
        mistakes.add(place.line, place.column, *wrong)
    if name not in known:
        near = nearest(name, known)
        remedy = f"did you mean {near}?" if near else "known are " + ", ".join(known)
        mistakes.add(first + 1, 1, f"there is no key {name[:60]}", remedy)
    elif name in values:
        earlier = f"the first is in line {values[name].key_line}"
        mistakes.add(first + 1, 1, f"{name} appears a second time", earlier)
    else:
        values[name] = Value(
            text=text,
            items=items,
            span=span,
            key_line=first + 1,
            line=place.line,
            column=place.column,
        )


def _content(
    name: str, node: yaml.Node, lists: Collection[str]
) -> tuple[str, tuple[str, ...] | None, tuple[str, str] | None]:
    if not isinstance(node, yaml.ScalarNode):
        if name not in lists or not isinstance(node, yaml.SequenceNode):
            return "", None, (f"{name} holds more than one value", "write one value on one line")
        items = tuple(clean_line(i.value) for i in node.value if isinstance(i, yaml.ScalarNode))
        wrong = (f"{name} holds something that is not text", "write [one, two]")
        return "", items, wrong if len(items) < len(node.value) else None
    text = clean_line(node.value)
    if node.style in {"|", ">"} or "\n" in node.value:
        return text, None, (f"{name} takes more than one line", "write it on one line")
    at = refused_control(node.value)
    if at >= 0:  # an escape such as "\\x07" wrote it
        control = f"U+{ord(node.value[at]):04X}"
        return text, None, (f"{name} holds a control character ({control})", "take it out")
    return text, None, None


def _value_node(source: Source, mistakes: Mistakes, offset: int, chunk: str) -> yaml.Node | None:
    try:
        document = yaml.compose(chunk, Loader=yaml.BaseLoader)
        pairs = document.value if isinstance(document, yaml.MappingNode) else []
        if len(pairs) == 1:
            node: yaml.Node = pairs[0][1]
            return node
        at, problem = 0, "several keys in one"
    except yaml.MarkedYAMLError as error:
        problem = (error.problem or "not readable").split("\n")[0]
        mark = error.context_mark if "end of stream" in problem else error.problem_mark
        at = mark.index if mark else 0
    except yaml.reader.ReaderError as error:
        at, problem = int(error.position), "a character is not allowed"
    message = f"this is not YAML: {problem}"
    remedy = 'write key: value, and a value with ": " or quotes in "…"'
    if problem == "mapping values are not allowed here":
        message, remedy = 'a value with ": " in it', 'put the whole value in "…"'
    elif "end of stream" in problem:
        message, remedy = "a quotation mark is never closed", "close it on this line"
    place = source.place_at(offset + at)
    mistakes.add(place.line, place.column, message, remedy)
    return None


def read_date(value: Value, key: str, mistakes: Mistakes) -> date | None:
    """Read YYYY-MM-DD; None where it is empty or a mistake."""
    if not value.text:
        return None
    try:
        if len(value.text) == len("2022-03-16"):
            return date.fromisoformat(value.text)
    except ValueError:
        pass
    message = f"{key} is not a date: {value.text[:60]}"
    mistakes.add(value.line, value.column, message, "write YYYY-MM-DD")
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
