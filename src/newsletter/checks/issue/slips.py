"""S30: slips of the pen that a spelling check lets pass."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

import regex  # type: ignore[import-untyped]  # ships no annotations; used for properties of Unicode

from newsletter.checks.issue.envelope import MOST_EMOJI, emoji_in, shouts
from newsletter.checks.issue.furniture import is_furniture, is_label, is_teaser
from newsletter.checks.issue.misspellings import MISSPELT
from newsletter.checks.issue.mix_ups import like_full_names, two_spellings
from newsletter.checks.issue.pairs import QUOTED, odd_quotes, open_bracket, unpaired
from newsletter.checks.issue.said_again import said_again
from newsletter.checks.issue.source import odd_lines
from newsletter.checks.issue.tongue import primary_language
from newsletter.checks.request import CheckRequest
from newsletter.checks.wording import (
    around,
    folded,
    graphemes,
    leaves,
    shorten,
    stories,
    word_count,
)
from newsletter.checks.written import ONE_LINE, Field, Written, running
from newsletter.model.finding import Finding, Severity
from newsletter.model.issue import Story


def _set_of(words: str) -> frozenset[str]:
    return frozenset(words.split())


SLIPS = "S30 slips"

# Words that no sentence says twice in a row. "had had", "that that", "die die" are sentences.
_ONCE: Mapping[str, str] = {
    "en": "the a an and of to for with from by at as but or into was were are be been this his"
    " its their our your he she they we has have will would than about after is it who which when"
    " not my pm",
    "fr": "le la les un une des du de et à au aux en dans par pour avec sur est dont ou que ce"
    " cette ces se sa son ses leur il elle on ne ont été sans sous entre chez mais qui",
    "de": "und oder ein eine einen mit für von zu im am auf aus bei nach wird wurde hat dem des"
    " ist sind war sich nicht an in um durch gegen ohne seit über unter zwischen keine ihre seine"
    " auch",
    "es": "el la los las un una de del y en por para con al se es su sus pero como este esta ha"
    " han fue son sin sobre entre desde hasta cuando no lo le",
    "cy": "y yr i o ar gan gyda am at yn ac a'r ei eu eich mae bod fod sydd wedi bydd hwn hon bob"
    " pob hyn ym yng dan dros drwy heb cyn rhwng",
    "ar": "في من على إلى عن التي الذي هذا هذه أن إن كان كانت قد لم لن ما مع بعد قبل بين حتى كل ثم"
    " أو هو هي وقد وفي ومن وأن كما منذ عند خلال لكن غير أي",
}
_TWICE_PLAIN = re.compile(r"\S+\s+\S+")
LEAST_ONCE = 4  # letters; a longer word hardly ever stands twice in a row
_MAY_REPEAT = _set_of(
    "that very really never long many much more well please there what same again tick knock "
    "hear night dear bye come quick chop yeah hush boom blah ever over down than sang twin "
    "half right left hello miles years only away round small little last first good nein genau "
    "ganz sehr sehr toujours vous nous tous très bien mucho muy poco casi mawr iawn bach yma "
    "ciao drip drop ding dong walla pure such real hard fast slow high deep dark cold warm "
    "days weeks hours"
)
_TWICE_IN_GERMAN = _set_of("sie die der das den dem")
_TWICE = regex.compile(
    r"(?<![\p{L}\p{M}'\u2019.-])(\p{L}{1,12})[ \n]+\1(?![\p{L}\p{M}'\u2019-])", regex.IGNORECASE
)
_SPACE_BEFORE = re.compile(r"(?<=[^\W_]) [,;!?](?=\s|$)| \.(?=\s[A-Z]|$)|(?<=[^\W_]) ,(?=[a-z])")
_DOUBLED = re.compile(
    r",,|;;|(?<![.:])\.\.(?![./])|,\.|\.,(?=\s)|(?<=\w)::(?=\s)|\?\.(?=\s|$)|!\.(?=\s|$)"
)
_NO_SPACE = re.compile(
    r"(?<=[a-zß-ÿ]{3})[.!?](?=[A-Z][a-zß-ÿ]{2,20}(?:\s|[,.]\s))|(?<=[a-zß-ÿ]{2}),(?=[a-zß-ÿ]{3})"
)
# "prin- temps" was broken at the end of a line; "Vor- und Nachteile" was not.
_BROKEN_WORD = re.compile(
    r"(?<![\w-])[a-zß-ÿ]{3,20}- (?!(?:and|or|to|und|oder|bis|beziehungsweise|bzw|sowie|wie|als|et"
    r"|ou"
    r"|y|e|o|u|a|ac|neu|neb|but|then|versus|vs|not|nor|plus|statt|noch"
    r"|from)\b)[a-zß-ÿ]{3,20}(?![\w-])"
)
_PLAIN_WORD = re.compile(r"(?<!\w)[A-Za-z]{3,16}(?!\w)")
_SMALL_START = re.compile(r"(?<![\w.@/-])([^\W\d_]{3,20})\. ([a-zß-ÿ]{2,20})(?![\w.]*\.\w)\b")
_SHORTENED = _set_of(
    "etc approx dept inc ltd corp plc esq vol figs eds est max min tel ext jan feb mar apr jun "
    "jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun gov sen rep gen "
    "col capt sgt bzw usw vgl evtl ggf bspw inkl exkl zzgl geb gest mio mrd str abs art bzgl "
    "sog mind env apr janv févr avr juil déc fév vols éd chap ene abr ago dic pág págs núm "
    "aprox avda dcha izda admón"
)
_NAMES_IN_SMALL = re.compile(r"(?:i[A-Z]|e[A-Z]|de|la|le|van|von|der|da|di|al|bin|ibn|www|https?)")
_CUT_OUT = re.compile(r"\[(?:\.{3}|\u2026)\]")
_ARTICLE = re.compile(r"(?:\b(an?)|(?:^|[.!?] )(An?)) (?!(?:and|or)\b)([A-Za-z]{3,20})(?![\w.])")
_IRISH = re.compile(
    r"\b(?:Mac|Mag|Mhic|Nic|Nig) an? |\b[Aa]n (?:(?:[BCDFGMPST]h|Tao|Tán|Gard|Bord|Post|Roinn)\w+)"
)
_LIKE_A_CONSONANT = re.compile(
    r"(?:uni(?!n[a-su-z]|m)|us[aeiu](?!ble)|use|uti|ubiq|uk|ura|uro|eu|ew|one(?!i)|once|oui|ufo"
    r"|ute|una(?:b"
    r"|n[iy]))"
)
_LIKE_A_VOWEL = re.compile(r"(?:hour|honest|honou?r|heir|xxx|x[a-z]{1,2}$)")
_SPACED_MARKS = frozenset({"fr"})  # French sets a space before ; : ! ?
# "THe", "SChools": the shift key was held too long. "CBeebies" is a name, "DJing" a word.
_TWO_CAPITALS = re.compile(
    r"(?<![\w@#./-])(?!QAnon|CBeebies|FTadviser|JPmorgan|IPsos|EUobserver|NVidia|NXivm)"
    r"[A-Z]{2}(?!ing\b|ers\b|ish\b)[a-z]{2,20}(?<![A-Z]{2}ed)(?![\w@-]|\.\w)"
)
FEWEST_HEADS = 3  # headlines; with fewer there is no rule that one could break
_SMALL_HEAD = re.compile(r"(?:[a-z]{2}|a )(?!\w*[A-Z])(?!(?:de|la|le|van|von|der|al|bin) )")
_CONTACT = re.compile(
    r"[\w.+-]{1,60}@[\w-]{1,60}\.[\w.-]{2,40}|(?:\+\d{2}|\b0)[\d ()-]{8,16}\d\b|(?:tel|phone"
    r"|mob)[:.] ?\d|(?<!\w)@\w{3,30}"
)
_MINUTES = re.compile(r"\b(\d{1,5}) ?[- ]?min(?:ute)?s?\b", re.IGNORECASE)
LONGEST_READ = 90  # minutes
_TWO_BY = re.compile(
    r"^(by|par|von|por|gan|بقلم) \1\b|^(?:by|par|von|por|gan|بقلم)[ :.,]*$"
    r"|^(?:by|par|von|por) (?:·|\||-)",
    re.IGNORECASE,
)
_NAME_TWICE = re.compile(
    r"\b([^\W\d_][\w'\u2019.-]{1,20}(?: [^\W\d_][\w'\u2019.-]{1,20}){1,3})(?:,| and| &| et| und|"
    r" y|[ ·|]+) ?\1\b"
)
_SMALL_NAME = re.compile(r"by ([a-z]{2,15}) ([a-z]{2,20})(?= ?(?:[\u00b7|,]|$))")
_NO_SMALL_NAMES = _set_of(
    "our a an the staff and of for in on at local press news guest agency agencies readers reader"
    " reporter reporters correspondent writer writers editor editors team desk newsroom democracy"
    " contributor contributors political sports associated community special you me us"
)
_NOBODY = re.compile(
    r"(?:(?:by|par|von|por|gan) )?(?:admin(?:istrator)?|root|webmaster|editor1|user\d{0,4}"
    r"|wordpress|unknown|anonymous author|no author|author \d|null|undefined|none)(?=$| ?[·|,-])"
)
_LOUD = re.compile(r"[!\u00a1\uff01]{2,}|[!?]{3,}")
# "Bakery saved | Nidd Valley Post": what a page's title adds to its headline.
_SITE_NAME = re.compile(r" \| (?=[^\W\d_])[^|\n]{3,40}$")
_BARE_ADDRESS = re.compile(r"(?<!\]\()(?<!\] \()\bhttps?://[^\s<>]{4,300}")
FEWEST_ENDED = 5  # words; fewer are a label
_ENDED = re.compile(r"[.!?\u2026\u061f\u06d4\u3002][\"'\u2019\u201d\u201c\u00bb)\]\s]*$")
_OPEN = re.compile(r"[\w,:;(](?<!/ends)(?<!ENDS)$")
# "[…]" and "th…" are where a program cut the text.
_CUT = re.compile(
    r"\[(?:\.{3}|\u2026)\]$|(?<!\w)[^\W\d_]{1,2}(?:\.{3}|\u2026)$"
    r"|\b(?:the|and|for|with|from|that|this|was|has|had|are|its|his|der|die|das|und|mit|les|des"
    r"|une|qui|los"
    r"|las|del|con|por|que)(?:\.{3}|\u2026)$|(?<=[a-z] )[A-Z][a-z]{1,2}(?:\.{3}|\u2026)$"
)
_PROSE = frozenset({Field.SUMMARY, Field.BRIEF, Field.EDITOR, Field.TEXT})
LONGEST_HEADLINE = 160  # characters; the lead's takes five lines of a phone then


_Slip = tuple[str, int, str, str]


def slips(request: CheckRequest) -> Iterator[Finding]:
    """S30: no word stands twice, no mark is lost or doubled, no headline shouts."""
    language = primary_language(request)
    fields = request.written
    linked = frozenset(one.text for one in fields if one.field is Field.LINK)
    for at, one in enumerate(fields):
        if not running(one) or one.file:
            continue
        found = [*_slips_in(one.field, one.text, language), *_bare_address(one, linked)]
        after = fields[at + 1] if at + 1 < len(fields) else None
        # each paragraph of a long quotation opens, and the last one alone closes
        goes_on = after is not None and after.text.startswith(('"', "\u201c", "\u201e", "\u00ab"))
        if one.field in {Field.TEXT, Field.EDITOR} and not goes_on:
            found += odd_quotes(one.text)
        for message, place, seen, remedy in found:
            yield Finding(
                check=SLIPS,
                severity=Severity.WARNING,
                message=f"{one.field.value} {message}",
                evidence=around(one.text, place, len(seen)),
                file=request.file,
                line=one.line + one.text.count("\n", 0, place),
                remedy=remedy,
            )
    for again in said_again(fields):
        beside = "" if again.line == again.place else f" in line {again.line} too"
        yield Finding(
            check=SLIPS,
            severity=Severity.WARNING,
            message=f"{again.field.field.value} has a sentence that stands"
            + (beside or " there twice"),
            evidence=shorten(again.sentence),
            file=request.file,
            line=again.place,
            remedy="keep one of them",
        )
    yield from _broken_off(request)
    yield from _small_heads(request, fields)
    told = [*two_spellings(request.issue, language)]
    if language in {"en", "fr", "es"}:  # elsewhere any noun may have a capital, or endings change
        named = [(f.text, f.line) for f in fields if running(f) and not f.file]
        lines = {name.line for name in told}
        told += [name for name in like_full_names(named) if name.line not in lines]
    for name in told:
        yield Finding(
            check=SLIPS,
            severity=Severity.WARNING,
            message=name.message,
            evidence=name.evidence,
            file=request.file,
            line=name.line,
            remedy=name.remedy,
        )


def _small_heads(request: CheckRequest, fields: Sequence[Written]) -> Iterator[Finding]:
    """Tell of a headline or kicker that begins in small letters where all others do not."""
    for field in (Field.HEADLINE, Field.KICKER):
        heads = [one for one in fields if one.field is field and one.text[:1].isalpha()]
        small = [one for one in heads if _SMALL_HEAD.match(one.text)]
        if len(small) == 1 and len(heads) >= FEWEST_HEADS:
            yield Finding(
                check=SLIPS,
                severity=Severity.WARNING,
                message=f"{field.value} begins with a small letter, and the others do not",
                evidence=shorten(small[0].text),
                file=request.file,
                line=small[0].line,
                remedy="begin it as the others",
            )


def _broken_off(request: CheckRequest) -> Iterator[Finding]:
    """Tell of a summary that ends in the middle of a sentence, where others of the issue do not."""
    ends: list[tuple[Story, str, int]] = []
    for story in stories(request.issue):
        said = [(text.strip(), line) for text, line in leaves(story.summary) if text.strip()]
        last = folded(said[-1][0]) if said else ""
        is_page = is_furniture(last) or is_label(last) or is_teaser(last)  # S09 tells of it
        is_page |= any(text == odd.strip() for odd, _ in odd_lines(story) for text, _ in said[-1:])
        if said and not is_page and word_count(last) >= FEWEST_ENDED:
            ends.append((story, said[-1][0], said[-1][1] or story.line))
    whole = [text for _, text, _ in ends if _ENDED.search(text) and not _CUT.search(text)]
    for story, text, line in ends:
        is_open = _OPEN.search(text) and len(whole) >= 2 and len(whole) * 4 >= 3 * (len(ends) - 1)  # noqa: PLR2004
        if is_open or _CUT.search(text):
            yield Finding(
                check=SLIPS,
                severity=Severity.WARNING,
                message="a summary ends in the middle of a sentence",
                evidence=around(text, max(0, len(text) - 40), 40),
                file=request.file,
                line=line + text.count("\n"),
                remedy=f"finish the sentence of “{shorten(story.headline, 60)}”",
            )


@lru_cache(maxsize=1024)  # most fields are the same from one check of an issue to the next
def _slips_in(field: Field, text: str, language: str) -> tuple[_Slip, ...]:
    return tuple(_slips(field, text, language))


def _slips(field: Field, text: str, language: str) -> Iterator[_Slip]:
    """Return each slip of a field: what is wrong, its place, the words, what to do."""
    if hit := _said_twice(text, language):
        yield "has a word twice", hit.start(), hit[0], "keep one"
    if language not in _SPACED_MARKS and (hit := _SPACE_BEFORE.search(text)):
        yield "has a space before a mark", hit.start(), hit[0], "take the space out"
    if language == "en":
        yield from _english(text)
    if hit := _DOUBLED.search(text):
        yield "has two marks where one belongs", hit.start(), hit[0], "keep one"
    if field not in {Field.BYLINE, Field.ALT} and (hit := _NO_SPACE.search(text)):
        yield "has no space after a mark", hit.start(), hit[0], "put a space"
    if field is Field.HEADLINE:
        yield from _headline(text)
    if field in _PROSE:
        yield from _prose(text, is_story=field in {Field.SUMMARY, Field.BRIEF})
    if field in ONE_LINE and (at := unpaired(text)) >= 0:
        yield "has a bracket or quotation mark without its other half", at, text[at], "pair it"
    if field is Field.BYLINE:
        yield from _byline(text)


def _said_twice(text: str, language: str) -> re.Match[str] | None:
    once = _ONCE.get(language, "").split()
    for hit in _TWICE.finditer(text):
        word = hit[1].casefold()
        is_small = hit[0] == hit[0].lower()
        begins = hit[1][0].isupper() and hit[0].split()[-1].islower() and len(word) > 1
        # Arabic says "one by one" with the word twice, without an article
        by_one = word.endswith(("\u0627", "\u0629")) and not word.startswith("\u0627\u0644")
        is_long = len(word) >= LEAST_ONCE and is_small and not by_one
        # German relative clauses and its polite form: "Die die Wahl verlieren", "Schicken Sie sie"
        is_sentence = language == "de" and word in _TWICE_IN_GERMAN
        begins = begins and not is_sentence
        is_once = word in once or (word not in _MAY_REPEAT and (is_long or begins))
        if is_once and not (hit[1].isupper() and len(hit[1]) > 1):
            return _TWICE_PLAIN.match(text, hit.start())
    return None


def _blank(hit: re.Match[str]) -> str:
    return " " * len(hit[0])


def _english(text: str) -> Iterator[_Slip]:
    words = (hit for hit in _PLAIN_WORD.finditer(text) if hit[0].casefold() in MISSPELT)
    if (hit := next(words, None)) and not hit[0].isupper():
        right = MISSPELT[hit[0].casefold()]
        yield "has a word that is spelt otherwise", hit.start(), hit[0], f"write {right}"
    if hit := _TWO_CAPITALS.search(text):
        yield "has a word with two capitals", hit.start(), hit[0], "keep the first one"
    for hit in _ARTICLE.finditer(text):
        word = hit[3].casefold()
        is_vowel = (word[0] in "aeiou" and not _LIKE_A_CONSONANT.match(word)) or (
            _LIKE_A_VOWEL.match(word) is not None
        )
        has_an = (hit[1] or hit[2]).casefold() == "an"
        if hit[3].isupper() or _IRISH.search(text, max(0, hit.start() - 5), hit.end()):
            continue  # "an FBI agent", "a NATO base": by the letters or by the word
        if has_an != is_vowel and not (has_an and word.startswith(("h", "u"))):
            yield (
                "has the wrong article",
                hit.start(),
                hit[0],
                "a before a consonant, an before a vowel",
            )
            return


def _small_start(text: str) -> re.Match[str] | None:
    for hit in _SMALL_START.finditer(text):
        if hit[1].casefold() not in _SHORTENED and not _NAMES_IN_SMALL.match(hit[2]):
            return hit
    return None


def _headline(text: str) -> Iterator[_Slip]:
    if shouts(text):
        yield "is written in capitals", 0, text, "write it as a sentence"
    if hit := _LOUD.search(text):
        yield "shouts with marks", hit.start(), hit[0], "one mark is enough, or none"
    if (emoji := len(emoji_in(text))) > MOST_EMOJI:
        yield f"has {emoji} emoji", 0, text, f"keep at most {MOST_EMOJI}"
    if (length := len(graphemes(text))) > LONGEST_HEADLINE:
        message = f"has {length} characters, more than {LONGEST_HEADLINE}"
        yield message, 0, text, "cut it; the summary tells the rest"
    if hit := _SITE_NAME.search(text):
        yield "ends in the name of a site", hit.start(), hit[0], "take the name out"


def _bare_address(one: Written, linked: frozenset[str]) -> Iterator[_Slip]:
    hit = _BARE_ADDRESS.search(one.text) if one.field in _PROSE else None
    if hit is not None and hit[0] not in linked and hit[0].rstrip(".,;:!?)") not in linked:
        yield "shows an address that is no link", hit.start(), hit[0], "write [words](https://…)"


def _prose(text: str, *, is_story: bool) -> Iterator[_Slip]:
    if hit := _BROKEN_WORD.search(text):
        yield "has a word that a hyphen breaks", hit.start(), hit[0], "join it"
    if hit := _small_start(text):
        yield "begins a sentence with a small letter", hit.start(), hit[0], "put them right"
    if hit := _CUT_OUT.search(QUOTED.sub(_blank, text)):
        yield "holds the mark of a cut", hit.start(), hit[0], "take it out, or quote the words"
    if (at := open_bracket(text)) >= 0:
        yield "has a bracket without its other half", at, text[at], "pair it"
    if is_story:
        yield from odd_quotes(text)


def _byline(text: str) -> Iterator[_Slip]:
    if hit := _NAME_TWICE.search(text):
        yield "names somebody twice", hit.start(), hit[0], "keep one"
    if hit := _CONTACT.search(text):
        yield "holds an address or a telephone number", hit.start(), hit[0], "keep the name"
    if hit := _MINUTES.search(text):
        minutes = int(hit[1])
        if not 0 < minutes <= LONGEST_READ:
            message = f"tells of a reading time that cannot be: {minutes} minutes"
            yield message, hit.start(), hit[0], "put it right"
    small = _SMALL_NAME.match(text.strip()[:1].lower() + text.strip()[1:])
    if small and not {small[1], small[2]} & _NO_SMALL_NAMES:
        yield "writes a name in small letters", 0, small[0], "write the name as it is"
    if (hit := _TWO_BY.search(text.strip())) or (hit := _NOBODY.match(text.strip().casefold())):
        yield "names nobody", hit.start(), hit[0], "write the name, or take the line out"
