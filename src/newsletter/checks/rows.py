"""Where the templates set a block of the issue, and where they go through its rows."""

from dataclasses import replace

from newsletter.checks.place import Places, template_of, text_lines
from newsletter.checks.request import Composition
from newsletter.checks.wording import blocks_of
from newsletter.model.composed import BlockSpan
from newsletter.model.finding import Finding, Severity

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_TELLING = _HEADINGS | {"a"}


def lost_in_template(made: Composition, finding: Finding) -> Finding:
    """Lay what composing found lost (C09) to the template's line, where that is known.

    Composing names the issue's block, which is whole; it stays in the evidence.
    """
    if finding.id != "C09" or finding.severity is not Severity.ERROR or not made.wrote.files:
        return finding
    part = "text" if "text part" in finding.message else "HTML"
    if "unsubscribe" in finding.message:  # it belongs to no block
        page = template_of(made)
        file = page.replace(".mjml.", ".txt.") if part == "text" else page
        return replace(finding, file=file, line=0)
    return in_template(made, finding, part)


def in_template(made: Composition, finding: Finding, part: str) -> Finding:
    """Lay a finding on a block of the issue to the template line that sets it in a part."""
    file, line = row_place(made, part, finding.line)
    evidence = finding.evidence
    if finding.line:
        evidence = f"{evidence} ({finding.file}:{finding.line})".lstrip()
    remedy = finding.remedy.replace(f"in {finding.file}", f"in {file}")
    return replace(finding, file=file, line=line, evidence=evidence, remedy=remedy)


def row_place(made: Composition, part: str, line: int) -> tuple[str, int]:
    """Return the template line that sets the issue's block of a line, in the HTML or the text part.

    Where the block is not set at all, it is the line that goes through the rows. line is any within
    the block, 0 for blocks in general.
    """
    page = template_of(made)
    if part == "text":
        lines = [(file, at) for file, at, text in text_lines(made) if "row.text" in text]
        lines += [(file, at) for file, at, text in text_lines(made) if "in rows" in text]
        return lines[0] if lines else (page.replace(".mjml.", ".txt."), 0)
    spans = made.composed.spans if not line else _spans_at(made, line)
    wrote = next(filter(None, (_set_by(made, span) for span in spans)), None)
    if wrote is not None:
        return wrote
    place = Places(made).of_words("in rows")
    return (place.file, place.line) if place.line else (page, 0)


def _spans_at(made: Composition, line: int) -> tuple[BlockSpan, ...]:
    """Return the block that a line of the issue stands in, if it is set."""
    spans = [span for span in made.composed.spans if 0 < span.line <= line]
    nearest = max(spans, key=lambda span: span.line, default=None)
    lines = {link.line for link in made.composed.links}
    lines |= {block.line for block in blocks_of(made.request.issue)}
    own = max((one for one in lines if one <= line), default=0)
    return (nearest,) if nearest is not None and nearest.line >= own else ()


def _set_by(made: Composition, span: BlockSpan) -> tuple[str, int] | None:
    """Return what wrote a block's headline or link, else its first element."""
    spans = [one for one in made.composed.spans if one.name == span.name]
    inside = [at for one in spans for at in range(one.first, one.end)]
    for tags in (_HEADINGS, _TELLING):
        for at in inside:
            if made.page.elements[at].tag in tags and (wrote := made.wrote.element(at)):
                return wrote
    return made.wrote.element(inside[0]) if inside else None
