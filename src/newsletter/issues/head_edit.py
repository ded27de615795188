"""Change values in front matter; every other byte of the file stays."""

from collections.abc import Mapping

from newsletter.issues.front_matter import scalar
from newsletter.issues.source import Source
from newsletter.model.place import Span


def with_values(
    source: Source, spans: Mapping[str, Span], head_lines: int, changes: Mapping[str, str]
) -> str:
    """Return the text with some values changed.

    Args:
        source: the whole file.
        spans: where each value stands; an empty span is right after the colon.
        head_lines: the lines of the front matter, both fences included.
        changes: the new values; a key the file lacks is added as the head's last line.
    """
    text = source.text
    fence = source.starts[head_lines - 1]
    edits: list[tuple[int, int, str]] = []
    for key, value in changes.items():
        span = spans.get(key)
        if span is None:
            edits.append((fence, fence, f"{key}: {scalar(value)}{source.newline}"))
        elif span.start == span.end:
            edits.append((span.start, span.end, f" {scalar(value)}"))
        else:
            edits.append((span.start, span.end, scalar(value)))
    pieces: list[str] = []
    at = 0
    for start, end, piece in sorted(edits, key=lambda edit: edit[:2]):
        pieces += (text[at:start], piece)
        at = end
    pieces.append(text[at:])
    return "".join(pieces)
