from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from newsletter.ingest.article_diff import diff_articles
from newsletter.model.article import Article, ArticleParagraph, Metadatum, Origin, ParagraphKind


def article(*texts: str, title: str = "Bridge to close", **values: object) -> Article:
    made = Article(
        key="https://paper.example/a",
        url="https://paper.example/a",
        source="paper",
        title=Metadatum(value=title, origin=Origin.PAGE),
        paragraphs=tuple(ArticleParagraph(text=text, kind=ParagraphKind.BODY) for text in texts),
    )
    return replace(made, **values)  # type: ignore[arg-type]  # a test's own keywords


CLOSES = "The bridge will close for nine months from May, the council said on Monday."
COST = "The work will cost four million pounds."
QUOTE = "“It is the right time,” said the leader of the council."


def test_a_change_of_words_is_marked_with_what_stands_beside_it() -> None:
    later = CLOSES.replace("nine months", "ten months")
    assert diff_articles(article(CLOSES, COST), article(later, COST)) == (
        "paragraph 1 changed: … bridge will close for [-nine-] {+ten+} months from May, the …",
    )


def test_paragraphs_are_added_and_removed_by_their_numbers() -> None:
    assert diff_articles(article(CLOSES, COST), article(CLOSES, QUOTE, COST)) == (
        f"paragraph 2 added: “{QUOTE}”",
    )
    assert diff_articles(article(CLOSES, QUOTE, COST), article(CLOSES, COST)) == (
        f"paragraph 2 removed: “{QUOTE}”",
    )
    assert diff_articles(article(CLOSES, QUOTE), article(CLOSES, COST)) == (
        f"paragraph 2 added: “{COST}”",
        f"paragraph 2 removed: “{QUOTE}”",
    )


def test_facts_come_first_and_say_from_what_to_what() -> None:
    old = article(COST, published=Metadatum(value="2026-11-20", origin=Origin.PAGE))
    new = article(
        COST,
        title="Bridge to stay open",
        published=Metadatum(value="2026-11-21", origin=Origin.FEED),
        author=Metadatum(value="Jo Roe", origin=Origin.FEED),
        withdrawn="The publisher removed it on 22 November.",
    )
    assert diff_articles(old, new) == (
        "title changed from “Bridge to close” to “Bridge to stay open”",
        "author added: “Jo Roe”",
        "publication date changed from “2026-11-20” to “2026-11-21”",
        "withdrawn: The publisher removed it on 22 November.",
    )
    assert "author removed: “Jo Roe”" in diff_articles(new, old)
    assert "no longer withdrawn" in diff_articles(new, old)


def test_noise_that_changes_is_no_change() -> None:
    ad = ArticleParagraph(text="Hide Ad", kind=ParagraphKind.NOISE, reason="x", rule="y")
    old = article(COST)
    assert diff_articles(old, replace(old, paragraphs=(*old.paragraphs, ad))) == ()


def test_a_very_long_paragraph_is_quoted_in_part() -> None:
    long = " ".join(["word"] * 500)
    (line,) = diff_articles(article(long), article(long + " more"))
    assert line.startswith("paragraph 1 changed: “word word")
    assert len(line) < 1000


TEXTS = st.lists(st.text(alphabet="abB c.", min_size=1, max_size=20), max_size=8)


@given(TEXTS, TEXTS)
def test_there_is_a_line_where_and_only_where_the_words_differ(
    first: list[str], second: list[str]
) -> None:
    lines = diff_articles(article(*first), article(*second))
    same = [text.split() for text in first] == [text.split() for text in second]
    assert (lines == ()) == same
