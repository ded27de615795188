"""Read an issue file into an issue, or list every mistake with its line."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from newsletter.issues.body import read_body
from newsletter.issues.front_matter import FrontMatter, read_date, read_front_matter
from newsletter.issues.source import Mistakes, Source, nearest, open_source, refuse_controls
from newsletter.model.issue import Block, CalloutRef, Issue, Section
from newsletter.model.text import is_slug, unseen_characters

KEYS = ("newsletter", "date", "subject", "preheader", "corrects")


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueFile:
    """An issue file: its whole text, BOM and line ends as they are, and what it says."""

    source: str
    issue: Issue


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderNames:
    """The names that an issue file may use: of newsletters, and of callouts."""

    newsletters: tuple[str, ...]
    callouts: tuple[str, ...]


def parse_issue(
    source: str, *, name: str, file: str, known: FolderNames | None = None
) -> IssueFile:
    """Read the text of an issue file; IssueError has all mistakes, unknown names among them."""
    text = open_source(source, file)
    mistakes = Mistakes(text)
    refuse_controls(text, mistakes)
    if not is_slug(name):
        message = f"{name[:80]} is not a name for an issue"
        mistakes.add(1, 1, message, "name the file with a-z, 0-9 and - only")
    told = len(mistakes.found)
    front = read_front_matter(text, mistakes, known=KEYS)
    is_head_read = len(mistakes.found) == told  # else what seems missing may only be misread
    opening, sections = read_body(text, mistakes, front.line_count + 1)
    if is_head_read:
        _demand_keys(front, mistakes)
    issue = _issue(front, opening, sections, mistakes, name=name, file=file)
    if known is not None:
        blocks = (*opening, *(block for section in sections for block in section.blocks))
        _refuse_unknown(front, blocks, known, mistakes)
    mistakes.raise_any()
    return IssueFile(source=source, issue=issue)


def parse_head(source: str, *, file: str) -> tuple[str, date]:
    """Read the newsletter and the day that the front matter names, or raise IssueError."""
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
    front: FrontMatter, blocks: Iterable[Block], known: FolderNames, mistakes: Mistakes
) -> None:
    value = front.values.get("newsletter")
    if value is not None and is_slug(value.text) and value.text not in known.newsletters:
        listed = f"newsletter.toml has {', '.join(known.newsletters)}"
        remedy = _nearest_or(value.text, known.newsletters, listed)
        message = f"there is no newsletter called {value.text}"
        mistakes.add(value.line, value.column, message, remedy)
    told: set[str] = set()
    for block in blocks:
        if isinstance(block, CalloutRef) and block.name not in {*known.callouts, *told}:
            told.add(block.name)
            remedy = _nearest_or(block.name, known.callouts, "callouts are files in callouts/")
            mistakes.add(block.line, 1, f"there is no callout called {block.name}", remedy)


def _nearest_or(name: str, known: tuple[str, ...], otherwise: str) -> str:
    near = nearest(name, known)
    return f"did you mean {near}?" if near else otherwise


def _issue(
    front: FrontMatter,
    opening: tuple[Block, ...],
    sections: tuple[Section, ...],
    mistakes: Mistakes,
    *,
    name: str,
    file: str,
) -> Issue:
    texts = {key: value.text for key, value in front.values.items()}
    for key, value in front.values.items():
        wrong = ("", "")
        if "[[" in value.text:
            wrong = (f"a slot in {key}", "slots work in body text only")
        elif key == "corrects" and value.text and not is_slug(value.text):
            wrong = ("corrects does not name an issue", "write its file's name without .md")
        elif key == "newsletter" and value.text and not is_slug(value.text):
            wrong = (f"{value.text[:80]} is not a newsletter's name", "use a-z, 0-9 and -")
        if wrong[0]:
            mistakes.add(value.line, value.column, *wrong)
    day = read_date(front.values["date"], "date", mistakes) if "date" in front.values else None
    return Issue(
        name=name,
        file=file,
        newsletter=texts.get("newsletter", ""),
        date=day or date.min,
        subject=texts.get("subject", ""),
        preheader=texts.get("preheader", ""),
        extra=tuple((key, text) for key, text in texts.items() if key == "corrects"),
        opening=opening,
        sections=sections,
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
