"""Whether an article may be used as it is, or a person should look at it first."""

import re
from collections.abc import Sequence
from dataclasses import replace

from newsletter.ingest.embargo import UNKNOWN, stated_embargo
from newsletter.ingest.noise import Verdict, noise_share
from newsletter.ingest.safe_text import normal, words_of
from newsletter.model.article import Article, ArticleState, ParagraphKind

FEWEST_BODY_WORDS = 80
MOST_NOISE_SHARE = 0.4
MOST_NOTICE_SHARE = 0.5
NOTICE_WITHIN = 2000  # characters of a paragraph that are looked at

_NOTICE = re.compile(
    r"\b(?:subscribers? only|subscribe (?:now |today )?to (?:read|continue|unlock)"
    r"|to continue reading|already a subscriber|this (?:article|content|story) is for subscribers"
    r"|(?:all )?rights reserved|may not be (?:published|reproduced|republished|copied)"
    r"|republish (?:this|our) (?:article|story|stories)|creative commons"
    r"|under (?:a|the) .{0,30}licen[cs]e)\b"
)


def judged_state(
    article: Article,
    *,
    texts: Sequence[str],
    verdicts: Sequence[Verdict | None],
    reasons: Sequence[str] = (),
) -> Article:
    """Return the article with its state, and in reasons every ground for a look."""
    grounds = list(reasons)
    until = stated_embargo([article.title.value, *(p.text for p in article.paragraphs)])
    if until is not None:
        article = replace(article, embargo=article.embargo or until.isoformat())
        end = (
            "with no end that can be read"
            if until == UNKNOWN
            else f"until {until:%Y-%m-%d %H:%M} UTC"
        )
        grounds.append(f"its text says that it is under embargo, {end}")
    words = body_words(article)
    if words < FEWEST_BODY_WORDS:
        grounds.append(f"its text has only {words} {'word' if words == 1 else 'words'}")
    if noise_share(texts, verdicts) > MOST_NOISE_SHARE:
        grounds.append("noise rules took more than two fifths of its words")
    if _notice_share(article) > MOST_NOTICE_SHARE:
        grounds.append("its text is mostly a licence or subscription notice")
    if not grounds:
        return article
    return replace(article, state=ArticleState.NEEDS_LOOK, reasons=tuple(grounds))


def body_words(article: Article) -> int:
    """Count the words of its running text."""
    return sum(len(words_of(p.text)) for p in article.paragraphs if p.kind is ParagraphKind.BODY)


def _notice_share(article: Article) -> float:
    notice = sum(
        len(words_of(p.text))
        for p in article.paragraphs
        if p.kind is ParagraphKind.BODY and _NOTICE.search(normal(p.text[:NOTICE_WITHIN]))
    )
    return notice / max(1, body_words(article))
