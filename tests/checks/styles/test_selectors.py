"""Which elements a selector selects, held against cssselect's XPath as lxml runs it."""

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.cssselect import CSSSelector

from newsletter.checks.page import read_page
from newsletter.checks.styles.selectors import Elements, read_selectors

TAGS = st.sampled_from(["<p>", "<p class=a>", "<b class='a b'>", "<div id=x>", "<div class=b>"])
trees = st.lists(TAGS | st.sampled_from(["</p>", "</b>", "</div>", "words"]), max_size=40)
compounds = st.sampled_from(
    ["p", "b", "div", ".a", ".b", "#x", "p.a", "*", ":not(.a)", "p:first-child", "div[class]"]
)
combinators = st.sampled_from([" ", " > ", " + ", " ~ "])
selectors = st.tuples(compounds, st.lists(st.tuples(combinators, compounds), max_size=4)).map(
    lambda one: one[0] + "".join(combinator + compound for combinator, compound in one[1])
)


@settings(max_examples=300)
@given(trees, st.lists(selectors, min_size=1, max_size=5))
def test_a_selector_selects_what_another_program_selects(tree: list[str], asked: list[str]) -> None:
    page = read_page(f"<html><body>{''.join(tree)}</body></html>")
    elements = Elements(page.style.nodes, 1_000_000)
    for text in asked:
        (selector,) = read_selectors(text)
        wanted = CSSSelector(text)(page.elements[0])
        assert isinstance(wanted, list)
        assert [page.elements[at] for at in elements.selected(selector)] == wanted, text
