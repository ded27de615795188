"""Outlook's conditional comments: what each says, and the page as Word's engine reads it.

Outlook for Windows takes ``<!--[if mso]>…<![endif]-->`` for HTML and skips what stands between
``<!--[if !mso]><!-->`` and ``<!--<![endif]-->``.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

VERSION = 16  # what Outlook for Windows calls itself since 2016

_CONDITION = re.compile(r"\[if([^\]]*)\]>")
_END = "<![endif]"
_BARE = re.compile(r"<!\[(?:if\b[^\]>]*\]|endif\](?:--)?)>", re.IGNORECASE)
_TERM = re.compile(r"(!?)\s*(?:(gte|gt|lte|lt)\s+)?([a-z]+)(?:\s+([0-9]{1,4}(?:\.[0-9]{1,4})?))?")
_KNOWN = {"mso": True, "vml": True, "ie": False, "true": True, "false": False}
_MOST_TERMS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong, at which offset of the HTML, and the source there."""

    message: str
    at: int
    seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlookPage:
    """The source that Word's engine reads; faults tells what is wrong with the comments.

    hidden are the contents of comments for Outlook alone, each with its offset in the HTML.
    """

    source: str
    faults: tuple[Fault, ...]
    hidden: tuple[tuple[int, str], ...]
    starts: tuple[int, ...]
    offsets: tuple[int, ...]

    def offset(self, at: int) -> int:
        """Return where a place of the source stands in the HTML."""
        index = max(bisect_right(self.starts, at) - 1, 0)
        return self.offsets[index] + at - self.starts[index] if self.starts else at


class _Reading:
    """Collects the pieces that Outlook sees, comment by comment."""

    def __init__(self, html: str) -> None:
        self.html = html
        self.pieces: list[str] = []
        self.starts: list[int] = []
        self.offsets: list[int] = []
        self.length = 0
        self.faults: list[Fault] = []
        self.hidden: list[tuple[int, str]] = []
        self.revealed: tuple[int, bool] | None = None  # where such a part began, if Outlook sees it

    def text(self, start: int, end: int) -> None:
        """Take what stands outside comments, unless it is hidden from Outlook."""
        if end > start and (self.revealed is None or self.revealed[1]):
            self.pieces.append(self.html[start:end])
            self.starts.append(self.length)
            self.offsets.append(start)
            self.length += end - start

    def comment(self, start: int, end: int) -> None:
        """Take a comment from its <!-- to its -->."""
        text = self.html[start + 4 : end - 3]
        condition = _CONDITION.match(text)
        if condition is None:
            self._other(text, start)
            return
        rest = text[condition.end() :]
        holds = _holds(condition[1])
        if holds is None:
            self.fault(f"Outlook does not know the condition “{condition[1].strip()}”", start)
        if rest in {"", "<!"}:
            if self.revealed is not None:
                self.fault("a condition is opened within another that is not closed", start)
            self.revealed = (start, bool(holds))
            return
        first, last = start + 4 + condition.end(), end - 3
        if rest.endswith(_END):
            last -= len(_END)
            if _END in self.html[first:last] or "[if" in self.html[first:last]:
                self.fault("a condition stands within another one", start)
        else:
            self.fault("a conditional comment is not closed by <![endif]-->", start)
        self.hidden.append((first, self.html[first:last]))
        if holds:
            self.text(first, last)

    def fault(self, message: str, at: int) -> None:
        seen = " ".join(self.html[at : at + 60].split())
        self.faults.append(Fault(message=message, at=at, seen=seen))

    def _other(self, text: str, start: int) -> None:
        """Take a comment that opens no condition: it may close one."""
        if text.strip() == _END:
            if self.revealed is None:
                self.fault("<![endif]--> closes a condition that was never opened", start)
            self.revealed = None
        elif "[if" in text or "[endif]" in text:
            self.fault("a conditional comment is broken", start)


@lru_cache(maxsize=2)  # several checks look at the same mail
def outlook_page(html: str) -> OutlookPage:
    """Read any HTML as Outlook for Windows does; one pass."""
    reading = _Reading(html)
    at = 0
    for start, end in _comments(html):
        reading.text(at, start)
        reading.comment(start, end)
        at = end
    if reading.revealed is not None:
        reading.fault("a condition is not closed by <!--<![endif]-->", reading.revealed[0])
    reading.text(at, len(html))
    endless = html.find("<!--", at)
    if endless >= 0:
        reading.fault("a comment never ends", endless)
    for bare in _BARE.finditer(_without_comments(html)):
        reading.fault("a condition is opened or closed outside a comment", bare.start())
    return OutlookPage(
        source="".join(reading.pieces),
        faults=tuple(reading.faults),
        hidden=tuple(reading.hidden),
        starts=tuple(reading.starts),
        offsets=tuple(reading.offsets),
    )


def _comments(html: str) -> Iterator[tuple[int, int]]:
    """Return where each comment begins and ends; one that never ends goes on to the end."""
    at = 0
    while (at := html.find("<!--", at)) >= 0:
        end = html.find("-->", at + 4)
        if end < 0:
            return
        yield at, end + 3
        at = end + 3


def _without_comments(html: str) -> str:
    """Blank the comments out, so that offsets stay."""
    pieces, at = [], 0
    for start, end in _comments(html):
        pieces += [html[at:start], " " * (end - start)]
        at = end
    return "".join([*pieces, html[at:]])


def _holds(condition: str) -> bool | None:
    """Return whether a condition holds for Outlook for Windows; None where it is none."""
    text = condition.replace("(", " ").replace(")", " ").strip().lower()
    alternatives = [part.split("&") for part in text.split("|")]
    if sum(map(len, alternatives)) > _MOST_TERMS:
        return None
    values = [[_term(term.strip()) for term in part] for part in alternatives]
    if any(value is None for part in values for value in part):
        return None
    return any(all(part) for part in values)


def _term(text: str) -> bool | None:
    term = _TERM.fullmatch(text)
    if term is None or term[3] not in _KNOWN:
        return None
    holds = _KNOWN[term[3]]
    if holds and term[4] and term[3] == "mso":
        wanted = float(term[4])
        holds = {
            "gte": wanted <= VERSION,
            "gt": wanted < VERSION,
            "lte": wanted >= VERSION,
            "lt": wanted > VERSION,
        }.get(term[2] or "", wanted == VERSION)
    return holds is not bool(term[1])
