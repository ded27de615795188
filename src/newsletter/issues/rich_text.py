"""From Markdown tokens to rich text in a normal form, with every mistake at its place."""

import re
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
            message = "lists and quotes too deep inside one another"
            self.mistakes.add(line, 1, message, "take some out")
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
        """Note what other programs would read otherwise, or what was not meant."""
        for number, text in enumerate(inline.content.split("\n"), line):
            if _TABLE.fullmatch(text):
                self.mistakes.add(number, 1, "tables are not available", "write lines or a list")
            elif _BRIEF.match(text):
                message = "an indented list is read as text"
                self.mistakes.add(number, 1, message, "begin the line with -")
        if any(t.type == "text" and _SPACED_LINK.search(t.content) for t in inline.children or ()):
            found = _SPACED_LINK.search(inline.content)
            message = "a link has a space before its bracket"
            self._note(inline, found.start() if found else 0, message, "take out the space")

    def _subheading(self, opening: Token, inline: Token) -> Subheading | None:
        line = self.line_of(opening)
        kinds = [token.type for token in inline.children or ()]
        if opening.level == 0 and kinds[:1] == ["link_open"] and kinds[-1:] == ["link_close"]:
            message = f"a headline with {'#' * int(opening.tag[1:])} is part of the story above"
            self.mistakes.add(line, 1, message, "write ## [Headline](https://…)")
        level = int(opening.tag[1:])
        if level < LOWEST_SUBHEADING:
            message = f"a heading {'#' * level} inside a list or quote"
            self.mistakes.add(line, 1, message, "write ### or move it out")
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

    def inlines(self, inline: Token) -> tuple[Inline, ...]:
        """Read running text."""
        top = _Frame("top")
        stack = [top]
        for token in inline.children or ():
            if token.type in {"em_open", "strong_open"}:
                kind = token.type.removesuffix("_open")
                stack.append(_Frame(kind, flat=any(frame.kind == kind for frame in stack)))
            elif token.type == "link_open":
                url = self.url(token, inline)
                stack.append(_Frame("link", url=url, at=int(token.meta.get("at", 0))))
            elif token.nesting < 0:
                self._close(stack, inline)
            else:
                in_link = any(frame.kind == "link" for frame in stack)
                self._leaf(token, stack[-1].nodes, inline, in_link=in_link)
        children = _finished(top.nodes)
        words = [index for index, child in enumerate(children) if not isinstance(child, Break)]
        return children[words[0] : words[-1] + 1] if words else ()

    def _close(self, stack: list[_Frame], inline: Token) -> None:
        frame = stack.pop()
        around = stack[-1].nodes
        children = _finished(frame.nodes)
        has_words = any(not isinstance(child, Break) for child in children)
        if frame.kind == "link" and not has_words:
            self._note(inline, frame.at, "a link without words", "write [words](https://…)")
        elif frame.kind == "link":
            around.append(Link(url=frame.url, children=children))
        elif frame.flat or not has_words:
            around.extend(children)
        else:
            kind = Emphasis if frame.kind == "em" else Strong
            around.append(kind(children=children))

    def _leaf(self, token: Token, nodes: list[Inline], inline: Token, *, in_link: bool) -> None:
        match token.type:
            case "text":
                nodes.append(Text(text=token.content))
            case "softbreak" | "hardbreak":
                nodes.append(Break(hard=token.type == "hardbreak"))
            case "code_inline":
                nodes.append(CodeSpan(text=clean_text(token.content)))
            case "slot":
                wrong = _slot_mistake(token, in_link=in_link)
                if wrong is not None:
                    self._note(inline, token.meta["at"], *wrong)
                else:
                    fallback = clean_line(token.meta["fallback"])
                    nodes.append(SlotRef(name=token.content, fallback=fallback))
            case "slot_in_link":
                self._note(inline, token.meta["at"], "a slot in the words of a link", SLOT_REMEDY)
            case "image":
                url, alt = self.picture(token, inline)
                nodes.append(InlineImage(url=url, alt=alt))
            case _:
                msg = f"markdown-it-py made a token that no rule of ours makes: {token.type}"
                raise AssertionError(msg)

    def picture(self, token: Token, inline: Token) -> tuple[str, str]:
        """Read the address and the words of a token that is an image."""
        if has_slot(token.children):
            self._note(inline, token.meta["at"], "a slot in alternative text", SLOT_REMEDY)
        return self.url(token, inline), words_of(token.children)

    def url(self, token: Token, inline: Token) -> str:
        """Read the address of a token that opens a link or is an image."""
        is_picture = token.type == "image"
        text = str(token.attrGet("src" if is_picture else "href") or "")
        if "[[" in text:
            self._note(inline, token.meta["at"], "a slot in an address", SLOT_REMEDY)
            return "https://mistake.invalid/"
        try:
            return read_url(text, schemes=PICTURES if is_picture else LINKS)
        except ValueError as error:
            remedy = "write https://…, http://… or mailto:…"
            if is_picture:
                remedy = "write it whole, with https://"
            self._note(inline, token.meta["at"], f"{error} ({_short(text)})", remedy)
        return "https://mistake.invalid/"

    def refuse_slots(self, inline: Token, where: str) -> None:
        """Note every slot in a place that is not filled for each reader; none is left after."""
        children = inline.children or []
        for token in children:
            if token.type == "slot":
                self._note(inline, token.meta["at"], f"a slot in {where}", SLOT_REMEDY)
        inline.children = [token for token in children if token.type != "slot"]

    def plain_words(self, inline: Token, where: str) -> str:
        """Read one line of plain text; a link, picture or slot in it is a mistake."""
        self.refuse_slots(inline, where)
        for token in inline.children or ():
            if token.type in {"link_open", "image"}:
                kind = "a link" if token.type == "link_open" else "a picture"
                message = f"{kind} in {where}"
                self._note(inline, token.meta["at"], message, "write plain text here")
        return words_of(inline.children)

    def _note(self, inline: Token, at: int, message: str, remedy: str) -> None:
        line = self.line_of(inline) + inline.content.count("\n", 0, at)
        self.mistakes.add(line, 1, message, remedy)


def _slot_mistake(token: Token, *, in_link: bool) -> tuple[str, str] | None:
    name = token.content
    if token.meta["broken"]:
        return "a slot that cannot be read", BROKEN_SLOT_REMEDY
    if name not in KNOWN_SLOTS:
        near = nearest(name, KNOWN_SLOTS)
        known = f"did you mean [[{near}]]?" if near else "known are " + ", ".join(KNOWN_SLOTS)
        return f"there is no slot {name or '[[]]'}", f"{known} (\\[[ shows as typed)"
    return ("a slot in the words of a link", SLOT_REMEDY) if in_link else None


BROKEN_SLOT_REMEDY = (
    "write [[name]] or [[name|fallback]]; a fallback is plain text without [, ] and | "
    "(\\[[ shows as typed)"
)
SLOT_REMEDY = "slots work in body text only; a backslash before [[ shows it as typed"


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


def words_of(tokens: Sequence[Token] | None) -> str:
    """Return the words of running text on one line, without any markup."""
    words: list[str] = []
    for token in tokens or ():
        if token.type in {"text", "text_special", "code_inline"}:
            words.append(token.content)
        elif token.type == "image":
            words.append(words_of(token.children))
        elif token.type in {"softbreak", "hardbreak"}:
            words.append(" ")
    return clean_line("".join(words))


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
