"""The body of a file: sections, stories, directives, briefs and text between them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from markdown_it.token import Token

from newsletter.issues.markdown import tokens_of
from newsletter.issues.rich_text import TextReader, block_end
from newsletter.issues.source import Mistakes, Source, nearest
from newsletter.issues.story import read_story
from newsletter.model.issue import (
    Block,
    Brief,
    Briefs,
    CalloutRef,
    EditorMessage,
    Section,
    TextPassage,
)
from newsletter.model.text import (
    Break,
    CodeSpan,
    Emphasis,
    Inline,
    Link,
    ListBlock,
    Paragraph,
    Strong,
    Text,
    TextBlock,
    clean_line,
    is_slug,
    plain_text,
)

MOST_LINES = 5_000
MOST_MARKS = 10_000
"""An issue of thirty stories has some 300 lines and 500 marks."""

_MARK = re.compile(r"[\[\]!*_`<>&\\{}~#]")

DIRECTIVES: Mapping[str, str] = {"callout": "::: callout NAME", "editor": "::: editor"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Directive:
    """`::: name argument`, its body's tokens, and the line number of its first line."""

    name: str
    argument: str
    body: Sequence[Token]
    line: int


def read_body(
    source: Source, mistakes: Mistakes, first_line: int
) -> tuple[tuple[Block, ...], tuple[Section, ...]]:
    """Return what stands before the sections, and these; first_line is the body's first."""
    reader = _BodyReader(source, mistakes, first_line)
    reader.read()
    opening, *sections = (
        Section(heading=heading, blocks=tuple(blocks), line=line)
        for heading, line, blocks in reader.sections
    )
    return opening.blocks, tuple(sections)


class _BodyReader:
    def __init__(self, source: Source, mistakes: Mistakes, first_line: int) -> None:
        self.mistakes = mistakes
        self.reader = TextReader(mistakes=mistakes, first_line=first_line)
        self.tokens = body_tokens(source, mistakes, first_line)
        self.sections: list[tuple[str, int, list[Block]]] = [("", first_line, [])]

    def read(self) -> None:
        index = 0
        while index < len(self.tokens):
            token = self.tokens[index]
            if token.type == "directive":
                directive, index = read_directive(self.reader, self.tokens, index, DIRECTIVES)
                if directive is not None:
                    self._add_directive(directive)
            elif token.type == "heading_open" and token.tag == "h1":
                self._open_section(token, self.tokens[index + 1])
                index += 3
            elif token.type == "story":
                index = self._add_story(index)
            else:
                end = text_end(self.tokens, index)
                self._add_text(self.tokens[index:end])
                index = end

    def _open_section(self, token: Token, inline: Token) -> None:
        line = self.reader.line_of(token)
        heading = self.reader.plain_words(inline, "a section's heading")
        if not heading:
            self.mistakes.add(line, 1, "a section without a heading", "write # Heading")
        self.sections.append((heading, line, []))

    def _add_story(self, index: int) -> int:
        end = text_end(self.tokens, index + 1)
        summary = self.reader.blocks(self.tokens[index + 1 : end])
        story = read_story(self.reader, self.tokens[index], summary)
        if len(self.sections) == 1:
            message = "a story before the first section"
            self.mistakes.add(story.line, 1, message, "write # Heading above it")
        self._add(story)
        return end

    def _add_directive(self, directive: Directive) -> None:
        blocks = self.reader.blocks(directive.body)
        block: Block = EditorMessage(body=blocks, line=directive.line)
        wrong = ("", "")
        if directive.name == "callout":
            block = CalloutRef(name=directive.argument, body=blocks or None, line=directive.line)
            if not is_slug(directive.argument):
                wrong = ("a callout without a name", "write ::: callout NAME (a-z, 0-9, -)")
        elif directive.argument:
            wrong = ("words after ::: editor", "write the message on the lines below")
        elif not blocks:
            wrong = ("an editor's message without words", "write some, or take it out")
        if wrong[0]:
            self.mistakes.add(directive.line, 1, *wrong)
        self._add(block)

    def _add_text(self, tokens: Sequence[Token]) -> None:
        passage: list[Token] = []
        index = 0
        while index < len(tokens):
            end = block_end(tokens, index)
            briefs = self._briefs(tokens[index:end])
            if briefs is None:
                passage += tokens[index:end]
            else:
                self._add_passage(passage)
                passage = []
                self._add(briefs)
            index = end
        self._add_passage(passage)

    def _add_passage(self, tokens: Sequence[Token]) -> None:
        blocks = self.reader.blocks(tokens)
        if blocks:
            self._add(TextPassage(blocks=blocks, line=self.reader.line_of(tokens[0])))

    def _briefs(self, tokens: Sequence[Token]) -> Briefs | None:
        """Return a list under a section as briefs; None where an item holds more than one."""
        is_list = tokens[0].type == "bullet_list_open" and len(self.sections) > 1
        if not is_list or not any(token.type == "paragraph_open" for token in tokens[2:3]):
            return None
        listed = self.reader.blocks(tokens)[0]
        assert isinstance(listed, ListBlock)  # noqa: S101 (told by the token's type)
        read = [brief for item in listed.items if (brief := _brief(item)) is not None]
        return (
            Briefs(items=tuple(read), line=listed.line) if len(read) == len(listed.items) else None
        )

    def _add(self, block: Block) -> None:
        self.sections[-1][2].append(block)


def body_tokens(source: Source, mistakes: Mistakes, first_line: int) -> list[Token]:
    """Parse the lines from first_line on; what no mail could hold is refused unparsed."""
    text = "\n".join(source.lines[first_line - 1 :])
    if _is_too_much(text, len(source.lines) - first_line + 1, mistakes, first_line):
        return []
    try:
        return tokens_of(text)
    except RecursionError:
        mistakes.add(
            first_line, 1, "brackets or lists too deep inside one another", "take some out"
        )
        return []


def _is_too_much(text: str, line_count: int, mistakes: Mistakes, first_line: int) -> bool:
    if line_count > MOST_LINES:
        mistakes.add(
            first_line + MOST_LINES, 1, f"the text has more than {MOST_LINES:,} lines", "cut it"
        )
        return True
    mark = next(islice(_MARK.finditer(text), MOST_MARKS, None), None)
    if mark is None:
        return False
    before = text.count("\n", 0, mark.start())
    column = mark.start() - text.rfind("\n", 0, mark.start())
    message = f"the text has more than {MOST_MARKS:,} marks such as [ * and _"
    mistakes.add(first_line + before, column, message, "cut it")
    return True


def text_end(tokens: Sequence[Token], start: int) -> int:
    """Give the index of the first token from start on that begins a section, story or directive."""
    index = start
    while index < len(tokens):
        token = tokens[index]
        if token.type in {"directive", "story"} or (
            token.type == "heading_open" and token.tag == "h1"
        ):
            break
        index = block_end(tokens, index)
    return index


def read_directive(
    reader: TextReader, tokens: Sequence[Token], index: int, known: Mapping[str, str]
) -> tuple[Directive | None, int]:
    """Read the directive that begins at index; give it (None for a mistake) and the next index."""
    token = tokens[index]
    start = reader.line_of(token)
    name, _, argument = token.content.partition(" ")
    if not name:
        reader.mistakes.add(start, 1, "this ::: has no opening line", "write ::: NAME above it")
        return None, index + 1
    end = text_end(tokens, index + 1)
    closing = tokens[end] if end < len(tokens) else None
    if name not in known:
        near = nearest(name, known)
        remedy = f"did you mean {known[near]}?" if near else "write " + " or ".join(known.values())
        reader.mistakes.add(start, 1, f"there is no directive {name[:60]}", remedy)
    if closing is not None and closing.type == "directive":
        line = reader.line_of(closing)
        if not closing.content:
            body = tokens[index + 1 : end]
            directive = Directive(name=name, argument=argument.strip(), body=body, line=start)
            return (directive if name in known else None), end + 1
        message = f"a directive inside the one from line {start}"
        reader.mistakes.add(line, 1, message, "close that one first with a line :::")
    reader.mistakes.add(start, 1, f"::: {name[:60]} is never closed", "close it with a line :::")
    return None, end


def _brief(item: tuple[TextBlock, ...]) -> Brief | None:
    """Read one list item as a brief; None where it holds more than a link and plain text."""
    if len(item) != 1 or not isinstance(item[0], Paragraph):
        return None
    first, *rest = item[0].children
    if not isinstance(first, Link) or not _is_words(first.children) or not _is_words(rest):
        return None
    headline = clean_line("".join(map(plain_text, first.children)))
    text = clean_line("".join(map(plain_text, rest)))
    if not headline:
        return None
    return Brief(
        headline=headline, url=first.url, text=text.removeprefix(":").strip(), line=item[0].line
    )


def _is_words(nodes: Sequence[Inline]) -> bool:
    """Whether plain text would lose no link, picture or slot of these."""
    return all(
        isinstance(node, Text | CodeSpan | Break)
        or (isinstance(node, Emphasis | Strong) and _is_words(node.children))
        for node in nodes
    )
