"""Reading an issue file: what each part of the format means, and that no file breaks the reader."""

import time
import tomllib
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from case_tables import own_cases
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import IssueError, UserError
from newsletter.issues.body import MOST_MARKS
from newsletter.issues.save import parse_issue, read_issue
from newsletter.issues.source import MOST_BYTES
from newsletter.model.issue import (
    Brief,
    Briefs,
    CalloutRef,
    EditorMessage,
    Issue,
    Story,
    TextPassage,
)
from newsletter.model.text import CodeBlock, CodeSpan, Link, ListBlock, Paragraph, SlotRef, Text

ROOT = Path(__file__).parents[2]
HEAD = "---\nnewsletter: daily\ndate: 2022-03-16\n---\n"


def body(text: str) -> Issue:
    return parse_issue(HEAD + text, name="2022-03-16-daily", file="i.md").issue


def story(text: str) -> Story:
    found = body(f"# Top\n\n{text}").sections[0].blocks[0]
    assert isinstance(found, Story)
    return found


def mistakes(text: str) -> list[str]:
    with pytest.raises(IssueError) as caught:
        parse_issue(text, name="2022-03-16-daily", file="i.md")
    return list(caught.value.problems)


def body_mistakes(text: str) -> list[str]:
    """Return the mistakes with line numbers counted from the body's first line."""
    found = []
    for problem in mistakes(HEAD + text):
        _, line, rest = problem.split(":", 2)
        found.append(f"{int(line) - 4}:{rest}")
    return found


def words(text: str) -> Paragraph:
    return Paragraph(children=(Text(text=text),))


def test_the_shipped_issue_reads() -> None:
    file = ROOT / "issues" / "2022-03-16-daily.md"
    issue = read_issue(file, shown="issues/2022-03-16-daily.md").issue
    assert issue.name == "2022-03-16-daily"
    assert issue.newsletter == "daily"
    assert issue.sections


def test_the_formats_own_example_means_what_it_says() -> None:
    issue = parse_issue(
        """\
---
newsletter: daily
date: 2022-03-16
subject: "Will China help Russia? And five more reads"
preheader: "What Moscow is asking for, and what Washington says"
---
Good morning, [[name|reader]]. Here are the day's best reads.

# Top story

## [Will China help Russia in Ukraine?](https://example.org/news/china-russia)
**World**
![Two men shake hands](https://example.org/img/putin-xi.jpg)
*By Jane Doe · Example News · 4 min read*

US officials say so.

::: callout dec-ukraine
:::

# In brief

- [A one-line story](https://example.org/brief): one sentence.
""",
        name="2022-03-16-daily",
        file="i.md",
    ).issue
    assert issue.subject == "Will China help Russia? And five more reads"
    assert issue.line_of("subject") == 4
    opening = issue.opening[0]
    assert isinstance(opening, TextPassage)
    paragraph = opening.blocks[0]
    assert isinstance(paragraph, Paragraph)
    assert paragraph.children[1] == SlotRef(name="name", fallback="reader")
    lead, callout = issue.sections[0].blocks
    assert isinstance(lead, Story)
    assert (lead.headline, lead.line) == ("Will China help Russia in Ukraine?", 11)
    assert lead.url == "https://example.org/news/china-russia"
    assert (lead.kicker, lead.byline) == ("World", "By Jane Doe · Example News · 4 min read")
    assert lead.image is not None
    assert lead.image.alt == "Two men shake hands"
    assert lead.summary == (words("US officials say so."),)
    assert callout == CalloutRef(name="dec-ukraine")
    assert issue.sections[1].blocks == (
        Briefs(
            items=(
                Brief(
                    headline="A one-line story",
                    url="https://example.org/brief",
                    text="one sentence.",
                ),
            )
        ),
    )


def test_blank_lines_in_a_head_are_allowed_and_not_needed() -> None:
    found = story('## H\n\n{embargo=2022-03-16T12:00 credit="A \\"B\\" C"}\n\n**K**\n\n*B*\nfirst')
    assert found.attributes == (("embargo", "2022-03-16T12:00"), ("credit", 'A "B" C'))
    assert (found.kicker, found.byline, found.summary) == ("K", "B", (words("first"),))


def test_a_headline_with_brackets_stays_whole() -> None:
    assert story("## [Why [some] say \\] so](https://x.example)").headline == "Why [some] say ] so"
    assert story("## [Live] The day").headline == "[Live] The day"


def test_headings_and_directives_inside_code_are_code() -> None:
    blocks = (
        body("# S\n\n```\n# no\n## no\n::: editor\n```\n\n- ```\n  # no\n  ```\n")
        .sections[0]
        .blocks
    )
    assert isinstance(blocks[0], TextPassage)
    code, listed = blocks[0].blocks
    assert code == CodeBlock(text="# no\n## no\n::: editor")
    assert isinstance(listed, ListBlock)
    assert listed.items == ((CodeBlock(text="# no"),),)


@pytest.mark.parametrize("before", ["text", "- item", "> quote", "- ```\n  open", "1. a\n   - b"])
def test_a_directive_ends_what_stands_before_it(before: str) -> None:
    blocks = body(f"{before}\n::: editor\nHi\n:::\n").opening
    assert blocks[-1] == EditorMessage(body=(words("Hi"),))
    assert len(blocks) == 2


@pytest.mark.parametrize(
    "text", ["a [[name", "[[names are x]", "[[see](https://x.example)", "[[1]"]
)
def test_two_brackets_that_begin_no_slot_are_text(text: str) -> None:
    assert isinstance(body(text + "\n").opening[0], TextPassage)


def test_a_backslash_or_code_keeps_a_slot_as_typed() -> None:
    passage = body("\\[[name]] `[[name]]`\n").opening[0]
    assert passage == TextPassage(
        blocks=(Paragraph(children=(Text(text="[[name]] "), CodeSpan(text="[[name]]"))),)
    )


@pytest.mark.covers("T21")
def test_braces_are_plain_text() -> None:
    found = story("## {{ 7*7 }}\n{{ 7*7 }} and {% raw %}")
    assert found.headline == "{{ 7*7 }}"
    assert found.summary == (words("{{ 7*7 }} and {% raw %}"),)


@pytest.mark.covers("T05")
@pytest.mark.parametrize(
    "html", ["<b>x</b>", "<script>alert(1)</script>", "<!-- c -->", "<div\nx>"]
)
def test_raw_html_is_text(html: str) -> None:
    passage = body(html + "\n").opening[0]
    assert isinstance(passage, TextPassage)
    paragraph = passage.blocks[0]
    assert isinstance(paragraph, Paragraph)
    shown = "\n".join(child.text for child in paragraph.children if isinstance(child, Text))
    assert shown == html


DISGUISES = own_cases(__file__, "disguises")


@pytest.mark.covers("T02")
@pytest.mark.parametrize("url", DISGUISES)
@pytest.mark.parametrize("form", own_cases(__file__, "an_address_that_is_not_allowed_is_a_mistake"))
def test_an_address_that_is_not_allowed_is_a_mistake(form: str, url: str) -> None:
    if "\\j" in url:
        url = "javascript:x"
    assert any(
        "address" in problem or "mailto" in problem or "host" in problem or "port" in problem
        for problem in body_mistakes(form.format(url) + "\n")
    )


def test_an_address_is_kept_as_ascii() -> None:
    passage = body("[a](https://Bücher.example/ü?q=ä#ö)\n").opening[0]
    assert passage == TextPassage(
        blocks=(
            Paragraph(
                children=(
                    Link(
                        url="https://xn--bcher-kva.example/%C3%BC?q=%C3%A4#%C3%B6",
                        children=(Text(text="a"),),
                    ),
                )
            ),
        )
    )


def test_a_list_of_links_is_briefs_under_a_section_alone() -> None:
    text = "- [A](https://a.example): one *two*\n- [B](https://b.example)\n"
    assert isinstance(body(text).opening[0], TextPassage)
    briefs = body(f"# S\n{text}").sections[0].blocks[0]
    assert isinstance(briefs, Briefs)
    assert [(brief.headline, brief.text) for brief in briefs.items] == [("A", "one two"), ("B", "")]
    mixed = body(f"# S\n{text}- [C](https://c.example) and [D](https://d.example)\n")
    assert isinstance(mixed.sections[0].blocks[0], TextPassage)


MISTAKES = tomllib.loads(Path(__file__).with_name("mistakes.toml").read_text("utf-8"))


@pytest.mark.parametrize("case", MISTAKES["body"], ids=lambda case: case["text"])
def test_a_mistake_in_the_body_is_told_with_its_place(case: dict[str, Any]) -> None:
    assert body_mistakes(case["text"]) == case["told"]


@pytest.mark.parametrize("case", MISTAKES["head"], ids=lambda case: case["text"])
def test_a_mistake_in_the_head_is_told_with_its_place(case: dict[str, Any]) -> None:
    found = mistakes(f"---\n{case['text']}---\n")
    assert [problem.removeprefix("i.md:") for problem in found] == case["told"]


def test_a_head_too_large_for_any_mail_is_refused_unread() -> None:
    assert "more than 100 brackets" in mistakes(f"---\n{'[' * 9000}\n---\n")[0]
    assert "longer than 20,000" in mistakes(f"---\ndate: {'a' * 20_000}\n---\n")[0]


@pytest.mark.parametrize("text", ["", "x", "---\nnewsletter: daily\n", "--- \n---\n", "----\n"])
def test_a_file_without_a_whole_head_is_a_mistake(text: str) -> None:
    assert mistakes(text)


def test_all_mistakes_come_at_once_in_the_order_of_the_file() -> None:
    found = mistakes(
        "---\nnewslettr: daily\ndate: x\n---\n[a](b)\n\n# S\n## [H](c)\n*B*\n**K**\n::: x\n"
    )
    places = [tuple(int(part) for part in problem.split(":")[1:3]) for problem in found]
    assert places == sorted(places)
    assert {line for line, _ in places} >= {2, 3, 5, 8, 10, 11}
    assert all(problem.count("; ") >= 1 for problem in found)


@pytest.mark.covers("T06", "T27")
@pytest.mark.parametrize("char", [*"\x00\x01\x08\x0b\x0c\x1b\x7f\x85\x9f\u2028\u2029"])
def test_a_control_character_is_a_mistake_with_its_place(char: str) -> None:
    assert f"2:4: a control character (U+{ord(char):04X}); take it out" in body_mistakes(
        f"x\nabc{char}\n"
    )
    assert any("control" in problem for problem in mistakes(HEAD.replace("daily", f"da{char}ily")))
    escaped = f'"da\\u{ord(char):04X}ily"'
    assert any("control" in problem for problem in mistakes(HEAD.replace("daily", escaped, 1)))


@pytest.mark.covers("T06")
@pytest.mark.parametrize(
    "char", [*"\u202a\u202e\u2066\u2069\u200b\u2060\ufeff", "\U000e0041", "\ufdd0"]
)
def test_unseen_characters_are_dropped_from_values_and_stay_in_the_file(char: str) -> None:
    source = (
        HEAD.replace("---\n", f'---\nsubject: "a{char}b"\n', 1)
        + f"# c{char}d\n## e{char}f\n*g{char}h*\ni{char}j\n"
    )
    file = parse_issue(source, name="x", file="i.md")
    section = file.issue.sections[0]
    found = section.blocks[0]
    assert isinstance(found, Story)
    assert (file.issue.subject, section.heading) == ("ab", "cd")
    assert (found.headline, found.byline, found.summary) == ("ef", "gh", (words("ij"),))
    assert file.source == source


@pytest.mark.covers("T06")
@pytest.mark.parametrize("text", own_cases(__file__, "other_scripts_and_emoji_come_through"))
def test_other_scripts_and_emoji_come_through(text: str) -> None:
    issue = body(f"# {text}\n\n## {text}\n\n{text}\n")
    found = issue.sections[0].blocks[0]
    assert isinstance(found, Story)
    assert (issue.sections[0].heading, found.headline, found.summary) == (
        text,
        text,
        (words(text),),
    )


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_line_ends_and_a_bom_change_nothing_but_the_bytes(newline: str) -> None:
    source = (ROOT / "issues" / "2022-03-16-daily.md").read_text("utf-8")
    plain = parse_issue(source, name="x", file="i.md")
    other = "\ufeff" + source.replace("\n", newline)
    file = parse_issue(other, name="x", file="i.md")
    assert file.issue == plain.issue
    assert file.issue.head_lines == plain.issue.head_lines
    assert file.source == other


def test_a_bom_counts_as_no_character() -> None:
    assert mistakes("\ufeffx: y\n")[0].startswith("i.md:1:1: the file has no front matter")


def test_deep_nesting_is_a_mistake_and_nothing_is_lost_in_silence() -> None:
    assert "too deep" in body_mistakes(">" * 200 + " x\n")[0]
    assert "too deep" in body_mistakes("- " * 60 + "x\n")[0]


def test_reading_a_file_names_what_is_wrong_with_it(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"i\.md: there is no such file"):
        read_issue(tmp_path / "none.md", shown="i.md")
    with pytest.raises(UserError, match=r"i\.md: cannot be read"):
        read_issue(tmp_path, shown="i.md")
    file = tmp_path / "x.md"
    for content, problem in (
        (HEAD.encode() + b"ab\xffc", "i.md:5:3: byte 0xFF is not UTF-8"),
        (HEAD.encode("utf-16"), "i.md:1:1: the file is UTF-16"),
        (b"x" * (MOST_BYTES + 1), "i.md:1:1: the file is longer than 1 MB"),
    ):
        file.write_bytes(content)
        with pytest.raises(IssueError, match=problem):
            read_issue(file, shown="i.md")


@pytest.mark.covers("T47")
@pytest.mark.parametrize("name", ["..", "Daily", "a b", "é", "x" * 81])
def test_an_issue_has_a_plain_name(name: str) -> None:
    with pytest.raises(IssueError, match="is not a name for an issue"):
        parse_issue(HEAD, name=name, file="i.md")


PIECES = own_cases(__file__, "pieces")


@given(
    st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=40).map("".join)), st.booleans()
)
def test_any_text_is_an_issue_or_a_list_of_mistakes(text: str, with_head: bool) -> None:  # noqa: FBT001
    source = (HEAD + text) if with_head else text
    try:
        file = parse_issue(source, name="x", file="i.md")
    except IssueError as error:
        told = [problem.startswith("i.md") and "\n" not in problem for problem in error.problems]
        assert all(told)
    else:
        assert file.source == source


LONG = {
    "stories": "# S\n" + "## [H](https://x.example/a)\n**K**\n\nSome *words*.\n\n" * 9000,
    "brackets": "[" * 990_000,
    "slots": "[[" * 490_000,
    "marks": "**a*" * 240_000,
    "quotes": ">" * 990_000,
    "lists": "- " * 490_000,
    "closers": "[a](" * 240_000,
    "lines": "a\n" * 490_000,
    "slots in links": "[a [[name" * 110_000,
    "directives": "::: editor\n" * 90_000,
    "controls": "\x01" * 990_000,
    "one word": "a" * 990_000,
}


@pytest.mark.covers("T20")
@pytest.mark.parametrize("length", [40_000, MOST_BYTES - 100])
@pytest.mark.parametrize("kind", LONG)
def test_long_files_of_one_thing_take_no_quadratic_time(kind: str, length: int) -> None:
    started = time.process_time()
    with suppress(IssueError):
        parse_issue(HEAD + LONG[kind][:length], name="x", file="i.md")
    assert time.process_time() - started < 10


@pytest.mark.covers("T20")
@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("ab[" * MOST_MARKS + "\n\n*[", "i.md:7:1: the text has more than 10,000 marks"),
        ("*a*\n" * MOST_MARKS, "i.md:5005:1: the text has more than 5,000 lines"),
    ],
)
def test_more_lines_or_marks_than_a_mail_could_hold_are_refused_unparsed(
    text: str, problem: str
) -> None:
    (told,) = mistakes(HEAD + text)
    assert told.startswith(problem)
