"""A summary in the source's own sentences: its description where that is fit, else its lead."""

import re

from newsletter.ingest.decoding import normal, words_of
from newsletter.model.article import (
    Article,
    ArticleParagraph,
    Origin,
    ParagraphKind,
    SentenceRef,
    Summary,
)
from newsletter.model.sentences import is_hedged, split_sentences

SENTENCES = 2
FEWEST_SENTENCE_WORDS = 8
MOST_SUMMARY_WORDS = 80  # more is no summary in a card
MOST_DESCRIPTION_SENTENCES = 3
DESCRIPTION_WORDS = range(8, 61)

_PRONOUNS = "he|she|they|it|this|that|these|those|his|her|their|its|we|i|you"
_LEANS_ON = re.compile(rf"(?:{_PRONOUNS}|but|and)\b", re.IGNORECASE)
_DESCRIPTION_LEANS_ON = re.compile(r"(?:he|she|they|it|this|that)\b", re.IGNORECASE)
_TEASER = re.compile(
    r"(?:everything|all|what) you need to know|here(?:[\u2019']?s| is) (?:how|why|what)"
    r"|scroll down|click here|read on (?:to|for)|find out (?:more|how)|sign up (?:to|for)"
    r"|watch (?:the|our) video",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?:^|\s)[#@]\w")
_QUOTE_MARKS = "\"'\u201e\u201c\u201d\u2018\u2019\u00ab\u00bb"
_CLOSED = re.compile(f"[.!?\u3002\uff01\uff1f][{_QUOTE_MARKS})\\]]*$")


def summarise(article: Article) -> Summary:
    """Return an editor's text, else a fit description, else the first fit sentences, else none."""
    description = article.description.value if article.description else ""
    if article.description and article.description.origin is Origin.EDITOR and description:
        return Summary(text=description, method="editor")
    if is_fit_description(description, article):
        places = _places(description, article)
        text = _text_at(places, article) if places else description
        return Summary(text=text, method="description", sentences=places)
    lead = _lead(article.paragraphs)
    method = "lead" if lead else "none"
    return Summary(text=_text_at(lead, article), method=method, sentences=lead)


def is_fit_description(description: str, article: Article) -> bool:
    """Whether a description may stand as the summary: its form, and that it drops no hedge."""
    return (
        len(words_of(description)) in DESCRIPTION_WORDS
        and description.endswith((".", "!", "\u201d", '"'))
        and not description.endswith("..")
        and "\u2026" not in description
        and "..." not in description
        and "?" not in description
        and not _HANDLE.search(description)
        and not _DESCRIPTION_LEANS_ON.match(description)
        and not _TEASER.search(description)
        and len(split_sentences(description)) <= MOST_DESCRIPTION_SENTENCES
        and normal(description).rstrip(".!") != normal(article.title.value).rstrip(".!")
        and (is_hedged(description) or not is_hedged(_first_body(article)))
    )


def is_fit_sentence(sentence: str) -> bool:
    """Return whether a sentence of the body can stand alone in a summary."""
    return (
        len(words_of(sentence)) >= FEWEST_SENTENCE_WORDS
        and _CLOSED.search(sentence) is not None
        and not sentence.rstrip(_QUOTE_MARKS + ")]").endswith(("?", "\uff1f"))
        and sentence[0] not in _QUOTE_MARKS
        and not _LEANS_ON.match(sentence)
        and not _TEASER.search(sentence)
    )


def _lead(paragraphs: tuple[ArticleParagraph, ...]) -> tuple[SentenceRef, ...]:
    chosen: list[SentenceRef] = []
    length = 0
    for index, paragraph in enumerate(paragraphs):
        if paragraph.kind is not ParagraphKind.BODY:
            continue
        for start, end in split_sentences(paragraph.text):
            sentence = paragraph.text[start:end]
            if not is_fit_sentence(sentence):
                continue
            length += len(words_of(sentence))
            if chosen and length > MOST_SUMMARY_WORDS:
                return tuple(chosen)
            chosen.append(SentenceRef(paragraph=index, start=start, end=end))
            if len(chosen) == SENTENCES:
                return tuple(chosen)
    return tuple(chosen)


def _text_at(places: tuple[SentenceRef, ...], article: Article) -> str:
    return " ".join(article.paragraphs[at.paragraph].text[at.start : at.end] for at in places)


def _first_body(article: Article) -> str:
    return next((p.text for p in article.paragraphs if p.kind is ParagraphKind.BODY), "")


def _places(description: str, article: Article) -> tuple[SentenceRef, ...]:
    for index, paragraph in enumerate(article.paragraphs):
        if paragraph.text == description:
            return tuple(
                SentenceRef(paragraph=index, start=start, end=end)
                for start, end in split_sentences(paragraph.text)
            )
    return ()
