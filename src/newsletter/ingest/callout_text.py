"""The phrases by which an article's paragraph is known to be a callout's wording."""

from collections.abc import Sequence

from newsletter.model.callout import Callout
from newsletter.model.callout_fit import words_alone
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


def callout_phrases(callouts: Sequence[Callout]) -> dict[str, str]:
    """Return normalised phrase → callout name: heading, body, link text, body and link text.

    Each paragraph of a body counts by itself too. Of two callouts with one phrase the first wins.
    """
    phrases: dict[str, str] = {}
    for callout in callouts:
        paragraphs = [plain_text(block) for block in callout.body]
        body = " ".join(paragraphs)
        last = paragraphs[-1] if paragraphs else ""
        for text in (
            callout.heading,
            body,
            callout.link_text,
            f"{body} {callout.link_text}",
            *paragraphs,
            f"{last} {callout.link_text}",
        ):
            key = words_alone(text)
            if key:
                phrases.setdefault(key, callout.name)
    return phrases


def plain_text(block: TextBlock) -> str:
    """Return a block's words without markup."""
    match block:
        case Paragraph() | Subheading():
            return "".join(map(_plain, block.children))
        case ListBlock():
            return " ".join(plain_text(inner) for item in block.items for inner in item)
        case Quote():
            return " ".join(map(plain_text, block.blocks))
        case CodeBlock():
            return block.text
        case Rule():
            return ""


def _plain(inline: Inline) -> str:
    match inline:
        case Text() | CodeSpan():
            return inline.text
        case SlotRef():
            return inline.fallback
        case Break():
            return " "
        case Emphasis() | Strong() | Link():
            return "".join(map(_plain, inline.children))
        case InlineImage():
            return inline.alt
