"""O05: the comments and tables that Outlook for Windows lays the mail out with.

Word's engine knows neither ``max-width`` nor ``inline-block`` (caniemail: css-max-width,
css-display), so the columns stand in tables that only it sees. They are right when each is closed
and no row is wider than what it stands in.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice

from newsletter.checks.html.outlook import Fault, OutlookPage, outlook_page
from newsletter.checks.html.tags import Tag, tags
from newsletter.checks.place import template_of
from newsletter.checks.request import Composition
from newsletter.model.finding import Finding, Severity

MSO_BALANCE = "O05 mso-balance"

MOST_FINDINGS = 5
SLACK = 1.0  # CSS px, for thirds that were rounded
WHOLE = 100.0  # per cent

_NESTED = frozenset({"table", "tbody", "thead", "tfoot", "tr", "td", "th", "div"})
_CELLS = frozenset({"td", "th"})
_LENGTH = re.compile(r"\s*([0-9]{1,6}(?:\.[0-9]{1,6})?)\s*(px|%)?\s*")


@dataclass(slots=True)
class _Open:
    """An open element: room is what its content may take in CSS px, None where nobody knows.

    Of a row: columns and shares are what its cells take, in px and per cent; widest is the cell
    that takes most, with its width.
    """

    tag: Tag
    room: float | None
    columns: float = 0.0
    shares: float = 0.0
    widest: tuple[float, Tag] | None = None
    found: list[Fault] = field(default_factory=list)


def mso_balance(made: Composition) -> Iterator[Finding]:
    """O05: each comment for Outlook is closed, and so is each table; no row is too wide."""
    page = outlook_page(made.composed.html)
    faults = list(page.faults)
    if not faults:  # else the tables tell nothing new
        faults = list(_nesting(page)) or list(_widths(page))
    finding = Finding(
        check=MSO_BALANCE,
        severity=Severity.ERROR,
        message="",
        file=template_of(made),
        remedy="take the broken HTML out of the template's mj-raw; what Outlook alone sees, the"
        " compiler writes",
    )
    for fault in islice(faults, MOST_FINDINGS):
        remedy = finding.remedy
        file, line = made.wrote.offset(fault.at) or (finding.file, 0)
        if " px" in fault.message or "%" in fault.message:
            remedy = "give the columns less width or padding; write a zero padding as 0px"
        yield replace(
            finding,
            message=fault.message,
            evidence=f"at character {fault.at:,}: {fault.seen}",
            file=file,
            line=line,
            remedy=remedy,
        )


def _nesting(page: OutlookPage) -> Iterator[Fault]:
    """Return the first tag of a table or div that closes nothing, or is not closed."""
    opened: list[Tag] = []
    for tag in tags(page.source):
        if tag.name not in _NESTED:
            continue
        if not tag.closes:
            opened.append(tag)
        elif opened and opened[-1].name == tag.name:
            opened.pop()
        else:
            what = f", where <{opened[-1].name}> is open" if opened else ""
            yield _fault(page, f"for Outlook, </{tag.name}> closes nothing{what}", tag)
            return
    if opened:
        yield _fault(page, f"for Outlook, <{opened[-1].name}> is not closed", opened[-1])


def _widths(page: OutlookPage) -> Iterator[Fault]:
    opened: list[_Open] = []
    for tag in tags(page.source):
        if tag.name == "img" and opened:
            wide, room = _width(tag, _style(tag))[0], opened[-1].room
            if wide is not None and room is not None and wide > room + SLACK:
                message = f"a picture of {wide:g} px stands where Outlook has {room:g} px"
                yield _fault(page, message, tag)
        if tag.name not in _NESTED:
            continue
        if not tag.closes:
            opened.append(_opened(page, tag, opened))
        else:
            ended = opened.pop()
            yield from ended.found
            yield from _row(page, ended)


def _opened(page: OutlookPage, tag: Tag, around: list[_Open]) -> _Open:
    room = around[-1].room if around else None
    made = _Open(tag=tag, room=room)
    if tag.name != "table" and tag.name not in _CELLS:
        return made
    style = _style(tag)
    wide, share = _width(tag, style)
    if tag.name == "table":
        if wide is not None and room is not None and wide > room + SLACK:
            message = f"a table of {wide:g} px stands where Outlook has {room:g} px"
            made.found.append(_fault(page, message, tag))
        made.room = _narrower(wide, share, room)
    else:
        if around and around[-1].tag.name == "tr":
            row = around[-1]
            row.columns += wide or 0.0
            row.shares += share or 0.0
            width = wide or share or 0.0
            if row.widest is None or width > row.widest[0]:
                row.widest = width, tag
        room = _narrower(wide, share, room)
        # a stated width is the content's (CSS 2.2, 10.2): padding stands around it, as mj-social's
        padding = _side_padding(style) if wide is None else 0.0
        made.room = None if room is None else max(room - padding, 0.0)
    return made


def _narrower(wide: float | None, share: float | None, room: float | None) -> float | None:
    """Return the room within an element of that width, in px or per cent, where one is told."""
    if wide is not None:
        return wide
    return room if share is None or room is None else room * min(share, WHOLE) / WHOLE


def _row(page: OutlookPage, ended: _Open) -> Iterator[Fault]:
    if ended.tag.name != "tr" or ended.widest is None:
        return
    _, cell = ended.widest  # the row is the section's, which wrote none of the widths
    if ended.room is not None and ended.columns > ended.room + SLACK:
        message = f"the columns of a row take {ended.columns:g} px of {ended.room:g} px in Outlook"
        yield _fault(page, message, cell)
    elif ended.shares > WHOLE + SLACK:
        yield _fault(page, f"the columns of a row take {ended.shares:g} % in Outlook", cell)


def _fault(page: OutlookPage, message: str, tag: Tag) -> Fault:
    seen = " ".join(page.source[tag.at : tag.at + 60].split())
    return Fault(message=message, at=page.offset(tag.at), seen=seen)


def _width(tag: Tag, style: Mapping[str, str]) -> tuple[float | None, float | None]:
    """Return the width that the element states, in px or per cent; style goes before attribute."""
    found = _LENGTH.fullmatch(style.get("width") or tag.attributes.get("width", ""))
    if found is None:
        return None, None
    length = float(found[1])
    return (None, length) if found[2] == "%" else (length, None)


def _side_padding(style: Mapping[str, str]) -> float:
    """Add up what a cell's style leaves free to the left and right, in px."""
    left = right = 0.0
    for name, value in style.items():
        sides = [_px(part) for part in value.split()[:4]]
        if name == "padding" and sides:
            right = sides[1] if len(sides) > 1 else sides[0]
            left = sides[3] if len(sides) > 3 else right  # noqa: PLR2004 (top, right, bottom, left)
        elif name == "padding-left" and sides:
            left = sides[0]
        elif name == "padding-right" and sides:
            right = sides[0]
    return left + right


def _px(text: str) -> float:
    found = _LENGTH.fullmatch(text)
    return float(found[1]) if found and found[2] != "%" else 0.0


def _style(tag: Tag) -> dict[str, str]:
    declarations = (one.partition(":") for one in tag.attributes.get("style", "").split(";"))
    return {
        name.strip().lower(): value.replace("!important", "").strip().lower()
        for name, _, value in declarations
    }
