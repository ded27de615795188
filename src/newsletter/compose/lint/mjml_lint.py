"""Our lint over the rendered MJML, before mrml sees it: well-formedness, names, places, safety.

mrml's errors carry no line; it copies unknown tags and scripts into the mail, renders misplaced
blocks, and dies of deep nesting. Every finding here names the line of the template.
"""

import re
from collections.abc import Iterable
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
from newsletter.compose.lint.attribute_lint import (
    Attribute,
    AttributeLint,
    Enough,
    Tag,
    did_you_mean,
)
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
)
from newsletter.model.finding import Finding

_ONCE = frozenset({"mj-head", "mj-body"})
_LINKED = frozenset({"a", "mj-button"})  # elements that are links themselves
_FORM_FIELDS = ("mj-accordion", "mj-carousel")  # what they and their parts begin with
_OUTSIDE = {
    "mj-include": "mj-include reads files; use Jinja's include",
    "mj-font": "mj-font loads a font from outside; use fonts that readers have",
}
# A whole tag: slash, name, attributes, slash. Possessive, so that a broken one is found in one
# pass; a " in single quotes is refused, since mrml writes it out as broken markup.
_TAG = re.compile(
    r"<(/?)([A-Za-z][A-Za-z0-9:_-]*+)"
    r"((?:\s++[^\s\"'<>/=]++(?:\s*+=\s*+(?:\"[^\"<]*+\"|'[^'\"<]*+'))?+)*+)\s*+(/?)>"
)
_ATTRIBUTE = re.compile(r"([^\s\"'<>/=]++)(?:\s*+=\s*+([\"'])(.*?)\2)?+", re.DOTALL)
_BROKEN = "this < begins no whole tag: quote every value and close it with >, or write &lt;"


@dataclass(slots=True)
class _Open:
    """An open element; html counts the HTML elements around and with it."""

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
    """What the lint found, and where the document nests most deeply."""

    findings: list[Finding]
    deepest: Place


def lint_mjml(marked: Marked) -> Linted:
    """Judge a rendered MJML document; at most MAX_FINDINGS errors, in the order of the text."""
    linter = _Linter(marked)
    with suppress(Enough):
        linter.run()
    return Linted(linter.findings, marked.place(linter.deepest_at))


class _Linter(AttributeLint):
    def __init__(self, marked: Marked) -> None:
        super().__init__(marked)
        self._text = marked.text
        self._open: list[_Open] = []
        self._roots = 0
        self._astray = False  # whether the element being read stands where it cannot
        self._classes: set[str] = set()  # names of mj-class
        self._classed: list[tuple[str, int]] = []  # uses of them, which may stand before
        self._deepest = 0
        self.deepest_at = 0

    def run(self) -> None:
        for found in CONTROL.finditer(self._text):
            self._report(WELL_FORMED, f"the control character U+{ord(found[0]):04X}", found.start())
        at = 0
        while at < len(self._text):
            bracket = self._until("<", at)
            if bracket > at:
                self._words(at, bracket)
            at = self._markup(bracket) if bracket < len(self._text) else bracket
        for element in reversed(self._open):
            self._unclosed(element, f"<{element.name}> is never closed")
        if self._roots == 0:
            wrote = "there is no <mjml> element" if self._text.strip() else "the template is empty"
            remedy = "write <mjml><mj-body>…</mj-body></mjml> around what it shows"
            self._report(WELL_FORMED, wrote, 0, remedy=remedy)
        for name, offset in self._classed:  # the compiler says nothing of an unknown one
            if name not in self._classes:
                hint = did_you_mean(name, self._classes)
                self._report(UNKNOWN, f'there is no mj-class "{name[:40]}"{hint}', offset)

    def _until(self, mark: str, at: int) -> int:
        found = self._text.find(mark, at)
        return len(self._text) if found < 0 else found

    def _markup(self, at: int) -> int:
        found = _TAG.match(self._text, at)
        if found is None:
            if self._text.startswith("<!--", at):
                return self._comment(at)
            is_other = self._text[at + 1 : at + 2] in ("!", "?")
            sentence = "only comments may begin with <! or <?" if is_other else _BROKEN
            self._report(WELL_FORMED, sentence, at)
            return self._until("<", at + 1)
        if found[1]:
            self._end(found[2], at)
            return found.end()
        begins = found.start(3)
        attributes = tuple(
            Attribute(one[1], one[3], begins + one.start()) for one in _ATTRIBUTE.finditer(found[3])
        )
        self._start(Tag(found[2], at, attributes, closed=bool(found[4])))
        if found[2] not in STYLE_HOLDERS or found[4]:
            return found.end()
        end = self._until(f"</{found[2]}", found.end())
        for check, sentence, offset in lint_head_block(self._text[found.end() : end]):
            self._report(check, sentence, found.end() + offset)
        return end

    def _start(self, tag: Tag) -> None:
        name, parent = tag.name, self._open[-1] if self._open else None
        in_html = parent is not None and (parent.is_html or parent.name in HTML_HOLDERS)
        is_component = name == "mjml" or name.startswith("mj-")
        names = [attribute.name for attribute in tag.attributes]
        if twice := next((one for one in names if names.count(one) > 1), ""):
            self._report(WELL_FORMED, f'"{twice[:40]}" stands twice in <{name}>', tag.offset)
        self._astray = parent is not None and parent.misplaced
        if is_component:
            self._component(tag, parent, in_html=in_html)
        elif in_html:
            self._html(tag)
        else:
            self._misplaced_html(tag, parent)
        if parent is not None:
            parent.children.add(name)
        if name in VOID:
            return
        if tag.closed:
            if in_html and name in TAGS:
                sentence = f"<{name} /> is not closed for HTML; write <{name}></{name}>"
                self._report(WELL_FORMED, sentence, tag.offset)
            return
        html = 0 if is_component or parent is None else parent.html + 1
        self._open.append(_Open(name, tag.offset, html, self._astray))
        self._deep(tag.offset, html)

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

    def _end(self, name: str, offset: int) -> None:
        if all(element.name != name for element in reversed(self._open)):
            self._report(WELL_FORMED, f"</{name[:40]}> closes nothing", offset)
            return
        while (element := self._open.pop()).name != name:
            self._unclosed(element, f"<{element.name}> is not closed before </{name}>")
        if name == "mjml" and "mj-body" not in element.children:
            self._report(MISPLACED, "<mjml> has no <mj-body>", element.offset)

    def _unclosed(self, element: _Open, sentence: str) -> None:
        remedy = f"write </{element.name}> where it ends"
        self._report(WELL_FORMED, sentence, element.offset, remedy=remedy)

    def _component(self, tag: Tag, parent: _Open | None, *, in_html: bool) -> None:
        name, offset = tag.name, tag.offset
        has_menu = any(one.name == "hamburger" and one.value for one in tag.attributes)
        if name in _OUTSIDE:
            self._report(UNSAFE, _OUTSIDE[name], offset)
        elif parent is not None and parent.name == "mj-attributes":
            self._default(tag)
        elif parent is not None and parent.name == "mj-class":
            self._report(GAP, "mrml cannot read elements inside mj-class", offset)
        elif name.startswith(_FORM_FIELDS) or (name == "mj-navbar" and has_menu):
            what = f"{name}{' with a hamburger' if has_menu else ''}"
            sentence = f"{what} is compiled to form fields, which have no place in a mail"
            self._report(UNSAFE, sentence, offset)
            self._astray = True
        elif name not in COMPONENTS:
            self._no_component(name, offset, COMPONENTS)
            self._astray = True
        else:
            self._placed(name, offset, parent, in_html=in_html)
            self._gaps(tag)
            self._attributes(tag, COMPONENTS[name])
            for attribute in tag.attributes:
                if attribute.name == "mj-class":
                    words = (attribute.value or "").split()
                    self._classed += ((word, attribute.offset) for word in words)

    def _no_component(self, name: str, offset: int, known: Iterable[str]) -> None:
        hint = did_you_mean(name, known)
        self._report(UNKNOWN, f'there is no component "{name[:40]}"{hint}', offset)

    def _placed(self, name: str, offset: int, parent: _Open | None, *, in_html: bool) -> None:
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

    def _misplaced_html(self, tag: Tag, parent: _Open | None) -> None:
        name, offset = tag.name, tag.offset
        if name.lower() in ACTIVE_TAGS:
            self._report(UNSAFE, f"<{name[:40]}> has no place in a mail", offset)
        elif parent is None:
            self._report(WELL_FORMED, f"<{name[:40]}> stands outside <mjml>", offset)
        elif not self._astray:
            self._astray = True
            hint = did_you_mean(f"mj-{name}", COMPONENTS)
            sentence = f"the HTML tag <{name[:40]}> cannot stand inside <{parent.name}>{hint}"
            self._report(MISPLACED, sentence, offset)

    def _default(self, tag: Tag) -> None:
        name = tag.name
        if name == "mj-class":
            self._classes |= {one.value or "" for one in tag.attributes if one.name == "name"}
            self._attributes(tag, {**ANY_ATTRIBUTE, "name": "plain"})
        elif name == "mj-all":
            self._attributes(tag, ANY_ATTRIBUTE)
        elif name in BODY:
            self._attributes(tag, COMPONENTS[name])
        else:
            self._no_component(name, tag.offset, [*BODY, "mj-all", "mj-class"])

    def _html(self, tag: Tag) -> None:
        name, offset = tag.name, tag.offset
        in_head = "mj-head" in [element.name for element in self._open[:3]]
        known = HEAD_TAGS if in_head else TAGS
        if name not in known:
            if name.lower() in ACTIVE_TAGS:
                self._report(UNSAFE, f"<{name[:40]}> has no place in a mail", offset)
                return
            hint = did_you_mean(name.lower(), known, "<{}>")
            sentence = f"the HTML tag <{name[:40]}> cannot be used here{hint}"
            self._report(UNKNOWN, sentence, offset)
            return
        for attribute in tag.attributes:
            self._html_attribute(name, attribute, in_head=in_head)
        if name == "a" and any(element.name in _LINKED for element in self._open):
            self._report(WELL_FORMED, "a link cannot stand inside a link", offset)
        self._lacks(tag)

    def _words(self, at: int, end: int) -> None:
        words = self._text[at:end]
        if words.isspace():
            return
        at += len(words) - len(words.lstrip())
        parent = self._open[-1] if self._open else None
        if parent is None:
            self._report(WELL_FORMED, "words stand outside <mjml>", at)
        elif not (parent.is_html or parent.name in WORD_HOLDERS or parent.misplaced):
            self._report(MISPLACED, f"words cannot stand inside <{parent.name}>", at)

    def _comment(self, at: int) -> int:
        end = self._until("-->", at + 4)
        raw = self._text[at + 4 : end]
        inside = raw.strip().lower()
        if end == len(self._text):
            self._report(WELL_FORMED, "a comment is not closed", at)
        elif "--" in raw or raw.startswith((">", "->")) or raw.endswith("-"):
            self._report(WELL_FORMED, "a comment holds --, which ends it too early", at)
        elif inside.startswith("[if") or "<!" in inside:
            sentence = "conditional comments are written by the MJML compiler alone"
            self._report(WELL_FORMED, sentence, at)
        return end + 3
