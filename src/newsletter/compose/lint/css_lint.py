"""Lint of CSS: the theme that is inlined, the head blocks that are not, and style attributes.

Theme: class and element selectors, nothing else, since premailer drops or twists the rest without a
word (measured). Head blocks stay byte for byte, so they may hold @media and !important; a client
drops a whole block for one mistake in it. Nowhere may CSS fetch, import or run anything.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from newsletter.compose.line_marks import MAX_FINDINGS, THEME, UNSAFE, WELL_FORMED, Marked
from newsletter.compose.lint.html_rules import TAGS
from newsletter.model.finding import Finding, Severity

Fault = tuple[str, str, int]  # check, sentence, offset

# What is not closed ends with the sheet or the line, so that each is read once.
_COMMENT_OR_STRING = re.compile(
    r"""/\*.*?(?:\*/|\Z) | "(?:[^"\\\n]|\\.)*+(?:"|\n|\\?\Z)
    | '(?:[^'\\\n]|\\.)*+(?:'|\n|\\?\Z)""",
    re.DOTALL | re.VERBOSE,
)
# A statement without a body is one mistake, whatever it names.
_STATEMENT = re.compile(r"@(?:import|charset|namespace)[^;{}]*;?", re.IGNORECASE)
_ACTIVE = re.compile(
    r"(?:url|image-set|\bimage|\bsrc|cross-fade|expression)\s*\("
    r"|(?:javascript|vbscript)\s*:|-moz-binding|(?<![\w-])behavior\s*:",
    re.IGNORECASE,
)
_SIMPLE = re.compile(r"(?:[a-z][a-z0-9]*|(?:[a-z][a-z0-9]*)?(?:\.[A-Za-z_][\w-]*)+)")
_DECLARATION = re.compile(r"-{0,2}[a-zA-Z][\w-]*\s*:\s*([^\s:].*)", re.DOTALL)
_RUN_ON = re.compile(r"\s[a-z][a-z-]{2,30}\s*:\s*\S", re.IGNORECASE)
# A # with as many digits as no colour has, or with what is no digit.
_NO_COLOUR = re.compile(
    r"(?<![\w&#])#(?!(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})(?![\w-]))[\w-]*", re.IGNORECASE
)
_IMPORTANT = re.compile(r"!\s*important", re.IGNORECASE)
_BRACE = re.compile("[{}]")
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
    for check, sentence, offset in _theme_faults(css.text):
        if len(findings) == MAX_FINDINGS:
            break
        place = css.place(offset)
        line = css.text[css.text.rfind("\n", 0, offset) + 1 :].partition("\n")[0]
        findings.append(
            Finding(
                check=check,
                severity=Severity.ERROR,
                message=sentence,
                evidence=line.strip()[:120],
                file=place.file,
                line=place.line,
            )
        )
    return tuple(findings)


@lru_cache(maxsize=32)
def lint_head_block(css: str) -> tuple[Fault, ...]:
    """Return check, sentence and offset of what makes the CSS of an mj-style block unsafe."""
    text = _blanked(css)
    faults = [*_split_words(css), *_active(text)]
    if "<" in text:
        sentence = "a < inside CSS ends the MJML's style block"
        faults.append((WELL_FORMED, sentence, text.index("<")))
    return tuple(faults)


def lint_style_attribute(css: str) -> str:
    """Return what is wrong with a style attribute or a CSS value, "" where nothing is."""
    if len(css) > LONGEST_STYLE:
        return f"more than {LONGEST_STYLE:,} characters of style are more than any mail needs"
    for _, sentence, _ in _active(css):
        return sentence
    if any(each in css for each in ("/*", "{", "}", "<", ">", "@", "[[")):
        return "comments, brackets and @ have no place in a style attribute"
    return ""


def broken_declaration(css: str) -> str:
    """Return the first piece of a style attribute that is no ``name: value``, else ""."""
    for piece in _blanked(css).split(";"):
        words = " ".join(piece.split())
        if words and not _DECLARATION.fullmatch(words.removeprefix("*")):
            return words
    return ""


def _theme_faults(css: str) -> Iterator[Fault]:
    if len(css) > LONGEST_THEME:
        yield THEME, f"the theme has more than {LONGEST_THEME:,} characters; cut it", 0
        return
    for found in _COMMENT_OR_STRING.finditer(css):
        if found[0].startswith("/*") and (len(found[0]) < len("/**/") or found[0][-2:] != "*/"):
            yield THEME, "a comment is never closed", found.start()
    yield from _split_words(css)
    text = _blanked(css)
    yield from _active(text)
    text = _STATEMENT.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
    position = selectors = 0
    while (brace := _BRACE.search(text, position)) is not None:
        prelude = text[position : brace.start()]
        at = position + len(prelude) - len(prelude.lstrip())
        if brace[0] == "}":
            yield THEME, "a } closes nothing", brace.start()
            position = brace.end()
            continue
        closing = _closing(text, brace.start())
        if closing is None:
            yield THEME, "a { is never closed", brace.start()
            return
        position = closing + 1
        selectors += 1 + prelude.count(",")
        if selectors > MOST_SELECTORS:
            yield THEME, f"the theme has more than {MOST_SELECTORS:,} selectors; cut it", at
            return
        yield from _rule_faults(prelude.strip(), at, text[brace.end() : closing], brace.end())
    rest = text[position:]
    if rest.strip():
        yield THEME, "the last rule has no { }", position + len(rest) - len(rest.lstrip())


def _rule_faults(selector: str, at: int, body: str, body_at: int) -> Iterator[Fault]:
    if selector.startswith("@"):
        name = selector.split(maxsplit=1)[0]
        yield THEME, f"{name} cannot be inlined; put it in an mj-style block", at
        return
    yield from _selector_faults(selector, at)
    if "{" in body:
        yield THEME, "rules inside rules cannot be inlined", body_at
        return
    yield from _body_faults(body, body_at)
    if important := _IMPORTANT.search(body):
        sentence = "!important is lost when the theme is inlined; leave it out"
        yield THEME, sentence, body_at + important.start()


def _selector_faults(selector: str, at: int) -> Iterator[Fault]:
    for part in selector.split(","):
        if not part.strip():
            yield THEME, "a selector is missing", at
        for word in part.split():
            start = at + selector.find(word)
            element = word.partition(".")[0]
            if not _SIMPLE.fullmatch(word):
                shown = " ".join(part.split())[:60]
                sentence = (
                    f'the selector "{shown}" cannot be inlined: use classes and element names alone'
                )
                yield THEME, sentence, start
                break
            if element and element not in _ELEMENTS:
                sentence = (
                    f'"{element[:40]}" is no element of HTML, so its rule selects nothing;'
                    f' write ".{element[:40]}" if a class is meant'
                )
                yield THEME, sentence, start


def _body_faults(body: str, at: int) -> Iterator[Fault]:
    for declaration in body.split(";"):
        words = declaration.strip()
        start = at + len(declaration) - len(declaration.lstrip())
        at += len(declaration) + 1
        if not words:
            continue
        found = _DECLARATION.fullmatch(words)
        if found is None:
            yield THEME, f'"{" ".join(words.split())[:60]}" is no declaration; {_FORMAT}', start
        elif "(" in words:
            continue
        elif colour := _NO_COLOUR.search(found[1]):
            yield THEME, f"{colour[0][:20]} is no colour; write three or six digits", start
        elif _RUN_ON.search(found[1]):
            yield THEME, f"a ; is missing between two declarations; {_FORMAT}", start


def _split_words(css: str) -> Iterator[Fault]:
    """Report comments within words: old programs read "expr/**/ession" as one."""
    for found in _COMMENT_OR_STRING.finditer(css):
        beside = css[max(found.start() - 1, 0) : found.start()] + css[found.end() : found.end() + 1]
        if found[0].startswith("/*") and len(beside) > 1 and beside.isalpha():
            yield UNSAFE, "a comment within a word can hide the word", found.start()


def _active(text: str) -> Iterator[Fault]:
    for found in _STATEMENT.finditer(text):
        yield UNSAFE, f"{found[0].split()[0][:20]} has no place in a mail's CSS", found.start()
    for found in _ACTIVE.finditer(_STATEMENT.sub(lambda one: " " * len(one[0]), text)):
        what = "".join(found[0].split()).replace("(", "()")
        yield UNSAFE, f"{what} fetches or runs what is outside the mail", found.start()
    if (escape := text.find("\\")) >= 0:
        yield UNSAFE, "CSS escapes can hide a word from this check; write it plainly", escape


def _closing(text: str, opening: int) -> int | None:
    depth = 0
    for found in _BRACE.finditer(text, opening):
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
