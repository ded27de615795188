r"""What the MJML compiler is given: the same document, without what it stumbles over.

mrml 6.0.1 refuses white space between the elements of a head, of mj-attributes and of mj-social
where it does not begin with a line feed: a space at the end of a line, or two elements on one line.
It means nothing there, so it is taken out.

It writes attribute values as Rust's debug format does: a no-break space becomes ``\u{a0}``, a vowel
mark of Arabic ``\u{64e}``, the joiner of an emoji ``\u{200d}``, a backslash two. Character
references it copies as they stand, so such characters are handed to it as references; the inliner
makes characters of them again. It gives the title to an aria-label, so that is spelt out too.
"""

import re
from collections.abc import Iterator, Sequence

from newsletter.compose.lint.mjml_tokens import Token, TokenKind

_PICKY = frozenset({"mj-head", "mj-attributes", "mj-social"})
_SPELT = re.compile(r"[^\x20-\x5b\x5d-\x7e\t\r\n]")
_AS_ATTRIBUTES = frozenset({"mj-title"})
_Edit = tuple[int, int, str]  # from, to, and what stands there instead


def compiler_input(mjml: str, tokens: Sequence[Token]) -> str:
    """Return a document as the compiler wants it; tokens are all of it."""
    edits = [*_head_space(mjml, tokens)]
    if _SPELT.search(mjml):
        edits += _spellings(mjml, tokens)
    pieces: list[str] = []
    at = 0
    for start, end, instead in sorted(edits):
        pieces += (mjml[at:start], instead)
        at = end
    return "".join([*pieces, mjml[at:]])


def _head_space(mjml: str, tokens: Sequence[Token]) -> Iterator[_Edit]:
    after_head = "<mj-social" in mjml
    open_: list[str] = []
    for token in tokens:
        if token.kind is TokenKind.START:
            if not token.closed and token.text.startswith("mj"):
                open_.append(token.text)
        elif token.kind is TokenKind.END:
            if open_ and open_[-1] == token.text:
                open_.pop()
            if token.text == "mj-head" and not after_head:
                return
        elif token.kind is TokenKind.TEXT and open_ and open_[-1] in _PICKY:
            space = mjml[token.offset : token.end]
            if space.isspace() and not space.startswith("\n"):
                yield token.offset, token.end, ""


def _spellings(mjml: str, tokens: Sequence[Token]) -> Iterator[_Edit]:
    within = ""
    for token in tokens:
        if token.kind is TokenKind.START:
            within = token.text
            for attribute in token.attributes:
                yield from _spelling(mjml, attribute.offset, attribute.end)
            continue
        if token.kind is TokenKind.TEXT and within in _AS_ATTRIBUTES:
            yield from _spelling(mjml, token.offset, token.end)
        within = ""


def _spelling(mjml: str, start: int, end: int) -> Iterator[_Edit]:
    written = mjml[start:end]
    if not written.isascii() or _SPELT.search(written):
        yield start, end, _SPELT.sub(lambda found: f"&#{ord(found[0])};", written)
