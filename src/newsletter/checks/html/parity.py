"""O19: the text part says what the HTML says, in the same order, with every address."""

import re
from collections.abc import Iterator, Sequence
from html import unescape
from itertools import islice
from urllib.parse import unquote

from newsletter.checks.page import PageLink
from newsletter.checks.place import Place, and_more, forgotten_parts, place_of, tell, template_of
from newsletter.checks.request import Composition
from newsletter.checks.rows import row_place
from newsletter.checks.wording import (
    SLOT_MARK,
    Part,
    Passage,
    folded,
    headlines_of,
    shorten,
    spoken,
)
from newsletter.model.finding import Finding, Severity

TEXT_PARITY = "O19 text-parity"

MOST_FINDINGS = 12
MANY = 4  # passages that one part lacks: the template's slip, not theirs
PIECE = 5  # words that are looked for together
ENOUGH = 0.5  # of a passage's pieces

_URL = re.compile(r"\bhttps?://[^\s<>\"]{1,4000}", re.IGNORECASE)
_LEADING = re.compile(r"^(?:> ?)+", re.MULTILINE)  # what a text part sets before a quotation
_END = re.compile(r"[.,;:!?)\]'\u2019\u201d]+$")
_TEXTS = frozenset({Part.STORY, Part.BRIEF, Part.EDITOR, Part.TEXT})
_PRINT_ALL = "let both templates, .mjml.j2 and .txt.j2, print every part of a block"


def text_parity(made: Composition) -> Iterator[Finding]:
    """O19: no story, text or address is in one part alone, and the order is one."""
    yield from islice(_all(made), MOST_FINDINGS)


def _all(made: Composition) -> Iterator[Finding]:
    forgotten = forgotten_parts(made)
    yield from _lost_texts(made, forgotten)
    if not forgotten:
        proven = _proven_lost(made)
        yield from _lost_links(made, proven)
        yield from _lost_slots(made)
        if not proven:  # what is not there has no order
            yield from _other_order(made)


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
    wanted = [Passage(text=h, line=line, part=Part.HEADING) for h, line in _headlines(made)]
    wanted += [one for one in made.request.passages if one.part in _TEXTS and one.text]
    lost = {
        part: [passage for passage in wanted if not _has(text, passage)]
        for part, text in parts.items()
        if part not in forgotten
    }
    for part, missing in lost.items():
        if len(missing) >= MANY and len(missing) * 3 >= len(wanted):
            shown = "; ".join(f"{shorten(one.text, 60)} (line {one.line})" for one in missing[:3])
            message = f"the {part} part lacks {len(missing)} of the issue's {len(wanted)} texts"
            seen = f"{shown} and {len(missing) - 3} more"
            known = made.wrote.files
            place = row_place(made, part, 0) if known else (template_of(made, part), 0)
            yield tell(TEXT_PARITY, place, message, seen, _PRINT_ALL, Severity.ERROR)
            lost[part] = []
    places: dict[tuple[str, Place], list[Passage]] = {}
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


def _headlines(made: Composition) -> Sequence[tuple[str, int]]:
    return list(headlines_of(made.request.issue))


def _has(squeezed: str, passage: Passage) -> bool:
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


def _lost_slots(made: Composition) -> Iterator[Finding]:
    """Judge the reader's own links; the unsubscribe link has a check."""
    sentinels = [one for one in made.composed.sentinels if one.token]
    printed = {one.slot.name for one in sentinels if one.token in made.composed.text}
    urls = {link.url for link in made.page.links}
    linked = {one.slot.name for one in sentinels if one.token in urls}
    of_readers = {one.slot.name for one in sentinels if one.slot.name.endswith("_url")}
    for name in sorted(of_readers - {"unsubscribe_url"}):
        if (name in printed) is not (name in linked):
            part = "text" if name in linked else "HTML"
            yield tell(
                TEXT_PARITY,
                (template_of(made, part), 0),
                f"the {part} part lacks the reader's {name}, which the other part has",
                remedy=f"use urls.{name.removesuffix('_url')} in both templates",
            )
    if made.request.templates and "view_online_url" not in linked | printed:
        yield tell(
            TEXT_PARITY,
            (template_of(made), 0),
            "neither part leads to the issue on the web",
            remedy="link {{ urls.view_online }} in both templates: where a mail is cut off or "
            "shown badly, it is the way to read it",
        )


def _address_of(url: str) -> str:
    return unquote(url[len("mailto:") :].partition("?")[0])


def _same(url: str) -> str:
    """Return what two spellings of one address share: nothing encoded, no mark at the end."""
    return unquote(_END.sub("", unescape(url))).rstrip("/")


def _other_order(made: Composition) -> Iterator[Finding]:
    """Compare the order of the headlines; the last place of each counts, below any contents."""
    html, text = ("".join(folded(one).split()) for one in (made.page.text, made.composed.text))
    places: list[tuple[int, int, str, int]] = []
    for headline, line in _headlines(made):
        words = "".join(folded(headline).split())
        if words and words in html and words in text:
            places.append((html.rfind(words), text.rfind(words), headline, line))
    by_html, by_text = sorted(places), sorted(places, key=lambda place: place[1])
    for one, other in zip(by_html, by_text, strict=True):
        if one[2] != other[2]:
            yield tell(
                TEXT_PARITY,
                row_place(made, "text", 0) if made.wrote.files else (made.file, one[3]),
                "the stories stand in another order in the text part",
                f"HTML: “{shorten(one[2], 60)}”; text: “{shorten(other[2], 60)}”",
                "let both templates go through rows in the same order",
                Severity.ERROR,
            )
            return
