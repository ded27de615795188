"""Write an issue as the file that reads back as the same issue."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import assert_never

from newsletter.issues.front_matter import scalar
from newsletter.issues.markdown import head_kind, inline_tokens
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
from newsletter.model.text import (
    Break,
    CodeBlock,
    CodeSpan,
    Emphasis,
    Inline,
    InlineImage,
    Link,
    ListBlock,
    Paragraph,
    Quote,
    Rule,
    SlotRef,
    Strong,
    Subheading,
    Text,
    TextBlock,
)

JOINT = "&#8203;"
HIGHEST_NUMBER = 999_999_999  # CommonMark reads at most nine digits
_ALWAYS = re.compile(r"[\\`*\[\]<]|&(?=[#A-Za-z]|$)")
_UNDERSCORE = re.compile(r"_")
_LINE_START = re.compile(r"(?:[#>+~{=-]|:::)")
_NUMBERED = re.compile(r"([0-9]{1,9})([.)])")
_ENTITY_IN_URL = re.compile(r"&(?=#?[A-Za-z0-9]+;)")
_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")


@dataclass(frozen=True, slots=True)
class _Piece:
    """text, atom, break, open or close; of a text the raw words, else what is written."""

    kind: str
    text: str


def plain_source(text: str) -> str:
    """Write plain text for a place inside a line: a heading, a link's words, a span."""
    return _escaped(text, _Piece("text", ""), _Piece("text", ""))


def heading_source(text: str) -> str:
    """Write plain text after `#`."""
    return _unclosed(plain_source(text))


def _unclosed(written: str) -> str:
    """Escape a # at the end, which would close the heading."""
    if not written.endswith("#"):
        return written
    backslashes = len(written) - 1 - len(written[:-1].rstrip("\\"))
    return written if backslashes % 2 else f"{written[:-1]}\\#"


def link_source(words: str, url: str) -> str:
    """Write a link; words are Markdown already."""
    return f"[{words}]({_destination(url)})"


def inline_source(nodes: Sequence[Inline]) -> str:
    """Write running text; it holds line feeds where it breaks."""
    pieces: list[_Piece] = []
    for node in nodes:
        _add(pieces, node, inside=False)
    return _joined(pieces)


def blocks_source(blocks: Sequence[TextBlock], *, depth: int = 0, avoid: str = "") -> list[str]:
    """Write blocks as lines with one blank line between two blocks.

    Args:
        blocks: what to write.
        depth: in how many lists they stand; neighbouring depths have different marks.
        avoid: the mark of a list right before, which would swallow a first list with the same.
    """
    lines: list[str] = []
    for block in blocks:
        if lines:
            lines.append("")
        mark = list_mark(block, depth, avoid)
        lines += _block(block, depth, mark)
        avoid = mark
    return lines


def list_mark(block: TextBlock, depth: int, avoid: str) -> str:
    """Choose the mark of a list, "" for any other block."""
    if not isinstance(block, ListBlock):
        return ""
    marks = ".)" if block.start is not None else ("+-" if depth % 2 else "-+")
    return marks[1] if avoid == marks[0] else marks[0]


def _block(block: TextBlock, depth: int, mark: str) -> list[str]:
    match block:
        case Paragraph():
            return inline_source(block.children).split("\n")
        case Subheading():
            return [f"{'#' * block.level} {_unclosed(inline_source(block.children))}"]
        case ListBlock():
            return _list(block, depth, mark)
        case Quote():
            return [f"> {line}" if line else ">" for line in blocks_source(block.blocks) or [""]]
        case CodeBlock():
            return _fence(block)
        case Rule():
            return ["***"]
        case _:
            assert_never(block)


def _list(block: ListBlock, depth: int, mark: str) -> list[str]:
    loose = any(len(item) > 1 for item in block.items)
    lines: list[str] = []
    for number, item in enumerate(block.items):
        marker = mark
        if block.start is not None:
            marker = f"{min(block.start + number, HIGHEST_NUMBER)}{mark}"
        if lines and loose:
            lines.append("")
        inside = blocks_source(item, depth=depth + 1)
        lines.append(f"{marker} {inside[0]}" if inside else marker)
        indent = " " * (len(marker) + 1)
        lines += [indent + line if line else "" for line in inside[1:]]
    return lines


def _fence(block: CodeBlock) -> list[str]:
    mark = "~" if "`" in block.info else "`"
    runs = re.findall(re.escape(mark) + "+", block.text)
    fence = mark * max(3, *(len(run) + 1 for run in runs), 3)
    info = f" {block.info}" if block.info.startswith(mark) else block.info
    inside = block.text.split("\n") if block.text else []
    return [fence + info, *inside, fence]


def _add(pieces: list[_Piece], node: Inline, *, inside: bool) -> None:
    """Take a tree apart; inside a span the other mark is used, so that no marks run together."""
    match node:
        case Text():
            pieces.append(_Piece("text", node.text))
        case CodeSpan():
            pieces.append(_Piece("atom", _code(node.text)))
        case SlotRef():
            fallback = f"|{node.fallback}" if node.fallback else ""
            pieces.append(_Piece("atom", f"[[{node.name}{fallback}]]"))
        case Break():
            pieces.append(_Piece("break", "\\\n" if node.hard else "\n"))
        case Link():
            pieces.append(_Piece("atom", link_source(inline_source(node.children), node.url)))
        case InlineImage():
            pieces.append(_Piece("atom", "!" + link_source(plain_source(node.alt), node.url)))
        case Emphasis() | Strong():
            mark = ("_" if inside else "*") * (1 if isinstance(node, Emphasis) else 2)
            pieces.append(_Piece("open", mark))
            for child in node.children:
                _add(pieces, child, inside=True)
            pieces.append(_Piece("close", mark))
        case _:
            assert_never(node)


def _code(text: str) -> str:
    runs = {len(run) for run in re.findall("`+", text)}
    length = next(size for size in range(1, len(runs) + 2) if size not in runs)
    padded = text.startswith("`") or text.endswith("`")
    padded = padded or (text.startswith(" ") and text.endswith(" ") and bool(text.strip(" ")))
    inside = f" {text} " if padded else text
    return "`" * length + inside + "`" * length


def _destination(url: str) -> str:
    written = _ENTITY_IN_URL.sub("&amp;", url)
    return f"<{written}>" if "(" in url or ")" in url else written


def _joined(pieces: Sequence[_Piece]) -> str:
    written = list(_written(pieces))
    text = ""
    for index, piece in enumerate(pieces):
        own = written[index]
        after = written[index + 1][:1] if index + 1 < len(pieces) else ""
        match piece.kind:
            case "open":
                text += JOINT if _needs_joint(own, text[-1:], after) else ""
                text += own
                text += JOINT if after in {"\n", ""} else ""
            case "close":
                text += JOINT if text[-1:] in {"\n", own[0]} else ""
                before = text[-1:]
                text += own
                text += JOINT if _needs_joint(own, after, before) else ""
            case "break":
                text += (JOINT if text[-1:] in {"\n", ""} else "") + own
            case _:
                text += (JOINT if text[-1:] == own[:1] == "`" else "") + own
    return text


def _needs_joint(mark: str, outside: str, inside: str) -> bool:
    """Return whether a mark between these two characters might not be read as one.

    It is one where outside is white space, punctuation or nothing; or, for `*`, where inside is a
    letter or digit. Anything not surely so counts against it.
    """
    if outside == mark[0]:
        return True
    if not outside or outside.isspace() or outside in _PUNCTUATION:
        return False
    return mark[0] == "_" or not inside.isalnum()


def _written(pieces: Sequence[_Piece]) -> Iterable[str]:
    nothing = _Piece("break", "")
    for index, piece in enumerate(pieces):
        if piece.kind == "text":
            before = pieces[index - 1] if index else nothing
            after = pieces[index + 1] if index + 1 < len(pieces) else nothing
            yield _escaped(piece.text, before, after)
        else:
            yield piece.text


def _escaped(text: str, before: _Piece, after: _Piece) -> str:
    """Escape what Markdown would read; white space beside a break or a mark becomes an entity."""
    edges = {"break", "open", "close"}
    lead = len(text) - len(text.lstrip()) if before.kind in edges else 0
    rest = text[lead:]
    tail = len(rest) - len(rest.rstrip()) if after.kind in edges else 0
    middle = rest[: len(rest) - tail]
    words = _UNDERSCORE.sub(_underscore, _ALWAYS.sub(r"\\\g<0>", middle))
    if before.kind == "break" and not lead:
        if _LINE_START.match(words):
            words = f"\\{words}"
        else:
            words = _NUMBERED.sub(r"\1\\\2", words, count=1) if _NUMBERED.match(words) else words
    if words.endswith("!") and not tail and after.text.startswith("["):
        words = f"{words[:-1]}\\!"
    spaces = (_entities(text[:lead]), _entities(rest[len(rest) - tail :]))
    return spaces[0] + words + spaces[1]


def _underscore(found: re.Match[str]) -> str:
    """Leave a _ between two letters or digits alone: it can neither open nor close there."""
    before = found.string[max(0, found.start() - 1) : found.start()]
    after = found.string[found.end() : found.end() + 1]
    inside_word = before.isalnum() and after.isalnum()
    return "_" if inside_word else r"\_"


def _entities(spaces: str) -> str:
    return "".join(f"&#{ord(char)};" for char in spaces)


_BARE_VALUE = re.compile(r'[^\s"{}\\=\[]+')


def write_issue(issue: Issue) -> str:
    """Write a whole issue, each line ended by a line feed.

    The issue is one that parse_issue could have given: no two passages of text beside each other
    and none right after a story, values as they are read (see rich_text.py, model/text.py).
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
