"""S26: text and addresses that stand in for what was to be written, and notes among colleagues."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from newsletter.checks.issue.desk_marks import desk_mark
from newsletter.checks.issue.foreign_notes import foreign_note
from newsletter.checks.issue.open_pieces import open_piece
from newsletter.checks.issue.placeholder_links import (
    is_local,
    is_reserved,
    is_trial,
    marked_address,
    names_no_page,
)
from newsletter.checks.issue.stand_ins import stand_in
from newsletter.checks.request import CheckRequest
from newsletter.checks.wording import around, folded
from newsletter.checks.written import ADDRESSES, ONE_LINE, Field, Written
from newsletter.model.finding import Finding, Severity

PLACEHOLDER = "S26 placeholder"


def _phrases(text: str) -> frozenset[str]:
    return frozenset(phrase.strip() for phrase in text.split(","))


_ADDRESS = "write the address of the page itself"
_FILL = "fill it in, or take it out"
_NOUNS = (
    r"(?:alt(?:ernative)?(?: text)?|headline|heading|title|sub-?title|text|copy|link|url|image"
    r"|photo"
    r"|picture|pic|caption|credit|name|date|summary|quote|subject(?: line)?|preheader|pre-header"
    r"|byline|author|kicker|story|article|content|description|standfirst|intro|body|address"
    r"|dek|hed|lede|strapline|reporter|month|year|day|place|town|number|figure|amount|price)s?"
)
# Marks by which mail and template programs show where a value was to go. [[name]] is not among
# them: the issue's reader refuses it where it fills nothing, and shows an escaped one as typed.
_SLOTS = re.compile(
    r"\{\{[^{}\n]{0,100}\}\}|\{%[^{}\n]{0,100}%\}|<%[^<>\n]{0,100}%>"
    r"|%%[A-Za-z][\w .:-]{0,60}%%|\*?\|[A-Z][A-Z0-9_:]{2,60}\|\*?|[$#]\{[A-Za-z][\w .-]{0,60}\}"
    r"|%[A-Za-z]\w{1,30}(?:\.[A-Za-z]\w{1,30})+%|@@\w{2,30}@@|##[A-Za-z]\w{1,30}##|\{![\w.$]{2,60}\}"
    r"|(?<!\S)-(?:e_?mail|(?:first_?|last_?|full_?)?name|unsubscribe(?:_url)?)-(?![\w-])"
    r"|(?<![\w%])%[A-Z][A-Z_]{2,40}%|\{[A-Z][A-Z_ ]{2,40}\}|<<[A-Za-z][\w ]{0,40}>>"
    r"|\[\[(?![^\[\]\n]{0,700}\]\])"
    r"|\b(?i:first|last|full|user|subscriber|reader|recipient|customer|member)_(?i:name)\b"
    r"|\{(?:first|last|full)?[ _-]?name\}|\{\{|\}\}|\{%|%\}"
)
_BRACKETED = re.compile(r"[\[(<{]\s{0,3}([^\[\](){}<>\n]{1,80}?)\s{0,3}[\])>}]")
# Within brackets of any kind; round ones hold real asides, so there fewer words count.
_NOTE = re.compile(
    rf"(?:insert|add|needs?|missing|get|find|choose|awaiting|write|put|tk|tbc|tbd|todo|to do)[ :]+"
    rf"(?:an? |the |more |this |your )?{_NOUNS}\b.{{0,50}}"
    rf"|{_NOUNS} (?:goes |to come |to follow |to go |tk|tbc|tbd|here).{{0,30}}"
    r"|(?:check|confirm|verify|clear|agree|legal)"
    r"(?: (?:with|by|this|that|the|date|names?|spelling|figures?|facts?|quotes?|legal|links?"
    r"|if|again"
    r"|please|before|against)\b.{0,60})?"
    r"|(?:please )?(?:fact|legal)[ -]check.{0,50}|please (?:add|check|insert|confirm"
    r"|update)\b.{0,60}"
    r"|note to (?:self|eds?|editors?|subs?)\b.{0,60}|eds?(?:itor)?(?: note)?:.{0,60}"
    r"|tk+|tbc|tbd|todo.{0,60}|fixme.{0,60}|cq|x{2,}|\?{1,5}|placeholder.{0,30}"
    r"|link(?: to)? (?:here|follows|to come)"
)
_IN_SQUARE = re.compile(
    rf"(?:your )?{_NOUNS}|first ?name|last ?name|fname|company|(?:link|photo|image|pic"
    rf"|picture):.{{0,60}}"
    rf"|insert\b.{{0,70}}|your (?:name|company|town|city|email)|hyperlink|embed|cta|sponsor"
    rf"|\.{{4,}}|.{{1,60}} (?:to come|to follow|tk|tbc|tbd)"
)
_NOT_IN_SQUARE = frozenset({"text", "name", "names", "date", "story", "address", "body", "content"})
_GREETED = re.compile(
    r"\b(?:Dear|Hi|Hello|Hallo|Bonjour|Hola|Liebe[r]?|Good (?:morning|afternoon|evening)),? "
    r"(?:[\[<{(][^\])>}\n]{1,40}[\])>}]|F?NAME\b|FIRST ?NAME\b|First ?Name\b|XX+)"
)
_DUMMY = re.compile(
    rf"(?:^|[.!?\n] ?)(?:more )?{_NOUNS} to (?:follow|come)[.!]?(?:$|\n)|"
    r"\blorem\b|\bdolor sit amet\b|\basdf\w{0,10}|\b(?:blind|dummy) ?text\b"
    r"|\bplace ?holder (?:text|headline|title|copy|image|alt|caption|summary|link)"
    r"|\bplatzhalter(?:text|bild)?\b|\btexte de remplissage\b|\btexto de relleno\b"
    r"|\btestun dros dro\b|لوريم|نص تجريبي|هذا (?:ال)?نص (?:هو )?(?:مجرد )?مثال"
    r"|يمكن أن يستبدل في نفس المساحة"
    rf"|\b(?:your |the )?{_NOUNS} (?:goes|to go|comes|will go|belongs) here\b"
    rf"|\b(?:insert|enter|type|paste|add|write) (?:an? |the |your |some )?{_NOUNS} (?:text )?here\b"
    rf"|\b(?:insert|add) (?:an? )?(?:alt(?:ernative)? text|headline here|image here|link here)\b"
    rf"|\binsérer (?:le |la |un |une )?\w{{3,12}} ici\b|\b(?:titre|texte) à (?:venir|compléter)\b"
    rf"|\b(?:text|überschrift|titel|bild|link) (?:hier )?einfügen\b|\bhier (?:text"
    rf"|titel) \w{{0,3}}rein\b"
    rf"|\b(?:insertar|escribir|añadir) (?:el |la )?(?:texto|título|titular|enlace"
    rf"|imagen)\b.{{0,12}}aquí"
    rf"|\bmewnosod(?:wch)? \w{{3,12}} yma\b|أدخل (?:النص|العنوان|الرابط)"
    r"|\bnote to (?:self|editors?|eds?|subs?)\b|\bnot for publication\b|\bdo not (?:publish|send)\b"
    r"|\bfixme\b|\bmore to (?:come|follow) (?:tk|here)\b"
)
# Letter case tells these from names: "TK Maxx", "TBC Bank", "XXX Corps", "Super Bowl XXX".
_TK = re.compile(
    r"\bTKTK\w{0,10}|\bTK TK\b|(?<![\w.&-])TK(?![\w&-])(?!\.\w)(?! ?\d)(?! [A-Z]\w)"
    r"|(?<![\w.&-])(?:TBC|TBD|TBA)(?![\w&-])(?! [A-Z])|[(\[, ]tb[cd](?![\w-])"
)
_TODO = re.compile(r"(?<![\w.-])TODO(?![\w-])")
_CROSSES = re.compile(
    r"(?<![\w.])X{4,}(?!\w)|[£$€]\s?X{1,8}(?:m|bn|k)?\b|(?<!\w)[Xx]{2,8}"
    r"(?:%| ?(?:per cent|percent|people|million|billion|pm|am|minutes|years)\b)"
    r"|\b(?:[Bb]y|[Pp]ar|[Vv]on|[Pp]or) X{2,8}\b|\b[a-z]{3,20} XXX(?= [a-z]|[,;)]|$)"
)
_NUMERAL = re.compile(
    r"\b(?:chapter|part|volume|canto|article|section|psalm|sonnet|book|act|number|page|class"
    r"|table|rated"
    r"|kapitel|band|teil|chapitre|tome|siglo|siècle|capítulo) xxx"
)
_MARKS = re.compile(r"(?:^|(?<=[\s£$€]))\?{2,6}(?=[\s%.,;:]|$)")
_ENDS = re.compile(
    r"[-\u2013\u2014# *]{0,4}(?:ENDS|MORE TO FOLLOW|MORE TO COME)[-\u2013\u2014# *.]{0,4}"
)
_DRAFT = re.compile(
    r"[\[(]?(?:DRAFT|TEST|PROOF|FINAL DRAFT|DO NOT SEND)[\])]?(?:\s?[:\u2013\u2014-]|$)"
    r"|\[(?i:draft|test|proof)\]"
    r"|.{0,60}\b(?:v\d{1,2}(?:[ _-]?(?i:final|draft|neu))?|FINAL(?:[ _-]?v?\d{1,2})?"
    r"|(?i:final|draft)[ _-]?v?\d{1,2})$"
    r"|(?i:test)\b[ :\u2013\u2014-]{1,4}(?i:please )?(?i:ignore|disregard)"
    r"|(?i:please (?:ignore|disregard)|this is (?:only )?a test)[.!]?$"
)
_WHOLE = _phrases(
    "untitled, untitled document, no title, new story, new section, new issue, tk, tbc, "
    "tbd, tba, todo, xxx, xx, x, ?, ..., \u2026, -, n/a, none, null, undefined, nan, test, "
    "testing, test test, test subject, test headline, foo, bar, foo bar, foobar, qwerty, "
    "blah, blah blah, blah blah blah, placeholder, bla bla, dummy, sans titre, ohne titel, "
    "sin título, di-deitl, بلا عنوان, aaa, abc, titre, titel, platzhalter, sample, "
    "sample text, coming soon here, alt, alt tag"
)
_REAL_KICKERS = frozenset({"test"})  # of cricket, and in German of a product
_SHORT_IS_REAL = frozenset(
    {"x", "...", "-", "none", "test", "abc", "sample", "testing", "n/a", "bar", "alt"}
)
_OWN_NAME = re.compile(
    rf"(?:the |a |your |story |section |main |lead |first |second |by )?{_NOUNS}"
    r"(?: (?:here|goes here|text|one|two|line|name|\d{1,2}))?|(?:new )?(?:story|section|item"
    r"|brief) (?:\d{1,2}|one|two|three)"
)
_OWN_NAME_IS_REAL = frozenset(
    {"intro", "stories", "quote", "quotes", "the story", "the quote", "links", "the intro"}
)
_SECTIONS = frozenset(
    {"section", "section heading", "section title", "section name", "heading", "section 1"}
    | {"section 2", "new section", "heading here", "section heading here"}
)
_KICKERS = frozenset(
    {"kicker", "category", "topic", "label", "tag", "section", "rubrik", "rubrique"}
)
_BYLINE = re.compile(
    r"by (?:author|name|firstname lastname|first last|staff name|writer|reporter|someone)\b"
    r"|author name"
    r"|\b(?:n|x|xx|\?|_) min(?:ute)?s? read|firstname lastname|vorname nachname|prénom nom"
    r"|nombre apellido"
)
_COPY_OF = re.compile(r"(?:copy of|copie de|kopie von|copia de) (?=\S)", re.IGNORECASE)
_COPY_AT_END = re.compile(r"(?:[-\u2013\u2014] ?|\()copy\)?(?: ?\(?\d\)?)?\s*$", re.IGNORECASE)
_COPIED = re.compile(
    r"(?:the )?(?:\w{1,20} )?(?:newsletter|issue|draft|template|digest|briefing|daily|weekly"
    r"|untitled|final)\b"
    r"|\d|(?:mon|tues|wednes|thurs|fri|satur|sun)day\b"
    r"|(?:jan|febr|mar|apr|ma|ju|aug|sep|oct|nov|dec)\w{0,7} \d",
)
_TODO_IS_A_WORD = frozenset({"es", "pt", "gl", "ca"})
_TBC_IS_AN_ILLNESS = frozenset({"es", "it", "nl", "pt", "ca"})


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
    headlines = {folded(one.text) for one in fields if one.field is Field.HEADLINE}
    told: set[tuple[str, int, str]] = set()
    for one in fields:
        if one.field in ADDRESSES:
            message = marked_address(one.text)
            hit = _Found(one.text, 0, message, _ADDRESS) if message else None
        else:
            hit = _in_text(one, request, headlines)
        line = one.line + (one.text.count("\n", 0, hit.at) if hit else 0)
        if hit is None or (one.file, line, hit.what) in told:
            continue
        told.add((one.file, line, hit.what))
        yield _finding(request, one, hit, line)
    yield from _reserved(request, fields)


def stands_in(one: Written, request: CheckRequest) -> str:
    """Return what in a text stands in for what was to be written; "" where nothing does."""
    hit = _in_text(one, request, set())
    return hit.told if hit else ""


def _finding(request: CheckRequest, one: Written, hit: "_Found", line: int) -> Finding:
    return Finding(
        check=PLACEHOLDER,
        severity=hit.severity,
        message=f"{one.field.value} {hit.told}",
        evidence=around(one.text, hit.at, len(hit.what)),
        file=one.file or request.file,
        line=line,
        remedy=hit.remedy,
    )


def _is_s15s(one: Written, request: CheckRequest) -> bool:
    """Tell a picture of this machine or its network that S15 tells, for it has no https address."""
    is_open = one.text.casefold().startswith("https:") or one.text in request.pictures
    return one.field is Field.PICTURE and not is_open and is_local(one.text)


def _reserved(request: CheckRequest, fields: tuple[Written, ...]) -> Iterator[Finding]:
    """Tell of links to names that are reserved for examples, among links that are not.

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


def _in_text(one: Written, request: CheckRequest, headlines: set[str]) -> _Found | None:
    language = request.newsletter.language.partition("-")[0].casefold()
    found = _unfilled(one.field, one.text, language)
    return found or _copy_of(one, request.newsletter.title, headlines)


@lru_cache(maxsize=1024)  # most fields are the same from one check of an issue to the next
def _unfilled(field: Field, text: str, language: str) -> _Found | None:
    one = Written(field=field, text=text, line=0)
    return next((hit for look in _LOOKS if (hit := look(one, language)) is not None), None)


def _slots(one: Written, _: str) -> _Found | None:
    hit = _SLOTS.search(one.text)
    return _Found(hit[0], hit.start(), "holds a mark that nothing fills") if hit else None


def _notes(one: Written, _: str) -> _Found | None:
    for hit in _BRACKETED.finditer(one.text):
        inner = hit[1].casefold()
        is_square = one.text[hit.start()] in "[<{"
        if _NOTE.fullmatch(inner) and (is_square or not _is_aside(inner)):
            return _Found(hit[0], hit.start(), "holds a note among colleagues")
        if is_square and one.text[hit.start()] != "<" and _IN_SQUARE.fullmatch(inner):
            if inner in _NOT_IN_SQUARE and hit[1] == inner:
                continue  # “I told [name] so”: a word that a quotation leaves out
            return _Found(hit[0], hit.start(), "holds a placeholder")
    greeted = _GREETED.search(one.text)
    return _Found(greeted[0], greeted.start(), "greets a placeholder") if greeted else None


def _is_aside(inner: str) -> bool:
    """Return whether such words in round brackets may be the writer's own aside."""
    return inner in {"legal", "check", "clear", "confirm", "agree", "verify", "?"} or (
        inner.startswith(("get ", "find ", "choose ", "add ", "write ", "put "))
    )


def _of_the_desk(one: Written, language: str) -> _Found | None:
    found = desk_mark(one, language) or stand_in(one) or open_piece(one)
    if found is None and language != "en":
        found = foreign_note(one, language)
    return _Found(*found) if found else None


def _dummies(one: Written, _: str) -> _Found | None:
    hit = _DUMMY.search(one.text.casefold())
    if hit is None:
        return None
    at = min(hit.start(), len(one.text))  # casefolding may lengthen a text
    return _Found(hit[0], at, "holds dummy text")


def _capitals(one: Written, language: str) -> _Found | None:
    for pattern, told in _CAPITALS:
        hit = pattern.search(one.text)
        if hit is None:
            continue
        what = hit[0].strip(" ([,")
        is_word = (
            (what.upper() == "TBC" and language in _TBC_IS_AN_ILLNESS)
            or (what == "TODO" and language in _TODO_IS_A_WORD)
            or (pattern is _CROSSES and _NUMERAL.search(one.text.casefold()) is not None)
        )
        if not is_word:
            return _Found(what, hit.start(), told)
    for line in one.text.split("\n"):
        if _ENDS.fullmatch(line.strip()):
            return _Found(line.strip(), one.text.index(line), "holds a mark of the copy desk")
    return None


def _wholes(one: Written, _: str) -> _Found | None:
    text = folded(one.text).strip(" .!")
    if one.field in {Field.SUBJECT, Field.HEADLINE} and _DRAFT.match(one.text.strip()):
        return _Found(one.text, 0, "is marked as a draft or a test")
    if one.field is Field.SUBJECT and re.search(r"\bsubject line$", text):
        return _Found(one.text, 0, "is a placeholder")
    if one.field is Field.BYLINE and (hit := _BYLINE.search(text)):
        return _Found(hit[0], 0, "holds a placeholder")
    is_real = one.field is Field.KICKER and text in _REAL_KICKERS
    is_whole = (
        not is_real and text in _WHOLE and (one.field in ONE_LINE or text not in _SHORT_IS_REAL)
    )
    is_own = one.field in ONE_LINE and _is_own_name(text, one.field)
    return _Found(one.text, 0, "is a placeholder") if is_whole or is_own else None


def _is_own_name(text: str, field: Field) -> bool:
    """Whether a field of one line holds its own name, as templates have it: "Headline here"."""
    text = text.strip(" []<>{}")
    if field is Field.KICKER:
        return text in _KICKERS
    if field is Field.SECTION:
        return text in _SECTIONS
    if text in _OWN_NAME_IS_REAL or _OWN_NAME.fullmatch(text) is None:
        return False
    # S14 tells of an alternative text that says nothing
    return field is not Field.ALT or re.search(r"\b(?:alt|here)\b", text) is not None


def _copy_of(one: Written, title: str, headlines: set[str]) -> _Found | None:
    if one.field not in {Field.SUBJECT, Field.HEADLINE, Field.SECTION}:
        return None
    start = _COPY_OF.match(one.text.strip())
    if start is None and one.field is Field.SUBJECT and (end := _COPY_AT_END.search(one.text)):
        return _Found(end[0], end.start(), "is the name of a copy", "write its own")
    if start is None:
        return None
    rest = folded(one.text.strip()[start.end() :])
    names_a_copy = (
        rest in headlines
        or rest.startswith(folded(title))
        or _COPIED.match(rest) is not None
        or (one.field is Field.SUBJECT and not any(rest[:12] in line for line in headlines))
    )
    if not names_a_copy:
        return None
    return _Found(start[0], 0, "is the name of a copy", "write its own")


_CAPITALS = (
    (_TK, "holds a word for what is still to come"),
    (_TODO, "holds a word for what is still to do"),
    (_CROSSES, "holds crosses in the place of a value"),
    (_MARKS, "holds question marks in the place of a value"),
)
_LOOKS: tuple[Callable[[Written, str], _Found | None], ...] = (
    _wholes,
    _slots,
    _notes,
    _dummies,
    _of_the_desk,
    _capitals,
)
