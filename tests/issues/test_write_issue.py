"""What a draft holds is written so that it reads back, and an edit touches its own line alone."""

from datetime import date

from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.issues.save import parse_issue, set_attributes, write_issue
from newsletter.model.issue import CalloutRef, Issue, Section, Story, StoryImage
from newsletter.model.text import Paragraph, Text, clean_line, clean_text

NASTY = st.sampled_from(
    [
        *"*_`[]()<>&!#{}|~\\:+-=.019 \t\xa0aZé\u05d0\U0001f600,;\"'@/",
        *("[[name]]", ":::", "::: editor", "# ", "## ", "1. ", "1) ", "---", "```", "{a=b}"),
        *("{{ 7*7 }}", "&amp;", "&#42;", "<b>", "<https://x.example>", "](", "![", "> ", "- "),
        *("http://x.example", "\u200b", "\u202e", "e\u0301", "word", " and "),
    ]
)
RAW = st.lists(NASTY, min_size=1, max_size=6).map("".join)
LINE = st.one_of(RAW, st.text(max_size=12)).map(clean_line).filter(bool)
MAYBE_LINE = st.one_of(st.just(""), LINE)
WORDS = st.one_of(RAW, st.text(max_size=12)).map(clean_text).map(str.strip).filter(bool)
PARAGRAPH = WORDS.map(lambda text: Paragraph(children=(Text(text=text),)))
URL = st.sampled_from(
    [
        "https://example.org/",
        "https://example.org/a_(b)_c?x=1&copy=2&amp;#frag",
        "http://xn--bcher-kva.example:8080/%20*_~!",
    ]
)
VALUE = MAYBE_LINE.filter(lambda text: "[[" not in text)
ATTRIBUTES = st.dictionaries(st.sampled_from(["article", "embargo", "x-y_1"]), VALUE, max_size=2)
STORY = st.builds(
    Story,
    headline=LINE,
    url=st.one_of(st.just(""), URL),
    attributes=ATTRIBUTES.map(lambda pairs: tuple(pairs.items())),
    image=st.one_of(st.none(), st.builds(StoryImage, url=URL, alt=MAYBE_LINE)),
    byline=MAYBE_LINE,
    summary=st.lists(PARAGRAPH, max_size=2).map(tuple),
)
CALLOUT = st.builds(CalloutRef, name=st.sampled_from(["a", "dec-ukraine"]))
SECTION = st.builds(
    Section, heading=LINE, blocks=st.lists(st.one_of(STORY, CALLOUT), max_size=3).map(tuple)
)
ISSUE = st.builds(
    Issue,
    name=st.just("x"),
    file=st.just("i.md"),
    newsletter=st.just("daily"),
    date=st.dates(min_value=date(1000, 1, 1)),
    subject=VALUE,
    preheader=VALUE,
    sections=st.lists(SECTION, min_size=1, max_size=3).map(tuple),
)


def story_of(headline: str, *words: str) -> Issue:
    summary = tuple(Paragraph(children=(Text(text=text),)) for text in words)
    section = Section(heading="S", blocks=(Story(headline=headline, summary=summary),))
    day = date(2026, 11, 24)
    return Issue(name="x", file="i.md", newsletter="daily", date=day, sections=(section,))


@given(ISSUE)
@example(story_of("H #", "**World**", "*a*"))
@example(story_of("[a](https://x.example)", "{a=b}", "1. a"))
def test_what_is_written_reads_back_as_the_same_issue(issue: Issue) -> None:
    written = write_issue(issue)
    assert parse_issue(written, name="x", file="i.md").issue == issue


MIXED = """\
---
newsletter: daily
date: 2022-03-16
---
# Top

## [One](https://example.org/1)
{article=7 summary=draft}

Words.

# More

## [Two](https://example.org/2)

  {article=8}
"""


def test_other_attributes_change_their_line_alone() -> None:
    for newline in ("\n", "\r\n"):
        source = MIXED.replace("\n", newline)
        story = parse_issue(source, name="x", file="i.md").issue.sections[0].blocks[0]
        assert isinstance(story, Story)
        assert set_attributes(source, story, [("article", "7")]) == source.replace(
            "{article=7 summary=draft}", "{article=7}"
        )
        assert set_attributes(source, story, []) == source.replace(
            f"{{article=7 summary=draft}}{newline}", ""
        )
