"""Doubts and denials of a source that a summary lost, or a "not" that it put in; pure.

For French, German and Spanish, whose doubts stand in the verb ("se serait déclaré", "soll gewesen
sein", "habría pagado") as often as in a word of their own. Text and source are laid beside each
other part by part, up to a semicolon, and compared where they share most of their words.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile

from newsletter.checks.headline_words import stem_of
from newsletter.checks.wording import folded
from newsletter.model.sentences import split_sentences

FEWEST_SHARED = 3  # words of a part, that make the source's part the one it was taken from
FEWEST_WHOLE = 2  # where it has no more
MOST_LIKE = 0.6  # of its own words
AS_LIKE = 0.9  # a part without doubt this near to the doubtful one bears the text out
FEWEST_BESIDE_NOT = 2  # words, beside the denied one, that two parts share
LEAST_WORD = 4  # letters of a word with a sense of its own
_SHORT = frozenset(
    {"sûr", "sûre", "né", "née", "dû", "mûr", "gut", "tot", "neu", "alt", "arm", "zu"}
)
FARTHEST = 6  # words between a "not" and what it denies


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tongue:
    """What a language says doubt, hearsay and denial with.

    told_earlier marks sentences whose verb only follows another one in the past.
    """

    parts: re.Pattern[str]
    doubts: re.Pattern[str]
    hearsay: re.Pattern[str]
    told_earlier: re.Pattern[str]
    small: frozenset[str]
    denials: frozenset[str]
    refusals: re.Pattern[str]


def _set_of(words: str) -> frozenset[str]:
    return frozenset(words.split())


_NEVER = re.compile(r"(?!)")
_TONGUES = {
    "fr": _Tongue(
        parts=re.compile(r"\s*;\s|,\s(?=(?:mais|et|tandis|alors)\b)"),
        doubts=re.compile(
            # "ferait" and "aurait", not the past of other verbs: "entrait", "durait", "espérait"
            r"\b(?:(?!voud|aime|faud)\w+(?:(?<![utéoabvif])r|(?<=au)r|(?<=tt)r|(?<=cev)r"
            r"|(?<=i)r(?<!\btir)(?<!attir)(?<!retir)(?<!spir)(?<!admir)(?<!désir)(?<!\bvir)"
            r"|(?<=\bdev)r|(?<=\bi)r)ai(?:t|ent)|présumée?s?|supposée?s?|apparemment|vraisemblablement|probablement|peut-être"
            r"|sans doute|semble(?:nt)?)\b"
        ),
        hearsay=re.compile(
            r"\b(?:selon|d'après|si|s'il|dit|disent|affirment?|assurent?|expliquent?|annoncent?"
            r"|estiment?|dénoncent?|accusent?|rapportent?|indiquent?|pensent?|craignent?|aurai(?:t"
            r"|ent)|attendent?|prévoient?|prévoit|attendue?s?|prévue?s?|annoncée?s?|doit|doivent|devra|devront"
            r"|veut|veulent|(?:a|ont) (?:dit|affirmé|assuré"
            r"|expliqué|annoncé|estimé|indiqué|rapporté|prévu))\b|[«?]"
        ),
        told_earlier=re.compile(
            r"\b(?:a|ont|avait|avaient) (?:annoncé|dit|déclaré|affirmé|expliqué|promis|précisé"
            r"|indiqué|assuré|prévenu|confirmé|décidé)\b.{0,80}\bqu|\bsi\b"
        ),
        small=_set_of(
            "dans pour avec sans sous plus moins cette leur leurs elle elles nous vous mais donc"
            " même aussi très tout tous toute toutes être avoir était étaient sont ont sera seront"
            " serait seraient aurait auraient avait avaient après avant depuis pendant entre comme"
            " dont quand encore déjà autre autres deux trois été fait selon vers chez jusqu"
            " pourrait pourraient devrait devraient peut peuvent doit doivent jamais aucun aucune"
            " rien"
        ),
        denials=_set_of("ne n"),
        refusals=re.compile(
            r"\b(?:sans|refus\w*|rejet\w*|interdi\w*|empêch\w*|manqu\w*|seul\w*|peu|guère|contre"
            r"|démen\w*|ferm\w*|suspend\w*|annul\w*|arrêt\w*|supprim\w*|hors|moins|nie|nient|ni|jamais|aucune?)\b"
        ),
    ),
    "de": _Tongue(
        parts=re.compile(r"\s*;\s|,\s(?=(?:und|aber|doch|während|wobei)\b)"),
        doubts=re.compile(
            r"\b(?:möglicherweise|vermutlich|offenbar|mutmaßlich\w*|angeblich\w*|womöglich"
            r"|wahrscheinlich|vielleicht|anscheinend|könnten?|dürften?|scheint|scheinen)\b"
            r"|\bsoll(?:en)?\b.{3,140}\b(?:haben|sein)\b\W*$"
        ),
        hearsay=re.compile(
            r"\b(?:laut|zufolge|angaben|sag(?:t|te|en|ten)|erklär(?:t|te|en|ten)|bericht\w*"
            r"|mein(?:t|te|en|ten)|teilte|meldet\w*|spricht|sprechen|sei|seien|habe|hätten?|wäre\w*"
            r"|würden?|ob|falls|wenn|will|wollen|glaub\w*|vermut\w*|verdacht\w*|erwart\w*|rechnet"
            r"|rechnen|vorgeworfen|wirft|werfen|beschuldigt\w*|behaupte\w*|nennt|nannte|soll|sollen|plan\w*)\b|[„\"?]"
        ),
        told_earlier=_NEVER,
        small=_set_of(
            "eine einen einem einer eines dass sich nach auch noch über unter zwischen seit durch"
            " gegen ohne oder aber wird werden wurde wurden worden sind waren haben hatte hatten"
            " sein seine seinen ihre ihren ihrer diese dieser dieses dieser mehr sehr schon beim"
            " kann können konnte konnten soll sollen muss müssen dort hier dann nicht kein keine"
            " keinen keiner könnte könnten dürfte dürften würde würden damit dabei dafür etwa rund"
        ),
        denials=_set_of("nicht nie niemals kein keine keinen keinem keiner keines"),
        refusals=re.compile(
            r"\b(?:nur|kaum|erst|weder|ohne|ablehn\w*|abgelehnt|lehn\w+|verweiger\w*|verhinder\w*"
            r"|verbot\w*|verbiet\w*|verzicht\w*|stopp\w*|fehl\w*|mangel\w*|weniger|bestreite\w*"
            r"|bestritt\w*|sperr\w*|gesperrt\w*|schließ\w*|geschlossen\w*|entfäll\w*|entfallen|ausfall\w*"
            r"|streich\w*|gestrichen\w*|aus|nicht nur|nein|niemand|nichts|un\w{5,})\b"
        ),
    ),
    "es": _Tongue(
        parts=re.compile(r"\s*;\s|,\s(?=(?:pero|y|mientras|aunque)\b)"),
        doubts=re.compile(
            r"\b(?:(?!querr|deber)\w{2,}(?:rían?)|presunt\w*|supuest\w*|posiblemente|quizás?"
            r"|tal vez|probablemente|al parecer|parecen?)\b"
        ),
        hearsay=re.compile(
            r"\b(?:según|si|dic(?:e|en)|dij(?:o|eron)|afirman?|asegura[n]?|denuncian?|acusan?"
            r"|explican?|sostienen?|creen?|temen?|prevén?|previst[oa]s?|esperan?|quieren?"
            r"|ha(?:n)? (?:dicho|afirmado|asegurado|anunciado|explicado))\b|[«?¿“]"
        ),
        told_earlier=re.compile(
            r"\b(?:dijo|anunció|afirmó|aseguró|explicó|prometió|confirmó|ha anunciado|ha dicho)\b"
            r".{0,80}\bque\b|\bsi\b"
        ),
        small=_set_of(
            "para como pero sobre entre hasta desde cuando donde este esta estos estas unos unas"
            " más menos también había habían habría habrían haber sido está están eran será serán"
            " fueron tras según todo todos toda todas otro otros otra otras nunca ningún ninguna"
            " podría podrían puede pueden debe deben tiene tienen hace años"
        ),
        denials=_set_of("no nunca jamás"),
        refusals=re.compile(
            r"\b(?:sin|rechaz\w*|prohíb\w*|prohib\w*|evit\w*|falt\w*|solo|sólo|contra|tampoco"
            r"|ning\w+|nadie|nada|ni|menos|cerr\w*|cierr\w*|suspend\w*|cancel\w*|nieg\w*|negó|impid\w*|imped\w*)\b"
        ),
    ),
}
_WORD = re.compile(r"[^\W\d_]+|[,:]")
_ORDINAL = re.compile(r"(?<=\d)\.(?= [A-ZÄÖÜ])")


@dataclass(frozen=True, slots=True)
class _Part:
    text: str
    words: tuple[tuple[str, str], ...]  # stem and word, small words with stem ""
    stems: frozenset[str]
    denied: frozenset[str]  # stems
    denials: int
    is_doubtful: bool
    refusals: frozenset[str]  # stems of verbs that say no without a "not"


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherClaim:
    """A text's part and the source's part that it was taken from.

    told and there are the words that differ; both "" where the doubt of the whole part is lost.
    """

    told: str
    there: str
    part: str
    source: str


def lost_doubts(text: str, body: Sequence[str], language: str) -> Iterator[OtherClaim]:
    """Return the parts that state flatly what the running text of the source leaves in doubt."""
    tongue = _TONGUES.get(language)
    if tongue is None:
        return
    there = _parts("\n".join(body), language)
    for part in _parts(text, language) if any(one.is_doubtful for one in there) else ():
        if part.is_doubtful or tongue.hearsay.search(folded(part.text)) is not None:
            continue
        best = max((one for one in there if one.is_doubtful), key=lambda one: _like(part, one))
        plain = max((_like(part, one) for one in there if not one.is_doubtful), default=0)
        shared = _like(part, best)
        fewest = min(FEWEST_SHARED, max(FEWEST_WHOLE, len(part.stems)))
        if shared >= max(fewest, MOST_LIKE * len(part.stems)) and plain < AS_LIKE * shared:
            yield OtherClaim(told="", there="", part=part.text, source=best.text)


def other_denials(text: str, source: str, language: str) -> Iterator[OtherClaim]:
    """Return what a text denies and its source says, and the other way round."""
    if language not in _TONGUES:
        return
    there = _parts(source, language)
    for part in _parts(text, language):
        found = _denied_anew(part, there) or _not_denied(part, there)
        if found is not None:
            yield found


def _denied_anew(part: _Part, there: Sequence[_Part]) -> OtherClaim | None:
    for stem, word in part.words:
        if stem not in part.denied:
            continue
        alike = [one for one in there if _is_beside(part, one, stem)]
        if alike and not any(one.denials or one.refusals - {stem} for one in alike):
            return OtherClaim(told=f"not {word}", there=word, part=part.text, source=alike[0].text)
    return None


def _not_denied(part: _Part, there: Sequence[_Part]) -> OtherClaim | None:
    if part.denials or part.refusals:
        return None
    for stem, word in part.words:
        alike = [one for one in there if stem and _is_beside(part, one, stem)]
        if alike and all(stem in one.denied for one in alike):
            return OtherClaim(told=word, there=f"not {word}", part=part.text, source=alike[0].text)
    return None


def _is_beside(part: _Part, other: _Part, stem: str) -> bool:
    shared = (part.stems & other.stems) - {stem}
    fewest = max(1, min(FEWEST_BESIDE_NOT, len(part.stems) - 1))
    return stem in other.stems and len(shared) >= fewest


def _like(part: _Part, other: _Part) -> int:
    return len(part.stems & other.stems)


@lru_cache(maxsize=128)
def _parts(text: str, language: str) -> tuple[_Part, ...]:
    tongue = _TONGUES[language]
    found: list[_Part] = []
    for line in text.split("\n"):
        # "am 1. Juli" ends no sentence
        bare = _ORDINAL.sub("\u00a0", line) if language == "de" else line
        for start, end in split_sentences(bare):
            sentence = line[start:end]
            is_told_earlier = tongue.told_earlier.search(folded(sentence)) is not None
            found += (
                _part(piece, language, tongue, may_doubt=not is_told_earlier)
                for piece in tongue.parts.split(sentence)
            )
    return tuple(found)


def _part(text: str, language: str, tongue: _Tongue, *, may_doubt: bool) -> _Part:
    plain = folded(text)
    words = tuple(
        (stem_of(word, language) if _tells(word, tongue) else "", word)
        for word in _WORD.findall(plain)
    )
    places = [at for at, (_, word) in enumerate(words) if word in tongue.denials]
    return _Part(
        text=text.strip(),
        words=words,
        stems=frozenset(stem for stem, _ in words if stem),
        denied=frozenset(stem for at in places if (stem := _denied(words, at))),
        denials=len(places),
        is_doubtful=may_doubt and tongue.doubts.search(plain) is not None,
        refusals=frozenset(stem_of(hit[0], language) for hit in tongue.refusals.finditer(plain)),
    )


def _tells(word: str, tongue: _Tongue) -> bool:
    if word in _SHORT:
        return True
    return len(word) >= LEAST_WORD and word not in tongue.small and word not in tongue.denials


def _denied(words: Sequence[tuple[str, str]], at: int) -> str:
    """Return the stem a "not" belongs to: the next with a sense of its own, else the last before.

    "Kein" belongs to the word behind it, whatever that is.
    """
    if words[at][1].startswith("kein"):
        return words[at + 1][0] if at + 1 < len(words) else ""
    clause = takewhile(lambda one: one[1] not in {",", ":"}, words[at + 1 : at + 1 + FARTHEST])
    behind = (stem for stem, _ in clause if stem)
    before = (stem for stem, _ in reversed(words[:at]) if stem)
    return next(behind, "") or next(before, "")
