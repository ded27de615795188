import pytest

from newsletter.ingest.standing import withdrawal_notice, withdrawal_of
from newsletter.model.article import Article, ArticleParagraph, Metadatum, Origin, ParagraphKind

TEXT = " ".join(f"Sentence number {number} tells of the harbour." for number in range(20))


def article(*texts: str, title: str = "Best chip shop named") -> Article:
    paragraphs = tuple(ArticleParagraph(text=text, kind=ParagraphKind.BODY) for text in texts)
    return Article(
        key="https://paper.example/1",
        url="https://paper.example/1",
        source="paper",
        title=Metadatum(value=title, origin=Origin.PAGE),
        paragraphs=paragraphs,
    )


@pytest.mark.parametrize(
    "text",
    [
        "This article has been withdrawn.",
        "The story was retracted by its author on Monday.",
        "This page has been permanently removed.",
        "Retracted: see the note of 3 March",
    ],
)
def test_a_notice_is_told_unless_the_page_carried_it_before(text: str) -> None:
    notice = f"the page says: \u201c{text}\u201d"
    assert withdrawal_notice(article(TEXT), article(text)) == notice
    assert withdrawal_of(None, article(text)) == notice
    assert withdrawal_notice(article(TEXT, text), article(TEXT, text)) == ""
    assert withdrawal_notice(article(TEXT), article(TEXT, title=text)) == notice


def test_a_report_about_a_withdrawal_is_no_notice() -> None:
    for text in (
        "The council withdrew its plan for the bridge.",
        "The minister said that the offer has been withdrawn.",
        f"This article has been withdrawn, some said. {TEXT}",
    ):
        assert withdrawal_of(article(TEXT), article(TEXT, text)) == ""


def test_a_page_that_lost_most_of_its_words_is_no_article_any_more() -> None:
    told = withdrawal_of(article(TEXT), article("We are sorry."))
    assert told == "of the 140 words that the article had, 3 are left"
    assert withdrawal_of(article("Too short to tell."), article("We are sorry.")) == ""
    assert withdrawal_notice(article(TEXT), article("We are sorry.")) == ""
