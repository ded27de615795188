"""The lint over rendered MJML: what mrml swallows without a word has a sentence and a line."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mjml import mjml2html

from newsletter.compose.line_marks import MAX_FINDINGS, unmarked
from newsletter.compose.lint import mjml_registry
from newsletter.compose.lint.mjml_lint import lint_mjml
from newsletter.model.finding import Finding, Severity

FILE = "templates/daily.mjml.j2"


def lint(mjml: str) -> list[Finding]:
    """Lint MJML as if it stood in a template as it is."""
    return lint_mjml(unmarked(mjml, FILE)).findings


def in_column(inner: str) -> str:
    """Put blocks in a column; they begin on line 3."""
    return (
        "<mjml><mj-body>\n<mj-section><mj-column>\n"
        f"{inner}\n</mj-column></mj-section></mj-body></mjml>"
    )


def in_text(inner: str) -> str:
    """Put HTML in an mj-text; it begins on line 3."""
    return in_column(f"<mj-text>{inner}</mj-text>")


def in_head(inner: str) -> str:
    """Put elements in the head; they begin on line 2."""
    return f"<mjml><mj-head>\n{inner}\n</mj-head><mj-body></mj-body></mjml>"


GOOD = """<!-- a comment -->
<mjml lang="en-GB" dir="ltr">
  <mj-head>
    <mj-title>A &amp; b</mj-title>
    <mj-preview>x &#847;&zwnj;&nbsp;</mj-preview>
    <mj-breakpoint width="480px" />
    <mj-attributes>
      <mj-all padding="0px" font-family="Georgia, 'Times New Roman', serif" />
      <mj-class name="a" color="#123456" width="50%" />
      <mj-text line-height="1.5" letter-spacing="-0.4px" />
    </mj-attributes>
    <mj-style>@media print { .a > td { color: red !important; } }</mj-style>
    <mj-raw><meta name="color-scheme" content="light dark" /></mj-raw>
  </mj-head>
  <mj-body width="600px" background-color="#f1eee7" css-class="page">
    <mj-raw><!--block:lead--></mj-raw>
    <mj-wrapper padding="0px" full-width="full-width">
      <mj-section padding="24px 32px 0px" mj-class="a">
        <mj-group width="100%"><mj-column width="50%"><mj-text>x<br>y<hr/></mj-text></mj-column>
        </mj-group>
      </mj-section>
    </mj-wrapper>
    <mj-section>
      <mj-column vertical-align="top">
        <mj-image src="https://x.test/a.png" alt="5&quot; tall" href="#top" width="100px" />
        <mj-button href="https://x.test/?a=1&amp;b=2" background-color="rgb(1, 2, 3)">Go</mj-button>
        <mj-button href="zq8f3k2v9x">slot</mj-button>
        <mj-divider border-width="1px" border-style="solid" />
        <mj-spacer height="8px" />
        <mj-table cellpadding="0" width="100%"><tr><td colspan="2">x</td></tr></mj-table>
        <mj-social>
          <mj-social-element src="https://x.test/i.png" href="https://x.test/">x</mj-social-element>
        </mj-social>
        <mj-text>
          <h2 class="a" lang="cy">H</h2>
          <p style="color:red">a > b &amp; c <a href="mailto:a@b.test">m</a></p>
          <ul><li value="1">1</li></ul><img src="https://x.test/a.png" alt="" />
          <!-- fine - too -->
        </mj-text>
      </mj-column>
    </mj-section>
  </mj-body>
</mjml>
"""


def test_a_good_document_has_no_finding_and_compiles() -> None:
    assert lint(GOOD) == []
    assert mjml2html(GOOD, fonts={}).startswith("<!doctype html>")


CASES = [
    # C04: what mrml refuses without a place, or breaks
    (in_text("<b>x"), 3, "C04", "<b> is not closed before </mj-text>"),
    (in_text("x</b>"), 3, "C04", "</b> closes nothing"),
    (in_text("<p>x<p>y"), 3, "C04", "<p> is not closed"),
    (in_text("<b><i>x</b></i>"), 3, "C04", "<i> is not closed before </b>"),
    (in_text("a < b"), 3, "C04", "bare <"),
    (in_text("a <3"), 3, "C04", "bare <"),
    (in_text("</ p>"), 3, "C04", "bare <"),
    (in_text("<!-- a -- b -->"), 3, "C04", "holds --"),
    (in_text("<!-->x"), 3, "C04", "comment"),
    (in_text("<!-- x --->"), 3, "C04", "holds --"),
    (in_text("\n<!-- never"), 4, "C04", "comment is not closed"),
    (in_text("<![CDATA[x]]>"), 3, "C04", "CDATA"),
    (in_text("<![if !mso]>x<![endif]>"), 3, "C04", "only comments"),
    (in_text("<!--[if mso]>x<![endif]-->"), 3, "C04", "conditional comments"),
    (in_text("<!DOCTYPE html>"), 3, "C04", "only comments"),
    (in_text("<?php x ?>"), 3, "C04", "processing instruction"),
    (in_text("<p class=a>x</p>"), 3, "C04", 'class="a"'),
    (in_text('<p class="a>x</p>'), 3, "C04", "closing quote"),
    (in_text('<p class="a"id="b">x</p>'), 3, "C04", "space is missing"),
    (in_text("<p class=\"a\" 'b'>x</p>"), 3, "C04", "cannot stand inside the tag"),
    (in_text('<p class="a" class="b">x</p>'), 3, "C04", "stands twice"),
    (in_text("<p title='5\" tall'>x</p>"), 3, "C04", "&quot;"),
    (in_text('<p title="a<b">x</p>'), 3, "C04", "bare <"),
    (in_text("<p />"), 3, "C04", "not closed for HTML"),
    (in_text("a\x0bb"), 3, "C04", "U+000B"),
    (in_text("a\x00b"), 3, "C04", "U+0000"),
    (in_text("a\u2028b"), 3, "C04", "U+2028"),
    ("<mjml><mj-body></mj-body>", 1, "C04", "never closed"),
    ("<mjml><mj-body></mj-body></mjml>\nx", 2, "C04", "words stand outside"),
    ("", 1, "C04", "writes nothing"),
    ("<!-- x -->", 1, "C04", "no <mjml>"),
    ("<div></div>", 1, "C04", "outside <mjml>"),
    (in_column('<mj-image alt="" src >'), 3, "C04", "no value"),
    (in_text("<b>" * 51 + "x" + "</b>" * 51), 3, "C04", "50 HTML tags"),
    (in_text('<a href="#x">x <b><a href="#y">y</a></b></a>'), 3, "C04", "inside a link"),
    (in_column('<mj-button href="#x"><a href="#y">y</a></mj-button>'), 3, "C04", "inside a link"),
    # C05: what would kill it
    ("<mjml><mj-body>" + "<mj-section>" * 64, 1, "C05", "more than 64"),
    # C01: what it does not know
    (in_column("<mj-txt>x</mj-txt>"), 3, "C01", 'did you mean "mj-text"'),
    (in_column('<mj-text colour="red">x</mj-text>'), 3, "C01", 'did you mean "color"'),
    (in_column('<mj-text\n  font-size="13">x</mj-text>'), 4, "C01", "number of pixels"),
    (in_column('<mj-image src="https://x.test/" alt="" width="abc" />'), 3, "C01", "pixels"),
    (in_column('<mj-divider width="9999%" />'), 3, "C01", "up to 100%"),
    (in_column('<mj-text color="#12">x</mj-text>'), 3, "C01", "a colour"),
    (in_column('<mj-text color="bule">x</mj-text>'), 3, "C01", "a colour's name"),
    (in_column('<mj-text align="middle">x</mj-text>'), 3, "C01", '"left" or'),
    (in_column('<mj-text padding="1em">x</mj-text>'), 3, "C01", "one to four lengths"),
    (in_column('<mj-text padding="1px 2px 3px 4px 5px">x</mj-text>'), 3, "C01", "one to four"),
    (in_head('<mj-attributes><mj-txt color="red" /></mj-attributes>'), 2, "C01", "mj-text"),
    (in_head('<mj-attributes><mj-all colr="red" /></mj-attributes>'), 2, "C01", "color"),
    (in_text("<font>x</font>"), 3, "C01", "cannot be used here"),
    (in_text("<B>x</B>"), 3, "C01", "did you mean <b>"),
    (in_text('<p clas="x">y</p>'), 3, "C01", "class"),
    (in_text('<p data-premailer="ignore">y</p>'), 3, "C01", "data-premailer"),
    (in_column('<mj-image src="" alt="" />'), 3, "C01", "names no picture"),
    (in_text('<img src=" " alt="" />'), 3, "C01", "names no picture"),
    (in_text('<p style="font-size 14px">x</p>'), 3, "C01", '"font-size 14px" is no declaration'),
    (in_text('<p style="color: red; top=1">x</p>'), 3, "C01", '"top=1"'),
    (in_column('<mj-text mj-class="a">x</mj-text>'), 3, "C01", 'no mj-class "a"'),
    (
        in_head('<mj-attributes><mj-class name="rule" /></mj-attributes>').replace(
            "<mj-body>", '<mj-body><mj-section mj-class="rule rul"></mj-section>'
        ),
        3,
        "C01",
        'did you mean "rule"',
    ),
    # C02: what stands in the wrong place
    ("<mjml><mj-body></mj-body>\n<mj-body></mj-body></mjml>", 2, "C02", "stands twice"),
    ("<mjml><mj-body>\n<mj-text>x</mj-text></mj-body></mjml>", 2, "C02", "inside mj-column"),
    ("<mjml><mj-body>\n<mj-column></mj-column></mj-body></mjml>", 2, "C02", "mj-group"),
    (in_column("<mj-section></mj-section>"), 3, "C02", "inside mj-body or mj-wrapper"),
    (in_text("<mj-text>x</mj-text>"), 3, "C02", "cannot stand inside <mj-text>"),
    (in_column("<div>x</div>"), 3, "C02", "HTML tag <div>"),
    (in_column("words"), 3, "C02", "words cannot stand inside <mj-column>"),
    ("<mjml></mjml>", 1, "C02", "no <mj-body>"),
    ("<mjml><mj-body></mj-body></mjml><mjml></mjml>", 1, "C02", "outside <mjml>"),
    (in_head("<mj-title><b>x</b></mj-title>"), 2, "C02", "<b>"),
    # C03: what mrml does otherwise than MJML
    (in_column('<mj-text padding="0 32px">x</mj-text>'), 3, "C03", '"0px 32px"'),
    (in_column('<mj-text padding="24px 32px 0">x</mj-text>'), 3, "C03", '"24px 32px 0px"'),
    (in_column('<mj-text padding="0">x</mj-text>'), 3, "C03", '"0px"'),
    (
        in_head('<mj-attributes><mj-section padding="0 32px" /></mj-attributes>'),
        2,
        "C03",
        "0px 32px",
    ),
    (in_column('<mj-image src="https://x.test/" />'), 3, "C03", "needs alt"),
    (in_text('<img src="https://x.test/">'), 3, "C03", "needs alt"),
    (in_head("<mj-html-attributes></mj-html-attributes>"), 2, "C03", "mj-html-attributes"),
    (
        in_head('<mj-attributes><mj-class name="a"><mj-text /></mj-class></mj-attributes>'),
        2,
        "C03",
        "mj-class",
    ),
    (in_column("<mj-social><mj-social-element>x</mj-social-element></mj-social>"), 3, "C03", "src"),
    # C07: what a mail must not do
    (in_text("<script>x</script>"), 3, "C07", "<script>"),
    (in_text("<SCRIPT>x</SCRIPT>"), 3, "C07", "<SCRIPT>"),
    (in_text("<style>x</style>"), 3, "C07", "<style>"),
    (in_text("<svg></svg>"), 3, "C07", "<svg>"),
    (in_text('<p onclick="x">y</p>'), 3, "C07", "onclick"),
    (in_column('<mj-text onload="x">y</mj-text>'), 3, "C07", "onload"),
    (in_column("<mj-raw><iframe></iframe></mj-raw>"), 3, "C07", "<iframe>"),
    (in_column("<script>x</script>"), 3, "C07", "<script>"),
    (in_head('<mj-raw><link rel="stylesheet" href="x"></link></mj-raw>'), 2, "C07", "<link>"),
    (
        in_head('<mj-raw><meta http-equiv="refresh" content="0;url=x"></mj-raw>'),
        2,
        "C07",
        "http-equiv",
    ),
    (in_head('<mj-font name="x" href="https://x.test/f.css" />'), 2, "C07", "mj-font"),
    (in_head('<mj-include path="/etc/passwd" />'), 2, "C07", "mj-include"),
    (in_head("<mj-style>\n@import url(x);</mj-style>"), 3, "C07", "@import"),
    (in_text('<p style="background:url(x)">y</p>'), 3, "C07", "url()"),
    (in_text('<p style="background:&#117;rl(x)">y</p>'), 3, "C07", "url()"),
    (in_column('<mj-text font-family="x;position:fixed">y</mj-text>'), 3, "C07", "; ends"),
    (in_column('<mj-text font-family="x&#59;y">y</mj-text>'), 3, "C07", "; ends"),
]


@pytest.mark.covers("T24")
@pytest.mark.parametrize(("mjml", "line", "check", "words"), CASES)
def test_each_mistake_has_its_check_its_line_and_a_sentence(
    mjml: str, line: int, check: str, words: str
) -> None:
    findings = lint(mjml)
    hits = [f for f in findings if f.id == check and f.line == line and words in f.message]
    assert hits, findings
    assert all(f.severity is Severity.ERROR and f.file == FILE for f in hits)


@pytest.mark.parametrize(
    ("mjml", "words"),
    [
        (in_head('<mj-style inline="inline">.a { color: red }</mj-style>'), "does not inline"),
        (in_head('<mj-attributes><mj-body width="500px" /></mj-attributes>'), "mj-body"),
        (in_column('<mj-image src="https://x.test/" alt="" sizes="x" />'), '"sizes"'),
        (in_column('<mj-image src="https://x.test/" alt="" title="x" />'), '"title"'),
        (in_column("<mj-button>x</mj-button>"), "leads nowhere"),
        ('<mjml><mj-body width="800px"></mj-body></mjml>', "wider than most reading panes"),
        (in_column("<mj-navbar></mj-navbar>" * 3), "same id"),
    ],
)
def test_what_mrml_leaves_out_is_a_warning(mjml: str, words: str) -> None:
    findings = lint(mjml)
    assert [(f.id, f.severity) for f in findings] == [("C03", Severity.WARNING)]
    assert words in findings[0].message


def test_one_navbar_is_no_gap() -> None:
    assert lint(in_column("<mj-navbar></mj-navbar>")) == []


def test_components_that_become_form_fields_are_refused() -> None:
    for mjml in (
        in_column("<mj-carousel></mj-carousel>"),
        in_column("<mj-accordion></mj-accordion>"),
        in_column('<mj-navbar hamburger="hamburger"></mj-navbar>'),
    ):
        assert ("C07", Severity.ERROR) in [(f.id, f.severity) for f in lint(mjml)], mjml


@pytest.mark.covers("T24")
@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java&#115;cript:alert(1)",
        "&#x6a;avascript:alert(1)", "java&#9;script:x", "java\tscript:x", "java&#10;script:x",
        "&#1;javascript:x", " javascript:x", "\u2028javascript:x", "\u00a0javascript:x",
        "javascript&colon;x", "%6Aavascript:x", "vbscript:x", "data:text/html,x",
        "data:image/png;base64,AAAA", "blob:x", "file:///etc/passwd", "//host.test/x", "/x", "x y",
        "https:", "https:x", "https://", "https:\\\\x", "http:///x", "https://@x", "tel:1",
        "cid:1", "ftp://x.test/", "page.html", "https://x.test/a b", "https://x.\u200btest/",
    ],
)  # fmt: skip
def test_no_link_or_picture_leads_to_code_or_nowhere(address: str) -> None:
    for mjml in (
        in_text(f'<a href="{address}">x</a>'),
        in_column(f'<mj-button href="{address}">x</mj-button>'),
        in_column(f'<mj-image src="{address}" alt="" />'),
        in_text(f'<img src="{address}" alt="" />'),
    ):
        assert "C07" in {f.id for f in lint(mjml)}, mjml


@pytest.mark.parametrize(
    "address",
    ["https://x.test/", "http://x.test", "https://x.test/?a=1&amp;b=%20#c", "a1b2c3d4e5f6"],
)
def test_good_addresses_pass_in_links_and_pictures(address: str) -> None:
    assert lint(in_text(f'<a href="{address}">x</a><img src="{address}" alt="" />')) == []


def test_mailto_and_anchors_are_for_links_alone() -> None:
    assert lint(in_text('<a href="mailto:a@b.test">x</a><a href="#top">y</a>')) == []
    assert lint(in_text('<img src="mailto:a@b.test" alt="" /><img src="#top" alt="" />'))


def test_a_mailto_breaks_lines_in_its_body_alone() -> None:
    for address in ("a@b.test?subject=x&amp;body=y%0D%0Az", "a@b.test?Body=%0a"):
        assert lint(in_text(f'<a href="mailto:{address}">x</a>')) == [], address
    for address in ("a@b.test?subject=x%0d%0aBcc:c@d.test", "a%0Ab@b.test", "a@b.test?to=x%00"):
        (finding,) = lint(in_text(f'<a href="mailto:{address}">x</a>'))
        assert "a line break" in finding.message, address


@pytest.mark.covers("T25")
@pytest.mark.parametrize("tag", ["mj-section", "div", "b", "mj-x"])
def test_deep_nesting_is_found_quickly_and_once(tag: str) -> None:
    count = 20_000
    opened, closed = f"<{tag}>" * count, f"</{tag}>" * count
    mjml = in_text(opened + closed) if not tag.startswith("mj-") else in_column(opened + closed)
    begun = time.process_time()
    findings = lint(mjml)
    assert time.process_time() - begun < 5
    assert len([f for f in findings if "more than 64" in f.message]) <= 1
    assert any(f.severity is Severity.ERROR for f in findings)


def test_a_crowd_of_warnings_hides_no_error() -> None:
    many = '<mj-button title="x">y</mj-button>\n' * 3_000
    findings = lint(in_column(many + '<mj-text onload="x">y</mj-text>'))
    assert len(findings) == MAX_FINDINGS + 1
    assert findings[-1].id == "C07"


def test_findings_stop_at_the_limit() -> None:
    assert len(lint(in_text("<\n" * 10_000))) == MAX_FINDINGS


def test_a_loop_that_repeats_a_mistake_is_told_once() -> None:
    findings = lint(in_column('<mj-text colour="red">x</mj-text>' * 5_000 + "<script>"))
    assert [f.id for f in findings] == ["C01"]


def test_one_misplaced_block_is_one_finding_whatever_is_in_it() -> None:
    mjml = in_column(
        "<mj-section>\n<mj-section>\n<mj-section>\nwords<p>x</p></mj-section></mj-section>"
    )
    assert [(f.id, f.line) for f in lint(mjml + "</mj-section>")][:1] == [("C02", 3)]
    assert len([f for f in lint(mjml) if f.id == "C02"]) == 1


@pytest.mark.parametrize(
    "piece", ["<a b='", '<a b="', "<!--", "<a ", "</a ", "<mj-style>", "&", "< "]
)
def test_time_grows_with_the_text_and_no_faster(piece: str) -> None:
    begun = time.process_time()
    lint(in_text(piece * (400_000 // len(piece))))
    assert time.process_time() - begun < 5


def test_the_registry_knows_no_attribute_twice_and_no_unknown_parent() -> None:
    inside = {name for names in mjml_registry.CHILDREN.values() for name in names}
    inside -= {"html", "words", "css"}
    assert inside <= set(mjml_registry.COMPONENTS)
    for tag, name in mjml_registry.IGNORED:
        assert name in mjml_registry.COMPONENTS[tag], (tag, name)


MARKUP = st.lists(
    st.sampled_from(
        ["<mjml>", "</mjml>", "<mj-body>", "</mj-body>", "<mj-section>", "</mj-section>",
         "<mj-column>", "</mj-column>", "<mj-text>", "</mj-text>", "<b>", "</b>", "<br>", "x", "&",
         "<", ">", '"', "'", "<!--", "-->", "--", "<p a='", '<p a="', "=", " ", "/>", "<mj-style>",
         "</mj-style>", "{", "}", "<mj-raw>", "</mj-raw>", "<?", "<![CDATA["]
    ),
    max_size=25,
)  # fmt: skip


@given(MARKUP)
def test_what_passes_the_lint_is_never_refused_by_mrml(pieces: list[str]) -> None:
    mjml = "".join(pieces)
    if not lint(mjml):
        assert mjml2html(mjml, fonts={})


@given(MARKUP)
def test_what_passes_inside_a_text_block_is_never_refused_by_mrml(pieces: list[str]) -> None:
    mjml = in_text("".join(pieces))
    if not lint(mjml):
        assert mjml2html(mjml, fonts={})
