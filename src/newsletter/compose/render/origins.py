"""Which template line wrote each tag of the finished HTML: the MJML is compiled again, with marks.

The compiler keeps classes as they are. So every element of the MJML gets a class of its own, and
the tags of that compilation tell, one by one, which element they come from; a tag that bears none
belongs to the element around it. The marked compilation is thrown away: no reader gets it.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from newsletter.compose.line_marks import Marked
from newsletter.compose.lint import mjml_registry
from newsletter.compose.lint.html_rules import VOID
from newsletter.compose.lint.mjml_tokens import Token, TokenKind
from newsletter.model.composed import NOWHERE, Origins, Spot, StartTag, all_tags, start_tags

_MARK = re.compile(r"\bmark(\d{1,7})kram\b")
_BY_NAME = {"title": "mj-title", "style": "mj-style"}  # what is written of it into the head


def find_origins(
    marked: Marked, read: Sequence[Token], html: str, compiled: Callable[[str], str]
) -> Origins:
    """Return the origin of each start tag of some HTML, which the marked text was compiled to.

    read is all its tokens. compiled turns MJML into HTML; where its tags are not those of the HTML,
    nothing is told.
    """
    files: dict[str, int] = {}

    def spot(offset: int) -> Spot:
        place = marked.place(offset)
        return files.setdefault(place.file, len(files)), place.line

    try:
        twin = compiled(_with_marks(marked.text, read))
    except ValueError:
        return Origins()
    if [tag.name for tag in start_tags(twin)] != [tag.name for tag in start_tags(html)]:
        return Origins()
    in_head = tuple(_in_head(read))
    spots = _spots(tuple(all_tags(twin)), read, in_head)
    tags = tuple(NOWHERE if offset < 0 else spot(offset) for offset in spots)
    styles = tuple(
        tuple(spot(token.offset + at) for at in _line_starts(token.text))
        for token in _style_texts(read)
    )
    for token in read:  # a template that only sets a table's edge wrote something too
        if token.kind is TokenKind.START:
            spot(token.offset)
    return Origins(files=tuple(files), tags=tags, styles=styles)


def _with_marks(mjml: str, read: Sequence[Token]) -> str:
    """Return the MJML with a class on each element of the body."""
    pieces: list[str] = []
    at, in_body = 0, False
    for number, token in enumerate(read):
        if token.kind is not TokenKind.START:
            continue
        is_component = token.text == "mjml" or token.text.startswith("mj-")
        in_body = in_body or token.text == "mj-body"
        name = "css-class" if is_component else "class"
        if not in_body or (is_component and name not in mjml_registry.attributes_of(token.text)):
            continue
        mark = f"mark{number}kram"
        own = next((one for one in token.attributes if one.name == name), None)
        if own is None or own.value is None:
            place = token.offset + 1 + len(token.text)
            pieces += [mjml[at:place], f' {name}="{mark}"']
            at = place
        else:
            pieces += [mjml[at : own.end - 1], f" {mark}"]
            at = own.end - 1
    return "".join([*pieces, mjml[at:]])


def _spots(tags: Sequence[StartTag], read: Sequence[Token], in_head: Sequence[Token]) -> list[int]:
    """Return the offset in the MJML of what wrote each start tag, -1 for nothing."""
    spots: list[int] = []
    names: list[str] = []
    open_: list[tuple[str, int]] = []
    for tag in tags:
        if tag.closes:
            if any(name == tag.name for name, _ in open_):
                while open_.pop()[0] != tag.name:
                    pass
            continue
        mark = _MARK.search(tag.attributes)
        offset = read[int(mark[1])].offset if mark else open_[-1][1] if open_ else -1
        spots.append(offset)
        names.append(tag.name)
        if tag.name not in VOID:
            open_.append((tag.name, offset))
    _name_head(spots, names, in_head)
    return spots


def _name_head(spots: list[int], names: Sequence[str], in_head: Sequence[Token]) -> None:
    """Lay the head's elements to the last ones of their kind: the compiler's own stand first."""
    body = names.index("body") if "body" in names else len(names)
    for kind in ("title", "style", "meta"):
        written = [one.offset for one in in_head if one.text in {kind, _BY_NAME.get(kind)}]
        places = [at for at, name in enumerate(names[:body]) if name == kind]
        count = min(len(written), len(places))
        for at, offset in zip(places[len(places) - count :], written[-count:], strict=count > 0):
            spots[at] = offset
    preview = next((one.offset for one in in_head if one.text == "mj-preview"), -1)
    if preview >= 0 and names[body + 1 : body + 2] == ["div"] and spots[body + 1] < 0:
        spots[body + 1] = preview


def _in_head(read: Sequence[Token]) -> Iterator[Token]:
    for token in read:
        if token.text == "mj-body" and token.kind is TokenKind.START:
            return
        if token.kind is TokenKind.START:
            yield token


def _style_texts(read: Sequence[Token]) -> Iterator[Token]:
    for before, token in pairwise(read):
        is_style = before.kind is TokenKind.START and before.text == "mj-style"
        if is_style and token.kind is TokenKind.TEXT:
            yield token


def _line_starts(text: str) -> Iterator[int]:
    """Return the offset of the first character to read of each line, blank ones at the start apart.

    The compiler leaves those out.
    """
    at = len(text) - len(text.lstrip())
    for line in text.lstrip().split("\n"):
        yield at + len(line) - len(line.lstrip())
        at += len(line) + 1
