"""CSS as it stands in a finished mail: rules with their media, declarations, and what is broken.

Read once, in linear time, and nothing is guessed: what is broken is told with its place. Selectors
are read by selectors.py, the values by css_values.py.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from newsletter.checks.styles.css_values import Declarations, read_declarations
from newsletter.checks.styles.media import Media, read_media
from newsletter.checks.styles.selectors import Selector, UnknownSelector, read_selectors

# What is not closed ends with the sheet or the line, so that each is read once.
_COMMENT_OR_STRING = re.compile(
    r"""/\*.*?(?:\*/|\Z) | "(?:[^"\\\n]|\\.)*+(?:"|\n|\\?\Z)
    | '(?:[^'\\\n]|\\.)*+(?:'|\n|\\?\Z)""",
    re.DOTALL | re.VERBOSE,
)
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_WRAPPER = re.compile(r"<!--|-->")
_STRUCTURE = re.compile(r"[{};]")
_AT = re.compile(r"@([-\w]+)")
_RUN_ON = re.compile(r"\s[a-z-]{3,30}\s*:\s*\S")
_DECLARATION = re.compile(r"\s*\*?-{0,2}[a-zA-Z_][-\w]*\s*:\s*[^\s:].*", re.DOTALL)
_GROUPS = frozenset({"media", "supports", "layer", "container", "document", "-moz-document"})
_KNOWN_AT = _GROUPS | frozenset(
    {"charset", "font-face", "import", "keyframes", "namespace", "page", "property", "viewport"}
    | {"-webkit-keyframes", "-moz-keyframes", "-o-keyframes", "-ms-keyframes"}
    | {"-ms-viewport", "-o-viewport", "counter-style"}
)
MOST_FAULTS = 40


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
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What one style block says. unknown are selectors that were not understood, with offsets."""

    rules: tuple[Rule, ...] = ()
    faults: tuple[Fault, ...] = ()
    unknown: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class _Open:
    prelude: str
    at: int
    body: int
    at_rule: str  # its name, "" for a style rule


@lru_cache(maxsize=64)
def read_sheet(css: str) -> Sheet:
    """Read one style block; anything gives a sheet."""
    return _Reader(css).read()


class _Reader:
    def __init__(self, css: str) -> None:
        self._css = _WRAPPER.sub(lambda found: " " * len(found[0]), css)
        self._faults: list[Fault] = []
        self._text = self._blanked()
        self._rules: list[Rule] = []
        self._unknown: list[tuple[str, int]] = []
        self._open: list[_Open] = []
        self._media: list[Media] = []

    def read(self) -> Sheet:
        start = 0
        for found in _STRUCTURE.finditer(self._text):
            in_body = bool(self._open) and not _is_group(self._open[-1])
            if found[0] == "{":
                self._begin(start, found.start())
            elif found[0] == "}":
                self._end(start, found.start())
            elif in_body:
                continue
            else:
                self._statement(start, found.start())
            start = found.end()
        for opened in self._open:
            self._fault("a { is never closed", opened.body - 1)
        rest = self._text[start:]
        if rest.strip() and not self._open:
            self._fault("the last rule has no { }", start + len(rest) - len(rest.lstrip()))
        return Sheet(
            rules=tuple(self._rules), faults=tuple(self._faults), unknown=tuple(self._unknown)
        )

    def _begin(self, start: int, end: int) -> None:
        if self._open and not _is_group(self._open[-1]):
            # declarations may stand before a nested rule: the prelude begins after the last of them
            start = max(start, self._text.rfind(";", start, end) + 1)
        prelude = self._text[start:end]
        at = start + len(prelude) - len(prelude.lstrip())
        name = _AT.match(prelude.strip())
        at_rule = name[1].lower() if name else ""
        if self._open:
            self._nested(at_rule, at)
        if at_rule and at_rule not in _KNOWN_AT:
            self._fault(f"no program knows @{at_rule[:30]}", at, is_grave=False)
        if not prelude.strip():
            self._fault("a rule has no selector", at)
        self._open.append(_Open(self._plain(at, end).strip(), at, end + 1, at_rule))
        if at_rule == "media":
            media = read_media(self._open[-1].prelude[len("@media") :])
            if media.is_broken:
                self._fault("a media query cannot be read, so that its rules never hold", at)
            self._media.append(media)

    def _nested(self, at_rule: str, at: int) -> None:
        within = self._open[-1]
        if within.at_rule.endswith("keyframes") or (
            within.at_rule and within.at_rule not in _KNOWN_AT
        ):
            return
        if at_rule and within.at_rule:
            sentence = (
                f"@{at_rule[:30]} stands inside @{within.at_rule[:30]}: Gmail drops the block"
            )
            self._fault(sentence, at)
        elif not _is_group(within):
            self._fault("a rule stands inside a rule: few programs read that", at)

    def _end(self, start: int, end: int) -> None:
        if not self._open:
            self._fault("a } closes nothing", end)
            return
        opened = self._open.pop()
        if opened.at_rule == "media":
            self._media.pop()
        body = self._text[max(start, opened.body) : end]
        if _is_group(opened):
            if body.strip():
                self._fault("the last rule of a group has no { }", max(start, opened.body))
        elif not opened.at_rule and not any(_hides_rules(around) for around in self._open):
            self._rule(opened, max(start, opened.body), end)

    def _rule(self, opened: _Open, start: int, end: int) -> None:
        self._judge_body(start, end)
        try:
            selectors = read_selectors(opened.prelude)
        except UnknownSelector:
            if opened.prelude.startswith("//"):
                sentence = "CSS has no // comments: the rule behind this one is left out"
                self._fault(sentence, opened.at, is_grave=False)
            elif opened.prelude:
                self._unknown.append((opened.prelude, opened.at))
            return
        self._rules.append(
            Rule(
                selectors=selectors,
                media=tuple(self._media),
                declarations=read_declarations(self._plain(start, end)),
                offset=opened.at,
            )
        )

    def _judge_body(self, start: int, end: int) -> None:
        at = start
        for piece in self._text[start:end].split(";"):
            words = piece.strip()
            if words and not _DECLARATION.fullmatch(piece):
                shown = " ".join(words.split())[:60]
                self._fault(f'"{shown}" is no declaration', at, is_grave=False)
            elif words and _RUN_ON.search(piece.partition(":")[2]) and "(" not in piece:
                self._fault("a ; is missing between two declarations", at, is_grave=False)
            at += len(piece) + 1

    def _statement(self, start: int, end: int) -> None:
        words = self._text[start:end].strip()
        at = start + len(self._text[start:end]) - len(self._text[start:end].lstrip())
        if words.lower().startswith("@import"):
            self._fault("@import fetches from outside, and programs drop it", at)
        elif not words.startswith("@"):
            self._fault("a ; stands where a rule should", at)

    def _fault(self, sentence: str, offset: int, *, is_grave: bool = True) -> None:
        if len(self._faults) < MOST_FAULTS:
            self._faults.append(Fault(sentence, offset, is_grave))

    def _plain(self, start: int, end: int) -> str:
        return _COMMENT.sub(" ", self._css[start:end])

    def _blanked(self) -> str:
        """Blank out comments and the inside of strings; offsets and line ends stay."""

        def blank(found: re.Match[str]) -> str:
            whole = found[0]
            inside = re.sub(r"[^\n]", " ", whole)
            if whole.startswith("/*"):
                if len(whole) < len("/**/") or not whole.endswith("*/"):
                    self._fault("a comment is never closed", found.start())
                return inside
            if len(whole) < len('""') or whole[-1] != whole[0]:
                self._fault("a quotation mark is never closed", found.start())
            return "_" + inside[1:]

        return _COMMENT_OR_STRING.sub(blank, self._css)


def _is_group(opened: _Open) -> bool:
    return opened.at_rule in _GROUPS or opened.at_rule.endswith("keyframes")


def _hides_rules(opened: _Open) -> bool:
    """Whether what stands inside is no rule for a mail's elements, or holds who knows where."""
    return opened.at_rule != "media"
