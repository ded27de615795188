"""One story: its heading, its head read line by line, and its place in the file."""

import re
from collections.abc import Mapping

from markdown_it.token import Token

from newsletter.issues.markdown import HEAD_ORDER
from newsletter.issues.rich_text import SLOT_REMEDY, TextReader, inline_token, words_of
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


def read_story(reader: TextReader, token: Token, summary: tuple[TextBlock, ...]) -> Story:
    """Read a story token and its head lines; the summary has been read already."""
    line = reader.line_of(token)
    inline = inline_token(list(token.children or []), token.content, line - reader.first_line)
    headline, url = _headline(reader, inline, line)
    found: dict[str, tuple[int, Token]] = {}
    rank = -1
    for kind, number, text, children in token.meta["heads"]:
        at = reader.first_line + number
        order = HEAD_ORDER.index(kind)
        if kind in found:
            message = f"{_NAMES[kind]} appears a second time"
            reader.mistakes.add(at, 1, message, "keep one, or put words beside it")
        elif order < rank:
            message = f"{_NAMES[kind]} comes after {_NAMES[HEAD_ORDER[rank]]}"
            reader.mistakes.add(at, 1, message, f"the order is {', '.join(HEAD_ORDER)}")
        rank = max(rank, order)
        found.setdefault(kind, (at, inline_token(list(children), text, number)))
    return Story(
        headline=headline,
        url=url,
        attributes=_attributes(reader, *found["attributes"]) if "attributes" in found else (),
        kicker=_words(reader, found, "kicker"),
        image=_image(reader, *found["image"]) if "image" in found else None,
        byline=_words(reader, found, "byline"),
        summary=summary,
        line=line,
        head_lines=tuple((kind, at) for kind, (at, _) in found.items()),
    )


def _headline(reader: TextReader, inline: Token, line: int) -> tuple[str, str]:
    reader.refuse_slots(inline, "a headline")
    children = [token for token in inline.children or [] if token.type != "text" or token.content]
    links = [index for index, token in enumerate(children) if token.type == "link_open"]
    url = ""
    wrong = ""
    if links == [0] and children[-1].type == "link_close":
        url = reader.url(children[0], inline)
        children = children[1:-1]
    elif links:
        wrong = "words beside the headline's link"
    elif inline.content.startswith("[") and ("](" in inline.content or "]" not in inline.content):
        wrong = "a link has no closing bracket"
    if any(token.type == "image" for token in children):
        message = "a picture in a headline"
        reader.mistakes.add(line, 1, message, "write it on a line of its own below")
    headline = words_of(children)
    if wrong or not headline:
        message = wrong or "a story without a headline"
        reader.mistakes.add(line, 1, message, "write ## [the whole headline](https://…)")
    return headline, url


def _words(reader: TextReader, found: Mapping[str, tuple[int, Token]], kind: str) -> str:
    return reader.plain_words(found[kind][1], f"a {kind}") if kind in found else ""


def _image(reader: TextReader, line: int, inline: Token) -> StoryImage:
    token = next(token for token in inline.children or [] if token.type == "image")
    url, alt = reader.picture(token, inline)
    return StoryImage(url=url, alt=alt, line=line)


def _attributes(reader: TextReader, line: int, inline: Token) -> tuple[tuple[str, str], ...]:
    """Read `{key=value key="two words"}`; in quotes a backslash keeps the next character."""
    text = inline.content
    if "[[" in text:
        reader.mistakes.add(line, 1, "a slot in a story's attributes", SLOT_REMEDY)
    pairs: dict[str, str] = {}
    at = 1
    while found := _PAIR.match(text, at):
        key = found[1]
        value = found[3] if found[3] is not None else re.sub(r"\\(.)", r"\1", found[2])
        if key in pairs:
            reader.mistakes.add(line, 1, f"{key} appears a second time", "keep one")
        pairs[key] = clean_line(value)
        at = found.end()
    if text[at:].strip(" \t") != "}":
        message = (
            f"the {{key=value}} line cannot be read from {text[at:].strip()[:40] or 'its end'}"
        )
        reader.mistakes.add(line, 1, message, 'write {key=value other="two words"}')
    return tuple(pairs.items())
