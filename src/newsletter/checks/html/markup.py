"""O25, O27, O28 and O29: tables, pictures and buttons as they are built, and the inbox's line."""

import re
import unicodedata
from collections.abc import Iterator

from lxml import etree

from newsletter.checks.page import is_hidden, seen_text
from newsletter.checks.place import issue_images, place_of_words
from newsletter.checks.places import Places
from newsletter.checks.request import Composition
from newsletter.checks.styles.media import PHONE
from newsletter.checks.wording import folded, graphemes, shorten
from newsletter.model.finding import Finding, Severity

LAYOUT_TABLES = "O25 layout-tables"
IMAGE_WIDTH = "O27 image-width"
BUTTON_WORDS = "O28 button-words"
INBOX_LINE = "O29 inbox-line"

LONGEST_BUTTON = 30  # characters
FEWEST_PADDING = 60  # characters between the preheader and the mail's first words
LONG_PREHEADER = 90  # characters, which fill the inbox's line alone
MOST_SHOWN = 4

_NUMBER = re.compile(r"\s*[1-9][0-9]{0,4}(?:\.[0-9]{1,20})?\s*(?:px)?\s*")
_ROLE_REMEDY = (
    'write role="presentation" on the table; an mj-table takes none, so write a <table> into an'
    " mj-text in its place"
)
_DATA_ROLES = frozenset({"table", "grid"})
_LAYOUT_ROLES = frozenset({"presentation", "none"})
_UNSEEN = frozenset({"style", "script", "title", "head"})
_INVISIBLE = frozenset("\u034f\u00ad\u115f\u1160\u17b4\u17b5\u2800\u3164")


def layout_tables(made: Composition) -> Iterator[Finding]:
    """O25: a table that only lays out says so, and one of data does not."""
    bare, data = [], []
    for at, element in enumerate(made.page.elements):
        if element.tag != "table":
            continue
        role = (element.get("role") or "").strip().lower()
        is_data = _is_data(element)
        if is_data and role in _LAYOUT_ROLES:
            data.append(at)
        elif not is_data and role not in _LAYOUT_ROLES | _DATA_ROLES:
            bare.append(at)
    for found, message, remedy in (
        (bare, "is read out cell by cell", _ROLE_REMEDY),
        (data, "of data is read out without its rows", 'take role="presentation" off the table'),
    ):
        if found:
            place = Places(made).of(found[0])
            times = f"; {len(found)} tables" if len(found) > 1 else ""
            words = shorten(seen_text(made.page.elements[found[0]]), 60)
            yield Finding(
                check=LAYOUT_TABLES,
                severity=Severity.WARNING,
                message=f"a table {message}",
                evidence=f"“{words}”{times}" if words else f"an empty table{times}",
                file=place.file,
                line=place.line,
                remedy=remedy,
            )


def image_width(made: Composition) -> Iterator[Finding]:
    """O27: every picture of a template states its width, and none of the issue is squeezed."""
    yield from _image_height(made)
    in_text = {url for url, _ in issue_images(made)}
    wide = []
    for at, element in enumerate(made.page.elements):
        if element.tag != "img" or is_hidden(element):
            continue
        stated = element.get("width") or ""
        if not _NUMBER.fullmatch(stated) and (stated or element.get("src") not in in_text):
            wide.append(at)
    if wide:
        place = Places(made).of(wide[0])
        told = [shorten(made.page.elements[at].get("src") or "", 80) for at in wide[:MOST_SHOWN]]
        more = f" and {len(wide) - MOST_SHOWN} more" if len(wide) > MOST_SHOWN else ""
        yield Finding(
            check=IMAGE_WIDTH,
            severity=Severity.WARNING,
            message="a picture states no width in px: Outlook shows it as large as its file",
            evidence="; ".join(told) + more,
            file=place.file,
            line=place.line,
            remedy='use mj-image, or write width="…" on it, in CSS px without a unit',
        )


def button_words(made: Composition) -> Iterator[Finding]:
    """O28: a button's words fit on one line of a phone."""
    for link in made.page.links:
        words = graphemes(link.text)
        if link.hidden or len(words) <= LONGEST_BUTTON or not _is_button(link.element):
            continue
        file, line = place_of_words(made, link, link.text)
        yield Finding(
            check=BUTTON_WORDS,
            severity=Severity.WARNING,
            message=f"a button has {len(words)} characters; {LONGEST_BUTTON} fit on a phone",
            evidence=shorten(link.text),
            file=file,
            line=line,
            remedy="say what the button does, and the rest in the text above it",
        )


def inbox_line(made: Composition) -> Iterator[Finding]:
    """O29: the inbox shows the preheader behind the subject, and nothing after it."""
    wanted = folded(made.request.issue.preheader)
    if not wanted or not made.page.elements:
        return  # S03 asks for one
    text = "".join(_body_text(made.page.elements[0]))
    start = text.lstrip()[: 2 * len(wanted) + 200]
    file, line = _set_by(made) or (made.file, made.request.issue.line_of("preheader"))
    finding = Finding(
        check=INBOX_LINE,
        severity=Severity.WARNING,
        message="the mail does not begin with its preheader",
        evidence=f"it begins “{shorten(_visible(start), 60)}”",
        file=file,
        line=line,
        remedy="set it by mj-preview, as parts/document_head.mjml.j2 does",
    )
    if not folded(start).startswith(wanted):
        yield finding
        return
    rest = _after(text.lstrip(), wanted)
    padding = next((at for at, char in enumerate(rest) if not _is_blank(char)), len(rest))
    if padding < FEWEST_PADDING and len(wanted) < LONG_PREHEADER and rest.strip():
        message = "the inbox shows the mail's first words behind the preheader"
        yield Finding(
            check=INBOX_LINE,
            severity=Severity.WARNING,
            message=message,
            evidence=f"“… {shorten(wanted[-30:])}{shorten(_visible(rest[:200]), 40)}”",
            file=file,
            line=line,
            remedy=f"let {FEWEST_PADDING} times &#847;&zwnj;&nbsp; follow it, as "
            "parts/document_head.mjml.j2 does",
        )


def _image_height(made: Composition) -> Iterator[Finding]:
    """Tell of pictures of the issue with a height of their own, whose width follows the column."""
    in_text = {url for url, _ in issue_images(made)}
    looks = made.page.style.looks(PHONE)
    squeezed = [
        at
        for at, element in enumerate(made.page.elements)
        if element.tag == "img"
        and element.get("src") in in_text
        and looks[at].is_seen
        and (looks[at].length("height") or 0.0) > 0.0
        and looks[at].own.get("width", "").endswith("%")
        and "object-fit" not in looks[at].own
    ]
    if squeezed:
        height = looks[squeezed[0]].own["height"]
        place = Places(made).of(squeezed[0], values=(height,), names=("height",))
        more = f" and {len(squeezed) - 1} more" if len(squeezed) > 1 else ""
        yield Finding(
            check=IMAGE_WIDTH,
            severity=Severity.WARNING,
            message=f"a picture is always {height} high: it is squeezed where its column is narrow",
            evidence=shorten(made.page.elements[squeezed[0]].get("src") or "", 80) + more,
            file=place.file,
            line=place.line,
            remedy="leave height out: it then follows from the width, as the picture's shape asks",
        )


def _set_by(made: Composition) -> tuple[str, int] | None:
    """Return the template line that sets the mail's first element, which should be its preview."""
    body = next((at for at, one in enumerate(made.page.elements) if one.tag == "body"), -1)
    return made.wrote.element(body + 1)


def _is_data(table: etree._Element) -> bool:
    """Return whether a table has headings of its own, those of tables within it left aside."""
    for element in table.iter("th", "caption"):
        around = next(element.iterancestors("table"), None)
        if around is table:
            return True
    return False


def _is_button(element: etree._Element) -> bool:
    """Return whether a link is drawn as a box: a background and padding of its own."""
    style = (element.get("style") or "").replace(" ", "").lower()
    return "background" in style and "padding" in style and "background:none" not in style


def _body_text(root: etree._Element) -> Iterator[str]:
    unseen_in: etree._Element | None = None
    for event, element in etree.iterwalk(root, events=("start", "end", "comment")):
        if event == "start":
            if unseen_in is None and element.tag in _UNSEEN:
                unseen_in = element
            if unseen_in is None:
                yield element.text or ""
            continue
        if unseen_in is element:
            unseen_in = None
        if unseen_in is None:
            yield element.tail or ""


def _after(text: str, wanted: str) -> str:
    """Return what follows the preheader; both begin alike once folded."""
    low, high = 0, min(len(text), 2 * len(wanted) + 200)
    while low < high:
        half = (low + high) // 2
        if folded(text[:half]).startswith(wanted):
            high = half
        else:
            low = half + 1
    return text[low:]


def _is_blank(char: str) -> bool:
    return char.isspace() or char in _INVISIBLE or unicodedata.category(char) == "Cf"


def _visible(text: str) -> str:
    return "".join(char for char in text if not _is_blank(char) or char == " ")
