"""What has changed places in an issue: a link, an alternative text, a name's letters; pure.

Nothing here knows what is right. It tells where the parts of one story fit another story of the
issue and not their own, or where one story writes a name in two ways.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from urllib.parse import unquote

from newsletter.checks.headline_words import stems
from newsletter.checks.wording import blocks_of, folded, leaves
from newsletter.model.issue import Brief, Briefs, Issue, Story


def _set_of(words: str) -> frozenset[str]:
    return frozenset(words.split())


MOST_COMPARED = 60  # stories; each is compared with each
FEWEST_FITTING = 2  # words that an address or a text shares with the story it is of
SHARE_FITTING = 0.6  # of the words of an address
LEAST_BEGINNING = 4  # letters of a word that begins another one
MOST_NAMES = 300  # full names of an issue that are compared
LEAST_NAME = 5  # letters; shorter names differ by one as a rule
LIKE_NAME = 0.6  # of the letters of two surnames after one first name

_NOT_WORDS = re.compile(r"[\W\d_]+")
_NAME = re.compile(r"\b[A-ZÀ-Ý][^\W\d_]+(?:['\u2019-][A-ZÀ-Ý][^\W\d_]+)*")
_TITLED = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Dr|Sir|Cllr|Prof|Mme|M\.|Sr|Sra)\.? ([A-ZÀ-Ý][^\W\d_]{3,20})"
)
_FULL_NAME = re.compile(
    r"\b([A-ZÀ-Ý][a-zà-ÿ]{2,20}) ((?:O['\u2019]|Mac|Mc|De |Van )?[A-ZÀ-Ý][a-zà-ÿ]{2,20})(?![\w-])"
)
_OF_A_PATH = _set_of(
    "news article articles story stories briefs brief www html htm php aspx index local world "
    "page the and for with from"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MixUp:
    """line is where the wrong part stands; fits names the story it seems to be of."""

    line: int
    message: str
    evidence: str
    remedy: str


@dataclass(frozen=True, slots=True)
class _Card:
    headline: str
    url: str
    line: int
    titled: frozenset[str]
    told: frozenset[str]
    alt: frozenset[str]
    alt_line: int
    picture: frozenset[str]


def swapped_links(issue: Issue, language: str) -> Iterator[MixUp]:
    """Return the links whose address fits another story, and not their own."""
    return _links(tuple(_cards(issue, language))[:MOST_COMPARED], language)


def swapped_alternatives(issue: Issue, language: str) -> Iterator[MixUp]:
    """Return the alternative texts that fit another story's picture, and not their own."""
    return _alternatives(tuple(_cards(issue, language))[:MOST_COMPARED])


def two_spellings(issue: Issue, language: str) -> Iterator[MixUp]:
    """Return the names that a story, or the front matter beside it, writes in two ways."""
    if language in {"de", "ar", "cy"}:  # nouns have capitals, or none have, or words change
        return
    fronts = [
        (issue.subject, issue.line_of("subject")),
        (issue.preheader, issue.line_of("preheader")),
    ]
    told: set[frozenset[str]] = set()
    for story in (block for block in blocks_of(issue) if isinstance(block, Story)):
        alt = [(story.image.alt, story.image.line)] if story.image else []
        texts = [(story.headline, story.line), *alt]
        texts += [(text, line or story.line) for text, line in leaves(story.summary)]
        for text, line in (*fronts, *texts):
            others = " ".join(one for one, _ in texts if one != text)
            apart = (*_letters_apart(text, others), *_surnames_apart(text, others))
            for wrong, right in (*apart, *_within(text)):
                pair = frozenset({wrong, right})
                if pair not in told:
                    told.add(pair)
                    where = next((at for one, at in texts if right in one), story.line)
                    # either may be the slip: both places are told
                    for place, name, other in ((line, wrong, right), (where, right, wrong)):
                        yield MixUp(
                            line=place,
                            message="a name is written in two ways",
                            evidence=f"{name}, and {other}",
                            remedy="look up which is right",
                        )


_NO_FIRST_NAMES = _set_of(
    "north south east west new old great little upper lower mount lake saint port fort san santa "
    "lord lady sir dame judge mayor president minister prince princess king queen captain doctor "
    "professor the this that and but for from with when where what who how good monday tuesday "
    "wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december"
)
# Words that begin sentences, each a letter from another; no name is among them.
_BEGIN = _set_of(
    "Could Their Then There These Theirs Those Three Through Though Thought Thousand Would Should "
    "Other Others Another Never Every Where Which While Whose Whole World Forty Fifty Sixty Eight "
    "Eighty Seven Seventy After Later Latter Early Nearly Yearly"
)
LEAST_FIRST_NAME = 4  # letters; "Jan" and "Jon" are two people


def like_full_names(fields: Sequence[tuple[str, int]]) -> Iterator[MixUp]:
    """Return the full names that two texts of an issue write with one letter changed.

    fields are texts with their lines: bylines, summaries, the editor's message. A name that stands
    beside its like in one text is somebody else's.
    """
    known: dict[str, tuple[str, str, int, str]] = {}
    for text, line in fields:
        for first, last in _FULL_NAME.findall(text):
            if first.casefold() not in _NO_FIRST_NAMES:
                known.setdefault(f"{first} {last}", (first, last, line, text))
    names = sorted(known)[:MOST_NAMES]
    for at, one in enumerate(names):
        first, last, line, text = known[one]
        for other in names[at + 1 :]:
            other_first, other_last, other_line, other_text = known[other]
            if other[0] != one[0]:
                break
            if _stands_in(one, other_text) or _stands_in(other, text):
                continue
            surname = first == other_first and len(last) >= LEAST_NAME
            name = last == other_last and len(first) >= LEAST_FIRST_NAME
            # a first name has no endings: "Hannah" and "Hanna" are one
            longer, shorter = max(first, other_first, key=len), min(first, other_first, key=len)
            is_cut = longer[:-1] == shorter and longer[-1] in "aehny"
            if (surname and _one_apart(last, other_last)) or (
                name and (is_cut or _one_apart(first, other_first))
            ):
                for place, wrong, right in ((line, one, other), (other_line, other, one)):
                    yield MixUp(
                        line=place,
                        message="a name is written in two ways",
                        evidence=f"{wrong}, and {right}",
                        remedy="look up which is right",
                    )


def _stands_in(name: str, text: str) -> bool:
    """Return whether a text has a name, and not one that only begins so."""
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def _cards(issue: Issue, language: str) -> Iterator[_Card]:
    for block in blocks_of(issue):
        items: Sequence[Story | Brief] = ()
        if isinstance(block, Story):
            items = (block,)
        elif isinstance(block, Briefs):
            items = block.items
        for item in items:
            if isinstance(item, Story):
                summary = " ".join(text for text, _ in leaves(item.summary))
                words = f"{item.headline} {item.kicker} {summary}"
                image = item.image
            else:
                words, image = f"{item.headline} {item.text}", None
            yield _Card(
                item.headline,
                item.url,
                item.line,
                stems(_plain(item.headline), language),
                stems(_plain(words), language),
                stems(_plain(image.alt), language) if image else frozenset(),
                image.line if image else 0,
                stems(_slug(image.url), language) if image else frozenset(),
            )


def _links(cards: Sequence[_Card], language: str) -> Iterator[MixUp]:
    slugs = [stems(_slug(card.url), language) for card in cards]
    for card, slug in zip(cards, slugs, strict=True):
        if not slug or _meets(slug, card.told):
            continue
        for other, others in zip(cards, slugs, strict=True):
            shared = _meets(slug, other.titled)
            fits = shared >= FEWEST_FITTING and shared >= SHARE_FITTING * len(slug)
            crossed = shared == len(slug) and others and _meets(others, card.titled) == len(others)
            is_told = _page(other.url) == _page(card.url)  # by S08
            if other is not card and not is_told and (fits or crossed):
                yield MixUp(
                    line=card.line,
                    message=f"a link seems to be that of the story in line {other.line}",
                    evidence=f"“{card.headline}” → {card.url}",
                    remedy="see that it leads to its own story",
                )
                break


def _alternatives(cards: Sequence[_Card]) -> Iterator[MixUp]:
    pictured = [card for card in cards if card.alt]
    for card in pictured:
        own = _meets(card.alt, card.told | card.picture)
        if own:
            continue
        for other in pictured:
            if other is card or other.alt == card.alt:
                continue
            fits = _meets(card.alt, other.told | other.picture)
            back = _meets(other.alt, card.told | card.picture)
            apart = fits + back - _meets(other.alt, other.told | other.picture)
            if fits >= FEWEST_FITTING or (fits and back and apart > FEWEST_FITTING):
                yield MixUp(
                    line=card.alt_line or card.line,
                    message="an alternative text seems to be of the picture in line "
                    f"{other.alt_line}",
                    evidence=f"in the story “{card.headline}”",
                    remedy="see that it tells what its own picture shows",
                )
                break


def _meets(words: frozenset[str], others: frozenset[str]) -> int:
    """Count words that stand on both sides; one may begin the other: "foot" and "football"."""
    return sum(
        any(
            word == other
            or (
                min(len(word), len(other)) >= LEAST_BEGINNING
                and (word.startswith(other) or other.startswith(word))
            )
            for other in others
        )
        for word in words
    )


def _page(url: str) -> str:
    return url.partition("?")[0].partition("#")[0].rstrip("/").casefold()


def _slug(url: str) -> str:
    """Return the words of the last part of an address."""
    path = unquote(url.partition("://")[2].partition("?")[0].partition("#")[0]).strip("/")
    last = path.rpartition("/")[2] if "/" in path else ""
    last = re.sub(r"\.[a-z]{2,5}$", "", last.casefold())
    return " ".join(
        word
        for word in _NOT_WORDS.split(_plain(last))
        if len(word) > 2 and word not in _OF_A_PATH  # noqa: PLR2004
    )


def _plain(text: str) -> str:
    """Fold, and take accents off: addresses have none."""
    apart = unicodedata.normalize("NFKD", folded(text).replace("ß", "ss"))
    return "".join(char for char in apart if not unicodedata.combining(char))


def _letters_apart(text: str, others: str) -> Iterator[tuple[str, str]]:
    """Return names of a text that the other text does not hold, but with one letter changed."""
    known = {name for name in _NAME.findall(others) if len(name) >= LEAST_NAME}
    known = {name for name in known if name not in _BEGIN}
    words = {word.casefold() for word in re.findall(r"[^\W\d_]+", others)}
    for name in dict.fromkeys(_NAME.findall(text)):
        if len(name) < LEAST_NAME or name in _BEGIN or name in known or name.casefold() in words:
            continue
        near = next((one for one in known if one not in text and _one_apart(name, one)), "")
        if near:
            yield name, near


def _within(text: str) -> Iterator[tuple[str, str]]:
    """Return two like names of one text, the second one behind a form of address."""
    titled = set(_TITLED.findall(text))
    for name in dict.fromkeys(_NAME.findall(text)):
        for other in titled - {name} if len(name) >= LEAST_NAME else ():
            if _one_apart(other, name):
                yield other, name


def _one_apart(one: str, two: str) -> bool:
    """Return whether one letter within two names differs, is missing, or changed places."""
    if abs(len(one) - len(two)) > 1 or one[0] != two[0] or one == two:
        return False
    start = 0
    while start < min(len(one), len(two)) and one[start] == two[start]:
        start += 1
    rest, other = one[start:], two[start:]
    swapped = len(rest) > 1 and rest[:2] == other[1::-1] and rest[2:] == other[2:]
    changed = rest[1:] == other[1:] or rest[1:] == other or rest == other[1:]
    longer, shorter = max(rest, other, key=len), min(rest, other, key=len)
    if not shorter and longer == one[start - 1] != "s":
        return True  # "Askrig" for "Askrigg"
    # endings make other words: "Roman" and "Romans", "Korea" and "Korean"
    return swapped or (changed and rest[-1:] == other[-1:] != "")


def _surnames_apart(text: str, others: str) -> Iterator[tuple[str, str]]:
    """Return full names whose first name has another, like surname in the other text."""
    for first, last in _FULL_NAME.findall(text):
        if last in others:
            continue
        for other_first, other_last in _FULL_NAME.findall(others):
            like = SequenceMatcher(None, last, other_last).ratio() >= LIKE_NAME
            if first == other_first and like and other_last not in text and last != other_last:
                if not _one_apart(last, other_last):
                    yield f"{first} {last}", f"{first} {other_last}"
                break
