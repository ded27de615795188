"""Which blocks of an issue stand beside each other in the mail, as the templates set them; pure."""

from collections.abc import Iterator
from itertools import pairwise, product

from newsletter.model.issue import Block, Brief, Briefs, CalloutRef, Issue, Story


def rows_of(issue: Issue) -> Iterator[tuple[Story, Story]]:
    """Return the pairs of stories that the mail sets in one row.

    The first story of the first section stands alone; after it each two that follow one another
    within a section make a row.
    """
    lead = next((b for s in issue.sections[:1] for b in s.blocks if isinstance(b, Story)), None)
    for blocks in (issue.opening, *(section.blocks for section in issue.sections)):
        waiting: Story | None = None
        for block in blocks:
            if not isinstance(block, Story) or block is lead:
                waiting = None
            elif waiting is None:
                waiting = block
            else:
                yield waiting, block
                waiting = None


def neighbours(issue: Issue) -> Iterator[tuple[Block | Brief, Block | Brief]]:
    """Return each two that touch in the mail, the upper or left one first.

    A row of two touches the row above and the row below with both of its stories. A callout stands
    between what is around it. A heading between two keeps them no further apart than a line.
    """
    rows = tuple(_rows(issue))
    for row in rows:
        if len(row) > 1:
            yield row[0], row[1]
    for above, below in pairwise(rows):
        for one, other in product(above, below):
            if not isinstance(one, CalloutRef) and not isinstance(other, CalloutRef):
                yield one, other


def _rows(issue: Issue) -> Iterator[tuple[Block | Brief, ...]]:
    paired = {id(left): right for left, right in rows_of(issue)}
    seconds = {id(right) for right in paired.values()}
    for blocks in (issue.opening, *(section.blocks for section in issue.sections)):
        for block in blocks:
            if isinstance(block, Briefs):
                yield from ((item,) for item in block.items)
            elif id(block) in paired:
                yield block, paired[id(block)]
            elif id(block) not in seconds:
                yield (block,)
