"""O26: nothing in the final HTML is active, whatever template and content it was made from.

A closed list of elements, attributes and schemes, held against what two readers that share no code
make of the HTML: lxml's parser, and our scanner of the source, which also reads the comments that
Outlook takes for HTML. It knows nothing of the rules that composing follows.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain, islice
from typing import NamedTuple

from newsletter.checks.html.outlook import outlook_page
from newsletter.checks.html.tags import tags
from newsletter.checks.place import place_of, tell
from newsletter.checks.request import Composition
from newsletter.checks.wording import shorten
from newsletter.model.finding import Finding, Severity

ACTIVE_CONTENT = "O26 active-content"

MOST_FINDINGS = 10


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


_ELEMENTS = _names(
    "html head title meta style body div center table caption colgroup col thead tbody tfoot tr td "
    "th a img p h1 h2 h3 h4 h5 h6 span font strong b em i u s strike del ins sub sup small big br "
    "wbr hr ul ol li dl dt dd blockquote pre code kbd samp var abbr address bdi bdo cite dfn "
    "figure figcaption mark q time section article header footer main nav aside"
)
# Within comments that Outlook reads: its settings, and pictures and boxes in VML.
_OUTLOOK_ELEMENTS = _ELEMENTS | _names("noscript xml")
_OUTLOOK_PREFIXES = ("o:", "v:", "w:")
_ATTRIBUTES = _names(
    "abbr align alt background bgcolor border cellpadding cellspacing char charset charoff cite "
    "class color cols colspan content datetime dir face headers height hidden href hreflang "
    "http-equiv hspace id lang media name nowrap rel rel-name reversed role rowspan rules scope "
    "size sizes span src srcset start style summary tabindex target title translate type valign "
    "value vertical-align vspace width xmlns xml:lang"
)
_PREFIXES = ("aria-", "data-", "xmlns:")
# VML and Office elements carry many attributes; these are what can lead or fetch.
_ADDRESSES = _names("href src background cite action formaction poster data longdesc xlink:href")
_LINK_SCHEMES = ("https:", "http:", "mailto:")
_FETCH_SCHEMES = ("https:", "http:")
_EQUIVALENTS = _names("content-type x-ua-compatible content-language")
_IGNORED = re.compile("[\x00-\x20\x7f-\xa0\xad\u200b-\u200f\u2028-\u202f\u2060-\u2064\ufeff]")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]{0,40}:")
_CSS_ESCAPE = re.compile(r"\\([0-9a-f]{1,6})\s?|\\(.)", re.IGNORECASE | re.DOTALL)
_CSS_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_CSS_URL = re.compile(r"""url\(\s*["']?\s*([^"')\s]{0,200})""")
_CSS_ACTIVE = re.compile(
    r"expression\s*\(|javascript:|vbscript:|behavior\s*:|-moz-binding|@import|@charset|image-set\("
    r"|(?<![\w-])src\(|cross-fade\("
)


class _Seen(NamedTuple):
    what: str
    evidence: str
    url: str = ""


def active_content(made: Composition) -> Iterator[Finding]:
    """O26: no element, attribute, scheme or style is there but those that only show and lead."""
    tokens = frozenset(one.token for one in made.composed.sentinels if one.token)
    seen: dict[_Seen, int] = {}
    for one, at in chain(_in_source(made, tokens), _in_tree(made, tokens)):
        seen.setdefault(one, at)
    for one, at in islice(seen.items(), MOST_FINDINGS):
        wrote = made.wrote.offset(at) if at >= 0 else None
        yield tell(
            ACTIVE_CONTENT,
            wrote or place_of(made, url=one.url),
            f"the HTML holds {one.what}",
            shorten(one.evidence),
            "take it out of the template; a mail shows, and does nothing",
            Severity.ERROR,
        )


def _in_tree(made: Composition, tokens: frozenset[str]) -> Iterator[tuple[_Seen, int]]:
    for element in made.page.elements:
        attributes = tuple((str(name), str(value)) for name, value in element.items())
        faults = _judged(str(element.tag), attributes, tokens, outlook=False)
        css = "".join(map(str, element.itertext())) if element.tag == "style" else ""
        yield from ((one, -1) for one in (*faults, *_style(css)))


def _in_source(made: Composition, tokens: frozenset[str]) -> Iterator[tuple[_Seen, int]]:
    hidden = outlook_page(made.composed.html).hidden
    for start, source in ((-1, made.composed.html), *hidden):
        is_hidden = start >= 0
        for tag in tags(source):
            attributes = () if tag.closes else tuple(tag.attributes.items())
            for one in _judged(tag.name, attributes, tokens, outlook=is_hidden):
                yield one, max(start, 0) + tag.at
        yield from ((one, -1) for one in (_style(source) if is_hidden else ()))


@lru_cache(maxsize=4096)  # most tags of a mail are alike
def _judged(
    name: str, attributes: tuple[tuple[str, str], ...], tokens: frozenset[str], *, outlook: bool
) -> tuple[_Seen, ...]:
    """Judge a tag; tokens stand for addresses that are filled in for each reader."""
    is_office = outlook and name.startswith(_OUTLOOK_PREFIXES)
    if not is_office and name not in (_OUTLOOK_ELEMENTS if outlook else _ELEMENTS):
        return (_Seen(f"the element <{shorten(name, 30)}>", f"<{name}>"),)
    found: list[_Seen] = []
    for attribute, value in attributes:
        if attribute == "style":
            found += _style(value)
        elif what := _attribute_fault(name, attribute, value, tokens, is_office=is_office):
            told = f'<{name} {shorten(attribute, 30)}="{shorten(value, 80)}">'
            found.append(_Seen(what, told, value))
    return tuple(found)


def _attribute_fault(
    name: str, attribute: str, value: str, tokens: Iterable[str], *, is_office: bool
) -> str:
    if attribute in _ADDRESSES:
        return _address_fault(name, attribute, value, tokens)
    if attribute == "srcset":
        candidates = (one.strip() for one in value.split(","))
        faults = (_address_fault(name, attribute, one, tokens) for one in candidates)
        return next(filter(None, faults), "")
    if attribute == "http-equiv":
        return "" if value.strip().lower() in _EQUIVALENTS else "a meta tag that acts"
    is_known = is_office or attribute in _ATTRIBUTES or attribute.startswith(_PREFIXES)
    if attribute.startswith("on") or not is_known:
        return f"the attribute {shorten(attribute, 30)}"
    return ""


def _address_fault(name: str, attribute: str, value: str, tokens: Iterable[str]) -> str:
    address = _IGNORED.sub("", value).lower()
    if not address or value.strip() in tokens:
        return ""  # an empty address is for the check of links
    is_link = attribute in {"href", "cite"} and name in {"a", "blockquote", "q", "del", "ins"}
    if is_link and address.startswith("#"):
        return ""
    scheme = _SCHEME.match(address)
    if scheme is None:
        return "" if is_link else f"a relative address in {attribute}"
    if scheme[0] not in (_LINK_SCHEMES if is_link else _FETCH_SCHEMES):
        return f"the scheme {shorten(scheme[0], 20)} in {attribute}"
    return ""


def _style(css: str) -> Iterator[_Seen]:
    plain = _CSS_COMMENT.sub("", _CSS_ESCAPE.sub(_unescaped, css)).lower()
    active = _CSS_ACTIVE.search(plain)
    if active:
        yield _Seen("a style that acts or fetches", plain[active.start() : active.start() + 60])
    for url in _CSS_URL.finditer(plain):
        scheme = _SCHEME.match(_IGNORED.sub("", url[1]))
        if scheme is None or scheme[0] not in _FETCH_SCHEMES:
            yield _Seen("a style that fetches from no https address", url[0])


def _unescaped(found: re.Match[str]) -> str:
    if found[2] is not None:
        return found[2]
    code = int(found[1], 16)
    return chr(code) if 0 < code < 0x110000 else "\ufffd"  # noqa: PLR2004 (the end of Unicode)
