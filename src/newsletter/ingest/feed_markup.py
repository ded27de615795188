"""A feed of XML as a tree: what can be mended is mended, what no feed needs is refused or dropped.

libxml2 recovers what is not well-formed. It reads no document type, resolves no entity and asks
nobody: declarations are refused here, before it sees them.
"""

import html
import html.entities
import itertools
import re
import unicodedata
from dataclasses import dataclass

import lxml.etree
from lxml.etree import _Element as Element

MOST_TAGS = 250_000
MOST_MENDED = 100_000
MOST_ENTRIES = 500
MOST_ATTRIBUTES = 100
MOST_PREFIXES = 100
MOST_TEXT_CHARS = 500_000
FEWEST_CDATA_CHARS = 100
MOST_RAW_CHARS = 20_000  # of a field that is text, before its markup is taken away

_DOCUMENT_TYPE = re.compile(r"<!DOCTYPE\b[^<>]*>", re.IGNORECASE)
_DECLARATION = re.compile(r"<!\s{0,100}(?:ENTITY|ATTLIST|ELEMENT|NOTATION)\b", re.IGNORECASE)
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONG_TAG = re.compile("<[A-Za-z/][^<>]{65536}")
_AMPERSAND = re.compile(
    r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});)"
    r"(?:([A-Za-z][A-Za-z0-9]{1,31});)?"
)
_ROOT = re.compile(
    r"<(?:\?xml\b|!DOCTYPE\b|(?:\w{1,20}:)?(?:rss|RDF|feed|channel)\b)", re.IGNORECASE
)
_FIRST_TAG = re.compile(r"<([A-Za-z_][\w.:-]{0,100})")
_PREFIX = re.compile(r"</?([A-Za-z_][\w.-]{0,40}):[A-Za-z_]")
_DECLARED = re.compile(r"xmlns:([\w.-]{1,100})")

NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
}
_RSS_SPACES = (
    "http://purl.org/rss/1.0/",
    "http://my.netscape.com/rdf/simple/0.9/",
    "http://backend.userland.com/rss",
    "http://backend.userland.com/rss2",
)
_KINDS = {"rss": "RSS", "rdf": "RSS", "channel": "RSS", "feed": "Atom"}
_ENTRY = {"RSS": "item", "Atom": "entry"}
_ADDRESS_ATTRIBUTES = frozenset({"href", "url", "src", "about", "resource", "base"})
_ADDRESS_ELEMENTS = frozenset({"link", "url", "origLink", "uri", "icon", "logo"})
_CLOSING = re.compile(r"</(?:\w{1,20}:)?(?:rss|RDF|feed|channel)\s{0,20}>", re.IGNORECASE)
_OPENING = re.compile(r"<(?:\w{1,20}:)?(?:item|entry)[\s>]", re.IGNORECASE)
# The two ways in which RSS writes an author with an address of mail.
_MAIL_AUTHOR = re.compile(r"[^\s()<>@]{1,250}@[^\s()<>@]{1,250}\s{1,10}\(([^()]{1,250})\)")
_AUTHOR_MAIL = re.compile(r"([^()<>@]{1,250}) <[^\s()<>@]{1,250}@[^\s()<>@]{1,250}>")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]{0,30}):")


@dataclass(slots=True, kw_only=True)
class FeedTree:
    """The tree; kind is RSS or Atom, entries are its entry elements in their order."""

    root: Element
    kind: str
    entries: list[Element]
    notes: list[str]


def feed_tree(text: str) -> FeedTree:
    """Build the tree.

    Raises:
        ValueError: with a sentence part: it is no feed, or one that must not be read.
    """
    notes: list[str] = []
    text = _mended(text, notes)
    root, is_whole = _parse(text, notes)
    kind = _kind_of(root)
    entries = _take_entries(root, kind, notes)
    if not is_whole:
        entries = _without_the_cut(entries, text, notes, name=_ENTRY[kind])
    if not entries:
        notes.append("the feed has no entries")
    if _disarm(root):
        notes.append(f"texts were cut to {MOST_TEXT_CHARS:,} characters")
    return FeedTree(root=root, kind=kind, entries=entries, notes=notes)


def local_name(element: Element) -> str:
    """Return an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def namespace(element: Element) -> str:
    """Return an element's namespace, "" where it has none."""
    tag = str(element.tag)
    return tag[1:].partition("}")[0] if tag.startswith("{") else ""


def has_other_scheme(value: str) -> bool:
    """Whether the address has a scheme that is neither http nor https, however it is disguised."""
    text = html.unescape(html.unescape(value[:MOST_RAW_CHARS]))
    squeezed = "".join(char for char in text if unicodedata.category(char)[0] not in "CZ")
    found = _SCHEME.match(squeezed.casefold())
    return found is not None and found[1] not in {"http", "https"}


def _mended(text: str, notes: list[str]) -> str:
    """Mend what libxml2 would lose; refuse what no feed needs or has so much of."""
    clean = _NOT_XML.sub("", text)
    if clean != text:
        notes.append("characters that XML does not allow were removed")
    text = _DOCUMENT_TYPE.sub("", _from_its_start(clean, notes)).strip()
    if _DECLARATION.search(text):  # after dropping: what was dropped may have stood inside one
        msg = "it declares XML entities or types, which no feed needs and which can be an attack"
        raise ValueError(msg)
    if next(itertools.islice(_AMPERSAND.finditer(text), MOST_MENDED, None), None):
        msg = f"it has more than {MOST_MENDED:,} ampersands that stand for nothing"
        raise ValueError(msg)
    outside, *sections = text.split("<![CDATA[")
    pieces = [_AMPERSAND.sub(_character, outside)]
    tags, is_mended = outside.count("<"), pieces[0] != outside
    for section in sections:
        inside, end, outside = section.partition("]]>")
        pieces += ("<![CDATA[", inside, end or "]]>", _AMPERSAND.sub(_character, outside))
        tags, is_mended = tags + outside.count("<"), is_mended or pieces[-1] != outside
    if is_mended:
        notes.append("ampersands and entities that XML does not know were mended")
    prefixes = {found[1] for found in _DECLARED.finditer(text)}
    for count, most, what in (
        (tags, MOST_TAGS, "tags"),
        (len(prefixes), MOST_PREFIXES, "namespaces"),
    ):
        if count > most:
            msg = f"it has more than {most:,} {what}"
            raise ValueError(msg)
    if _LONG_TAG.search(text):
        msg = "it has a tag of more than 64 KB"
        raise ValueError(msg)
    return _with_prefixes("".join(pieces), notes)


def _from_its_start(text: str, notes: list[str]) -> str:
    """Drop what stands before the feed, such as a warning of the program that made it."""
    text = text.strip()
    start = _ROOT.search(text)
    before = text[: start.start()] if start else ""
    if not before or (
        before.startswith("<") and not before.lower().startswith(("<br", "<b>", "<p"))
    ):
        return text
    notes.append("text before the feed was skipped")
    return text[len(before) :]


def _character(found: re.Match[str]) -> str:
    characters = html.entities.html5.get(f"{found[1]};", "") if found[1] else ""
    return "".join(f"&#{ord(char)};" for char in characters) or f"&amp;{found[0][1:]}"


def _with_prefixes(text: str, notes: list[str]) -> str:
    """Declare on the first tag the well-known prefixes that are used and nowhere declared."""
    first = _FIRST_TAG.search(text)
    used = {found[1] for found in _PREFIX.finditer(text)}
    missing = sorted(
        prefix for prefix in used if prefix in NAMESPACES and f"xmlns:{prefix}" not in text
    )
    if first is None or not missing:
        return text
    notes.append(f"the prefix {', '.join(missing)} was used without being declared")
    declared = "".join(f' xmlns:{prefix}="{NAMESPACES[prefix]}"' for prefix in missing)
    return text[: first.end()] + declared + text[first.end() :]


def _parse(text: str, notes: list[str]) -> tuple[Element, bool]:
    """Parse with what can be recovered; return too whether the feed is there to its end."""
    parser = lxml.etree.XMLParser(
        encoding="utf-8",
        recover=True,
        resolve_entities=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = lxml.etree.fromstring(text.encode("utf-8", "replace"), parser)
    except lxml.etree.XMLSyntaxError:
        root = None
    if any("depth" in error.message.casefold() for error in parser.error_log):
        msg = "its tags are nested more than 256 deep"
        raise ValueError(msg)
    if root is None:
        raise ValueError(_no_feed(text))
    errors = list(parser.error_log)
    if errors and _last(_CLOSING, text) <= _last(_OPENING, text):
        return root, False
    if errors:
        notes.append(f"it is not well-formed XML (line {errors[0].line}) and was mended")
    return root, True


def _last(pattern: re.Pattern[str], text: str) -> int:
    return max((found.start() for found in pattern.finditer(text)), default=-1)


def _no_feed(text: str) -> str:
    if text[:1000].casefold().startswith("<html"):
        return "it is a web page and no feed"
    why = "its XML cannot be read" if text.startswith("<") else "it is neither XML nor JSON"
    return f"it is no feed: {why}"


def _kind_of(root: Element) -> str:
    name = local_name(root)
    kind = _KINDS.get(name.casefold(), "")
    if not kind:
        is_page = name.casefold() in {"html", "body", "head", "div", "p"}
        raise ValueError(
            "it is a web page and no feed"
            if is_page
            else f"it is XML and no feed: its first tag is <{name[:40]}>"
        )
    if ":" in name or (root.tag != name and not namespace(root)):
        root.tag = name
    return kind


def _take_entries(root: Element, kind: str, notes: list[str]) -> list[Element]:
    """Return the entries, side by side, and take those that are too many out of the tree."""
    name = _ENTRY[kind]
    spaces = {namespace(root), *_RSS_SPACES} if kind == "RSS" else {namespace(root)}
    found = list(root.iter(name, *(f"{{{space}}}{name}" for space in sorted(spaces) if space)))
    entries = found[:MOST_ENTRIES]
    known = set(entries)
    for before, entry in itertools.pairwise(entries):
        # One that was not closed holds all that follow it.
        if any(outer in known for outer in entry.iterancestors()):
            before.addnext(entry)
    if len(found) > MOST_ENTRIES:
        notes.append(f"it has {len(found):,} entries; the first {MOST_ENTRIES} are read")
        for entry in found[MOST_ENTRIES:]:
            _drop(entry)
    return entries


def _without_the_cut(
    entries: list[Element], text: str, notes: list[str], *, name: str
) -> list[Element]:
    closed = len(re.findall(rf"</(?:\w{{1,20}}:)?{name}\s{{0,20}}>", text))
    left_out = ""
    if entries and closed < len(entries):
        *entries, cut = entries
        left_out = "; the one cut off is left out"
        _drop(cut)
    count = f"{len(entries)} {'entry' if len(entries) == 1 else 'entries'}"
    notes.append(f"the feed breaks off after {count}{left_out}")
    return entries


def _drop(element: Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _disarm(root: Element) -> bool:
    """Blank addresses with other schemes, drop names whose prefix nobody declared.

    And leave of an author the name alone: feedparser cuts "a@b.example (Name)" in the middle.

    Returns:
        Whether a text was longer than any article and was cut.
    """
    was_cut = False
    for element in list(root.iter("*")):
        name = local_name(element)
        if ":" in name:
            _drop(element)
            continue
        if len(element.attrib) > MOST_ATTRIBUTES:
            element.attrib.clear()
        for attribute, value in list(element.attrib.items()):
            key = str(attribute).rpartition("}")[2]
            if ":" in key or (key in _ADDRESS_ATTRIBUTES and has_other_scheme(str(value))):
                del element.attrib[attribute]
        text = (element.text or "")[:MOST_TEXT_CHARS]
        was_cut |= len(element.text or "") > MOST_TEXT_CHARS
        if name in _ADDRESS_ELEMENTS and has_other_scheme(text):
            text = ""
        elif name in {"author", "creator"}:
            stated = text.strip()
            found = _MAIL_AUTHOR.fullmatch(stated) or _AUTHOR_MAIL.fullmatch(stated)
            text = found[1] if found else text
        if len(text) > FEWEST_CDATA_CHARS and ("<" in text or "&" in text) and "]]>" not in text:
            element.text = lxml.etree.CDATA(text)  # feedparser is slow at escaped brackets
        elif text != (element.text or ""):
            element.text = text
    return was_cut
