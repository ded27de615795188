"""The part of S29 that finds a title saying another thing than the story that it is of; pure."""

import re
from collections.abc import Iterator

from newsletter.checks.fidelity.denials import DENIED
from newsletter.checks.fidelity.edits import edits
from newsletter.checks.issue.tongue import primary_language
from newsletter.checks.issue.topics import CLAUSES
from newsletter.checks.request import CheckRequest
from newsletter.checks.wording import blocks_of, leaves, shorten
from newsletter.model.issue import Brief, Briefs, Story

LONGEST_TITLE = 300  # characters looked at; no inbox shows as many
_DIGIT = re.compile(r"\d")  # figures have a rule of their own


def said_otherwise(request: CheckRequest) -> Iterator[tuple[int, str, str]]:
    """Return line, message and evidence of subject, preheader and headlines, in English."""
    if primary_language(request) != "en":
        return
    told = [
        (item, _said(item))
        for block in blocks_of(request.issue)
        for item in (block.items if isinstance(block, Briefs) else (block,))
        if isinstance(item, Story | Brief)
    ]
    stories = "\n".join(f"{item.headline}\n{text}" for item, text in told)
    issue = request.issue
    titles = [
        (f"the {key}", clause, stories, issue.line_of(key))
        for key, value in (("subject", issue.subject), ("preheader", issue.preheader))
        for clause in CLAUSES.split(value[:LONGEST_TITLE])
    ]
    titles += [
        ("a headline", item.headline[:LONGEST_TITLE], text, item.line)
        for item, text in told
        if text
    ]
    for what, title, story, line in titles:
        for edit in edits(title, story):
            # a title denies in its own words: "puts off the move" is of one that is not to be
            denies = edit.told.startswith(DENIED) or edit.there.startswith(DENIED)
            if not denies and not _DIGIT.search(edit.told + edit.there):
                yield (
                    line,
                    f"{what} says another thing: {edit.message('the story')}",
                    f"{shorten(title, 100)}\nthe story: {shorten(edit.source, 100)}",
                )


def _said(item: Story | Brief) -> str:
    if isinstance(item, Brief):
        return item.text
    return "\n".join(text for text, _ in leaves(item.summary))
