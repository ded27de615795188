"""Read an issue file into an issue, or list every mistake with its line."""

from dataclasses import dataclass
from datetime import date

from newsletter.issues.body import PlacedBlock, PlacedSection, read_body
from newsletter.issues.front_matter import FrontMatter, read_date, read_front_matter
from newsletter.issues.source import Mistakes, Source, nearest, open_source, refuse_controls
from newsletter.model.finding import Span
from newsletter.model.issue import CalloutRef, Issue
from newsletter.model.text import is_slug, unseen_characters

KEYS = ("newsletter", "date", "subject", "preheader", "corrects")
_EXTRA = ("corrects",)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedPart:
    """The opening or one section: its first line, its blocks, and the line after the last of it."""

    start: int
    end: int
    blocks: tuple[PlacedBlock, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueFile:
    """An issue file as it stands: its text, what it says, and where.

    parts[0] is the opening, parts[n + 1] section n. values are the spans of front-matter values in
    source.text. The editor functions of edit.py stand on these.
    """

    text: Source
    issue: Issue
    parts: tuple[PlacedPart, ...]
    values: tuple[tuple[str, Span], ...]
    head_lines: int

    @property
    def source(self) -> str:
        """The whole text of the file, BOM and line ends as they are."""
        return self.text.text


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderNames:
    """The names that an issue file may use: of newsletters, and of callouts."""

    newsletters: tuple[str, ...]
    callouts: tuple[str, ...]


def parse_issue(
    source: str, *, name: str, file: str, known: FolderNames | None = None
) -> IssueFile:
    """Read the text of an issue file.

    Args:
        source: the decoded text, its line ends and BOM untouched.
        name: the issue's name, the stem of its file.
        file: the path as the user knows it, for places.
        known: where given, other names of newsletters and callouts are mistakes too.

    Raises:
        IssueError: all mistakes at once, in the order of the file.
    """
    text = open_source(source, file)
    mistakes = Mistakes(text)
    refuse_controls(text, mistakes)
    if not is_slug(name):
        mistakes.add(
            1, 1, f"{name[:80]} is no name for an issue", "name the file with a-z, 0-9 and - alone"
        )
    told = len(mistakes.found)
    front = read_front_matter(text, mistakes, known=KEYS)
    is_head_read = len(mistakes.found) == told  # else what seems missing may only be misread
    sections = read_body(text, mistakes, front.line_count + 1)
    if is_head_read:
        _demand_keys(front, mistakes)
    issue = _issue(front, sections, mistakes, name=name, file=file)
    if known is not None:
        _refuse_unknown(front, sections, known, mistakes)
    mistakes.raise_any()
    return IssueFile(
        text=text,
        issue=issue,
        parts=_parts(sections, len(text.lines)),
        values=tuple((key, value.span) for key, value in front.values.items()),
        head_lines=front.line_count,
    )


def parse_head(source: str, *, file: str) -> tuple[str, date]:
    """Read the newsletter and the day that the front matter names; the rest is not looked at.

    Raises:
        IssueError: the front matter cannot be read, or one of the two is missing.
    """
    text = open_source(source, file)
    mistakes = Mistakes(text)
    front = read_front_matter(text, mistakes, known=KEYS)
    _demand_keys(front, mistakes)
    day = read_date(front.values["date"], "date", mistakes) if "date" in front.values else None
    mistakes.raise_any()
    return front.values["newsletter"].text, day or date.min


def _demand_keys(front: FrontMatter, mistakes: Mistakes) -> None:
    texts = {key: value.text for key, value in front.values.items()}
    if not texts.get("newsletter") and front.line_count:
        mistakes.add(1, 1, "the front matter names no newsletter", "write newsletter: NAME")
    if not texts.get("date") and front.line_count:
        mistakes.add(1, 1, "the front matter has no date", "write date: YYYY-MM-DD")


def _refuse_unknown(
    front: FrontMatter, sections: list[PlacedSection], known: FolderNames, mistakes: Mistakes
) -> None:
    value = front.values.get("newsletter")
    if value is not None and is_slug(value.text) and value.text not in known.newsletters:
        remedy = _nearest_or(value.text, known.newsletters, _listed(known))
        mistakes.add(
            value.line, value.column, f"there is no newsletter called {value.text}", remedy
        )
    told: set[str] = set()
    for placed in (block for section in sections for block in section.blocks):
        block = placed.block
        if not isinstance(block, CalloutRef) or block.name in {*known.callouts, *told}:
            continue
        told.add(block.name)
        remedy = _nearest_or(block.name, known.callouts, "callouts are files in callouts/")
        mistakes.add(block.line, 1, f"there is no callout called {block.name}", remedy)


def _listed(known: FolderNames) -> str:
    return f"newsletter.toml has {', '.join(known.newsletters)}"


def _nearest_or(name: str, known: tuple[str, ...], otherwise: str) -> str:
    near = nearest(name, known)
    return f"did you mean {near}?" if near else otherwise


def _issue(
    front: FrontMatter, sections: list[PlacedSection], mistakes: Mistakes, *, name: str, file: str
) -> Issue:
    texts = {key: value.text for key, value in front.values.items()}
    for key, value in front.values.items():
        if "[[" in value.text:
            mistakes.add(
                value.line, value.column, f"a slot in {key}", "slots stand in body text alone"
            )
        if key == "corrects" and value.text and not is_slug(value.text):
            mistakes.add(
                value.line, value.column, "corrects does not name an issue", "write its file's stem"
            )
    newsletter = texts.get("newsletter", "")
    if newsletter and not is_slug(newsletter):
        value = front.values["newsletter"]
        mistakes.add(
            value.line,
            value.column,
            f"{newsletter[:80]} is no newsletter's name",
            "use a-z, 0-9 and -",
        )
    day = read_date(front.values["date"], "date", mistakes) if "date" in front.values else None
    return Issue(
        name=name,
        file=file,
        newsletter=newsletter,
        date=day or date.min,
        subject=texts.get("subject", ""),
        preheader=texts.get("preheader", ""),
        extra=tuple((key, text) for key, text in texts.items() if key in _EXTRA),
        opening=tuple(placed.block for placed in sections[0].blocks),
        sections=tuple(section.section() for section in sections[1:]),
        head_lines=tuple((key, value.key_line) for key, value in front.values.items()),
        unseen=_unseen(mistakes.source),
    )


def _unseen(source: Source) -> tuple[tuple[int, str], ...]:
    if source.text.isascii():
        return ()
    found = (
        (number, next(unseen_characters(line), None)) for number, line in enumerate(source.lines, 1)
    )
    return tuple((number, first[1]) for number, first in found if first is not None)


def _parts(sections: list[PlacedSection], line_count: int) -> tuple[PlacedPart, ...]:
    ends = [section.start for section in sections[1:]] + [line_count + 1]
    return tuple(
        PlacedPart(start=section.start, end=end, blocks=tuple(section.blocks))
        for section, end in zip(sections, ends, strict=True)
    )
