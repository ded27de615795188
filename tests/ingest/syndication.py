"""Copies as papers make them of one agency text, and articles made of plain paragraphs."""

import re
from collections.abc import Sequence

from newsletter.model.article import Article, ArticleParagraph, Metadatum, Origin, ParagraphKind

WORDS_FOR_OTHERS = {
    "said": "told reporters",
    "about": "around",
    "also": "too",
    "however": "but",
    "will": "is going to",
    "near": "close to",
}


def article_of(
    paragraphs: Sequence[str],
    *,
    title: str = "A headline",
    url: str = "https://paper.example/a",
    source: str = "",
    noise: Sequence[str] = (),
    callout: Sequence[str] = (),
) -> Article:
    made = [
        *(ArticleParagraph(text=text, kind=ParagraphKind.BODY) for text in paragraphs),
        *(ArticleParagraph(text=text, kind=ParagraphKind.NOISE) for text in noise),
        *(ArticleParagraph(text=text, kind=ParagraphKind.CALLOUT) for text in callout),
    ]
    return Article(
        key=url,
        url=url,
        source=source,
        title=Metadatum(value=title, origin=Origin.PAGE),
        paragraphs=tuple(made),
    )


def first_part(paragraphs: Sequence[str], share: float) -> list[str]:
    """Cut the end, as an editor with little room does."""
    return list(paragraphs[: max(1, round(len(paragraphs) * share))])


def without_every(paragraphs: Sequence[str], nth: int) -> list[str]:
    """Leave out each nth paragraph."""
    return [text for number, text in enumerate(paragraphs, 1) if number % nth]


def lightly_edited(paragraphs: Sequence[str]) -> list[str]:
    """Swap common words for others, as a house style does."""
    pattern = re.compile(rf"\b({'|'.join(WORDS_FOR_OTHERS)})\b")
    return [pattern.sub(lambda found: WORDS_FOR_OTHERS[found[1]], text) for text in paragraphs]


def with_own_top(paragraphs: Sequence[str], *top: str) -> list[str]:
    """Write the first paragraph anew."""
    return [*top, *paragraphs[1:]]


def run_together(paragraphs: Sequence[str], count: int) -> list[str]:
    """Join paragraphs, as a narrow column is put into a wide one."""
    return [
        " ".join(paragraphs[start : start + count]) for start in range(0, len(paragraphs), count)
    ]
