"""S checks on what an issue says: subject, stories, residue of the source."""

import re
from collections.abc import Iterator

from newsletter.checks.issue.furniture import (
    is_call,
    is_furniture,
    is_house_rule,
    is_label,
    is_teaser,
    trimming,
)
from newsletter.checks.issue.structure import incomplete
from newsletter.checks.request import CheckRequest
from newsletter.checks.wording import (
    Part,
    blocks_of,
    folded,
    graphemes,
    is_blank,
    leaves,
    plain,
    shorten,
    stories,
    word_count,
)
from newsletter.model.finding import Finding, Severity
from newsletter.model.issue import Brief, Briefs, Issue, Story
from newsletter.model.sentences import split_sentences
from newsletter.model.text import Emphasis, Link, Paragraph, Strong

SUBJECT_LENGTH = "S01 subject-length"
STORY_COMPLETE = "S07 story-complete"
RESIDUE = "S09 residue"

SHORTEST_SUBJECT, LONGEST_SUBJECT = 10, 60
SUBJECT_CUTS = (33, 50, 60)  # what a phone upright, a phone sideways and a desktop show
FEWEST_WORDS, MOST_WORDS = 8, 80
LONGEST_ODD = 12  # words of a line that is no sentence; a longer one is a sentence cut short

# Whole paragraphs or lines, folded, without the marks at their end.
_LEFTOVER = frozenset({"hide ad", "hide ads", "visit shots! now", "comment guidelines"})
_OF_A_SOURCE = frozenset({Part.STORY, Part.BRIEF})
_MAY_INTRODUCE = frozenset({Part.EDITOR, Part.HEADING, Part.LABEL})
_EDITORS_OWN = frozenset({"a message from the editor"})  # an editor's message may begin so
_LEFTOVER_STARTS = (
    "watch more of our videos",
    "this article contains affiliate links",
    "we may earn a small commission on items purchased",
    "national world encourages reader discussion",
    "please review our community guidelines before commenting",
)
_EDITORS_OWN_STARTS = ("thank you for reading. nationalworld is a new national news brand",)
_ENDED = re.compile(r"[.!?\u2026\u061f\u06d4\u3002][\"'\u2019\u201d\u201c\u00bb)\]\s]*$")
_IN_QUOTES = re.compile(r"[\"'\u2018\u201c\u201e\u00ab]")
_AFTER_LETTER = re.compile(r"\b[A-Z]\. (?=[A-Z])")
_OPEN_END = re.compile(r"[\w)\]]$")
_HIDE_AD_AT_END = re.compile(r"""[.!?"')] hide ad$""")
_FREEVIEW = re.compile(r"and on freeview \d{1,4} or freely \d{1,4}")
_HIDE_AD_AGAIN = re.compile(r"(?:hide ads? ?){2,9}|advertisement hide ad")


def subject_length(request: CheckRequest) -> Iterator[Finding]:
    """S01: the subject is neither cut in the inbox nor too short to tell anything."""
    subject = request.issue.subject.strip()
    line = request.issue.line_of("subject")
    if is_blank(subject):  # H03 tells, whatever settings say of lengths
        return
    clusters = graphemes(subject)
    count = len(clusters)
    if SHORTEST_SUBJECT <= count <= LONGEST_SUBJECT:
        return
    too = "long" if count > LONGEST_SUBJECT else "short"
    cuts = "; ".join(
        f"at {cut}: {''.join(clusters[:cut]).rstrip()}…" for cut in SUBJECT_CUTS if cut < count
    )
    yield Finding(
        check=SUBJECT_LENGTH,
        severity=Severity.WARNING,
        message=f"the subject is {too}: {count} characters, "
        f"{SHORTEST_SUBJECT} to {LONGEST_SUBJECT} are read whole",
        evidence=cuts or subject,
        file=request.file,
        line=line,
        remedy="put what matters into the first 33 characters"
        if too == "long"
        else "say what the issue is about",
    )


def story_complete(request: CheckRequest) -> Iterator[Finding]:
    """S07: each story has a headline, a summary of a readable length, and a link."""
    headlines = {_bare(story.headline) for story in stories(request.issue)} - {""}
    for story in stories(request.issue):
        yield from (
            Finding(
                check=STORY_COMPLETE,
                severity=severity,
                message=message,
                evidence=_name_of(story),
                file=request.file,
                line=line,
                remedy=remedy,
            )
            for severity, line, message, remedy in _missing(story, headlines)
        )
    yield from incomplete(request, STORY_COMPLETE)


def residue(request: CheckRequest) -> Iterator[Finding]:
    """S09: nothing of the source page's furniture stands in a story."""
    titles = {item.headline for item in _briefs(request.issue)}
    for passage in request.passages:
        is_told = passage.part in _OF_A_SOURCE and passage.text not in titles
        for offset, text in enumerate(passage.text.split("\n")):
            severity = _leftover(folded(text), passage.part)
            if severity is None and is_told and is_teaser(folded(text)):
                severity = Severity.WARNING
            message, seen = "a line of the source page was left in", text
            if severity is None and is_told:
                message, seen = "words of the source page were left in", _left_within(text)
                severity = Severity.WARNING if seen else None
                severity = Severity.ERROR if is_house_rule(folded(seen)) else severity
            if severity is not None:
                yield _residue(request, severity, message, seen, passage.line + offset)
    for story in stories(request.issue):
        for text, line in odd_lines(story):
            message = "a line that is no sentence stands between the sentences of a summary"
            yield _residue(request, Severity.WARNING, message, text, line)


def _briefs(issue: Issue) -> Iterator[Brief]:
    return (item for block in blocks_of(issue) if isinstance(block, Briefs) for item in block.items)


def _residue(
    request: CheckRequest, severity: Severity, message: str, seen: str, line: int
) -> Finding:
    return Finding(
        check=RESIDUE,
        severity=severity,
        message=message,
        evidence=shorten(seen),
        file=request.file,
        line=line,
        remedy="take the line out",
    )


def _left_within(text: str) -> str:
    """Return the first sentence of a line that is the page's, or what hangs on it; "" for none."""
    spans = split_sentences(text)
    # no initial stands before a call: "a low F. Click here"
    tails = ((hit.end(), len(text)) for hit in _AFTER_LETTER.finditer(text))
    for start, end in (*spans, *tails):
        if is_call(folded(text[start:end])) or is_house_rule(folded(text[start:end])):
            return text[start:end]
    # behind a sentence a page's label stands for itself: "…, she said. Getty Images"
    for start, end in spans[1:]:
        last = folded(text[start:end])
        is_open = _OPEN_END.search(text[start:end]) is not None
        if (is_teaser(last) or (is_open and is_label(last))) and not _IN_QUOTES.match(
            text[start:end]
        ):
            return text[start:end]
    return trimming(text)


def odd_lines(story: Story) -> Iterator[tuple[str, int]]:
    """Return the paragraphs of a summary that are no sentences, where others are, with their lines.

    What a page sets between its paragraphs ends in no mark: "Most viewed", "Jump to recipe". A
    first paragraph, one with a link, and one that S09 knows by its words are not among them.
    """
    told = [block for block in story.summary if isinstance(block, Paragraph)]
    texts = [plain(block.children).strip() for block in told]
    if sum(1 for text in texts if _ENDED.search(text)) * 2 < len(texts):
        return
    for block, text in zip(told[1:], texts[1:], strict=True):
        last = folded(text)
        if (
            0 < word_count(text) <= LONGEST_ODD
            and _OPEN_END.search(text)
            and "\n" not in text
            and not any(isinstance(one, Link | Strong | Emphasis) for one in block.children)
            and not (_leftover(last, Part.STORY) or is_teaser(last) or _left_within(text))
        ):
            yield text, block.line or story.line


def _missing(story: Story, headlines: set[str]) -> Iterator[tuple[Severity, int, str, str]]:
    """Give severity, line, message and remedy of what a story lacks; a summary has its own line."""
    head = story.line
    if not story.headline.strip():
        remedy = 'write it as "## [Headline](https://…)"'
        yield Severity.ERROR, head, "a story has no headline", remedy
    told = [(text, line) for text, line in leaves(story.summary) if text.strip()]
    texts = [text for text, _ in told]
    begin = next((line for _, line in told if line), head)
    words = sum(word_count(text) for text in texts)
    said = {_bare(text[start:end]) for text in texts for start, end in split_sentences(text)}
    if said and said <= headlines:
        whose = "its headline" if said == {_bare(story.headline)} else "a headline"
        message, remedy = f"a summary only repeats {whose}", "say what happened, and to whom"
        yield Severity.WARNING, begin, message, remedy
    elif words == 0:
        remedy = "write one to three sentences under its head"
        yield Severity.ERROR, head, "a story has no summary", remedy
    elif words < FEWEST_WORDS:
        message = f"a summary has only {words} words"
        yield Severity.WARNING, begin, message, "say what happened, and to whom"
    elif words > MOST_WORDS:
        message = f"a summary has {words} words, more than {MOST_WORDS}"
        remedy = "cut it to three sentences; the link leads to the rest"
        yield Severity.WARNING, begin, message, remedy
    if not story.url:
        remedy = 'write the headline as "## [Headline](https://…)"'
        yield Severity.WARNING, head, "a story has no link", remedy


def _bare(text: str) -> str:
    return folded(text).strip(" .!?\u2026")


def _name_of(story: Story) -> str:
    first = next((text for text, _ in leaves(story.summary)), "")
    return shorten(story.headline or first, 100)


def _leftover(line: str, part: Part) -> Severity | None:
    """Judge one folded line: ERROR, WARNING or None."""
    bare = line.strip(" .:[](){}|*-")
    if (
        bare in _LEFTOVER
        or line.startswith(_LEFTOVER_STARTS)
        or (part in _OF_A_SOURCE and is_furniture(line))
        or _FREEVIEW.fullmatch(bare)
        or _HIDE_AD_AGAIN.fullmatch(bare)
        or _HIDE_AD_AT_END.search(bare[-12:])
        or (part not in _MAY_INTRODUCE and bare in _EDITORS_OWN)
        or (part is not Part.EDITOR and line.startswith(_EDITORS_OWN_STARTS))
        or (part is Part.STORY and is_label(line))
    ):
        return Severity.ERROR
    return None
