"""S30 and S31: slips of the pen that a spelling check lets pass, and a text in another language."""

import re
import unicodedata
from collections.abc import Iterator, Mapping

import regex  # type: ignore[import-untyped]  # ships no annotations; used for properties of Unicode

from newsletter.checks.envelope import MOST_EMOJI, emoji_in, shouts
from newsletter.checks.furniture import is_furniture, is_label, is_teaser
from newsletter.checks.request import CheckRequest
from newsletter.checks.wording import folded, graphemes, leaves, shorten, stories, word_count
from newsletter.checks.written import ONE_LINE, Field, Written, running, written
from newsletter.model.finding import Finding, Severity
from newsletter.model.issue import Story

SLIPS = "S30 slips"
LANGUAGE = "S31 language"

# Words that no sentence says twice in a row. "had had", "that that", "die die" are sentences.
_ONCE: Mapping[str, str] = {
    "en": "the a an and of to for with from by at as but or into was were are be been this his"
    " its their our your he she they we has have will would than about after",
    "fr": "le la les un une des du de et à au aux en dans par pour avec sur est dont ou que",
    "de": "und oder ein eine einen mit für von zu im am auf aus bei nach wird wurde hat dem des",
    "es": "el la los las un una de del y en por para con al se es su sus",
    "cy": "y yr i o ar gan gyda am at yn ac a'r",
    "ar": "في من على إلى عن التي الذي هذا هذه",
}
_TWICE = regex.compile(
    r"(?<![\p{L}\p{M}'\u2019.-])(\p{L}{1,12})[ \n]+\1(?![\p{L}\p{M}'\u2019-])", regex.IGNORECASE
)
_SPACE_BEFORE = re.compile(r"(?<=[^\W_]) [,;!?](?=\s|$)| \.(?=\s[A-Z]|$)")
_DOUBLED = re.compile(
    r",,|;;|(?<![.:])\.\.(?![./])|,\.|\.,(?=\s)|(?<=\w)::(?=\s)|\?\.(?=\s|$)|!\.(?=\s|$)"
)
_NO_SPACE = re.compile(
    r"(?<=[a-zß-ÿ]{3})[.!?](?=[A-Z][a-zß-ÿ]{2,20}(?:\s|[,.]\s))|(?<=[a-zß-ÿ]{2}),(?=[a-zß-ÿ]{3})"
)
_OPENERS = {"(": ")", "[": "]", "\u201c": "\u201d", "\u201e": "\u201c"}
_SPACED_MARKS = frozenset({"fr"})  # French sets a space before ; : ! ?
_CONTACT = re.compile(
    r"[\w.+-]{1,60}@[\w-]{1,60}\.[\w.-]{2,40}|(?:\+\d{2}|\b0)[\d ()-]{8,16}\d\b|(?:tel|phone"
    r"|mob)[:.] ?\d|(?<!\w)@\w{3,30}"
)
_MINUTES = re.compile(r"\b(\d{1,5}) ?[- ]?min(?:ute)?s?\b", re.IGNORECASE)
LONGEST_READ = 90  # minutes
_TWO_BY = re.compile(
    r"^by by\b|^(?:by|par|von|por|gan)[ :.,]*$|^(?:by|par|von|por) (?:·|\||-)", re.IGNORECASE
)
_NOBODY = re.compile(
    r"(?:(?:by|par|von|por|gan) )?(?:admin(?:istrator)?|root|webmaster|editor1|user\d{0,4}"
    r"|wordpress|unknown|anonymous author|no author|author \d|null|undefined|none)(?=$| ?[·|,-])"
)
_FOOTNOTE = re.compile(r"(?<=[\w.,!?\"'\u201d])\[(?:\d{1,3}|citation needed)\]")
_LOUD = re.compile(r"[!\u00a1\uff01]{2,}|[!?]{3,}")
# "Bakery saved | Nidd Valley Post": what a page's title adds to its headline.
_SITE_NAME = re.compile(r" \| (?=[^\W\d_])[^|\n]{3,40}$")
_BARE_ADDRESS = re.compile(r"(?<!\]\()(?<!\] \()\bhttps?://[^\s<>]{4,300}")
FEWEST_ENDED = 5  # words; fewer are a label
_ENDED = re.compile(r"[.!?\u2026\u061f\u06d4\u3002][\"'\u2019\u201d\u201c\u00bb)\]\s]*$")
_OPEN = re.compile(r"[\w,:;(](?<!/ends)(?<!ENDS)$")
# "[…]" and "th…" are where a program cut the text.
_CUT = re.compile(r"\[(?:\.{3}|\u2026)\]$|(?<!\w)[^\W\d_]{1,2}(?:\.{3}|\u2026)$")
_PROSE = frozenset({Field.SUMMARY, Field.BRIEF, Field.EDITOR, Field.TEXT})
LONGEST_HEADLINE = 160  # characters; the lead's takes five lines of a phone then

# Words that are common in one language and rare in the others: each set tells its language.
_COMMON: Mapping[str, frozenset[str]] = {
    language: frozenset(words.split())
    for language, words in (
        (
            "en",
            "the and of that with was were have has which from they their would been said",
        ),
        (
            "fr",
            "les des une est dans qui sur pour avec pas sont cette aux été leur mais ont",
        ),
        (
            "de",
            "der die und das nicht ist ein eine mit auf für von dem den sich wurde auch",
        ),
        (
            "es",
            "el los las una que del por con para está como más pero sus este han según",
        ),
        (
            "cy",
            "yn yr mae wedi gan fod hyn oedd ei eu ond bydd gyda sydd ddim cael",
        ),
        (
            "it",
            "il di che gli della sono non per una con nel del più è anche",
        ),
        (
            "pt",
            "não uma os das dos para com que em por mais foi são ao",
        ),
        (
            "nl",
            "het een van niet zijn voor met ook naar wordt dat aan bij heeft",
        ),
    )
}
LEAST_SHARE = 0.12  # of words that are common in a language; prose has 0.2 to 0.5 of its own
MOST_TIMES = 3  # as many as of the language it ought to be in
FEWEST_WORDS = 10  # fewer do not tell a language
_WORD = regex.compile(r"[\p{L}\p{M}'\u2019]+")
_RTL = frozenset({"ar", "fa", "he", "ur", "yi", "ps", "ug", "ckb", "dv", "sd"})


def slips(request: CheckRequest) -> Iterator[Finding]:
    """S30: no word stands twice, no mark is lost or doubled, no headline shouts."""
    language = _language(request)
    fields = tuple(written(request))
    linked = frozenset(one.text for one in fields if one.field is Field.LINK)
    for one in fields:
        if not running(one) or one.file:
            continue
        found = [*_slips_in(one, language), *_bare_address(one, linked)]
        for message, at, seen, remedy in found:
            yield Finding(
                check=SLIPS,
                severity=Severity.WARNING,
                message=f"{one.field.value} {message}",
                evidence=_around(one.text, at, len(seen)),
                file=request.file,
                line=one.line + one.text.count("\n", 0, at),
                remedy=remedy,
            )
    yield from _broken_off(request)


def _broken_off(request: CheckRequest) -> Iterator[Finding]:
    """Tell of a summary that ends in the middle of a sentence, where others of the issue do not."""
    ends: list[tuple[Story, str, int]] = []
    for story in stories(request.issue):
        said = [(text.strip(), line) for text, line in leaves(story.summary) if text.strip()]
        last = folded(said[-1][0]) if said else ""
        is_page = is_furniture(last) or is_label(last) or is_teaser(last)  # S09 tells of it
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
                evidence=_around(text, max(0, len(text) - 40), 40),
                file=request.file,
                line=line + text.count("\n"),
                remedy=f"finish the sentence of “{shorten(story.headline, 60)}”",
            )


def language(request: CheckRequest) -> Iterator[Finding]:
    """S31: each summary is written in the newsletter's language."""
    own = _language(request)
    if own not in _COMMON and own not in _RTL:
        return
    spoken = []
    for one in stories(request.issue):
        summary = " ".join(text for text, _ in leaves(one.summary))
        whole = f"{one.headline} {summary}"
        spoken.append((language_of(summary, own) or language_of(whole, own), whole, one.line))
    foreign = [one for one in spoken if one[0] not in {"", own}]
    everything = len(foreign) > 1 and len(foreign) == len(spoken)
    for other, text, line in foreign[: 1 if everything else None]:
        of = "all stories are" if everything else "a story is"
        # nobody overlooks another script: such a story is there on purpose
        is_slip = (other in _RTL) == (own in _RTL)
        yield Finding(
            check=LANGUAGE,
            severity=Severity.WARNING if is_slip else Severity.INFO,
            message=f"{of} written in another language ({other}) than the newsletter ({own})",
            evidence=shorten(text),
            file=request.file,
            line=line,
            remedy="put language in newsletter.toml right, or translate them"
            if everything
            else "translate it, or take it out",
        )


def language_of(text: str, own: str = "") -> str:
    """Give the code of a text's language, "" where its words leave a doubt.

    own is the language it ought to be in: another one is told only where hardly a word is its.
    """
    words = [word.casefold() for word in _WORD.findall(text[:5_000])]
    if len(words) < FEWEST_WORDS:
        return ""
    arabic = sum(unicodedata.name(word[0], "").startswith("ARABIC") for word in words)
    if arabic * 2 > len(words):
        return "ar"
    share = {
        code: sum(word in common for word in words) / len(words) for code, common in _COMMON.items()
    }
    best = max(share, key=lambda code: share[code])
    rival = share[own] if own in share else max(share[c] for c in share if c != best)
    if best == own:
        return own
    is_plain = share[best] >= LEAST_SHARE and share[best] >= MOST_TIMES * rival
    return best if is_plain else ""


def _language(request: CheckRequest) -> str:
    return request.newsletter.language.partition("-")[0].casefold()


def _slips_in(one: Written, language: str) -> Iterator[tuple[str, int, str, str]]:
    text = one.text
    once = _ONCE.get(language, "").split()
    for hit in _TWICE.finditer(text):
        if hit[1].casefold() in once and not (hit[1].isupper() and len(hit[1]) > 1):
            yield "has a word twice", hit.start(), hit[0], "keep one"
            break
    if language not in _SPACED_MARKS and (hit := _SPACE_BEFORE.search(text)):
        yield "has a space before a mark", hit.start(), hit[0], "take the space out"
    if hit := _DOUBLED.search(text):
        yield "has two marks where one belongs", hit.start(), hit[0], "keep one"
    if one.field not in {Field.BYLINE, Field.ALT} and (hit := _NO_SPACE.search(text)):
        yield "has no space after a mark", hit.start(), hit[0], "put a space"
    if one.field is Field.HEADLINE:
        yield from _headline(text)
    if one.field in _PROSE:
        yield from _prose(text, is_story=one.field in {Field.SUMMARY, Field.BRIEF})
    if one.field in ONE_LINE and (at := _unpaired(text)) >= 0:
        yield "has a bracket or quotation mark without its other half", at, text[at], "pair it"
    if one.field is Field.BYLINE:
        yield from _byline(text)


def _headline(text: str) -> Iterator[tuple[str, int, str, str]]:
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


def _bare_address(one: Written, linked: frozenset[str]) -> Iterator[tuple[str, int, str, str]]:
    hit = _BARE_ADDRESS.search(one.text) if one.field in _PROSE else None
    if hit is not None and hit[0] not in linked and hit[0].rstrip(".,;:!?)") not in linked:
        yield "shows an address that is no link", hit.start(), hit[0], "write [words](https://…)"


def _prose(text: str, *, is_story: bool) -> Iterator[tuple[str, int, str, str]]:
    if (at := _open_bracket(text)) >= 0:
        yield "has a bracket without its other half", at, text[at], "pair it"
    if is_story:
        yield from _quoted(text)


def _quoted(text: str) -> Iterator[tuple[str, int, str, str]]:
    if hit := _FOOTNOTE.search(text):
        yield "holds the mark of a footnote", hit.start(), hit[0], "take it out"
    is_odd = text.count('"') % 2 and not re.search(r'\d"', text)
    if is_odd or (text.count("\u201c") != text.count("\u201d") and "\u201e" not in text):
        at = max(text.rfind('"'), text.rfind("\u201c"), text.rfind("\u201d"))
        yield "has a quotation mark without its other half", at, text[at], "pair it"


def _open_bracket(text: str) -> int:
    """Give the place of a round bracket that is never closed; -1 for none.

    A face such as ":(" is none, and an aside may be longer than a paragraph.
    """
    waiting: list[int] = []
    for at, char in enumerate(text):
        if char == "(" and not re.search(r"[:;=8][-'o]?$", text[max(0, at - 2) : at]):
            waiting.append(at)
        elif char == ")" and waiting:
            waiting.pop()
    return waiting[0] if waiting else -1


def _byline(text: str) -> Iterator[tuple[str, int, str, str]]:
    if hit := _CONTACT.search(text):
        yield "holds an address or a telephone number", hit.start(), hit[0], "keep the name"
    if hit := _MINUTES.search(text):
        minutes = int(hit[1])
        if not 0 < minutes <= LONGEST_READ:
            message = f"tells of a reading time that cannot be: {minutes} minutes"
            yield message, hit.start(), hit[0], "put it right"
    if (hit := _TWO_BY.search(text.strip())) or (hit := _NOBODY.match(text.strip().casefold())):
        yield "names nobody", hit.start(), hit[0], "write the name, or take the line out"


def _unpaired(text: str) -> int:
    """Give the place of a bracket or quotation mark without its other half; -1 for none."""
    waiting: list[tuple[str, int]] = []
    for at, char in enumerate(text):
        if waiting and char == waiting[-1][0]:
            waiting.pop()
        elif char in _OPENERS and not (char == "\u201c" and waiting and waiting[-1][0] == "\u201c"):
            waiting.append((_OPENERS[char], at))
        elif char in ")]" and not re.search(
            r"(?:^|\s)\w{1,3}$|[:;][-']?$", text[max(0, at - 8) : at]
        ):
            return at  # "a) first" and ":)" are none
    if waiting:
        return waiting[0][1]
    return text.index('"') if text.count('"') % 2 and not re.search(r'\d"', text) else -1


def _around(text: str, at: int, length: int) -> str:
    start = max(0, at - 40)
    piece = text[start : at + length + 40]
    before, after = "…" * (start > 0), "…" * (start + len(piece) < len(text))
    return shorten(f"{before}{piece}{after}")
