"""Characters that may stand in a value: what is refused, what is dropped without a word.

A value is what a program makes of a file's text; the bytes of the file stay as they are.
"""

import re
import unicodedata
from collections.abc import Iterator

_REFUSED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_TAG_SEQUENCE = re.compile("\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{1,6}\U000e007f")
_UNSEEN = re.compile(
    "[\u202a-\u202e\u2066-\u2069"  # bidirectional embeddings, overrides, isolates
    "\u180e\u200b\u2060-\u2064\ufeff"  # zero width
    "\ufdd0-\ufdef\U000e0000-\U000e007f"  # noncharacters, tags
    + "".join(
        f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
    )
    + "]"
)
_JOINERS = "\u200c\u200d"
_PLAIN = re.compile(r"[\x20-\x7e]*")
_BLANKS = re.compile(r"[ \t\r\n]+")


def refused_control(text: str) -> int:
    """Find the first control character or line separator no text file of ours may hold, or -1.

    Tab, line feed and carriage return are allowed.
    """
    found = _REFUSED.search(text)
    return found.start() if found else -1


def clean_text(text: str, *, keep_lines: bool = False) -> str:
    """Drop what a reader cannot see and a program may be fooled by; the rest in NFC.

    Dropped are controls, bidirectional overrides and isolates, zero-width characters (a joiner
    inside a word or an emoji stays) and tags outside an emoji flag. A tab becomes a space.

    Args:
        text: any text.
        keep_lines: whether line feeds and tabs stay, as in code.
    """
    if _PLAIN.fullmatch(text):
        return text
    if keep_lines:
        text = "\n".join(_CONTROLS.sub(_tab_stays, line) for line in text.split("\n"))
    else:
        text = _CONTROLS.sub("", text.replace("\t", " "))
    text = _without_unseen(text)
    if "\u200c" in text or "\u200d" in text:
        text = _without_stray_joiners(text)
    return unicodedata.normalize("NFC", text)


def unseen_characters(text: str) -> Iterator[tuple[int, str]]:
    """Return place and character of what `clean_text` drops, but tags within a flag."""
    if _PLAIN.fullmatch(text):
        return
    flags = [(flag.start(), flag.end()) for flag in _TAG_SEQUENCE.finditer(text)]
    for found in _UNSEEN.finditer(text):
        if not any(start <= found.start() < end for start, end in flags):
            yield found.start(), found[0]


def clean_line(text: str) -> str:
    """Clean plain text that stands on one line: as clean_text, white space single, ends bare."""
    return _BLANKS.sub(" ", clean_text(_BLANKS.sub(" ", text))).strip()


def _tab_stays(found: re.Match[str]) -> str:
    return "\t" if found[0] == "\t" else ""


def _without_unseen(text: str) -> str:
    if not _UNSEEN.search(text):
        return text
    pieces: list[str] = []
    at = 0
    for flag in _TAG_SEQUENCE.finditer(text):
        pieces += (_UNSEEN.sub("", text[at : flag.start()]), flag[0])
        at = flag.end()
    pieces.append(_UNSEEN.sub("", text[at:]))
    return "".join(pieces)


def _without_stray_joiners(text: str) -> str:
    """Keep a joiner only between two characters of a word or an emoji."""
    kept: list[str] = []
    for index, char in enumerate(text):
        if char in _JOINERS:
            before = kept[-1] if kept else ""
            after = text[index + 1] if index + 1 < len(text) else ""
            if not (_is_joinable(before) and _is_joinable(after)):
                continue
        kept.append(char)
    return "".join(kept)


def _is_joinable(char: str) -> bool:
    return bool(char) and (
        unicodedata.category(char)[0] in "LM" or unicodedata.category(char) in {"So", "Sk"}
    )
