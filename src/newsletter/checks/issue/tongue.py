"""S31: a text in another language than the newsletter's."""

import unicodedata
from collections.abc import Iterator, Mapping

import regex  # type: ignore[import-untyped]  # ships no annotations; used for properties of Unicode

from newsletter.checks.request import CheckRequest
from newsletter.checks.wording import leaves, shorten, stories
from newsletter.model.finding import Finding, Severity

LANGUAGE = "S31 language"

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
# The words by which a label or a line of a footer is told: it speaks to its reader.
_SPOKEN_TO: Mapping[str, frozenset[str]] = {
    language: frozenset(words.split())
    for language, words in (
        ("en", "you your our this"),
        ("fr", "vous votre vos notre nos cet"),
        ("de", "sie ihr ihre ihren wir uns unser unsere diese diesen"),
        ("es", "usted tu tus nuestro nuestra esta"),
        ("cy", "chi eich ein hwn"),
    )
}
FEWEST_LABEL_WORDS = 3  # of a label; two may be a name
LEAST_LABEL_SHARE = 0.2
_WORD = regex.compile(r"[\p{L}\p{M}'\u2019]+")
_RTL = frozenset({"ar", "fa", "he", "ur", "yi", "ps", "ug", "ckb", "dv", "sd"})


def language(request: CheckRequest) -> Iterator[Finding]:
    """S31: each summary is written in the newsletter's language."""
    own = primary_language(request)
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
    """Return the code of a text's language, "" where its words leave a doubt.

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


def label_language(text: str, own: str) -> str:
    """Give the code of another language that a short text is in; "" where its words leave a doubt.

    own is the language it ought to be in: no word that is common in that may be among them.
    """
    words = [word.casefold() for word in _WORD.findall(text[:1_000])]
    if len(words) < FEWEST_LABEL_WORDS or own not in {*_COMMON, *_RTL}:
        return ""
    mine = _COMMON.get(own, frozenset()) | _SPOKEN_TO.get(own, frozenset())
    if not mine.isdisjoint(words):
        return ""
    for code, spoken in _SPOKEN_TO.items():
        common = _COMMON[code] | spoken
        if code != own and sum(word in common for word in words) >= LEAST_LABEL_SHARE * len(words):
            return code
    return ""


def primary_language(request: CheckRequest) -> str:
    """Return the first part of the newsletter's language tag, in small letters."""
    return request.newsletter.language.partition("-")[0].casefold()
