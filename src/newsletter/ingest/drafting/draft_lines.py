"""The one-line texts of a draft: subject, preheader, byline; each cut at a word."""

import re
from collections.abc import Sequence

from newsletter.config.draft_words import DraftWords
from newsletter.ingest.identity import site_host
from newsletter.ingest.judging import body_words
from newsletter.model.article import Article
from newsletter.model.sentences import split_sentences

MOST_SUBJECT = 60
FEWEST_PREHEADER, MOST_PREHEADER = 40, 90
MOST_CREDIT = 80
WORDS_A_MINUTE = 230

# A line that ends in one of these reads as cut off.
_DANGLING = re.compile(
    r"\s+(?:a|an|the|and|or|but|of|in|on|at|to|by|for|from|with|as|that|than|its|his|her|their|is|are"
    r"|was|were|be|has|have|had|will|would|who|which|into|over|after|before|between|[-\u2013\u2014|])$",
    re.IGNORECASE,
)
_LOOSE_END = " ,;:-\u2013\u2014\u00b7|("
_BETWEEN = " \u00b7 "


def subject_of(headline: str) -> str:
    """Return the headline up to its first question mark or sentence end, at most 60 characters."""
    plain = _without_slot_marks(headline)
    sentences = split_sentences(plain)
    first = plain[slice(*sentences[0])] if sentences else plain
    question = first.find("?")
    if question >= 0:
        first = first[: question + 1]
    if first.endswith(".") and not first.endswith("..") and "." not in first[:-1]:
        first = first[:-1]
    return cut_at_word(first, MOST_SUBJECT)


def preheader_of(headlines: Sequence[str], lead_summary: str) -> str:
    """Return the next headlines, else the lead's summary: 40 to 90 characters where they suffice.

    Whole headlines go in while they fit; where these are too few characters, the summary follows.
    """
    headlines = [_without_slot_marks(headline) for headline in headlines]
    lead_summary = _without_slot_marks(lead_summary)
    line = ""
    for headline in headlines:
        longer = f"{line}{_BETWEEN}{headline}" if line else headline
        if len(longer) > MOST_PREHEADER:
            break
        line = longer
    if len(line) >= FEWEST_PREHEADER:
        return line
    rest = [*headlines, lead_summary] if not line else [line, lead_summary]
    if not line and headlines:
        return cut_at_word(headlines[0], MOST_PREHEADER, least=FEWEST_PREHEADER)
    return cut_at_word(
        _BETWEEN.join(text for text in rest if text), MOST_PREHEADER, least=FEWEST_PREHEADER
    )


def byline_of(article: Article, words: DraftWords) -> str:
    """Return "By AUTHOR · SITE · N min read" of what is known; the site may be the link's host."""
    minutes = max(1, -(-body_words(article) // WORDS_A_MINUTE))
    author = article.author.value if article.author else ""
    site = article.site.value if article.site else site_host(article.url)
    parts = (
        words.author.format(author=author) if author else "",
        site,
        words.minutes.format(minutes=minutes),
    )
    return _BETWEEN.join(part for part in parts if part)


def with_credit(byline: str, credit: str, words: DraftWords) -> str:
    """Return the byline with who made the picture, where the source says so."""
    made_by = credit.strip()[:MOST_CREDIT]
    return _BETWEEN.join(
        part for part in (byline, words.picture.format(credit=made_by) if made_by else "") if part
    )


def cut_at_word(text: str, most: int, *, least: int = 0) -> str:
    """Return at most that many characters, whole words, without a dangling last one.

    A single word longer than that is cut inside. Dangling words go only down to least characters.
    """
    if len(text) <= most:
        return text
    head = text[: most + 1].rpartition(" ")[0] or text[:most]
    line = head.rstrip(_LOOSE_END) or head
    while (found := _DANGLING.search(line)) and found.start() >= max(least, 1):
        line = line[: found.start()].rstrip(_LOOSE_END)
    return line


def _without_slot_marks(text: str) -> str:
    """Set ``[[`` apart: front matter has no way to say that it is no slot of ours."""
    return re.sub(r"\[(?=\[)", "[ ", text)
