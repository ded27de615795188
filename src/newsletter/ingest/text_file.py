"""A plain text file as an article."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from newsletter.config.settings import NoiseRule
from newsletter.errors import UserError
from newsletter.ingest.decoding import clean_line, decode_text, words_of
from newsletter.ingest.identity import story_key, web_address
from newsletter.ingest.noise import Verdict, judge_paragraphs, noise_verdict, paragraph_of
from newsletter.ingest.standing import judged_state
from newsletter.model.article import Article, Metadatum, Origin, ParagraphKind
from newsletter.model.callout import Callout

WIDTHS = range(40, 101)  # where people and programs break lines
FEWEST_FULL = 3
LEAST_FULL_SHARE = 0.4
MOST_CLOSED_SHARE = 0.5

ITEM = re.compile(r"[-*\u2022\u2013\u2014]\s|\(?\d{1,3}[.)]\s")


@dataclass(frozen=True, slots=True, kw_only=True)
class TextLine:
    """A paragraph with the number of its first line; is_alone: blank lines are around it."""

    text: str
    line: int
    is_alone: bool


def paragraph_lines(lines: Sequence[str]) -> list[TextLine]:
    """Return the lines that are not blank; where the text is hard-wrapped, its paragraphs."""
    width = _width_of(lines)
    found: list[TextLine] = []
    last = ""
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if text and last and _goes_on(last, line, width):
            found[-1] = replace(found[-1], text=f"{found[-1].text} {text}")
        elif text:
            if last:
                found[-1] = replace(found[-1], is_alone=False)
            found.append(TextLine(text=text, line=number, is_alone=not last))
        last = text
    return found


def _goes_on(last: str, line: str, width: int) -> bool:
    text = line.strip()
    if not width or ITEM.match(text):
        return False
    return line.startswith((" ", "\t")) or _is_full(last, text, width)


def _width_of(lines: Sequence[str]) -> int:
    """Return the width the text was wrapped at, 0 where it was not."""
    bare = [line.strip() for line in lines]
    width = max((len(line) for line in bare if " " in line), default=0)
    inner = [(a, b) for a, b in pairwise(bare) if a and b and not ITEM.match(b)]
    full = [line for line, after in inner if _is_full(line, after, width)]
    closed = sum(CLOSED.search(line) is not None for line in full)
    is_wrapped = (
        width in WIDTHS
        and len(full) >= max(FEWEST_FULL, LEAST_FULL_SHARE * len(inner))
        and closed <= MOST_CLOSED_SHARE * len(full)
    )
    return width if is_wrapped else 0


def _is_full(line: str, following: str, width: int) -> bool:
    return len(line) + 1 + len(following.split(None, 1)[0]) > width


MOST_HEADING_WORDS = 12
MOST_STANDFIRST_WORDS = 60
MOST_TITLE_CHARS = 250
HEAD_LINES = 4  # paragraphs from the top in which a byline and a date may stand

_LINE_END = re.compile(r"\r\n|\r|\n")
CLOSED = re.compile("[.!?:;,\u2026\u3002\uff01\uff1f][\"'\u201d\u2019\u00bb)\\]]*$")
BYLINE = re.compile(r"[Bb]y:? ((?:[A-Z\u00c0-\u00de][\w.'\u2019-]*(?:,? (?:and |& )?)?){1,9})")
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_DATE = re.compile(
    rf"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{{0,6}},? )?"
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)? {_MONTH},?|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,?"
    r"|\d{4}-\d\d-\d\d)"
    r"(?: \d{4})?(?:,? (?:at )?\d{1,2}[:.]\d{2} ?[a-z]{0,4})?",
    re.IGNORECASE,
)
_NO_NAMES = re.compile(
    r"\b(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|January|February|March|April"
    r"|June|July|August|September|October|November|December|The|A|An)\b"
)


def article_from_text(
    raw: bytes,
    *,
    url: str,
    source: str,
    callouts: Sequence[Callout],
    noise: Sequence[NoiseRule],
    shown: str = "the text",
) -> Article:
    """Take in a text file of at most 1 MB: its first line is the title, each other a paragraph.

    url and source are "" for none; callouts and noise lines are set apart. Raises UserError: no
    readable text, or url is none.
    """
    address = checked_address(url, shown=shown)
    title, lines = _read_lines(decode_text(raw, shown=shown))
    if not lines:
        raise UserError(
            f"{shown}: it has a title and no text", hint="the first line is the title, text follows"
        )
    texts = [line.text for line in lines]
    judged = judge_paragraphs(texts, callouts=callouts, noise=noise)
    verdicts = list(judged)
    author = _set_head_apart(lines, verdicts)
    _mark_headings(lines, verdicts)
    paragraphs = tuple(
        replace(paragraph_of(line.text, verdict), line=line.line)
        for line, verdict in zip(lines, verdicts, strict=True)
    )
    standfirst = next((p.text for p in paragraphs if p.kind is ParagraphKind.STANDFIRST), "")
    article = Article(
        key=story_key(canonical="", url=address, texts=[title, *texts]),
        url=address,
        source=source,
        title=Metadatum(value=title, origin=Origin.PAGE),
        author=Metadatum(value=author, origin=Origin.PAGE) if author else None,
        description=Metadatum(value=standfirst, origin=Origin.PAGE) if standfirst else None,
        paragraphs=paragraphs,
    )
    reasons = ("the title is very long; is it one?",) if len(title) > MOST_TITLE_CHARS else ()
    return judged_state(article, texts=texts, verdicts=judged, reasons=reasons)


def checked_address(url: str, *, shown: str) -> str:
    """Return the address, "" for none; UserError where it is no absolute web address."""
    if not url.strip():
        return ""
    address = web_address(url)
    if not address:
        raise UserError(
            f"{shown}: its address is not a web address",
            hint="write it as https://example.org/path",
        )
    return address


def _read_lines(text: str) -> tuple[str, list[TextLine]]:
    lines = [
        line[: len(line) - len(line.lstrip())] + clean_line(line) for line in _LINE_END.split(text)
    ]
    found = [
        replace(line, text=words)
        for line in paragraph_lines(lines)
        if (words := clean_line(line.text))
    ]
    return (found[0].text, found[1:]) if found else ("", [])


def _set_head_apart(lines: Sequence[TextLine], verdicts: list[Verdict | None]) -> str:
    """Mark byline, date and standfirst near the top; return the author that a byline names."""
    author = ""
    for index, line in enumerate(lines[:HEAD_LINES]):
        if verdicts[index] is not None or len(line.text) > MOST_TITLE_CHARS:
            continue
        found = BYLINE.fullmatch(line.text)
        if found and not author and not _NO_NAMES.search(found[1]):
            author = found[1]
            verdicts[index] = noise_verdict("The byline, kept as the author.", "byline")
        elif _DATE.fullmatch(line.text):
            verdicts[index] = noise_verdict("The date, not text.", "date line")
    running = [index for index, verdict in enumerate(verdicts) if verdict is None]
    text = lines[running[0]].text if len(running) > 1 else "."
    if not CLOSED.search(text) and len(words_of(text)) <= MOST_STANDFIRST_WORDS:
        why = "The first paragraph, without closing punctuation."
        verdicts[running[0]] = Verdict(kind=ParagraphKind.STANDFIRST, reason=why, rule="standfirst")
    return author


def _mark_headings(lines: Sequence[TextLine], verdicts: list[Verdict | None]) -> None:
    running = [index for index, verdict in enumerate(verdicts) if verdict is None]
    for index, following in pairwise(running):
        if _is_heading(lines[index], lines[following]):
            why = "A short line or a question that stands alone before a paragraph."
            verdicts[index] = Verdict(kind=ParagraphKind.SUBHEADING, reason=why, rule="heading")


def _is_heading(line: TextLine, following: TextLine) -> bool:
    words = words_of(line.text)
    return (
        line.is_alone
        and 2 <= len(words) <= MOST_HEADING_WORDS  # noqa: PLR2004 (one word is an exclamation)
        and (line.text.endswith("?") or not CLOSED.search(line.text))
        and not ITEM.match(line.text)
        and not line.text[0].islower()
        and not re.match(r"(?:but|and|or|so)\b", line.text, re.IGNORECASE)
        and (CLOSED.search(following.text) or ITEM.match(following.text)) is not None
        and len(words_of(following.text)) > len(words) // 2
    )
