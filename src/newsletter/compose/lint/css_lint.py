"""Lint of CSS: the theme that is inlined, the head blocks that are not, and style attributes.

Theme: class and element selectors, nothing else, since premailer drops or twists the rest without a
word (measured). Head blocks stay byte for byte, so they may hold @media and !important; a client
drops a whole block for one mistake in it. Nowhere may CSS fetch, import or run anything.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from newsletter.compose.line_marks import MAX_FINDINGS, THEME, UNSAFE, WELL_FORMED, Marked
from newsletter.compose.lint.html_rules import TAGS
from newsletter.model.finding import Finding, Severity

Report = Callable[[str, str, int], None]  # check, sentence, offset

# What is not closed ends with the sheet or the line, so that each is read once.
_COMMENT_OR_STRING = re.compile(
    r"""/\*.*?(?:\*/|\Z) | "(?:[^"\\\n]|\\.)*+(?:"|\n|\\?\Z)
    | '(?:[^'\\\n]|\\.)*+(?:'|\n|\\?\Z)""",
    re.DOTALL | re.VERBOSE,
)
_ACTIVE = (
    (re.compile(r"url\s*\(", re.IGNORECASE), "url() fetches from outside"),
    (
        re.compile(r"image-set\s*\(|(?<![\w-])image\s*\(", re.IGNORECASE),
        "image() fetches from outside",
    ),
    (
        re.compile(r"(?<![\w-])src\s*\(|cross-fade\s*\(", re.IGNORECASE),
        "src() and cross-fade() fetch from outside",
    ),
    (re.compile(r"expression\s*\(", re.IGNORECASE), "expression() is a script"),
    (re.compile(r"javascript\s*:|vbscript\s*:", re.IGNORECASE), "a script has no place in CSS"),
    (re.compile(r"-moz-binding|(?<![\w-])behavior\s*:", re.IGNORECASE), "a binding is a script"),
)
# Statements without a body: each is reported whole, whatever it names.
_STATEMENTS = (
    (re.compile(r"@import[^;{}]*;?", re.IGNORECASE), "@import fetches from outside"),
    (
        re.compile(r"@(?:charset|namespace)[^;{}]*;?", re.IGNORECASE),
        "@charset and @namespace have no place here",
    ),
)
_SIMPLE = re.compile(r"(?:[a-z][a-z0-9]*|(?:[a-z][a-z0-9]*)?(?:\.[A-Za-z_][\w-]*)+)")
_DECLARATION = re.compile(r"(-{0,2}[a-zA-Z][\w-]*)\s*:\s*([^\s:].*)", re.DOTALL)
_RUN_ON = re.compile(r"\s[a-z][a-z-]{2,30}\s*:\s*\S", re.IGNORECASE)
# A # with as many digits as no colour has, or with what is no digit.
_NO_COLOUR = re.compile(
    r"(?<![\w&#])#(?!(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})(?![\w-]))[\w-]*", re.IGNORECASE
)
_ELEMENTS = frozenset(TAGS) | {"body", "center", "font", "html", "strike"}
_FORMAT = "write name: value;"
# The inliner looks through the mail for each selector, and reads each style with care: beyond these
# it takes seconds. Ours has some ninety selectors in 12,000 characters.
MOST_SELECTORS = 2_000
LONGEST_THEME = 150_000
LONGEST_STYLE = 5_000  # characters of one style attribute


def lint_theme(css: Marked) -> tuple[Finding, ...]:
    """Return what is wrong with a theme sheet."""
    findings: list[Finding] = []

    def report(check: str, sentence: str, offset: int) -> None:
        if len(findings) < MAX_FINDINGS:
            findings.append(_finding(css, check, sentence, offset))

    if len(css.text) > LONGEST_THEME:
        report(THEME, f"the theme has more than {LONGEST_THEME:,} characters; cut it", 0)
        return tuple(findings)
    _lint_comments(css.text, report)
    _lint_split_words(css.text, report)
    text = _lint_active(_blanked(css.text), report)
    selectors = 0
    for selector, body, at, body_at in _rules(text, report):
        selectors += 1 + selector.count(",")
        if selectors > MOST_SELECTORS:
            report(THEME, f"the theme has more than {MOST_SELECTORS:,} selectors; cut it", at)
            break
        if selector.lstrip().startswith("@"):
            name = selector.split()[0] if selector.split() else "@"
            report(THEME, f"{name} cannot be inlined; put it in an mj-style block", at)
            continue
        _lint_selector(selector, at, report)
        if "{" in body:
            report(THEME, "rules inside rules cannot be inlined", body_at)
            continue
        _lint_body(body, body_at, report)
        important = re.search(r"!\s*important", body, re.IGNORECASE)
        if important:
            report(
                THEME,
                "!important is lost when the theme is inlined; leave it out",
                body_at + important.start(),
            )
    return tuple(findings)


@lru_cache(maxsize=32)
def lint_head_block(css: str) -> tuple[tuple[str, str, int], ...]:
    """Return check, sentence and offset of what makes the CSS of an mj-style block unsafe.

    Whether programs can read it, the checks of the finished mail tell (O03).
    """
    faults: list[tuple[str, str, int]] = []

    def report(check: str, sentence: str, offset: int) -> None:
        faults.append((check, sentence, offset))

    _lint_split_words(css, report)
    text = _blanked(css)
    if "<" in text:
        report(WELL_FORMED, "a < inside CSS ends the MJML's style block", text.index("<"))
    _lint_active(text, report)
    return tuple(faults)


def lint_style_attribute(css: str) -> str:
    """Return what is wrong with a style attribute or a CSS value, "" where nothing is."""
    if len(css) > LONGEST_STYLE:
        return f"more than {LONGEST_STYLE:,} characters of style are more than any mail needs"
    for pattern, sentence in (*_STATEMENTS, *_ACTIVE):
        if pattern.search(css):
            return sentence
    if "\\" in css or "/*" in css:
        return "escapes and comments have no place in a style attribute"
    if any(char in css for char in "{}<>@") or "[[" in css:
        return "brackets and @ have no place in a style attribute"
    return ""


def broken_declaration(css: str) -> str:
    """Return the first piece of a style attribute that is no ``name: value``, "" where none is.

    The inliner drops such a piece without a word. ``*name`` is what old versions of Outlook read.
    """
    for piece in _blanked(css).split(";"):
        words = " ".join(piece.split())
        if words and not _DECLARATION.fullmatch(words.removeprefix("*")):
            return words
    return ""


def _lint_split_words(css: str, report: Report) -> None:
    """Report comments within words: old programs read "expr/**/ession" as one."""
    for found in _COMMENT_OR_STRING.finditer(css):
        beside = css[max(found.start() - 1, 0) : found.start()] + css[found.end() : found.end() + 1]
        if found[0].startswith("/*") and len(beside) > 1 and beside.isalpha():
            report(UNSAFE, "a comment within a word can hide the word", found.start())


def _lint_comments(css: str, report: Report) -> None:
    for found in _COMMENT_OR_STRING.finditer(css):
        if found[0].startswith("/*") and (len(found[0]) < len("/**/") or found[0][-2:] != "*/"):
            report(THEME, "a comment is never closed", found.start())


def _lint_active(text: str, report: Report) -> str:
    """Report what fetches or runs; give the sheet without the statements that are done with."""
    for statement, sentence in _STATEMENTS:
        for found in statement.finditer(text):
            report(UNSAFE, sentence, found.start())
        text = statement.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
    for pattern, sentence in _ACTIVE:
        for found in pattern.finditer(text):
            report(UNSAFE, sentence, found.start())
    escape = text.find("\\")
    if escape >= 0:
        report(UNSAFE, "CSS escapes can hide a word from this check; write it plainly", escape)
    return text


def _lint_selector(selector: str, at: int, report: Report) -> None:
    if not selector.strip():
        report(THEME, "a rule has no selector", at)
        return
    for part in selector.split(","):
        words = part.split()
        if not words:
            report(THEME, "a selector list has an empty place", at)
        for word in words:
            if not _SIMPLE.fullmatch(word):
                report(
                    THEME,
                    f'the selector "{" ".join(words)[:60]}" cannot be inlined: use classes and'
                    " element names alone",
                    at + max(selector.find(word), 0),
                )
                break
            element = word.partition(".")[0]
            if element and element not in _ELEMENTS:
                sentence = f'"{element[:40]}" is no element of HTML, so its rule selects nothing'
                hint = f'; write ".{element[:40]}" if a class is meant'
                report(THEME, sentence + hint, at + max(selector.find(word), 0))


def _lint_body(body: str, at: int, report: Report) -> None:
    position = 0
    declarations = body.split(";")
    for index, declaration in enumerate(declarations):
        start = at + position + len(declaration) - len(declaration.lstrip())
        position += len(declaration) + 1
        if not declaration.strip():
            if index < len(declarations) - 1:
                report(THEME, f"a ; stands alone; {_FORMAT}", start)
            continue
        if not _DECLARATION.fullmatch(declaration.strip()):
            shown = " ".join(declaration.split())[:60]
            report(THEME, f'"{shown}" is no declaration; {_FORMAT}', start)
        elif (found := _NO_COLOUR.search(declaration.partition(":")[2])) and "(" not in declaration:
            report(THEME, f"{found[0][:20]} is no colour; write three or six digits", start)
        elif "(" not in declaration and _RUN_ON.search(declaration.partition(":")[2]):
            report(THEME, f"a ; is missing between two declarations; {_FORMAT}", start)


def _rules(text: str, report: Report) -> Iterator[tuple[str, str, int, int]]:
    """Return selector, body and their offsets for each rule of one level, bodies whole."""
    position = 0
    while position < len(text):
        opening = text.find("{", position)
        stray = text.find("}", position)
        if stray >= 0 and (opening < 0 or stray < opening):
            report(THEME, "a } closes nothing", stray)
            position = stray + 1
            continue
        if opening < 0:
            rest = text[position:]
            if rest.strip():
                at = position + len(rest) - len(rest.lstrip())
                report(THEME, "the last rule has no { }", at)
            return
        prelude = text[position:opening]
        at = position + len(prelude) - len(prelude.lstrip())
        closing = _closing(text, opening)
        if closing is None:
            report(THEME, "a { is never closed", opening)
            return
        if ";" in prelude:
            report(THEME, "a ; stands before a rule", at)
        yield prelude.strip(), text[opening + 1 : closing], at, opening + 1
        position = closing + 1


def _closing(text: str, opening: int) -> int | None:
    depth = 0
    for found in re.compile("[{}]").finditer(text, opening):
        depth += 1 if found[0] == "{" else -1
        if depth == 0:
            return found.start()
    return None


def _blanked(css: str) -> str:
    """Blank out comments, and strings but for their first quote; offsets and line ends stay."""

    def blank(found: re.Match[str]) -> str:
        inside = re.sub(r"[^\n]", " ", found[0])
        return inside if found[0].startswith("/*") else found[0][0] + inside[1:]

    return _COMMENT_OR_STRING.sub(blank, css)


def _finding(css: Marked, check: str, sentence: str, offset: int) -> Finding:
    place = css.place(offset)
    line = css.text[css.text.rfind("\n", 0, offset) + 1 :].partition("\n")[0]
    return Finding(
        check=check,
        severity=Severity.ERROR,
        message=sentence,
        evidence=line.strip()[:120],
        file=place.file,
        line=place.line,
    )
