"""Words of one direction among words of the other: isolated where they would turn their neighbours.

What a reader sees is computed here as UAX 9 says, by Chromium, in test_right_to_left_in_chromium.
"""

import re

import pytest
from case_tables import own_cases
from hypothesis import given
from hypothesis import strategies as st

from newsletter.compose.html import HtmlStyle, blocks_html
from newsletter.compose.message.slots import escape
from newsletter.compose.plain import PlainStyle, blocks_text
from newsletter.compose.typography import columns, other_way
from newsletter.model.composed import SlotContext
from newsletter.model.text import Paragraph, Text, TextBlock

ISOLATES = re.compile("[\u2066-\u2069]")


def rtl(*blocks: TextBlock) -> str:
    style = HtmlStyle(name="body", heading=1, direction="rtl", slot=lambda _: "")
    return blocks_html(blocks, style)


def said(text: str) -> Paragraph:
    return Paragraph(children=(Text(text=text),))


@pytest.mark.parametrize(
    ("text", "direction", "way"),
    own_cases(__file__, "only_what_runs_wholly_against_the_page_is_turned"),
)
def test_only_what_runs_wholly_against_the_page_is_turned(
    text: str, direction: str, way: str
) -> None:
    assert other_way(text, direction) == way


def test_an_isolate_stays_on_one_line_of_the_text_part() -> None:
    style = PlainStyle(slot=lambda _: "", image="", direction="rtl")
    words = " ".join(["كلمة"] * 9)
    for quoted in ("Yes, for everyone here.", "No. " * 20):
        made = blocks_text((said(f'{words}: "{quoted}" {words} {words}'),), style)
        for line in made.split("\n"):
            assert line.count("\u2066") == line.count("\u2069")
            assert columns(line) <= 72


@pytest.mark.covers("T06")
def test_a_name_that_runs_from_right_to_left_turns_nothing_around_it() -> None:
    assert escape(SlotContext.HTML, "سامر") == '<span dir="auto">سامر</span>'
    assert (
        escape(SlotContext.TEXT, "سامر")
        == "\N{FIRST STRONG ISOLATE}سامر\N{POP DIRECTIONAL ISOLATE}"
    )
    assert escape(SlotContext.TEXT, "Sam") == "Sam"
    for context in (SlotContext.HTML, SlotContext.TEXT):
        assert escape(context, "Sam\u202egnihton\u2069") == "Samgnihton"


@pytest.mark.covers("T06")
@given(st.text(), st.sampled_from([SlotContext.HTML, SlotContext.TEXT]))
def test_no_value_opens_or_closes_an_isolate(value: str, context: SlotContext) -> None:
    shown = ISOLATES.findall(escape(context, value))
    assert shown in ([], ["\u2068", "\u2069"])
