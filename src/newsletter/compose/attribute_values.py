r"""Spells attribute values so that the MJML compiler passes them on unchanged.

mrml 6.0.1 writes attribute values as Rust's debug format does: a no-break space becomes ``\u{a0}``,
a vowel mark of Arabic ``\u{64e}``, the joiner of an emoji ``\u{200d}``, a backslash two. Character
references it copies as they stand, so such characters are handed to it as references; the inliner
makes characters of them again. It gives the title to an aria-label, so that is spelt out too.
"""

import re

from newsletter.compose.mjml_registry import STYLE_HOLDERS
from newsletter.compose.mjml_tokens import TokenKind, tokens

_SPELT = re.compile(r"[^\x20-\x5b\x5d-\x7e\t\r\n]")
_AS_ATTRIBUTES = frozenset({"mj-title"})


def spell_out(mjml: str) -> str:
    """Give the same document with references in attribute values and in the title."""
    if not _SPELT.search(mjml):
        return mjml
    pieces: list[str] = []
    at, within = 0, ""
    for token in tokens(mjml, STYLE_HOLDERS):
        spans = [(attribute.offset, attribute.end) for attribute in token.attributes]
        if token.kind is TokenKind.TEXT and within in _AS_ATTRIBUTES:
            spans.append((token.offset, token.end))
        for start, end in spans:
            written = mjml[start:end]
            spelt = _SPELT.sub(lambda found: f"&#{ord(found[0])};", written)
            if spelt != written:
                pieces += [mjml[at:start], spelt]
                at = end
        within = token.text if token.kind is TokenKind.START else ""
    return "".join([*pieces, mjml[at:]])
