"""From Markdown tokens to rich text, with every mistake at its place.

The tree is in a normal form, so that one tree has one meaning: neighbouring texts are one, emphasis
inside emphasis adds nothing, spans without words are gone, a paragraph neither begins nor ends with
a line break.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from markdown_it.token import Token

from newsletter.issues.markdown import LINKS, PICTURES, read_url
from newsletter.issues.source import Mistakes, nearest
from newsletter.model.issue import KNOWN_SLOTS
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
    clean_line,
    clean_text,
)

_TABLE = re.compile(r"[ \t]*\|?[ \t]*:?-{2,}:?[ \t]*(?:\|[ \t]*:?-{2,}:?[ \t]*)+\|?[ \t]*")
_BRIEF = re.compile(r"[ \t]*[-*+][ \t]+\[[^\]]{1,300}\]\(")
_SPACED_LINK = re.compile(r"\][ \t]+\((?:https?://|mailto:)")
LOWEST_SUBHEADING = 3
MOST_SHOWN = 80
MOST_LEVELS = 24  # tokens: a quote counts one, a list two; markdown-it-py gives up at 40


@dataclass(slots=True)
class _Frame:
    """A span being read; nodes go to the frame itself, or to the one around it where flat."""

    kind: str
    nodes: list[Inline] = field(default_factory=list)
    url: str = ""
    at: int = 0
    flat: bool = False


@dataclass(slots=True, kw_only=True)
class TextReader:
    """Turns tokens into rich text. first_line is the number of the file's line tokens call 0."""

    mistakes: Mistakes
    first_line: int

    def line_of(self, token: Token) -> int:
        """Return the file's line on which a block token starts."""
        return self.first_line + (token.map[0] if token.map else 0)

    def blocks(self, tokens: Sequence[Token]) -> tuple[TextBlock, ...]:
        """Read whole blocks (each `_open` with its `_close`)."""
        read: list[TextBlock] = []
        index = 0
        while index < len(tokens):
            end = block_end(tokens, index)
            block = self._block(tokens[index:end])
            if block is not None:
                read.append(block)
            index = end
        return tuple(read)

    def _block(self, tokens: Sequence[Token]) -> TextBlock | None:  # noqa: PLR0911 (one a kind)
        opening, inside = tokens[0], tokens[1:-1]
        line = self.line_of(opening)
        if opening.level > MOST_LEVELS:
            self.mistakes.add(
                line, 1, "lists and quotes too deep inside one another", "take some out"
            )
            return None
        match opening.type:
            case "paragraph_open":
                self._refuse_look_alikes(inside[0], line)
                children = self.inlines(inside[0])
                return Paragraph(children=children, line=line) if children else None
            case "heading_open":
                return self._subheading(opening, inside[0])
            case "bullet_list_open" | "ordered_list_open":
                return self._list(opening, inside)
            case "blockquote_open":
                return Quote(blocks=self.blocks(inside), line=line)
            case "fence":
                text = clean_text(opening.content.removesuffix("\n"), keep_lines=True)
                return CodeBlock(text=text, info=clean_line(opening.info), line=line)
            case "hr":
                return Rule(line=line)
            case _:
                msg = f"markdown-it-py made a token that no rule of ours makes: {opening.type}"
                raise AssertionError(msg)

    def _refuse_look_alikes(self, inline: Token, line: int) -> None:
        """Note what Markdown of other programs would read otherwise, or what was not meant."""
        for number, text in enumerate(inline.content.split("\n"), line):
            if _TABLE.fullmatch(text):
                self.mistakes.add(number, 1, "tables are not available", "write lines or a list")
            elif _BRIEF.match(text):
                message = "an indented list is read as text"
                self.mistakes.add(number, 1, message, "begin the line with -")
        if any(t.type == "text" and _SPACED_LINK.search(t.content) for t in inline.children or ()):
            found = _SPACED_LINK.search(inline.content)
            place = _Placer(self, inline, 0)
            message = "a link has a space before its bracket"
            self._note(place, found.start() if found else 0, message, "take out the space")

    def _subheading(self, opening: Token, inline: Token) -> Subheading | None:
        line = self.line_of(opening)
        kinds = [token.type for token in inline.children or ()]
        if opening.level == 0 and kinds[:1] == ["link_open"] and kinds[-1:] == ["link_close"]:
            message = f"a headline with {'#' * int(opening.tag[1:])} is part of the story above"
            self.mistakes.add(line, 1, message, "write ## [Headline](https://…)")
        level = int(opening.tag[1:])
        if level < LOWEST_SUBHEADING:
            self.mistakes.add(
                line,
                1,
                f"a heading {'#' * level} inside a list or quote",
                "write ### or move it out",
            )
            return None
        self.refuse_slots(inline, "a heading")
        children = self.inlines(inline)
        if not children:
            self.mistakes.add(line, 1, "a heading without words", "write some after the ###")
            return None
        return Subheading(level=level, children=children, line=line)

    def _list(self, opening: Token, inside: Sequence[Token]) -> ListBlock:
        items: list[tuple[TextBlock, ...]] = []
        index = 0
        while index < len(inside):
            end = block_end(inside, index)
            items.append(self.blocks(inside[index + 1 : end - 1]))
            index = end
        start: int | None = None
        if opening.type == "ordered_list_open":
            start = int(opening.attrGet("start") if opening.attrGet("start") is not None else 1)  # type: ignore[arg-type]
        return ListBlock(items=tuple(items), start=start, line=self.line_of(opening))

    def inlines(self, inline: Token, *, column: int = 0) -> tuple[Inline, ...]:
        """Read running text; column is where its first line begins, 0 to look it up."""
        place = _Placer(self, inline, column)
        top = _Frame("top")
        stack = [top]
        for token in inline.children or ():
            if token.type == "em_open":
                stack.append(_Frame("em", flat=any(frame.kind == "em" for frame in stack)))
            elif token.type == "strong_open":
                stack.append(_Frame("strong", flat=any(frame.kind == "strong" for frame in stack)))
            elif token.type == "link_open":
                url = self._url(token, "href", LINKS, place)
                stack.append(_Frame("link", url=url, at=int(token.meta.get("at", 0))))
            elif token.nesting < 0:
                self._close(stack, place)
            else:
                in_link = any(frame.kind == "link" for frame in stack)
                self._leaf(token, stack[-1].nodes, place, in_link=in_link)
        children = _finished(top.nodes)
        words = [index for index, child in enumerate(children) if not isinstance(child, Break)]
        return children[words[0] : words[-1] + 1] if words else ()

    def _close(self, stack: list[_Frame], place: "_Placer") -> None:
        frame = stack.pop()
        around = stack[-1].nodes
        children = _finished(frame.nodes)
        if frame.kind == "link":
            if not any(not isinstance(child, Break) for child in children):
                self._note(place, frame.at, "a link without words", "write [words](https://…)")
            else:
                around.append(Link(url=frame.url, children=children))
        elif frame.flat or all(isinstance(child, Break) for child in children):
            around.extend(children)
        else:
            around.append(
                Emphasis(children=children) if frame.kind == "em" else Strong(children=children)
            )

    def _leaf(self, token: Token, nodes: list[Inline], place: "_Placer", *, in_link: bool) -> None:
        match token.type:
            case "text":
                nodes.append(Text(text=token.content))
            case "softbreak" | "hardbreak":
                nodes.append(Break(hard=token.type == "hardbreak"))
            case "code_inline":
                nodes.append(CodeSpan(text=clean_text(token.content)))
            case "slot":
                self._slot(token, nodes, place, in_link=in_link)
            case "slot_in_link":
                self._note(place, token.meta["at"], "a slot in the words of a link", SLOT_REMEDY)
            case "image":
                url = self._url(token, "src", PICTURES, place)
                if has_slot(token.children):
                    self._note(place, token.meta["at"], "a slot in alternative text", SLOT_REMEDY)
                nodes.append(InlineImage(url=url, alt=plain_text(token.children)))
            case _:
                msg = f"markdown-it-py made a token that no rule of ours makes: {token.type}"
                raise AssertionError(msg)

    def _slot(self, token: Token, nodes: list[Inline], place: "_Placer", *, in_link: bool) -> None:
        name = token.content
        if token.meta["broken"]:
            self._note(place, token.meta["at"], "a slot that cannot be read", BROKEN_SLOT_REMEDY)
        elif name not in KNOWN_SLOTS:
            near = nearest(name, KNOWN_SLOTS)
            known = f"did you mean [[{near}]]?" if near else "known are " + ", ".join(KNOWN_SLOTS)
            self._note(
                place,
                token.meta["at"],
                f"there is no slot {name or '[[]]'}",
                f"{known} (\\[[ shows as typed)",
            )
        elif in_link:
            self._note(place, token.meta["at"], "a slot in the words of a link", SLOT_REMEDY)
        else:
            nodes.append(SlotRef(name=name, fallback=clean_line(token.meta["fallback"])))

    def _url(self, token: Token, key: str, schemes: tuple[str, ...], place: "_Placer") -> str:
        text = str(token.attrGet(key) or "")
        if "[[" in text:
            self._note(place, token.meta["at"], "a slot in an address", SLOT_REMEDY)
            return "https://mistake.invalid/"
        try:
            return read_url(text, schemes=schemes)
        except ValueError as error:
            remedy = "write it whole, with https://"
            if key == "href":
                remedy = "write https://…, http://… or mailto:…"
            self._note(place, token.meta["at"], f"{error} ({_short(text)})", remedy)
        return "https://mistake.invalid/"

    def refuse_slots(self, inline: Token, where: str, *, column: int = 0) -> None:
        """Note every slot in a place that is not filled for each reader; none is left after."""
        place = _Placer(self, inline, column)
        children = inline.children or []
        for token in children:
            if token.type == "slot":
                self._note(place, token.meta["at"], f"a slot in {where}", SLOT_REMEDY)
        inline.children = [token for token in children if token.type != "slot"]

    def plain_words(self, inline: Token, where: str, *, column: int = 0) -> str:
        """Read one line of plain text; a link, picture or slot in it is a mistake."""
        self.refuse_slots(inline, where, column=column)
        place = _Placer(self, inline, column)
        for token in inline.children or ():
            if token.type in {"link_open", "image"}:
                kind = "a link" if token.type == "link_open" else "a picture"
                self._note(place, token.meta["at"], f"{kind} in {where}", "write plain text here")
        return plain_text(inline.children)

    def picture_url(self, token: Token, line: int, column: int) -> str:
        """Read the address of a token that is an image."""
        inline = inline_token([token], token.content, line - self.first_line)
        return self._url(token, "src", PICTURES, _Placer(self, inline, column))

    def link_url(self, token: Token, line: int, column: int) -> str:
        """Read the address of a token that opens a link."""
        inline = inline_token([token], "", line - self.first_line)
        return self._url(token, "href", LINKS, _Placer(self, inline, column))

    def _note(self, place: "_Placer", at: int, message: str, remedy: str) -> None:
        line, column = place.of(at)
        self.mistakes.add(line, column, message, remedy)


BROKEN_SLOT_REMEDY = (
    "write [[name]] or [[name|fallback]]; a fallback is plain text without [, ] and | "
    "(\\[[ shows as typed)"
)
SLOT_REMEDY = "slots work in body text only; a backslash before [[ shows it as typed"


@dataclass(slots=True)
class _Placer:
    """Finds the file's line and column of an offset in a run of text.

    begins holds the offset of each line of the run, leads of each line that was asked for how many
    characters of the file's line stand before its words, and how many of the run's.
    """

    reader: TextReader
    inline: Token
    column: int
    begins: list[int] = field(default_factory=list)
    leads: dict[int, tuple[int, int]] = field(default_factory=dict)

    def of(self, at: int) -> tuple[int, int]:
        content = self.inline.content
        if not self.begins:
            self.begins = [0, *(found.end() for found in re.finditer("\n", content))]
        number = bisect_right(self.begins, at) - 1
        line = self.reader.line_of(self.inline) + number
        if self.column and not number:
            return line, self.column + at
        if number not in self.leads:
            self.leads[number] = self._leads(number, line)
        found, lead = self.leads[number]
        return line, found + max(0, at - self.begins[number] - lead) + 1

    def _leads(self, number: int, line: int) -> tuple[int, int]:
        words = self.inline.content[self.begins[number] :].split("\n", 1)[0]
        lines = self.reader.mistakes.source.lines
        found = lines[line - 1].find(words.strip()) if 0 < line <= len(lines) else -1
        return max(0, found), len(words) - len(words.lstrip())


def inline_token(children: list[Token], content: str, line: int) -> Token:
    """Make a run of text of tokens parsed line by line; line counts as token.map does."""
    return Token("inline", "", 0, content=content, children=children, map=[line, line + 1])


def block_end(tokens: Sequence[Token], start: int) -> int:
    """Return the index after the block that begins at start."""
    depth = 0
    for index in range(start, len(tokens)):
        depth += tokens[index].nesting
        if depth == 0:
            return index + 1
    return len(tokens)


def has_slot(tokens: Sequence[Token] | None) -> bool:
    """Return whether a slot is among these tokens."""
    return any(token.type == "slot" or has_slot(token.children) for token in tokens or ())


def plain_text(tokens: Sequence[Token] | None) -> str:
    """Return the words of running text on one line, without any markup."""
    return clean_line(_words(tokens))


def _words(tokens: Sequence[Token] | None) -> str:
    words: list[str] = []
    for token in tokens or ():
        if token.type in {"text", "text_special", "code_inline"}:
            words.append(token.content)
        elif token.type == "image":
            words.append(_words(token.children))
        elif token.type in {"softbreak", "hardbreak"}:
            words.append(" ")
    return "".join(words)


def _finished(nodes: Sequence[Inline]) -> tuple[Inline, ...]:
    """Clean texts, drop what has no words, join neighbours of one kind."""
    done: list[Inline] = []
    for node in nodes:
        _join(done, node)
    cleaned: list[Inline] = []
    for node in done:
        if isinstance(node, Text):
            text = clean_text(node.text)
            if text:
                _join(cleaned, replace(node, text=text))
        elif not (isinstance(node, CodeSpan) and not node.text):
            _join(cleaned, node)
    return tuple(cleaned)


def _join(nodes: list[Inline], node: Inline) -> None:
    match nodes[-1] if nodes else None, node:
        case Text(text=before), Text(text=after):
            nodes[-1] = Text(text=clean_text(before + after))
        case Emphasis(children=first), Emphasis(children=second):
            nodes[-1] = Emphasis(children=_finished(first + second))
        case Strong(children=first), Strong(children=second):
            nodes[-1] = Strong(children=_finished(first + second))
        case _:
            nodes.append(node)


def _short(text: str) -> str:
    shown = "".join(char if char.isprintable() else "·" for char in text)
    return shown if len(shown) <= MOST_SHOWN else shown[:MOST_SHOWN] + "…"
