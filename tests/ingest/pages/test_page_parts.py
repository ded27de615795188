"""A text that its page cuts into boxes of one kind is read whole, and other articles stay out."""

import pytest

from newsletter.ingest.children import PageReader
from newsletter.ingest.html_page import article_from_html
from newsletter.ingest.page_blocks import join_parts
from newsletter.ingest.page_reading import tree_of_page
from newsletter.model.article import ParagraphKind

TITLE = "Weir at Tolland is to be rebuilt"
TEXT = (
    "The county decided on Monday that the weir at Tolland is to be rebuilt before the spring.",
    "The work costs two million pounds, of which the county pays a third and a trust the rest.",
    "Nobody in the village had been asked, said the woman who has kept the lock since 1998.",
    "Until then boats are lifted over by a crane, which the lock keeper calls a circus act.",
    "Two engineers measured the ground for eleven nights in the autumn and found it sound.",
    "The minister has until Friday to object to the plan, which officials thought unlikely.",
)
PARAGRAPHS = tuple(f"<p>{line}</p>" for line in TEXT)
ADVERTISEMENT = '<div class="wide">Advertisement</div>'
HEADING = "<h2>What the trust says</h2>"


def box(*parts: str) -> str:
    return f'<div class="row"><div class="copy">{"".join(parts)}</div></div>'


def page(*parts: str) -> str:
    head = f"<head><title>{TITLE}</title></head>"
    return f"<!doctype html><html>{head}<body><main>{''.join(parts)}</main></body></html>"


@pytest.mark.parametrize("place", range(2, len(TEXT) - 1))
@pytest.mark.parametrize("heading", ["", HEADING])
def test_a_text_cut_into_boxes_of_one_kind_is_whole(
    place: int, heading: str, reader: PageReader
) -> None:
    first, second = box(*PARAGRAPHS[:place]), box(heading, *PARAGRAPHS[place:])
    raw = page(f"<h1>{TITLE}</h1>", first, ADVERTISEMENT, second).encode()
    article = article_from_html(raw, url="", source="", callouts=[], noise=[], reader=reader)
    body = [p.text for p in article.paragraphs if p.kind is ParagraphKind.BODY]
    assert body == list(TEXT)
    assert article.reasons == ()


def test_text_beside_the_paragraphs_keeps_its_place() -> None:
    second = box("Said without a paragraph. ", *PARAGRAPHS[2:])
    tree = tree_of_page(page(f"<h1>{TITLE}</h1>", box(*PARAGRAPHS[:2]), second))
    before = "".join(tree.text_content().split())
    assert join_parts(tree)
    assert "".join(tree.text_content().split()) == before


OTHERS = {
    "an article with a headline": box("<h1>Another town</h1>", *PARAGRAPHS[3:]),
    "an article with a heading": box(HEADING, *PARAGRAPHS[3:]),
    "an article with a date": box("<time>20 November</time>", *PARAGRAPHS[3:]),
    "a note of one paragraph": box(PARAGRAPHS[5]),
    "a box of another kind": f'<div class="row"><div class="note">{PARAGRAPHS[5] * 2}</div></div>',
    "a box elsewhere": f'<div class="foot">{box(*PARAGRAPHS[3:])}</div>',
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS.keys())
def test_what_is_another_article_or_a_note_stays_where_it_is(other: str) -> None:
    assert not join_parts(tree_of_page(page(box(f"<h2>{TITLE}</h2>", *PARAGRAPHS), other)))


def test_comments_in_boxes_of_one_kind_are_not_joined_to_the_text() -> None:
    comments = "".join(
        f'<div class="row"><div class="said">{PARAGRAPHS[n]}{PARAGRAPHS[n + 1]}</div></div>'
        for n in range(4)
    )
    assert not join_parts(tree_of_page(page(f"<h1>{TITLE}</h1>", box(*PARAGRAPHS), comments)))
