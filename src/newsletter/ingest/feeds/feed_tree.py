"""A feed's XML as a tree that another parser can be handed: salvaged, bounded, without traps.

Runs in the page child. The tree is well-formed whatever came in, has at most MOST_ENTRIES entries,
side by side, and no address with another scheme than http or https.
"""

import itertools
import re
from dataclasses import dataclass

import lxml.etree
from lxml.etree import _Element as Element

from newsletter.ingest.feeds.feed_markup import Mended, mend_markup
from newsletter.ingest.feeds.feed_text import has_other_scheme

MOST_ENTRIES = 500
MOST_DEPTH = 256

MOST_ATTRIBUTES = 100
MOST_TEXT_CHARS = 500_000
FEWEST_CDATA_CHARS = 100

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
