"""The compiler takes any white space, and attribute values come out as they went in."""

from html import escape

import pytest
from composing import composed, elements, issue, story, text
from hypothesis import given
from hypothesis import strategies as st
from mjml import mjml2html

from newsletter.compose.composer import Composer
from newsletter.compose.render.compiler import compiler_input
from newsletter.model.issue import StoryImage

ARABIC, HINDI = "\u0627\u0644\u0639\u064e\u0631\u064e\u0628", "\u0939\u093f\u0928\u094d\u0926\u0940"
ALT = f"Caf\u00e9\u00a0M\u00fcller \\ {ARABIC} {HINDI}"
FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467"
DOCUMENT = (
    "<mjml>{0}<mj-head>{0}<mj-title>a  b</mj-title>{0}<mj-attributes>{0}<mj-all"
    ' padding="0px" />{0}</mj-attributes>{0}<mj-style>{0}.x {{ color: red; }}{0}</mj-style>{0}'
    '<mj-raw>{0}<meta name="x" />{0}</mj-raw>{0}</mj-head>{0}<mj-body>{0}<mj-section>{0}<mj-column>'
    '{0}<mj-text>{0}<b>x</b>{0}<i>y</i>{0}</mj-text>{0}<mj-social>{0}<mj-social-element href="#a"'
    ' src="https://x.example/a.png">z</mj-social-element>{0}</mj-social>{0}</mj-column>{0}'
    "</mj-section>{0}</mj-body>{0}</mjml>"
)


def test_alternative_texts_and_title_keep_marks_joiners_and_backslashes(composer: Composer) -> None:
    picture = StoryImage(url="https://img.example.org/x.jpg", alt=f"{ALT} {FAMILY}")
    made = composed(
        composer,
        issue(story(image=picture, summary=text("Some words.")), subject=f"{FAMILY} {ALT}"),
    )
    assert "\\u{" not in made.html
    assert elements(made.html, "//img")[0].get("alt") == picture.alt
    assert elements(made.html, "//title")[0].text == f"{FAMILY} {ALT}"
    labelled = [
        one.get("aria-label") for one in elements(made.html, "//div") if one.get("aria-label")
    ]
    assert labelled == [f"{FAMILY} {ALT}"]


def test_what_is_ascii_is_left_as_it_is() -> None:
    mjml = '<mj-image alt="A &amp; B &#160;" src="https://x.example/" />'
    assert compiler_input(mjml) == mjml


def test_only_attributes_and_the_title_are_spelt_out() -> None:
    mjml = (
        "<mj-title>\u00e9</mj-title><mj-style>.x{content:'\u00e9'}</mj-style>"
        '<!-- \u00e9 --><mj-text css-class="\u00e9\\">\u00e9\\</mj-text>'
    )
    assert compiler_input(mjml) == (
        "<mj-title>&#233;</mj-title><mj-style>.x{content:'\u00e9'}</mj-style>"
        '<!-- \u00e9 --><mj-text css-class="&#233;&#92;">\u00e9\\</mj-text>'
    )


@given(st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=20))
def test_any_value_survives_the_compiler(value: str) -> None:
    written = escape(value)
    mjml = (
        '<mjml><mj-body><mj-section><mj-column><mj-image src="https://x.example/" '
        f'alt="{written}" /></mj-column></mj-section></mj-body></mjml>'
    )
    html = str(mjml2html(compiler_input(mjml), fonts={}))
    assert elements(html, "//img")[0].get("alt") == value


@pytest.mark.parametrize("space", ["", " ", "  \n", "\t", "\r\n  ", "\n  ", " \n \n "])
def test_any_white_space_compiles_to_what_none_does(space: str) -> None:
    html = mjml2html(compiler_input(DOCUMENT.format(space)), fonts={})
    bare = mjml2html(compiler_input(DOCUMENT.format("")), fonts={})
    assert "".join(html.split()) == "".join(bare.split())
