"""Sentinels that content cannot hold, and values escaped for where they stand."""

import html
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.compose.message.slots import choose_sentinels, cut, escape, fill, first_free
from newsletter.compose.typography import runs_rightward, without_controls
from newsletter.model.composed import Slot, SlotContext

HTML_NAME = Slot(name="name", context=SlotContext.HTML, fallback="reader")
TEXT_NAME = Slot(name="name", context=SlotContext.TEXT, fallback="reader")
LINK = Slot(name="view_online_url", context=SlotContext.HTML_URL)
ANYWHERE = frozenset(SlotContext)
VALUES = st.text(st.characters(codec="utf-8"), max_size=80)


@pytest.mark.covers("T31")
@pytest.mark.parametrize("spelling", ["{}", "&#115;{tail}", "%73{tail}", "{} {}"])
def test_content_that_holds_the_tokens_of_a_draft_gets_other_tokens(spelling: str) -> None:
    token = choose_sentinels([HTML_NAME], "draft")[0].token
    content = "draft " + spelling.format(token, token, tail=token[1:])
    again = choose_sentinels([HTML_NAME], content)[0].token
    assert again not in html.unescape(content)
    pieces, slots = cut(content + again, choose_sentinels([HTML_NAME], content), ANYWHERE)
    assert (pieces, slots) == ((content, ""), (HTML_NAME,))


@pytest.mark.covers("T31")
def test_the_counter_is_raised_until_a_candidate_is_free() -> None:
    assert first_free(iter(range(10)), lambda number: number > 6) == 7


@given(
    st.lists(st.sampled_from([HTML_NAME, TEXT_NAME, LINK, "slot", "x", "1", "text"]), max_size=9)
)
def test_cutting_finds_every_slot_in_its_order(order: list[Slot | str]) -> None:
    literal = "".join(part for part in order if isinstance(part, str))
    sentinels = choose_sentinels([HTML_NAME, TEXT_NAME, LINK], literal)
    token_of = {sentinel.slot: sentinel.token for sentinel in sentinels}
    content = "".join(part if isinstance(part, str) else token_of[part] for part in order)
    pieces, slots = cut(content, sentinels, ANYWHERE)
    assert slots == tuple(part for part in order if isinstance(part, Slot))
    assert "".join(pieces) == literal


def test_a_slot_in_a_part_it_is_not_escaped_for_is_refused() -> None:
    sentinels = choose_sentinels([HTML_NAME], "")
    with pytest.raises(ValueError, match="the slot name"):
        cut(sentinels[0].token, sentinels, frozenset({SlotContext.TEXT}))


class OneElement(HTMLParser):
    """Collects what a browser would see."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@given(VALUES)
def test_a_value_in_html_is_text_and_never_markup(value: str) -> None:
    parser = OneElement()
    parser.feed(f"<p>{escape(SlotContext.HTML, value)}</p>")
    parser.close()
    ours = [("span", {"dir": "auto"})] if runs_rightward(value) else []
    assert parser.tags == [("p", {}), *ours]
    on_one_line = re.sub("[\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", value)
    assert parser.text == without_controls(on_one_line)


@given(VALUES)
def test_a_value_in_an_address_stays_inside_its_attribute(value: str) -> None:
    url = "https://news.example.org/u/" + re.sub("[\x00-\x1f\x7f-\x9f\u2028\u2029]+", "", value)
    parser = OneElement()
    parser.feed(f'<a href="{escape(SlotContext.HTML_URL, url)}">x</a>')
    parser.close()
    ((tag, attributes),) = parser.tags
    assert tag == "a"
    assert list(attributes) == ["href"]
    assert str(attributes["href"]).isascii()


@pytest.mark.parametrize(
    "value",
    ["javascript:alert(1)", "data:text/html,x", "/u/abc", "https://", "https://a\nb", "vbscript:x"],
)
def test_what_is_no_link_is_refused_in_every_address(value: str) -> None:
    for context in (SlotContext.HTML_URL, SlotContext.HEADER_URL):
        with pytest.raises(ValueError, match="address"):
            escape(context, value)


def test_filling_escapes_each_value_once_and_reads_none_again() -> None:
    sentinels = choose_sentinels([HTML_NAME, LINK], "<p></p>")
    name, link = (sentinel.token for sentinel in sentinels)
    content = f'<p>{name}, <a href="{link}">read</a> {name}</p>'
    values = {"name": f"{link} & co", "view_online_url": "https://news.example.org/i/1?a=1&b=2"}
    assert fill(content, sentinels, values) == (
        f'<p>{link} &amp; co, <a href="https://news.example.org/i/1?a=1&amp;b=2">read</a> '
        f"{link} &amp; co</p>"
    )
    assert fill(name, sentinels, {}) == "reader"
    assert fill("nothing", (), {}) == "nothing"
