"""The marks around each block of the issue, ``<!--block 3-->`` to ``<!--/block 3-->``, in pairs.

They are how it is known which element belongs to which block, and how large each is; a mark that is
not read says nothing, and what follows is then laid to the wrong block.
"""

import re
from collections.abc import Iterator

from newsletter.compose.line_marks import Marked
from newsletter.model.finding import Finding, Severity

LOST = "C09 content-lost"
_MARK = re.compile(r"<!--(/?)block (\d{1,9})-->")
_LIKE_A_MARK = re.compile(r"<!--\s*/?\s*block\b[\s\w#/.-]{0,40}-->", re.IGNORECASE)


def lint_block_marks(marked: Marked) -> tuple[Finding, ...]:
    """Give the marks that belong to no pair, as warnings, the first of each kind and template line.

    Whether a block is whole, the proof of the result tells.
    """
    found: dict[tuple[str, str, int], Finding] = {}
    for sentence, offset, remedy in _faults(marked.text):
        place = marked.place(offset)
        kind = re.sub(r"\d+", "", sentence)
        found.setdefault(
            (kind, place.file, place.line),
            Finding(
                check=LOST,
                severity=Severity.WARNING,
                message=sentence,
                file=place.file,
                line=place.line,
                remedy=remedy,
            ),
        )
    return tuple(found.values())


def _faults(text: str) -> Iterator[tuple[str, int, str]]:
    number, begun = "", 0  # of the open block
    for seen in _LIKE_A_MARK.finditer(text):
        mark = _MARK.fullmatch(seen[0])
        at = seen.start()
        if mark is None:
            shown = " ".join(seen[0].split())[:60]
            yield f"{shown} is no block mark", at, "write <!--block {{ row.number }}-->, no spaces"
        elif not mark[1]:
            if number:
                yield from _open(number, begun)
            number, begun = mark[2], at
        elif mark[2] == number:
            number = ""
        elif number:
            remedy = f"write <!--/block {number}-->, or one block after the other"
            yield f"the end of block {mark[2]} stands in block {number}", at, remedy
        else:
            yield f"the end of block {mark[2]} has no begin", at, f"write <!--block {mark[2]}-->"
    if number:
        yield from _open(number, begun)


def _open(number: str, begun: int) -> Iterator[tuple[str, int, str]]:
    remedy = "write <!--/block {{ … }}--> with the same number where the block ends"
    yield f"block {number} is never closed", begun, remedy
