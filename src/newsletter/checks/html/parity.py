"""O19: the text part says what the HTML says, in the same order, with every address."""

import re
from collections.abc import Iterator, Sequence
from html import unescape
from itertools import islice
from urllib.parse import unquote

from newsletter.checks.html.story_blocks import blocks_as_written
from newsletter.checks.page import PageLink
from newsletter.checks.place import forgotten_parts, template_of
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
_SQUEEZED = re.compile(r"\s+")
# What a text part sets before lines: quotation, list.
_LEADING = re.compile(r"^(?:> ?)+", re.MULTILINE)
_END = re.compile(r"[.,;:!?)\]'\u2019\u201d]+$")
_TEXTS = frozenset({Part.STORY, Part.BRIEF, Part.EDITOR, Part.TEXT})


def text_parity(made: Composition) -> Iterator[Finding]:
    """O19: no story, text or address is in one part alone, and the order is one."""
    yield from islice(_all(made), MOST_FINDINGS)


def _all(made: Composition) -> Iterator[Finding]:
    forgotten = forgotten_parts(made)
    yield from _lost_texts(made, forgotten)
    if not forgotten:
        yield from _lost_links(made)
        if not _proven_lost(made):  # what is not there has no order
            yield from _other_order(made)
        yield from blocks_as_written(made, TEXT_PARITY)


def _lost_texts(made: Composition, forgotten: frozenset[str]) -> Iterator[Finding]:
    parts = {"HTML": _squeezed(_words(made, made.page.text)), "text": _squeezed(_plain(made))}
    wanted = tuple(_wanted(made))
    lacking = [
        (passage, [part for part in parts if not _has(parts[part], passage)]) for passage in wanted
    ]
    told = set(forgotten)
    for part in parts:
        missing = [passage for passage, lost in lacking if part in lost]
        if part not in told and len(missing) >= MANY and len(missing) * 3 >= len(wanted):
            told.add(part)
            yield _forgetful(made, part, missing, len(wanted))
    places: dict[tuple[str, str, int], list[Passage]] = {}
    for passage, lost in lacking:
        left = [part for part in lost if part not in told]
        if left:
            where = "both parts lack" if len(left) > 1 else f"the {left[0]} part lacks"
            is_ones = bool(made.wrote.files) and len(left) == 1
            at = row_place(made, left[0], passage.line) if is_ones else (made.file, passage.line)
            places.setdefault((where, *at), []).append(passage)
    for (where, file, line), passages in places.items():
        first = passages[0]
        at_issue = f" ({made.file}:{first.line})" if file != made.file else ""
        more = f" and {len(passages) - 1} more" if len(passages) > 1 else ""
        yield Finding(
            check=TEXT_PARITY,
            severity=Severity.ERROR,
            message=f"{where} words of the issue",
            evidence=f"{shorten(first.text)}{at_issue}{more}",
            file=file,
            line=line,
            remedy="let both templates, .mjml.j2 and .txt.j2, print every part of a block",
        )


def _proven_lost(made: Composition) -> str:
    """Return what C09 says of headlines and links that are in one part alone, or in none."""
    lost = (
        one
        for one in made.request.compile_findings
        if one.id == "C09" and one.severity is Severity.ERROR and one.line
    )
    return "\n".join(f"{one.message} {one.evidence}" for one in lost)


def _forgetful(made: Composition, part: str, missing: Sequence[Passage], wanted: int) -> Finding:
    """Say once that a template forgets what many blocks have."""
    page = template_of(made)
    file, line = page if part == "HTML" else page.replace(".mjml.", ".txt."), 0
    if made.wrote.files:
        file, line = row_place(made, part, missing[0].line)
    shown = "; ".join(f"{shorten(one.text, 60)} (line {one.line})" for one in missing[:3])
    return Finding(
        check=TEXT_PARITY,
        severity=Severity.ERROR,
        message=f"the {part} part lacks {len(missing)} of the issue's {wanted} headlines and texts",
        evidence=f"{shown} and {len(missing) - 3} more",
        file=file,
        line=line,
        remedy=f"let {file}, or a file that it includes, print every part of a row",
    )


def _wanted(made: Composition) -> Iterator[Passage]:
    """Return headlines, and the running text of all blocks but callouts, whose check is S05."""
    for headline, line in headlines_of(made.request.issue):
        yield Passage(text=headline, line=line, part=Part.HEADING)
    yield from (one for one in made.request.passages if one.part in _TEXTS and one.text)


def _has(squeezed: str, passage: Passage) -> bool:
    """Whether a text holds a passage, or most of it: links and pictures may stand within it."""
    words = spoken(passage.text)
    if _squeezed(words) in squeezed:
        return True
    pieces = [part for run in words.split(SLOT_MARK) for part in _pieces(run.split())]
    if not pieces:
        return True
    return sum(piece in squeezed for piece in pieces) >= ENOUGH * len(pieces)


def _pieces(words: Sequence[str]) -> Iterator[str]:
    for at in range(0, len(words), PIECE):
        yield "".join(words[at : at + PIECE])


def _words(made: Composition, text: str) -> str:
    for sentinel in made.composed.sentinels:
        if sentinel.token:
            text = text.replace(sentinel.token, SLOT_MARK)
    return spoken(text)


def _plain(made: Composition) -> str:
    """Return the text part's words, without the marks that stand before its lines."""
    return _words(made, _LEADING.sub("", made.composed.text))


def _squeezed(text: str) -> str:
    return _SQUEEZED.sub("", text)


def _lost_links(made: Composition) -> Iterator[Finding]:
    printed = {_same(url) for url in _URL.findall(made.composed.text)}
    everything = unquote(made.composed.text)
    lines = {link.url: link.line for link in reversed(made.composed.links)}
    of_template: list[PageLink] = []
    proven = _proven_lost(made)
    callouts = {link.url for link in made.composed.links if link.block.startswith("callout")}
    for link in _first_links(made):
        if link.url in callouts:  # judged by S05 and C09
            continue
        url = link.url.strip()
        is_there = (
            _address_of(url) in everything
            if url.lower().startswith("mailto:")
            else _same(url) in printed
        )
        if is_there or f"{url} " in proven or f"{url}'" in proven:
            continue
        line = lines.get(link.url, 0)
        if not line:
            of_template.append(link)
            continue
        yield Finding(
            check=TEXT_PARITY,
            severity=Severity.ERROR,
            message="the text part lacks an address that the HTML links",
            evidence=f"“{shorten(link.text, 60)}” → {shorten(url)}",
            file=made.file,
            line=line,
            remedy="let the text template print the address",
        )
    if of_template:
        yield _unprinted(made, of_template)
    yield from _lost_slots(made)
    linked = {_same(link.url.strip()) for link in made.page.links}
    shown = {_same(url) for url in _URL.findall(made.page.text)}
    unlinked = [
        url
        for url in dict.fromkeys(_URL.findall(made.composed.text))
        if _same(url) not in linked | shown and f"{url} " not in proven
    ]
    if unlinked:
        count = "an address" if len(unlinked) == 1 else f"{len(unlinked)} addresses"
        yield Finding(
            check=TEXT_PARITY,
            severity=Severity.WARNING,
            message=f"the text part holds {count} that the HTML does not link",
            evidence="; ".join(map(shorten, unlinked)),
            file=template_of(made).replace(".mjml.", ".txt."),
            remedy="let both templates lead to the same places",
        )


def _unprinted(made: Composition, links: Sequence[PageLink]) -> Finding:
    """Tell once of all addresses that a template links in the HTML alone."""
    at = made.page.style.at(links[0].element)
    file, line = made.wrote.element(at) or (template_of(made), 0)
    told = [f"“{shorten(link.text, 60)}” → {shorten(link.url.strip())}" for link in links]
    return Finding(
        check=TEXT_PARITY,
        severity=Severity.WARNING,
        message="the text part lacks an address that the HTML links"
        if len(links) == 1
        else f"the text part lacks {len(links)} addresses that the HTML links",
        evidence="; ".join(told),
        file=file,
        line=line,
        remedy="let the text template print them, or leave them out of both",
    )


def _first_links(made: Composition) -> Iterator[PageLink]:
    """Return each address that readers can follow once; slots and places in the mail apart."""
    tokens = {sentinel.token for sentinel in made.composed.sentinels if sentinel.token}
    seen: set[str] = set()
    for link in made.page.links:
        url = link.url.strip()
        is_address = url.lower().startswith(("https://", "http://", "mailto:"))
        if is_address and not link.hidden and url not in tokens and url not in seen:
            seen.add(url)
            yield link


def _lost_slots(made: Composition) -> Iterator[Finding]:
    """Judge what only the reader's own links can lack; the unsubscribe link has a check."""
    sentinels = [one for one in made.composed.sentinels if one.token]
    printed = {one.slot.name for one in sentinels if one.token in made.composed.text}
    linked = {
        one.slot.name for one in sentinels for link in made.page.links if one.token == link.url
    }
    for name in sorted(linked - printed - {"unsubscribe_url"}):
        yield Finding(
            check=TEXT_PARITY,
            severity=Severity.WARNING,
            message=f"the text part lacks the reader's {name}, which the HTML links",
            file=template_of(made).replace(".mjml.", ".txt."),
            remedy=f"print {{{{ plain.urls.{name.removesuffix('_url')} }}}} in the text template",
        )
    if made.request.templates and "view_online_url" not in linked | printed:
        yield Finding(
            check=TEXT_PARITY,
            severity=Severity.WARNING,
            message="neither part leads to the issue on the web",
            file=template_of(made),
            remedy="link {{ urls.view_online }} in both templates: where a mail is cut off or "
            "shown badly, it is the way to read it",
        )
    urls = {name for name in printed if name.endswith("_url")}
    for name in sorted(urls - linked - {"unsubscribe_url"}):
        yield Finding(
            check=TEXT_PARITY,
            severity=Severity.WARNING,
            message=f"the HTML links no {name} of the reader's, which the text part prints",
            file=template_of(made),
            remedy=f"link {{{{ urls.{name.removesuffix('_url')} }}}} in the template",
        )


def _address_of(url: str) -> str:
    return unquote(url[len("mailto:") :].partition("?")[0])


def _same(url: str) -> str:
    """Return what two spellings of one address share: nothing encoded, no mark at the end."""
    return unquote(_END.sub("", unescape(url))).rstrip("/")


def _other_order(made: Composition) -> Iterator[Finding]:
    """Compare the order of the headlines; the last place of each counts, below any contents."""
    html, text = _squeezed(folded(made.page.text)), _squeezed(folded(made.composed.text))
    places: list[tuple[int, int, str, int]] = []
    for headline, line in headlines_of(made.request.issue):
        words = _squeezed(folded(headline))
        at = (html.rfind(words), text.rfind(words))
        if words and min(at) >= 0:
            places.append((*at, headline, line))
    by_html, by_text = sorted(places), sorted(places, key=lambda place: place[1])
    for one, other in zip(by_html, by_text, strict=True):
        if one[2] != other[2]:
            file, line = row_place(made, "text", 0) if made.wrote.files else (made.file, one[3])
            yield Finding(
                check=TEXT_PARITY,
                severity=Severity.ERROR,
                message="the stories stand in another order in the text part",
                evidence=f"HTML: “{shorten(one[2], 60)}”; text: “{shorten(other[2], 60)}”",
                file=file,
                line=line,
                remedy="let both templates go through rows in the same order",
            )
            return
