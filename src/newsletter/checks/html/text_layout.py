"""O32: the text part keeps the lines, and the space between blocks, that its rows come with."""

import re
from collections.abc import Iterator

from newsletter.checks.places import text_lines
from newsletter.checks.request import Composition
from newsletter.checks.rows import row_place
from newsletter.checks.wording import blocks_of, folded, shorten, text_blocks
from newsletter.model.finding import Finding, Severity
from newsletter.model.issue import Briefs, Story
from newsletter.model.text import CodeBlock

TEXT_LAYOUT = "O32 text-layout"

LONGEST_LINE = 90  # characters; rows come in lines of 72, own words above 78 are told by O30
_UNDERLINED_AND_MORE = re.compile(r"^\s*([=\-_~*])\1{3,}\s*[^\s=\-_~*].*\w")
_ENDS = (".", "!", "?", "\u2026", '"', "\u201d", "\u00bb")
_TOLD_WHOLE = 20  # letters of a headline's first line


def text_layout(made: Composition) -> Iterator[Finding]:
    """O32: no line of the text part is endless, and each story begins after an empty line."""
    if not made.wrote.files:
        return  # no template that is known made it
    lines = made.composed.text.split("\n")
    yield from _long(made, lines)
    yield from _run_on(made, lines)
    yield from _run_together(made, lines)


def _long(made: Composition, lines: list[str]) -> Iterator[Finding]:
    """Tell of lines that no row came with: addresses and what is typed are left whole."""
    typed = {line.strip() for line in _typed(made)}
    own = {folded(text) for _, _, text in text_lines(made)}
    long = [
        line
        for line in (_without_slots(made, one) for one in lines)
        if len(line) > LONGEST_LINE and " " in line.strip() and _words(line) > LONGEST_LINE
    ]
    long = [line for line in long if line.strip() not in typed and folded(line) not in own]
    if long:
        count = f"{len(long)} lines" if len(long) > 1 else "a line"
        most = f"up to {max(map(len, long))}" if len(long) > 1 else str(len(long[0]))
        has = "have" if len(long) > 1 else "has"
        yield _finding(
            row_place(made, "text", 0),
            f"{count} of the text part {has} {most} characters",
            shorten(long[0]),
            "print {{ row.text }} and {{ plain.… }} as they come, in lines of 72",
        )


def _run_on(made: Composition, lines: list[str]) -> Iterator[Finding]:
    """Tell of words behind an underline, which a value brought: {{ plain.title }} has one."""
    for line in lines:
        if _UNDERLINED_AND_MORE.match(line):
            written = text_lines(made)
            places = ((file, at) for file, at, text in written if re.search(r"plain\.title", text))
            file, at = next(places, row_place(made, "text", 0))
            yield _finding(
                (file, at),
                "words of the text part stand behind an underline",
                shorten(line),
                "give {{ plain.title }} and {{ row.text }} a line of their own: they end in one",
            )
            return


def _run_together(made: Composition, lines: list[str]) -> Iterator[Finding]:
    read = [folded(line) for line in lines]
    told = [headline for headline, kicker in _stories(made) if _follows(read, headline, kicker)]
    if told:
        stories = f"{len(told)} stories begin" if len(told) > 1 else "a story begins"
        yield _finding(
            row_place(made, "text", 0),
            f"{stories} right under the words before",
            shorten(told[0]),
            "leave an empty line before {{ row.text }}",
        )


def _follows(read: list[str], headline: str, kicker: str) -> bool:
    """Whether a story begins under the end of another; a list of contents may stand before."""
    wanted = folded(headline)
    at = next((at for at in range(len(read) - 1, 0, -1) if _begins(read[at], wanted)), 0)
    if at and kicker and read[at - 1] == folded(kicker):
        at -= 1
    before = read[at - 1] if at else ""
    return "://" in before or (before.endswith(_ENDS) and len(before) > _TOLD_WHOLE)


def _begins(words: str, headline: str) -> bool:
    return headline.startswith(words) and len(words) >= min(len(headline), _TOLD_WHOLE)


def _stories(made: Composition) -> Iterator[tuple[str, str]]:
    """Return headline and kicker of each story, and the first headline of each list of briefs."""
    for block in blocks_of(made.request.issue):
        if isinstance(block, Story):
            yield block.headline, block.kicker or ""
        elif isinstance(block, Briefs) and block.items:
            yield block.items[0].headline, ""


def _typed(made: Composition) -> Iterator[str]:
    for block in blocks_of(made.request.issue):
        for one in text_blocks(block):
            if isinstance(one, CodeBlock):
                yield from one.text.split("\n")


def _words(line: str) -> int:
    """Count the characters of a line without its addresses."""
    return len(" ".join(word for word in line.split(" ") if "://" not in word))


def _without_slots(made: Composition, line: str) -> str:
    for sentinel in made.composed.sentinels:
        if sentinel.token:
            line = line.replace(sentinel.token, "slot")
    return line


def _finding(place: tuple[str, int], message: str, evidence: str, remedy: str) -> Finding:
    return Finding(
        check=TEXT_LAYOUT,
        severity=Severity.WARNING,
        message=message,
        evidence=evidence,
        file=place[0],
        line=place[1],
        remedy=remedy,
    )
