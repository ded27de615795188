"""Where in the issue file, or in which template, a thing seen in the finished mail was written."""

from collections.abc import Iterator
from html import escape

from lxml import etree

from newsletter.checks.page import PageLink
from newsletter.checks.request import Composition
from newsletter.checks.wording import blocks_of, folded, inlines, text_blocks
from newsletter.checks.written import ADDRESSES
from newsletter.model.finding import Severity
from newsletter.model.issue import Story
from newsletter.model.text import InlineImage

_LONGEST_LINE = 400  # characters of a template's line that are looked at


def template_of(made: Composition) -> str:
    """Return the path of the template that wrote what stands in no block of the issue."""
    return f"templates/{made.request.newsletter.template}.mjml.j2"


def forgotten_parts(made: Composition) -> frozenset[str]:
    """Name the parts, HTML and text, of which C09 says that their template forgets the blocks.

    What else those parts lack is no news then.
    """
    files = {
        finding.file
        for finding in made.request.compile_findings
        if finding.id == "C09" and finding.severity is Severity.ERROR  # else of a sample issue
    }
    page = template_of(made)
    by_file = {page: "HTML", page.replace(".mjml.", ".txt."): "text"}
    return frozenset(part for file, part in by_file.items() if file in files)


def place_of(
    made: Composition, *, url: str = "", words: str = "", element: etree._Element | None = None
) -> tuple[str, int]:
    """Return file and line of a link's or picture's address, or of words; else the template.

    What the issue does not hold was written by a template: element is the one it stands in. Where
    composing does not tell, templates are looked through for it as they write it.
    """
    line = (line_of_url(made, url) if url else 0) or (_line_of_words(made, words) if words else 0)
    if line:
        return made.file, line
    wrote = None if element is None else made.wrote.element(made.page.style.at(element))
    return wrote or written_in_template(made, url=url, words=words) or (template_of(made), 0)


def written_in_template(
    made: Composition, *, url: str = "", words: str = ""
) -> tuple[str, int] | None:
    """Return file and line of the template that writes an address, or words between two tags."""
    needles = [f'"{one}"' for one in (url, escape(url)) if url]
    needles += [f">{escape(one, quote=False)}<" for one in (words.strip(),) if one]
    for needle in needles:
        for name, number, text in template_lines(made):
            if needle in text:
                return name, number
    return None


def template_lines(made: Composition) -> Iterator[tuple[str, int, str]]:
    """Return file, number and text of each line that templates write the HTML with.

    The newsletter's own template comes first, then theme and shared parts, then other templates;
    those that had no part in the page are left out, where composing tells which.
    """
    sources = made.request.templates
    own = f"{made.request.newsletter.template}."
    html = [name for name in sources if not name.endswith((".txt.j2", ".txt"))]
    used = made.wrote.files
    if used:
        html = [
            one for one in html if f"templates/{one}" in used or one.startswith(("theme.", own))
        ]
    for name in sorted(html, key=lambda one: (not one.startswith(own), "theme" not in one, one)):
        for number, text in enumerate(sources[name].split("\n"), 1):
            yield f"templates/{name}", number, text[:_LONGEST_LINE]


def line_of_template(made: Composition, place: tuple[str, int]) -> str:
    """Return the text of a template's line; "" where there is none."""
    source = made.request.templates.get(place[0].removeprefix("templates/"), "")
    lines = source.split("\n")
    return lines[place[1] - 1] if 0 < place[1] <= len(lines) else ""


def place_of_words(made: Composition, link: PageLink, words: str) -> tuple[str, int]:
    """Return what wrote a link's words: a template where its line holds them, else the issue."""
    wrote = made.wrote.element(made.page.style.at(link.element))
    wanted = folded(words)
    if wrote and wanted and wanted in folded(line_of_template(made, wrote)):
        return wrote
    return place_of(made, url=link.url, element=link.element)


def line_of_url(made: Composition, url: str) -> int:
    """Return the line on which the issue writes an address; 0 where it does not."""
    fields = (one for one in made.request.written if one.field in ADDRESSES and not one.file)
    line = next((one.line for one in fields if one.text == url), 0)
    return line or next((one.line for one in made.composed.links if one.url == url), 0)


def issue_images(made: Composition) -> Iterator[tuple[str, int]]:
    """Return the address of every picture that the issue names, with its line."""
    for block in blocks_of(made.request.issue):
        if isinstance(block, Story) and block.image is not None:
            yield block.image.url, block.image.line or block.line
        for inline, line in inlines(text_blocks(block)):
            if isinstance(inline, InlineImage):
                yield inline.url, line or block.line


def _line_of_words(made: Composition, words: str) -> int:
    wanted = folded(words)
    part = 0
    for passage in made.request.passages:
        text = folded(passage.text)
        if text and text == wanted:
            return passage.line
        if not part and wanted and wanted in text:
            part = passage.line
    return part
