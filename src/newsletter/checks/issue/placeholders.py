"""S26: text and addresses that stand in for what was to be written, and notes among colleagues."""

import re
from collections.abc import Iterator

from newsletter.checks.address import read_web_address
from newsletter.checks.request import CheckRequest
from newsletter.checks.wording import around, folded
from newsletter.checks.words import Words
from newsletter.checks.written import ADDRESSES, ONE_LINE, Field, Written
from newsletter.model.finding import Finding, Severity

PLACEHOLDER = "S26 placeholder"

_ADDRESS = "write the address of the page itself"
_FILL = "fill it in, or take it out"
# Slots of mail and template programs; [[name]] is the issue's own, and its reader judges it.
_SLOTS = re.compile(
    r"\{\{[^{}\n]{0,100}\}\}|\{%[^{}\n]{0,100}%\}|<%[^<>\n]{0,100}%>|\{\{|\}\}|%%[A-Za-z]\w{0,60}%%"
    r"|\*\|[A-Z][A-Z0-9_:]{2,60}\|\*|[$#]\{[A-Za-z][\w .-]{0,60}\}|\{(?:first|last)?[ _-]?name\}"
)
_GREETED = re.compile(
    r"\b(?:Dear|Hi|Hello|Hallo|Bonjour|Hola|Liebe[r]?|Good (?:morning|afternoon|evening)),? "
    r"(?:[\[<{(][^\])>}\n]{1,40}[\])>}]|F?NAME\b|FIRST ?NAME\b|XX+|(?:undefined|null|None)\b)"
)
# Letter case tells these from names: "TK Maxx", "TBC Bank", "XXX Corps", "Super Bowl XXX".
_CAPITALS = re.compile(
    r"\bTK(?:TK)+\b|(?<![\w.&-])(?:TK|TBC|TBD|TBA|TODO)(?![\w&-])(?!\.\w| ?\d| [A-Z])"
    r"|\bX{4,}\b|[£$€]\s?X{1,8}(?:m|bn|k)?\b|(?<!\w)_{3,}(?!\w)"
    r"|\b[Xx]{2,8}(?:%| ?(?:per cent|people|homes|million|billion|pm|am|years)\b)|\b[Bb]y NAME\b"
    r"|(?:^|(?<=[\s£$€]))\?{2,6}(?=[\s%.,;:]|$)"
)
_ELSEWHERE_A_WORD = {"TODO": {"es", "pt", "gl", "ca", "it"}, "TBC": {"es", "pt", "it", "fr"}}
_BRACKETED = re.compile(r"[\[<{]\s{0,3}([^\[\](){}<>\n]{1,80}?)\s{0,3}[\]>}]")
_IN_ROUND = re.compile(
    r"\(\s?(?:tk|tbc|tbd|todo|fixme|cq|\?{2,}|x{2,}|(?:note to|check with) [^()\n]{2,60}"
    r"|[^()\n]{1,40} (?:tk|tbc|tbd|to come|to follow))\s?\)",
    re.IGNORECASE,
)
_DRAFT = re.compile(
    r"[\[(]?(?:DRAFT|TEST|PROOF|DO NOT SEND|ENTWURF|BROUILLON)[\])]?(?:\s?[:\u2013\u2014-]|$)"
    r"|.{0,60}\b(?:v\d{1,2}(?:[ _-]?(?i:final|draft))?|FINAL(?:[ _-]?v?\d{1,2})?)$"
)
_ENDS = re.compile(r"^\W{0,4}(?:ENDS|MORE TO FOLLOW|MORE TO COME)\W*$", re.MULTILINE)
_REAL_ALONE = frozenset({"foo", "alt", "bar", "...", "?", "xx", "title", "map", "testing"})

# RFC 2606 and RFC 6761 keep these for examples: nobody can have them.
_RESERVED = re.compile(r"(?:.{1,200}\.)?(?:example\.(?:com|net|org)|example|test|invalid)")
_LOCAL = re.compile(r"localhost|(?:127|10)\.[\d.]{5,11}|192\.168\.[\d.]{3,7}|\[?::1\]?")
_DUMMY_HOSTS = re.compile(
    r"(?:.{1,200}\.)?(?:placeholder\.com|placehold\.(?:it|co)|dummyimage\.com|placekitten\.com"
    r"|picsum\.photos|loremflickr\.com|(?:your|my)-?(?:domain|website|site|link|url)\.\w{2,5})"
)
_DUMMY_PATHS = re.compile(
    r"todo|tk|tktk|x{3,}|lorem(?:[-_]ipsum)?|placeholder[\w-]*|change-?me|404"
    r"|(?:insert|your|add)[-_]?(?:link|url|image|photo|headline)(?:[-_]?here)?"
    r"|(?:link|url|image|article|story)[-_](?:goes[-_])?(?:here|tk|tbc|tbd|to[-_]come)"
    r"|no[-_]?(?:image|photo|picture)|default[-_](?:image|thumbnail)"
)
_PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|avif)$")
_CUT = re.compile(r"(?:\.{2,4}|[,;\"'>|*]|%E2%80%A6|%E2%80%9[89CDE]|%22|%3E|%7C)$", re.IGNORECASE)
_UNFILLED = re.compile(
    r"\{\{|\}\}|%7B%7B|%5B%5B|\[\[|\*\||\{[A-Za-z_]{2,40}\}|%7B\w{2,40}%7D|%%\w{2,40}%%|\$\{"
)


def placeholder(request: CheckRequest) -> Iterator[Finding]:
    """S26: nothing in the issue stands in for what was to be written, the first of each field."""
    told: set[tuple[str, int, str]] = set()
    for one in request.written:
        if one.field in ADDRESSES:
            message, remedy = marked_address(one.text), _ADDRESS
            hit = (one.text, 0, message) if message else None
        else:
            hit, remedy = next(_in_text(one, request.words), None), _FILL
        if hit is None:
            continue
        what, at, message = hit
        line = one.line + one.text.count("\n", 0, at)
        if (one.file, line, what) in told:
            continue
        told.add((one.file, line, what))
        yield request.finding(
            PLACEHOLDER,
            line,
            f"{one.field} {message}",
            seen=around(one.text, at, len(what)),
            remedy=remedy,
            severity=Severity.ERROR,
            file=one.file,
        )
    yield from _reserved(request)


def _in_text(one: Written, words: Words) -> Iterator[tuple[str, int, str]]:
    bare = folded(one.text).strip(" .!")
    if one.field in {Field.SUBJECT, Field.HEADLINE} and _DRAFT.match(one.text.strip()):
        yield one.text, 0, "is marked as a draft or a test"
    may_be_real = one.field not in ONE_LINE or one.field in {Field.KICKER, Field.ALT, Field.SECTION}
    if words.line("stand_ins").match(bare) and not (may_be_real and bare in _REAL_ALONE):
        yield one.text, 0, "is a placeholder"
    for pattern, message in (
        (_SLOTS, "shows an unfilled slot"),
        (_GREETED, "has an unfilled placeholder in its greeting"),
        (_ENDS, "still has a mark of the copy desk"),
        (_IN_ROUND, "still has a note among colleagues"),
    ):
        if hit := pattern.search(one.text):
            yield hit[0], hit.start(), message
    for hit in _CAPITALS.finditer(one.text):
        if words.language not in _ELSEWHERE_A_WORD.get(hit[0], ()):
            yield hit[0], hit.start(), f"still says “{hit[0].strip()}”"
    if hit := words.within("placeholders").search(folded(one.text)):
        yield hit[0], max(0, one.text.casefold().find(hit[0])), "has dummy text"
    for note in _BRACKETED.finditer(one.text):
        inner = note[1].casefold()
        # “I told [name] so” leaves a word of a quotation out; [Name] is to be filled in
        is_left_out = note[1] == inner and inner in {"name", "number", "place", "date"}
        if not is_left_out and words.line("notes").match(inner):
            yield note[0], note.start(), "still has a note among colleagues"


def marked_address(url: str) -> str:
    """Return what in an address stands in for the right one; "" where nothing does."""
    if _UNFILLED.search(url):
        return "has an unfilled placeholder"
    address = read_web_address(url)
    if address is None:
        return ""  # O10 tells of it
    host = address.host
    if host and "." not in host and ":" not in host and host != "localhost":
        return "has a word in the place of its host"
    if _CUT.search(url):
        return "ends in a mark that is no part of it"
    last = url.partition("://")[2].partition("?")[0].rstrip("/").rpartition("/")[2].casefold()
    is_dummy = _DUMMY_HOSTS.fullmatch(host) or _DUMMY_PATHS.fullmatch(_PICTURE_FILE.sub("", last))
    return "is a placeholder" if is_dummy else ""


def is_local(url: str) -> bool:
    """Return whether an address is of this machine or of a private network."""
    return _LOCAL.fullmatch(_host(url)) is not None


def _host(url: str) -> str:
    address = read_web_address(url)
    return address.host if address else ""


def _reserved(request: CheckRequest) -> Iterator[Finding]:
    """Find links to names that nobody can have, but in a trial, where most links lead there."""
    links = [
        one
        for one in request.written
        if one.field in ADDRESSES and not one.file and not marked_address(one.text)
    ]
    for pattern, what in (
        (_LOCAL, "this machine or its own network"),
        (_RESERVED, "a name that is reserved for examples"),
    ):
        found = {one.text: one for one in reversed(links) if pattern.fullmatch(_host(one.text))}
        if sum(one.text in found for one in links) * 2 > len(links):
            continue
        for url, one in reversed(found.items()):
            is_open = url.startswith("https:") or url in request.pictures
            if one.field is Field.PICTURE and not is_open:
                continue  # S15 tells of it
            yield request.finding(
                PLACEHOLDER,
                one.line,
                f"{one.field} leads to {what}",
                seen=url,
                remedy=_ADDRESS,
                severity=Severity.ERROR,
            )
