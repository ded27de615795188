"""S26: text and addresses that stand in for what was to be written, and notes among colleagues."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from newsletter.checks.issue.placeholder_links import (
    is_local,
    is_reserved,
    is_trial,
    marked_address,
    names_no_page,
)
from newsletter.checks.request import CheckRequest
from newsletter.checks.wording import around, folded
from newsletter.checks.words import Words
from newsletter.checks.written import ADDRESSES, ONE_LINE, Field, Written
from newsletter.model.finding import Finding, Severity

PLACEHOLDER = "S26 placeholder"

_ADDRESS = "write the address of the page itself"
_FILL = "fill it in, or take it out"
# Marks by which mail and template programs show where a value was to go. [[name]] is not among
# them: the issue's reader refuses it where it fills nothing, and shows an escaped one as typed.
_SLOTS = re.compile(
    r"\{\{[^{}\n]{0,100}\}\}|\{%[^{}\n]{0,100}%\}|<%[^<>\n]{0,100}%>|\{\{|\}\}|\{%|%\}"
    r"|%%[A-Za-z][\w .:-]{0,60}%%|\*\|[A-Z][A-Z0-9_:]{2,60}\|\*|[$#]\{[A-Za-z][\w .-]{0,60}\}"
    r"|\{(?:first|last|full)?[ _-]?name\}|\{[A-Z][A-Z_ ]{2,40}\}|\{\d{0,2}\}"
)
_GREETED = re.compile(
    r"\b(?:Dear|Hi|Hello|Hallo|Bonjour|Hola|Liebe[r]?|Good (?:morning|afternoon|evening)),? "
    r"(?:[\[<{(][^\])>}\n]{1,40}[\])>}]|F?NAME\b|FIRST ?NAME\b|XX+|(?:undefined|null|None)\b)"
)
# Letter case tells these from names: "TK Maxx", "TBC Bank", "XXX Corps", "Super Bowl XXX".
_CAPITALS = re.compile(
    r"\bTK(?:TK|[ -]TK)+\w{0,10}|(?<![\w.&-])TK(?![\w&-])(?!\.\w)(?! ?\d)(?! [A-Z]\w)"
    r"|(?<![\w.&-])(?:TBC|TBD|TBA|TODO)(?![\w&-])(?! [A-Z])"
    r"|(?<![\w.])X{4,}(?!\w)|[£$€]\s?X{1,8}(?:m|bn|k)?\b|[£$€]_+|(?<!\w)_{3,}(?!\w)"
    r"|(?<!\w)[Xx]{2,8}(?:%| ?(?:per cent|people|million|billion|pm|am|minutes|years)\b)"
    r"|\b[Bb]y X{2,8}\b|\b[a-z]{3,20} XXX(?= [a-z]|[,;)]|$)"
    r"|(?:^|(?<=[\s£$€]))\?{2,6}(?=[\s%.,;:]|$)"
)
_ELSEWHERE_A_WORD = frozenset({"TODO", "TBC"})  # Spanish, and an illness in five languages
_ROMANCE = frozenset({"es", "pt", "gl", "ca", "it", "nl"})
_BRACKETED = re.compile(r"[\[<{]\s{0,3}([^\[\](){}<>\n]{1,80}?)\s{0,3}[\]>}]")
_IN_ROUND = re.compile(
    r"\(\s?(?:tk|tbc|tbd|todo|fixme|cq|\?{2,}|x{2,}|note to [^()\n]{2,60}|check with [^()\n]{2,60}"
    r"|[^()\n]{1,40} (?:tk|tbc|tbd|to come|to follow))\s?\)",
    re.IGNORECASE,
)
_DRAFT = re.compile(
    r"[\[(]?(?:DRAFT|TEST|PROOF|FINAL DRAFT|DO NOT SEND|ENTWURF|BROUILLON)[\])]?"
    r"(?:\s?[:\u2013\u2014-]|$)|\[(?i:draft|test|proof)\]"
    r"|.{0,60}\b(?:v\d{1,2}(?:[ _-]?(?i:final|draft|neu))?|FINAL(?:[ _-]?v?\d{1,2})?)$"
)
_ENDS = re.compile(
    r"[-\u2013\u2014# *]{0,4}(?:ENDS|MORE TO FOLLOW|MORE TO COME)[-\u2013\u2014# *.]*"
)
_REAL_ALONE = frozenset({"foo", "alt", "bar", "...", "?", "xx", "title", "map", "testing"})


@dataclass(frozen=True, slots=True)
class _Found:
    what: str
    at: int
    told: str
    remedy: str = _FILL
    severity: Severity = Severity.ERROR


def placeholder(request: CheckRequest) -> Iterator[Finding]:
    """S26: nothing in the issue stands in for what was to be written, the first of each field."""
    fields = request.written
    told: set[tuple[str, int, str]] = set()
    for one in fields:
        if one.field in ADDRESSES:
            message = marked_address(one.text)
            hit = _Found(one.text, 0, message, _ADDRESS) if message else None
        else:
            hit = _in_text(one, request.words)
        line = one.line + (one.text.count("\n", 0, hit.at) if hit else 0)
        if hit is None or (one.file, line, hit.what) in told:
            continue
        told.add((one.file, line, hit.what))
        yield _finding(request, one, hit, line)
    yield from _reserved(request, fields)


def stands_in(one: Written, request: CheckRequest) -> str:
    """Return what in a text stands in for what was to be written; "" where nothing does."""
    hit = _in_text(one, request.words)
    return hit.told if hit else ""


def _in_text(one: Written, words: Words) -> _Found | None:
    return _whole(one, words) or _marks(one, words) or _notes(one, words)


def _whole(one: Written, words: Words) -> _Found | None:
    bare = folded(one.text).strip(" .!")
    if one.field in {Field.SUBJECT, Field.HEADLINE} and _DRAFT.match(one.text.strip()):
        return _Found(one.text, 0, "is marked as a draft or a test")
    is_kicker = one.field in {Field.KICKER, Field.ALT, Field.SECTION} and bare in _REAL_ALONE
    may_be_words = one.field not in ONE_LINE and bare in _REAL_ALONE
    if not is_kicker and not may_be_words and words.line("stand_ins").match(bare):
        return _Found(one.text, 0, "is a placeholder")
    return None


def _marks(one: Written, words: Words) -> _Found | None:
    for pattern, told in (
        (_SLOTS, "shows an unfilled slot"),
        (_GREETED, "has an unfilled placeholder in its greeting"),
    ):
        if hit := pattern.search(one.text):
            return _Found(hit[0], hit.start(), told)
    for hit in _CAPITALS.finditer(one.text):
        if not (hit[0] in _ELSEWHERE_A_WORD and words.language in _ROMANCE):
            what = hit[0].strip()
            return _Found(what, hit.start(), f"still holds “{what}”")
    for line in one.text.split("\n"):
        if _ENDS.fullmatch(line.strip()):
            return _Found(line.strip(), one.text.index(line), "holds a mark of the copy desk")
    return None


def _notes(one: Written, words: Words) -> _Found | None:
    hit = words.within("placeholders").search(folded(one.text))
    if hit is not None:
        at = max(0, one.text.casefold().find(hit[0]))
        return _Found(hit[0], at, "holds dummy text")
    for note in _BRACKETED.finditer(one.text):
        inner = note[1].casefold()
        # “I told [name] so” leaves a word of a quotation out; [Name] is to be filled in
        is_left_out = note[1] == inner and inner in {"name", "number", "place", "date"}
        if not is_left_out and words.line("notes").match(inner):
            return _Found(note[0], note.start(), "holds a note among colleagues")
    if aside := _IN_ROUND.search(one.text):
        return _Found(aside[0], aside.start(), "holds a note among colleagues")
    return None


def _finding(request: CheckRequest, one: Written, hit: _Found, line: int) -> Finding:
    return request.finding(
        PLACEHOLDER,
        line,
        f"{one.field.value} {hit.told}",
        seen=around(one.text, hit.at, len(hit.what)),
        remedy=hit.remedy,
        severity=hit.severity,
        file=one.file,
    )


def _is_s15s(one: Written, request: CheckRequest) -> bool:
    """Return whether S15 tells of a picture of this machine, for it has no https address."""
    is_open = one.text.casefold().startswith("https:") or one.text in request.pictures
    return one.field is Field.PICTURE and not is_open and is_local(one.text)


def _reserved(request: CheckRequest, fields: tuple[Written, ...]) -> Iterator[Finding]:
    """Find links to names that are reserved for examples, among links that are not.

    An issue most of whose links are such is a trial. There one warning stands for all, and where
    the newsletter's own address is reserved too, none.
    """
    links = [one for one in fields if one.field in ADDRESSES and not one.file]
    links = [one for one in links if not marked_address(one.text) and not _is_s15s(one, request)]
    local = [one for one in links if is_local(one.text)]
    if len(local) * 2 <= len(links):  # else it is a trial on one machine
        told = "leads to this machine or its own network"
        for one in local:
            yield _finding(request, one, _Found(one.text, 0, told, _ADDRESS), one.line)
        links = [one for one in links if one not in local]
    found = [one for one in links if is_reserved(one.text)]
    if not found:
        return
    told, severity = "leads to a name that is reserved for examples", Severity.ERROR
    if is_trial([one.text for one in links if one.field is Field.LINK]):
        severity = Severity.WARNING
        if is_reserved(request.newsletter.public_url):
            found = [one for one in found if names_no_page(one.text)]
            told = "leads to no page, only to a name that is reserved for examples"
        elif len(found) > 1:
            told += f", as {len(found) - 1} more do"
        found = found[:1]
    for text in dict.fromkeys(one.text for one in found):
        first = next(one for one in found if one.text == text)
        yield _finding(request, first, _Found(text, 0, told, _ADDRESS, severity), first.line)
