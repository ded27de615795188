"""mrml and premailer together: what they must leave alone."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from mjml import mjml2html

from newsletter.compose.render.compiler import DOCTYPE, OPTIONS, inline

HEAD = "@media only screen and (max-width: 479px) { .a { color: blue !important; } }"
DARK = "@media (prefers-color-scheme: dark) { .a, body { color: white !important } }"
MJML = f"""<mjml lang="en-GB" dir="ltr"><mj-head><mj-title>T &amp; t</mj-title>
<mj-style>{HEAD}</mj-style><mj-style>{DARK}</mj-style>
<mj-raw><meta name="color-scheme" content="light dark" /></mj-raw></mj-head>
<mj-body width="600px"><mj-section padding="0px 32px">
<mj-column width="50%" padding="0px 12px 0px 0px"><mj-raw><!--block:story 1--></mj-raw>
<mj-text css-class="a" padding="0px"><p class="a">Caf&#233; &zwnj;<a href="https://x.test/?a=1&amp;copy=4">x</a></p></mj-text>
<mj-image padding="0px" src="https://x.test/a.png" alt="" /></mj-column>
<mj-column width="50%" padding="0px 0px 0px 12px"><mj-text padding="0px">b</mj-text></mj-column>
</mj-section></mj-body></mjml>"""
THEME = ".a { color: red; margin: 0px } p { font-size: 16px }"


@pytest.fixture(scope="module")
def html() -> str:
    """The MJML above, compiled and inlined."""
    return inline(mjml2html(MJML, fonts={}), THEME)


def test_head_blocks_are_byte_for_byte_what_they_were(html: str) -> None:
    before = re.findall(r"<style[^>]*>(.*?)</style>", mjml2html(MJML, fonts={}), re.DOTALL)
    after = re.findall(r"<style[^>]*>(.*?)</style>", html, re.DOTALL)
    assert before == after
    assert HEAD in after
    assert DARK in after


def test_a_theme_that_imports_is_asked_for_nothing() -> None:
    css = "@import url(http://127.0.0.1:9/x.css);\n@import url(file:///etc/hosts);\n" + THEME
    assert "color:red" in inline(mjml2html(MJML, fonts={}), css)


def test_a_warm_theme_and_rules_for_absent_classes_change_nothing(html: str) -> None:
    compiled = mjml2html(MJML, fonts={})
    assert inline(compiled, THEME) == html
    assert inline(compiled, THEME + " .nowhere-at-all td { color: blue }") == html
    assert inline(compiled, THEME.replace("red", "blue")) == html.replace("color:red", "color:blue")
    assert inline(compiled, THEME) == html


PLAIN = """
import pathlib, sys, warnings
from premailer import Premailer
warnings.simplefilter("ignore")
html, css, options = (pathlib.Path(each).read_text("utf-8") for each in sys.argv[1:])
told = eval(options)
print(Premailer(html, css_text=[css], **told).transform(pretty_print=False), end="")
"""


def test_it_gives_what_premailer_itself_gives(tmp_path: Path) -> None:
    """Shortcuts for speed change no byte: beside it works a premailer that nobody has touched."""
    css = (
        THEME
        + " td p.a { padding: 6px } .a, .b { top: 1px } .a.b { left: 1px } div .b { top: 2px }"
        " .c { width: 50px; background-color: #abc; text-align: right; vertical-align: top }"
    )
    body = MJML.replace(
        '<p class="a">', '<p class=" b  a b"><i class="c\t a">i</i></p><p class="a">'
    )
    html = mjml2html(body, fonts={})
    marked = html.replace("<style", '<style data-premailer="ignore"')
    given = {"html": marked, "css": css, "options": repr(dict(OPTIONS))}
    for name, text in given.items():
        (tmp_path / name).write_text(text, "utf-8")
    out = subprocess.run(
        [sys.executable, "-I", "-c", PLAIN, *(str(tmp_path / name) for name in given)],
        capture_output=True,
        check=True,
        encoding="utf-8",
    ).stdout
    assert inline(html, css) == DOCTYPE + out.replace('<style data-premailer="ignore"', "<style")
    assert '<p class=" b  a b" style="' in out
