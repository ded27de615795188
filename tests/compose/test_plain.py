from hypothesis import given
from hypothesis import strategies as st

from newsletter.compose.plain import COLUMNS, PlainStyle, blocks_text, fill
from newsletter.compose.typography import columns
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
)

STYLE = PlainStyle(slot=lambda slot: f"<{slot.name}>", image="Picture: {alt}")
LONG = "https://example.org/" + "a" * 120


def text_of(*blocks: TextBlock) -> str:
    return blocks_text(blocks, STYLE)


def paragraph(*children: Inline) -> Paragraph:
    return Paragraph(children=children)


def words(text: str) -> Paragraph:
    return paragraph(Text(text=text))


def test_every_kind_of_text_is_told_plainly() -> None:
    text = text_of(
        paragraph(
            Text(text="a & b "),
            Emphasis(children=(Text(text="em "),)),
            Strong(children=(Text(text="strong "),)),
            CodeSpan(text="<b>"),
            Break(hard=True),
            Link(url="https://example.org/x", children=(Text(text="a link"),)),
            Break(hard=False),
            SlotRef(name="name"),
            Text(text=" "),
            InlineImage(url="https://example.org/i.png", alt="a hill {alt}"),
        ),
        Subheading(level=3, children=(Text(text="Sub"),)),
        Quote(blocks=(words("said"), words("again"))),
        ListBlock(items=((words("one"),), (words("two"), words("more"))), start=9),
        ListBlock(items=((words("dot"), ListBlock(items=((words("in"),),))), ())),
        CodeBlock(text="a\n  <b>\n"),
        Rule(),
    )
    assert text == (
        "a & b em strong <b>\n"
        "a link <https://example.org/x> <name> Picture: a hill {alt}\n"
        "\n"
        "Sub\n"
        "\n"
        "> said\n>\n> again\n"
        "\n"
        "9. one\n10. two\n\n    more\n"
        "\n"
        "- dot\n\n  - in\n-\n"
        "\n"
        "    a\n      <b>\n"
        "\n"
        "* * *"
    )


def test_an_address_is_never_broken() -> None:
    lines = fill(f"Some words before it and then {LONG}, and some after it.")
    assert f"{LONG}," in lines


def test_a_text_without_spaces_is_broken_between_wide_characters() -> None:
    japanese = "日本語の文章には空白がないので、どこかで折り返す必要があります。" * 4
    lines = fill(japanese)
    assert "".join(lines) == japanese
    assert max(map(columns, lines)) <= COLUMNS


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["C", "Z"]) | st.just(" ")))
def test_no_word_is_lost_and_no_line_is_too_wide(text: str) -> None:
    lines = fill(text)
    assert "".join("".join(lines).split()) == "".join(text.split())
    for line in lines:
        assert columns(line) <= COLUMNS or " " not in line


def test_a_slot_counts_as_wide_as_what_a_reader_is_likely_to_get() -> None:
    token = "slot" + "0" * 16 + "x"
    style = PlainStyle(slot=lambda _slot: token, image="Picture: {alt}")

    def lines(slot: SlotRef, before: int, after: str) -> list[str]:
        text = Text(text="a" * before + " ")
        return blocks_text((paragraph(text, slot, Text(text=after)),), style).split("\n")

    for short in (SlotRef(name="name", fallback="reader"), SlotRef(name="name")):
        assert lines(short, COLUMNS - 14, ".") == ["a" * (COLUMNS - 14) + f" {token}."]
        assert lines(short, COLUMNS - 13, ".") == ["a" * (COLUMNS - 13), f"{token}."]
    long = SlotRef(name="name", fallback="w" * 40)
    assert lines(long, COLUMNS - 41, " b") == ["a" * (COLUMNS - 41) + f" {token}", "b"]
    assert lines(SlotRef(name="unsubscribe_url"), 5, " b") == ["aaaaa", token, "b"]
