"""Lists of links leave a page before it is read; text with links in it does not."""

import pytest

from newsletter.ingest.page_blocks import drop_link_lists
from newsletter.ingest.page_reading import tree_of_page

STORY = "<p>The weir at Tolland is to be rebuilt before the spring, the county decided.</p>"
LINKS = [f'<a href="/{n}">Another story of the day, number {n}</a>' for n in range(12)]

LISTS = {
    "a list": "<ul>" + "".join(f"<li>{link}</li>" for link in LINKS) + "</ul>",
    "a menu with bars": "<p>" + " | ".join(LINKS) + "</p>",
    "cards": "<div>" + "".join(f"<div><h3>{link}</h3></div>" for link in LINKS) + "</div>",
    "a cell": "<table><tr><td>" + "<br>".join(LINKS) + f"</td><td>{STORY}</td></tr></table>",
}
TEXTS = {
    "places on the page": "<ul>"
    + "".join(f'<li><a href="#{n}">What happened on day {n}</a></li>' for n in range(12))
    + "</ul>",
    "links with what is said of them": "<ul>"
    + "".join(f"<li>{link}, which is worth your time</li>" for link in LINKS)
    + "</ul>",
    "text with many links": "<p>"
    + ", ".join(f'the <a href="/{n}">report</a> of year {n}' for n in range(12))
    + " say the same.</p>",
}


@pytest.mark.parametrize("made", LISTS.values(), ids=LISTS.keys())
def test_a_list_of_nothing_but_links_goes_and_all_else_stays(made: str) -> None:
    tree = tree_of_page(f"<html><body>{STORY}{made} and on<p>Ends.</p></body></html>")
    drop_link_lists(tree)
    text = tree.text_content()
    assert "Another story" not in text
    for kept in ("The weir at Tolland", "and on", "Ends."):
        assert kept in text


@pytest.mark.parametrize("made", TEXTS.values(), ids=TEXTS.keys())
def test_text_that_has_links_stays(made: str) -> None:
    tree = tree_of_page(f"<html><body>{STORY}{made}</body></html>")
    before = tree.text_content()
    drop_link_lists(tree)
    assert tree.text_content() == before


def test_a_page_of_links_alone_is_still_a_page() -> None:
    tree = tree_of_page(f"<html><body>{''.join(LINKS)}</body></html>")
    drop_link_lists(tree)
    assert "Another story" in tree.text_content()
