"""How well articles are told from the pages around them, on pages whose article is known."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean

import pytest
from ingest.labelled_pages import WITHOUT_STRUCTURE, LabelledPage, labelled_pages

from newsletter.ingest.children import PageReader
from newsletter.ingest.decoding import normal
from newsletter.ingest.html_page import article_from_html
from newsletter.model.article import Article, ArticleState, ParagraphKind

TEXT = {ParagraphKind.BODY, ParagraphKind.SUBHEADING}
LEAST_MEAN = 0.92
LEAST_SILENT = 0.6


@dataclass(frozen=True)
class Read:
    page: LabelledPage
    article: Article

    @property
    def kept(self) -> list[str]:
        """The paragraphs that are text; the standfirst is the page's, and no part of the body."""
        told = normal(self.page.news.standfirst)
        texts = [p.text for p in self.article.paragraphs if p.kind in TEXT]
        return [text for text in texts if normal(text).rstrip(".") != told]

    @property
    def f1(self) -> float:
        """The F1 of its words against those of the article."""
        return token_f1(self.kept, [text for _, text in self.page.news.blocks])


def token_f1(found: Sequence[str], wanted: Sequence[str]) -> float:
    one, other = (Counter(re.findall(r"\w+", normal(" ".join(t)))) for t in (found, wanted))
    return 2 * (one & other).total() / max(1, one.total() + other.total())


@pytest.fixture(scope="module")
def readings(reader: PageReader) -> list[Read]:
    return [Read(page, read(page, reader)) for page in labelled_pages()]


def read(page: LabelledPage, reader: PageReader) -> Article:
    return article_from_html(
        page.raw,
        url="https://observer.example/news/x",
        source="",
        callouts=[],
        noise=[],
        reader=reader,
    )


def test_the_texts_of_forty_pages_are_found(readings: list[Read]) -> None:
    assert len(readings) == 40
    assert mean(found.f1 for found in readings) >= LEAST_MEAN
    by_layout: dict[str, list[float]] = {}
    for found in readings:
        by_layout.setdefault(found.page.layout, []).append(found.f1)
    assert min(map(mean, by_layout.values())) >= LEAST_MEAN, by_layout


def test_no_page_is_misread_in_silence(readings: list[Read]) -> None:
    silent = [r for r in readings if r.article.state is ArticleState.OK and r.f1 < LEAST_SILENT]
    assert [found.page.name for found in silent] == []


def test_no_planted_noise_is_kept_as_text(readings: list[Read]) -> None:
    kept = [
        (found.page.name, line)
        for found in readings
        for line in found.page.noise
        if any(normal(line) in normal(text) for text in found.kept)
    ]
    assert [name for name, _ in kept if name.split(" ")[0] not in WITHOUT_STRUCTURE] == []
    assert len(kept) <= 1, kept


def test_no_paragraph_of_an_article_is_taken_for_noise(readings: list[Read]) -> None:
    lost = [
        (found.page.name, paragraph.rule, paragraph.text)
        for found in readings
        for paragraph in found.article.paragraphs
        if paragraph.kind is ParagraphKind.NOISE
        and normal(paragraph.text) in {normal(text) for _, text in found.page.news.blocks}
    ]
    assert lost == []
