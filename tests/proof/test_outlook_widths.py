"""Widths for Word Outlook, which lays out by ghost tables: no browser shows when they are wrong."""

from collections.abc import Iterator

import pytest
from hard_mails import hard_pages, template_names
from independent import golden_bytes, golden_cases
from mjml import mjml2html
from outlook_view import Row, layout_of

from newsletter.compose.composer import Composer

CONTAINER = 600
PADDING = 32  # at each side of the default template
GUTTER = 24


@pytest.fixture(scope="module")
def mails() -> Iterator[dict[str, str]]:
    golden = {case: golden_bytes(case, "html").decode() for case in golden_cases()}
    with Composer() as composer:
        yield golden | dict(hard_pages(composer))


def test_nothing_is_wider_than_its_place_in_any_template(mails: dict[str, str]) -> None:
    assert {name.partition(",")[0] for name in mails} >= set(template_names())
    for name, html in mails.items():
        layout = layout_of(html)
        assert layout.errors == (), name  # ghost tables open and close where they must
        assert layout.faults == (), name
        assert len(layout.rows) > 3, name
        assert all(0 < width <= room for width, room in layout.images), name


def test_the_default_template_fills_the_container_less_its_padding() -> None:
    layout = layout_of(golden_bytes("full", "html").decode())
    inside = CONTAINER - 2 * PADDING
    halves = inside + GUTTER  # each half has half of the gutter at both of its sides
    assert set(layout.rows) == {
        Row(room=CONTAINER, cells=(CONTAINER,)),
        Row(room=inside, cells=(inside,)),
        Row(room=halves, cells=(halves / 2, halves / 2)),
        Row(room=(inside - GUTTER) / 2, cells=((inside - GUTTER) / 2,)),
    }
    assert set(layout.images) == {(inside, inside), ((inside - GUTTER) / 2,) * 2}


@pytest.mark.parametrize("shape", ["two cards", "three cards", "from right to left"])
def test_cards_share_the_row_by_halves(shape: str, mails: dict[str, str]) -> None:
    rows = layout_of(mails[f"daily, {shape}"]).rows
    assert Row(room=560, cells=(280, 280)) in rows


@pytest.mark.parametrize(
    ("padding", "fits"), [("0px 32px", True), ("0 32px", False), ("24px 32px 0", False)]
)
def test_a_zero_without_its_unit_would_be_seen(padding: str, *, fits: bool) -> None:
    """The lint refuses it (C03); this is why."""
    column = '<mj-column width="50%"><mj-text padding="0px">x</mj-text></mj-column>'
    mjml = (
        f'<mjml><mj-body width="600px"><mj-section padding="{padding}">{column}{column}'
        "</mj-section></mj-body></mjml>"
    )
    assert (layout_of(mjml2html(mjml, fonts={})).faults == ()) is fits


def test_a_cell_that_is_too_wide_or_never_closed_is_seen(mails: dict[str, str]) -> None:
    html = mails["daily, two cards"]
    assert layout_of(html.replace("width:280px", "width:281px", 1)).faults
    assert layout_of(html.replace('width="256"', 'width="300"', 1)).faults
    ghost_end = "<!--[if mso | IE]></td></tr></table><![endif]-->"
    assert layout_of(html.replace(ghost_end, "", 1)).errors
