"""Ordinary pages of newsrooms, most of which nobody should be asked to look at."""

import pytest
from case_tables import own_cases

from newsletter.ingest.children import PageReader
from newsletter.ingest.html_page import article_from_html
from newsletter.model.article import Article, ArticleState

SENTENCES = own_cases(__file__, "sentences")
GERMAN = own_cases(__file__, "german")


def p(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def made(body: str, *, title: str = "Harbour bridge to close from May", head: str = "") -> bytes:
    return (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>{title} | The Post</title>"
        f'<meta property="og:title" content="{title}">{head}</head><body>'
        "<header><nav><ul><li><a href=/>Home</a><li><a href=/news>News</a></ul></nav></header>"
        f"{body}<footer><p>© The Post</p></footer></body></html>"
    ).encode()


ANSWERS = "".join(f"<h2>What about point {n}?</h2>{p(s)}" for n, s in enumerate(SENTENCES))
ADS = "".join(f"{p(s)}<div class=ad>Advertisement</div>" for s in SENTENCES)
STORY = f"<main><article><h1>Harbour bridge to close from May</h1>{p(*SENTENCES)}</article></main>"
PAID = (
    '<script type="application/ld+json">'
    '{"@type":"NewsArticle","isAccessibleForFree":false}</script>'
)
COMMENTS = "".join(
    f"<div class=comment><b>Reader {n}</b>{p('I cross that bridge daily: it is a disgrace.')}</div>"
    for n in range(20)
)
TEASERS = "".join(
    f"<li><h3><a href=/{n}>Another story of the day, number {n}, in short</a></h3>"
    f"<p>What happened in place {n}, told in one sentence for the list.</p></li>"
    for n in range(12)
)
ROADS = "".join(
    f"<li>{street}: closed from 9am to 4pm on Monday.</li>"
    for street in (
        "Mill Lane",
        "Quay Street",
        "Church Road",
        "Bridge End",
        "Fore Street",
        "High Street",
    )
)
TABLE = "".join(
    f"<tr><td>{team}</td><td>{n}</td><td>{3 * n}</td></tr>"
    for n, team in enumerate(("Rovers", "Town", "United", "Athletic", "Albion"))
)
PAGES = {
    "a plain report": made(STORY),
    "a brief of 50 words": made(f"<article><h1>Bridge shut</h1>{p(*SENTENCES[:4])}</article>"),
    "a paper for members, whole": made(
        f"<article><h1>Bridge</h1>{p(*SENTENCES, *SENTENCES[:4])}</article>", head=PAID
    ),
    "with twenty comments": made(STORY + f"<section id=comments>{COMMENTS}</section>"),
    "with a dozen teasers": made(STORY + f"<aside><ul>{TEASERS}</ul></aside>"),
    "questions and answers": made(f"<article>{ANSWERS}</article>"),
    "a list of closed roads": made(
        f"<article><h1>Roads</h1>{p(*SENTENCES[:3])}<ul>{ROADS}</ul></article>"
    ),
    "a match report with a table": made(
        f"<article><h1>Rovers</h1>{p(*SENTENCES[3:])}<table>{TABLE}</table></article>"
    ),
    "in German": made(f"<div class=inhalt><h1>Haushalt</h1>{p(*GERMAN)}</div>", title="Haushalt"),
    "with an advertisement after each paragraph": made(f"<article>{ADS}</article>"),
    "plain divisions": made(
        f"<div id=content>{''.join(f'<div>{s}</div>' for s in SENTENCES)}</div>"
    ),
    "breaks for paragraphs": made(f"<div id=text>{'<br><br>'.join(SENTENCES)}</div>"),
}


def read(raw: bytes, reader: PageReader) -> Article:
    return article_from_html(
        raw, url="https://post.example/news/1", source="", callouts=[], noise=[], reader=reader
    )


def test_at_most_two_of_twelve_honest_pages_want_a_look(reader: PageReader) -> None:
    flagged = {}
    for name, raw in PAGES.items():
        article = read(raw, reader)
        if article.state is ArticleState.NEEDS_LOOK:
            flagged[name] = article.reasons
    assert len(flagged) <= 2, flagged


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (made(f"<article>{p(SENTENCES[0], 'Subscribe to read on.')}</article>"), "has only"),
        (made(f"<article>{p(*SENTENCES[:4])}</article>", head=PAID), "not free"),
        (STORY.replace("h1>", "p>").encode(), "no title"),
    ],
    ids=["a stump", "cut off", "no title"],
)
def test_a_page_that_lost_something_wants_a_look(
    raw: bytes, reason: str, reader: PageReader
) -> None:
    article = read(raw, reader)
    assert article.state is ArticleState.NEEDS_LOOK
    assert reason in "; ".join(article.reasons)
