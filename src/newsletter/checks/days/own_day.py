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
    of_a_day = _OF_A_DAY.match(after) is not None
    if re.match("['\u2019]s ", after) and not of_a_day:
        return False
    named = _NAMED_DAY.search(before)
    if named and (of_a_day or (before != "" and not named["article"])):
        return True  # "the Friday issue"; "the Friday before Christmas" is any Friday
    is_greeted = _ON_DAY.search(before) is not None
    return is_greeted and re.match(r"\s*(?:[.!:\u2014\u2013]|$)", after) is not None
