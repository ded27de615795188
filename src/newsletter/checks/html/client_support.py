"""O13: what the mail hangs on that a mail program does not know, by caniemail's tests.

Which features matter is said in client_features.py. Rules under ``@media`` and ``@supports`` are
not laid to the charge of programs that skip those, since they get the plain rules; what stands
between comments that hide it from Outlook is not laid to Outlook's.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import chain
from types import MappingProxyType

from lxml import etree

from newsletter.checks.html.client_features import (
    BACKGROUNDS,
    BREAKS,
    IN_PART,
    LOOKS,
    of_declaration,
    of_element,
    of_picture,
    of_selector,
)
from newsletter.checks.html.outlook import outlook_page
from newsletter.checks.place import place_of
from newsletter.checks.places import Places
from newsletter.checks.request import Composition
from newsletter.checks.wording import shorten
from newsletter.model.finding import Finding, Severity

CSS_SUPPORT = "O13 css-support"

MOST_FINDINGS = 8
OUTLOOK = "Outlook for Windows"
_CONDITIONS = {
    "media": "css-at-media",
    "supports": "css-at-supports",
    "prefers-color-scheme": "css-at-media-prefers-color-scheme",
}
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_STRING = re.compile(r""""[^"\n]*"|'[^'\n]*'""")
_STRUCTURE = re.compile(r"[{};]")
_FONT_FACE = re.compile(r"@font-face\b")
_COLOUR_ALONE = re.compile(
    r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl)\(|\b(?:white|black|gr[ae]y|[a-z]+(?:blue|red|green))\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """caniemail's last results: a letter a program for each feature, in the order of clients."""

    source: str
    date: str
    clients: tuple[str, ...]
    features: Mapping[str, str]

    def with_result(self, feature: str, letter: str) -> frozenset[str]:
        """Return the programs with that result: y, a, n or u; a feature all know has no row."""
        row = self.features.get(feature, "")
        return frozenset(
            client for client, result in zip(self.clients, row, strict=False) if result == letter
        )


@dataclass(frozen=True, slots=True)
class _Use:
    """A feature in use: how it was written, where, and the programs that never come to it."""

    feature: str
    written: str
    where: str
    skipped_by: frozenset[str]
    at: int = -1  # the element's position; -1 in the head
    css: str = ""
    offset: int = 0
    url: str = ""


@cache
def client_support() -> Support:
    """Read the data that comes with the program; scripts/caniemail writes it."""
    text = files("newsletter.checks.html").joinpath("client_support.json").read_text("utf-8")
    data = json.loads(text)
    return Support(
        source=data["source"],
        date=data["date"],
        clients=tuple(data["clients"]),
        features=MappingProxyType(data["features"]),
    )


def css_support(made: Composition) -> Iterator[Finding]:
    """O13: the mail's layout and content hang on nothing that a program in use does not know."""
    support, places = client_support(), Places(made)
    has_vml = any("<v:" in content for _, content in outlook_page(made.composed.html).hidden)
    first: dict[str, _Use] = {}
    lacking: dict[str, frozenset[str]] = {}
    for use in _uses(made, support):
        lacks = support.with_result(use.feature, "n") - use.skipped_by
        if use.feature in IN_PART:
            lacks |= support.with_result(use.feature, "a") - use.skipped_by
        if has_vml and use.feature in BACKGROUNDS:
            lacks -= {OUTLOOK}
        if lacks:
            first.setdefault(use.feature, use)
            lacking[use.feature] = lacking.get(use.feature, frozenset()) | lacks
    grave = [use for feature, use in first.items() if feature in BREAKS]
    for use in grave[:MOST_FINDINGS]:
        file, line = _place(made, places, use)
        yield Finding(
            check=CSS_SUPPORT,
            severity=Severity.WARNING,
            message=f"the mail hangs on {BREAKS[use.feature]}, which not every program knows",
            evidence=_told(use, lacking[use.feature], support),
            file=file,
            line=line,
            remedy="build it from mj-section and mj-column, or with what all programs know",
        )
    light = [use for feature, use in first.items() if feature in LOOKS]
    if light:
        file, line = _place(made, places, light[0])
        told = (
            f"{LOOKS[use.feature]}: not in {_named(lacking[use.feature], support)}" for use in light
        )
        yield Finding(
            check=CSS_SUPPORT,
            severity=Severity.INFO,
            message="some programs show the mail without a part of its looks",
            evidence=f"{'; '.join(told)} (caniemail, {support.date})",
            file=file,
            line=line,
            remedy="see that the mail is right without it",
        )


def _told(use: _Use, lacking: frozenset[str], support: Support) -> str:
    parts = support.with_result(use.feature, "a") - use.skipped_by - lacking
    partly = f"; in part in {_named(parts, support)}" if parts else ""
    written = f"{shorten(use.written, 60)} ({use.where})"
    return f"{written}: not in {_named(lacking, support)}{partly} (caniemail, {support.date})"


def _named(clients: frozenset[str], support: Support) -> str:
    """List programs in the order of the data, many of one maker in short."""
    named = [client for client in support.clients if client in clients]
    for maker in ("Gmail", "Outlook", "Apple Mail", "Yahoo Mail"):
        family = [client for client in support.clients if client.startswith(maker)]
        if len(family) > 1 and set(family) <= set(named):
            at = named.index(family[0])
            named = [one for one in named if one not in family]
            named.insert(at, f"any {maker}")
    return ", ".join(named)


def _place(made: Composition, places: Places, use: _Use) -> tuple[str, int]:
    if use.url:
        return place_of(made, url=use.url)
    if use.at >= 0:
        name, _, value = use.written.partition(":")
        place = places.of(use.at, values=(use.written, value), names=(name,) if value else ())
    else:
        place = places.of_css(use.css, use.offset)
    return place.file, place.line


def _uses(made: Composition, support: Support) -> Iterator[_Use]:
    """Return each feature in use, inline before head, in document order."""
    yield from _inline(made)
    for block in made.page.style.blocks:
        conditions = _conditions(f"@media {block.media}") if block.media else frozenset[str]()
        for use in _in_sheet(block.css):
            skipped = frozenset(
                chain.from_iterable(support.with_result(condition, "n") for condition in conditions)
            )
            yield _with(use, skipped, support)


def _with(use: "_HeadUse", skipped: frozenset[str], support: Support) -> _Use:
    more = (support.with_result(condition, "n") for condition in use.conditions)
    return _Use(
        use.feature,
        use.written,
        "head",
        skipped.union(*more),
        css=use.css,
        offset=use.offset,
    )


def _inline(made: Composition) -> Iterator[_Use]:
    hidden = _hidden_from_outlook(made.page.elements)
    known: dict[tuple[str, bool], tuple[tuple[str, str], ...]] = {}  # styles are much the same
    for at, element in enumerate(made.page.elements):
        skipped = frozenset({OUTLOOK}) if at in hidden else frozenset[str]()
        feature = of_element(str(element.tag))
        if feature:
            yield _Use(feature, f"<{element.tag}>", "body", skipped, at=at)
        if element.tag == "img":
            url = element.get("src") or ""
            feature = of_picture(url)
            if feature:
                yield _Use(feature, url, "body", skipped, at=at, url=url)
        style = element.get("style")
        if style:
            key = style, bool(element.get("bgcolor"))
            if key not in known:
                known[key] = tuple(_of_body(style, has_colour=key[1]))
            for feature, written in known[key]:
                yield _Use(feature, written, "inline", skipped, at=at)


def _hidden_from_outlook(elements: Sequence[etree._Element]) -> frozenset[int]:
    """Return the positions of elements between <!--[if !mso]><!--> and <!--<![endif]-->."""
    if not elements:
        return frozenset()
    hidden: set[int] = set()
    at, is_hidden = 0, False
    for node in elements[0].iter():
        if isinstance(node, etree._Comment):  # noqa: SLF001 (lxml's name for it)
            text = (node.text or "").replace(" ", "")
            if text.startswith("[if!mso]"):
                is_hidden = True
            elif text == "<![endif]":
                is_hidden = False
        elif isinstance(node.tag, str):
            if is_hidden:
                hidden.add(at)
            at += 1
    return frozenset(hidden)


def _of_body(body: str, *, has_colour: bool = False) -> Iterator[tuple[str, str]]:
    """Return the features of declarations, each with its declaration.

    Where a plain value of the same property stands before, or a colour stands behind a background
    picture, a program that knows no better takes that.
    """
    plain: set[str] = set()
    pairs = [
        (name.strip().lower(), value.strip().lower())
        for name, _, value in (one.partition(":") for one in _split(body))
    ]
    has_colour = has_colour or any(
        name.startswith("background")
        and _COLOUR_ALONE.search(value.partition("url(")[0])
        and "gradient(" not in value
        for name, value in pairs
    )
    for name, value in pairs:
        features = [
            feature
            for feature in of_declaration(name, value)
            if not (has_colour and feature in BACKGROUNDS)
        ]
        if not features:
            plain.add(name)
        elif name not in plain:
            yield from ((feature, f"{name}:{value}") for feature in features)


def _split(body: str) -> list[str]:
    """Part declarations at semicolons outside quotation marks and parentheses."""
    if "(" not in body and '"' not in body and "'" not in body:
        return body.split(";")
    pieces, start, depth, quote = [], 0, 0, ""
    for at, char in enumerate(body):
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char in "()":
            depth = max(depth + (1 if char == "(" else -1), 0)
        elif char == ";" and not depth:
            pieces.append(body[start:at])
            start = at + 1
    return [*pieces, body[start:]]


@dataclass(frozen=True, slots=True)
class _HeadUse:
    feature: str
    written: str
    conditions: frozenset[str]
    css: str
    offset: int


def _in_sheet(css: str) -> Iterator[_HeadUse]:
    """Walk a style block; offsets are kept, what is broken ends where it ends."""
    text = _COMMENT.sub(lambda found: " " * len(found[0]), css).lower()
    blank = _STRING.sub(lambda found: " " * len(found[0]), text)
    opened: list[str] = []
    within = [frozenset[str]()]  # what must be known to come to each open group, outermost first
    start = 0
    for found in _STRUCTURE.finditer(blank):
        if found[0] == ";" and opened and not opened[-1].startswith("@"):
            continue
        piece = text[start : found.start()]
        at = start + len(piece) - len(piece.lstrip())
        conditions = within[-1]
        if found[0] == "{":
            prelude = piece.strip()
            if opened and not opened[-1].startswith("@"):
                prelude = prelude.rpartition(";")[2].strip()
                yield _HeadUse("css-nesting", prelude, conditions, css, at)
            if _FONT_FACE.match(prelude):
                yield _HeadUse("css-at-font-face", prelude, conditions, css, at)
            for feature in of_selector("" if prelude.startswith("@") else prelude):
                yield _HeadUse(feature, prelude, conditions, css, at)
            opened.append(prelude)
            within.append(conditions | _conditions(prelude))
        elif opened and found[0] == "}":
            within.pop()
            is_rule = not _FONT_FACE.match(opened.pop())
            for feature, written in _of_body(piece) if is_rule else ():
                yield _HeadUse(feature, written, conditions, css, at)
        start = found.end()


def _conditions(prelude: str) -> frozenset[str]:
    """Return the features that a program must know to come to what stands in a group of rules."""
    if not prelude.startswith(("@media", "@supports")):
        return frozenset()
    return frozenset(feature for word, feature in _CONDITIONS.items() if word in prelude)
