"""A feed of XML as feedparser and a tree read it."""

import html
import html.entities
import itertools
import re
import unicodedata
from dataclasses import dataclass, field

import lxml.etree
import lxml.html
from lxml.etree import _Element as Element

MOST_TAGS = 250_000
MOST_TAG_CHARS = 65_536
MOST_MENDED = 100_000
MOST_PREFIXES = 100

_ENTITY_DECLARATION = re.compile(r"<!\s{0,100}ENTITY", re.IGNORECASE)
_DOCUMENT_TYPE = re.compile(r"<!DOCTYPE\b", re.IGNORECASE)
_HTML_TYPE = re.compile(r"<!DOCTYPE\s{1,100}html\b", re.IGNORECASE)
_PLAIN_TYPE = re.compile(
    r"<!DOCTYPE\s{1,100}[\w:.-]{1,100}\s{0,100}"
    # The type of RSS 0.90 and 0.91; it is dropped, nobody asks for it.
    r"""(?:PUBLIC\s{1,100}["']-//Netscape Communications//DTD RSS 0\.9\d?//EN["']"""
    r"""\s{0,100}(?:["'][^"'<>]{0,500}["'])?\s{0,100})?>""",
    re.IGNORECASE,
)
_SPECIAL = re.compile(r"<!\[CDATA\[|<!--|<\?")
_CLOSE = {"<![CDATA[": "]]>", "<!--": "-->", "<?": "?>"}
_AMPERSAND = re.compile(
    r"&(?:#([0-9]{1,7});|#[xX]([0-9A-Fa-f]{1,6});|([A-Za-z][A-Za-z0-9]{1,31});)?"
)
_OWN_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ROOT = re.compile(
    r"<(?:\?xml\b|!DOCTYPE\b|(?:\w{1,20}:)?(?:rss|RDF|feed|channel)\b)", re.IGNORECASE
)
_FIRST_TAG = re.compile(r"<([A-Za-z_][\w.:-]{0,100})")
_PREFIX = re.compile(r"</?([A-Za-z_][\w.-]{0,40}):[A-Za-z_]")
_DECLARED = re.compile(r"xmlns:([\w.-]{1,100})")
_LONG_TAG = re.compile(rf"<[A-Za-z/][^<>]{{{MOST_TAG_CHARS}}}")

NAMESPACES = {
    "admin": "http://webns.net/mvcb/",
    "atom": "http://www.w3.org/2005/Atom",
    "a10": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "thr": "http://purl.org/syndication/thread/1.0",
    "wfw": "http://wellformedweb.org/CommentAPI/",
}


@dataclass(slots=True, kw_only=True)
class Mended:
    """The markup as it goes to the parser, and what was done to it, as sentences."""

    text: str
    notes: list[str] = field(default_factory=list)


def refuse_entities(text: str) -> None:
    """Refuse a declaration of an entity, wherever it stands.

    Raises:
        ValueError: with a sentence part that says what it is.
    """
    if _ENTITY_DECLARATION.search(text):
        msg = "it declares XML entities, which no feed needs and which can be an attack"
        raise ValueError(msg)


def mend_markup(text: str) -> Mended:
    """Mend what can be mended without guessing at the feed's structure.

    Raises:
        ValueError: where it declares what no feed needs, or has more of something than any feed.
    """
    refuse_entities(text)
    mended = Mended(text=text)
    if _NOT_XML.search(text):
        text = _NOT_XML.sub("", text)
        mended.notes.append("characters that XML does not allow were removed")
    text = _from_its_start(text, mended)
    walk = _Walk()
    walk.through(text)
    if len({found[1] for found in _DECLARED.finditer(text)}) > MOST_PREFIXES:
        msg = f"it declares more than {MOST_PREFIXES} namespaces"
        raise ValueError(msg)
    if walk.mended_ampersands:
        mended.notes.append("ampersands and entities that XML does not know were mended")
    mended.text = _with_prefixes("".join(walk.pieces), mended)
    refuse_entities(mended.text)  # a comment that was taken out may have stood in the middle of one
    return mended


def _from_its_start(text: str, mended: Mended) -> str:
    """Drop what stands before the feed, such as a warning of the program that made it."""
    text = text.strip()
    start = _ROOT.search(text)
    if start is None or start.start() == 0:
        return text
    before = text[: start.start()]
    if before.startswith("<") and not before.lower().startswith(("<br", "<b>", "<p")):
        return text
    mended.notes.append("text before the feed was skipped")
    return text[start.start() :]


class _Walk:
    """Copies sections as they are and mends the markup between them.

    Comments, instructions and the document type go. What stands around them is looked at as one
    piece, as the parser will see it.
    """

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.open: list[str] = []
        self.mended_ampersands = 0
        self.tags = 0

    def through(self, text: str) -> None:
        at = 0
        while opened := _SPECIAL.search(text, at):
            self.open.append(text[at : opened.start()])
            end = _CLOSE[opened[0]]
            close = text.find(end, opened.end())
            inner = text[opened.end() : close if close >= 0 else len(text)]
            if opened[0] == "<![CDATA[":
                self._flush()
                self.pieces.append(f"<![CDATA[{inner}]]>")
            at = close + len(end) if close >= 0 else len(text)
        self.open.append(text[at:])
        self._flush()

    def _flush(self) -> None:
        piece = "".join(self.open)
        self.open.clear()
        self.tags += piece.count("<")
        if self.tags > MOST_TAGS:
            msg = f"it has more than {MOST_TAGS:,} tags"
            raise ValueError(msg)
        if _LONG_TAG.search(piece):
            msg = "it has a tag of more than 64 KB"
            raise ValueError(msg)
        piece = _PLAIN_TYPE.sub("", piece)
        for found in _DOCUMENT_TYPE.finditer(piece):
            if not _HTML_TYPE.match(piece, found.start()):  # a page is told by its first tag
                msg = "it names an external document type or brings its own, which no feed needs"
                raise ValueError(msg)
        self.pieces.append(_AMPERSAND.sub(self._entity, piece))

    def _entity(self, found: re.Match[str]) -> str:
        decimal, hexadecimal, name = found.groups()
        if name in _OWN_ENTITIES:
            return found[0]
        if self.mended_ampersands > MOST_MENDED:
            msg = f"it has more than {MOST_MENDED:,} ampersands that stand for nothing"
            raise ValueError(msg)
        if decimal or hexadecimal:
            number = int(decimal) if decimal else int(hexadecimal, 16)
            if _is_character(number):
                return found[0]
            self.mended_ampersands += 1
            return ""
        self.mended_ampersands += 1
        characters = html.entities.html5.get(f"{name};", "") if name else ""
        if characters:
            return "".join(f"&#{ord(char)};" for char in characters)
        return "&amp;" + found[0][1:]


def _is_character(number: int) -> bool:
    """Return whether XML 1.0 has the character (section 2.2)."""
    return number in {0x9, 0xA, 0xD} or (
        0x20 <= number <= 0x10FFFF  # noqa: PLR2004 (the production's own bounds)
        and not 0xD800 <= number <= 0xDFFF  # noqa: PLR2004
        and number not in {0xFFFE, 0xFFFF}
    )


def _with_prefixes(text: str, mended: Mended) -> str:
    """Declare on the first tag the well-known prefixes that are used and nowhere declared."""
    first = _FIRST_TAG.search(text)
    if first is None:
        return text
    used = {found[1] for found in _PREFIX.finditer(text)}
    missing = sorted(
        prefix for prefix in used if prefix in NAMESPACES and f"xmlns:{prefix}" not in text
    )
    if not missing:
        return text
    mended.notes.append(f"the prefix {', '.join(missing)} was used without being declared")
    declared = "".join(f' xmlns:{prefix}="{NAMESPACES[prefix]}"' for prefix in missing)
    return text[: first.end()] + declared + text[first.end() :]


MOST_ENTRIES = 500
MOST_DEPTH = 256

MOST_ATTRIBUTES = 100
MOST_TEXT_CHARS = 500_000
FEWEST_CDATA_CHARS = 100
MOST_RAW_CHARS = 20_000  # of a field that is text, before its markup is taken away

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
_AUTHORS = frozenset({"author", "creator"})
_CLOSING = re.compile(r"</(?:\w{1,20}:)?(?:rss|RDF|feed|channel)\s{0,20}>", re.IGNORECASE)
_OPENING = re.compile(r"<(?:\w{1,20}:)?(?:item|entry)[\s>]", re.IGNORECASE)
# The two ways in which RSS writes an author with an address of mail.
_MAIL_AUTHOR = re.compile(r"[^\s()<>@]{1,250}@[^\s()<>@]{1,250}\s{1,10}\(([^()]{1,250})\)")
_AUTHOR_MAIL = re.compile(r"([^()<>@]{1,250}) <[^\s()<>@]{1,250}@[^\s()<>@]{1,250}>")


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
    mended = mend_markup(text)
    root, is_whole = _parse(mended)
    kind = _kind_of(root)
    entries = _take_entries(root, kind, mended.notes)
    if not is_whole:
        entries = _without_the_cut(entries, mended, name=_ENTRY[kind])
    if not entries:
        mended.notes.append("the feed has no entries")
    if _disarm(root):
        mended.notes.append(f"texts were cut to {MOST_TEXT_CHARS:,} characters")
    return FeedTree(root=root, kind=kind, entries=entries, notes=mended.notes)


def local_name(element: Element) -> str:
    """Return an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def namespace(element: Element) -> str:
    """Return an element's namespace, "" where it has none."""
    tag = str(element.tag)
    return tag[1:].partition("}")[0] if tag.startswith("{") else ""


def _parse(mended: Mended) -> tuple[Element, bool]:
    """Parse strictly, else with what can be recovered; says whether the text was well-formed."""
    encoded = mended.text.encode("utf-8", "replace")
    try:
        return lxml.etree.fromstring(encoded, _parser(recover=False)), True
    except lxml.etree.XMLSyntaxError as error:
        _refuse_depth(str(error))
        line = error.lineno or 1
    parser = _parser(recover=True)
    try:
        root = lxml.etree.fromstring(encoded, parser)
    except lxml.etree.XMLSyntaxError as error:
        raise ValueError(_no_feed(mended.text)) from error
    _refuse_depth(" ".join(entry.message for entry in parser.error_log))
    if root is None:
        raise ValueError(_no_feed(mended.text))
    if _last(_CLOSING, mended.text) > _last(_OPENING, mended.text):
        mended.notes.append(f"it is not well-formed XML (line {line}) and was mended")
        return root, True
    return root, False


def _last(pattern: re.Pattern[str], text: str) -> int:
    return max((found.start() for found in pattern.finditer(text)), default=-1)


def _parser(*, recover: bool) -> lxml.etree.XMLParser:
    return lxml.etree.XMLParser(
        encoding="utf-8",
        recover=recover,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _refuse_depth(message: str) -> None:
    if "depth" in message.casefold():
        msg = f"its tags are nested more than {MOST_DEPTH} deep"
        raise ValueError(msg)


def _no_feed(text: str) -> str:
    start = text[:1000].lstrip().casefold()
    if start.startswith(("<!doctype html", "<html")):
        return "it is a web page and no feed"
    return (
        "it is no feed: it is neither XML nor JSON"
        if not start.startswith("<")
        else ("it is no feed: its XML cannot be read")
    )


def _kind_of(root: Element) -> str:
    name = local_name(root)
    kind = _KINDS.get(name.casefold(), "")
    if kind:
        if root.tag != name and not namespace(root):
            root.tag = name
        return kind
    if name.casefold() in {"html", "body", "head", "div", "p"}:
        msg = "it is a web page and no feed"
    else:
        msg = f"it is XML and no feed: its first tag is <{name[:40]}>"
    raise ValueError(msg)


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


def _without_the_cut(entries: list[Element], mended: Mended, *, name: str) -> list[Element]:
    closed = len(re.findall(rf"</(?:\w{{1,20}}:)?{name}\s{{0,20}}>", mended.text))
    whole, left_out = entries, ""
    if entries and closed < len(entries):
        whole, left_out = entries[:-1], "; the one cut off is left out"
        _drop(entries[-1])
    count = f"{len(whole)} {'entry' if len(whole) == 1 else 'entries'}"
    mended.notes.append(f"the feed breaks off after {count}{left_out}")
    return whole


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
        if ":" in local_name(element):
            _drop(element)
            continue
        if len(element.attrib) > MOST_ATTRIBUTES:
            element.attrib.clear()
        for attribute, value in list(element.attrib.items()):
            key = str(attribute).rpartition("}")[2]
            if ":" in key or (key in _ADDRESS_ATTRIBUTES and has_other_scheme(str(value))):
                del element.attrib[attribute]
        text = element.text
        if text:
            was_cut |= len(text) > MOST_TEXT_CHARS
            _set_text(element, _disarmed(local_name(element), text[:MOST_TEXT_CHARS]))
    return was_cut


def _disarmed(name: str, text: str) -> str:
    if name in _ADDRESS_ELEMENTS and has_other_scheme(text):
        return ""
    if name in _AUTHORS:
        stated = text.strip()
        found = _MAIL_AUTHOR.fullmatch(stated) or _AUTHOR_MAIL.fullmatch(stated)
        return found[1] if found else text
    return text


def _set_text(element: Element, text: str) -> None:
    """Set it as a CDATA section where it is markup: feedparser is slow at escaped brackets."""
    if len(text) > FEWEST_CDATA_CHARS and ("<" in text or "&" in text) and "]]>" not in text:
        element.text = lxml.etree.CDATA(text)
    elif text != element.text:
        element.text = text


_SCHEME = re.compile(r"([a-z][a-z0-9+.-]{0,30}):")


def has_other_scheme(value: str) -> bool:
    """Whether the address has a scheme that is neither http nor https, however it is disguised."""
    text = html.unescape(html.unescape(value[:MOST_RAW_CHARS]))
    squeezed = "".join(char for char in text if unicodedata.category(char)[0] not in "CZ")
    found = _SCHEME.match(squeezed.casefold())
    return found is not None and found[1] not in {"http", "https"}
