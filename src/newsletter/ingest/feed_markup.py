"""A feed of XML as a tree: what can be mended is mended, what no feed needs is refused."""

import html.entities
import itertools
import re
from dataclasses import dataclass

import lxml.etree
from lxml.etree import _Element as Element

MOST_TAGS = 250_000
MOST_MENDED = 100_000
MOST_ENTRIES = 500

MEDIA = "http://search.yahoo.com/mrss"
ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"

_DOCUMENT_TYPE = re.compile(r"<!DOCTYPE\b[^<>]*>", re.IGNORECASE)
_DECLARATION = re.compile(r"<!\s{0,100}(?:ENTITY|ATTLIST|ELEMENT|NOTATION)\b", re.IGNORECASE)
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONG_TAG = re.compile("<[A-Za-z/][^<>]{65536}")
_SECTION = r"<!\[CDATA\[.*?(?:\]\]>|\Z)"
_AMPERSAND = (
    r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});)"
    r"(?:([A-Za-z][A-Za-z0-9]{1,31});)?"
)
_SECTIONS = re.compile(_SECTION, re.DOTALL)
_AMPERSANDS = re.compile(f"{_SECTION}|{_AMPERSAND}", re.DOTALL)
_ROOT = re.compile(
    r"<(?:\?xml\b|!DOCTYPE\b|(?:\w{1,20}:)?(?:rss|RDF|feed|channel)\b)", re.IGNORECASE
)
_CLOSING = re.compile(r"</(?:\w{1,20}:)?(?:rss|RDF|feed|channel)\s{0,20}>", re.IGNORECASE)
_OPENING = re.compile(r"<(?:\w{1,20}:)?(?:item|entry)[\s>]")
_CLOSED_ENTRY = re.compile(r"</(?:\w{1,20}:)?(?:item|entry)\s{0,20}>")
_SPACES = {"media": MEDIA, "itunes": ITUNES}
_KINDS = {"rss": "RSS", "rdf": "RSS", "channel": "RSS", "feed": "Atom"}


@dataclass(slots=True, kw_only=True)
class FeedTree:
    """kind is RSS or Atom; about is the element that describes the feed; entries are in order."""

    kind: str
    about: Element
    entries: list[Element]
    notes: list[str]


def feed_tree(text: str) -> FeedTree:
    """Build the tree; ValueError says in a sentence part why it is no feed to be read."""
    notes: list[str] = []
    text = _mended(text, notes)
    root, is_whole = _parse(text, notes)
    kind = _kind_of(root)
    channels = (each for each in root.iter("*") if local_name(each) == "channel")
    about = root if kind == "Atom" else next(channels, root)
    entries = _entries_in(root, "entry" if kind == "Atom" else "item", notes)
    if not is_whole:
        is_cut = len(_CLOSED_ENTRY.findall(text)) < len(entries)
        entries = entries[:-1] if is_cut else entries
        count = f"{len(entries)} {'entry' if len(entries) == 1 else 'entries'}"
        left_out = "; the one cut off is left out" if is_cut else ""
        notes.append(f"the feed breaks off after {count}{left_out}")
    if not entries:
        notes.append("the feed has no entries")
    return FeedTree(kind=kind, about=about, entries=entries, notes=notes)


def local_name(element: Element) -> str:
    """Return an element's name without its namespace or an undeclared prefix."""
    return re.split("[}:]", str(element.tag))[-1]


def namespace(element: Element) -> str:
    """Return an element's namespace, "" where it has none; media and itunes need no declaration."""
    tag = str(element.tag)
    if tag.startswith("{"):
        return tag[1:].partition("}")[0]
    return _SPACES.get(tag.partition(":")[0], "") if ":" in tag else ""


def _mended(text: str, notes: list[str]) -> str:
    clean = _NOT_XML.sub("", text)
    if clean != text:
        notes.append("characters that XML does not allow were removed")
    text = _DOCUMENT_TYPE.sub("", _from_its_start(clean, notes)).strip()
    if _DECLARATION.search(text):  # after dropping: what was dropped may have stood inside one
        msg = "it declares XML entities or types, which no feed needs and which can be an attack"
        raise ValueError(msg)
    if next(itertools.islice(_AMPERSANDS.finditer(text), MOST_MENDED, None), None):
        msg = f"it has more than {MOST_MENDED:,} ampersands that stand for nothing"
        raise ValueError(msg)
    if _SECTIONS.sub("", text).count("<") > MOST_TAGS:
        msg = f"it has more than {MOST_TAGS:,} tags"
        raise ValueError(msg)
    if _LONG_TAG.search(text):
        msg = "it has a tag of more than 64 KB"
        raise ValueError(msg)
    mended = _AMPERSANDS.sub(_character, text)
    if mended != text:
        notes.append("ampersands and entities that XML does not know were mended")
    return mended


def _from_its_start(text: str, notes: list[str]) -> str:
    text = text.strip()
    start = _ROOT.search(text)
    before = text[: start.start()] if start else ""
    is_warning = not before.startswith("<") or before.lower().startswith(("<br", "<b>", "<p"))
    if not before or not is_warning:
        return text
    notes.append("text before the feed was skipped")
    return text[len(before) :]


def _character(found: re.Match[str]) -> str:
    if found[0].startswith("<"):
        return found[0]
    characters = html.entities.html5.get(f"{found[1]};", "") if found[1] else ""
    return "".join(f"&#{ord(char)};" for char in characters) or f"&amp;{found[0][1:]}"


def _parse(text: str, notes: list[str]) -> tuple[Element, bool]:
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
    errors = list(parser.error_log)
    if any("depth" in error.message.casefold() for error in errors):
        msg = "its tags are nested more than 256 deep"
        raise ValueError(msg)
    if root is None:
        why = "its XML cannot be read" if text.startswith("<") else "it is neither XML nor JSON"
        msg = f"it is no feed: {why}"
        raise ValueError(msg)
    last = max((found.start() for found in _OPENING.finditer(text)), default=0)
    if errors and not _CLOSING.search(text, last):
        return root, False
    if errors:
        notes.append(f"it is not well-formed XML (line {errors[0].line}) and was mended")
    return root, True


def _kind_of(root: Element) -> str:
    name = local_name(root)
    kind = _KINDS.get(name.casefold(), "")
    if kind:
        return kind
    msg = f"it is no feed: its first tag is <{name[:40]}>"
    raise ValueError(msg)


def _entries_in(root: Element, name: str, notes: list[str]) -> list[Element]:
    found = [element for element in root.iter("*") if local_name(element) == name]
    known = set(found)
    for before, entry in itertools.pairwise(found):
        # One that was not closed holds all that follow it.
        if any(outer in known for outer in entry.iterancestors()):
            before.addnext(entry)
    if len(found) > MOST_ENTRIES:
        notes.append(f"it has {len(found):,} entries; the first {MOST_ENTRIES} are read")
    return found[:MOST_ENTRIES]
