"""The words by which English text marks what it says as somebody's report or claim."""

import re

_CLAIMED_OTHERWISE = (  # "claimed twelve lives", "claim for damages", "insurance claims"
    r"(?!(?:ed|s)?\s+(?:[\w-]+\s+){0,3}(?:lives|life|victory|responsibility|benefits?|asylum"
    r"|damages|compensation|credit)\b)"
)

# Adverbs: what stands in their own clause is hedged.
ADVERB = re.compile(
    r"\b(?:reportedly|allegedly|supposedly|purportedly|apparently|unconfirmed|rumou?red)\b",
    re.IGNORECASE,
)
# Verbs and phrases that govern a whole sentence: "X claimed that …", "…, according to X".
GOVERNING = re.compile(
    r"\b(?:reports? (?:say|suggest|claim)|reports? of|report(?:s|ed)?(?: [\w-]+){0,6} that|claim"
    + _CLAIMED_OTHERWISE
    + r"(?:s|ed|ing)?|alleged|alleges?|allegations?|according to|suspected"
    r"|said to(?! (?:reporters|journalists|me|him|her|them|us)\b)"
    r"|(?:assum|believ|suspect|presum)(?:e|es|s|ed) (?:that|the|it|he|she|they|there)"
    r"|accus(?:ed|es|ing)|believed to|understood to|thought to|reported to(?! police))\b",
    re.IGNORECASE,
)
# What sounds like hearsay and is none: those whose business it is to know have said so, or a doctor
# or officer has put it carefully, as they always do.
SOFTENED = re.compile(
    r"\baccording to (?:(?:its|the|a|an|new|latest|official|provisional|preliminary|early|first"
    r"|results?|of|city's|council's|company's|government's|annual|first trial|published|figures?"
    r"|data|[A-Z][\w'-]+) ){0,8}?(?:figures|data|statistics|results?|study|studies|report|survey"
    r"|census|accounts|records|documents|analysis|research|review|trial|department|ministry|office|organi[sz]ation"
    r"|bureau|agency|institute|library|law|rules|schedule|timetable|website)\b"
    r"|\bnot (?:thought|believed|understood) to be\b"
    # what a hospital says of those in its care
    r"|\bconditions? (?:was|is|were|are) (?:said|described|understood) (?:to be|as)\b"
    # what would have been, had something else been so, leaves nothing open
    r"|\b(?:may|might) have [\w ]{1,60}? if\b(?=[^.;]*\bhad\b)"
    # of insurers and lawyers, and no claim that something is so
    r"|\b(?:waiv|settl|drop|pursu|prepar|fil|lodg|withdr[ae]w|pay|paid)\w* (?:[\w-]+ ){0,2}"
    r"claims?\b(?! that\b)",
    re.IGNORECASE,
)
# What may have been so, or was likely; "could have been worse" tells of what was not.
_LEFT_OPEN = re.compile(
    r"\b(?:(?-i:may|might) (?:also |well |then )?have|could (?:also |well )?have been caused"
    r"|(?:may|might|could) (?:also |well )?be (?:responsible|to blame|linked|behind)"
    r"|possibly|presumably|perhaps|feared to|thought likely)\b",
    re.IGNORECASE,
)
# What a summary may say to the same end.
_ATTRIBUTED = re.compile(
    r"\b(?:sa(?:y|ys|id|ying)|told|tells?|reports?|reported|reporting|believes?|suggest(?:s|ed)?"
    r"|warn(?:s|ed|ing)?|insist(?:s|ed)?|argu(?:es|ed)|deni(?:es|ed)|den(?:y|ying)|reject(?:s|ed)?"
    r"|(?-i:may)|might|could|appears?|seems?|estimated?|estimates|if|whether|possibly|presumably|perhaps|probably|feared|likely|suspicions?|accusations?|unproven"
    r"|in the words of|(?:mis)?taken for|passed (?:as|for)"
    r"|(?:sold|billed|touted|marketed|promoted|hailed|pitched) (?:as|for)"
    r"|in a (?:[\w-]+ ){0,2}(?:trial|study|experiment|survey|poll))\b",
    re.IGNORECASE,
)


def is_hedged(text: str) -> bool:
    """Return whether the text marks what it says as somebody's report or claim."""
    return ADVERB.search(text) is not None or GOVERNING.search(text) is not None


def is_attributed(text: str) -> bool:
    """Return whether the text hedges, says who says so, or leaves open whether it is so."""
    return is_hedged(text) or _ATTRIBUTED.search(text) is not None


def is_left_open(text: str) -> bool:
    """Return whether the text says only that something may have been so."""
    return _LEFT_OPEN.search(text) is not None
