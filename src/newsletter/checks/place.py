"""Where in the issue file, or in which template, a thing seen in the finished mail was written.

Composing tells which template line wrote each element. Content sets no style, so a fault of style
is a template's: its line is the one that names the value or the class, else the one that wrote the
element; the issue's block stands in where no template is known.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from lxml import etree

from newsletter.checks.page import PageLink
from newsletter.checks.request import Composition
from newsletter.checks.wording import blocks_of, folded, inlines, text_blocks
from newsletter.checks.written import ADDRESSES
from newsletter.model.finding import Finding, Severity
from newsletter.model.issue import Story
from newsletter.model.text import InlineImage

Place = tuple[str, int]  # a file as it is shown to the user, and a line; 0 where none applies
Line = tuple[str, int, str]  # the same with the line's text

_LONGEST_LINE = 400  # characters of a template's line that are looked at
_STEPS_UP = 6  # around an element: further up, a class says nothing about it
_CLASS = re.compile(r"""(?:^|["'\s.])([\w-]+)(?=["'\s.,:{>)]|$)""")


def tell(  # noqa: PLR0917 (one a part of a finding)
    check: str,
    place: Place,
    message: str,
    evidence: str = "",
    remedy: str = "",
    severity: Severity = Severity.WARNING,
) -> Finding:
    """Return a finding at a place, a warning where nothing else is said."""
    return Finding(
        check=check,
        severity=severity,
        message=message,
        evidence=evidence,
        file=place[0],
        line=place[1],
        remedy=remedy,
    )


def and_more(count: int) -> str:
    """Return how many more there are than the one that is shown; "" for none."""
    return f" and {count - 1} more" if count > 1 else ""


def template_of(made: Composition, part: str = "HTML") -> str:
    """Return the path of the template of a part, "HTML" or "text"."""
    kind = "mjml" if part == "HTML" else "txt"
    return f"templates/{made.request.newsletter.template}.{kind}.j2"


def forgotten_parts(made: Composition) -> frozenset[str]:
    """Return the parts, HTML and text, of which C09 says that their template forgets the blocks.

    What else those parts lack is no news then.
    """
    files = {
        finding.file
        for finding in made.request.compile_findings
        if finding.id == "C09" and finding.severity is Severity.ERROR  # else of a sample issue
    }
    return frozenset(part for part in ("HTML", "text") if template_of(made, part) in files)


def place_of(
    made: Composition, *, url: str = "", words: str = "", element: etree._Element | None = None
) -> Place:
    """Return where a link's or picture's address, or words, are written; else the template.

    What the issue does not hold was written by a template: element is the one it stands in.
    """
    line = (line_of_url(made, url) if url else 0) or (_line_of_words(made, words) if words else 0)
    if line:
        return made.file, line
    wrote = None if element is None else made.wrote.element(made.page.style.at(element))
    return wrote or (template_of(made), 0)


def place_of_words(made: Composition, link: PageLink, words: str) -> Place:
    """Return what wrote a link's words: a template where its line holds them, else the issue."""
    wrote = made.wrote.element(made.page.style.at(link.element))
    wanted = folded(words)
    if wrote and wanted and wanted in folded(line_of_template(made, wrote)):
        return wrote
    return place_of(made, url=link.url, element=link.element)


def place_of_style(
    made: Composition, at: int, values: Sequence[str] = (), names: Sequence[str] = ()
) -> Place:
    """Return what gave an element its looks, by its position.

    values are parts of its style as written, like #aaa or 6vw; names are properties that a rule
    for its classes would set.
    """
    wrote = made.wrote.element(at)
    chain = islice(made.page.style.around(at), _STEPS_UP)
    elements = (made.page.elements[one] for one in chain)
    classes = [name for one in elements for name in (one.get("class") or "").split()]
    lines = list(template_lines(made))
    for needle in (*values, *(f"{name}:" for name in names)):
        found = [line for line in lines if _holds(line[2], needle)]
        own = next((line for line in found if line[:2] == wrote), None)
        of_class = (
            line
            for name in classes
            for line in found
            if name in _CLASS.findall(line[2].partition("{")[0])
        )
        best = own or next(of_class, found[0] if found and needle in values else None)
        if best is not None:
            return best[:2]
    return wrote or _block_at(made, at)


def place_of_css(made: Composition, css: str, offset: int) -> Place:
    """Return the place of an offset of a style block: the template line with the same words."""
    blocks = made.page.style.blocks
    number = next((at for at, one in enumerate(reversed(blocks), 1) if one.css == css), 0)
    words = css[offset:].partition("\n")[0].partition("{")[0]
    return made.wrote.style(css, number, offset) or place_of_markup(made, words)


def place_of_markup(made: Composition, words: str) -> Place:
    """Return the first template line that holds words or a piece of markup; else the template."""
    wanted = _squeezed(words)
    for lines in (template_lines(made), text_lines(made)) if wanted else ():
        for name, number, text in lines:
            if wanted in _squeezed(text):
                return name, number
    return template_of(made), 0


def template_lines(made: Composition) -> Iterator[Line]:
    """Return each line that templates write the HTML with.

    The newsletter's own template comes first, then theme and shared parts, then other templates;
    those that had no part in the page are left out, where composing tells which.
    """
    own, used = f"{made.request.newsletter.template}.", made.wrote.files
    html = [
        name
        for name in made.request.templates
        if not name.endswith((".txt.j2", ".txt"))
        and (not used or f"templates/{name}" in used or name.startswith(("theme.", own)))
    ]
    html.sort(key=lambda one: (not one.startswith(own), "theme" not in one, one))
    return _lines(made, html)


def text_lines(made: Composition) -> Iterator[Line]:
    """Return each line of the text templates, the newsletter's own first."""
    own = f"{made.request.newsletter.template}."
    names = [one for one in made.request.templates if one.endswith((".txt.j2", ".txt"))]
    return _lines(made, sorted(names, key=lambda one: (not one.startswith(own), one)))


def line_of_template(made: Composition, place: Place) -> str:
    """Return the text of a template's line; "" where there is none."""
    lines = made.request.templates.get(place[0].removeprefix("templates/"), "").split("\n")
    return lines[place[1] - 1] if 0 < place[1] <= len(lines) else ""


def line_of_url(made: Composition, url: str) -> int:
    """Return the line on which the issue writes an address; 0 where it does not."""
    fields = (one for one in made.request.written if one.field in ADDRESSES and not one.file)
    line = next((one.line for one in fields if one.text == url), 0)
    return line or next((one.line for one in made.composed.links if one.url == url), 0)


def issue_images(made: Composition) -> frozenset[str]:
    """Return the address of every picture that the issue names."""
    blocks = list(blocks_of(made.request.issue))
    urls = {one.image.url for one in blocks if isinstance(one, Story) and one.image is not None}
    urls |= {
        inline.url
        for block in blocks
        for inline, _ in inlines(text_blocks(block))
        if isinstance(inline, InlineImage)
    }
    return frozenset(urls)


def is_in_block(made: Composition, at: int) -> bool:
    """Return whether an element stands in a block of the issue."""
    return any(span.first <= at < span.end for span in made.composed.spans if span.line)


def _lines(made: Composition, names: Iterable[str]) -> Iterator[Line]:
    for name in names:
        for number, text in enumerate(made.request.templates[name].split("\n"), 1):
            yield f"templates/{name}", number, text[:_LONGEST_LINE]


def _line_of_words(made: Composition, words: str) -> int:
    wanted = folded(words)
    texts = [(folded(passage.text), passage.line) for passage in made.request.passages]
    whole = next((line for text, line in texts if text and text == wanted), 0)
    return whole or next((line for text, line in texts if wanted and wanted in text), 0)


def _block_at(made: Composition, at: int) -> Place:
    spans = (span for span in made.composed.spans if span.first <= at < span.end)
    span = next(spans, None)
    return (template_of(made), 0) if span is None else (made.file, span.line)


def _holds(text: str, value: str) -> bool:
    """Return whether a line holds a value whole: 14 is not in 14px, and #abc not in #abcdef."""
    wanted, line = _squeezed(value).lower(), _squeezed(text).lower()
    if not wanted or wanted not in line:
        return False
    before = r"(?<![\w.#-])" if wanted[0].isalnum() else r"(?<![.-])"
    after = r"(?![\w.%])" if wanted[-1].isalnum() else ""
    return re.search(before + re.escape(wanted) + after, line) is not None


def _squeezed(text: str) -> str:
    return "".join(text.split())
