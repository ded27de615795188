"""Lines that repeat are proposed, source by source; nothing acts before a person says so."""

from workflows.newsroom import Newsroom

from newsletter.ingest.text_file import article_from_text
from newsletter.store import articles
from newsletter.workflows.sources.source_health import proposed_noise

LINE = "Ring the newsdesk, day or night, on the usual number."


def _keep(newsroom: Newsroom, source: str, number: int) -> None:
    raw = f"Story {number} of {source}\n\nThe council met for the {number} th time.\n\n{LINE}\n"
    article = article_from_text(raw.encode(), url="", source=source, callouts=(), noise=())
    with newsroom.desk.database.write() as connection:
        articles.save_article(connection, article, now=newsroom.clock.now())


def test_what_repeats_in_a_source_is_proposed_for_that_source_alone(newsroom: Newsroom) -> None:
    newsroom.set(
        "[proof]",
        '[sources.a]\nfeed = "https://a.example/"\n\n[sources.b]\nfeed = "https://b.example/"\n\n[proof]',
    )
    for number in range(3):
        _keep(newsroom, "a", number)
    _keep(newsroom, "b", 1)
    assert proposed_noise(newsroom.desk) == {"a": (LINE,), "b": ()}
    with newsroom.desk.database.read() as connection:
        rows = articles.list_articles(connection)
    assert {p.kind.value for row in rows for p in row.article.paragraphs if p.text == LINE} == {
        "body"
    }
