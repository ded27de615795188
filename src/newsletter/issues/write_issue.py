"""An issue as text in its canonical form; parse_issue(write_issue(x)).issue == x."""

import re
from collections.abc import Sequence
from typing import assert_never

from newsletter.issues.front_matter import scalar
from newsletter.issues.markdown import head_kind, inline_tokens
from newsletter.issues.write_text import (
    JOINT,
    blocks_source,
    heading_source,
    link_source,
    list_mark,
    plain_source,
)
from newsletter.model.issue import (
    Block,
    Brief,
    Briefs,
    CalloutRef,
    EditorMessage,
    Issue,
    Story,
    TextPassage,
)

_BARE_VALUE = re.compile(r'[^\s"{}\\=\[]+')


def write_issue(issue: Issue) -> str:
    """Write a whole issue, each line ended by a line feed.

    The issue is one that parse_issue could have given: no two passages of text beside each other
    and none right after a story, values as they are read (see rich_text.py, model/plain.py).
    """
    lines = ["---", f"newsletter: {scalar(issue.newsletter)}", f"date: {issue.date.isoformat()}"]
    texts = [("subject", issue.subject), ("preheader", issue.preheader), *issue.extra]
    lines += [f"{key}: {quoted(text)}" for key, text in texts if text or (key, text) in issue.extra]
    lines.append("---")
    lines += _spaced(issue.opening)
    for section in issue.sections:
        if lines[-1] != "---":
            lines.append("")
        lines.append(f"# {heading_source(section.heading)}")
        if section.blocks:
            lines.append("")
        lines += _spaced(section.blocks)
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    """Write a front-matter value of running words, always in quotes."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _block_lines(block: Block, *, avoid: str = "") -> list[str]:
    """Write one block as lines without line ends; avoid is the mark of a list right before."""
    match block:
        case Story():
            return _story(block)
        case CalloutRef():
            body = blocks_source(block.body) if block.body else []
            return [f"::: callout {block.name}", *body, ":::"]
        case EditorMessage():
            return ["::: editor", *blocks_source(block.body), ":::"]
        case Briefs():
            return [f"{_last_mark(block, avoid)} {_brief(item)}" for item in block.items]
        case TextPassage():
            return blocks_source(block.blocks, avoid=avoid)
        case _:
            assert_never(block)


def _spaced(blocks: Sequence[Block]) -> list[str]:
    lines: list[str] = []
    avoid = ""
    for block in blocks:
        if lines:
            lines.append("")
        lines += _block_lines(block, avoid=avoid)
        avoid = _last_mark(block, avoid)
    return lines


def _last_mark(block: Block, avoid: str) -> str:
    """Return the mark of the list a block ends with, "" where it ends with none."""
    if isinstance(block, Briefs):
        return "+" if avoid == "-" else "-"
    if not isinstance(block, TextPassage):
        return ""
    for text in block.blocks:
        avoid = list_mark(text, 0, avoid)
    return avoid


def _story(story: Story) -> list[str]:
    if story.url:
        lines = [f"## {link_source(plain_source(story.headline), story.url)}"]
    else:
        lines = [f"## {heading_source(story.headline)}"]
    if story.attributes:
        lines.append(attributes_line(story.attributes))
    if story.kicker:
        lines.append(f"**{plain_source(story.kicker)}**")
    if story.image:
        lines.append(f"!{link_source(plain_source(story.image.alt), story.image.url)}")
    if story.byline:
        lines.append(f"*{plain_source(story.byline)}*")
    summary = blocks_source(story.summary)
    if summary:
        if head_kind(summary[0], inline_tokens(summary[0])):
            summary[0] = f"{JOINT}{summary[0]}"  # the first line would be read as the head's
        lines += ["", *summary]
    return lines


def attributes_line(attributes: Sequence[tuple[str, str]]) -> str:
    """Write a story's ``{key=value …}`` line."""
    pairs = " ".join(f"{key}={_value(value)}" for key, value in attributes)
    return f"{{{pairs}}}"


def _value(text: str) -> str:
    if _BARE_VALUE.fullmatch(text):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _brief(brief: Brief) -> str:
    link = link_source(plain_source(brief.headline), brief.url)
    return f"{link}: {plain_source(brief.text)}" if brief.text else link
