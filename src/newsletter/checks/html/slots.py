"""O18: the slots of a composition: known, in place, filled."""

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import unquote

from newsletter.checks.places import Places
from newsletter.checks.request import Composition
from newsletter.checks.wording import blocks_of, inlines, passages, shorten, text_blocks, typed
from newsletter.model.composed import Sentinel, SlotContext
from newsletter.model.finding import Finding, Severity
from newsletter.model.issue import KNOWN_SLOTS
from newsletter.model.text import SlotRef

SLOTS = "O18 slots"

HEADER_SLOTS = frozenset({"date", "message_id", "to", "delivery"})
_BODY_CONTEXTS = frozenset({SlotContext.HTML, SlotContext.HTML_URL, SlotContext.TEXT})
_ADDRESS_ATTRIBUTES = frozenset({"href", "src", "background", "action", "srcset"})
_TYPED_SLOT = re.compile(r"\[\[ ?[a-z_]{1,40} ?(?:\|[^\[\]|\n]{0,200})?\]\]")
# What other programs fill, and what nothing does: *|FNAME|*, {{ name }}, %%name%%, "[[name".
_FOREIGN = re.compile(
    r"\*\|[A-Z][A-Z0-9_:]{1,40}\|\*|\{\{[^{}\n]{1,100}\}\}|\{%[^{}\n]{1,100}%\}|%%[A-Za-z_]{2,40}%%"
    r"|\[\[ ?[a-z_]{1,40} ?\|[^\[\]|\n]{0,200}\]\]|\[\[[a-z_]{2,40}(?![^\n]{0,200}\]\])"
)


def slots(made: Composition) -> Iterator[Finding]:
    """O18: each slot is a known one, stands where its value is safe, and none is left unfilled."""
    finding = Finding(check=SLOTS, severity=Severity.ERROR, message="", file=made.file)
    yield from _unknown_slots(made, finding)
    yield from _misplaced_slots(made, finding)
    yield from _left_slots(made, finding)


def _unknown_slots(made: Composition, finding: Finding) -> Iterator[Finding]:
    known = ", ".join(sorted(KNOWN_SLOTS))
    for block in blocks_of(made.request.issue):
        for inline, line in inlines(text_blocks(block)):
            if isinstance(inline, SlotRef) and inline.name not in KNOWN_SLOTS:
                yield replace(
                    finding,
                    message=f"there is no slot called {inline.name}",
                    evidence=f"[[{inline.name}]]",
                    line=line or block.line,
                    remedy=f"use one of {known}",
                )
    compiled = dict.fromkeys(
        (*(sentinel.slot for sentinel in made.composed.sentinels), *made.composed.skeleton.slots)
    )
    for slot in compiled:
        if slot.name in KNOWN_SLOTS:
            continue
        if slot.name not in HEADER_SLOTS or slot.context in _BODY_CONTEXTS:
            yield replace(
                finding,
                message=f"the message holds a slot called {slot.name}, which nothing fills",
                evidence=f"{slot.name} ({slot.context})",
                remedy=f"let the template use one of {known}",
            )


def _misplaced_slots(made: Composition, finding: Finding) -> Iterator[Finding]:
    attributes = [
        (at, str(name), str(value))
        for at, element in enumerate(made.page.elements)
        for name, value in element.attrib.items()
    ]
    for sentinel in made.composed.sentinels:
        token, slot = sentinel.token, sentinel.slot
        if not token:
            continue
        evidence = f"{slot.name} ({slot.context})"
        misplaced = replace(
            finding, evidence=evidence, remedy="place the slot where the docs on slots allow it"
        )
        if token in made.composed.subject:
            yield replace(misplaced, message=f"the slot {slot.name} stands in the subject")
        if (token in made.composed.html) and slot.context is SlotContext.TEXT:
            message = f"the slot {slot.name} of the text part stands in the HTML part"
            yield replace(misplaced, message=message)
        if token in made.composed.text and slot.context is not SlotContext.TEXT:
            message = f"the slot {slot.name} of the HTML part stands in the text part"
            yield replace(misplaced, message=message)
        for at, name, value in attributes:
            if token in value and (fault := _fault_of(sentinel, name, value)):
                seen = f"{name}={shorten(value)}"
                yield _placed(made, replace(misplaced, message=fault, evidence=seen), at)
                break
        if slot.context is SlotContext.HTML_URL and token in made.page.text:
            message = f"the slot {slot.name} is shown as text, though it is filled as an address"
            at = next((one.at for one in made.page.style.texts() if token in one.text), -1)
            yield _placed(made, replace(misplaced, message=message), at)


def _placed(made: Composition, finding: Finding, at: int) -> Finding:
    """Return a finding with the line that wrote an element, where that is known."""
    wrote = made.wrote.element(at)
    return finding if wrote is None else replace(finding, file=wrote[0], line=wrote[1])


def _fault_of(sentinel: Sentinel, name: str, value: str) -> str:
    """Return what is wrong with a slot's token in an attribute that holds it; "" for nothing."""
    if sentinel.slot.context is SlotContext.HTML_URL:
        whole = name == "href" and value.strip() == sentinel.token
        return "" if whole else f"the slot {sentinel.slot.name} is only a part of an address"
    if name in _ADDRESS_ATTRIBUTES or name == "style" or name.startswith("on"):
        return f"the slot {sentinel.slot.name} stands in {name}, where its value is not safe"
    return ""


def _left_slots(made: Composition, finding: Finding) -> Iterator[Finding]:
    """Look for tokens in the cut skeleton and the message, and for slots nobody cut."""
    left = replace(finding, remedy="this is a fault of the program; please report it")
    segments = b"\n".join(made.composed.skeleton.segments)
    parts = [] if made.mail is None else [part.text for part in made.mail.parts]
    headers = [] if made.mail is None else [value for _, value in made.mail.fields]
    for sentinel in made.composed.sentinels:
        token = sentinel.token
        if not token:
            continue
        if any(token in text for text in (*parts, *headers)):
            message = f"the slot {sentinel.slot.name} was left unfilled in the message"
            yield replace(left, message=message, evidence=token)
        elif token.encode("utf-8", "replace") in segments:
            message = f"the slot {sentinel.slot.name} was not cut out of the message"
            yield replace(left, message=message, evidence=token)
    as_typed = "\n".join(_typed(made))
    for where, text in (
        ("HTML", "\n".join([made.page.text, *(link.url for link in made.page.links)])),
        ("text", made.composed.text),
    ):
        for found in dict.fromkeys(_TYPED_SLOT.findall(text)):
            name = found.strip("[] ").partition("|")[0].strip()
            if name in KNOWN_SLOTS and found not in as_typed:
                unfilled = replace(
                    finding,
                    message=f"a slot stands unfilled in the {where} part",
                    evidence=found,
                    remedy="let the template use the variable of that name",
                )
                yield _placed(made, unfilled, _first_with(made, found))
    linked = "".join(f"{link.url} {unquote(link.url)}" for link in made.page.links)  # O10's
    yield from _foreign_marks(made, finding, "".join(f"{as_typed} {linked}".split()))


def _first_with(made: Composition, words: str) -> int:
    """Return the position of the first element whose text or address holds words; -1 without."""
    texts = (one.at for one in made.page.style.texts() if words in one.text)
    links = (made.page.style.at(link.element) for link in made.page.links if words in link.url)
    return next(texts, next(links, -1))


def _foreign_marks(made: Composition, finding: Finding, as_typed: str) -> Iterator[Finding]:
    """Look for marks that a template writes and nothing fills; links with such have O10."""
    told: set[str] = set()
    addresses = [unquote(image.get("src") or "") for image in made.page.images]
    for text in (made.page.text, *addresses, made.composed.text):
        for found in _FOREIGN.findall(text):
            name = found.strip("[] ").partition("|")[0].strip()
            known = name in KNOWN_SLOTS and text not in addresses and found.endswith("]]")
            if known or found in told or "".join(found.split()) in as_typed:
                continue
            told.add(found)
            place = Places(made).of_words(found)
            yield replace(
                finding,
                message="the template holds a mark that nothing fills",
                evidence=shorten(found),
                file=place.file,
                line=place.line,
                remedy="use a value of the template, such as {{ urls.unsubscribe }}, or take it"
                " out; a reader's name is for the issue to place",
            )


def _typed(made: Composition) -> Iterator[str]:
    """Give all text that people typed: ``[[name]]`` with a backslash or as code stays as it is."""
    issue = made.request.issue
    yield from (passage.text for passage in passages(issue))
    for block in blocks_of(issue):
        yield from typed(text_blocks(block))
    for use in made.request.callouts:
        callout = use.callout
        yield from (callout.heading, callout.button_text, callout.link_text)
        yield from typed((*callout.body, *callout.closed_wording))
