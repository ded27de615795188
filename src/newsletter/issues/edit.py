"""Change one thing in an issue file; every other byte of it stays.

Each function gives the new text and has read it again: it says exactly what was asked for, or
nothing is given back.
"""

from collections.abc import Sequence
from dataclasses import replace

from newsletter.errors import IssueError, UserError
from newsletter.issues.head_edit import with_values
from newsletter.issues.parse_issue import KEYS, IssueFile, parse_issue
from newsletter.issues.write_issue import attributes_line, block_lines, last_mark
from newsletter.model.issue import Block, Issue, Story

OPENING = -1
"""As a section's number: what stands before the first section."""


def set_head(file: IssueFile, key: str, value: str) -> str:
    """Change one front-matter value, or add the key where the file lacks it.

    Raises:
        UserError: the key is unknown, or the value is none for it.
    """
    if key not in KEYS:
        raise UserError(f"there is no key {key} in an issue's front matter")
    if any(char in value for char in "\r\n"):
        raise UserError(f"{key} stands on one line")
    text = with_values(file.text, dict(file.values), file.head_lines, {key: value})
    return _read_again(file, text).source


def replace_block(file: IssueFile, section: int, index: int, block: Block) -> str:
    """Write another block in the place of one.

    Args:
        file: the file as it stands.
        section: the section's number from 0, or OPENING.
        index: the block's number in it, from 0.
        block: what to write there.

    Raises:
        UserError: the new block cannot stand there (text right after a story would be its summary).
    """
    place = file.parts[section + 1].blocks[index]
    lines = block_lines(block, avoid=_mark_before(file, section, index))
    blocks = list(_blocks(file.issue, section))
    blocks[index] = block
    text = _with_lines(file, place.start, place.end, lines)
    return _checked(file, text, section, blocks)


def set_attributes(
    file: IssueFile, section: int, index: int, attributes: Sequence[tuple[str, str]]
) -> str:
    """Write another ``{key=value …}`` line to a story that has one; without any it goes.

    Raises:
        UserError: as replace_block.
    """
    place = file.parts[section + 1].blocks[index]
    story = place.block
    if not isinstance(story, Story) or not story.attributes:
        raise UserError(f"{file.issue.file}:{place.start}: no story with attributes stands here")
    numbers = range(place.start + 1, place.end)  # the line comes first after the headline
    at = next(number for number in numbers if file.text.lines[number - 1].strip())
    text = _with_lines(file, at, at + 1, [attributes_line(attributes)] if attributes else [])
    blocks = list(_blocks(file.issue, section))
    blocks[index] = replace(story, attributes=tuple(attributes))
    return _checked(file, text, section, blocks)


def insert_block(file: IssueFile, section: int, index: int, block: Block) -> str:
    """Write a block before the one with that number, or after the last where there is none.

    Raises:
        UserError: as replace_block.
    """
    part = file.parts[section + 1]
    blocks = list(_blocks(file.issue, section))
    index = min(index, len(blocks))
    lines = block_lines(block, avoid=_mark_before(file, section, index))
    if index < len(part.blocks):
        at = part.blocks[index].start
        text = _with_lines(file, at, at, [*_gap(file, at - 1), *lines, ""])
    else:
        at = part.blocks[-1].end if part.blocks else _after_heading(file, section)
        text = _with_lines(file, at, at, [*_gap(file, at - 1), *lines, *_gap(file, at)])
    blocks.insert(index, block)
    return _checked(file, text, section, blocks)


def remove_block(file: IssueFile, section: int, index: int) -> str:
    """Take a block out, with the blank lines after it.

    Raises:
        UserError: what stands around it would become one.
    """
    place = file.parts[section + 1].blocks[index]
    end = place.end
    while end <= len(file.text.lines) and not file.text.lines[end - 1].strip():
        end += 1
    blocks = list(_blocks(file.issue, section))
    del blocks[index]
    return _checked(file, _with_lines(file, place.start, end, []), section, blocks)


def _blocks(issue: Issue, section: int) -> Sequence[Block]:
    return issue.opening if section == OPENING else issue.sections[section].blocks


def _mark_before(file: IssueFile, section: int, index: int) -> str:
    """Give the mark of a list that ends right before, as it stands in the file."""
    if not index:
        return ""
    before = file.parts[section + 1].blocks[index - 1]
    if not last_mark(before.block, ""):
        return ""
    marks = [file.text.lines[number - 1][:1] for number in range(before.start, before.end)]
    return next((mark for mark in reversed(marks) if mark in {"-", "+", "*"}), "")


def _after_heading(file: IssueFile, section: int) -> int:
    start = file.parts[section + 1].start
    return start if section == OPENING else start + 1


def _gap(file: IssueFile, line: int) -> list[str]:
    """Give a blank line where the line with that number has words (the head's fence counts not)."""
    lines = file.text.lines
    if not file.head_lines < line <= len(lines):
        return []
    return [""] if lines[line - 1].strip() else []


def _with_lines(file: IssueFile, start: int, end: int, lines: Sequence[str]) -> str:
    """Put lines in the place of those from start to end (numbers from 1, end exclusive)."""
    source = file.text
    total = len(source.text)
    begin = source.starts[start - 1] if start <= len(source.starts) else total
    stop = source.starts[end - 1] if end <= len(source.starts) else total
    before, after = source.text[:begin], source.text[stop:]
    if lines and before and not before.endswith(("\n", "\r")):
        before += source.newline
    ended = source.text[begin:stop].endswith(("\n", "\r")) or begin == stop or after
    last = source.newline if lines and ended else ""
    return before + source.newline.join(lines) + last + after


def _checked(file: IssueFile, text: str, section: int, blocks: Sequence[Block]) -> str:
    issue = file.issue
    if section == OPENING:
        expected = replace(issue, opening=tuple(blocks))
    else:
        sections = list(issue.sections)
        sections[section] = replace(sections[section], blocks=tuple(blocks))
        expected = replace(issue, sections=tuple(sections))
    if _read_again(file, text).issue != expected:
        raise UserError(
            f"{issue.file}: this cannot stand there: beside its neighbours it would read otherwise",
            hint="put it into another place, or change the file by hand",
        )
    return text


def _read_again(file: IssueFile, text: str) -> IssueFile:
    try:
        return parse_issue(text, name=file.issue.name, file=file.issue.file)
    except IssueError as error:
        raise UserError(f"the change would leave a mistake: {error.problems[0]}") from error
