"""Content that wants to be more than words, from the file or feed to the finished mail.

The judge is html5lib, which reads as browsers do; beside each hostile mail stands the same one with
harmless words. Every table of hostile.py goes through every template.
"""

import re
from collections.abc import Iterator, Sequence

import pytest
from composing import compose, for_reader, issue, placed, story, text
from hard_mails import template_names
from hostile import (
    BREAKOUTS,
    CODE,
    EVIL,
    NAUGHTY,
    SCHEMES,
    SCRIPTS,
    SCRIPTS_OF_THE_WORLD,
    STYLES,
    disguised,
)
from proof.hostile_issues import (
    HARMLESS,
    TEXTS,
    Parts,
    active_beyond,
    is_web_address,
    issue_of,
    issue_of_feed,
    parts_of,
    story_lines,
    typed,
)

from newsletter.compose.composer import Composer, Composition
from newsletter.errors import IssueError
from newsletter.ingest.children import PageReader
from newsletter.model.issue import Issue
from newsletter.model.text import clean_line

STRAIGHT = str.maketrans("\u2018\u2019\u201c\u201d", "''\"\"")
MARKUP = (*SCRIPTS, *STYLES, *BREAKOUTS)
TEMPLATES = template_names()


@pytest.fixture(scope="module")
def reader() -> Iterator[PageReader]:
    with PageReader() as made:
        yield made


def some(table: Sequence[str], template: str) -> Sequence[str]:
    """All of a table for the default template, a third for each that shares its parts."""
    return table if template == "daily" else table[TEMPLATES.index(template) % 3 :: 3]


def composition_of(composer: Composer, made: Issue, template: str) -> Composition:
    """Compose with an appeal at hand, whether or not it is asked for."""
    result = compose(composer, made, placed(), template=template, most_stories=500)
    assert result.composed is not None, result.findings[:3]
    return result


def page_of(composer: Composer, made: Issue, template: str) -> tuple[str, str]:
    """HTML and text as a reader gets them."""
    composed = composition_of(composer, made, template).composed
    assert composed is not None
    return for_reader(composed)


def dressed(composer: Composer, template: str) -> Parts:
    """A page with all that Markdown may do."""
    rows = story_lines(1, {})
    rich = TEXTS["dressed"]
    made = issue_of(f"{rich}\n{rows}{rich}\n{rows}## A story\n\nWords.\n\n> quoted\n")
    return parts_of(page_of(composer, made, template)[0])


@pytest.mark.covers("T01", "T03", "T04", "T05", "T42")
@pytest.mark.parametrize("template", TEMPLATES)
def test_markup_typed_into_an_issue_is_words(template: str, composer: Composer) -> None:
    payloads = some(MARKUP, template)
    hostile, twin, refused = typed(payloads)
    assert refused < len(payloads)  # most of it is taken, in every field
    html, plain = page_of(composer, hostile, template)
    harmless = parts_of(page_of(composer, twin, template)[0])
    page = parts_of(html)
    assert active_beyond(page, harmless, dressed(composer, template)) == []
    assert page.comments == harmless.comments
    assert not any(EVIL in address for _, address in page.addresses)
    for shown in (page.text, plain):
        assert squeezed(payloads[0]) in squeezed(shown)


def squeezed(words: str) -> str:
    """Words without what lines and headlines change: white space, and how quotes are bent."""
    return "".join(words.split()).translate(STRAIGHT)


@pytest.mark.covers("T02")
@pytest.mark.parametrize("scheme", SCHEMES)
def test_no_address_in_an_issue_leads_anywhere_but_to_the_web(
    scheme: str, composer: Composer
) -> None:
    accepted = []
    for place in TEXTS["places"]:
        for address in disguised(scheme):
            try:
                issue_of(f"# Top\n\n{place.format(address)}\n")
            except IssueError:
                continue
            accepted.append(f"# Section\n\n{place.format(address)}\n")
    made = issue_of("\n".join(["# Top\n\n## A story\n\nWords.\n", *accepted]))
    html, plain = page_of(composer, made, "daily")
    addresses = parts_of(html).addresses
    assert [each for each in addresses if not is_web_address(each[1], mail=True)] == []
    alone = [line for line in plain.split("\n") if re.fullmatch(r"\s*[\w.+-]+:\S+", line)]
    assert [line for line in alone if not is_web_address(line.strip(), mail=True)] == []


@pytest.mark.covers("T01", "T02", "T03", "T04", "T05", "T42")
@pytest.mark.parametrize("template", TEMPLATES)
def test_nothing_active_comes_from_a_feed(
    template: str, composer: Composer, reader: PageReader
) -> None:
    payloads = some(MARKUP, template)
    hostile = issue_of_feed(payloads, reader)
    twin = issue_of_feed([HARMLESS] * len(payloads), reader)
    page, harmless = (parts_of(page_of(composer, made, template)[0]) for made in (hostile, twin))
    assert active_beyond(page, harmless, dressed(composer, template)) == []
    hosts = {address.split("/")[2] for _, address in page.addresses if "//" in address}
    # T42: a story's link, its picture, and what the newsletter itself links
    assert hosts <= {"paper.example", "img.paper.example", "news.example.org"}


@pytest.mark.covers("T02", "T42")
def test_addresses_of_a_feed_lead_to_the_web_or_nowhere(
    composer: Composer, reader: PageReader
) -> None:
    addresses = [each for scheme in SCHEMES for each in disguised(scheme)]
    made = issue_of_feed(["words"] * len(addresses), reader, addresses=addresses)
    html, _ = page_of(composer, made, "daily")
    found = parts_of(html).addresses
    assert [each for each in found if not is_web_address(each[1], mail=True)] == []
    assert [each for each in found if each[0] == "src" and not each[1].startswith("http")] == []


@pytest.mark.covers("T06", "T21", "T24", "T31")
@pytest.mark.parametrize("template", TEMPLATES)
def test_harmless_words_come_through_whatever_they_look_like(
    template: str, composer: Composer, reader: PageReader
) -> None:
    words = list(SCRIPTS_OF_THE_WORLD)
    plainly = [clean_line(each) for each in some([*NAUGHTY, *CODE], template)]
    for made, expected in (
        (typed(words)[0], words),
        (issue_of_feed(words, reader), words),
        (written(plainly), plainly),
    ):
        html, plain = page_of(composer, made, template)
        shown = squeezed(parts_of(html).text)
        for each in expected:
            assert squeezed(each) in shown, each
            assert squeezed(each) in squeezed(plain), each


def written(payloads: Sequence[str]) -> Issue:
    """An issue whose stories hold a payload in every field, past the reading of a file."""
    blocks = [
        story(words, url=f"https://paper.example/{number}", kicker=words, summary=text(words))
        for number, words in enumerate(payloads)
    ]
    return issue(*blocks, subject="A subject", preheader="More")
