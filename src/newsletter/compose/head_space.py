"""Takes out white space that the MJML compiler stumbles over.

mrml 6.0.1 refuses white space between the elements of a head, of mj-attributes and of mj-social
where it does not begin with a line feed: a space at the end of a line, or two elements on one line.
It means nothing there, so it is taken out. Elsewhere white space is read as it should be.
"""

from newsletter.compose.mjml_registry import STYLE_HOLDERS
from newsletter.compose.mjml_tokens import TokenKind, tokens

_PICKY = frozenset({"mj-head", "mj-attributes", "mj-social"})


def without_head_space(mjml: str) -> str:
    """Give a well-formed document without the white space that stands in those elements."""
    pieces: list[str] = []
    at = 0
    open_: list[str] = []
    for token in tokens(mjml, STYLE_HOLDERS):
        if token.kind is TokenKind.START and not token.closed and token.text.startswith("mj"):
            open_.append(token.text)
        elif token.kind is TokenKind.END and open_ and open_[-1] == token.text:
            open_.pop()
        elif token.kind is TokenKind.TEXT and open_ and open_[-1] in _PICKY:
            space = mjml[token.offset : token.end]
            if space.isspace() and not space.startswith("\n"):
                pieces.append(mjml[at : token.offset])
                at = token.end
    return "".join([*pieces, mjml[at:]])
