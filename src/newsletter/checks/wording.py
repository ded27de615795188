"""The words of an issue: its blocks and texts, folded for comparing, counted and cut.

Folding hides what typography may change (quotes, dashes, no-break spaces, letter case), so that
only changed words count as changed.
"""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

import regex  # type: ignore[import-untyped]  # ships no annotations; used for \X of UAX 29

from newsletter.model.issue import Block, Brief, Briefs, CalloutRef, EditorMessage, Issue, Story
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

BEFORE, BEHIND = 40, 60  # characters shown beside what was found
SLOT_MARK = "\ufffc"  # stands for a slot on both sides of a comparison

_ALIKE = str.maketrans(
    dict.fromkeys("\u2018\u2019\u201a\u201b\u2032", "'")
    | dict.fromkeys("\u201c\u201d\u201e\u201f\u2033", '"')
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-")
)
_UNSEEN = regex.compile(r"\p{Cf}+")  # format characters: joiners, marks of direction
_SPACES = re.compile(r"\s+")
_URL = re.compile(r"[(<\[]?(?:https?://|mailto:)[^\s)>\]]+[)>\]]?")
_MARKS = re.compile(r"[*_`]")
# scripts written without spaces: two characters are counted as a word
_UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")


def plain(children: Iterable[Inline], *, code: bool = True) -> str:
    """Return the characters a reader sees; a slot is SLOT_MARK, and code too where it is False."""
    pieces: list[str] = []
    for child in children:
        match child:
            case Text(text=text):
                pieces.append(text)
            case CodeSpan(text=text):
                pieces.append(text if code else SLOT_MARK)
            case SlotRef():
                pieces.append(SLOT_MARK)
            case Break():
                pieces.append("\n")
            case Emphasis(children=inner) | Strong(children=inner) | Link(children=inner):
                pieces.append(plain(inner, code=code))
            case InlineImage():
                pass
    return "".join(pieces)


def inlines(blocks: Iterable[TextBlock]) -> Iterator[tuple[Inline, int]]:
    """Walk every inline of the blocks, nested ones too, with its line, 0 where none is known."""
    for children, first in paragraphs(blocks):
        line = first
        stack = list(reversed(children))
        while stack:
            inline = stack.pop()
            yield inline, line
            line += isinstance(inline, Break) and first > 0
            if isinstance(inline, Emphasis | Strong | Link):
                stack.extend(reversed(inline.children))


def paragraphs(blocks: Iterable[TextBlock]) -> Iterator[tuple[tuple[Inline, ...], int]]:
    """Return each paragraph's and sub-heading's inlines with its line, in order."""
    for block in blocks:
        match block:
            case Paragraph(children=children, line=line) | Subheading(children=children, line=line):
                yield children, line
            case ListBlock(items=items):
                for item in items:
                    yield from paragraphs(item)
            case Quote(blocks=inner):
                yield from paragraphs(inner)
            case CodeBlock() | Rule():
                pass


def leaves(blocks: Iterable[TextBlock]) -> Iterator[tuple[str, int]]:
    """Return each paragraph's and sub-heading's text with its line, in order; code stands apart."""
    for children, line in paragraphs(blocks):
        yield plain(children), line


def typed(blocks: Sequence[TextBlock]) -> Iterator[str]:
    """Return every text in the blocks that is shown as written: running text, code, alt texts."""
    yield from (text for text, _ in leaves(blocks))
    yield from (one.alt for one, _ in inlines(blocks) if isinstance(one, InlineImage))
    waiting = list(blocks)
    while waiting:
        match waiting.pop():
            case CodeBlock(text=text):
                yield text
            case ListBlock(items=items):
                waiting.extend(block for item in items for block in item)
            case Quote(blocks=inner):
                waiting.extend(inner)
            case _:
                pass


def blocks_of(issue: Issue) -> Iterator[Block]:
    """Return all blocks in the order of the file."""
    yield from issue.opening
    for section in issue.sections:
        yield from section.blocks


def cards_of(issue: Issue) -> Iterator[Story | Brief]:
    """Return the stories and briefs in the order of the file."""
    for block in blocks_of(issue):
        if isinstance(block, Story):
            yield block
        elif isinstance(block, Briefs):
            yield from block.items


def headlines_of(issue: Issue) -> Iterator[tuple[str, int]]:
    """Return the headline of each story and brief, with its line."""
    return ((card.headline, card.line) for card in cards_of(issue))


def stories(issue: Issue) -> Iterator[Story]:
    """Return the stories in the order of the file."""
    return (block for block in blocks_of(issue) if isinstance(block, Story))


def callout_refs(issue: Issue) -> Iterator[CalloutRef]:
    """Return the placed callouts in the order of the file."""
    return (block for block in blocks_of(issue) if isinstance(block, CalloutRef))


def text_blocks(block: Block) -> tuple[TextBlock, ...]:
    """Return the rich text a block holds."""
    match block:
        case Story(summary=blocks):
            return blocks
        case CalloutRef(body=body):
            return body or ()
        case Briefs():
            return ()
        case _:
            return block.blocks if not isinstance(block, EditorMessage) else block.body


@lru_cache(maxsize=2048)  # headlines and summaries are compared by many checks
def folded(text: str) -> str:
    """Fold for comparing: NFKC, case, straight quotes, plain hyphens, single spaces."""
    if text.isascii():  # nearly all text, and ten times as fast
        return _SPACES.sub(" ", text.casefold()).strip()
    alike = unicodedata.normalize("NFKC", text).translate(_ALIKE)
    return _SPACES.sub(" ", _UNSEEN.sub("", alike).casefold()).strip()


def is_blank(text: str) -> bool:
    """Return whether a reader sees nothing: only spaces and invisible characters."""
    return not folded(text)


def spoken(text: str) -> str:
    """Fold, and drop addresses and the marks that plain text writes for emphasis and code."""
    return _SPACES.sub(" ", _MARKS.sub("", folded(_URL.sub(" ", text)))).strip()


def holds(text: str, phrase: str) -> bool:
    """Return whether folded text holds the folded phrase as whole words; an empty phrase always."""
    if _UNSPACED.search(phrase):  # plain text breaks such lines where there is no space
        return phrase.replace(" ", "") in text.replace(" ", "")
    start = text.find(phrase)
    while start >= 0:
        end = start + len(phrase)
        before = start == 0 or not (text[start - 1].isalnum() and phrase[:1].isalnum())
        after = end >= len(text) or not (text[end].isalnum() and phrase[-1:].isalnum())
        if before and after:
            return True
        start = text.find(phrase, start + 1)
    return False


def word_count(text: str) -> int:
    """Count words; in scripts without spaces two characters are taken for one."""
    unspaced: list[str] = _UNSPACED.findall(text)
    spaced = _UNSPACED.sub(" ", text).split() if unspaced else text.split()
    return sum(any(map(str.isalnum, word)) for word in spaced) + (len(unspaced) + 1) // 2


def graphemes(text: str) -> list[str]:
    """Split into what a reader counts as characters (UAX 29)."""
    clusters: list[str] = regex.findall(r"\X", text)
    return clusters


def shorten(text: str, width: int = 160) -> str:
    """Return a text on one line, cut at width characters."""
    line = _SPACES.sub(" ", text).strip()
    return line if len(line) <= width else line[: width - 1].rstrip() + "…"


def around(text: str, start: int, length: int) -> str:
    """Show a stretch of a text with a few words on either side."""
    first = max(0, start - BEFORE)
    piece = text[first : start + length + BEHIND]
    before, behind = "…" * (first > 0), "…" * (first + len(piece) < len(text))
    return shorten(f"{before}{piece}{behind}")


def word_diff(expected: str, found: str, width: int = 400) -> str:
    """Show changed words: ``[-gone-]`` and ``{+new+}``, equal stretches cut to three words."""
    old, new = expected.split()[:400], found.split()[:400]
    pieces: list[str] = []
    matcher = difflib.SequenceMatcher(a=old, b=new, autojunk=False)
    for kind, start, end, other, until in matcher.get_opcodes():
        if kind == "equal":
            pieces.append(_elide(old[start:end]))
            continue
        if end > start:
            pieces.append(f"[-{' '.join(old[start:end])}-]")
        if until > other:
            pieces.append(f"{{+{' '.join(new[other:until])}+}}")
    return shorten(" ".join(pieces), width)


def nearest(phrase: str, text: str) -> str:
    """Return the stretch of text most like the phrase, as long as the phrase; "" if none is."""
    wanted, words = phrase.split(), text.split()[:20_000]
    matcher = difflib.SequenceMatcher(a=words, b=wanted, autojunk=False)
    best = matcher.find_longest_match()
    if best.size < min(len(wanted), 2):
        return ""
    start = max(best.a - best.b, 0)
    return " ".join(words[start : start + len(wanted)])


def _elide(words: Sequence[str], keep: int = 3) -> str:
    if len(words) <= 2 * keep:
        return " ".join(words)
    return f"{' '.join(words[:keep])} … {' '.join(words[-keep:])}"
