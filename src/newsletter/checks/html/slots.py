"""O18: the slots of a composition: known, in place, filled."""

import re
from collections.abc import Iterator
from urllib.parse import unquote

from newsletter.checks.place import Place, place_of_markup, tell
from newsletter.checks.request import Composition
from newsletter.checks.wording import blocks_of, inlines, shorten, text_blocks, typed
from newsletter.model.composed import Sentinel, SlotContext
from newsletter.model.finding import Finding, Severity
from newsletter.model.issue import KNOWN_SLOTS
from newsletter.model.text import SlotRef

SLOTS = "O18 slots"

HEADER_SLOTS = frozenset({"date", "message_id", "to", "delivery"})
_BODY_CONTEXTS = frozenset({SlotContext.HTML, SlotContext.HTML_URL, SlotContext.TEXT})
_ADDRESS_ATTRIBUTES = frozenset({"href", "src", "background", "action", "srcset", "style"})
_TYPED_SLOT = re.compile(r"\[\[ ?[a-z_]{1,40} ?(?:\|[^\[\]|\n]{0,200})?\]\]")
# What other programs fill, and what nothing does: *|FNAME|*, {{ name }}, %%name%%, "[[name".
_FOREIGN = re.compile(
    r"\*\|[A-Z][A-Z0-9_:]{1,40}\|\*|\{\{[^{}\n]{1,100}\}\}|\{%[^{}\n]{1,100}%\}|%%[A-Za-z_]{2,40}%%"
    r"|\[\[ ?[a-z_]{1,40} ?\|[^\[\]|\n]{0,200}\]\]|\[\[[a-z_]{2,40}(?![^\n]{0,200}\]\])"
)
_KNOWN = ", ".join(sorted(KNOWN_SLOTS))
_PLACE_IT = "place the slot where the docs on slots allow it"


def slots(made: Composition) -> Iterator[Finding]:
    """O18: each slot is a known one, stands where its value is safe, and none is left unfilled."""
    yield from _unknown_slots(made)
    for sentinel in made.composed.sentinels:
        if sentinel.token:
            yield from _misplaced(made, sentinel)
            yield from _left(made, sentinel)
    yield from _unfilled_marks(made)


def _error(place: Place, message: str, evidence: str, remedy: str) -> Finding:
    return tell(SLOTS, place, message, evidence, remedy, Severity.ERROR)


def _unknown_slots(made: Composition) -> Iterator[Finding]:
    for block in blocks_of(made.request.issue):
        for inline, line in inlines(text_blocks(block)):
            if isinstance(inline, SlotRef) and inline.name not in KNOWN_SLOTS:
                place = made.file, line or block.line
                message = f"there is no slot called {inline.name}"
                yield _error(place, message, f"[[{inline.name}]]", f"use one of {_KNOWN}")
    sentinels = (sentinel.slot for sentinel in made.composed.sentinels)
    for slot in dict.fromkeys((*sentinels, *made.composed.skeleton.slots)):
        is_header = slot.name in HEADER_SLOTS and slot.context not in _BODY_CONTEXTS
        if slot.name not in KNOWN_SLOTS and not is_header:
            message = f"the message holds a slot called {slot.name}, which nothing fills"
            seen, remedy = f"{slot.name} ({slot.context})", f"let the template use one of {_KNOWN}"
            yield _error((made.file, 0), message, seen, remedy)


def _misplaced(made: Composition, sentinel: Sentinel) -> Iterator[Finding]:
    token, slot = sentinel.token, sentinel.slot
    seen, is_text = f"{slot.name} ({slot.context})", slot.context is SlotContext.TEXT
    for where, text, is_wrong in (
        ("the subject", made.composed.subject, True),
        ("the HTML part, and is of the text part", made.composed.html, is_text),
        ("the text part, and is of the HTML part", made.composed.text, not is_text),
    ):
        if is_wrong and token in text:
            message = f"the slot {slot.name} stands in {where}"
            yield _error((made.file, 0), message, seen, _PLACE_IT)
    for at, element in enumerate(made.page.elements):
        attributes = ((str(name), str(value)) for name, value in element.items())
        faults = (
            (fault, f"{name}={shorten(value)}")
            for name, value in attributes
            if token in value and (fault := _fault_of(sentinel, name, value))
        )
        if found := next(faults, None):
            yield _error(_written(made, at), *found, _PLACE_IT)
            break
    if slot.context is SlotContext.HTML_URL and token in made.page.text:
        message = f"the slot {slot.name} is shown as text, though it is filled as an address"
        yield _error(_written(made, _first_with(made, token)), message, seen, _PLACE_IT)


def _fault_of(sentinel: Sentinel, name: str, value: str) -> str:
    """Return what is wrong with a slot's token in an attribute that holds it; "" for nothing."""
    if sentinel.slot.context is SlotContext.HTML_URL:
        whole = name == "href" and value.strip() == sentinel.token
        return "" if whole else f"the slot {sentinel.slot.name} is only a part of an address"
    if name in _ADDRESS_ATTRIBUTES or name.startswith("on"):
        return f"the slot {sentinel.slot.name} stands in {name}, where its value is not safe"
    return ""


def _left(made: Composition, sentinel: Sentinel) -> Iterator[Finding]:
    """Look for a token in the message, and in the skeleton that it should be cut out of."""
    token, mail = sentinel.token, made.mail
    parts = [] if mail is None else [part.text for part in mail.parts]
    headers = [] if mail is None else [value for _, value in mail.fields]
    if any(token in text for text in (*parts, *headers)):
        message = f"the slot {sentinel.slot.name} was left unfilled in the message"
    elif any(token.encode("utf-8", "replace") in one for one in made.composed.skeleton.segments):
        message = f"the slot {sentinel.slot.name} was not cut out of the message"
    else:
        return
    yield _error((made.file, 0), message, token, "this is a fault of the program; report it")


def _unfilled_marks(made: Composition) -> Iterator[Finding]:
    """Look for marks that a template writes and nothing fills; links with such have O10."""
    as_typed = "".join(_typed(made))
    linked = "".join(f"{link.url} {unquote(link.url)}" for link in made.page.links)
    addresses = [unquote(image.get("src") or "") for image in made.page.images]
    known = [*_TYPED_SLOT.findall("\n".join([made.page.text, linked, made.composed.text]))]
    known = [one for one in known if one.strip("[] ").partition("|")[0].strip() in KNOWN_SLOTS]
    left = "".join(f"{as_typed}{linked}".split())
    marks = "\n".join([made.page.text, *addresses, made.composed.text])
    for mark in dict.fromkeys(known):
        if mark not in as_typed:
            remedy = "let the template use the variable of that name"
            place = _written(made, _first_with(made, mark))
            yield _error(place, "a slot stands unfilled in the mail", mark, remedy)
    for mark in dict.fromkeys(_FOREIGN.findall(marks)):
        if mark not in known and "".join(mark.split()) not in left:
            yield _error(
                place_of_markup(made, mark),
                "the template holds a mark that nothing fills",
                shorten(mark),
                "use a value of the template, such as {{ urls.unsubscribe }}, or take it out; a"
                " reader's name is for the issue to place",
            )


def _written(made: Composition, at: int) -> Place:
    return made.wrote.element(at) or (made.file, 0)


def _first_with(made: Composition, words: str) -> int:
    """Return the position of the first element whose text or address holds words; -1 without."""
    texts = (one.at for one in made.page.style.texts if words in one.text)
    links = (made.page.style.at(link.element) for link in made.page.links if words in link.url)
    return next(texts, next(links, -1))


def _typed(made: Composition) -> Iterator[str]:
    """Return all text that people typed: ``[[name]]`` as code stays as it is."""
    issue = made.request.issue
    yield from (f"{passage.text}\n" for passage in made.request.passages)
    for block in blocks_of(issue):
        yield from typed(text_blocks(block))
    for callout in (use.callout for use in made.request.callouts):
        yield from (callout.heading, callout.button_text, callout.link_text)
        yield from typed((*callout.body, *callout.closed_wording))
