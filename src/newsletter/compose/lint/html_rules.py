"""What HTML may stand inside MJML blocks, and which addresses a link or picture may have.

The compiler is no filter: it copies javascript: links and any raw HTML into the mail. So what may
stand there is a closed list, judged after character references are decoded.
"""

import re
from collections.abc import Mapping
from html import unescape
from urllib.parse import unquote


def names(words: str) -> frozenset[str]:
    """Make a set of the names in a line of words."""
    return frozenset(words.split())


VOID = frozenset({"br", "col", "hr", "img", "meta", "wbr"})
_GLOBAL = names("align class dir height id lang role style title valign width")
TAGS: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(
        names(
            "abbr address b bdi bdo br caption cite code dd del dfn div dl dt em figcaption"
            " figure h1 h2 h3 h4 h5 h6 hr i ins kbd mark p pre q s samp small span strong sub"
            " sup tbody tfoot thead u ul var wbr"
        ),
        frozenset[str](),
    ),
    "a": frozenset({"href", "name", "rel", "target"}),
    "blockquote": frozenset({"cite"}),
    "col": frozenset({"span"}),
    "colgroup": frozenset({"span"}),
    "img": frozenset({"alt", "border", "src"}),
    "li": frozenset({"value"}),
    "ol": frozenset({"start", "type", "reversed"}),
    "table": frozenset({"bgcolor", "border", "cellpadding", "cellspacing"}),
    "td": frozenset({"abbr", "bgcolor", "colspan", "headers", "rowspan"}),
    "th": frozenset({"abbr", "bgcolor", "colspan", "headers", "rowspan", "scope"}),
    "time": frozenset({"datetime"}),
    "tr": frozenset({"bgcolor"}),
}
HEAD_TAGS: Mapping[str, frozenset[str]] = {
    "meta": frozenset({"charset", "content", "http-equiv", "name"})
}
ACTIVE_TAGS = names(
    "applet audio base button embed form frame frameset iframe input link math meta"
    " object option picture script select source style svg template textarea track video"
)
LINKS = frozenset({"href", "cite"})
IMAGES = frozenset({"src"})
_HEAD_EQUIVALENTS = frozenset({"content-type", "x-ua-compatible"})
_SCHEME = re.compile(r"([^/?#:]*):")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_HOST = re.compile(r"//[^/?#@]")
_SLOT = re.compile(r"[a-z0-9]{8,}")  # the token that stands for a reader's value
_HIDDEN = re.compile(
    "[\x00-\x20\x7f-\xa0\xad\u061c\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\\\\]"
)


def attributes_of_tag(tag: str, *, in_head: bool) -> frozenset[str]:
    """Return what an HTML tag may carry, aria- attributes apart."""
    return HEAD_TAGS[tag] if in_head else _GLOBAL | TAGS[tag]


def address_fault(written: str, *, image: bool) -> str:
    """Return what is wrong with an address as written in the markup, "" where nothing is.

    Allowed are absolute https, http and (for links) mailto, a slot, and for links #name.
    """
    address = unescape(written)
    if not address or _SLOT.fullmatch(address) or (address.startswith("#") and not image):
        return ""
    if _HIDDEN.search(address):
        return "holds a space, a backslash or an invisible character"
    scheme = _SCHEME.match(address)
    name = scheme[1].lower() if scheme else ""
    if scheme is None:
        fault = "is no absolute address; write it with https://"
    elif name in {"http", "https"}:
        fault = "" if _HOST.match(address, scheme.end()) else "names no host"
    elif name == "mailto" and not image:
        breaks = _breaks_a_head(address)
        fault = "holds a line break, which could begin another line of a head" if breaks else ""
    else:
        fault = f'begins with "{name[:20]}:", which a mail must not use'
    return fault


def _breaks_a_head(address: str) -> bool:
    """Return whether a mailto: address holds a control character outside its body (RFC 6068, 5)."""
    to, _, query = address.partition("?")
    fields = [field for field in query.split("&") if not field.lower().startswith("body=")]
    return any(_CONTROL.search(unquote(one)) for one in (to, *fields))


def head_fault(name: str, value: str) -> str:
    """Return what is wrong with an attribute of a meta tag, "" where nothing is."""
    if name == "http-equiv" and unescape(value).strip().lower() not in _HEAD_EQUIVALENTS:
        return "only Content-Type and X-UA-Compatible may stand in http-equiv"
    return ""
