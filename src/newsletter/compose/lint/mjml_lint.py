"""The marks around each block of the issue, ``<!--block 3-->`` to ``<!--/block 3-->``, in pairs.

They are how it is known which element belongs to which block, and how large each is; a mark that is
not read says nothing, and what follows is then laid to the wrong block.
"""

import difflib
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from newsletter.compose.line_marks import (
    CONTROL,
    CRASH,
    GAP,
    MAX_DEPTH,
    MAX_INLINE_DEPTH,
    MISPLACED,
    UNKNOWN,
    UNSAFE,
    WELL_FORMED,
    Marked,
    Place,
)
from newsletter.compose.lint.css_lint import (
    ACTIVE_TAGS,
    HEAD_TAGS,
    TAGS,
    VOID,
    lint_head_block,
    nesting_fault,
)
from newsletter.compose.lint.mjml_attributes import (
    BODY,
    CHILDREN,
    COMPONENTS,
    HTML_HOLDERS,
    STYLE_HOLDERS,
    TEXT_HOLDERS,
    AttributeLint,
    Enough,
    Kind,
    LintReport,
    any_attribute,
    attributes_of,
    did_you_mean,
)
from newsletter.compose.lint.mjml_tokens import Token, TokenKind, tokens
from newsletter.model.finding import Finding, Severity

LOST = "C09 content-lost"
_MARK = re.compile(r"<!--(/?)block (\d{1,9})-->")
_LIKE_A_MARK = re.compile(r"<!--\s*/?\s*block\b[\s\w#/.-]{0,40}-->", re.IGNORECASE)


def lint_block_marks(marked: Marked) -> tuple[Finding, ...]:
    """Give the marks that belong to no pair, as warnings, the first of each kind and template line.

    Whether a block is whole, the proof of the result tells.
    """
    found: dict[tuple[str, str, int], Finding] = {}
    for sentence, offset, remedy in _faults(marked.text):
        place = marked.place(offset)
        kind = re.sub(r"\d+", "", sentence)
        found.setdefault(
            (kind, place.file, place.line),
            Finding(
                check=LOST,
                severity=Severity.WARNING,
                message=sentence,
                file=place.file,
                line=place.line,
                remedy=remedy,
            ),
        )
    return tuple(found.values())


def _faults(text: str) -> Iterator[tuple[str, int, str]]:
    number, begun = "", 0  # of the open block
    for seen in _LIKE_A_MARK.finditer(text):
        mark = _MARK.fullmatch(seen[0])
        at = seen.start()
        if mark is None:
            shown = " ".join(seen[0].split())[:60]
            yield f"{shown} is no block mark", at, "write <!--block {{ row.number }}-->, no spaces"
        elif not mark[1]:
            if number:
                yield from _open(number, begun)
            number, begun = mark[2], at
        elif mark[2] == number:
            number = ""
        elif number:
            remedy = f"write <!--/block {number}-->, or one block after the other"
            yield f"the end of block {mark[2]} stands in block {number}", at, remedy
        else:
            yield f"the end of block {mark[2]} has no begin", at, f"write <!--block {mark[2]}-->"
    if number:
        yield from _open(number, begun)


def _open(number: str, begun: int) -> Iterator[tuple[str, int, str]]:
    remedy = "write <!--/block {{ … }}--> with the same number where the block ends"
    yield f"block {number} is never closed", begun, remedy


_WORD_HOLDERS = HTML_HOLDERS | TEXT_HOLDERS
_ONCE = frozenset({"mj-head", "mj-body"})
_LINKED = frozenset({"a", "mj-button"})  # elements that are links themselves
_OF_FORM_FIELDS = frozenset({"mj-accordion", "mj-carousel"})
_OUTSIDE = {
    "mj-include": "mj-include reads files; use Jinja's include",
    "mj-font": "mj-font loads a font from outside; use fonts that readers have",
}


@dataclass(slots=True)
class _Open:
    """An element that is not closed yet. html counts the HTML elements around and with it.

    What stands inside a misplaced element is not judged by its place again. blamed are findings on
    what cannot stand inside it; where it is never closed, that is their cause.
    """

    name: str
    offset: int
    html: int
    misplaced: bool = False
    unknown: bool = False
    blamed: list[Finding] = field(default_factory=list)
    children: set[str] = field(default_factory=set)

    @property
    def is_html(self) -> bool:
        return self.html > 0


@dataclass(slots=True)
class Linted:
    """What the lint found, the tokens it read, and where the document nests most deeply."""

    findings: list[Finding]
    tokens: list[Token]
    deepest: Place


def lint_mjml(marked: Marked) -> Linted:
    """Judge a rendered MJML document; at most MAX_FINDINGS errors, in the order of the text."""
    linter = _Linter(marked)
    with suppress(Enough):
        linter.run()
    return Linted(linter.findings(), linter.tokens, marked.place(linter.deepest_at))


class _Linter:
    def __init__(self, marked: Marked) -> None:
        self._marked = marked
        self._text = marked.text
        self._told = LintReport(marked)
        self._report = self._told.add
        self._attributes = AttributeLint(self._report)
        self._open: list[_Open] = []
        self._roots = 0
        self._unknown = False  # whether the element being read has no name that is known
        self._astray = False  # whether the element being read stands where it cannot
        self._seen_deep: set[str] = set()
        self._classes: set[str] = set()  # names of mj-class
        self._classed: list[tuple[str, int]] = []  # uses of them, which may stand before
        self.tokens: list[Token] = []
        self.deepest = 0
        self.deepest_at = 0

    def findings(self) -> list[Finding]:
        return self._told.findings

    def run(self) -> None:
        for found in CONTROL.finditer(self._text):
            self._report(WELL_FORMED, f"the control character U+{ord(found[0]):04X}", found.start())
        for token in tokens(self._text, STYLE_HOLDERS):
            self.tokens.append(token)
            match token.kind:
                case TokenKind.FAULT:
                    self._report(WELL_FORMED, token.text, token.offset)
                case TokenKind.START:
                    self._start(token)
                case TokenKind.END:
                    self._end(token)
                case TokenKind.TEXT:
                    self._words(token)
                case TokenKind.COMMENT:
                    self._comment(token)
        for element in reversed(self._open):
            self._unclosed(element, f"<{element.name}> is never closed")
        if self._roots == 0:
            self._no_root()
        self._class_names()

    def _no_root(self) -> None:
        is_empty = not self._text.strip()
        wrote = "the template writes nothing" if is_empty else "there is no <mjml> element"
        remedy = "write <mjml><mj-body>…</mj-body></mjml> around what it shows"
        if is_empty:
            remedy = (
                "write it anew, or copy another template; newsletter init in an empty folder"
                " brings all that come with the program"
            )
        self._report(WELL_FORMED, wrote, 0, remedy=remedy)

    # -- structure ---------------------------------------------------------------------------

    def _start(self, token: Token) -> None:
        name, parent = token.text, self._open[-1] if self._open else None
        in_html = parent is not None and (parent.is_html or parent.name in HTML_HOLDERS)
        self._attributes.twice(token)
        self._unknown = False
        self._astray = parent is not None and parent.misplaced
        if name == "mjml" or name.startswith("mj-"):
            self._component(token, parent, in_html=in_html)
        elif in_html:
            self._html(token)
        else:
            self._misplaced_html(token, parent)
        if parent is not None:
            parent.children.add(name)
        void = name in VOID and not name.startswith("mj-")
        if token.closed or void:
            if token.closed and in_html and not void and name in TAGS:
                self._report(
                    WELL_FORMED,
                    f"<{name} /> is not closed for HTML; write <{name}></{name}>",
                    token.offset,
                )
            return
        is_component = name == "mjml" or name.startswith("mj-")
        html = 0 if is_component or parent is None else parent.html + 1
        self._open.append(_Open(name, token.offset, html, self._astray, self._unknown))
        self._deep(token, html)

    def _deep(self, token: Token, html: int) -> None:
        depth = len(self._open)
        if depth > self.deepest:
            self.deepest, self.deepest_at = depth, token.offset
        if depth <= MAX_DEPTH and html <= MAX_INLINE_DEPTH:
            return
        for over, check, sentence in (
            (
                depth > MAX_DEPTH,
                CRASH,
                f"more than {MAX_DEPTH} elements are nested, too deep for mrml",
            ),
            (
                html > MAX_INLINE_DEPTH,
                WELL_FORMED,
                f"more than {MAX_INLINE_DEPTH} HTML tags are nested",
            ),
        ):
            if over and sentence not in self._seen_deep:
                self._seen_deep.add(sentence)
                self._report(check, sentence, token.offset)

    def _end(self, token: Token) -> None:
        if self._open and self._open[-1].name == token.text:
            self._closed(self._open.pop())
        elif any(element.name == token.text for element in reversed(self._open)):
            while self._open[-1].name != token.text:
                element = self._open.pop()
                self._unclosed(element, f"<{element.name}> is not closed before </{token.text}>")
            self._open.pop()
        elif not self._closed_by_a_slip(token):
            self._report(WELL_FORMED, f"</{token.text}> closes nothing", token.offset)

    def _closed_by_a_slip(self, token: Token) -> bool:
        """Close the element at hand where its start or this end is misspelt."""
        inner = self._open[-1] if self._open else None
        if inner is None or not difflib.get_close_matches(token.text, [inner.name], 1):
            return False
        is_known = token.text in COMPONENTS or token.text in TAGS
        if is_known and not inner.unknown:
            return False
        if not is_known:
            sentence = f"</{token.text[:40]}> closes nothing; did you mean </{inner.name}>?"
            self._report(WELL_FORMED, sentence, token.offset)
        self._open.pop()
        return True

    def _unclosed(self, element: _Open, sentence: str) -> None:
        """Report an element that is not closed in the place of what followed from it."""
        self._told.instead_of(
            element.blamed,
            WELL_FORMED,
            sentence,
            element.offset,
            remedy=f"write </{element.name}> where it ends",
        )

    def _closed(self, element: _Open) -> None:
        if element.name == "mjml" and "mj-body" not in element.children:
            self._report(MISPLACED, "<mjml> has no <mj-body>", element.offset)

    def _component(self, token: Token, parent: _Open | None, *, in_html: bool) -> None:
        name = token.text
        if name in _OUTSIDE:
            self._report(UNSAFE, _OUTSIDE[name], token.offset)
            return
        if parent is not None and parent.name == "mj-attributes":
            self._default(token)
            return
        if parent is not None and parent.name == "mj-class":
            self._report(GAP, "mrml cannot read elements inside mj-class", token.offset)
            return
        if name not in COMPONENTS:
            hint = did_you_mean(name, COMPONENTS)
            self._report(UNKNOWN, f'there is no component "{name[:40]}"{hint}', token.offset)
            self._astray = self._unknown = True
            return
        self._placed(token, parent, in_html=in_html)
        has_menu = any(one.name == "hamburger" and one.value for one in token.attributes)
        if name in _OF_FORM_FIELDS or (name == "mj-navbar" and has_menu):
            what = f"{name}{' with a hamburger' if has_menu else ''}"
            sentence = f"{what} is compiled to form fields, which have no place in a mail"
            self._report(UNSAFE, sentence, token.offset)
        self._attributes.gaps(token)
        for attribute in token.attributes:
            self._attributes.component(name, attribute, attributes_of(name))
            if attribute.name == "mj-class":
                words = (attribute.value or "").split()
                self._classed += ((word, attribute.offset) for word in words)

    def _class_names(self) -> None:
        """Report uses of an mj-class that no mj-attributes has: the compiler says nothing."""
        for name, offset in self._classed:
            if name not in self._classes:
                hint = did_you_mean(name, self._classes)
                self._report(UNKNOWN, f'there is no mj-class "{name[:40]}"{hint}', offset)

    def _placed(self, token: Token, parent: _Open | None, *, in_html: bool) -> None:
        name = token.text
        if parent is None:
            if name != "mjml" or self._roots:
                self._report(MISPLACED, f"<{name}> stands outside <mjml>", token.offset)
            self._roots += name == "mjml"
            return
        if not in_html and name in CHILDREN.get(parent.name, frozenset()):
            if name in _ONCE and name in parent.children:
                sentence = f"<{name}> stands twice: the compiler keeps one of them"
                self._report(MISPLACED, sentence, token.offset)
            return
        if self._astray:
            return
        self._astray = True
        may = sorted(p for p, inside in CHILDREN.items() if name in inside)
        where = " or ".join(may) if may else "nothing"
        before = len(self._told.findings)
        self._report(
            MISPLACED,
            f"<{name}> cannot stand inside <{parent.name}>; it belongs inside {where}",
            token.offset,
            evidence=" > ".join([*(element.name for element in self._open[-6:]), name]),
        )
        parent.blamed += self._told.findings[before:]

    def _misplaced_html(self, token: Token, parent: _Open | None) -> None:
        name = token.text
        if name.lower() in ACTIVE_TAGS:
            self._report(UNSAFE, f"<{name[:40]}> has no place in a mail", token.offset)
        elif parent is None:
            self._report(WELL_FORMED, f"<{name[:40]}> stands outside <mjml>", token.offset)
        elif not self._astray:
            self._astray = True
            hint = did_you_mean(f"mj-{name}", COMPONENTS)
            self._report(
                MISPLACED,
                f"the HTML tag <{name[:40]}> cannot stand inside <{parent.name}>{hint}",
                token.offset,
            )

    def _default(self, token: Token) -> None:
        """Judge a child of mj-attributes: a component's name, mj-all or mj-class."""
        name = token.text
        if name == "mj-body":
            self._report(
                GAP,
                "mrml ignores mj-body inside mj-attributes; set it on mj-body itself",
                token.offset,
                severity=Severity.WARNING,
            )
        if name in {"mj-all", "mj-class"}:
            allowed = dict(any_attribute())
            if name == "mj-class":
                allowed["name"] = Kind.PLAIN
                self._classes.update(
                    one.value or "" for one in token.attributes if one.name == "name"
                )
        elif name in BODY:
            allowed = dict(attributes_of(name))
        else:
            hint = did_you_mean(name, [*BODY, "mj-all", "mj-class"])
            self._report(UNKNOWN, f'there is no component "{name[:40]}"{hint}', token.offset)
            return
        for attribute in token.attributes:
            self._attributes.component(name, attribute, allowed)

    # -- HTML, words, comments -----------------------------------------------------------------

    def _html(self, token: Token) -> None:
        name = token.text
        in_head = "mj-head" in [element.name for element in self._open[:3]]
        known = HEAD_TAGS if in_head else TAGS
        if name not in known:
            self._unknown_html(token, known)
            return
        for attribute in token.attributes:
            self._attributes.html(name, attribute, in_head=in_head)
        around = [element.name for element in self._open[-MAX_DEPTH:]]
        if fault := nesting_fault(name, around):
            self._report(MISPLACED, fault, token.offset, severity=Severity.WARNING)
        if name == "a" and any(element.name in _LINKED for element in self._open):
            self._report(WELL_FORMED, "a link cannot stand inside a link", token.offset)
        if name == "img" and all(attribute.name != "alt" for attribute in token.attributes):
            self._report(GAP, 'img needs alt; write alt="" for decoration', token.offset)

    def _unknown_html(self, token: Token, known: Iterable[str]) -> None:
        name = token.text
        self._unknown = True
        if name.lower() in ACTIVE_TAGS:
            self._report(UNSAFE, f"<{name[:40]}> has no place in a mail", token.offset)
            return
        near = difflib.get_close_matches(name.lower(), list(known), 1)
        hint = f"; did you mean <{near[0]}>?" if near else ""
        self._report(UNKNOWN, f"the HTML tag <{name[:40]}> cannot be used here{hint}", token.offset)

    def _words(self, token: Token) -> None:
        parent = self._open[-1] if self._open else None
        if parent is not None and parent.name in STYLE_HOLDERS:
            for check, sentence, offset in lint_head_block(token.text):
                self._report(check, sentence, token.offset + offset)
            return
        if token.text.isspace():
            return
        at = token.offset + len(token.text) - len(token.text.lstrip())
        if parent is None:
            self._report(WELL_FORMED, "words stand outside <mjml>", at)
        elif not (parent.is_html or parent.name in _WORD_HOLDERS):
            if parent.misplaced:
                return
            self._report(MISPLACED, f"words cannot stand inside <{parent.name}>", at)

    def _comment(self, token: Token) -> None:
        inside = token.text.strip().lower()
        if inside.startswith("[if") or inside.endswith("<![endif]") or "<!" in inside:
            self._report(
                WELL_FORMED,
                "conditional comments are written by the MJML compiler alone",
                token.offset,
            )
