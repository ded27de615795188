"""On which line each key of a TOML text stands; tomllib reads the values and gives no lines.

The text has been read by tomllib already, so it is known to be well formed.
"""

import re
from dataclasses import dataclass, field

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
