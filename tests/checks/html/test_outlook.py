"""O05: Outlook's comments and tables."""

from dataclasses import replace

import pytest
from case_tables import cases
from check_samples import compose, found, request_for, with_html
from hypothesis import given
from hypothesis import strategies as st

from newsletter.checks.html.outlook import outlook_page
from newsletter.checks.html.tags import tags
from newsletter.model.finding import Severity

OPEN = '<!--[if mso | IE]><table width="600"><tr><td width="300"><![endif]-->'
NEXT = '<!--[if mso | IE]></td><td style="width:300px"><![endif]-->'
CLOSE = "<!--[if mso | IE]></td></tr></table><![endif]-->"
GHOST = f"{OPEN}<p>one</p>{NEXT}<p>two</p>{CLOSE}"
BUTTON = '<!--[if mso]><v:rect xmlns:v="urn:x" style="width:600px"><v:fill/></v:rect><![endif]-->'
REVEALED = "<!--[if !mso]><!--><p>for all others</p><!--<![endif]-->"


@pytest.mark.parametrize(
    "sound",
    cases("outlook", "sound_comments_and_tables_pass"),
)
def test_sound_comments_and_tables_pass(sound: str) -> None:
    assert not found(with_html("<h3>", f"{sound}<h3>"), "O05")


@pytest.mark.parametrize(
    ("broken", "told"),
    cases("outlook", "what_would_break_outlooks_layout_is_an_error_with_its_place"),
)
def test_what_would_break_outlooks_layout_is_an_error_with_its_place(
    broken: str, told: str
) -> None:
    request = with_html("<h3>", f"{broken}<h3>")
    finding = found(request, "O05")[0]
    assert finding.severity is Severity.ERROR
    assert told in finding.message
    assert finding.evidence.startswith("at character ")
    assert finding.remedy


def test_outlook_sees_its_comments_and_not_what_is_for_others() -> None:
    page = outlook_page(f"<p>a</p>{REVEALED}<!--[if mso]><b>c</b><![endif]--><!-- note --><i>d</i>")
    assert page.source.replace(" ", "") == "<p>a</p><b>c</b><i>d</i>"
    assert page.hidden == ((len(f"<p>a</p>{REVEALED}<!--[if mso]>"), "<b>c</b>"),)


def test_an_attribute_may_hold_what_looks_like_a_tag() -> None:
    (tag,) = tags("""<img alt="a > b <td>" src='x"y' width=5 hidden>""")
    assert dict(tag.attributes) == {
        "alt": "a > b <td>",
        "src": 'x"y',
        "width": "5",
        "hidden": "",
    }


def test_the_text_of_styles_and_titles_holds_no_tags() -> None:
    assert [tag.name for tag in tags("<style>a:after{content:'<td>'}</style><p>")] == [
        "style",
        "style",
        "p",
    ]


@given(
    st.lists(
        st.sampled_from(
            [
                "<!--[if mso]>",
                "<![endif]-->",
                "<!--[if !mso]><!-->",
                "<!--<![endif]-->",
                "-->",
                "<!--",
                "<table>",
                "</table>",
                '<td width="300">',
                "</td>",
                "<tr>",
                "</tr>",
                "<",
                ">",
                '"',
                "x",
                "<img width=9999 ",
                "[if",
                "<![if !mso]>",
                "\x00",
                "<p a='",
                "/",
            ]
        )
        | st.text(max_size=5),
        max_size=40,
    ).map("".join)
)
def test_any_source_is_read_without_an_error(source: str) -> None:
    page = outlook_page(source)
    assert all(char in {was, " "} for was, char in zip(source, page.source, strict=True))
    assert all(source[tag.at] == "<" for tag in tags(source))
    found(request_for(composed=replace(compose(), html=source)), "O05")
