"""Days whose verb is of another time: "broke down tomorrow", "will speak yesterday"; pure."""

import re
from collections.abc import Iterator

from newsletter.checks.written import Field, Written

_PROSE = frozenset({Field.SUMMARY, Field.BRIEF, Field.TEXT, Field.EDITOR, Field.HEADLINE})
_WENT = (
    r"(?:broke|went|came|met|won|lost|died|began|fell|rose|left|took place|said|spoke|told|drew|ran"
    r"|became|flew|sank|struck|grew|voted|agreed|arrived|happened|collapsed|ended|started|opened"
    r"|closed|resigned|appeared|gathered|crashed|walked|marched|travelled|landed|escaped|recovered"
    r"|announced|(?:was|were) (?:\w+ed|found|shot|hit|held|born|seen|told|sent|killed|taken|cut)"
    r"|had)"
)
# No verb of planning among them: "planned for tomorrow", "to be published tomorrow".
_PAST_TOMORROW = re.compile(
    rf"\b{_WENT}(?: (?:down|up|out|off|in|on|back|away|here|there|again|together|over))?"
    r" (?:tomorrow|next (?:week|month|monday|tuesday|wednesday|thursday|friday|saturday|sunday))\b"
    r"(?!['\u2019])"
)
_WILL = re.compile(
    r"\b(?:will|shall|is going to|are going to)(?: not)? (?!have\b)(?:[a-z]+ ){1,5}?"
    r"(?:yesterday|last night)\b(?!['\u2019])"
)
# "pay for the deal agreed yesterday", "longer than yesterday"
_BETWEEN = re.compile(
    r"\b(?:\w+(?:ed|en)|made|held|won|found|sent|born|lost|than|as|like|since|from|of|that|who"
    r"|which"
    r"|after|what|when|where|was|were|did|had|said|took|began|left|until|for)\b"
)
_BEFORE_PAST = re.compile(
    r"\b(?:will|would|could|should|may|might|must|to|be|being|if|is|are|before|not yet|scheduled"
    r"|due|expected|planned|results?|details?|plans?)\b[\w ]{0,20}$"
)


# At the beginning of a sentence, with its subject in between: "Yesterday we will publish".
_SUBJECT = r",? (?:we|they|he|she|it|i|you|(?:the|a|our|its|their) \w{2,20}(?: \w{2,20})?)"
_AT_START = {
    "en": rf"(?:yesterday{_SUBJECT} will (?!have\b)|tomorrow{_SUBJECT} {_WENT}\b"
    rf"|last (?:week|month|year){_SUBJECT} will (?!have\b)"
    rf"|next (?:week|month|year){_SUBJECT} {_WENT}\b)",
    "fr": r"(?:hier,? [^.,;:]{2,40}\b(?:sera|seront|aura|auront|va|vont)\b"
    r"|demain,? [^.,;:]{2,40}\b(?:était|étaient|a été|ont été|fut|furent)\b)",
    "de": r"(?:gestern (?:wird|werden)\b|morgen (?:war|waren|wurde|wurden|hatte|hatten)\b)",
    "es": r"(?:ayer,? [^.,;:]{2,40}\b(?:será|serán|tendrá|tendrán|habrá|va a|van a)\b"
    r"|mañana,? [^.,;:]{2,30}\b(?:fue|fueron|estuvo|hubo)\b)",
    "cy": r"(?:ddoe,? (?:bydd|mae)\b|yfory,? (?:roedd|bu|cafodd|aeth|daeth)\b)",
    "ar": r"(?:(?:يوم )?أمس،? (?:سوف|ست|سي)\w|غدا،? (?:كان|كانت|تم|وقع)\b)",
}
_STARTS = {
    language: re.compile(rf"(?:^|[.!?\u061f] ){words}", re.IGNORECASE | re.MULTILINE)
    for language, words in _AT_START.items()
}


def wrong_tenses(one: Written, language: str) -> Iterator[tuple[int, str]]:
    """Return place and words of each day that its verb does not fit.

    Within a sentence only English is looked at.
    """
    starts = _STARTS.get(language)
    if starts is None or one.field not in _PROSE:
        return
    if hit := starts.search(one.text):
        words = hit[0].lstrip(".!?\u061f ")
        yield hit.end() - len(words), words
    if language == "en":
        yield from _in_english(one)


def _in_english(one: Written) -> Iterator[tuple[int, str]]:
    text = one.text.lower()
    for hit in _PAST_TOMORROW.finditer(text):
        if not _BEFORE_PAST.search(text[: hit.start()]):
            yield hit.start(), one.text[hit.start() : hit.end()]
    for hit in _WILL.finditer(text):
        if not _BETWEEN.search(hit[0].partition(" ")[2]):
            yield hit.start(), one.text[hit.start() : hit.end()]
