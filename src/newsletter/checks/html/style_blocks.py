"""O02 and O03: how much CSS stands in the style blocks of a mail, and whether it can be read.

What programs do with too much or broken CSS: see docs/reference/checks.md.
"""

import re
from collections.abc import Iterator
from itertools import islice

from newsletter.checks.html.sight import MOST_FINDINGS
from newsletter.checks.places import Places
from newsletter.checks.request import Composition
from newsletter.checks.styles.css_names import is_strange, meant
from newsletter.checks.styles.css_values import Declarations, read_declarations
from newsletter.checks.styles.style_of_page import StyleBlock
from newsletter.checks.wording import shorten
from newsletter.model.finding import Finding, Severity

STYLE_BUDGET = "O02 style-budget"
STYLE_PARSE = "O03 style-parse"

# Gmail reads 16 KB of CSS over all style blocks (caniemail, html-style note 6); older texts say 8.
WARN_CHARS, MOST_CHARS = 8_000, 16_000
_THEME = "theme.css.j2"
_JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|/\*.*?\*/", re.DOTALL)
_PROPERTY = re.compile(
    r"(?:^|[{;])[ \t]*([A-Za-z][\w-]{0,40})[ \t]*:[^{};\n]{0,300}(?=[;}\n])", re.MULTILINE
)
_MOST_NAMES = 100  # unknown to browsers, that are looked up among those they know


def style_budget(made: Composition) -> Iterator[Finding]:
    """O02: all style blocks together stay below what Gmail reads."""
    blocks = made.page.style.blocks
    size = sum(len(block.css) for block in blocks)
    if size <= WARN_CHARS:
        return
    limit = MOST_CHARS if size > MOST_CHARS else WARN_CHARS
    listed = "; ".join(
        f"block {number} {len(block.css):,} (“{_beginning(block)}”)"
        for number, block in enumerate(blocks, 1)
        if block.css.strip()
    )
    heaviest = max(blocks, key=lambda block: len(block.css))
    css = heaviest.css
    place = Places(made).of_css(css, len(css) - len(css.lstrip()))
    yield Finding(
        check=STYLE_BUDGET,
        severity=Severity.ERROR if size > MOST_CHARS else Severity.WARNING,
        message=f"the style blocks hold {size:,} characters of CSS, more than {limit:,}: "
        "Gmail leaves all of them out when there is too much",
        evidence=shorten(listed, 400),
        file=place.file,
        line=place.line,
        remedy="take out rules that select nothing, and let theme.css say what needs no media rule",
    )


def style_parse(made: Composition) -> Iterator[Finding]:
    """O03: each style block can be read by every program that looks at it."""
    yield from islice(_style_faults(made), MOST_FINDINGS)


def _style_faults(made: Composition) -> Iterator[Finding]:
    places = Places(made)
    style = made.page.style
    slips = _Slips()
    for number, block in enumerate(style.blocks, 1):
        for fault in block.sheet.faults:
            yield _finding(
                places,
                block,
                number,
                offset=fault.offset,
                severity=Severity.ERROR if fault.is_grave else Severity.WARNING,
                message=fault.sentence,
                remedy="mend it: many programs leave out the whole block for one mistake",
            )
        for rule in block.sheet.rules:
            for declaration, remedy in slips.of(rule.declarations):
                yield _finding(
                    places,
                    block,
                    number,
                    offset=rule.offset,
                    severity=Severity.WARNING,
                    message=_dropped(declaration),
                    remedy=remedy,
                )
        for selector, offset in block.sheet.unknown:
            yield _finding(
                places,
                block,
                number,
                offset=offset,
                severity=Severity.INFO,
                message=f"the selector {shorten(selector, 60)} is not known to the checks, which "
                "leave its rule out",
                remedy="look at the mail yourself, or select by class",
            )
    yield from _outdone(made, places)
    yield from _dropped_inline(made, places, slips)
    yield from _unused_in_theme(made)
    if not style.is_whole:
        yield Finding(
            check=STYLE_PARSE,
            severity=Severity.WARNING,
            message="the style blocks hold more rules than the checks can lay on this page",
            file=places.of_css("", 0).file,
            remedy="take out rules that select nothing",
        )


def _outdone(made: Composition, places: Places) -> Iterator[Finding]:
    """Tell of rules under a condition that what is written into the elements stands above."""
    blocks = made.page.style.blocks
    for rule, names in made.page.style.outdone():
        for number, block in enumerate(blocks, 1):
            if any(one is rule for one in block.sheet.rules):
                yield _finding(
                    places,
                    block,
                    number,
                    offset=rule.offset,
                    severity=Severity.WARNING,
                    message=f"{shorten(', '.join(names), 60)} of this rule changes nothing: what is"
                    " written into the elements wins",
                    remedy="write !important behind the value",
                )
                break


def _dropped_inline(made: Composition, places: Places, slips: "_Slips") -> Iterator[Finding]:
    style = made.page.style
    for at, node in enumerate(style.nodes):
        for declaration, remedy in slips.of(read_declarations(node.attributes.get("style", ""))):
            values = (declaration, declaration.partition(":")[2])
            place = places.of(at, values=[one for one in values if not one.strip().isdecimal()])
            evidence = f"{declaration}, on <{node.tag}>"
            yield Finding(
                check=STYLE_PARSE,
                severity=Severity.WARNING,
                message=_dropped(declaration),
                evidence=f"{evidence}, in {place.block}" if place.block else evidence,
                file=place.file,
                line=place.line,
                remedy=remedy,
            )


class _Slips:
    """Tells once what browsers leave out; looks for what was meant with so many names at most."""

    def __init__(self) -> None:
        self._told: set[str] = set()
        self._names: set[str] = set()

    def of(self, declarations: Declarations) -> Iterator[tuple[str, str]]:
        """Return what is left out, with a remedy."""
        for declaration in declarations.dropped:
            if declaration not in self._told:
                self._told.add(declaration)
                yield declaration, "mend the value; a length needs its unit"
        for declaration in declarations.strange:
            name = declaration.partition(":")[0]
            if name in self._names or len(self._names) >= _MOST_NAMES:
                continue
            self._names.add(name)
            if meant(name):
                yield declaration, f'did you mean "{meant(name)}"?'


def _unused_in_theme(made: Composition) -> Iterator[Finding]:
    """Tell of misspelt properties in rules of the theme that this mail has no element for."""
    source = made.request.templates.get(_THEME, "") if made.wrote.files else ""
    plain = _JINJA.sub(lambda found: re.sub(r"[^\n]", "-", found[0]), source)
    for found in _PROPERTY.finditer(plain):
        name = found[1].lower()
        if is_strange(name) and (right := meant(name)) and f"{name}:" not in made.composed.html:
            yield Finding(
                check=STYLE_PARSE,
                severity=Severity.WARNING,
                message=_dropped(" ".join(found[0].strip("{;}\n ").split())),
                file=f"templates/{_THEME}",
                line=plain.count("\n", 0, found.start(1)) + 1,
                remedy=f"write {right}",
            )


def _dropped(declaration: str) -> str:
    return f"programs leave out “{shorten(declaration, 60)}”"


def _finding(
    places: Places,
    block: StyleBlock,
    number: int,
    *,
    offset: int,
    severity: Severity,
    message: str,
    remedy: str,
) -> Finding:
    place = places.of_css(block.css, offset)
    seen = " ".join(block.css[offset : offset + 80].split())
    line = block.css.count("\n", 0, offset) + 1
    return Finding(
        check=STYLE_PARSE,
        severity=severity,
        message=message,
        evidence=f"block {number}, line {line}, character {offset}: “{shorten(seen, 80)}”",
        file=place.file,
        line=place.line,
        remedy=remedy,
    )


def _beginning(block: StyleBlock) -> str:
    return shorten(" ".join(block.css.split()), 30)
