"""O19: the text part says what the HTML says, with every address."""

import re
from collections.abc import Iterator
from html import unescape
from itertools import islice
from urllib.parse import unquote

from newsletter.checks.page import PageLink
from newsletter.checks.place import Place, and_more, forgotten_parts, place_of, tell, template_of
from newsletter.checks.request import Composition
from newsletter.checks.rows import row_place
from newsletter.checks.wording import SLOT_MARK, shorten, spoken
from newsletter.checks.written import Field, Written
from newsletter.model.finding import Finding, Severity

TEXT_PARITY = "O19 text-parity"

MOST_FINDINGS = 12
PIECE = 5  # words that are looked for together
ENOUGH = 0.5  # of a passage's pieces

_URL = re.compile(r"\bhttps?://[^\s<>\"]{1,4000}", re.IGNORECASE)
_LEADING = re.compile(r"^(?:> ?)+", re.MULTILINE)  # what a text part sets before a quotation
_END = re.compile(r"[.,;:!?)\]'\u2019\u201d]+$")
_TEXTS = frozenset({Field.HEADLINE, Field.SUMMARY, Field.BRIEF, Field.EDITOR, Field.TEXT})
_PRINT_ALL = "let both templates, .mjml.j2 and .txt.j2, print every part of a block"


def text_parity(made: Composition) -> Iterator[Finding]:
    """O19: no story, text or address is in one part alone."""
    yield from islice(_all(made), MOST_FINDINGS)


def _all(made: Composition) -> Iterator[Finding]:
    forgotten = forgotten_parts(made)
    yield from _lost_texts(made, forgotten)
    if not forgotten:
        yield from _lost_links(made, _proven_lost(made))


def _proven_lost(made: Composition) -> str:
    """Return what C09 says of headlines and links that are in one part alone, or in none."""
    lost = (
        one
        for one in made.request.compile_findings
        if one.id == "C09" and one.severity is Severity.ERROR and one.line
    )
    return "\n".join(f"{one.message} {one.evidence}" for one in lost)


def _lost_texts(made: Composition, forgotten: frozenset[str]) -> Iterator[Finding]:
    plain = _LEADING.sub("", made.composed.text)
    parts = {"HTML": _words(made, made.page.text), "text": _words(made, plain)}
    # callouts are judged by S05
    wanted = [one for one in made.request.passages if one.field in _TEXTS]
    lost = {
        part: [passage for passage in wanted if not _has(text, passage)]
        for part, text in parts.items()
        if part not in forgotten
    }
    places: dict[tuple[str, Place], list[Written]] = {}
    for passage in wanted:
        lacking = [part for part, missing in lost.items() if passage in missing]
        if len(lacking) > 1:
            key = "both parts lack", (made.file, passage.line)
            places.setdefault(key, []).append(passage)
        for part in lacking if len(lacking) == 1 else ():
            key = f"the {part} part lacks", _set_by(made, part, passage.line)
            places.setdefault(key, []).append(passage)
    for (where, place), passages in places.items():
        first = passages[0]
        at_issue = f" ({made.file}:{first.line})" if place[0] != made.file else ""
        seen = f"{shorten(first.text)}{at_issue}{and_more(len(passages))}"
        message = f"{where} words of the issue"
        yield tell(TEXT_PARITY, place, message, seen, _PRINT_ALL, Severity.ERROR)


def _set_by(made: Composition, part: str, line: int) -> Place:
    """Return the template line that should set a block; the issue's where none is known."""
    return row_place(made, part, line) if made.wrote.files else (made.file, line)


def _has(squeezed: str, passage: Written) -> bool:
    """Return whether a text holds a passage, or most of it: links may stand within it."""
    runs = [run.split() for run in spoken(passage.text).split(SLOT_MARK)]
    pieces = ["".join(run[at : at + PIECE]) for run in runs for at in range(0, len(run), PIECE)]
    return sum(piece in squeezed for piece in pieces) >= ENOUGH * len(pieces)


def _words(made: Composition, text: str) -> str:
    for sentinel in made.composed.sentinels:
        if sentinel.token:
            text = text.replace(sentinel.token, SLOT_MARK)
    return "".join(spoken(text).split())


def _lost_links(made: Composition, proven: str) -> Iterator[Finding]:
    everything = unquote(made.composed.text)
    printed = dict.fromkeys(_URL.findall(made.composed.text))
    same = {_same(url) for url in printed}
    known = {link.url: link for link in reversed(made.composed.links)}
    tokens = {sentinel.token for sentinel in made.composed.sentinels}
    lost: dict[Place, list[PageLink]] = {}
    for link in {link.url.strip(): link for link in reversed(made.page.links)}.values():
        url, listed = link.url.strip(), known.get(link.url)
        is_mail = url.lower().startswith("mailto:")
        is_address = is_mail or url.lower().startswith(("https://", "http://"))
        is_callouts = listed is not None and listed.block.startswith("callout")
        is_there = _address_of(url) in everything if is_mail else _same(url) in same
        is_told = f"{url} " in proven or f"{url}'" in proven
        if is_address and not (is_there or is_callouts or is_told or link.hidden or url in tokens):
            is_issues = listed is not None and listed.line
            place = place_of(made, url=url) if is_issues else (template_of(made), 0)
            lost.setdefault(place, []).insert(0, link)
    for place, links in lost.items():
        is_issues = place[0] == made.file
        wrote = made.wrote.element(made.page.style.at(links[0].element))
        count = "an address" if len(links) == 1 else f"{len(links)} addresses"
        yield tell(
            TEXT_PARITY,
            place if is_issues else wrote or place,
            f"the text part lacks {count} that the HTML links",
            f"“{shorten(links[0].text, 60)}” → {shorten(links[0].url.strip())}"
            + and_more(len(links)),
            "let the text template print every address that the HTML links",
            Severity.ERROR if is_issues else Severity.WARNING,
        )


def _address_of(url: str) -> str:
    return unquote(url[len("mailto:") :].partition("?")[0])


def _same(url: str) -> str:
    """Return what two spellings of one address share: nothing encoded, no mark at the end."""
    return unquote(_END.sub("", unescape(url))).rstrip("/")
