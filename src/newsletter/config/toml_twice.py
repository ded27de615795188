"""What stands twice in a TOML text, told so that a person finds both places.

tomllib says "Cannot declare ('brand',) twice" of a table and "Cannot overwrite a value" of a key,
and gives the second place alone.
"""

import ast
import re
import tomllib

from newsletter.config.toml_lines import BARE_KEY

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
