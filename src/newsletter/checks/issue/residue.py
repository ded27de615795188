"""S09: what of the source page's furniture was copied along with a story; its words are data."""

import re
from collections.abc import Iterator

from newsletter.checks.request import CheckRequest
from newsletter.checks.wording import folded, shorten
from newsletter.checks.words import Words
from newsletter.checks.written import Field
from newsletter.model.finding import Finding, Severity
from newsletter.model.sentences import split_sentences

RESIDUE = "S09 residue"

LONGEST_LABEL = 200  # characters; a longer line is prose, whatever it begins with
_MARKS = " .:!|-*[](){}\u2022\u00b7\u25ba\u25b6\u2192\u00bb\u203a\u2026"
_IN_QUOTES = re.compile(r"[\"'\u2018\u201c\u201e\u00ab]")


def residue(request: CheckRequest) -> Iterator[Finding]:
    """S09: nothing of the source page's furniture stands in a story."""
    for passage in request.passages:
        if passage.field not in {Field.SUMMARY, Field.BRIEF, Field.TEXT}:
            continue
        for offset, line in enumerate(passage.text.split("\n")):
            message, seen = "a line of the source page was left in", line
            is_text = passage.field is Field.TEXT  # a label over an advertisement is right there
            if not _is_line(line, request.words, is_text=is_text):
                message = "words of the source page were left in"
                seen = "" if is_text else _within(line, request.words)
            if seen:
                yield request.finding(
                    RESIDUE,
                    passage.line + offset,
                    message,
                    seen=shorten(seen),
                    remedy="take the line out",
                    severity=Severity.ERROR,
                )


def _is_line(line: str, words: Words, *, is_text: bool) -> bool:
    bare = folded(line).strip(_MARKS)
    if not bare or len(bare) > LONGEST_LABEL:
        return False
    lists = ("residue_sentences",) if is_text else ("residue", "residue_sentences")
    return any(words.line(name).match(bare) for name in lists)


def _within(line: str, words: Words) -> str:
    """Return the first sentence that is the page's, or a label behind a sentence; "" for none."""
    for start, end in split_sentences(line):
        sentence = line[start:end]
        bare = folded(sentence).strip(_MARKS)
        is_label = (
            start > 0 and not _IN_QUOTES.match(sentence) and words.line("residue").match(bare)
        )
        if is_label or words.line("residue_sentences").match(bare):
            return sentence
    return ""
