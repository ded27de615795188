"""Whether a page takes its article back: it says so, or the article is not there any more; pure."""

import re

from newsletter.ingest.safe_text import normal
from newsletter.model.article import Article, ParagraphKind

SHRUNK = 0.3  # of the words that it had: what is left is a notice, not the article
FEWEST_WORDS = 80  # of the text before, for that to mean something
MOST_NOTICE_CHARS = 500
_SHOWN_CHARS = 200

_NOTICE = re.compile(
    r"\b(?:this|the) (?:article|story|report|page|item|piece)"
    r" (?:has been|was|is being|is) (?:\w+ )?(?:withdrawn|retracted|removed|taken down|deleted)\b"
    r"|\b(?:article|story) (?:withdrawn|retracted|removed)\b|^(?:retracted|withdrawn)\s*:",
    re.IGNORECASE,
)


def withdrawal_notice(before: Article | None, now: Article) -> str:
    """Return the sentence that tells of a notice which the page did not carry before, else ""."""
    said = [now.title.value, *(p.text for p in now.paragraphs if p.kind is not ParagraphKind.NOISE)]
    short = (text for text in said if len(text) < MOST_NOTICE_CHARS)
    notice = next((text for text in short if _NOTICE.search(text)), "")
    if not notice or _says(before, notice):
        return ""
    return f"the page says: \u201c{notice[:_SHOWN_CHARS]}\u201d"


def withdrawal_of(before: Article | None, now: Article) -> str:
    """Return what tells that an article was withdrawn, by words or by their absence; else ""."""
    notice = withdrawal_notice(before, now)
    earlier = _words(before)
    if not notice and earlier >= FEWEST_WORDS and _words(now) < SHRUNK * earlier:
        return f"of the {earlier} words that the article had, {_words(now)} are left"
    return notice


def _says(article: Article | None, text: str) -> bool:
    return article is not None and any(normal(p.text) == normal(text) for p in article.paragraphs)


def _words(article: Article | None) -> int:
    if article is None:
        return 0
    return sum(len(p.text.split()) for p in article.paragraphs if p.kind is ParagraphKind.BODY)
