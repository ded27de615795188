"""Write an issue, as a draft makes one, as the file that reads back as the same issue."""

import re
from collections.abc import Sequence

from newsletter.issues.front_matter import scalar
from newsletter.issues.markdown import head_kind, inline_tokens
from newsletter.model.issue import Block, CalloutRef, Issue, Story
from newsletter.model.text import Break, Paragraph, Text

JOINT = "&#8203;"
_ALWAYS = re.compile(r"[\\`*\[\]<]|&(?=[#A-Za-z]|$)|(?<![^\W_])_|_(?![^\W_])")
_LINE_START = re.compile(r"[#>+~{=-]|:::")
_NUMBERED = re.compile(r"([0-9]{1,9})([.)])")
_EDGES = re.compile(r"^\s+|\s+$")
_ENTITY_IN_URL = re.compile(r"&(?=#?[A-Za-z0-9]+;)")
_BARE_VALUE = re.compile(r'[^\s"{}\\=\[]+')


def write_issue(issue: Issue) -> str:
    """Write a whole issue as a draft could hold it; ValueError for anything else."""
    lines = ["---", f"newsletter: {scalar(issue.newsletter)}", f"date: {issue.date.isoformat()}"]
    texts = (("subject", issue.subject), ("preheader", issue.preheader))
    lines += [f"{key}: {quoted(text)}" for key, text in texts if text]
    lines.append("---")
    for section in issue.sections:
        lines += ["", f"# {_closed(_plain(section.heading))}"]
        for block in section.blocks:
            lines += ["", *_block(block)]
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    """Write a front-matter value of running words, always in quotes."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def attributes_line(attributes: Sequence[tuple[str, str]]) -> str:
    """Write a story's ``{key=value …}`` line."""
    pairs = (
        f"{key}={text if _BARE_VALUE.fullmatch(text) else quoted(text)}" for key, text in attributes
    )
    return f"{{{' '.join(pairs)}}}"


def _block(block: Block) -> list[str]:
    match block:
        case Story():
            return _story(block)
        case CalloutRef(body=None):
            return [f"::: callout {block.name}", ":::"]
        case _:
            msg = f"no draft holds a {type(block).__name__}"
            raise ValueError(msg)


def _story(story: Story) -> list[str]:
    lines = [f"## {_closed(_plain(story.headline))}"]
    if story.url:
        lines = [f"## {_link(story.headline, story.url)}"]
    if story.attributes:
        lines.append(attributes_line(story.attributes))
    if story.image:
        lines.append(f"!{_link(story.image.alt, story.image.url)}")
    if story.byline:
        lines.append(f"*{_plain(story.byline)}*")
    for block in story.summary:
        written = _paragraph(block).split("\n") if isinstance(block, Paragraph) else []
        if head_kind(written[0], inline_tokens(written[0])):
            written[0] = f"{JOINT}{written[0]}"  # it would be read as the head's
        lines += ["", *written]
    return lines


def _paragraph(block: Paragraph) -> str:
    text = "".join(
        child.text if isinstance(child, Text) else "\n"
        for child in block.children
        if isinstance(child, Text | Break)
    )
    return "\n".join(_line(line) for line in text.split("\n"))


def _line(text: str) -> str:
    """Write words that begin a line; white space at its edges becomes entities."""
    written = _plain(text)
    if _LINE_START.match(written):
        return f"\\{written}"
    return _NUMBERED.sub(r"\1\\\2", written, count=1) if _NUMBERED.match(written) else written


def _plain(text: str) -> str:
    escaped = _ALWAYS.sub(r"\\\g<0>", text)
    return _EDGES.sub(lambda found: "".join(f"&#{ord(char)};" for char in found[0]), escaped)


def _closed(written: str) -> str:
    return f"{written[:-1]}\\#" if written.endswith("#") else written


def _link(words: str, url: str) -> str:
    written = _ENTITY_IN_URL.sub("&amp;", url)
    return f"[{_plain(words)}]({f'<{written}>' if '(' in url or ')' in url else written})"
