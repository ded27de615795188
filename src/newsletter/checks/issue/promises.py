"""S29: what subject, preheader and opening promise of the issue: how many stories, and of whom."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from newsletter.checks.fidelity.proper_names import absent_names
from newsletter.checks.headline_words import stems
from newsletter.checks.issue.announced import PROMISES, announced, headlines_of
from newsletter.checks.issue.headline_figures import other_figures
from newsletter.checks.issue.number_words import COUNT, number_of
from newsletter.checks.issue.said_otherwise import said_otherwise
from newsletter.checks.issue.section_counts import miscounted_sections
from newsletter.checks.issue.title_words import (
    NO_NAMES,
    NOUN,
    NUMBERED,
    counts_things,
    figures_of,
    is_in_title_case,
    is_told,
    without_labels,
)
from newsletter.checks.issue.tongue import primary_language
from newsletter.checks.request import CheckRequest
from newsletter.checks.wording import blocks_of, folded, leaves, plain, shorten, text_blocks
from newsletter.checks.written import Field, Written, running
from newsletter.model.finding import Finding, Severity
from newsletter.model.issue import Brief, Briefs, Issue, Story
from newsletter.model.text import ListBlock, Paragraph

_YEAR = re.compile("(?:19|20)[0-9]{2}")
# "And five more reads": so many beside what was named before.
_MORE = re.compile(
    rf"\b{COUNT} (?:more|other|further|great|good|weitere|andere|autres|otr[oa]s) (?:(?:great"
    rf"|good|big) )?{NOUN}\b"
    rf"|\b(?:otr[oa]s|autres) {COUNT} {NOUN}\b|\b{COUNT} {NOUN} (?:more|más|de plus|arall|mehr)\b"
    rf"|\bplus {COUNT} (?:{NOUN}|things to read)\b|\b{COUNT} (?:more"
    rf"|others)(?=[.!]?$)",
    re.IGNORECASE,
)
# "Six stories today": so many in all; without such a word it may be a headline of its own.
_IN_ALL = re.compile(
    rf"\b(?:here are|we have|today['\u2019]s|our|the day['\u2019]s|your|these|below are"
    rf"|in this issue:?"
    rf"|heute:?|voici|hier sind|aquí (?:están|tienes)|dyma) (?:the |las |los |les |die )?{COUNT} "
    rf"(?:best |top |big |great |good |most important |wichtigsten )?{NOUN}\b"
    rf"|\b{COUNT} {NOUN} (?:today|tonight|this morning|this week|in this issue|below|to read"
    rf"|for you|await"
    r"|heute|aujourd['\u2019]hui|hoy|heddiw)\b",
    re.IGNORECASE,
)
# In the opening alone, where a mail says what it holds: "We bring you nine stories."
_IN_OPENING = re.compile(
    rf"(?<!one of )(?<!of the )(?<!last )(?<!past )(?<!first )(?<!more )\b{COUNT} "
    rf"(?:(?:best|top|big|great|good|fresh|short|new|local|world|must-read) ){{0,2}}"
    rf"(?:stories|reads|articles|news items|things to (?:know|read))\b"
    rf"(?! (?:high|tall|up|down|about))",
    re.IGNORECASE,
)
FEWEST_DIGITS = 3  # of figures that are told to be alike
FEWEST_SHARED = 2  # words that make a subject that of a story
_BEFORE_LIST = re.compile(
    rf"\b{COUNT} (?:(?!(?:of|from|to|years?|days?|weeks?|months?|hours?|minutes?"
    rf"|o'clock)\b)[^\W\d_]{{2,20}} ?){{1,3}}:$",
    re.IGNORECASE,
)
_TITLES = frozenset({Field.SUBJECT, Field.PREHEADER})
_ITEMS = re.compile(r"[,;:|.?!]\s|\b(?:and|plus|et|und|y)\b", re.IGNORECASE)
_HEADS = frozenset({Field.SUBJECT, Field.PREHEADER, Field.TEXT, Field.EDITOR})


_CAPITALS_ARE_NAMES = frozenset({"en"})


def promises(request: CheckRequest) -> Iterator[Finding]:
    """S29: as many stories stand in the issue as it says, and the one that its subject names."""
    yield from _counts(request)
    yield from _names(request)
    yield from _figures(request)
    yield from _other_in_headlines(request)
    yield from _before_lists(request)
    for line, seen, size in miscounted_sections(request):
        yield Finding(
            check=PROMISES,
            severity=Severity.WARNING,
            message=f"a section of {size} stands where another number is promised",
            evidence=f"“{shorten(seen)}”",
            file=request.file,
            line=line,
            remedy="count again",
        )
    yield from announced(request)
    for line, message, evidence in said_otherwise(request):
        yield Finding(
            check=PROMISES,
            severity=Severity.WARNING,
            message=message,
            evidence=evidence,
            file=request.file,
            line=line,
            remedy="say in both places what is right",
        )


def _counts(request: CheckRequest) -> Iterator[Finding]:
    stories, briefs = _counted(request.issue)
    everything = stories + briefs
    if not everything:
        return
    first = min((section.line for section in request.issue.sections), default=0)
    for one in request.written:
        if one.field not in _HEADS or one.file:
            continue
        is_opening = one.field is Field.TEXT and one.line < first
        for pattern in (_MORE, _IN_ALL, *((_IN_OPENING,) if is_opening else ())):
            hit = next((h for h in pattern.finditer(one.text) if number_of(h)), None)
            if hit is None:
                continue
            fits = {everything, everything - 1, stories - 1, briefs}
            if pattern is not _MORE:
                fits.add(stories)
            else:
                fits |= _beside(one, hit, everything) | _beside(one, hit, stories)
                fits -= {everything} if one.field in _TITLES else set()
            if number_of(hit) in fits:
                continue
            standing = f"{stories} {'story' if stories == 1 else 'stories'}"
            if briefs:
                standing += f" and {briefs} {'brief' if briefs == 1 else 'briefs'}"
            yield Finding(
                check=PROMISES,
                severity=Severity.WARNING,
                message=f"{one.field.value} promises another number of stories than there are",
                evidence=f"“{hit[0]}”; in the issue stand {standing}",
                file=request.file,
                line=one.line + one.text.count("\n", 0, hit.start()),
                remedy="count again",
            )
            break


def _beside(one: Written, hit: re.Match[str], count: int) -> set[int]:
    """Return how many of a count are left, where up to as many as a text lists are named before."""
    listed = sum(1 for part in _ITEMS.split(one.text[: hit.start()]) if part.strip(" .&"))
    if one.field not in _TITLES:
        listed += 2
    elif one.field is Field.PREHEADER:
        listed += 1  # what the subject names
    return {count - named for named in range(1, max(1, listed) + 1)}


def _names(request: CheckRequest) -> Iterator[Finding]:
    """Tell of a subject that names somebody or some place of which the issue tells nothing."""
    if request.newsletter.language.partition("-")[0].casefold() not in _CAPITALS_ARE_NAMES:
        return
    subject = request.issue.subject
    if is_in_title_case(subject):
        return  # set in title case or in capitals: they mark no names
    told = [one.text for one in request.written if running(one) and one.field is not Field.SUBJECT]
    told += [request.newsletter.title, request.newsletter.publication]
    told += [" ".join(value for _, value in b.attributes) for b in _stories(request.issue)]
    absent = [
        name
        for name in absent_names(without_labels(subject), "\n".join(told))
        if name.casefold() not in NO_NAMES and not name.isupper()
    ]
    articles = "\n".join({one.text for one in request.sources.values()}) if absent else ""
    absent = [name for name in absent if name in absent_names(without_labels(subject), articles)]
    known = [word for word in re.findall(r"[^\W\d_]{4,}", subject) if word[0].isupper()]
    first = next(iter(re.findall(r"[^\W\d_]+", subject)), "")
    here = " ".join(told)
    is_name = first in absent or re.search(rf"\b{first}\b", here)
    if first[:1].isupper() and (re.search(rf"\b{first.lower()}\b", here) or not is_name):
        known = known[1:] if known[:1] == [first] else known  # an ordinary word, and no name
    if not set(absent) - {first} or len(absent) < len(
        [w for w in known if w.casefold() not in NO_NAMES]
    ):
        return
    yield Finding(
        check=PROMISES,
        severity=Severity.WARNING,
        message="the subject names what no story of the issue tells of",
        evidence=f"{shorten(subject, 100)}; not in the issue: {', '.join(absent)}",
        file=request.file,
        line=request.issue.line_of("subject"),
        remedy="write the subject for what stands in the issue",
    )


def _figures(request: CheckRequest) -> Iterator[Finding]:
    """Tell of a figure in subject or preheader where the story it is of has another one."""
    issue = request.issue
    language = primary_language(request)
    told = "\n".join(
        one.text
        for one in request.written
        if one.field not in {*_TITLES, Field.LINK, Field.PICTURE} and not one.file
    )
    headlines = headlines_of(issue)
    for key, text in (("subject", issue.subject), ("preheader", issue.preheader)):
        if NUMBERED.search(text):
            continue
        absent = {one for one in figures_of(text) if not is_told(one, told, language)}
        absent = {one for one in absent if not counts_things(text, one)}
        stated = figures_of(text)
        words = stems(folded(text), language)
        slip = next((pair for pair in _alike_figures(absent, figures_of(told) - stated)), None)
        if slip is not None:
            seen = f"{slip[0]} here, {slip[1]} in the issue"
            yield _figure(request, f"the {key} gives another figure than its story", seen, key)
            continue
        for headline, line in headlines:
            rivals = figures_of(headline) - stated
            shared = words & stems(folded(headline), language)
            is_same = len(shared) >= FEWEST_SHARED and (_kinds(absent) & _kinds(rivals))
            if not is_same:
                continue
            seen = f"{', '.join(sorted(absent))} here, {', '.join(sorted(rivals))} in line {line}"
            yield _figure(request, f"the {key} gives another figure than its story", seen, key)
            # one of the two is wrong, and nothing here tells which
            scores = [one for one in rivals if "-" in one and told.count(one) == 1]
            if scores:
                message = f"a headline gives another score than the {key}"
                yield _figure(request, message, seen, key, line)
            break


def _other_in_headlines(request: CheckRequest) -> Iterator[Finding]:
    """Tell of a figure in a headline where the summary under it has another one."""
    if primary_language(request) != "en":
        return
    for block in blocks_of(request.issue):
        for item in block.items if isinstance(block, Briefs) else (block,):
            if isinstance(item, Brief):
                told = item.text
            elif isinstance(item, Story):
                told = "\n".join(text for text, _ in leaves(item.summary))
            else:
                continue
            for here, there in other_figures(item.headline, told):
                seen = f"{here} here, {there} under it"
                message = "a headline gives another figure than its summary"
                yield _figure(request, message, seen, "", item.line)


def _figure(request: CheckRequest, message: str, seen: str, key: str, line: int = 0) -> Finding:
    return Finding(
        check=PROMISES,
        severity=Severity.WARNING,
        message=message,
        evidence=seen,
        file=request.file,
        line=line or request.issue.line_of(key),
        remedy="compare both with the story",
    )


def _alike_figures(absent: set[str], others: set[str]) -> Iterator[tuple[str, str]]:
    """Return figures of one kind with the same digits, moved or parted otherwise."""
    for one in sorted(absent):
        for other in sorted(others):
            digits, against = re.sub(r"\D", "", one), re.sub(r"\D", "", other)
            alike = len(digits) >= FEWEST_DIGITS and sorted(digits) == sorted(against)
            if alike and _kinds({one}) == _kinds({other}) != {"score"}:
                yield one, other


def _kinds(figures: Iterable[str]) -> set[str]:
    """Return what figures are of: money, a share, a score, a year, or a plain number."""
    return set(map(_kind, figures))


def _kind(figure: str) -> str:
    if "-" in figure:
        return "score"
    if "%" in figure:
        return "%"
    if _YEAR.fullmatch(figure):
        return "year"
    return figure[:1] if figure[:1] in "£$€" else "number"


def _before_lists(request: CheckRequest) -> Iterator[Finding]:
    """Tell of "three answers:" before a list of another length."""
    for block in blocks_of(request.issue):
        blocks = text_blocks(block)
        for before, after in pairwise(blocks):
            if not isinstance(before, Paragraph) or not isinstance(after, ListBlock):
                continue
            text = plain(before.children).rstrip()
            hit = _BEFORE_LIST.search(text)
            number = number_of(hit) if hit else 0
            if hit and number > 1 and number != len(after.items):
                yield Finding(
                    check=PROMISES,
                    severity=Severity.WARNING,
                    message=f"a list of {len(after.items)} follows where {number} are promised",
                    evidence=f"“{shorten(hit[0])}”",
                    file=request.file,
                    line=before.line + text.count("\n"),
                    remedy="count again",
                )


def _counted(issue: Issue) -> tuple[int, int]:
    blocks = [*issue.opening, *(b for section in issue.sections for b in section.blocks)]
    briefs = sum(len(block.items) for block in blocks if isinstance(block, Briefs))
    return sum(isinstance(block, Story) for block in blocks), briefs


def _stories(issue: Issue) -> Iterator[Story]:
    blocks = (*issue.opening, *(b for section in issue.sections for b in section.blocks))
    return (block for block in blocks if isinstance(block, Story))
