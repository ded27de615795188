"""Mistakes of structure planted in real issues and templates are found, and sound ones pass."""

import re
from dataclasses import replace
from time import process_time

import pytest
from check_samples import NEWSLETTER, compose, request_for
from real_mails import HEAD, made_of, parsed, shipped_templates, verified_appeal

from newsletter.checks.page_checks import PAGE_CHECKS
from newsletter.checks.request import read_composition
from newsletter.checks.run import run_checks
from newsletter.compose.composer import Composer
from newsletter.model.callout import Callout

TEMPLATES = shipped_templates()
DAILY, TEXT, THEME = "daily.mjml.j2", "daily.txt.j2", "theme.css.j2"
HEADER, MASTHEAD = "parts/document_head.mjml.j2", "parts/masthead.mjml.j2"
STORY, LEAD, CARDS = "parts/story_macros.mjml.j2", "parts/lead.mjml.j2", "parts/cards.mjml.j2"
STRUCTURE = frozenset({f"O{number:02}" for number in (4, 5, 9, 10, 12, 13, 14, 17, 19, 21)})
STRUCTURE |= {f"O{number}" for number in range(25, 30)}
FIRST_TEXT = '<mj-text align="center" padding="0px 0px 14px">'
LEAD_STORY = """## [Rail strike called off after late-night talks](https://papers.example/rail)
**Transport**
![A platform full of people at rush hour](https://papers.example/img/rail.jpg)
*By Jane Doe · Example News*

Trains will run as usual on Tuesday: the union's leaders said the offer was good enough to put to
their members, who vote next week. {more}
"""
OTHERS = """
# In depth

## [A harbour town votes on its sea wall](https://papers.example/wall)
![A harbour wall in low sun](https://papers.example/img/wall.jpg)

Councillors must choose between a higher wall and giving twelve houses back to the sea on Thursday.

## [The bog that remembers nine thousand summers](https://papers.example/bog)

Researchers in Cumbria have read pollen, soot and dust layer by layer, and found one very bad year.

# In brief

- [Fishing boat found off the coast](https://papers.example/boat): all five aboard are well.
- [Council backs a repair fund for bridges](https://papers.example/bridges): work starts in April.
"""


def issue(more: str = "") -> str:
    return HEAD.replace("five more", "four more") + LEAD_STORY.format(more=more) + OTHERS


SOUND = issue()


@pytest.fixture(scope="module")
def appeal() -> Callout:
    return verified_appeal()


def ids(
    composer: Composer, appeal: Callout, source: str, templates: dict[str, str], template: str
) -> set[str]:
    newsletter = replace(NEWSLETTER, template=template)
    made = made_of(composer, parsed(source), templates, appeal, newsletter)
    return {finding.id for finding in run_checks(made).findings}


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        ("[Read more](https://papers.example/rail/2).", "O12"),
        ("To vote, [click here](https://papers.example/vote).", "O12"),
        ("[The report](https://papers.example/a), [the report](https://papers.example/b).", "O12"),
        ("See [the figures](http://papers.example/x).", "O10"),
        ("See [the figures](https://203.0.113.9/x).", "O10"),
        ("See [the figures](https://https://papers.example/x).", "O10"),
        ("See [the figures](https://papers.con/x).", "O10"),
        ("See [the figures](https://bit.ly/3xyz).", "O10"),
        ("See [www.bank.example](https://evil.example/).", "O10"),
        ("See [the shop](https://xn--pple-43d.com/x).", "O10"),
        ("See [the figures](https://papers.example/x,).", "O10"),
        ("See [the figures](https://cms.local/a).", "O10"),
        ("See [my page](https://news.example.org/u/abcdefgh12345).", "O10"),
        ("See [the figures](https://papers.example/a%E2%80%8Bb).", "O10"),
        ("![Peat](https://papers.example/peat.webp)", "O13"),
        ("![Peat](https://papers.example/peat.svg)", "O13"),
        ("![](https://count.example/open.gif)", "O21"),
    ],
)
def test_a_mistake_in_an_issue_is_found(
    composer: Composer, appeal: Callout, more: str, wanted: str
) -> None:
    found = ids(composer, appeal, issue(more), TEMPLATES, "daily")
    assert wanted in found
    assert found <= {wanted, "S09", "S14", "S16", "S26"}


@pytest.mark.parametrize(
    ("name", "old", "new", "wanted"),
    [
        (DAILY, ' lang="{{ language }}"', "", "O04"),
        (DAILY, 'lang="{{ language }}"', 'lang="de"', "O04"),
        (DAILY, 'dir="{{ direction }}"', 'dir="rtl"', "O04"),
        (HEADER, "<mj-title>{{ subject }}</mj-title>", "", "O04"),
        (HEADER, '<meta name="color-scheme" content="light dark" />', "", "O04"),
        (HEADER, "telephone=no,", "", "O04"),
        (CARDS, 'width="50%"', 'width="320px"', "O05"),
        (STORY, "h{{ level }}", "h1", "O09"),
        (STORY, "h{{ level }}", "h{{ level + 1 }}", "O09"),
        (MASTHEAD, FIRST_TEXT, f"{FIRST_TEXT}<h2></h2>", "O09"),
        (THEME, ".ink {", ".lead-head { display: flex; }\n.ink {", "O13"),
        (THEME, ".ink {", ".byline { float: right; }\n.ink {", "O13"),
        (THEME, ".ink {", ".body { width: calc(100% - 8px); }\n.ink {", "O13"),
        (THEME, ".ink {", ".body { text-shadow: 0 1px #ffffff; }\n.ink {", "O13"),
        (
            HEADER,
            "<mj-style>",
            '<mj-style>.kick::before { content: "!"; }</mj-style><mj-style>',
            "O13",
        ),
        (TEXT, "{{ plain.why }}", "", "O16"),
        (STORY, "{{ story.summary }}", "", "O19"),
        (STORY, "{{ item.body }}", "", "O19"),
        (TEXT, "{{ row.text }}", "{{ row.text.split('\\n\\n')[0] }}", "C09"),
        (TEXT, "{{ plain.title }}", "{{ plain.title }} https://other.example/x", "O19"),
        (TEXT, "{{ plain.urls.preferences }}", "", "O19"),
        (
            LEAD,
            "<mj-column>",
            '<mj-column><mj-image width="1px" height="1px" alt="" src="https://count.example/p" />',
            "O21",
        ),
        (
            MASTHEAD,
            FIRST_TEXT,
            f'{FIRST_TEXT}<img src="https://news.example.org/logo.png" alt="The Daily" />',
            "O27",
        ),
        (
            MASTHEAD,
            FIRST_TEXT,
            f"{FIRST_TEXT}<table><tr><td>Today</td></tr></table>",
            "O25",
        ),
        (HEADER, "<mj-preview>{{ preheader }}", "<mj-preview>The Daily", "O29"),
    ],
)
def test_a_mistake_in_a_template_is_found(  # noqa: PLR0917 (a row of the table)
    composer: Composer, appeal: Callout, name: str, old: str, new: str, wanted: str
) -> None:
    assert old in TEMPLATES[name]
    templates = {**TEMPLATES, name: TEMPLATES[name].replace(old, new)}
    assert wanted in ids(composer, appeal, SOUND, templates, "daily")


@pytest.mark.parametrize("template", ["daily", "weekly", "breaking", "plain"])
@pytest.mark.parametrize(
    "more",
    [
        "",
        "See [blanket bogs](https://en.wikipedia.org/wiki/Bog_(wetland)).",
        "See [an old page](https://web.archive.org/web/2020/https://papers.example/x).",
        "See <https://papers.example/ferries>, or papers.example for short.",
        "See [the page](https://www.müller-straße.de/fähre) and [another](https://почта.рф/x).",
        "It costs £4.20 (report 2026/11-44, ISBN 978-3-16-148410-0); ring 020 7946 0000.",
        "“L\u2019opérateur” — naïve, 東京, العَرَبية, \U0001f469\u200d\U0001f469\u200d\U0001f467 so.",
        "As [Jane Doe writes](https://papers.example/rail#more), so did C++ and next.js.",
    ],
)
def test_sound_issues_raise_no_alarm_in_any_template(
    composer: Composer, appeal: Callout, template: str, more: str
) -> None:
    found = ids(composer, appeal, issue(more), TEMPLATES, template)
    assert found <= {"C10"}  # whether the issue suits the template


def test_the_padding_of_the_preheader_is_missed(composer: Composer, appeal: Callout) -> None:
    padding = re.compile(r"\{% for _ in range\(60\) %\}.*?\{% endfor %\}")
    templates = {**TEMPLATES, HEADER: padding.sub("", TEMPLATES[HEADER])}
    assert templates != TEMPLATES
    assert ids(composer, appeal, SOUND, templates, "daily") == {"O29"}


@pytest.mark.parametrize(
    "piece",
    [
        "<",
        "<td>",
        "<!--[if mso]>",
        "<!--[if !mso]><!-->",
        "<style>@media{a{",
        "020 7946 0000 ",
        "https://x.example/ ",
        "<a href='",
        "<p style='a:calc(1px);b:\\61 /*",
        "<table><th>x",
    ],
)
def test_twice_the_html_takes_about_twice_the_time(piece: str) -> None:
    def cost(size: int) -> float:
        made = compose()
        html = made.html.replace("<h1>", f"{piece * (size // len(piece))}<h1>", 1)
        read = read_composition(request_for(composed=replace(made, html=html, text=html)))
        assert read is not None
        started = process_time()
        for check in PAGE_CHECKS:
            if check.at_mail is not None and check.id in STRUCTURE:
                list(check.at_mail(read))
        return process_time() - started

    assert cost(80_000) < 20 * cost(10_000) + 0.5
