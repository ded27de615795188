"""Whether a weekday in the head of an issue is meant as the issue's own; pure."""

import re

_NAMED_DAY = re.compile(
    r"(?:\b(?:happy|it['\u2019]s|it is|today is|your|here is|here\u2019s|here's|this is|welcome"
    r" to|you(?:['\u2019]re| are) reading|bon|nous sommes|schönen|heute ist|feliz"
    r"|hoy es|mae hi'n|mae'n) (?:le |(?P<article>the |our |this |another ))?|^)$",
    re.IGNORECASE,
)
_ON_DAY = re.compile(
    r"^(?:hello|hi|hey|good (?:morning|afternoon|evening|day)|greetings|welcome|morning|dear)\b"
    r"[^.!?]{0,70}\b(?:on|for|this) (?:this |a |another )?(?:[a-z]{3,12} )?$",
    re.IGNORECASE,
)
# "the news of this Thursday": what an issue is, and a word between; in six languages
_NEWS_OF = re.compile(
    r"\b(?:(?:news|headlines|briefing|edition|round-?up|digest|newsletter|bulletin|papers?|issue)"
    r"(?: [a-z]{2,12}){0,3} (?:of|on|for|this|of this|for this)"
    r"|(?:nouvelles|actualités?|actus?|infos?|informations|essentiel|sélection|édition|lettre"
    r"|titres"
    r"|newsletter|journal|revue|sommaire|briefing)"
    r"(?: \w{2,12}){0,2} (?:de|du|de ce|pour|pour ce|en ce|ce)"
    r"|(?:nachrichten|themen|meldungen|überblick|ausgabe|newsletter|briefing|auswahl"
    r"|wichtigste[ns]?|neuigkeiten|schlagzeilen|brief|morgenpost)"
    r"(?: \w{2,12}){0,3} (?:am|für|vom|zum|für den|am heutigen|an diesem|von diesem|des)"
    r"|(?:noticias|titulares|selección|edición|boletín|resumen|actualidad|claves|carta"
    r"|historias)(?: \w{2,12}){0,2} (?:de|del|de este|para el|para este|en este|este|de hoy,?)"
    r"|(?:newyddion|penawdau|straeon|rh?ifyn|[cg]ylchlythyr|detholiad|crynodeb|bwletin|stori)"
    r"(?: \w{2,12}){0,2}(?: ar gyfer| ar| o| y| bore| heddiw,?)?"
    r"|(?:أخبار|الأخبار|نشرة|عناوين|العناوين|عدد|موجز|مختارات|رسالة|قصص|مقالات)"
    r"(?: \w{2,12}){0,2} (?:يوم|ليوم|هذا|لهذا|في يوم)) $",
    re.IGNORECASE,
)
_GREETED_ON = re.compile(
    r"(?:^|[.!?] )(?:bonjour|bonsoir|salut|chère?s? \w+|guten (?:morgen|tag|abend)|moin|hallo"
    r"|servus|liebe"
    r"|buenos días|buenas(?: tardes)?|hola|bore da|prynhawn da|noswaith dda|shwmae|helo|صباح"
    r"|مساء|مرحبا|أهلا)[^.!?]{0,70}\b(?:ce|en ce|le|bon|am|zum|an diesem|diesen|einen schönen"
    r"|en este|este|feliz|ar|y|ar y|يوم|هذا|في هذا|في يوم) $",
    re.IGNORECASE,
)
_IT_IS = re.compile(
    r"(?:^|[.!?\u061f] )(?:on est|c'est|c\u2019est|et c'est|nous voilà|nous voici|es ist"
    r"|wir haben|und es ist|es|ya es|por fin es|hoy,? es|estamos a|mae hi'n|mae'n|dyna hi'n"
    r"|اليوم هو|اليوم|إنه|إنه يوم|نحن في يوم|نحن اليوم) $",
    re.IGNORECASE,
)
# "Here is what the town is talking about this": what an issue does on its day
_TELLS_ON = re.compile(
    r"(?:^|[.!?\u061f:,\u2013\u2014-] )(?:and |so |et |und )?(?:"
    r"(?:here(?:['\u2019]s| is| are)|these are|(?:to)?day[,:]?) [^.!?]{0,80}?"
    r"\b(?:talking about|matters?|to know|know|reading|worth your time|worth reading|to read"
    r"|made the news|making the news|in the news|on our minds|(?:we have|we['\u2019]ve) got"
    r"|for you|catch up on|picked|chosen|got for you|on the page|stories|reads|news|headlines)"
    r" (?:on )?(?:this )"
    r"|(?:das|dies|hier|was|darüber) (?:ist|sind|wird|bewegt|lesen sie|spricht|sprechen|müssen"
    r" sie|sollten sie|steht)\b[^.!?]{0,60}?(?:an diesem|am heutigen|diesen|zum|für diesen) "
    r"|(?:voici|voilà|ce qu['\u2019]il (?:faut|fallait)|à (?:lire|retenir|savoir)|au (?:menu"
    r"|programme|sommaire)|l['\u2019]essentiel|tout ce)\b[^.!?]{0,80}?\b(?:en )?ce "
    r"|(?:esto es|estas son|aquí (?:tienes|tiene|están|está)|lo que|así)\b[^.!?]{0,80}?"
    r"(?:de )?este "
    r"|(?:dyma|dyna)\b[^.!?]{0,80}?(?:ar gyfer|y|ar) )$",
    re.IGNORECASE,
)
# Nor do these: what is on, what to do or what is voted on may be on a later day.
_IS_ON = re.compile(
    r"\b(?:to do|happens?|opens?|vote[sd]?|begins?|starts?|closes?|faire|passe|ouvre|commence"
    r"|sortir|unternehmen|passiert|beginnt|öffnet|hacer|ocurre|abre|empieza|wneud)\b",
    re.IGNORECASE,
)
_CLOSED = re.compile(r"\s*(?:[.!:,\u060c\u2014\u2013]|$)| et | und | y | a | ac | و")
_OF_A_DAY = re.compile(
    r"(?:['\u2019]s)? (?:briefing|edition|selection|picks?|stories|edit|list|look|recap"
    r"|wrap(?:-up)?"
    r"|issue|letter|dispatch|menu|crop|post|news|summary|catch-?up|choice|best|paper|post|update"
    r"|reads?|digest|newsletter|round-?up|headlines|papers"
    r"|mail|bulletin)\b|[.:!](?=\s|$)|, and\b|[ ](?:morning|afternoon|evening|lunchtime"
    r"|night)(?=[,.:!\u2014\u2013]|"
    r" [\u2014\u2013-])",
    re.IGNORECASE,
)


def names_own_day(before: str, after: str) -> bool:
    """Whether the weekday between two texts is the issue's: "Happy Friday", "your Monday briefing".

    A number behind it makes it a date, which is looked at as one; "Friday's vote" is of that day.
    """
    if re.match(r"[ ,]{1,2}(?:the )?\d", after):
        return False
    is_closed = _CLOSED.match(after) is not None
    if re.match(r" (?:hapus|da)\b", after) and re.search(r"(?:^|[.!?] )$", before):
        return True
    if is_closed and _stands_for_today(before):
        return True
    of_a_day = _OF_A_DAY.match(after) is not None
    if re.match("['\u2019]s ", after) and not of_a_day:
        return False
    named = _NAMED_DAY.search(before)
    if named and (of_a_day or (before != "" and not named["article"])):
        return True  # "the Friday issue"; "the Friday before Christmas" is any Friday
    is_greeted = _ON_DAY.search(before) is not None
    return is_greeted and re.match(r"\s*(?:[.!:\u2014\u2013]|$)", after) is not None


def _stands_for_today(before: str) -> bool:
    """Whether words before a day that ends its clause are those of an issue about its own day."""
    if any(one.search(before) for one in (_NEWS_OF, _GREETED_ON, _IT_IS)):
        return True
    told = _TELLS_ON.search(before)
    return told is not None and _IS_ON.search(told[0]) is None
