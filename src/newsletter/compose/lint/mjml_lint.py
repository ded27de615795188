"""Our lint over the rendered MJML, before mrml sees it: well-formedness, names, places, safety.

mrml's errors carry no line; it copies unknown tags and scripts into the mail, renders misplaced
blocks, and dies of deep nesting. Every finding here names the line of the template.
"""

import difflib
import re
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
from newsletter.compose.lint.attribute_lint import AttributeLint, Enough, did_you_mean
from newsletter.compose.lint.css_lint import lint_head_block
from newsletter.compose.lint.html_rules import ACTIVE_TAGS, HEAD_TAGS, TAGS, VOID
from newsletter.compose.lint.mjml_registry import (
    ANY_ATTRIBUTE,
    BODY,
    CHILDREN,
    COMPONENTS,
    HTML_HOLDERS,
    STYLE_HOLDERS,
    WORD_HOLDERS,
    Attributes,
)
from newsletter.compose.lint.mjml_tokens import Token, TokenKind, tokens
from newsletter.model.finding import Finding

_EVIDENCE = 120  # characters of the MJML that are shown
_ONCE = frozenset({"mj-head", "mj-body"})
_LINKED = frozenset({"a", "mj-button"})  # elements that are links themselves
_FORM_FIELDS = ("mj-accordion", "mj-carousel")  # what they and their parts begin with
_OUTSIDE = {
    "mj-include": "mj-include reads files; use Jinja's include",
    "mj-font": "mj-font loads a font from outside; use fonts that readers have",
}
_KEYWORDS = frozenset({"none", "inherit", "initial", "unset", "currentcolor"})
_WIDEST_BODY = 700  # px; the reading panes of desktop programs are about 600 wide
_UNITLESS_ZERO = re.compile(r"(?<!\S)0(?:\.0*)?(?!\S)")


@dataclass(slots=True)
class _Open:
    """An element that is not closed yet. html counts the HTML elements around and with it.

    What stands inside a misplaced element is not judged by its place again.
    """

    name: str
    offset: int
    html: int
    misplaced: bool
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
    return Linted(linter.findings, linter.tokens, marked.place(linter.deepest_at))


class _Linter(AttributeLint):
    """Reads the document's tokens in order."""

    def __init__(self, marked: Marked) -> None:
        super().__init__(marked)
        self._text = marked.text
        self._open: list[_Open] = []
        self._roots = 0
        self._astray = False  # whether the element being read stands where it cannot
        self._classes: set[str] = set()  # names of mj-class
        self._classed: list[tuple[str, int]] = []  # uses of them, which may stand before
        self._deepest = 0
        self.tokens: list[Token] = []
        self.deepest_at = 0

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
        self._missing()

    def _missing(self) -> None:
        """Report the root and the classes that nothing wrote."""
        if self._roots == 0:
            is_empty = not self._text.strip()
            wrote = "the template writes nothing" if is_empty else "there is no <mjml> element"
            remedy = "write <mjml><mj-body>…</mj-body></mjml> around what it shows"
            self._report(WELL_FORMED, wrote, 0, remedy=remedy)
        for name, offset in self._classed:  # the compiler says nothing of an unknown one
            if name not in self._classes:
                hint = did_you_mean(name, self._classes)
                self._report(UNKNOWN, f'there is no mj-class "{name[:40]}"{hint}', offset)

    # -- structure ---------------------------------------------------------------------------

    def _start(self, token: Token) -> None:
        name, parent = token.text, self._open[-1] if self._open else None
        in_html = parent is not None and (parent.is_html or parent.name in HTML_HOLDERS)
        is_component = name == "mjml" or name.startswith("mj-")
        self._twice(token)
        self._astray = parent is not None and parent.misplaced
        if is_component:
            self._component(token, parent, in_html=in_html)
        elif in_html:
            self._html(token)
        else:
            self._misplaced_html(token, parent)
        if parent is not None:
            parent.children.add(name)
        if name in VOID:
            return
        if token.closed:
            if in_html and name in TAGS:
                sentence = f"<{name} /> is not closed for HTML; write <{name}></{name}>"
                self._report(WELL_FORMED, sentence, token.offset)
            return
        html = 0 if is_component or parent is None else parent.html + 1
        self._open.append(_Open(name, token.offset, html, self._astray))
        self._deep(token.offset, html)

    def _deep(self, offset: int, html: int) -> None:
        depth = len(self._open)
        if depth > self._deepest:
            self._deepest, self.deepest_at = depth, offset
            if depth == MAX_DEPTH + 1:
                sentence = f"more than {MAX_DEPTH} elements are nested, too deep for mrml"
                self._report(CRASH, sentence, offset)
        if html == MAX_INLINE_DEPTH + 1:
            sentence = f"more than {MAX_INLINE_DEPTH} HTML tags are nested"
            self._report(WELL_FORMED, sentence, offset)

    def _end(self, token: Token) -> None:
        name = token.text
        if all(element.name != name for element in reversed(self._open)):
            near = self._open and difflib.get_close_matches(name, [self._open[-1].name], 1)
            hint = f"; did you mean </{near[0]}>?" if near else ""
            self._report(WELL_FORMED, f"</{name[:40]}> closes nothing{hint}", token.offset)
            if near:
                self._open.pop()
            return
        while (element := self._open.pop()).name != name:
            self._unclosed(element, f"<{element.name}> is not closed before </{name}>")
        if name == "mjml" and "mj-body" not in element.children:
            self._report(MISPLACED, "<mjml> has no <mj-body>", element.offset)

    def _unclosed(self, element: _Open, sentence: str) -> None:
        remedy = f"write </{element.name}> where it ends"
        self._report(WELL_FORMED, sentence, element.offset, remedy=remedy)

    def _component(self, token: Token, parent: _Open | None, *, in_html: bool) -> None:
        name, offset = token.text, token.offset
        if name in _OUTSIDE:
            self._report(UNSAFE, _OUTSIDE[name], offset)
            return
        if parent is not None and parent.name == "mj-attributes":
            self._default(token)
            return
        if parent is not None and parent.name == "mj-class":
            self._report(GAP, "mrml cannot read elements inside mj-class", offset)
            return
        has_menu = any(one.name == "hamburger" and one.value for one in token.attributes)
        if name.startswith(_FORM_FIELDS) or (name == "mj-navbar" and has_menu):
            what = f"{name}{' with a hamburger' if has_menu else ''}"
            sentence = f"{what} is compiled to form fields, which have no place in a mail"
            self._report(UNSAFE, sentence, offset)
            self._astray = True
            return
        if name not in COMPONENTS:
            hint = did_you_mean(name, COMPONENTS)
            self._report(UNKNOWN, f'there is no component "{name[:40]}"{hint}', offset)
            self._astray = True
            return
        self._placed(token, parent, in_html=in_html)
        self._gaps(token)
        for attribute in token.attributes:
            self._component_attribute(name, attribute, COMPONENTS[name])
            if attribute.name == "mj-class":
                words = (attribute.value or "").split()
                self._classed += ((word, attribute.offset) for word in words)

    def _placed(self, token: Token, parent: _Open | None, *, in_html: bool) -> None:
        name, offset = token.text, token.offset
        if parent is None:
            if name != "mjml" or self._roots:
                self._report(MISPLACED, f"<{name}> stands outside <mjml>", offset)
            self._roots += name == "mjml"
        elif not in_html and name in CHILDREN.get(parent.name, frozenset()):
            if name in _ONCE and name in parent.children:
                sentence = f"<{name}> stands twice: the compiler keeps one of them"
                self._report(MISPLACED, sentence, offset)
        elif not self._astray:
            self._astray = True
            where = " or ".join(sorted(p for p, inside in CHILDREN.items() if name in inside))
            sentence = f"<{name}> cannot stand inside <{parent.name}>; it belongs inside"
            around = " > ".join([*(element.name for element in self._open[-6:]), name])
            self._report(MISPLACED, f"{sentence} {where or 'nothing'}", offset, evidence=around)

    def _misplaced_html(self, token: Token, parent: _Open | None) -> None:
        name, offset = token.text, token.offset
        if name.lower() in ACTIVE_TAGS:
            self._report(UNSAFE, f"<{name[:40]}> has no place in a mail", offset)
        elif parent is None:
            self._report(WELL_FORMED, f"<{name[:40]}> stands outside <mjml>", offset)
        elif not self._astray:
            self._astray = True
            hint = did_you_mean(f"mj-{name}", COMPONENTS)
            sentence = f"the HTML tag <{name[:40]}> cannot stand inside <{parent.name}>{hint}"
            self._report(MISPLACED, sentence, offset)

    def _default(self, token: Token) -> None:
        """Judge a child of mj-attributes: a component's name, mj-all or mj-class."""
        name = token.text
        if name == "mj-class":
            allowed: Attributes = {**ANY_ATTRIBUTE, "name": "plain"}
            self._classes |= {one.value or "" for one in token.attributes if one.name == "name"}
        elif name == "mj-all":
            allowed = ANY_ATTRIBUTE
        elif name in BODY:
            allowed = COMPONENTS[name]
            if name == "mj-body":
                sentence = "mrml ignores mj-body inside mj-attributes; set it on mj-body itself"
                self._warn(sentence, token.offset)
        else:
            hint = did_you_mean(name, [*BODY, "mj-all", "mj-class"])
            self._report(UNKNOWN, f'there is no component "{name[:40]}"{hint}', token.offset)
            return
        for attribute in token.attributes:
            self._component_attribute(name, attribute, allowed)

    # -- HTML, words, comments -----------------------------------------------------------------

    def _html(self, token: Token) -> None:
        name, offset = token.text, token.offset
        in_head = "mj-head" in [element.name for element in self._open[:3]]
        known = HEAD_TAGS if in_head else TAGS
        if name not in known:
            if name.lower() in ACTIVE_TAGS:
                self._report(UNSAFE, f"<{name[:40]}> has no place in a mail", offset)
                return
            near = difflib.get_close_matches(name.lower(), list(known), 1)
            hint = f"; did you mean <{near[0]}>?" if near else ""
            sentence = f"the HTML tag <{name[:40]}> cannot be used here{hint}"
            self._report(UNKNOWN, sentence, offset)
            return
        for attribute in token.attributes:
            self._html_attribute(name, attribute, in_head=in_head)
        if name == "a" and any(element.name in _LINKED for element in self._open):
            self._report(WELL_FORMED, "a link cannot stand inside a link", offset)
        if name == "img" and all(attribute.name != "alt" for attribute in token.attributes):
            self._report(GAP, 'img needs alt; write alt="" for decoration', offset)

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
        elif not (parent.is_html or parent.name in WORD_HOLDERS or parent.misplaced):
            self._report(MISPLACED, f"words cannot stand inside <{parent.name}>", at)

    def _comment(self, token: Token) -> None:
        inside = token.text.strip().lower()
        if inside.startswith("[if") or inside.endswith("<![endif]") or "<!" in inside:
            sentence = "conditional comments are written by the MJML compiler alone"
            self._report(WELL_FORMED, sentence, token.offset)
