"""What stands at the edges of a text goes; what ends the text itself stays."""

import html

import pytest

from newsletter.ingest.children import PageReader
from newsletter.ingest.html_page import article_from_html
from newsletter.model.article import Article, ParagraphKind

TITLE = "Weir at Tolland is to be rebuilt"
AUTHOR = "Ewa Petrie"
TEXT = (
    "The county decided on Monday that the weir at Tolland is to be rebuilt before the spring.",
    "The work costs two million pounds, of which the county pays a third and a trust the rest.",
    "Nobody in the village had been asked, said the woman who has kept the lock since 1998.",
    "Until then boats are lifted over by a crane, which the lock keeper calls a circus act.",
    "Two engineers measured the ground for eleven nights in the autumn and found it sound.",
    "The minister has until Friday to object to the plan, which officials thought unlikely.",
)


def read(reader: PageReader, *, above: str = "", below: str = "", text: str = "") -> Article:
    told = text or "".join(f"<div>{html.escape(line)}</div>" for line in TEXT)
    raw = (
        f"<!doctype html><html><head><title>{TITLE}</title>"
        f'<meta name="author" content="{AUTHOR}"><meta property="og:site_name" content="The Dray">'
        f"</head><body><div><div>{above}{told}</div>{below}</div></body></html>"
    )
    return article_from_html(
        raw.encode(), url="", source="", callouts=[], noise=[], reader=reader, shown="page.html"
    )


def texts(article: Article) -> list[str]:
    kinds = {ParagraphKind.BODY, ParagraphKind.SUBHEADING}
    return [p.text for p in article.paragraphs if p.kind in kinds]


@pytest.mark.parametrize(
    "above",
    [
        f"<div>Boat owner finds parrot at the helm</div><div>{TITLE}</div>",
        f"<div>{TITLE}</div><div>By Ewa Petrie and Colm Voss</div>",
        f"<div>{TITLE}</div><div>Colm Voss</div>",
        "<h2>The Dray</h2>",
    ],
)
def test_lines_above_the_text_are_no_part_of_it(above: str, reader: PageReader) -> None:
    found = read(reader, above=above)
    assert texts(found) == list(TEXT)
    assert all(p.reason and p.rule for p in found.paragraphs if p.kind is ParagraphKind.NOISE)


@pytest.mark.parametrize(
    "below",
    [
        "<div><div>Boat owner finds parrot at the helm</div>"
        "<div>Pub to sell its own pond</div></div>",
        f"<div><div>{AUTHOR} writes about rivers for The Dray and keeps three boats.</div></div>",
        f"<p>{AUTHOR} writes about rivers for The Dray and keeps three boats.</p>",
        "<div><h2>Recommended</h2><h3>Pub to sell its own pond</h3>"
        "<p>Boat owner finds parrot at the helm</p></div>",
    ],
)
def test_lines_below_the_text_are_no_part_of_it(below: str, reader: PageReader) -> None:
    assert texts(read(reader, below=below)) == list(TEXT)


ENDS = (
    "<ul><li>The towpath stays open at weekends</li><li>Dogs are welcome until the first frost</li>"
    "</ul>",
    "<div><p>Tickets cost 4 pounds at the door</p><p>Where: the village hall in Tolland</p></div>",
    "<table><tr><td>Tolland Rovers</td><td>14</td><td>31</td></tr>"
    "<tr><td>Upper Dray</td><td>14</td><td>29</td></tr></table>",
    f"<div>The weir stands and {AUTHOR} has seen worse in her years on the water.</div>",
    "<div>The weir will stand for another century and a half</div>",
)


@pytest.mark.parametrize("end", ENDS)
def test_how_a_text_may_end_stays(end: str, reader: PageReader) -> None:
    told = "".join(f"<div>{html.escape(line)}</div>" for line in TEXT)
    found = read(reader, text=told + end)
    assert [p.text for p in found.paragraphs if p.kind is ParagraphKind.NOISE] == []
    assert texts(found)[: len(TEXT)] == list(TEXT)
    assert len(texts(found)) > len(TEXT)
