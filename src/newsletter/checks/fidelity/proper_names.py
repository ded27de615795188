"""Whether the names of an English text stand in its source; pure.

A name is a word with a capital letter. The first word of a sentence is one only where it goes on
with another, or is no ordinary word that begins sentences.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from newsletter.checks.calendar_names import MONTHS
from newsletter.checks.fidelity.demonyms import PLACES
from newsletter.checks.fidelity.occasions import is_backed_time, unmutated
from newsletter.checks.fidelity.seats import is_backed_seat
from newsletter.checks.fidelity.sentences import read_source
from newsletter.checks.figures import number_word
from newsletter.checks.headline_words import stem_of
from newsletter.checks.wording import folded
from newsletter.model.sentences import split_sentences

_WORD = re.compile(r"[^\W_]+(?:['\u2019\u2018.&-][^\W_]+)*")
_WEEKDAY_OF_DATE = re.compile(r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,? (?:the )?\d")
_OF_PLACE = re.compile(r"(?<=[^aeou])(?:an|ans|a)$")  # Cumbria, Cumbrian
_FOLK = re.compile(r"(?:wo)?m[ae]n$")
MOST_NEAR = 2  # sentences of the source that may tell of the same
ALIKE = 4  # letters at the beginning of two names, of which one may be a slip for the other
# What bears the name of a place or a house: "Harrowby council".
_THING = re.compile(
    r" (councils?|councillors?|police|airport|hospital|university|college|school|station|theatre"
    r"|museum|library|market|bridge|harbour|port|park|prison|court|church|cathedral|castle|quarry"
    r"|residents|villagers|fans|supporters|manager|captain|striker|goalkeeper|coach|boss|owner"
    r"|shares|engineers|researchers|scientists|officials|ministers|airlines?|ferries|buses|trains"
    r"|bank|brewery|factory|plant|works|airfield|mayor|bishop|society|trust|club|town|city|county"
    r"|rovers|united|beach|island|valley|forest)\b"
)
_NO_NAMES_END = (
    *("ant", "ent", "ful", "ive", "al", "ic", "ous", "ary", "ory", "able", "less", "ly"),
    *("ists", "ers", "tors", "sors", "ermen", "smen", "women", "ants", "ents", "ies", "ions"),
)
_CONTRACTED = re.compile(r"n't$|'(?:ll|ve|re|d)$")
# What stands behind a name that is alone; behind other first words it is rare.
_SINGULAR = re.compile(
    r"(?:['\u2019]s)? (?:says|tells|adds|warns|argues|wants|claims|calls|meets|goes|denies|insists"
    r"|thinks|hopes|believes|has|is|was|who)\b|['\u2019]s\b|, (?:who|an?)\b"
)
_ACTS = re.compile(
    r"(?:['\u2019]s)? (?:said|says|told|tells|added|adds|warned|warns|argued|argues|wants|wanted"
    r"|claimed|claims|called|calls|met|meets|went|goes|came|took|made|won|lost|left"
    r"|denied|denies|insists|insisted|thinks|hopes|believes|(?:has|is|was"
    r"|will|had|who|and)\b)|['\u2019]s\b|, (?:who|which|an?|the)\b"
)
_TWO_LETTERS = re.compile(r"\b([A-Z])(?: and |&)([A-Z])\b")  # A and E, R&D
_LETTER_SHAPED = re.compile(r"[A-Z]-[a-z]+")  # U-turn, T-shirt, X-ray
_PARTS = re.compile(r"[-'\u2019]")
_OPENING = "\"'\u201c\u2018\u00ab\u201e(["
_LINKS = frozenset({"of", "the", "and", "for", "de", "la", "du", "&"})


def _set_of(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Titles and forms of address say who somebody is, and are put before a name freely.
_TITLES = _set_of(
    "chancellor dame deputy dr first i king lady lord minister miss mp mps mr mrs ms mx pm "
    "ayes city coun councillor cllr county crown government hall hon kc msp noes qc rev rt "
    "reverend state states td town "
    "pope premier president prime prince princess prof professor queen secretary sir"
)
_MONTHS = {
    short: long
    for long in MONTHS
    if long != "may"  # mostly the verb
    for short in (long, long[:3], long[:4])
}
# Words that begin sentences of news and are no names.
_STARTERS = _set_of(
    "a about above according across after again against all almost alongside also although "
    "amid among an and another any anyone around as at authorities because before being below "
    "between both but by calls campaigners can children could councillors critics "
    "customers despite detectives did do doctors does double drivers during each earlier early "
    "eight eleven engineers even "
    "every everyone experts families fans farmers fewer figures fire firefighters five "
    "following for former four from further government half having he health her here his "
    "home hospital hospitals how however hundreds if in inside instead investigators is it "
    "its just last lawyers leaders less local locals many meanwhile members ministers more "
    "most motorists neighbours new next nine no nobody none not nothing now nurses of "
    "officers officials on once one only opposition or other others our outside over owners "
    "parents passengers patients people planners plans police politicians prices protesters "
    "pupils ratepayers recent regulators rescuers researchers residents rising scientists "
    "seven several shares she should shoppers since six so some speaking staff still students such "
    "supporters teachers ten tens than that the their then there these they this those "
    "thousands three through to today tourists traders trains travellers twelve two under "
    "unions until up using villagers visitors volunteers voters we weather well what when "
    "where whether which while who whose why will with within without witnesses women workers "
    "writing you young your "
    "aunt baby boy brother couple daughter father girl grandfather grandmother grandson"
    " granddaughter "
    "husband man mother nephew niece sister son teenager toddler uncle widow widower wife woman"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Token:
    text: str
    starts: bool  # the first word of a sentence or a quotation
    start: int
    end: int


def absent_names(
    text: str, source: str, language: str = "en", on: date | None = None
) -> tuple[str, ...]:
    """Return the names of a text that its source does not hold, as written, each once.

    on is the day the text is read, against which its weekdays are counted.

    language is a primary subtag; of others than English the words that begin sentences are not
    known, so that one alone with its capital is no name.
    """
    known = _Known.of(source)
    absent: dict[str, None] = {}
    text = _TWO_LETTERS.sub(lambda one: _without_letters(one, source), text)
    for run in _runs(text):
        missing = [token for token in run if not known.has(token.text)]
        missing = [one for one in missing if not is_backed_time(one.text, source, on)]
        missing = [one for one in missing if not is_backed_seat(one.text, source)]
        if language == "en":
            missing = [one for one in missing if not _describes(one.text, text, source)]
        if language == "cy":
            missing = [one for one in missing if not any(map(known.has, unmutated(one.text)))]
        first = run[0]
        is_ordinary = language != "en" or _is_ordinary(first.text)
        is_slip = not is_ordinary and known.has_nearly(first.text)
        behind = text[first.end :]
        is_open = (
            first.starts
            and not is_slip
            and not _acts(first.text, behind)
            and not known.is_of(behind)
        )
        is_plain = language == "en" and known.has_plainly(first.text)  # "Launch" of "launched"
        if len(run) == 1 and first.starts and (is_ordinary or is_open or is_plain):
            continue
        if first.starts and len(run) > 1 and (is_ordinary or known.begins_with(run[1].text)):
            missing = [token for token in missing if token is not first]
        # the weekday of a date is held against the calendar, and not against the source
        missing = [one for one in missing if not _WEEKDAY_OF_DATE.match(text, one.start)]
        if missing and not known.has_spelled_out(run):
            absent.update(dict.fromkeys(token.text for token in missing))
    return tuple(absent)


def _without_letters(letters: "re.Match[str]", source: str) -> str:
    """Take out two letters that the source spells out: "accident and emergency"."""
    spelled = rf"\b{letters[1]}[\w-]+ (?:and|&) {letters[2]}[\w-]+"
    is_known = re.search(spelled, source, re.IGNORECASE) is not None
    return letters[0].casefold() if is_known else letters[0]


@dataclass(frozen=True, slots=True)
class _Line:
    """The words of one line of a source, in the form they are compared in."""

    words: frozenset[str]
    beginnings: frozenset[str]  # with a capital, and no other word with one stands before them
    inside: frozenset[str]  # behind another word of a name
    plain: frozenset[str]  # without a capital
    stems: frozenset[str]  # of those
    initials: frozenset[str]
    abbreviations: frozenset[str]


@lru_cache(maxsize=1024)  # an article's lines are read again for each text and each rebuild
def _line_of(line: str) -> _Line:
    words: set[str] = set()
    beginnings: set[str] = set()
    plain: set[str] = set()
    inside: set[str] = set()
    initials: set[str] = set()
    capitals: list[str] = []
    short: set[str] = set()
    follows = False  # behind another word of a name
    for found in _WORD.finditer(line):
        words.update(_forms(found[0]))
        for part in _PARTS.split(found[0]):  # "Cambridge-based", "ex-England"
            if part[:1].isupper():
                words.update(_forms(part))
        if found[0].replace(".", "").isupper():
            short.add(_forms(found[0])[0])
        if found[0][0].isupper():
            (inside if follows else beginnings).update(_forms(found[0]))
            capitals.append(found[0][0].casefold())
        else:
            plain.update(_forms(found[0]))
            if found[0].casefold() not in _LINKS:
                capitals.clear()
        follows = found[0][0].isupper() and not _is_ordinary(found[0])
        for length in range(2, min(6, len(capitals)) + 1):
            initials.add("".join(capitals[-length:]))
    return _Line(
        words=frozenset(words),
        beginnings=frozenset(beginnings),
        inside=frozenset(inside),
        plain=frozenset(plain),
        stems=frozenset(stem_of(word, "en") for word in plain),
        initials=frozenset(initials),
        abbreviations=frozenset(short),
    )


@dataclass(frozen=True, slots=True)
class _Known:
    """The source's words in the form they are compared in, and its abbreviations spelled out."""

    words: frozenset[str]
    names: frozenset[str]  # with a capital, and never without
    beginnings: frozenset[str]  # of names, and never inside one
    initials: frozenset[str]
    abbreviations: frozenset[str]
    stems: frozenset[str]  # of words without a capital

    @classmethod
    def of(cls, source: str) -> "_Known":
        """Read a source: each line for itself, since no name runs over a line's end."""
        lines = [_line_of(line) for line in source.split("\n")]
        beginnings = frozenset().union(*(line.beginnings for line in lines))
        inside = frozenset().union(*(line.inside for line in lines))
        plain = frozenset().union(*(line.plain for line in lines))
        return cls(
            words=frozenset().union(*(line.words for line in lines)),
            names=(beginnings | inside) - plain,
            beginnings=beginnings - inside,
            initials=frozenset().union(*(line.initials for line in lines)),
            abbreviations=frozenset().union(*(line.abbreviations for line in lines)),
            stems=frozenset().union(*(line.stems for line in lines)),
        )

    def begins_with(self, word: str) -> bool:
        """Whether the source's names have this word first, so that none of it stands before it."""
        return _forms(word)[0] in self.beginnings

    def has(self, word: str) -> bool:
        forms = _forms(word)
        if forms[0] in _TITLES or any(form in self.words for form in forms):
            return True
        bare = re.sub(r"['\u2019]s?$", "", word)
        if bare.isupper() and len(bare) > 1 and self._spells(forms[0]):
            return True
        if _LETTER_SHAPED.fullmatch(word):
            return True
        parts = [part for part in re.split(r"[-&]", word) if part]
        return len(parts) > 1 and all(self.has(part) for part in parts if part[0].isupper())

    def has_plainly(self, word: str) -> bool:
        """Return whether the source has another form of the word, and without a capital."""
        return stem_of(_forms(word)[0], "en") in self.stems

    def _spells(self, letters: str) -> bool:
        """Whether a name of the source has these initials, the last of which it may leave out."""
        return letters in self.initials or (len(letters) > 2 and letters[:-1] in self.initials)  # noqa: PLR2004 (RBA: the Reserve Bank)

    def has_nearly(self, word: str) -> bool:
        """Whether a name of the source begins as this word does and is as long: Corrie, Corran."""
        plain = _forms(word)[0]
        return any(
            plain != one and plain[:ALIKE] == one[:ALIKE] and abs(len(plain) - len(one)) <= 1
            for one in self.names
        )

    def is_of(self, behind: str) -> bool:
        """Return whether a word of the source's follows, whose name the one before it may be."""
        follows = _THING.match(behind)
        return follows is not None and self.has(follows[1])

    def has_spelled_out(self, run: Sequence[_Token]) -> bool:
        """Return whether the source has the initials of the run: UN for United Nations."""
        letters = "".join(token.text[0].casefold() for token in run)
        return len(letters) > 1 and letters in self.abbreviations


@lru_cache(maxsize=16_384)
def _forms(word: str) -> tuple[str, ...]:
    """Return the forms under which a word is known, the plainest first."""
    plain = re.sub(r"'s?$", "", folded(word)).replace(".", "")
    forms = [plain]
    if plain in PLACES:
        forms.append(f"place {PLACES[plain]}")
    if plain in _MONTHS:
        forms.append(f"month {_MONTHS[plain]}")
    folk = _FOLK.sub("", plain)
    if folk != plain and folk in PLACES:  # "Welshman"
        forms.append(f"place {PLACES[folk]}")
    root = _OF_PLACE.sub("", plain)
    if root != plain and len(root) > ALIKE:
        forms.append(f"root {root}")
    if plain.endswith("s") and len(plain) > 3:  # noqa: PLR2004 (no "Los" for "Lo")
        forms.append(plain[:-1])
    return tuple(forms)


def _is_ordinary(word: str) -> bool:
    plain = _forms(word)[0]
    if word.endswith(_NO_NAMES_END) or number_word(plain) is not None:
        return True
    head, _, rest = word.partition("-")
    if rest and rest.islower() and head:
        return True  # "Like-for-like", "Pre-tax"
    return plain in _STARTERS or _CONTRACTED.search(plain) is not None


def _describes(word: str, text: str, source: str) -> bool:
    """Whether "the Dutch driver" is said of somebody whose land the source does not name there.

    Who puts one land for another finds that other where the source tells of the same.
    """
    if _forms(word)[0] not in PLACES:
        return False
    there = read_source(source)
    for sentence in read_source(text).sentences:
        if not any(token.shown.startswith(word) for token in sentence.tokens):
            continue
        mine = {PLACES.get(token.word) for token in sentence.tokens}
        near = [one for one, _ in there.shared(sentence).most_common(MOST_NEAR)]
        named = {PLACES.get(token.word) for one in near for token in one.tokens}
        return bool(near) and named <= {None} | mine
    return False


def _acts(word: str, behind: str) -> bool:
    """Return whether what follows a first word makes a person or a body of it: "Hughes says".

    "Thieves took" is of many, whatever they are called.
    """
    is_plural = word.endswith("s") and not word.endswith("ss")
    return (_SINGULAR if is_plural else _ACTS).match(behind) is not None


def _runs(text: str) -> Iterator[list[_Token]]:
    """Return stretches of words with capitals that stand side by side."""
    run: list[_Token] = []
    end = 0
    for token in _tokens(text):
        is_name = token.text[0].isupper() and not _is_numeric(token.text)
        follows = bool(run) and not text[end : token.start].strip() and not token.starts
        if follows and not is_name and token.text.casefold() in _LINKS:
            end = token.end  # "Bank of England" is one name
            continue
        if run and not (is_name and follows):
            yield run
            run = []
        if is_name:
            run.append(token)
            end = token.end
    if run:
        yield run


def _tokens(text: str) -> Iterator[_Token]:
    for start, end in split_sentences(text):
        is_first = True
        for found in _WORD.finditer(text, start, end):
            before = text[max(start, found.start() - 2) : found.start()].strip()
            opens = bool(before) and (before[-1] in _OPENING or before[-1] == ":")
            yield _Token(
                text=found[0],
                starts=is_first or opens,
                start=found.start(),
                end=found.end(),
            )
            is_first = False


def _is_numeric(word: str) -> bool:
    return any(map(str.isdigit, word))
