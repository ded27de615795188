"""O26: nothing active is in the HTML."""

from dataclasses import replace

import pytest
from check_samples import compose, found, request_for, with_html
from hypothesis import given
from hypothesis import strategies as st

from newsletter.checks.run import run_checks
from newsletter.model.finding import Severity

ACTIVE = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=https://example.org/x.js></SCRIPT>",
    "<svg/onload=alert(1)>",
    "<svg><animate onbegin=alert(1)></svg>",
    "<math><mtext></mtext></math>",
    '<img src="x" onerror="alert(1)">',
    '<img src="https://example.org/x.png" alt="" onload=alert(1)>',
    '<p onclick="alert(1)">x</p>',
    '<body onload="alert(1)">',
    '<iframe src="https://example.org/"></iframe>',
    '<object data="https://example.org/x.swf"></object>',
    '<embed src="https://example.org/x.swf">',
    '<form action="https://example.org/"><input name="x"></form>',
    "<button>x</button>",
    "<video controls></video>",
    "<audio></audio>",
    '<base href="https://example.org/">',
    '<link rel="stylesheet" href="https://example.org/x.css">',
    '<meta http-equiv="refresh" content="0;url=https://example.org/">',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="JaVaScRiPt:alert(1)">x</a>',
    '<a href="java&#10;script:alert(1)">x</a>',
    '<a href="&#106;avascript:alert(1)">x</a>',
    '<a href=" javascript:alert(1)">x</a>',
    '<a href="vbscript:x">x</a>',
    '<a href="data:text/html,x">x</a>',
    '<a href="file:///etc/passwd">x</a>',
    '<a href="blob:https://example.org/x">x</a>',
    '<img src="data:image/png;base64,AAAA" alt="">',
    '<img src="cid:picture" alt="">',
    '<img src="/x.png" alt="">',
    '<img src="https://example.org/x.png" srcset="javascript:x 2x" alt="">',
    '<td background="javascript:alert(1)">x</td>',
    '<p style="background:url(javascript:alert(1))">x</p>',
    '<p style="background:u\\72l(java\\73 cript:x)">x</p>',
    '<p style="width:expression(alert(1))">x</p>',
    '<p style="width:exp/**/ression(alert(1))">x</p>',
    '<p style="behavior:url(https://example.org/x.htc)">x</p>',
    '<p style="-moz-binding:url(https://example.org/x.xml)">x</p>',
    '<p style="background:src(&quot;https://example.org/x&quot;)">x</p>',
    "<style>@import url(https://example.org/x.css);</style>",
    "<style>p{background:url(data:image/png;base64,AAAA)}</style>",
    "<!--[if mso]><script>alert(1)</script><![endif]-->",
    '<!--[if mso]><a href="javascript:alert(1)">x</a><![endif]-->',
    '<!--[if mso]><v:shape onclick="alert(1)"></v:shape><![endif]-->',
    "<!--[if mso]><style>p{width:expression(1)}</style><![endif]-->",
    "<details><summary>x</summary></details>",
    "<dialog open>x</dialog>",
    "<marquee>x</marquee>",
    "<x-element>x</x-element>",
    '<p contenteditable="true">x</p>',
    '<a href="https://example.org/" ping="https://example.org/">x</a>',
    '<a href="https://example.org/" download>x</a>',
    '<p formaction="javascript:x">x</p>',
    "<template><script>x</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
]


@pytest.mark.covers("T01", "T02", "T03")
@pytest.mark.parametrize("active", ACTIVE)
def test_whatever_acts_is_an_error_that_nobody_can_waive(active: str) -> None:
    findings = found(with_html("<h3>", f"{active}<h3>"), "O26")
    assert findings
    assert all(finding.severity is Severity.ERROR for finding in findings)


@pytest.mark.parametrize(
    "inert",
    [
        "<p>The &lt;script&gt; tag, onclick= and javascript: are words here.</p>",
        '<p title="onclick=alert(1)">x</p>',
        '<img src="https://example.org/x.png" alt="<script>alert(1)</script>">',
        '<a href="https://example.org/?next=javascript:alert(1)">x</a>',
        '<a href="mailto:desk@example.org?subject=a">x</a>',
        '<a href="#top">x</a>',
        '<table role="presentation" width="1"><tr><td vertical-align="top">x</td></tr></table>',
        "<!-- <script> in a note is no script -->",
        '<!--[if mso]><v:rect fill="t" stroke="f"><v:fill type="tile" src="https://example.org/x.png"/>'
        "</v:rect><o:p></o:p><![endif]-->",
        "<style>@media (max-width:479px){.x{background:#fff url('https://example.org/x.png')}}</style>",
    ],
)
def test_what_only_shows_and_leads_passes(inert: str) -> None:
    assert not found(with_html("<h3>", f"{inert}<h3>"), "O26")


def test_an_active_link_is_told_with_its_words() -> None:
    (finding,) = found(with_html("<h3>", '<a href="javascript:alert(1)">x</a><h3>'), "O26")
    assert finding.evidence == '<a href="javascript:alert(1)">'
    assert finding.file == "templates/daily.mjml.j2"


@given(
    st.lists(
        st.sampled_from(
            [
                "<a href=",
                "'",
                '"',
                ">",
                "<",
                "</",
                "<!--",
                "-->",
                "<style>",
                "</style>",
                "<script",
                "\\",
                "javascript:",
                "onload=",
                "<svg/",
                "<![endif]",
                "[if mso]>",
                "/*",
                "url(",
                "\x00",
                "=",
                " ",
            ]
        )
        | st.text(max_size=4),
        max_size=30,
    ).map("".join)
)
def test_no_html_makes_a_check_raise(html: str) -> None:
    run_checks(request_for(composed=replace(compose(), html=html, text=html)))
