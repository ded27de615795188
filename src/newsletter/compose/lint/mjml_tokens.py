"""Cuts MJML into tokens with their offsets; strict, since mrml's errors have no place.

What is no well-formed markup becomes a FAULT token with a sentence, and reading goes on behind the
next bracket. No regular expression here looks back, and a reader stops at the first faults, so the
time is linear in the text.
"""

import re
from collections.abc import Iterator
from enum import Enum, auto
from typing import NamedTuple


class TokenKind(Enum):
    """What a token is."""

    START = auto()
    END = auto()
    TEXT = auto()
    COMMENT = auto()
    FAULT = auto()


class Attribute(NamedTuple):
    """One attribute as written; value is None where there is no equals sign."""

    name: str
    value: str | None
    offset: int
    end: int


class Token(NamedTuple):
    """One token. text is a tag's name, the words, a comment's inside or a fault's sentence."""

    kind: TokenKind
    text: str
    offset: int
    end: int
    attributes: tuple[Attribute, ...] = ()
    closed: bool = False  # <tag … />


_PLAIN_END = re.compile(r"</([A-Za-z][A-Za-z0-9:_-]*+)>")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9:_-]*")
_SPACE = re.compile(r"[ \t\r\n]*")
_ATTRIBUTE_NAME = re.compile(r"[^\s\"'<>/=\x00-\x1f]+")
# A whole start tag without a fault; possessive, so that a fault is found in one pass.
_PLAIN_TAG = re.compile(
    r"<([A-Za-z][A-Za-z0-9:_-]*+)"
    r"((?:[ \t\r\n]++[^\s\"'<>/=\x00-\x1f]++=\"[^\"<]*+\")*+)[ \t\r\n]*+(/?)>"
)
_PLAIN_ATTRIBUTE = re.compile(r"([^\s\"'<>/=\x00-\x1f]++)=\"([^\"<]*+)\"")
_UNQUOTED = re.compile(r"[^\s\"'<>]+")


def tokens(text: str, raw: frozenset[str]) -> Iterator[Token]:
    """Return the tokens of a document; what stands inside a raw element is one TEXT token."""
    at = 0
    while at < len(text):
        bracket = text.find("<", at)
        if bracket != at:
            end = len(text) if bracket < 0 else bracket
            yield Token(TokenKind.TEXT, text[at:end], at, end)
            at = end
            continue
        token = _markup(text, at)
        yield token
        at = token.end
        if token.kind is TokenKind.START and token.text in raw and not token.closed:
            end = text.find(f"</{token.text}", at)
            end = len(text) if end < 0 else end
            if end > at:
                yield Token(TokenKind.TEXT, text[at:end], at, end)
            at = end


def _markup(text: str, at: int) -> Token:
    plain = _PLAIN_TAG.match(text, at)
    if plain is not None:
        attributes = tuple(
            [
                Attribute(found[1], found[2], *found.span())
                for found in _PLAIN_ATTRIBUTE.finditer(text, *plain.span(2))
            ]
        )
        return Token(TokenKind.START, plain[1], at, plain.end(), attributes, closed=bool(plain[3]))
    following = text[at + 1 : at + 2]
    if following == "!":
        return _comment(text, at)
    if following == "?":
        return _fault(text, at, "a processing instruction (<?…) has no place in MJML")
    if following == "/":
        return _end_tag(text, at)
    name = _NAME.match(text, at + 1)
    if name is None:
        return _fault(text, at, "a bare < stands here; write &lt;")
    return _start_tag(text, at, name)


def _comment(text: str, at: int) -> Token:
    if not text.startswith("<!--", at):
        if text.startswith("<![CDATA[", at):
            return _fault(text, at, "CDATA has no place in MJML; escape the text")
        return _fault(text, at, "only comments may begin with <!")
    close = text.find("-->", at + 4)
    if close < 0:
        return Token(TokenKind.FAULT, "a comment is not closed", at, len(text))
    inside = text[at + 4 : close]
    end = close + 3
    if "--" in inside or inside.startswith((">", "->")) or inside.endswith("-"):
        return Token(TokenKind.FAULT, "a comment holds --, which ends it too early", at, end)
    return Token(TokenKind.COMMENT, inside, at, end)


def _end_tag(text: str, at: int) -> Token:
    plain = _PLAIN_END.match(text, at)
    if plain is not None:
        return Token(TokenKind.END, plain[1], at, plain.end())
    name = _NAME.match(text, at + 2)
    if name is None:
        return _fault(text, at, "a bare < stands here; write &lt;")
    space = _SPACE.match(text, name.end())
    end = space.end() if space else name.end()
    if text[end : end + 1] != ">":
        return _fault(text, at, f"the tag </{name[0]} is not closed by >")
    return Token(TokenKind.END, name[0], at, end + 1)


def _start_tag(text: str, at: int, name: re.Match[str]) -> Token:
    attributes: list[Attribute] = []
    position = name.end()
    while True:
        space = _SPACE.match(text, position)
        start = space.end() if space else position
        if text[start : start + 1] == ">":
            return Token(TokenKind.START, name[0], at, start + 1, tuple(attributes))
        if text.startswith("/>", start):
            return Token(TokenKind.START, name[0], at, start + 2, tuple(attributes), closed=True)
        word = _ATTRIBUTE_NAME.match(text, start)
        if word is None:
            return _broken_tag(text, start, name[0])
        if start == position:
            return _fault(text, start, f"a space is missing before {word[0][:40]}")
        attribute = _attribute(text, word)
        if isinstance(attribute, Token):
            return attribute
        attributes.append(attribute)
        position = attribute.end


def _broken_tag(text: str, at: int, name: str) -> Token:
    found = text[at : at + 1]
    if not found or found == "<":
        return _fault(text, at, f"the tag <{name} is not closed by >")
    return _fault(text, at, f"{found!r} cannot stand inside the tag <{name}>")


def _attribute(text: str, word: re.Match[str]) -> Attribute | Token:
    equals = _SPACE.match(text, word.end())
    at = equals.end() if equals else word.end()
    if text[at : at + 1] != "=":
        return Attribute(word[0], None, word.start(), word.end())
    space = _SPACE.match(text, at + 1)
    at = space.end() if space else at + 1
    quote = text[at : at + 1]
    if quote not in {'"', "'"}:
        found = _UNQUOTED.match(text, at)
        shown = found[0][:40] if found else ""
        return _fault(text, word.start(), f'{word[0]} needs quotes: {word[0]}="{shown}"')
    end = text.find(quote, at + 1)
    if end < 0:
        return _fault(text, word.start(), f"the value of {word[0]} has no closing quote")
    value = text[at + 1 : end]
    if "<" in value:
        return _fault(
            text, word.start(), f"the value of {word[0]} holds a bare < or lacks its closing quote"
        )
    if quote == "'" and '"' in value:  # mrml writes it out as broken markup
        return _fault(text, word.start(), f'the value of {word[0]} holds a bare "; write &quot;')
    return Attribute(word[0], value, word.start(), end + 1)


def _fault(text: str, at: int, sentence: str) -> Token:
    """A fault at an offset; reading goes on at the next bracket."""
    following = text.find("<", at + 1)
    return Token(TokenKind.FAULT, sentence, at, len(text) if following < 0 else following)
