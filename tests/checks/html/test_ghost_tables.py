"""O05: Outlook's comments and tables."""

from dataclasses import replace

import pytest
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
    [
        GHOST,
        BUTTON,
        REVEALED,
        "<!--[if !mso]>--><p>x</p><!--<![endif]-->",
        "<!-- a note of the template -->",
        "<!--[if gte mso 9]><xml></xml><![endif]--><!--[if (gte mso 9)|(IE)]><p>x</p><![endif]-->",
        "<!--[if lte mso 11]><style>p{}</style><![endif]-->",
        f"{OPEN}{OPEN.replace('600', '300').replace('300', '150')}{CLOSE}{CLOSE}",
        '<table width="600"><tr><td style="padding:0px 32px"><table width="536"><tr><td>x</td></tr>'
        "</table></td></tr></table>",
        '<table width="100%"><tr><td width="33.33%">x</td><td width="66.67%">y</td></tr></table>',
        # an icon of mj-social, which pads a cell of the picture's width
        '<table width="24"><tr><td style="padding:10px;width:24px"><img width="24" src="x" alt="">'
        "</td></tr></table>",
        # a table that only others see may be as wide as it likes
        f'<!--[if mso]><table width="100"><tr><td><![endif]-->{REVEALED}'
        '<!--[if !mso]><!--><table width="600"><tr><td>x</td></tr></table><!--<![endif]-->'
        "<!--[if mso]></td></tr></table><![endif]-->",
    ],
)
def test_sound_comments_and_tables_pass(sound: str) -> None:
    assert not found(with_html("<h3>", f"{sound}<h3>"), "O05")


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (GHOST.replace(CLOSE, ""), "where <td> is open"),
        (GHOST.replace(OPEN, ""), "closes nothing"),
        (GHOST.replace("</tr>", ""), "closes nothing, where <tr> is open"),
        ("<!--[if mso]><p>x</p>-->", "not closed by <![endif]-->"),
        ("<!--[if mso]><p>x<!--[if mso]>y<![endif]-->", "within another"),
        ("<![endif]-->", "outside a comment"),
        ("<!--<![endif]-->", "never opened"),
        ("<!--[if !mso]><!--><p>x</p>", "not closed by <!--<![endif]-->"),
        ("<!--[if mos]><p>x</p><![endif]-->", "does not know the condition “mos”"),
        ("<!--[if mso and IE]><p>x</p><![endif]-->", "does not know the condition"),
        ("<![if !mso]><p>x</p><![endif]>", "outside a comment"),
        ("<!--[if !mso]--><p>x</p><!--[endif]-->", "is broken"),
        (REVEALED.replace("<p>", "<!--[if !IE]><!--><p>"), "opened within another"),
        ("<!-- a note", "never ends"),
    ],
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
