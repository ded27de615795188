"""S10 to S12 and S17 to S19: each summary beside its source.

Four exact questions: does the source have the quotation, the numbers, the names, and is what it
only reports told as a report? They warn a person and prove nothing: a sentence can be false with
every word of it in the source.
"""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from itertools import takewhile

from newsletter.checks.day_names import day_names
from newsletter.checks.request import CheckRequest
from newsletter.checks.wording import (
    SLOT_MARK,
    blocks_of,
    cards_of,
    folded,
    holds,
    leaves,
    nearest,
    shorten,
    stories,
    word_count,
)
from newsletter.checks.words import Words
from newsletter.model.article import StorySource
from newsletter.model.finding import Finding, Severity
from newsletter.model.issue import Brief, Story
from newsletter.model.sentences import split_sentences
from newsletter.model.text import Rule

AFFILIATE_DISCLOSURE = "S10 affiliate-disclosure"
QUOTES = "S11 quote-fidelity"
FIGURES = "S12 figure-fidelity"
ATTRIBUTION = "S17 attribution"
STALE_SUMMARY = "S18 stale-summary"
DRAFT_SUMMARY = "S19 draft-summary"

SUMMARY_STATE = "summary"
"""The story's attribute that says what its summary is."""
DRAFT = "draft"
"""Its value where a model wrote the summary and nobody has accepted it."""

FEWEST_CHARACTERS = 3  # of a quotation that is looked up
FEWEST_QUOTED = 5  # words of a headline's quotation; fewer are marks of doubt
MOST_CHANGES = 8  # lines of a diff that a finding shows
FIRST_NUMBER_WORD = 3  # "one" and "two" are often no number
NEAR_DAYS = 7  # a source names such a day by its weekday alone
LEAST_STEM, ENDING = 4, 2  # letters of a name that its forms share, and of their endings
FEWEST_SHARED, LEAST_ALIKE = 3, 0.4  # long words that make two sentences tell of one thing

_QUOTED = re.compile(
    '\u201c([^\u201c\u201d]*)\u201d|\u201e([^\u201e\u201c\u201d"]*)[\u201c\u201d"]'
    '|\u00ab([^\u00ab\u00bb]*)\u00bb|"([^"]*)"'
    # as German books and papers have them; a French closing mark has a space before it
    "|(?<![^\\s(\\[])\u00bb(?=\\S)([^\u00ab\u00bb]*)(?<=\\S)\u00ab"
    "|\u201a([^\u201a\u2018\u2019]*)\u2018|\u2039([^\u2039\u203a]*)\u203a"
    # a straight single mark inside a word is an apostrophe; so is a closing one after an s
    "|(?<!\\w)\u2018((?:[^\u2018\u2019]|\u2019(?=\\w))*)\u2019(?!\\w)"
    "|(?<!\\w)'((?:[^']|'(?=\\w))*)'(?!\\w)"
)
_LEFT_OUT = re.compile(r"\.\.\.|\u2026|\[[^\]]*\]")
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
_MARK = re.compile("[\"'\u00ab\u00bb\u2039\u203a]")
_EDGES = " .,;:!?-"
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")
_NUMBER = re.compile(
    r"(?<![\w.])(\d{1,3}(?:[.,'\u00a0\u202f ]\d{3})+(?![\d])|\d+)(?:[.,](\d{1,2}|\d{4,})(?!\d))?"
    r"(?:\s?(k|m|bn|million(?:s|en|es)?|millones|billion|milliards?|milliarden?|mio|mrd)\b)?",
    re.IGNORECASE,
)
_TIMES = {"k": 3, "m": 6, "bn": 9, "mio": 6, "mrd": 9, "billion": 9}
_NAME = re.compile(r"(?<![\w'\u2019-])[^\W\d_a-zß-ÿ][\w-]*[^\W\d_](?!\w)")
_WORD_AND_NEXT = re.compile(r"([^\W\d_]+)(?=\s+([^\W\d_]+)|)")
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")
_MONTH_OF_MAY = re.compile(r"\bMay\b")
# Capital letters make names in these; German writes every noun with one.
_CAPITALS_ARE_NAMES = frozenset({"en", "fr", "es", "it", "pt", "nl", "cy", "ga", "gd", "sv", "da"})
_OPENING = " \"'\u201c\u2018\u201e\u00ab("
_AFTER_MARK = frozenset(':\u201c\u201e\u00ab"\u2013\u2014')
_DISCLOSES = re.compile(
    r"\baffilia\w+|\baffili\w+|\bcommissions?\b|\bprovision(?:en)?\b|\bcomisi[óo]n\b|\bcomisiwn\b"
    r"|عمولة"
)


def has_all_sources(request: CheckRequest) -> bool:
    """Return whether every story and brief with a text is tied to its source."""
    return all(card in request.sources for card, texts in _cards(request) if texts)


def differences(text: str, source: StorySource, language: str) -> tuple[tuple[str, str], ...]:
    """Return what a text says and its source does not, as check label and sentence."""
    words = Words(language.partition("-")[0].casefold())
    absent = _absent(text, source, words)
    return (
        *(
            (QUOTES, f"not in the source: “{shorten(one, 80)}”")
            for one in absent_quotations(text, source.text_beside(text))
        ),
        *((FIGURES, f"not in the source: {', '.join(absent)}") for _ in absent[:1]),
        *((ATTRIBUTION, _REPORTED) for _ in _lost_hedges(text, source, words)),
    )


def quote_fidelity(request: CheckRequest) -> Iterator[Finding]:
    """S11: quoted words are the source's; in a headline a few may be a word's usual marks."""
    for text, line, source, is_headline in _texts(request):
        for quoted in absent_quotations(text, source.text_beside(text)):
            if is_headline and word_count(quoted) < FEWEST_QUOTED:
                continue
            near = nearest(_unmarked(quoted), _unmarked(source.text_beside(text)))
            yield request.finding(
                QUOTES,
                line,
                f"not in the source word for word: “{shorten(quoted, 80)}”",
                seen=f"nearest in the source: {shorten(near)}" if near else shorten(text),
                remedy="quote the source's own words, or take the marks away",
            )


def figure_fidelity(request: CheckRequest) -> Iterator[Finding]:
    """S12: numbers and names of a summary or headline are the source's."""
    bylines = [block.byline for block in stories(request.issue)]
    own = "\n".join((request.newsletter.title, request.newsletter.publication, *bylines))
    for text, line, source, is_headline in _texts(request):
        if is_headline and folded(text) in map(folded, source.beside):
            continue
        shown = _without_title_case(text) if is_headline else text
        absent = _absent(shown, source, request.words, own=own)
        if absent:
            yield request.finding(
                FIGURES,
                line,
                f"not in the source: {', '.join(absent)}",
                seen=shorten(text),
                remedy="compare with the source; what you know from elsewhere may stand",
            )


def attribution(request: CheckRequest) -> Iterator[Finding]:
    """S17: what the source only reports is told as a report."""
    for text, line, source, is_headline in _texts(request):
        for sentence, there in () if is_headline else _lost_hedges(text, source, request.words):
            seen = f"{shorten(sentence)}\nthe source: {shorten(there)}"
            yield request.finding(ATTRIBUTION, line, _REPORTED, seen=seen, remedy="say who says so")


def stale_summary(request: CheckRequest) -> Iterator[Finding]:
    """S18: the source still says what it said when the summary was made."""
    for card, texts in _cards(request):
        source = request.sources.get(card)
        if source is None or not source.changes or not texts:
            continue
        lines = [shorten(line) for line in source.changes[:MOST_CHANGES]]
        more = len(source.changes) - MOST_CHANGES
        lines += [f"… and {more} more lines"] if more > 0 else []
        yield request.finding(
            STALE_SUMMARY,
            card.line,
            f"article {source.article} changed after its summary was made: version "
            f"{source.drafted_version} then, {source.version} now",
            seen="\n".join(lines),
            remedy=f'read the summary again, then "newsletter accept {request.issue.name} '
            f'{source.article}"',
        )


def draft_summary(request: CheckRequest) -> Iterator[Finding]:
    """S19: what a model wrote was read and accepted by a person."""
    for story in stories(request.issue):
        if dict(story.attributes).get(SUMMARY_STATE, "").casefold() == DRAFT:
            yield request.finding(
                DRAFT_SUMMARY,
                story.line,
                "a model wrote this summary and nobody has accepted it",
                seen=shorten(" ".join(text for text, _ in leaves(story.summary))),
                remedy=f'read it, then "newsletter accept {request.issue.name}"',
                severity=Severity.ERROR,
            )


def affiliate_disclosure(request: CheckRequest) -> Iterator[Finding]:
    """S10: links that earn money are called so."""
    if any(_DISCLOSES.search(folded(passage.text)) for passage in request.passages):
        return
    for card in cards_of(request.issue):
        source = request.sources.get(card)
        if source is not None and source.affiliate_notice and card.url:
            yield request.finding(
                AFFILIATE_DISCLOSURE,
                card.line,
                "the page this story links to earns money by its links, and the issue is silent",
                seen=shorten(source.affiliate_notice),
                remedy='say so: "Some pages we link to earn a commission on what you buy there"',
            )


_REPORTED = "told as a fact, and the source only reports it"


def absent_quotations(text: str, source: str) -> tuple[str, ...]:
    """Return the quotations of a text, of three characters and more, that its source lacks.

    Marks, letter case and the stop at the end do not count; what is left out by "…" or put into
    brackets parts a quotation, and its parts have to follow one another.
    """
    found = (
        next(group for group in hit.groups() if group is not None) for hit in _QUOTED.finditer(text)
    )
    quoted = [one.strip() for one in found if len(one.strip()) >= FEWEST_CHARACTERS]
    if not quoted:
        return ()
    there = _unmarked(source)
    return tuple(dict.fromkeys(one for one in quoted if not _is_held(one, there)))


def _unmarked(text: str) -> str:
    return " ".join(_MARK.sub(" ", _APOSTROPHE.sub("", folded(text))).split())


def _is_held(quoted: str, there: str) -> bool:
    for part in _LEFT_OUT.split(quoted):
        words = _unmarked(part).strip(_EDGES)
        if not words:
            continue
        if not holds(there, words):
            return False
        there = there[there.find(words) :] if _LEFT_OUT.search(quoted) else there
    return True


def _absent(text: str, source: StorySource, words: Words, *, own: str = "") -> tuple[str, ...]:
    """Return the numbers and names of a text that its source does not have, as written."""
    there = source.text_beside(text)
    on = source.published.date() if source.published else None
    numbers = _numbers(there, words) | {Decimal(on.year if on else 0)}
    found = [shown for value, shown in _numbers_in(text, words, on) if value not in numbers]
    known = _word_set(f"{there}\n{own}")
    named = (name for name in _names(text, words) if not _is_known(name, known))
    return tuple(dict.fromkeys((*found, *named)))


@lru_cache(maxsize=256)  # each source is asked for headline and summary
def _numbers(text: str, words: Words) -> frozenset[Decimal]:
    """Return every number of a text, with and without the million that stands behind it."""
    spoken = (Decimal(number) for number, _, _ in _spoken(text, words))
    return frozenset(spoken) | {
        value for hit in _NUMBER.finditer(text.translate(_DIGITS)) for value in _values(hit)
    }


def _numbers_in(text: str, words: Words, on: date | None) -> Iterator[tuple[Decimal, str]]:
    """Return each number of a text that a source should have, with its words.

    "Three ways" and "five questions" are the writer's own count, and no source has them.
    """
    dates = day_names(words, words.language).dates_in(text) if on else ()
    near = [
        range(named.start, named.start + len(named.text))
        for named in dates
        if on and (said := named.nearest(on)) and abs((said - on).days) <= NEAR_DAYS
    ]
    for hit in _NUMBER.finditer(text.translate(_DIGITS)):
        values = _values(hit)
        if values and not any(hit.start() in span for span in near):
            yield values[0], text[hit.start() : hit.end()].strip()
    own = words.of("own_counts", everywhere=False)
    for number, shown, counted in _spoken(text, words):
        if number >= FIRST_NUMBER_WORD and folded(counted) not in own:
            yield Decimal(number), shown


def _values(hit: re.Match[str]) -> tuple[Decimal, ...]:
    whole, part, unit = re.sub(r"\D", "", hit[1]), hit[2], (hit[3] or "").casefold()
    try:
        bare = Decimal(f"{whole}.{part}" if part else whole)
    except InvalidOperation:
        return ()
    power = _TIMES.get(unit) or (9 if unit.startswith("milliard") else 6 if unit else 0)
    return (bare.scaleb(power).normalize(), bare.normalize())


def _spoken(text: str, words: Words) -> Iterator[tuple[int, str, str]]:
    """Return the number words of a text as numbers, each with the word that follows."""
    known = {word: at for at, word in enumerate(words.of("numbers", everywhere=False), 1)}
    known |= {word: 10 * at for at, word in enumerate(words.of("tens", everywhere=False), 3)}
    for hit in _WORD_AND_NEXT.finditer(text):
        if number := known.get(hit[1].casefold()):
            yield number, hit[1], hit[2] or ""


def _names(text: str, words: Words) -> Iterator[str]:
    """Return the names of a text: words with a capital that do not begin a sentence.

    In German, where each noun has one, the second of two such words in a row.
    """
    if words.language not in {*_CAPITALS_ARE_NAMES, "de"}:
        return
    starts = {start for start, _ in split_sentences(text)}
    common = frozenset(words.of("not_names"))
    before, is_first = -1, False  # where the last one ended, and whether a name may begin with it
    for hit in _NAME.finditer(text):
        ahead = text[: hit.start()].rstrip()
        opens = hit.start() in starts or not ahead.strip(_OPENING) or ahead[-1] in _AFTER_MARK
        name = hit[0].removesuffix("'s").removesuffix("\u2019s")
        may_be = not opens and folded(name) not in common
        is_second = is_first and text[before : hit.start()] == " "
        before, is_first = hit.end(), may_be
        if may_be and (is_second or words.language != "de"):
            yield name


@lru_cache(maxsize=256)
def _word_set(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[\w-]+", folded(text).replace("'s", " ")))


def _is_known(name: str, known: frozenset[str]) -> bool:
    """Return whether a source has a name, or a form of it: "Iceland" for "Icelandic"."""
    word = folded(name)
    if word in known or all(part in known for part in word.split("-")):
        return True
    stem = word[: max(LEAST_STEM, len(word) - ENDING)]
    return len(word) > LEAST_STEM and any(one.startswith(stem) for one in known)


def _lost_hedges(text: str, source: StorySource, words: Words) -> Iterator[tuple[str, str]]:
    """Return sentences told as facts beside the source's sentence that only reports them."""
    hedges, says = (words.within(name, everywhere=False) for name in ("hedges", "says"))
    lines = _source_sentences(source.body)
    for start, end in split_sentences(text):
        sentence = text[start:end]
        bare = _hedged(sentence)
        if hedges.search(bare) or says.search(bare) or _QUOTED.search(sentence):
            continue
        own = frozenset(_LONG_WORD.findall(folded(sentence)))
        shared, _, there = max(
            ((len(own & one), -len(one), line) for line, one in lines), default=(0, 0, "")
        )
        is_alike = shared >= max(FEWEST_SHARED, LEAST_ALIKE * len(own))
        if is_alike and hedges.search(_hedged(there)):
            yield sentence, there


@lru_cache(maxsize=64)
def _source_sentences(body: tuple[str, ...]) -> tuple[tuple[str, frozenset[str]], ...]:
    lines = (line[start:end] for line in body for start, end in split_sentences(line))
    return tuple((line, frozenset(_LONG_WORD.findall(folded(line)))) for line in lines)


def _hedged(sentence: str) -> str:
    """Fold a sentence, less the month of May."""
    return folded(_MONTH_OF_MAY.sub("", sentence))


def _without_title_case(headline: str) -> str:
    """Return a headline in lower case where Capitals Are on Each Word: they mark no names."""
    words = [word for word in headline.split() if len(word) > 3]  # noqa: PLR2004
    capitals = sum(word[0].isupper() for word in words)
    return headline.lower() if capitals * 4 >= 3 * len(words) else headline


def _texts(request: CheckRequest) -> Iterator[tuple[str, int, StorySource, bool]]:
    for card, texts in _cards(request):
        source = request.sources.get(card)
        if source is not None:
            yield card.headline, card.line, source, True
            for text, line in texts:
                yield text.replace(SLOT_MARK, " "), line or card.line, source, False


def _cards(request: CheckRequest) -> Iterator[tuple[Story | Brief, tuple[tuple[str, int], ...]]]:
    last = next(reversed(tuple(blocks_of(request.issue))), None)
    for card in cards_of(request.issue):
        if isinstance(card, Brief):
            yield card, ((card.text, card.line),) if card.text.strip() else ()
            continue
        told = card.summary
        if card is last:  # behind a rule the mail takes its leave
            told = tuple(takewhile(lambda one: not isinstance(one, Rule), told))
        yield card, tuple((text, line) for text, line in leaves(told) if text.strip())
