"""Change a story's attributes in an issue file; every other byte of it stays."""

from collections.abc import Sequence
from dataclasses import replace

from newsletter.errors import IssueError, UserError
from newsletter.issues.parse_issue import IssueFile, parse_issue
from newsletter.issues.write_issue import attributes_line
from newsletter.model.issue import Block, Issue, Story

OPENING = -1
"""As a section's number: what stands before the first section."""


def set_attributes(
    file: IssueFile, section: int, index: int, attributes: Sequence[tuple[str, str]]
) -> str:
    """Write another ``{key=value …}`` line to a story that has one; without any it goes.

    Args:
        file: the file as it stands.
        section: the section's number from 0, or OPENING.
        index: the story's number among the section's blocks, from 0.
        attributes: the new ones, in the order of writing.

    Returns:
        The new text, which was read again and says exactly what was asked for.

    Raises:
        UserError: the story has no such line, or the text would not say that.
    """
    place = file.parts[section + 1].blocks[index]
    story = place.block
    if not isinstance(story, Story) or not story.attributes:
        raise UserError(f"{file.issue.file}:{place.start}: no story with attributes stands here")
    numbers = range(place.start + 1, place.end)  # the line comes first after the headline
    at = next(number for number in numbers if file.text.lines[number - 1].strip())
    text = _with_line(file, at, attributes_line(attributes) if attributes else None)
    wanted = _with_story(file.issue, section, index, replace(story, attributes=tuple(attributes)))
    if _read_again(file, text) != wanted:
        raise UserError(
            f"{file.issue.file}:{place.start}: these attributes would read otherwise here",
            hint="change the file by hand",
        )
    return text


def _with_line(file: IssueFile, number: int, line: str | None) -> str:
    """Put a line in the place of the one with that number (from 1); None takes it out."""
    source = file.text
    begin = source.starts[number - 1]
    stop = source.starts[number] if number < len(source.starts) else len(source.text)
    before, old, after = source.text[:begin], source.text[begin:stop], source.text[stop:]
    if line is None:
        return before + after
    return before + line + (source.newline if old.endswith(("\n", "\r")) else "") + after


def _with_story(issue: Issue, section: int, index: int, story: Story) -> Issue:
    if section == OPENING:
        return replace(issue, opening=_with_block(issue.opening, index, story))
    sections = list(issue.sections)
    blocks = _with_block(sections[section].blocks, index, story)
    sections[section] = replace(sections[section], blocks=blocks)
    return replace(issue, sections=tuple(sections))


def _with_block(blocks: tuple[Block, ...], index: int, block: Block) -> tuple[Block, ...]:
    return (*blocks[:index], block, *blocks[index + 1 :])


def _read_again(file: IssueFile, text: str) -> Issue:
    try:
        return parse_issue(text, name=file.issue.name, file=file.issue.file).issue
    except IssueError as error:
        raise UserError(f"the change would leave a mistake: {error.problems[0]}") from error
