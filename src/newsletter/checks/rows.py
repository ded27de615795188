"""Where the templates set a block of the issue, and where they go through its rows."""

from dataclasses import replace

from newsletter.checks.place import template_of
from newsletter.checks.places import Places, text_lines
from newsletter.checks.request import Composition
from newsletter.model.composed import BlockSpan
from newsletter.model.finding import Finding, Severity

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_TELLING = _HEADINGS | {"a"}


def lost_in_template(made: Composition, finding: Finding) -> Finding:
    """Lay what composing found lost (C09) to the template's line, where that is known.

    Composing names the issue's block, which is whole; it stays in the evidence.
    """
    of_sample = finding.severity is not Severity.ERROR
    if finding.id != "C09" or of_sample or not made.wrote.files:
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
    remedy = finding.remedy
    if finding.file.startswith("templates/"):
        remedy = remedy.replace(f"in {finding.file}", f"in {file}")
    return replace(finding, file=file, line=line, evidence=evidence, remedy=remedy)


def row_place(made: Composition, part: str, line: int) -> tuple[str, int]:
    """Return the template line that sets the issue's block of a line, in the HTML or the text part.

    Where the block is not set at all, it is the line that goes through the rows. line is any within
    the block, 0 for blocks in general.
    """
    if part == "text":
        return _in_text(made)
    if not line:
        sets = (_set_by(made, span) for span in made.composed.spans if _is_telling(made, span))
        wrote = next(filter(None, sets), None)
    else:
        span = _span_at(made, line)
        wrote = None if span is None else _set_by(made, span)
    if wrote is not None:
        return wrote
    place = Places(made).of_words("in rows")
    return (place.file, place.line) if place.line else (template_of(made), 0)


def _span_at(made: Composition, line: int) -> BlockSpan | None:
    """Return the block that a line of the issue stands in."""
    spans = [span for span in made.composed.spans if 0 < span.line <= line]
    nearest = max(spans, key=lambda span: span.line, default=None)
    lines = sorted({link.line for link in made.composed.links if link.line} | _block_lines(made))
    own = max((one for one in lines if one <= line), default=0)
    return nearest if nearest is not None and nearest.line >= own else None


def _block_lines(made: Composition) -> set[int]:
    issue = made.request.issue
    blocks = [*issue.opening, *(one for part in issue.sections for one in part.blocks)]
    return {block.line for block in blocks}


def _is_telling(made: Composition, span: BlockSpan) -> bool:
    return any(one.tag in _TELLING for one in made.page.elements[span.first : span.end])


def _set_by(made: Composition, span: BlockSpan) -> tuple[str, int] | None:
    """Return what wrote a block's headline or link, else its first element."""
    spans = [one for one in made.composed.spans if one.name == span.name]
    inside = [at for one in spans for at in range(one.first, one.end)]
    for tags in (_HEADINGS, _TELLING):
        for at in inside:
            if made.page.elements[at].tag in tags and (wrote := made.wrote.element(at)):
                return wrote
    return made.wrote.element(inside[0]) if inside else None


def _in_text(made: Composition) -> tuple[str, int]:
    file = template_of(made).replace(".mjml.", ".txt.")
    for wanted in ("row.text", "in rows"):
        for name, number, text in text_lines(made):
            if wanted in text:
                return name, number
    return file, 0
