"""A feed's text before any parser sees it: what is refused, what is mended; pure and linear.

Refused are declarations of entities and document types of other places (T17): 600 bytes of them
can become a megabyte, or ask for a file. Mended is what breaks feeds every day: bare ampersands,
entities of HTML, characters that XML forbids, prefixes nobody declared, junk around the feed.
"""

import html.entities
import re
from dataclasses import dataclass, field

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
