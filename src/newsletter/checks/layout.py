"""Which blocks of an issue stand beside each other in the mail, as the templates set them; pure."""

from collections.abc import Iterator
from itertools import pairwise, product

from newsletter.model.issue import Block, Brief, Briefs, CalloutRef, Issue, Story


def neighbours(issue: Issue) -> Iterator[tuple[Block | Brief, Block | Brief]]:
    """Return each two that touch in the mail, the upper or left one first.

    A row of two touches the row above and the row below with both of its stories. A callout stands
    between what is around it. A heading between two keeps them no further apart than a line.
    """
    rows = list(_rows(issue))
    yield from ((row[0], row[1]) for row in rows if len(row) > 1)
    for above, below in pairwise(rows):
        for one, other in product(above, below):
            if not isinstance(one, CalloutRef) and not isinstance(other, CalloutRef):
                yield one, other


def _rows(issue: Issue) -> Iterator[tuple[Block | Brief, ...]]:
    """Return the rows in order: the first section's first story alone, then two by two."""
    lead = next((b for s in issue.sections[:1] for b in s.blocks if isinstance(b, Story)), None)
    for blocks in (issue.opening, *(section.blocks for section in issue.sections)):
        waiting: tuple[Block, ...] = ()
        for block in blocks:
            if isinstance(block, Story) and block is not lead:
                waiting += (block,)
                if len(waiting) > 1:
                    yield waiting
                    waiting = ()
                continue
            if waiting:
                yield waiting
                waiting = ()
            yield from (
                ((item,) for item in block.items) if isinstance(block, Briefs) else [(block,)]
            )
        if waiting:
            yield waiting
