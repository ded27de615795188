"""O05: Outlook's conditional comments, and the tables that it alone sees.

Outlook for Windows takes ``<!--[if mso]>…<![endif]-->`` for HTML and skips what stands between
``<!--[if !mso]><!-->`` and ``<!--<![endif]-->``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from newsletter.checks.html.tags import Tag, tags
from newsletter.checks.place import tell, template_of
from newsletter.checks.request import Composition
from newsletter.model.finding import Finding, Severity

MSO_BALANCE = "O05 mso-balance"
MOST_FINDINGS = 5
VERSION = 16  # what Outlook for Windows calls itself since 2016

_NESTED = frozenset({"table", "tbody", "thead", "tfoot", "tr", "td", "th", "div"})
_CONDITION = re.compile(r"\[if([^\]]*)\]>")
_END = "<![endif]"
_BARE = re.compile(r"<!\[(?:if\b[^\]>]*\]|endif\](?:--)?)>", re.IGNORECASE)
_TERM = re.compile(
    r"(!?)\s*(?:(gte|gt|lte|lt)\s+)?(mso|vml|ie|true|false)(?:\s+([0-9]{1,4}(?:\.[0-9]{1,4})?))?"
)

Fault = tuple[str, int]  # what is wrong, and at which offset of the HTML


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlookPage:
    """What Word's engine reads, and what is wrong with the comments.

    source is the HTML with all else blanked out, so that offsets stay; hidden are the contents of
    comments for Outlook alone, each with its offset.
    """

    source: str
    faults: tuple[Fault, ...]
    hidden: tuple[tuple[int, str], ...]


def mso_balance(made: Composition) -> Iterator[Finding]:
    """O05: each comment for Outlook is closed, and so is each table."""
    html = made.composed.html
    page = outlook_page(html)
    for message, at in islice(page.faults or _nesting(page.source), MOST_FINDINGS):
        yield tell(
            MSO_BALANCE,
            made.wrote.offset(at) or (template_of(made), 0),
            message,
            f"at character {at:,}: {' '.join(html[at : at + 60].split())}",
            "take the broken HTML out of the template's mj-raw; what Outlook alone sees, the"
            " compiler writes",
            Severity.ERROR,
        )


def _nesting(source: str) -> Iterator[Fault]:
    opened: list[Tag] = []
    for tag in tags(source):
        if tag.name not in _NESTED:
            continue
        if not tag.closes:
            opened.append(tag)
        elif opened and opened[-1].name == tag.name:
            opened.pop()
        else:
            what = f", where <{opened[-1].name}> is open" if opened else ""
            yield f"for Outlook, </{tag.name}> closes nothing{what}", tag.at
            return
    if opened:
        yield f"for Outlook, <{opened[-1].name}> is not closed", opened[-1].at


@lru_cache(maxsize=2)  # several checks look at the same mail
def outlook_page(html: str) -> OutlookPage:
    """Read any HTML as Outlook for Windows does; one pass."""
    reading = _Reading(html)
    at, bare = 0, html
    while (start := html.find("<!--", at)) >= 0:
        end = html.find("-->", start + 4) + 3
        reading.text(start)
        if end < len("-->"):
            reading.faults.append(("a comment never ends", start))
            break
        reading.comment(start, end)
        bare = bare[:start] + " " * (end - start) + bare[end:]
        at = end
    reading.text(len(html))
    if reading.opened >= 0:
        reading.faults.append(("a condition is not closed by <!--<![endif]-->", reading.opened))
    for found in _BARE.finditer(bare):
        message = "a condition is opened or closed outside a comment"
        reading.faults.append((message, found.start()))
    return OutlookPage(
        source="".join(reading.pieces), faults=tuple(reading.faults), hidden=tuple(reading.hidden)
    )


class _Reading:
    """Collects what Outlook sees, comment by comment."""

    def __init__(self, html: str) -> None:
        self.html = html
        self.pieces: list[str] = []
        self.faults: list[Fault] = []
        self.hidden: list[tuple[int, str]] = []
        self.opened = -1  # where a condition on what all others see began
        self._is_shown = True
        self._at = 0

    def text(self, end: int) -> None:
        """Take what stands up to an offset, blanked where Outlook does not see it."""
        piece = self.html[self._at : end]
        self.pieces.append(piece if self._is_shown else " " * len(piece))
        self._at = end

    def comment(self, start: int, end: int) -> None:
        """Take a comment from its <!-- to its -->."""
        text = self.html[start + 4 : end - 3]
        condition = _CONDITION.match(text)
        if condition is None:
            self._other(text, start)
            self._blank(end)
            return
        holds, rest = _holds(condition[1]), text[condition.end() :]
        if holds is None:
            message = f"Outlook does not know the condition “{condition[1].strip()}”"
            self.faults.append((message, start))
        if rest in {"", "<!"}:
            if self.opened >= 0:
                message = "a condition is opened within another that is not closed"
                self.faults.append((message, start))
            self.opened, self._is_shown = start, bool(holds)
            self._blank(end)
            return
        first = start + 4 + condition.end()
        content = rest.removesuffix(_END)
        if content == rest:
            self.faults.append(("a conditional comment is not closed by <![endif]-->", start))
        elif _END in content or "[if" in content:
            self.faults.append(("a condition stands within another one", start))
        self.hidden.append((first, content))
        self._blank(first)
        if holds:
            self.text(first + len(content))
        self._blank(end)

    def _other(self, text: str, start: int) -> None:
        """Take a comment that opens no condition: it may close one."""
        if text.strip() == _END:
            if self.opened < 0:
                message = "<![endif]--> closes a condition that was never opened"
                self.faults.append((message, start))
            self.opened, self._is_shown = -1, True
        elif "[if" in text or "[endif]" in text:
            self.faults.append(("a conditional comment is broken", start))

    def _blank(self, end: int) -> None:
        self.pieces.append(" " * (end - self._at))
        self._at = end


def _holds(condition: str) -> bool | None:
    """Return whether a condition holds for Outlook for Windows; None where it is none."""
    alternatives = re.sub(r"[()]", " ", condition).lower().split("|")
    terms = [[_TERM.fullmatch(one.strip()) for one in part.split("&")] for part in alternatives]
    if any(one is None for part in terms for one in part):
        return None
    return any(all(one is not None and _term(one) for one in part) for part in terms)


def _term(term: re.Match[str]) -> bool:
    holds, wanted = term[3] != "ie" and term[3] != "false", float(term[4] or VERSION)
    if term[3] == "mso":
        compared = {"gte": wanted <= VERSION, "gt": wanted < VERSION, "lte": wanted >= VERSION}
        holds = {**compared, "lt": wanted > VERSION}.get(term[2] or "", wanted == VERSION)
    return holds is not bool(term[1])
