"""S27: a light item or a promotion beside a story of death or harm, by what the editor marked.

Attributes decide; a kicker or section heading that words/*.toml lists stands in for one. Nothing
is guessed from prose.
"""

from collections.abc import Iterator, Mapping

from newsletter.checks.layout import neighbours
from newsletter.checks.request import CheckRequest
from newsletter.checks.wording import folded, shorten
from newsletter.checks.words import Words
from newsletter.model.callout import SENSITIVE, is_marked
from newsletter.model.finding import Finding, Severity
from newsletter.model.issue import Block, Brief, Briefs, Issue, Story

SENSITIVE_NEIGHBOURS = "S27 sensitive-neighbours"
LIGHT_MARKS = ("light", "sponsored", "affiliate", "promotion", "advertisement")
"""A story's attributes that say it is light, or paid for: {light=yes}, {sponsored="A Shop"}."""


def sensitive_neighbours(request: CheckRequest) -> Iterator[Finding]:
    """S27: nothing light and nothing that sells stands beside a story of death or harm."""
    headings = _headings(request.issue)
    told: set[tuple[int, int]] = set()
    for pair in neighbours(request.issue):
        for light, grave in (pair, pair[::-1]):
            if not isinstance(light, Story | Brief) or not isinstance(grave, Story | Brief):
                continue
            why = _light(light, headings, request.words)
            what = _grave(grave, headings, request.words)
            if not why or not what or (light.line, grave.line) in told:
                continue
            told.add((light.line, grave.line))
            yield request.finding(
                SENSITIVE_NEIGHBOURS,
                light.line,
                f"{why} stands beside a story {what}",
                seen=f"{_name(light)} (line {light.line}) beside {_name(grave)} "
                f"(line {grave.line})",
                remedy="move one of them, or let other news stand between",
                severity=Severity.WARNING if SENSITIVE in what else Severity.INFO,
            )


def _headings(issue: Issue) -> Mapping[int, str]:
    known: dict[int, str] = {}
    for section in issue.sections:
        for block in section.blocks:
            cards = block.items if isinstance(block, Briefs) else ()
            known |= {id(one): folded(section.heading) for one in (block, *cards)}
    return known


def _light(card: Story | Brief, headings: Mapping[int, str], words: Words) -> str:
    """Return what makes a card light, or sell; "" where nothing does, or it is marked grave."""
    marks = dict(card.attributes) if isinstance(card, Story) else {}
    if is_marked(marks.get(SENSITIVE, "")):
        return ""
    mark = next((key for key in LIGHT_MARKS if is_marked(marks.get(key, ""))), "")
    if mark:
        return f"a story marked {mark}"
    label = _label(card, headings, words, "light_sections")
    return f"an item under “{label}”" if label else ""


def _grave(card: Story | Brief, headings: Mapping[int, str], words: Words) -> str:
    marks = dict(card.attributes) if isinstance(card, Story) else {}
    if SENSITIVE in marks:  # {sensitive=no}: an editor has judged it
        mark = marks[SENSITIVE]
        return f"marked {SENSITIVE}={mark}" if is_marked(mark) else ""
    label = _label(card, headings, words, "grave_sections")
    return f"under “{label}”" if label else ""


def _label(card: Story | Brief, headings: Mapping[int, str], words: Words, name: str) -> str:
    kicker = folded(card.kicker) if isinstance(card, Story) else ""
    labels = (kicker, headings.get(id(card), ""))
    return next((one for one in labels if words.line(name).match(one.strip(" .:!"))), "")


def _name(card: Block | Brief) -> str:
    return f"“{shorten(card.headline, 60)}”" if isinstance(card, Story | Brief) else ""
