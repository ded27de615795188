"""White space between the elements of a head is as free as elsewhere."""

import pytest
from mjml import mjml2html

from newsletter.compose.head_space import without_head_space

DOCUMENT = (
    "<mjml>{0}<mj-head>{0}<mj-title>a  b</mj-title>{0}<mj-attributes>{0}<mj-all"
    ' padding="0px" />{0}</mj-attributes>{0}<mj-style>{0}.x {{ color: red; }}{0}</mj-style>{0}'
    '<mj-raw>{0}<meta name="x" />{0}</mj-raw>{0}</mj-head>{0}<mj-body>{0}<mj-section>{0}<mj-column>'
    '{0}<mj-text>{0}<b>x</b>{0}<i>y</i>{0}</mj-text>{0}<mj-social>{0}<mj-social-element href="#a"'
    ' src="https://x.example/a.png">z</mj-social-element>{0}</mj-social>{0}</mj-column>{0}'
    "</mj-section>{0}</mj-body>{0}</mjml>"
)


@pytest.mark.parametrize("space", ["", " ", "  \n", "\t", "\r\n  ", "\n  ", " \n \n "])
def test_any_white_space_compiles_to_what_none_does(space: str) -> None:
    html = mjml2html(without_head_space(DOCUMENT.format(space)), fonts={})
    bare = mjml2html(without_head_space(DOCUMENT.format("")), fonts={})
    assert "".join(html.split()) == "".join(bare.split())


def test_words_and_their_spaces_stay() -> None:
    mjml = DOCUMENT.format(" ")
    made = without_head_space(mjml)
    assert "<mj-title>a  b</mj-title>" in made
    assert "<mj-text> <b>x</b> <i>y</i> </mj-text>" in made
    assert "".join(made.split()) == "".join(mjml.split())


def test_a_document_without_such_space_is_left_as_it_is() -> None:
    mjml = DOCUMENT.format("\n")
    assert without_head_space(mjml) == mjml
