"""One story: its heading, its head read line by line, and its place in the file."""

import re
from dataclasses import dataclass, field

from markdown_it.token import Token

from newsletter.issues.markdown import HEAD_ORDER
from newsletter.issues.rich_text import SLOT_REMEDY, TextReader, has_slot, inline_token, plain_text
from newsletter.model.issue import Story, StoryImage
from newsletter.model.text import TextBlock, clean_line

_PAIR = re.compile(
    r'[ \t]*([a-z][a-z0-9_-]*)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^\s"{}\\=]+))(?=[ \t}]|$)'
)
_NAMES = {
    "attributes": "the {key=value} line",
    "kicker": "the kicker",
    "image": "the image",
    "byline": "the byline",
}


@dataclass(slots=True)
class _Head:
    attributes: tuple[tuple[str, str], ...] = ()
    kicker: str = ""
    image: StoryImage | None = None
    byline: str = ""
    lines: dict[str, int] = field(default_factory=dict)


def read_story(reader: TextReader, token: Token, summary: tuple[TextBlock, ...]) -> Story:
    """Read a story token and its head lines; the summary has been read already."""
    line = reader.line_of(token)
    source_line = reader.mistakes.source.lines[line - 1]
    column = max(0, source_line.find(token.content, source_line.find("##") + 2)) + 1
    inline = inline_token(list(token.children or []), token.content, line - reader.first_line)
    headline, url = _headline(reader, inline, line, column)
    head = _Head()
    rank = -1
    for kind, number, text, children in token.meta["heads"]:
        at = reader.first_line + number
        begin = reader.mistakes.source.lines[at - 1].find(text) + 1
        order = HEAD_ORDER.index(kind)
        if order <= rank:
            again = order == rank or _is_set(head, kind)
            order_text = "attributes, kicker, image, byline"
            if again:
                message = f"{_NAMES[kind]} appears a second time"
                remedy = "keep one, or put words beside it"
            else:
                message = f"{_NAMES[kind]} comes after {_NAMES[HEAD_ORDER[rank]]}"
                remedy = f"the order is {order_text}"
            reader.mistakes.add(at, begin, message, remedy)
        rank = max(rank, order)
        head.lines.setdefault(kind, at)
        _read_head_line(reader, head, kind, inline_token(list(children), text, number), (at, begin))
    return Story(
        headline=headline,
        url=url,
        attributes=head.attributes,
        kicker=head.kicker,
        image=head.image,
        byline=head.byline,
        summary=summary,
        line=line,
        head_lines=tuple(head.lines.items()),
    )


def _is_set(head: _Head, kind: str) -> bool:
    return bool(getattr(head, kind))


def _headline(reader: TextReader, inline: Token, line: int, column: int) -> tuple[str, str]:
    reader.refuse_slots(inline, "a headline", column=column)
    children = [token for token in inline.children or [] if token.type != "text" or token.content]
    url = ""
    if children and children[0].type == "link_open":
        url = reader.link_url(children[0], line, column)
        if (
            children[-1].type != "link_close"
            or sum(token.type == "link_open" for token in children) > 1
        ):
            reader.mistakes.add(
                line,
                column,
                "words beside the headline's link",
                "write ## [the whole headline](https://…)",
            )
        children = children[1:-1]
    elif any(token.type == "link_open" for token in children):
        reader.mistakes.add(
            line,
            column,
            "words beside the headline's link",
            "write ## [the whole headline](https://…)",
        )
    elif inline.content.startswith("[") and ("](" in inline.content or "]" not in inline.content):
        reader.mistakes.add(
            line, column, "a link has no closing bracket", "write ## [Headline](https://…)"
        )
    if any(token.type == "image" for token in children):
        reader.mistakes.add(
            line, column, "a picture in a headline", "write it on a line of its own below"
        )
    headline = plain_text(children)
    if not headline:
        reader.mistakes.add(
            line, column, "a story without a headline", "write ## [Headline](https://…)"
        )
    return headline, url


def _read_head_line(
    reader: TextReader, head: _Head, kind: str, inline: Token, at: tuple[int, int]
) -> None:
    line, column = at
    if kind == "attributes":
        head.attributes = _attributes(reader, inline.content, line, column)
    elif kind == "kicker":
        head.kicker = reader.plain_words(inline, "a kicker", column=column)
    elif kind == "byline":
        head.byline = reader.plain_words(inline, "a byline", column=column)
    else:
        token = next(token for token in inline.children or [] if token.type == "image")
        url = reader.picture_url(token, line, column)
        if has_slot(token.children):
            reader.mistakes.add(line, column, "a slot in alternative text", SLOT_REMEDY)
        head.image = StoryImage(url=url, alt=plain_text(token.children), line=line)


def _attributes(
    reader: TextReader, text: str, line: int, column: int
) -> tuple[tuple[str, str], ...]:
    """Read `{key=value key="two words"}`; in quotes a backslash keeps the next character."""
    if "[[" in text:
        reader.mistakes.add(
            line, column + text.index("[["), "a slot in a story's attributes", SLOT_REMEDY
        )
    pairs: dict[str, str] = {}
    at = 1
    while found := _PAIR.match(text, at):
        key = found[1]
        value = found[3] if found[3] is not None else re.sub(r"\\(.)", r"\1", found[2])
        if key in pairs:
            reader.mistakes.add(
                line, column + found.start(1), f"{key} appears a second time", "keep one"
            )
        pairs[key] = clean_line(value)
        at = found.end()
    if text[at:].strip(" \t") != "}":
        reader.mistakes.add(
            line,
            column + at,
            "the {key=value} line cannot be read from here",
            'write {key=value other="two words"}',
        )
    return tuple(pairs.items())
