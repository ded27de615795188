"""O13: what the mail hangs on that a mail program does not know, by caniemail's tests.

Which features matter stands in client_features.toml. Rules under ``@media`` are not laid to the
charge of programs that skip those, since they get the plain rules; what stands between comments
that hide it from Outlook is not laid to Outlook's.
"""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import islice

from lxml import etree

from newsletter.checks.html.outlook import outlook_page
from newsletter.checks.place import Place, place_of, place_of_css, place_of_style, tell
from newsletter.checks.request import Composition
from newsletter.checks.styles.css_values import pairs
from newsletter.checks.wording import shorten
from newsletter.model.finding import Finding

CSS_SUPPORT = "O13 css-support"

MOST_FINDINGS = 8
OUTLOOK = "Outlook for Windows"
# What Outlook knows by VML, where a template gives it that.
_BACKGROUNDS = frozenset(
    {"css-background-image", "css-linear-gradient", "css-radial-gradient", "css-conic-gradient"}
)
_QUOTED = re.compile(r"""(?<=url\()[^)]*|"[^"]*"|'[^']*'""")
_COLOUR_ALONE = re.compile(
    r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl)\(|\b(?:white|black|gr[ae]y|[a-z]+(?:blue|red|green))\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """caniemail's last results: a letter a program for each feature, in the order of clients."""

    date: str
    clients: tuple[str, ...]
    features: Mapping[str, str]

    def with_result(self, feature: str, letter: str) -> frozenset[str]:
        """Return the programs with that result: y, a, n or u; a feature all know has no row."""
        row = self.features.get(feature, "")
        pairs = zip(self.clients, row, strict=False)
        return frozenset(client for client, result in pairs if result == letter)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """A feature that counts: what it is called, and its pattern."""

    name: str
    said: str
    kind: str  # css, tag or file
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Use:
    """A feature in use: how it was written, where, and the programs that never come to it."""

    feature: Feature
    written: str
    where: str
    skipped_by: frozenset[str]
    place: tuple[int, str, int]  # an element's position, else -1 with a style block and an offset


@cache
def client_support() -> Support:
    """Read the data that comes with the program; scripts/caniemail writes it."""
    text = files("newsletter.checks.html").joinpath("client_support.json").read_text("utf-8")
    data = json.loads(text)
    return Support(date=data["date"], clients=tuple(data["clients"]), features=data["features"])


@cache
def features() -> tuple[Feature, ...]:
    """Read the features that count."""
    text = files("newsletter.checks.html").joinpath("client_features.toml").read_text("utf-8")
    return tuple(
        Feature(name=name, said=row["said"], kind=kind, pattern=re.compile(row[kind]))
        for name, row in tomllib.loads(text).items()
        for kind in row.keys() - {"said"}
    )


@lru_cache(maxsize=4096)
def features_in(kind: str, text: str) -> tuple[Feature, ...]:
    """Return the features of a kind that a declaration, tag or file name hangs on."""
    is_whole = kind in {"tag", "file"}
    return tuple(
        one
        for one in features()
        if one.kind == kind
        and (one.pattern.fullmatch(text) if is_whole else one.pattern.search(text))
    )


def css_support(made: Composition) -> Iterator[Finding]:
    """O13: the mail's layout and content hang on nothing that a program in use does not know."""
    support = client_support()
    has_vml = any("<v:" in content for _, content in outlook_page(made.composed.html).hidden)
    first: dict[str, _Use] = {}
    lacking: dict[str, frozenset[str]] = {}
    for use in (*_inline(made), *_in_head(made)):
        name = use.feature.name
        lacks = support.with_result(name, "n") - use.skipped_by
        if name == "css-margin":  # negative ones, which "in part" says nothing of
            lacks |= support.with_result(name, "a") - use.skipped_by
        if has_vml and name in _BACKGROUNDS:
            lacks -= {OUTLOOK}
        if lacks:
            first.setdefault(name, use)
            lacking[name] = lacking.get(name, frozenset()) | lacks
    for use in islice(first.values(), MOST_FINDINGS):
        named = ", ".join(one for one in support.clients if one in lacking[use.feature.name])
        yield tell(
            CSS_SUPPORT,
            _place(made, use),
            f"the mail hangs on {use.feature.said}, which not every program knows",
            f"{shorten(use.written, 60)} ({use.where}): not in {named} (caniemail, {support.date})",
            "build it from mj-section and mj-column, or with what all programs know",
        )


def _place(made: Composition, use: _Use) -> Place:
    at, css, offset = use.place
    if at < 0:
        return place_of_css(made, css, offset)
    element = made.page.elements[at]
    if use.feature.kind == "file":
        return place_of(made, url=element.get("src") or "", element=element)
    name, _, value = use.written.partition(":")
    return place_of_style(made, at, (use.written, value), (name,) if value else ())


def _inline(made: Composition) -> Iterator[_Use]:
    hidden = _hidden_from_outlook(made.page.elements)
    for at, element in enumerate(made.page.elements):
        skipped = frozenset({OUTLOOK}) if element in hidden else frozenset[str]()
        place = (at, "", 0)
        for feature in features_in("tag", str(element.tag)):
            yield _Use(feature, f"<{element.tag}>", "body", skipped, place)
        if element.tag == "img":
            url = (element.get("src") or "").strip()
            ending = url.lower().partition("?")[0].partition("#")[0].rpartition(".")[2]
            for feature in features_in("file", ending):
                yield _Use(feature, url, "body", skipped, place)
        for feature, written in _of_body(element.get("style") or "", bool(element.get("bgcolor"))):
            yield _Use(feature, written, "inline", skipped, place)


def _in_head(made: Composition) -> Iterator[_Use]:
    support = client_support()
    without_media = support.with_result("css-at-media", "n")
    without_dark = support.with_result("css-at-media-prefers-color-scheme", "n")
    for block in made.page.style.blocks:
        for rule in block.sheet.rules:
            media = rule.media if block.media.always else (*rule.media, block.media)
            skipped = without_media if media else frozenset[str]()
            if any(one.asks_for_dark for one in media):
                skipped |= without_dark
            for feature, written in _of_body(rule.body, has_colour=False):
                yield _Use(feature, written, "head", skipped, (-1, block.css, rule.offset))


def _hidden_from_outlook(elements: Sequence[etree._Element]) -> frozenset[etree._Element]:
    """Return the elements between <!--[if !mso]><!--> and <!--<![endif]-->."""
    hidden: set[etree._Element] = set()
    is_hidden = False
    for node in elements[0].iter() if elements else ():
        if isinstance(node, etree._Comment):  # noqa: SLF001 (lxml's name for it)
            text = (node.text or "").replace(" ", "")
            if text.startswith("[if!mso]"):
                is_hidden = True
            elif text == "<![endif]":
                is_hidden = False
        elif is_hidden:
            hidden.add(node)
    return frozenset(hidden)


@lru_cache(maxsize=4096)  # styles are much the same
def _of_body(body: str, has_colour: bool) -> tuple[tuple[Feature, str], ...]:  # noqa: FBT001
    """Return the features of declarations, each with its declaration.

    Where a plain value of the same property stands before, or a colour stands behind a background
    picture, a program that knows no better takes that.
    """
    declared = list(pairs(body, custom=True))
    has_colour = has_colour or any(
        name.startswith("background")
        and _COLOUR_ALONE.search(value.partition("url(")[0])
        and "gradient(" not in value
        for name, value in declared
    )
    plain: set[str] = set()
    found: list[tuple[Feature, str]] = []
    for name, value in declared:
        written = f"{name}:{value}"
        used = [
            one
            for one in features_in("css", _QUOTED.sub("", written))
            if not (has_colour and one.name in _BACKGROUNDS)
        ]
        if not used:
            plain.add(name)
        elif name not in plain:
            found += [(one, written) for one in used]
    return tuple(found)
