"""O02 and O03: how much CSS stands in the style blocks of a mail, and whether it can be read."""

from collections.abc import Iterator
from itertools import islice

from newsletter.checks.html.sight import MOST_FINDINGS
from newsletter.checks.place import place_of_css, place_of_style, tell, template_of
from newsletter.checks.request import Composition
from newsletter.checks.styles.css_values import Declarations, meant, read_declarations
from newsletter.checks.wording import shorten
from newsletter.model.finding import Finding, Severity

STYLE_BUDGET = "O02 style-budget"
STYLE_PARSE = "O03 style-parse"

# Gmail reads 16 KB of CSS over all style blocks (caniemail, html-style note 6); older texts say 8.
WARN_CHARS, MOST_CHARS = 8_000, 16_000
_MOST_TOLD = 100  # declarations, from which no strange name is looked up any more
_MEND = "mend it: many programs leave out the whole block for one mistake"


def style_budget(made: Composition) -> Iterator[Finding]:
    """O02: all style blocks together stay below what Gmail reads."""
    blocks = made.page.style.blocks
    size = sum(len(block.css) for block in blocks)
    if size <= WARN_CHARS:
        return
    limit = MOST_CHARS if size > MOST_CHARS else WARN_CHARS
    listed = "; ".join(f"block {n} {len(block.css):,}" for n, block in enumerate(blocks, 1))
    css = max(blocks, key=lambda block: len(block.css)).css
    yield tell(
        STYLE_BUDGET,
        place_of_css(made, css, len(css) - len(css.lstrip())),
        f"the style blocks hold {size:,} characters of CSS, more than {limit:,}: "
        "Gmail leaves all of them out when there is too much",
        shorten(listed, 400),
        "take out rules that select nothing, and let theme.css say what needs no media rule",
        Severity.ERROR if size > MOST_CHARS else Severity.WARNING,
    )


def style_parse(made: Composition) -> Iterator[Finding]:
    """O03: each style block can be read by every program that looks at it."""
    yield from islice(_style_faults(made), MOST_FINDINGS)


def _style_faults(made: Composition) -> Iterator[Finding]:
    style = made.page.style
    for block in style.blocks:
        for fault in block.sheet.faults:
            severity = Severity.ERROR if fault.is_grave else Severity.WARNING
            yield _at(made, block.css, fault.offset, fault.sentence, _MEND, severity)
    told: set[str] = set()
    for block in style.blocks:
        for rule in block.sheet.rules:
            for declaration, remedy in _slips(rule.declarations, told):
                yield _at(made, block.css, rule.offset, _dropped(declaration), remedy)
    for at, element in enumerate(made.page.elements):
        for declaration, remedy in _slips(read_declarations(element.get("style") or ""), told):
            values = (declaration, declaration.partition(":")[2])
            place = place_of_style(made, at, [one for one in values if not one.strip().isdecimal()])
            evidence = f"{declaration}, on <{element.tag}>"
            yield tell(STYLE_PARSE, place, _dropped(declaration), evidence, remedy)
    if not style.is_whole:
        message = "the style blocks hold more rules than the checks can lay on this page"
        remedy = "take out rules that select nothing"
        yield tell(STYLE_PARSE, (template_of(made), 0), message, remedy=remedy)


def _slips(declarations: Declarations, told: set[str]) -> Iterator[tuple[str, str]]:
    """Return what browsers leave out and was not told yet, with a remedy."""
    for declaration in declarations.dropped:
        if declaration not in told:
            told.add(declaration)
            yield declaration, "mend the value; a length needs its unit"
    for declaration in declarations.strange:
        name = declaration.partition(":")[0]
        if name not in told and len(told) < _MOST_TOLD:
            told.add(name)
            if meant(name):
                yield declaration, f'did you mean "{meant(name)}"?'


def _dropped(declaration: str) -> str:
    return f"programs leave out “{shorten(declaration, 60)}”"


def _at(  # noqa: PLR0917 (one a part of a finding)
    made: Composition,
    css: str,
    offset: int,
    message: str,
    remedy: str,
    severity: Severity = Severity.WARNING,
) -> Finding:
    seen = shorten(" ".join(css[offset : offset + 80].split()), 80)
    line = css.count("\n", 0, offset) + 1
    place = place_of_css(made, css, offset)
    return tell(
        STYLE_PARSE, place, message, f"line {line} of its block: “{seen}”", remedy, severity
    )
