"""The part of S13 that finds what is announced for a day that is past: deadlines and events; pure.

"Apply by 10 November" and "it will be unveiled on Sunday 22 November" are wrong in an issue of the
29th. Only a date without a year, not long before the issue, is looked at.
"""

import re
from collections.abc import Iterator
from datetime import date
from itertools import islice

from newsletter.checks.days.day_names import DayNames
from newsletter.checks.written import Field, Written
from newsletter.model.sentences import split_sentences

MOST_PAST = 75  # days; a date further back is more likely one of the coming year
MOST_IN_FIELD = 50

_AHEAD = re.compile(
    r"\b(?:will(?! (?:be \w+ed|have) since)|is (?:due|set|to)|are (?:due|set|to)|is going to|are"
    r" going to"
    r"|closes?|deadline|apply|applications?|enter by|entries|register|book by|tickets? (?:are"
    r" )?on sale"
    r"|sign up|until|by|before|opens|begins|starts|takes place|join us|come along|returns)\b"
    r"|\b(?:sera|seront|aura lieu|auront lieu|jusqu'au|avant le|rendez-vous|ouvrira|commencera"
    r"|fermera)\b"
    r"|\b(?:wird|werden|bis zum|bis|findet|beginnt|öffnet|endet)\b"
    r"|\b(?:será|serán|hasta el|tendrá lugar|abrirá|comenzará|cerrará|se celebrará|antes del)\b"
    r"|\b(?:bydd|tan|cyn|hyd at)\b|(?:سوف|حتى|قبل|ست\\w{3,})",
    re.IGNORECASE,
)
# The words right before the date say whether it is one of those.
_UP_TO = re.compile(
    r"\b(?:until|till|by|before|closes? (?:on)?|deadline (?:is|of)?|jusqu'au|avant le|d'ici au"
    r"|bis zum|bis"
    r"|hasta el|antes del|tan|cyn)(?: (?:the|noon|midnight|midday|\w{1,5} on|le|den|el))?,? ?$",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"\b(?:was|were|had|did|ran|closed|opened|died|said|told|since|after|from|between|lasted"
    r"|stayed|ended"
    r"|began|started|happened|took|went|came|held|been|ago|last|était|étaient|avait|depuis|war"
    r"|waren|hatte"
    r"|hatten|wurde|wurden|seit|fue|fueron|había|desde|roedd|oedd|bu|ers|كان|كانت|منذ)\b",
    re.IGNORECASE,
)
_FUTURE = re.compile(
    r"\b(?:will|is due|are due|is set|are set|is to|are to|sera|seront|aura lieu|ouvrira|wird"
    r"|werden"
    r"|será|serán|tendrá|abrirá|bydd|going to)\b|'ll\b|\u2019ll\b"
    # French and Spanish make the future by an ending; names in -ra have a capital
    r"|(?-i:\b[a-zà-ÿ]{2,12}(?:[eiu]ra|[nou]dra|vra|ttra|îtra|eront|iront|[nou]dront|vront"
    r"|ttront))\b"
    r"|(?-i:\b[a-zà-ÿ]{2,12}(?:[aei]rá|[aei]rán|drán?))\b",
    re.IGNORECASE,
)
_PRESENT = re.compile(
    r"\b(?:returns?|opens|begins|starts|closes|meets?|takes? place|goes|go to the polls|resumes?"
    r"|arrives"
    r"|launches|kicks? off|is on|are on|is open|comes back|findet|beginnt|öffnet|a lieu|ouvre"
    r"|commence"
    r"|empieza|abre|comienza|is|are|can|may|must|should)\b",
    re.IGNORECASE,
)
_CALLS = re.compile(
    r"\b(?:apply|book|register|enter|sign up|send|write|vote|entries|applications?|deadline"
    r"|inscri\w+"
    r"|candidatures?|anmelde\w*|bewerb\w+|inscrip\w+|ymgeis\w+)\b",
    re.IGNORECASE,
)
# "is closed until": what stands until a day that is past, whatever participle it has.
_STANDS = re.compile(
    r"\b(?:is|are|remains?|stays?|runs?|continues?|lasts?|can|may|must|will|has to|have to|reste"
    r"|restent"
    r"|est|sont|ist|sind|bleibt|bleiben|läuft|está|están|sigue|siguen|mae)\b",
    re.IGNORECASE,
)
_WAS = re.compile(
    r"\b(?:was|were|had|did|ran|lasted|stayed|ended|ago|said|told|since|was|waren|war|hatte|wurde"
    r"|wurden"
    r"|était|étaient|avait|fue|fueron|había|estuvo)\b",
    re.IGNORECASE,
)
_FIELDS = frozenset(
    {Field.SUMMARY, Field.BRIEF, Field.TEXT, Field.EDITOR, Field.HEADLINE, Field.PREHEADER}
)


def past_deadlines(one: Written, names: DayNames, sent: date) -> Iterator[tuple[int, str, date]]:
    """Return place, words and day of each date that is past where one to come is meant."""
    if one.field not in _FIELDS:
        return
    spans = split_sentences(one.text)
    for named in islice(names.dates_in(one.text), MOST_IN_FIELD):
        day = named.nearest(sent) if named.year is None else None
        if day is None or not 0 < (sent - day).days <= MOST_PAST:
            continue
        start, end = next(((a, b) for a, b in spans if a <= named.start < b), (0, len(one.text)))
        before = one.text[start : named.start]
        whole = one.text[start:end]
        up_to = _UP_TO.search(before) and (_CALLS.search(whole) or not _BEHIND.search(whole))
        clause = re.split(
            r"[,;:\u2013\u2014]| (?:and|but|who|which|that|after|when|where) ", before
        )[-1]
        ahead = (_FUTURE.search(clause) or _PRESENT.search(clause)) and not _BEHIND.search(clause)
        stands = _UP_TO.search(before) and _STANDS.search(before) and not _WAS.search(whole)
        if (up_to and _AHEAD.search(whole)) or ahead or stands:
            yield named.start, named.text, day
