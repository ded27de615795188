"""Writing and reading are exact: any issue comes back, and an edit touches its own lines alone."""

import string
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.errors import UserError
from newsletter.issues.save import IssueFile, parse_issue, set_attributes, write_issue
from newsletter.model.issue import (
    KNOWN_SLOTS,
    Block,
    Brief,
    Briefs,
    CalloutRef,
    EditorMessage,
    Issue,
    Section,
    Story,
    StoryImage,
    TextPassage,
)
from newsletter.model.text import (
    Break,
    CodeBlock,
    CodeSpan,
    Emphasis,
    Inline,
    InlineImage,
    Link,
    ListBlock,
    Paragraph,
    Quote,
    Rule,
    SlotRef,
    Strong,
    Subheading,
    Text,
    TextBlock,
    clean_line,
    clean_text,
)

NASTY = st.sampled_from(
    [
        *"*_`[]()<>&!#{}|~\\:+-=.0123456789 \t\xa0\u2003aZé\u05d0\u0627\U0001f600,;\"'@/",
        "[[name]]",
        "[[",
        ":::",
        "::: editor",
        "# ",
        "## ",
        "1. ",
        "1) ",
        "---",
        "***",
        "```",
        "~~~",
        "{a=b}",
        "{{ 7*7 }}",
        "&amp;",
        "&#42;",
        "<b>",
        "<https://x.example>",
        "](",
        "![",
        "> ",
        "- ",
        "\\",
        "http://x.example",
        "\u200b",
        "\u202e",
        "e\u0301",
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "word",
        " and ",
    ]
)
RAW = st.lists(NASTY, min_size=1, max_size=6).map("".join)
LINE = st.one_of(RAW, st.text(max_size=12)).map(clean_line).filter(bool)
MAYBE_LINE = st.one_of(st.just(""), LINE)
TEXT = st.one_of(RAW, st.text(max_size=12)).map(clean_text).filter(bool).map(lambda t: Text(text=t))
URL = st.sampled_from(
    [
        "https://example.org/",
        "https://example.org/a_(b)_c?x=1&copy=2&amp;#frag",
        "http://xn--bcher-kva.example:8080/%20*_~!",
        "https://example.org/)((",
    ]
)
PICTURE = URL
LINK = st.one_of(URL, st.just("mailto:a@b.example?subject=%20x"))
FALLBACK = MAYBE_LINE.map(lambda t: clean_line("".join(c for c in t if c not in "[]|")))
SLOT = st.builds(SlotRef, name=st.sampled_from(sorted(KNOWN_SLOTS)), fallback=FALLBACK)
CODE = st.builds(CodeSpan, text=RAW.map(clean_text).filter(bool))
BREAK = st.builds(Break, hard=st.booleans())
IMAGE = st.builds(InlineImage, url=PICTURE, alt=MAYBE_LINE)


def tidy(nodes: list[Inline]) -> tuple[Inline, ...]:
    """Join what reading would join."""
    done: list[Inline] = []
    for node in nodes:
        last = done[-1] if done else None
        if isinstance(node, Text) and isinstance(last, Text):
            done[-1] = Text(text=clean_text(last.text + node.text))
        elif isinstance(node, Emphasis) and isinstance(last, Emphasis):
            done[-1] = Emphasis(children=tidy([*last.children, *node.children]))
        elif isinstance(node, Strong) and isinstance(last, Strong):
            done[-1] = Strong(children=tidy([*last.children, *node.children]))
        else:
            done.append(node)
    return tuple(done)


def has_words(nodes: tuple[Inline, ...]) -> bool:
    return any(not isinstance(node, Break) for node in nodes)


def trimmed(nodes: tuple[Inline, ...]) -> tuple[Inline, ...]:
    while nodes and isinstance(nodes[0], Break):
        nodes = nodes[1:]
    while nodes and isinstance(nodes[-1], Break):
        nodes = nodes[:-1]
    return nodes


def runs(*kinds: st.SearchStrategy[Inline]) -> st.SearchStrategy[tuple[Inline, ...]]:
    return st.lists(st.one_of(*kinds), min_size=1, max_size=5).map(tidy).filter(has_words)


def links(*kinds: st.SearchStrategy[Inline]) -> st.SearchStrategy[Inline]:
    return st.builds(Link, url=LINK, children=runs(*kinds))


PLAIN: list[st.SearchStrategy[Inline]] = [TEXT, TEXT, CODE]
LINKED: st.SearchStrategy[Inline] = links(*PLAIN, IMAGE, BREAK)
LEAF: list[st.SearchStrategy[Inline]] = [*PLAIN, IMAGE, SLOT, BREAK, LINKED]
EM_IN = st.builds(Emphasis, children=runs(*LEAF))
STRONG_IN = st.builds(Strong, children=runs(*LEAF))
EM = st.builds(Emphasis, children=runs(*LEAF, STRONG_IN))
STRONG = st.builds(Strong, children=runs(*LEAF, EM_IN))
INLINES = runs(*LEAF, EM, STRONG).map(trimmed).filter(bool)
HEADING_INLINES = runs(
    *PLAIN,
    IMAGE,
    links(*PLAIN, IMAGE),
    st.builds(Emphasis, children=runs(*PLAIN)),
    st.builds(Strong, children=runs(*PLAIN, st.builds(Emphasis, children=runs(*PLAIN)))),
)
CODE_TEXT = st.lists(
    st.sampled_from(["", " ", "\t", "    x", "```", "~~~~", "# a", "::: b", ":::", "é", "> q"]),
    max_size=4,
).map("\n".join)
INFO = st.sampled_from(["", "python", "a `b`", "~x", "&amp;"])
BLOCKS: st.SearchStrategy[TextBlock] = st.deferred(
    lambda: st.one_of(
        st.builds(Paragraph, children=INLINES),
        st.builds(Paragraph, children=INLINES),
        st.builds(Subheading, level=st.integers(3, 6), children=HEADING_INLINES),
        st.builds(CodeBlock, text=CODE_TEXT, info=INFO),
        st.just(Rule()),
        st.builds(Quote, blocks=INNER),
        st.builds(
            ListBlock,
            items=st.lists(INNER, min_size=1, max_size=3).map(tuple),
            start=st.sampled_from([None, None, 0, 1, 9, 999_999_999]),
        ),
    )
)
INNER: st.SearchStrategy[tuple[TextBlock, ...]] = st.lists(BLOCKS, max_size=3).map(tuple)
BODY = st.lists(BLOCKS, min_size=1, max_size=3).map(tuple)
KEY = st.text(string.ascii_lowercase, min_size=1, max_size=3)
STORY = st.builds(
    Story,
    headline=LINE,
    url=st.one_of(st.just(""), LINK),
    attributes=st.dictionaries(KEY, MAYBE_LINE.filter(lambda t: "[[" not in t), max_size=2).map(
        lambda pairs: tuple(pairs.items())
    ),
    kicker=MAYBE_LINE,
    image=st.one_of(st.none(), st.builds(StoryImage, url=PICTURE, alt=MAYBE_LINE)),
    byline=MAYBE_LINE,
    summary=st.one_of(st.just(()), BODY),
)
NAME = st.text(string.ascii_lowercase + string.digits + "-", min_size=1, max_size=8)
CALLOUT = st.builds(CalloutRef, name=NAME, body=st.one_of(st.none(), BODY))
EDITOR = st.builds(EditorMessage, body=BODY)
BRIEF = st.builds(Brief, headline=LINE, url=LINK, text=MAYBE_LINE)
BRIEFS = st.builds(Briefs, items=st.lists(BRIEF, min_size=1, max_size=3).map(tuple))
PASSAGE = st.builds(TextPassage, blocks=BODY)


def is_briefs(block: TextBlock) -> bool:
    """Return whether a list might be read as briefs (any whose items begin with links)."""
    if not isinstance(block, ListBlock) or block.start is not None:
        return False
    return all(
        len(item) == 1 and isinstance(item[0], Paragraph) and isinstance(item[0].children[0], Link)
        for item in block.items
    )


def settled(blocks: list[Block], *, opening: bool) -> tuple[Block, ...]:
    """Leave out what would be read as part of the block before."""
    done: list[Block] = []
    for block in blocks:
        before = done[-1] if done else None
        if isinstance(before, Story) and isinstance(block, Briefs | TextPassage):
            continue
        if isinstance(block, TextPassage) and (
            isinstance(before, TextPassage) or any(is_briefs(text) for text in block.blocks)
        ):
            continue
        if opening and isinstance(block, Story | Briefs):
            continue
        done.append(block)
    return tuple(done)


def block_lists(*, opening: bool) -> st.SearchStrategy[tuple[Block, ...]]:
    kinds = st.one_of(STORY, STORY, CALLOUT, EDITOR, BRIEFS, PASSAGE)
    return st.lists(kinds, max_size=4).map(lambda blocks: settled(blocks, opening=opening))


ISSUES = st.builds(
    Issue,
    name=st.just("2022-03-16-daily"),
    file=st.just("issues/2022-03-16-daily.md"),
    newsletter=NAME,
    date=st.dates(),
    subject=MAYBE_LINE.filter(lambda t: "[[" not in t),
    preheader=MAYBE_LINE.filter(lambda t: "[[" not in t),
    extra=st.one_of(st.just(()), NAME.map(lambda name: (("corrects", name),))),
    opening=block_lists(opening=True),
    sections=st.lists(
        st.builds(Section, heading=LINE, blocks=block_lists(opening=False)), max_size=3
    ).map(tuple),
)


def read(source: str) -> IssueFile:
    return parse_issue(source, name="2022-03-16-daily", file="issues/2022-03-16-daily.md")


@given(ISSUES)
def test_what_is_written_reads_back_as_the_same_issue(issue: Issue) -> None:
    source = write_issue(issue)
    assert read(source).issue == issue
    assert write_issue(read(source).issue) == source


@given(INLINES)
@example((Strong(children=(Emphasis(children=(Text(text="a"),)),)),))
@example((Text(text="x"), Emphasis(children=(Text(text=" (y) "),)), Text(text="z")))
@example((Emphasis(children=(Text(text="a"), Strong(children=(Text(text="b"),)), Text(text="c"))),))
def test_any_running_text_reads_back(children: tuple[Inline, ...]) -> None:
    block = TextPassage(blocks=(Paragraph(children=children),))
    issue = Issue(
        name="2022-03-16-daily",
        file="",
        newsletter="daily",
        date=date(2022, 3, 16),
        opening=(block,),
    )
    assert read(write_issue(issue)).issue == issue


ATTRIBUTES = """---
newsletter: daily
date: 2022-03-16
---
# Top

## [One](https://example.org/1)

{article=1   summary=draft}
__Kept__ as it stands:  *odd*
""".replace("\n", "\r\n")


def test_another_line_of_attributes_leaves_every_other_byte() -> None:
    file = parse_issue(ATTRIBUTES, name="a-daily", file="a-daily.md")
    text = set_attributes(file, 0, 0, [("article", "1"), ("credit", "Jane Doe")])
    assert text == ATTRIBUTES.replace(
        "{article=1   summary=draft}", '{article=1 credit="Jane Doe"}'
    )
    assert set_attributes(file, 0, 0, []) == ATTRIBUTES.replace(
        "{article=1   summary=draft}\r\n", ""
    )


def test_a_story_without_attributes_gets_none() -> None:
    file = parse_issue(
        ATTRIBUTES.replace("{article=1   summary=draft}\r\n", ""), name="a-daily", file="a-daily.md"
    )
    with pytest.raises(UserError, match="no story with attributes"):
        set_attributes(file, 0, 0, [("article", "1")])
