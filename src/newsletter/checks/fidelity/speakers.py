"""Whose words a quotation is, and what office people hold, beside what the source says; pure.

A quotation can stand word for word in the source and be another person's; a name can be right and
its office wrong. Both warn only where the source says enough to tell.
"""

import re
from collections.abc import Iterator

from newsletter.checks.fidelity.quotes import quotations_in, unmarked
from newsletter.checks.headline_words import stems
from newsletter.checks.wording import folded, holds
from newsletter.model.sentences import split_sentences

FEWEST_SHARED = 3  # words of a sentence that make it another's
COPIED = 0.6  # of its own words
FEWEST_WORDS = 4  # of a quotation; shorter ones may be anybody's
NEAR = 90  # characters between a quotation and the name of who said it

_SAYS = (
    r"(?:said|says|told|added|adds|explained|explains|warned|warns|argued|argues|insisted|insists"
    r"|claimed|claims|wrote|writes|asked|asks|replied|recalled|recalls|admitted|admits|joked|jokes"
    r"|complained|announced|declared|according to|a déclaré|déclare|a dit|dit|explique|a expliqué"
    r"|affirme|a affirmé|selon|estime|assure|raconte|sagte|sagt|erklärte|erklärt|meinte|meint"
    r"|betonte|betont|so|laut|nannte|dijo|dice|afirmó|afirma|explicó|explica|según|declaró)"
)
_SAID = re.compile(rf"\b{_SAYS}\b", re.IGNORECASE)
# what quotes besides: he "called it" what stands in the marks
_QUOTES = re.compile(
    rf"\b(?:{_SAYS}|called|calls|described|describes|dubbed|a qualifié|qualifie|bezeichnete"
    r"|calificó)\b",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"\b[A-ZÀ-Ý][a-zà-ÿ\u2019'-]{1,20}(?: (?:[A-Z]\. )?(?:(?:van|von|de|der|du|Mc|Mac|O['\u2019]"
    r"|Le) ?)*"
    r"[A-ZÀ-Ý][\wà-ÿ\u2019'-]{2,20})+\b"
)

_ROLES = {
    one: family.split()[0]
    for family in (
        "chairman chair chairperson",
        "chairwoman chair chairperson",
        "coroner",
        "judge magistrate recorder",
        "mayor mayoress",
        "councillor",
        "minister secretary",
        "headteacher head headmaster headmistress principal",
        "teacher",
        "doctor gp consultant surgeon physician",
        "nurse midwife matron",
        "firefighter fireman",
        "inspector sergeant superintendent constable detective",
        "treasurer",
        "owner proprietor",
        "manager boss head chief",
        "founder",
        "leader",
        "spokesman spokesperson",
        "spokeswoman spokesperson",
        "professor lecturer",
        "student",
        "barrister solicitor lawyer counsel",
        "prosecutor",
        "bishop archbishop vicar priest canon dean rector curate",
        "captain skipper",
        "coach",
        "goalkeeper keeper",
        "striker forward winger",
        "defender",
        "farmer",
        "architect",
        "surveyor",
        "archaeologist",
        "biologist ecologist",
        "conductor",
        "director managing executive",
        "president",
        "trustee",
        "curator",
        "chef cook",
        "brewer",
        "baker",
        "butcher",
        "shopkeeper bookseller",
        "landlord landlady publican",
        "plumber",
        "electrician",
        "paramedic",
        "pensioner",
        "widow",
        "widower",
        "ambassador",
        "governor",
        "senator",
        "editor",
        "journalist reporter",
        "economist",
        "historian",
        "novelist author writer",
        "poet",
        "singer",
        "engineer",
        "pilot",
        "driver",
    )
    for one in family.split()
}
_FAMILIES: dict[str, frozenset[str]] = {}
for _word, _head in _ROLES.items():
    _FAMILIES[_word] = frozenset(w for w, h in _ROLES.items() if h == _head) | {_word}
_BECOMES = (
    r"(?:becomes?|became|appointed|named|elected|made|as)(?: (?:the|a|an|its|their|new|next"
    r"|first)){0,3}"
)
_ROLE = "|".join(sorted(_ROLES, key=len, reverse=True))
_HAS_ROLE = re.compile(
    rf"\b(?i:{_ROLE})(?= (?:Dr |Sir |Dame |Prof )?[A-ZÀ-Ý][a-zà-ÿ]+ [A-ZÀ-Ý])"
    rf"|(?:\b(?i:{_BECOMES}) )(?i:{_ROLE})\b"
    rf"|(?<=[A-Za-z], )(?:an? |the |its |their )(?i:{_ROLE})(?=[,.]| (?:of|at|in|for|who|from)\b)"
)


_FULL = r"[A-ZÀ-Ý][a-zà-ÿ]+ (?:Mc|Mac|O['\u2019])?[A-ZÀ-Ý][a-zà-ÿ]+"
_HOLDS = re.compile(
    rf"\b(?P<role>(?i:{_ROLE}))(?: (?:Dr|Sir|Dame|Prof)|,)? (?P<name>{_FULL})"
    rf"|(?P<name2>{_FULL}), (?:an? |the |its |their |who is |[a-z]+ )?(?P<role2>{_ROLE})"
    r"(?=[,.]| (?:of|at|in|for)\b)"
)

_SAYS_SO = re.compile(
    rf"(?P<name>{_FULL})(?:, [^,]{{3,60}},)? {_SAYS}\b|\b{_SAYS} (?P<name2>{_FULL})(?=[,.]|$)"
)
# Right behind a quotation: "…," said Ann Lee of the Swan Inn in Mill Lane.
_SAID_BY = re.compile(
    rf"[\u201d\u2019\"'\u00bb,.]{{0,2}} {_SAYS} (?:[a-z]+ ){{0,3}}({_FULL})(?![\w'\u2019-])"
)


def other_speakers(text: str, source: str) -> Iterator[tuple[str, str]]:
    """Return each quotation whose words the source gives to another, with who is named here."""
    paragraphs = [one for one in source.split("\n") if one.strip()]
    for quoted in quotations_in(text):
        if len(quoted.split()) < FEWEST_WORDS:
            continue
        speaker = _speaker(text, quoted)
        words = unmarked(quoted).strip(" .,;:!?-")
        at = next((i for i, one in enumerate(paragraphs) if holds(unmarked(one), words)), None)
        if not speaker or at is None:
            continue
        known = speaker.rpartition(" ")[2]
        around = " ".join(paragraphs[max(0, at - 1) : at + 2])
        here = paragraphs[at]
        named = [one for one in _NAME.findall(_outside(here)) if _says(here, one)]
        if known not in source or known in here or _is_called(speaker, _outside(here)):
            continue
        if named or (known not in around and _NAME.search(around)):
            yield speaker, quoted


def other_sayers(text: str, source: str) -> Iterator[tuple[str, str]]:
    """Return who is said to have said what another says in the source, without quotation marks.

    Each pair is the name in the text and the source's sentence, said by somebody else.
    """
    paragraphs = [one for one in source.split("\n") if one.strip()]
    for start, end in split_sentences(text):
        sentence = text[start:end]
        speaker = _sayer(sentence)
        surname = speaker.rpartition(" ")[2]
        if not speaker or surname not in source or quotations_in(sentence):
            continue
        told = stems(folded(sentence.replace(speaker, " ")), "en")
        shared, at, there = max(
            (len(told & stems(folded(paragraph[first:until]), "en")), at, paragraph[first:until])
            for at, paragraph in enumerate(paragraphs)
            for first, until in split_sentences(paragraph)
        )
        if shared < max(FEWEST_SHARED, len(told) * COPIED):
            continue
        # the sentence says whose it is, or else its paragraph does
        own = [one for one in _NAME.findall(there) if _says(there, one)]
        where = there if own else paragraphs[at]
        others = own or [one for one in _NAME.findall(where) if _says(where, one)]
        if surname not in where and others:
            yield speaker, there


def _sayer(sentence: str) -> str:
    """Return the full name that stands right beside a sentence's only verb of saying."""
    if len(_SAID.findall(sentence)) != 1:
        return ""
    hit = _SAYS_SO.search(sentence)
    return hit["name"] or hit["name2"] if hit else ""


def _speaker(text: str, quoted: str) -> str:
    """Return the one full name beside a quotation and a verb of saying; "" where that is open."""
    start = text.find(quoted)
    for first, end in split_sentences(text):
        if not first <= start < end:
            continue
        before = text[max(first, start - NEAR) : start]
        behind = text[start + len(quoted) : min(end, start + len(quoted) + NEAR)]
        for part in (before, behind):
            if beside := _SAID_BY.match(part) if part is behind else None:
                return beside[1]
            names = {hit[0] for hit in _NAME.finditer(part)}
            if len(names) == 1 and _QUOTES.search(part):
                return names.pop()
    return ""


def _is_called(speaker: str, paragraph: str) -> bool:
    """Whether somebody is called by the first of their names alone: Mr Chung, for Chung Won-o."""
    first = re.escape(speaker.partition(" ")[0])
    return re.search(rf"\b{first}\b(?! [A-ZÀ-Ý])", paragraph) is not None


def _says(paragraph: str, name: str) -> bool:
    at = paragraph.find(name)
    return _QUOTES.search(paragraph[max(0, at - NEAR) : at + len(name) + NEAR]) is not None


def _outside(paragraph: str) -> str:
    """Leave out what is quoted: nobody who is named in there speaks."""
    for quoted in quotations_in(paragraph):
        paragraph = paragraph.replace(quoted, " ")
    return paragraph


def other_roles(text: str, source: str) -> tuple[str, ...]:
    """Return the offices of a text that its source gives to nobody, or to somebody else."""
    return tuple(dict.fromkeys((*_unknown(text, source), *_exchanged(text, source))))


def _exchanged(text: str, source: str) -> Iterator[str]:
    """Return offices of people to whom the source gives others: "Simon Farrow, chairman"."""
    held = tuple(_held(text))
    if not held:  # most texts: the source need not be read for them
        return
    sentences = [source[start:end] for start, end in split_sentences(source)]
    for name, role in held:
        surname = name.rpartition(" ")[2]
        of_them = folded(" ".join(one for one in sentences if surname in one))
        family = _FAMILIES.get(role, frozenset({role}))
        has_other = any(surname in other for other, _ in _held(source))
        if has_other and family.isdisjoint(re.findall(r"[a-zà-ÿ]+", of_them)):
            yield role


def _held(text: str) -> Iterator[tuple[str, str]]:
    for hit in _HOLDS.finditer(text):
        yield hit["name"] or hit["name2"], (hit["role"] or hit["role2"]).casefold()


def _unknown(text: str, source: str) -> Iterator[str]:
    hits = tuple(_HAS_ROLE.finditer(text))
    there = set(re.findall(r"[a-zà-ÿ]+", folded(source))) if hits else set[str]()
    for hit in hits:
        role = hit[0].split()[-1].casefold()
        known = _FAMILIES.get(role, frozenset({role}))
        if not known & there and _names_another(there):
            yield role


_RANKS = {
    "deputy": "deputy vice assistant",
    "vice": "vice deputy",
    "assistant": "assistant deputy",
    "acting": "acting interim temporary",
    "interim": "interim acting temporary",
    "former": "former ex retired previous previously once until formerly late was",
    "retired": "retired retire retirement former ex",
    "shadow": "shadow",
    "honorary": "honorary",
}
_RANKED = re.compile(rf"\b({'|'.join(_RANKS)})[ -](?:[a-z]+ ){{0,2}}[a-z-]+,? [A-Z][a-z]+ [A-Z]")


def other_ranks(text: str, source: str) -> tuple[str, ...]:
    """Return "deputy" of "deputy head Ann Lee" where the source has no word of that sense."""
    hits = tuple(_RANKED.finditer(text))
    there = set(re.findall(r"[a-z]+", folded(source))) if hits else set[str]()
    return tuple(dict.fromkeys(hit[1] for hit in hits if there.isdisjoint(_RANKS[hit[1]].split())))


def _names_another(there: set[str]) -> bool:
    return not there.isdisjoint(_ROLES)
