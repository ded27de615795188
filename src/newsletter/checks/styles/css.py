"""CSS as it stands in a finished mail: rules with their media, declarations, and what is broken.

Read once, in linear time, and nothing is guessed: what is broken is told with its place.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from cssselect import HTMLTranslator, SelectorError
from cssselect.parser import parse
from lxml import etree

from newsletter.checks.styles.css_values import Declarations, read_declarations
from newsletter.checks.styles.media import Media, read_media

Specificity = tuple[int, int, int]

# What is not closed ends with the sheet or the line, so that each is read once.
_COMMENT_OR_STRING = re.compile(
    r"""/\*.*?(?:\*/|\Z) | "(?:[^"\\\n]|\\.)*+(?:"|\n|\\?\Z)
    | '(?:[^'\\\n]|\\.)*+(?:'|\n|\\?\Z)""",
    re.DOTALL | re.VERBOSE,
)
_WRAPPER = re.compile(r"<!--|-->")
_STRUCTURE = re.compile(r"[{};]")
_AT = re.compile(r"@([-\w]+)")
_RUN_ON = re.compile(r"\s[a-z-]{3,30}\s*:\s*\S")
_DECLARATION = re.compile(r"\s*\*?-{0,2}[a-zA-Z_][-\w]*\s*:\s*[^\s:].*", re.DOTALL)
_KEYFRAMES = re.compile(r"(?:-[a-z]+-)?keyframes")
_GROUPS = frozenset({"media", "supports", "layer", "container", "document", "-moz-document"})
_LONGEST_SELECTOR = 1_000  # characters of a list of selectors
_MOST_BRACKETS = 8
MOST_FAULTS = 40


class UnknownSelector(Exception):  # noqa: N818 (an answer, not an error)
    """A selector that cannot be read."""


@dataclass(frozen=True, slots=True)
class Selector:
    """One selector of a list; without a path it selects nothing."""

    path: etree.XPath | None
    specificity: Specificity


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is broken. is_grave where programs drop a whole block for it."""

    sentence: str
    offset: int
    is_grave: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A style rule; media are the conditions around it, outermost first, all of which must hold."""

    selectors: tuple[Selector, ...]
    media: tuple[Media, ...]
    declarations: Declarations
    body: str
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What one style block says, less the rules whose selectors cannot be read."""

    rules: tuple[Rule, ...] = ()
    faults: tuple[Fault, ...] = ()


@lru_cache(maxsize=1024)
def read_selectors(text: str) -> tuple[Selector, ...]:
    """Read a list of selectors; what hangs on a hand (``:hover``) or is no element matches nothing.

    Raises:
        UnknownSelector: for what is no selector, or one we do not know.
    """
    if len(text) > _LONGEST_SELECTOR or text.count("(") > _MOST_BRACKETS or "\\" in text:
        raise UnknownSelector
    try:
        return tuple(
            Selector(
                None
                if one.pseudo_element is not None
                else etree.XPath(_TRANSLATOR.selector_to_xpath(one)),
                one.specificity(),
            )
            for one in parse(text)
        )
    except (SelectorError, etree.XPathError) as error:
        raise UnknownSelector from error


_TRANSLATOR = HTMLTranslator()


@lru_cache(maxsize=64)
def read_sheet(css: str) -> Sheet:
    """Read one style block; anything gives a sheet."""
    return _Reader(css).read()


@dataclass(frozen=True, slots=True)
class _Open:
    prelude: str
    at: int
    body: int
    at_rule: str  # its name, "" for a style rule

    @property
    def is_group(self) -> bool:
        return self.at_rule in _GROUPS or _KEYFRAMES.fullmatch(self.at_rule) is not None


class _Reader:
    def __init__(self, css: str) -> None:
        self._faults: list[Fault] = []
        # offsets and line ends stay: comments are blanked out, and in _text what is quoted too
        css = _WRAPPER.sub(lambda found: " " * len(found[0]), css)
        self._css = _COMMENT_OR_STRING.sub(self._without_comment, css)
        self._text = _COMMENT_OR_STRING.sub(
            lambda found: "_" + re.sub(r"[^\n]", " ", found[0])[1:], self._css
        )
        self._rules: list[Rule] = []
        self._open: list[_Open] = []

    def read(self) -> Sheet:
        start = 0
        for found in _STRUCTURE.finditer(self._text):
            at = found.start()
            if found[0] == "{":
                self._begin(start, at)
            elif found[0] == "}":
                self._end(start, at)
            elif self._open and not self._open[-1].is_group:
                continue
            elif self._text[start:at].strip().lower().startswith("@import"):
                sentence = "@import fetches from outside, and programs drop it"
                self._fault(sentence, self._first(start, at))
            start = found.end()
        for opened in self._open:
            self._fault("a { is never closed", opened.body - 1)
        if self._text[start:].strip() and not self._open:
            self._fault("the last rule has no { }", self._first(start, len(self._text)))
        return Sheet(rules=tuple(self._rules), faults=tuple(self._faults[:MOST_FAULTS]))

    def _begin(self, start: int, end: int) -> None:
        within = self._open[-1] if self._open else None
        if within is not None and not within.is_group:
            # declarations may stand before a nested rule: the prelude begins after the last of them
            start = max(start, self._text.rfind(";", start, end) + 1)
            if not within.at_rule:
                self._fault("a rule stands inside a rule: few programs read that", start)
        at, prelude = self._first(start, end), self._css[start:end].strip()
        name = _AT.match(prelude)
        at_rule = name[1].lower() if name else ""
        if at_rule and within is not None and within.at_rule in _GROUPS:
            self._fault(
                f"@{at_rule[:30]} stands inside @{within.at_rule}: Gmail drops the block", at
            )
        if at_rule == "media" and read_media(prelude[len("@media") :]).is_broken:
            self._fault("a media query cannot be read, so that its rules never hold", at)
        self._open.append(_Open(prelude, at, end + 1, at_rule))

    def _end(self, start: int, end: int) -> None:
        if not self._open:
            self._fault("a } closes nothing", end)
            return
        opened = self._open.pop()
        start = max(start, opened.body)
        if not opened.at_rule and all(around.at_rule == "media" for around in self._open):
            self._rule(opened, start, end)

    def _rule(self, opened: _Open, start: int, end: int) -> None:
        at = start
        for piece in self._text[start:end].split(";"):
            words = piece.strip()
            if words and not _DECLARATION.fullmatch(piece):
                shown = " ".join(words.split())[:60]
                self._fault(f'"{shown}" is no declaration', at, is_grave=False)
            elif words and _RUN_ON.search(piece.partition(":")[2]) and "(" not in piece:
                self._fault("a ; is missing between two declarations", at, is_grave=False)
            at += len(piece) + 1
        try:
            selectors = read_selectors(opened.prelude)
        except UnknownSelector:
            return
        body = self._css[start:end]
        self._rules.append(
            Rule(
                selectors=selectors,
                media=tuple(read_media(one.prelude[len("@media") :]) for one in self._open),
                declarations=read_declarations(body),
                body=body,
                offset=opened.at,
            )
        )

    def _first(self, start: int, end: int) -> int:
        piece = self._text[start:end]
        return start + len(piece) - len(piece.lstrip())

    def _fault(self, sentence: str, offset: int, *, is_grave: bool = True) -> None:
        self._faults.append(Fault(sentence, offset, is_grave))

    def _without_comment(self, found: re.Match[str]) -> str:
        whole = found[0]
        if whole.startswith("/*"):
            if len(whole) < len("/**/") or not whole.endswith("*/"):
                self._fault("a comment is never closed", found.start())
            return re.sub(r"[^\n]", " ", whole)
        if len(whole) < len('""') or whole[-1] != whole[0]:
            self._fault("a quotation mark is never closed", found.start())
        return whole
