"""Where in the issue file, or in which template, a thing seen in the finished mail was written."""

from collections.abc import Iterator

from newsletter.checks.request import Composition
from newsletter.checks.wording import blocks_of, folded, inlines, passages, text_blocks
from newsletter.model.issue import Story
from newsletter.model.text import InlineImage


def template_of(made: Composition) -> str:
    """Give the path of the template that wrote what stands in no block of the issue."""
    return f"templates/{made.request.newsletter.template}.mjml.j2"


def forgotten_parts(made: Composition) -> frozenset[str]:
    """Name the parts, HTML and text, of which C09 says that their template forgets the blocks.

    What else those parts lack is no news then.
    """
    files = {finding.file for finding in made.request.compile_findings if finding.id == "C09"}
    page = template_of(made)
    by_file = {page: "HTML", page.replace(".mjml.", ".txt."): "text"}
    return frozenset(part for file, part in by_file.items() if file in files)


def place_of(made: Composition, *, url: str = "", words: str = "") -> tuple[str, int]:
    """Give file and line of a link's or picture's address, or of words; else the template."""
    line = (_line_of_url(made, url) if url else 0) or (_line_of_words(made, words) if words else 0)
    return (made.file, line) if line else (template_of(made), 0)


def issue_images(made: Composition) -> Iterator[tuple[str, int]]:
    """Give the address of every picture that the issue names, with its line."""
    for block in blocks_of(made.request.issue):
        if isinstance(block, Story) and block.image is not None:
            yield block.image.url, block.image.line or block.line
        for inline, line in inlines(text_blocks(block)):
            if isinstance(inline, InlineImage):
                yield inline.url, line or block.line


def _line_of_url(made: Composition, url: str) -> int:
    links = ((link.url, link.line) for link in made.composed.links if link.line)
    return next((line for known, line in (*links, *issue_images(made)) if known == url), 0)


def _line_of_words(made: Composition, words: str) -> int:
    wanted = folded(words)
    part = 0
    for passage in passages(made.request.issue):
        text = folded(passage.text)
        if text and text == wanted:
            return passage.line
        if not part and wanted and wanted in text:
            part = passage.line
    return part
