"""Where the templates set a block of the issue, and where they go through its rows."""

from dataclasses import replace

from newsletter.checks.place import Place, place_of_markup, template_of, text_lines
from newsletter.checks.request import Composition
from newsletter.checks.wording import blocks_of
from newsletter.model.composed import BlockSpan
from newsletter.model.finding import Finding, Severity

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


def lost_in_template(made: Composition, finding: Finding) -> Finding:
    """Lay what composing found lost (C09) to the template's line, where that is known.

    Composing names the issue's block, which is whole; it stays in the evidence.
    """
    of_sample = finding.severity is not Severity.ERROR
    if finding.id != "C09" or of_sample or not made.wrote.files:
        return finding
    part = "text" if "text part" in finding.message else "HTML"
    if "unsubscribe" in finding.message:  # it belongs to no block
        return replace(finding, file=template_of(made, part), line=0)
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


def row_place(made: Composition, part: str, line: int) -> Place:
    """Return the template line that sets the issue's block of a line, in the HTML or the text part.

    Where the block is not set at all, it is the line that goes through the rows. line is any within
    the block, 0 for blocks in general.
    """
    if part == "text":
        for wanted in ("row.text", "in rows"):
            for name, number, text in text_lines(made):
                if wanted in text:
                    return name, number
        return template_of(made, part), 0
    spans = [span for span in made.composed.spans if span.line]
    if line:
        starts = [block.line for block in blocks_of(made.request.issue) if block.line <= line]
        starts += [link.line for link in made.composed.links if 0 < link.line <= line]
        spans = [span for span in spans if max(starts, default=0) <= span.line <= line]
        spans.sort(key=lambda span: -span.line)
    wrote = (_set_by(made, span) for span in spans)
    return next(filter(None, wrote), None) or place_of_markup(made, "in rows")


def _set_by(made: Composition, span: BlockSpan) -> Place | None:
    """Return what wrote a block's headline or link, else its first element."""
    spans = [one for one in made.composed.spans if one.name == span.name]
    inside = [at for one in spans for at in range(one.first, one.end)]
    for tags in (_HEADINGS, {"a"}):
        for at in inside:
            if made.page.elements[at].tag in tags and (wrote := made.wrote.element(at)):
                return wrote
    return made.wrote.element(inside[0]) if inside else None
