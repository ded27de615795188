import pytest
from case_tables import own_cases
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from newsletter.compose.html import HtmlStyle, blocks_html, safe_url
from newsletter.model.text import (
    Break,
    CodeBlock,
    CodeSpan,
    Emphasis,
    Inline,
    InlineImage,
    Link,
    ListBlock,
    Paragraph,
    Quote,
    Rule,
    SlotRef,
    Strong,
    Text,
    TextBlock,
)

OURS = {"p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code", "em"} | {
    "strong",
    "a",
    "img",
    "br",
    "div",
}


def style(heading: int = 1, direction: str = "ltr") -> HtmlStyle:
    return HtmlStyle(
        name="body", heading=heading, direction=direction, slot=lambda slot: f"<{slot.name}>"
    )


def html_of(*blocks: TextBlock, heading: int = 1, direction: str = "ltr") -> str:
    return blocks_html(blocks, style(heading, direction))


def paragraph(*children: Inline) -> Paragraph:
    return Paragraph(children=children)


def words(text: str) -> Paragraph:
    return paragraph(Text(text=text))


def test_every_kind_of_text_has_its_markup() -> None:
    html = html_of(
        paragraph(
            Text(text="a & b "),
            Emphasis(children=(Text(text="em"),)),
            Strong(children=(Text(text="strong"),)),
            CodeSpan(text="<b>"),
            Break(hard=True),
            Break(hard=False),
            Link(url="https://example.org/?a=1&b=2", children=(Text(text="link"),)),
            InlineImage(url="https://example.org/i.png", alt='5" tall'),
            SlotRef(name="name"),
        ),
        Quote(blocks=(words("said"),)),
        ListBlock(items=((words("one"),), (words("two"), words("more"))), start=3),
        ListBlock(items=((words("dot"),),)),
        CodeBlock(text="a\n  <b>\n"),
        Rule(),
        words("last"),
    )
    assert html == (
        '<p class="body">a &amp; b <em>em</em><strong>strong</strong>'
        '<code class="typed">&lt;b&gt;</code><br /> '
        '<a class="link" href="https://example.org/?a=1&amp;b=2">link</a>'
        '<img class="inset" src="https://example.org/i.png" alt="5&quot; tall" /><name></p>'
        '<blockquote class="quote-ltr"><p class="body end">said</p></blockquote>'
        '<ol class="list-ltr" start="3"><li class="body-item">one</li>'
        '<li class="body-item"><p class="body">two</p><p class="body end">more</p></li></ol>'
        '<ul class="list-ltr"><li class="body-item">dot</li></ul>'
        '<pre class="code">a\n  &lt;b&gt;</pre>'
        '<p class="dinkus">* * *</p>'
        '<p class="body end">last</p>'
    )


@pytest.mark.parametrize(
    "url", own_cases(__file__, "an_address_of_plain_characters_stays_as_it_is")
)
def test_an_address_of_plain_characters_stays_as_it_is(url: str) -> None:
    assert safe_url(url) == url


@pytest.mark.parametrize("url", own_cases(__file__, "an_address_that_is_no_link_leaves_its_words"))
def test_an_address_that_is_no_link_leaves_its_words(url: str) -> None:
    assert safe_url(url) == ""
    assert html_of(paragraph(Link(url=url, children=(Text(text="words"),)))) == (
        '<p class="body end">words</p>'
    )
    assert html_of(paragraph(InlineImage(url=url, alt="alt"))) == '<p class="body end">alt</p>'


inlines = st.recursive(
    st.builds(lambda t: Text(text=t), st.text(max_size=20))
    | st.builds(lambda t: CodeSpan(text=t), st.text(max_size=20))
    | st.builds(lambda u, a: InlineImage(url=u, alt=a), st.text(max_size=20), st.text(max_size=9)),
    lambda inner: (
        st.builds(lambda kids: Emphasis(children=tuple(kids)), st.lists(inner, max_size=3))
        | st.builds(
            lambda u, kids: Link(url=u, children=tuple(kids)),
            st.sampled_from(["https://e.example/", "javascript:x", '"><script>'])
            | st.text(max_size=9),
            st.lists(inner, max_size=3),
        )
    ),
    max_leaves=8,
)


@pytest.mark.covers("T01", "T04")
@given(st.lists(inlines, max_size=5))
def test_no_text_becomes_markup(children: list[Inline]) -> None:
    html = html_of(paragraph(*children))
    tree = lxml_html.fragment_fromstring(html, create_parent="div")
    for node in tree.iter():
        assert node.tag in OURS
        assert set(node.attrib) <= {"class", "href", "src", "alt", "dir"}
        assert node.get("href", "https:").startswith(("https:", "http:", "mailto:"))


def test_nesting_ends_before_any_parser_gives_up() -> None:
    deep: Inline = Text(text="x")
    for _ in range(500):
        deep = Emphasis(children=(deep,))
    block: TextBlock = words("y")
    for _ in range(500):
        block = Quote(blocks=(block,))
    assert html_of(paragraph(deep)).count("<em>") < 50
    assert html_of(block).count("<blockquote") < 50
