"""What a callout's file says, as data: to know a changed file, and which of its values changed."""

import json
from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from hashlib import sha256

from newsletter.issues.callout_rules import KEYS
from newsletter.issues.write_text import blocks_source
from newsletter.model.callout import Callout, CalloutContent
from newsletter.model.text import Break, Paragraph, Text, TextBlock

WORDING = "wording"
CLOSED_WORDING = "closed wording"
VERIFICATION = ("last_verified", "verified_by", "verified_source")
LOCKED = (
    "heading",
    WORDING,
    CLOSED_WORDING,
    "link_text",
    "button_text",
    "gift_aid_line",
    "organisation",
    "short_name",
    "appeal_name",
    "charity_number",
    "own_wording",
    "donation_url",
    "info_url",
    "allowed_hosts",
)
"""What a person verifies: the words that readers see, and where the links lead."""


def callout_content(callout: Callout) -> CalloutContent:
    """Return what a callout says, by the keys of its file; what is empty is left out."""
    content: dict[str, str | list[str]] = {}
    for field in fields(callout):
        if field.name not in KEYS:
            continue
        value = getattr(callout, field.name)
        match value:
            case tuple():
                content[field.name] = [str(item) for item in value]
            case bool():
                content[field.name] = "true" if value else ""
            case date():
                content[field.name] = value.isoformat()
            case None:
                pass
            case _:
                content[field.name] = str(value)
    content[WORDING] = _words(callout.body)
    content[CLOSED_WORDING] = _words(callout.closed_wording)
    return {key: value for key, value in content.items() if value}


def _words(blocks: tuple[TextBlock, ...]) -> str:
    """Return an appeal's words as they are, a notice's text as Markdown."""
    return plain_wording(blocks) if is_plain(blocks) else "\n".join(blocks_source(blocks))


def is_plain(blocks: tuple[TextBlock, ...]) -> bool:
    """Return whether blocks are paragraphs of words alone."""
    return all(
        isinstance(block, Paragraph)
        and all(isinstance(child, Text | Break) for child in block.children)
        for block in blocks
    )


def plain_wording(blocks: tuple[TextBlock, ...]) -> str:
    """Return the words of paragraphs, one a line."""
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            words = [
                child.text if isinstance(child, Text) else " "
                for child in block.children
                if isinstance(child, Text | Break)
            ]
            lines.append("".join(words))
    return "\n".join(lines)


def content_sha256(content: CalloutContent) -> str:
    """Return the fingerprint of what a callout says; its file's comments do not count."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return sha256(text.encode()).hexdigest()


def wording_sha256(content: CalloutContent) -> str:
    """Return the fingerprint of what a person verifies."""
    return content_sha256({key: content[key] for key in LOCKED if key in content})


def changed_keys(
    before: CalloutContent, after: CalloutContent, *, among: Sequence[str] = ()
) -> tuple[str, ...]:
    """List the keys whose values differ, in the file's order; among them alone, where given."""
    keys = among or (*KEYS, WORDING, CLOSED_WORDING)
    return tuple(key for key in keys if before.get(key) != after.get(key))
