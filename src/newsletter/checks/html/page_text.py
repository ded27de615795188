"""O14 and O17: what mail programs make links of, and whether the mail is more than pictures."""

import re
from collections.abc import Iterator

from lxml import etree

from newsletter.checks.html.document import styled_by_programs
from newsletter.checks.page import is_hidden, seen_text
from newsletter.checks.place import place_of
from newsletter.checks.request import Composition
from newsletter.checks.wording import folded, headlines_of, shorten
from newsletter.model.finding import Finding, Severity

AUTOLINK = "O14 autolink"
IMAGE_TEXT = "O17 image-text-ratio"

FEWEST_CHARACTERS = 400
MOST_SHOWN = 6
LEAST_DIGITS, MOST_DIGITS = 9, 15  # of a telephone number (ITU-T E.164 has 15 at most)

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_UNSEEN = frozenset({"a", "style", "script", "title", "head"})
_PHONE = re.compile(r"(?<![\w/.-])(?:\+|\(0|0)[0-9][0-9 ()./\u00a0-]{6,24}[0-9](?![\w/-])")
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_DATE = re.compile(
    rf"\b[0-9]{{1,2}}(?:st|nd|rd|th)? {_MONTH}\b(?: [0-9]{{4}})?|\b{_MONTH} [0-9]{{1,2}}\b"
    r"|\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b|\b[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{4}\b",
    re.IGNORECASE,
)
_STREET = re.compile(
    r"\b[0-9]{1,5}[a-z]? (?:[A-Z][\w'\u2019.-]{0,30} ){1,4}"
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Square|Drive|Way|Court|Place|Close)\b"
)
_EMAIL = re.compile(r"\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}\b")
_URL = re.compile(r"\b(?:https?://|www\.)[^\s<>]{3,300}")
_FINDERS = (
    ("telephone", _PHONE),
    ("date", _DATE),
    ("address", _STREET),
    ("email", _EMAIL),
    ("url", _URL),
)


def autolink(made: Composition) -> Iterator[Finding]:
    """O14: nothing outside a link is made one by the mail program, in colours of its own."""
    kinds = styled_by_programs(made)
    if not kinds:
        return
    text = "\n".join(_unlinked(made))
    for kind, finder in _FINDERS:
        if kind not in kinds:
            continue
        seen = dict.fromkeys(
            " ".join(one[0].split())
            for one in finder.finditer(text)
            if kind != "telephone" or LEAST_DIGITS <= sum(map(str.isdigit, one[0])) <= MOST_DIGITS
        )
        if seen:
            file, line = place_of(made, words=next(iter(seen)))
            yield Finding(
                check=AUTOLINK,
                severity=Severity.INFO,
                message=f"iOS makes links of text like a {kind}, in a blue of its own",
                evidence="; ".join(shorten(one, 40) for one in list(seen)[:MOST_SHOWN]),
                file=file,
                line=line,
                remedy=f"write {kind}=no into the template's meta format-detection, or a link",
            )


def image_text(made: Composition) -> Iterator[Finding]:
    """O17: the mail says what it has to say in text, not in pictures."""
    seen = [image for image in made.page.images if not is_hidden(image)]
    characters = len(made.page.text)
    if seen and characters < FEWEST_CHARACTERS:
        yield Finding(
            check=IMAGE_TEXT,
            severity=Severity.WARNING,
            message="the mail is little more than pictures, as unsolicited mail often is",
            evidence=f"{characters} characters of text, {len(seen)} pictures; at least "
            f"{FEWEST_CHARACTERS} characters are wanted",
            file=made.file,
            remedy="say in text what the pictures say",
        )
    by_words = {words: one for one in reversed(made.page.elements) if (words := _pictured(one))}
    text = folded(made.page.text)
    told = folded("\n".join(image.get("alt") or "" for image in seen))
    # a list of contents may say it too: readers come to the story and see no words
    alone = [
        (headline, line)
        for headline, line in headlines_of(made.request.issue)
        if (words := folded(headline))
        and (words in by_words or (words not in text and words in told))
    ]
    if alone:
        heading = by_words.get(folded(alone[0][0]))
        wrote = None if heading is None else made.wrote.element(made.page.style.at(heading))
        file, line = wrote or (made.file, alone[0][1])
        more = f" and {len(alone) - 1} more" if len(alone) > 1 else ""
        yield Finding(
            check=IMAGE_TEXT,
            severity=Severity.WARNING,
            message="a headline stands only in a picture",
            evidence=shorten(alone[0][0]) + more,
            file=file,
            line=line,
            remedy="let the template print the headline as text",
        )


def _pictured(element: etree._Element) -> str:
    """Return the alternative text of a heading that is a picture and no word, "" of all others."""
    if element.tag not in _HEADINGS or seen_text(element).strip():
        return ""
    return folded(" ".join(image.get("alt") or "" for image in element.iter("img")))


def _unlinked(made: Composition) -> Iterator[str]:
    """Return the visible text outside links, piece by piece."""
    if not made.page.elements:
        return
    unseen_in: etree._Element | None = None
    for event, element in etree.iterwalk(made.page.elements[0], events=("start", "end", "comment")):
        if event == "start":
            if unseen_in is None and (element.tag in _UNSEEN or is_hidden(element)):
                unseen_in = element
            if unseen_in is None:
                yield element.text or ""
            continue
        if unseen_in is element:
            unseen_in = None
        if unseen_in is None:
            yield element.tail or ""
