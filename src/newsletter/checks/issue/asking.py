"""The part of S05 that finds an appeal in prose: money asked for where no callout stands.

An appeal has a life and is verified; words that ask for money in a story or a message have and are
not. What somebody is quoted with is news; a sentence that bids the reader give is an appeal.
"""

import re
from collections.abc import Iterator

from newsletter.checks.request import CheckRequest
from newsletter.checks.wording import Part, folded, shorten
from newsletter.model.finding import Finding
from newsletter.model.sentences import split_sentences

_QUOTED = re.compile(
    r'"[^"\n]{0,600}"|\u201c[^\u201d\n]{0,600}\u201d|\u00ab[^\u00bb\n]{0,600}\u00bb'
)


def money_asked(request: CheckRequest) -> Iterator[Finding]:
    """Find sentences that bid the reader give money, outside a callout."""
    asks = request.words.line("asks_for_money")
    for passage in request.passages:
        if passage.part is Part.CALLOUT:
            continue
        for start, end in split_sentences(passage.text):
            sentence = passage.text[start:end]
            if asks.match(_QUOTED.sub(" ", folded(sentence)).strip(" .!?:-\u2026")):
                yield request.finding(
                    "S05 callout-wording",
                    passage.line + passage.text.count("\n", 0, start),
                    "money is asked for outside a callout",
                    seen=shorten(sentence),
                    remedy="take it out, or place the appeal's callout, which was verified",
                )
