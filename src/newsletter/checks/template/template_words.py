"""O30: what templates say in their own words."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from newsletter.checks.days.day_names import day_names
from newsletter.checks.issue.garbled import show_as_typed
from newsletter.checks.issue.placeholder_links import is_reserved, is_trial, marked_address
from newsletter.checks.issue.placeholders import stands_in
from newsletter.checks.issue.tongue import label_language, primary_language
from newsletter.checks.page import PageLink
from newsletter.checks.place import line_of_template, place_of, template_of
from newsletter.checks.request import Composition
from newsletter.checks.styles.media import LIGHT
from newsletter.checks.template.appeal_in_template import appeal_in_template
from newsletter.checks.template.own_words import OwnWords, own_words
from newsletter.checks.wording import SLOT_MARK, folded, shorten
from newsletter.checks.written import Field, Written
from newsletter.model.finding import Finding, Severity

TEMPLATE_WORDS = "O30 template-words"

MOST_FINDINGS = 12
RECENT = 3  # years around the issue's: an older date is of the past, and meant
LONGEST_LINE = 78  # characters of a line of the text part (RFC 5322, section 2.1.1)

_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|&copy;|\bcopyright\b)\D{0,20}\b((?:19|20)\d\d)\b(?!\s?[-\u2013]\s?\ufffc)"
    r"|\b((?:19|20)\d\d)\s?(?:©|\(c\)|&copy;)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"\b(?:issue|edition|ausgabe|édition|numéro|edición|número|rhifyn)\s?"
    r"(?:#|no\.?|nr\.?|n[°º]\.?|number)?\s?\d{1,5}\b",
    re.IGNORECASE,
)
# What templates to fill in have in the place of a sender's own name and address.
_SENDER = re.compile(
    r"(?<!\w)@(?:your[_-]?(?:handle|name|account|page|brand|company)|username)\b"
    r"|\b(?:your )?company name\b|\byour (?:name|logo|tagline|slogan|address|organi[sz]ation|brand"
    r"|business|title|headline|text|city)(?: name)?(?: goes)? here\b|\[your \w+\]|\byour tagline\b"
    r"|\b(?:123 )?(?:main|any) street\b.{0,20}\bany ?town\b|\bany ?town\b|\b123 main st(?:reet|\.)?"
    r"|\bcity, state\b|\b(?:ihr|dein) firmenname\b|\bnom de (?:votre |l')?(?:entreprise|société)\b"
    r"|\bnombre de (?:su|la) empresa\b|\bcopyright (?:holder|owner) name\b",
    re.IGNORECASE,
)
_UNNAMED = re.compile(
    r"(?:(?:my|your|our|the) )?(?:newsletter|publication|company|organi[sz]ation|sender)(?:'s)?"
    r" (?:title|name)|(?:my|your) newsletter|sender",
    re.IGNORECASE,
)
_MARKS = re.compile(r"\$\{[\w.]{1,40}\}|(?<!\{)\{\s?[a-z_][\w.]{0,40}\s?\}(?!\})|<%=?.{0,60}?%>")
_ASKS = re.compile(
    r"\bdonat(?:e|ing|ions?)\b|\bfund-?rais|\bgive (?:what|whatever|as much|generously|now|today)\b"
    r"|\bmake a gift\b|\byour gift\b|\bdonnez\b|\bfaites? un don\b|\bspenden?\b|\bspendet\b"
    r"|\bdona(?:r|d|ciones|tivos?)\b|\bcyfrann|\brhoddwch\b|تبرع",
    re.IGNORECASE,
)


_TWICE = re.compile(r"(?<![\w'\u2019-])([^\W\d_]{2,20}):?\s\1(?![\w'\u2019-])")


@dataclass(frozen=True, slots=True)
class _Told:
    message: str
    remedy: str
    severity: Severity = Severity.ERROR


def template_words(made: Composition) -> Iterator[Finding]:
    """O30: a template's own words are finished, hold for every issue, and ask for no money."""
    if made.wrote.files:
        yield from islice(_template_words(made), MOST_FINDINGS)


def _template_words(made: Composition) -> Iterator[Finding]:
    asked = {(told.file, told.line) for told in appeal_in_template(made)}  # S05's
    for one in own_words(made):
        told = next((found for look in _LOOKS if (found := look(made, one)) is not None), None)
        if told is not None and not ((one.file, one.line) in asked and _ASKS.search(one.text)):
            yield Finding(
                check=TEMPLATE_WORDS,
                severity=told.severity,
                message=told.message,
                evidence=shorten(one.text.replace("\ufffc", "…")),
                file=one.file,
                line=one.line,
                remedy=told.remedy,
            )
    yield from _settings(made)
    yield from _links(made)
    yield from _doubled(made)
    yield from _title(made)


def _placeholder(made: Composition, one: OwnWords) -> _Told | None:
    told = stands_in(_written(one), made.request)
    if not told and _SENDER.search(one.text):
        told = "stands in for the sender's own"
    if told or _MARKS.search(one.text):
        what = told or "holds a mark that nothing fills"
        return _Told(f"a text of the template {what}", "write what is meant, or take it out")
    return None


def _typed(_made: Composition, one: OwnWords) -> _Told | None:
    told = show_as_typed(_written(one))
    return (
        _Told(f"a text of the template {told}", "write it as readers are to see it")
        if told
        else None
    )


def _date(made: Composition, one: OwnWords) -> _Told | None:
    issue = made.request.issue
    year = issue.date.year
    for found in _COPYRIGHT.finditer(one.text):
        if int(found[1] or found[2]) != year:
            remedy = "take the year out, or write the first and the last of them from a value"
            message = f"a text of the template holds the year {found[1] or found[2]}"
            return _Told(message, remedy, Severity.WARNING)
    names = day_names(made.request.newsletter.language)
    for named in names.dates_in(one.text):
        if named.year is None and named.weekday is None:
            continue  # a day that comes back each year
        if named.year is None or abs(named.year - year) <= RECENT:
            message = f"a text of the template holds a date: {named.text.strip()}"
            return _Told(message, "print {{ date }}, which is each issue's own", Severity.WARNING)
    if _NUMBERED.search(one.text):
        message = "a text of the template numbers the issue, and every issue alike"
        return _Told(message, "take the number out", Severity.WARNING)
    return None


def _asks(_made: Composition, one: OwnWords) -> _Told | None:
    if _ASKS.search(one.text) is None:
        return None
    message = "a text of the template asks for money, in every issue and as long as it is used"
    remedy = "place it as a callout, which is verified and ends"
    return _Told(message, remedy, Severity.WARNING)


def _foreign(made: Composition, one: OwnWords) -> _Told | None:
    own = primary_language(made.request)
    code = label_language(one.text.replace(SLOT_MARK, " "), own)
    if not code or not _is_shown(made, one) or one.text == one.text.title():
        return None
    settings = made.request.newsletter
    if any(folded(one.text) in folded(name) for name in (settings.title, settings.publication)):
        return None
    message = f"a text of the template is in another language ({code}) than the newsletter ({own})"
    remedy = "print a standing word, as {{ words.read_more }} and {{ words.preferences }} are"
    return _Told(message, remedy, Severity.WARNING)


def _is_shown(made: Composition, one: OwnWords) -> bool:
    """Return whether the mail holds the words: a template may keep those of other languages too."""
    text = folded(made.composed.text if one.of_text else made.page.text)
    return all(" ".join(part.split()) in text for part in folded(one.text).split(SLOT_MARK))


def _long_line(_made: Composition, one: OwnWords) -> _Told | None:
    if not one.of_text or len(one.text) <= LONGEST_LINE or "://" in one.text:
        return None
    message = f"a line of the text part has {len(one.text)} characters"
    remedy = f"break it: {LONGEST_LINE} are seen everywhere"
    return _Told(message, remedy, Severity.WARNING)


_LOOKS: Sequence[Callable[[Composition, OwnWords], _Told | None]] = (
    _placeholder,
    _typed,
    _date,
    _asks,
    _foreign,
    _long_line,
)


def _written(one: OwnWords) -> Written:
    return Written(field=Field.TEXT, text=one.text, line=one.line, file=one.file)


def _settings(made: Composition) -> Iterator[Finding]:
    """Tell of names and an address of newsletter.toml that show as typed what is no word."""
    settings = made.request.newsletter
    is_real = not is_reserved(settings.public_url)  # else a trial's, with names for examples
    for key, text in (
        ("name", settings.publication),
        ("title", settings.title),
        ("postal_address", settings.postal_address),
        ("from", settings.sender.name),
        ("logo_alt", settings.brand.logo.alt if settings.brand.logo else ""),
    ):
        written = Written(field=Field.TEXT, text=text, line=0, file="newsletter.toml")
        told = show_as_typed(written)
        if not told and is_real:
            told = stands_in(written, made.request)
        if not told and (_SENDER.search(text) or _UNNAMED.fullmatch(text.strip())):
            told = "stands in for your own"
        if told:
            yield Finding(
                check=TEMPLATE_WORDS,
                severity=Severity.ERROR,
                message=f"{key} in newsletter.toml {told}",
                evidence=shorten(text),
                file="newsletter.toml",
                remedy="write it in plain words, as readers are to see it",
            )


def _links(made: Composition) -> Iterator[Finding]:
    """Tell of a template's links to names that are reserved for examples."""
    newsletter = made.request.newsletter
    if is_reserved(newsletter.public_url) or is_trial([link.url for link in made.page.links]):
        return
    told: set[str] = set()
    tokens = {one.token for one in made.composed.sentinels}
    for link in made.page.links:
        if link.url in told | tokens or not _is_own(made, link):
            continue
        told.add(link.url)
        if is_reserved(link.url) or marked_address(link.url):
            file, line = place_of(made, url=link.url, element=link.element)
            yield Finding(
                check=TEMPLATE_WORDS,
                severity=Severity.ERROR,
                message="a link of the template stands in for another",
                evidence=f"“{shorten(link.text, 60)}” → {shorten(link.url)}",
                file=file,
                line=line,
                remedy="write the address that is meant",
            )


def _doubled(made: Composition) -> Iterator[Finding]:
    """Tell of a word that stands twice since a template sets it before a value that has it."""
    told: set[tuple[str, int]] = set()
    for seen in made.page.style.seen(LIGHT):
        found = _TWICE.search(folded(seen.piece.words))
        place = made.wrote.element(seen.piece.at) if found else None
        if found is None or place is None or place in told:
            continue
        line = folded(line_of_template(made, place))
        if re.search(rf"(?<!\w){re.escape(found[1])}:?\s*\{{\{{", line):
            told.add(place)
            yield Finding(
                check=TEMPLATE_WORDS,
                severity=Severity.WARNING,
                message=f"the template sets a word before a value that has it: {found[0]}",
                evidence=f"“{shorten(seen.piece.words)}”",
                file=place[0],
                line=place[1],
                remedy="print the value alone",
            )


def _is_own(made: Composition, link: PageLink) -> bool:
    return not _in_block(made, made.page.style.at(link.element))


def _title(made: Composition) -> Iterator[Finding]:
    """Return where the mail shows the newsletter's name nowhere but in its reason line."""
    settings = made.request.newsletter
    title = folded(settings.title)
    if not title:
        return
    pieces = (one.piece for one in made.page.style.seen(LIGHT))
    seen = [piece.words for piece in pieces if not _in_block(made, piece.at)]
    alts = [image.get("alt") or "" for image in made.page.images]
    file, line = _largest_words(made) or (template_of(made), 0)
    logo = settings.brand.logo
    names = {title, folded(logo.alt) if logo else title} - {""}
    lines = [folded(words) for words in (*seen, *alts) if len(words) < _NAME_LINE]
    if not any(name in line for line in lines for name in names):
        yield Finding(
            check=TEMPLATE_WORDS,
            severity=Severity.WARNING,
            message=f"the mail does not show the newsletter's name, {settings.title}",
            file=file,
            line=line,
            remedy="print {{ title }} in the masthead, or set a logo in [brand]",
        )


_NAME_LINE = 60  # letters; a sentence that holds the name is no masthead


def _largest_words(made: Composition) -> tuple[str, int] | None:
    """Return the line of the largest words before the issue's first block: the masthead's."""
    first = min((span.first for span in made.composed.spans if span.line), default=0)
    looks = made.page.style.looks(LIGHT)
    above = [one.at for one in made.page.style.texts() if one.at < first and looks[one.at].is_seen]
    return made.wrote.element(max(above, key=lambda at: looks[at].size, default=-1))


def _in_block(made: Composition, at: int) -> bool:
    return any(span.first <= at < span.end for span in made.composed.spans if span.line)
