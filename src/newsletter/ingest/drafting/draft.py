"""A draft of an issue."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from newsletter.config.languages import DraftWords, draft_words
from newsletter.config.settings import NewsletterSettings, SourceSettings
from newsletter.errors import NothingToDo
from newsletter.ingest.drafting.choice import Candidate, Carrier, LeftOut, Pick, Score, choose
from newsletter.ingest.drafting.draft_callouts import (
    carried_callouts,
    choose_callouts,
    draft_finding,
    with_callouts,
)
from newsletter.ingest.drafting.same_story import NO_STORIES, Alike, Likeness, Stories
from newsletter.ingest.drafting.summary import summarise
from newsletter.ingest.identity import site_host
from newsletter.ingest.standing import body_words
from newsletter.model.article import Article, ArticleState, Summary
from newsletter.model.callout import Callout, CalloutPast
from newsletter.model.finding import Finding, Severity
from newsletter.model.issue import Issue, Section, Story, StoryImage
from newsletter.model.sentences import split_sentences
from newsletter.model.text import Paragraph, Text

MOST_SUBJECT = 60
FEWEST_PREHEADER, MOST_PREHEADER = 40, 90
MOST_CREDIT = 80
WORDS_A_MINUTE = 230
NO_PAST = CalloutPast()

# A line that ends in one of these reads as cut off.
_DANGLING = re.compile(
    r"\s+(?:a|an|the|and|or|but|of|in|on|at|to|by|for|from|with|as|that|than|its|his|her|their|is|are"
    r"|was|were|be|has|have|had|will|would|who|which|into|over|after|before|between|[-\u2013\u2014|])$",
    re.IGNORECASE,
)
_LOOSE_END = " ,;:-\u2013\u2014\u00b7|("
_BETWEEN = " \u00b7 "
_BYLINE_DOT = " \u00b7\u00a0"  # a line breaks before the dot, never after it


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """An article that became a story: its section, and why; carriers have the story too."""

    article: int
    section: str
    why: str
    summary: Summary
    score: Score
    carriers: tuple[Carrier, ...] = ()
    is_pinned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The issue, and what was decided for it, in its order."""

    issue: Issue
    chosen: tuple[Chosen, ...]
    left_out: tuple[LeftOut, ...]
    callouts: tuple[str, ...]
    findings: tuple[Finding, ...]
    alike: tuple[Alike, ...] = ()
    articles: Mapping[int, Candidate]
    made_at: datetime


def issue_name(newsletter: NewsletterSettings, day: date) -> str:
    """Return the name of the newsletter's issue of a day."""
    return f"{day.isoformat()}-{newsletter.name}"


def draft_issue(
    newsletter: NewsletterSettings,
    day: date,
    candidates: Sequence[Candidate],
    callouts: Sequence[Callout],
    *,
    now: datetime,
    sources: Sequence[SourceSettings] = (),
    stories: Stories = NO_STORIES,
    past: CalloutPast = NO_PAST,
) -> Draft:
    """Choose and write the issue of a day; NothingToDo where no article is left to choose."""
    choice = choose(newsletter, sources, candidates, stories, now=now)
    if not choice.picks:
        ask = 'read the sources with "newsletter fetch", or ' if newsletter.sources else ""
        raise NothingToDo(
            f"no article is left to choose for {newsletter.name}",
            hint=f'{ask}take one in with "newsletter add URL_OR_FILE"; "newsletter articles" shows '
            "what is there",
        )
    words = draft_words(newsletter.language)
    chosen = [
        Chosen(
            article=pick.candidate.id,
            section=heading,
            why=pick.why,
            summary=summarise(pick.candidate.article),
            score=pick.score,
            carriers=pick.carriers,
            is_pinned=pick.candidate.pin is not None,
        )
        for heading, picks in _in_sections(newsletter, choice.picks)
        for pick in picks
    ]
    articles = {candidate.id: candidate for candidate in candidates}
    headings = dict.fromkeys(one.section for one in chosen)
    wanted, callout_findings = choose_callouts(newsletter, callouts, past)
    sections, placed, unplaced = with_callouts(
        [
            Section(
                heading=heading,
                blocks=tuple(
                    _story(articles[one.article], one.summary, words)
                    for one in chosen
                    if one.section == heading
                ),
            )
            for heading in headings
        ],
        wanted,
    )
    name = issue_name(newsletter, day)
    file = f"issues/{name}.md"
    headlines = [articles[one.article].article.title.value for one in chosen]
    taken = [articles[one.article] for one in chosen]
    few = []
    if len(chosen) < newsletter.fewest_stories:
        message = f"the issue has {len(chosen)} of at least {newsletter.fewest_stories} stories"
        few = [draft_finding("D06 few-stories", Severity.INFO, message, file=file)]
    pairs = tuple(_pairs(stories, [one.article for one in chosen]))
    return Draft(
        issue=Issue(
            name=name,
            file=file,
            newsletter=newsletter.name,
            date=day,
            subject=subject_of(headlines[0]),
            preheader=preheader_of(headlines[1:], _rest_of(chosen)),
            sections=sections,
        ),
        chosen=tuple(chosen),
        left_out=choice.left_out,
        callouts=placed,
        findings=(
            *_story_findings(articles, chosen, file),
            *_alike_findings(stories.pairs, [one.article for one in chosen], file),
            *few,
            *callout_findings,
            *unplaced,
            *carried_callouts(newsletter, taken, file),
        ),
        alike=pairs,
        articles=articles,
        made_at=now,
    )


def _in_sections(
    newsletter: NewsletterSettings, picks: Sequence[Pick]
) -> list[tuple[str, list[Pick]]]:
    """Put the lead first, then sections in the order of choice.sections, then by best story."""
    lead, *others = picks
    by_heading: dict[str, list[Pick]] = {h: [] for h, _ in newsletter.choice.sections}
    for pick in others:
        by_heading.setdefault(pick.section, []).append(pick)
    filled = [(heading, of_it) for heading, of_it in by_heading.items() if of_it]
    return [(draft_words(newsletter.language).top_story, [lead]), *filled]


def _pairs(stories: Stories, chosen: Sequence[int]) -> Iterator[Alike]:
    for pair in stories.pairs:
        is_chosen = pair.one in chosen or pair.other in chosen
        if is_chosen and pair.other not in stories.group_of(pair.one):
            yield pair


def _story(candidate: Candidate, summary: Summary, words: DraftWords) -> Story:
    article = candidate.article
    image = article.image
    return Story(
        headline=article.title.value,
        url=article.url,
        attributes=(("article", str(candidate.id)),),
        image=StoryImage(url=image.value, alt=article.image_alt) if image else None,
        byline=byline_of(article, words),
        summary=(Paragraph(children=(Text(text=summary.text),)),) if summary.text else (),
    )


def _story_findings(
    articles: Mapping[int, Candidate], chosen: Sequence[Chosen], file: str
) -> Iterator[Finding]:
    for one in chosen:
        article, named = articles[one.article].article, f"article {one.article}"
        wants: list[tuple[str, str, str]] = []
        if article.state is ArticleState.NEEDS_LOOK:
            why = "; ".join(article.reasons)
            wants.append(("D01 needs-look", f"{named} needs a look: {why}", ""))
        if not one.summary.text:
            why = f"no sentence of {named} can stand alone as its summary"
            wants.append(("D02 summary", why, "write the story's summary"))
        if not article.url:
            why = f"{named} has no public address, so its story has no link"
            remedy = 'add it with "--url https://…", or write the link into the issue'
            wants.append(("D03 link", why, remedy))
        for check, message, remedy in wants:
            yield draft_finding(
                check,
                Severity.WARNING,
                message,
                file=file,
                evidence=article.title.value,
                remedy=remedy,
            )


def _alike_findings(pairs: Iterable[Alike], chosen: Sequence[int], file: str) -> Iterator[Finding]:
    for pair in pairs:
        if pair.one in chosen and pair.other in chosen:
            is_hint = pair.likeness is Likeness.TITLE
            yield draft_finding(
                "D08 alike",
                Severity.INFO if is_hint else Severity.WARNING,
                alike_sentence(pair),
                file=file,
                remedy="read both, and keep one if they are the same story",
            )


def alike_sentence(pair: Alike) -> str:
    """Return how two articles are alike."""
    one, other, share = f"article {pair.one}", f"article {pair.other}", f"{pair.shared:.0%}"
    match pair.likeness:
        case Likeness.CONTAINED:
            return f"{other} contains {share} of the text of {one}, which is much shorter"
        case Likeness.TITLE:
            return f"the headlines of {one} and {other} are alike"
        case Likeness.SAME | Likeness.RELATED:
            return f"{one} and {other} share {share} of the shorter text"


def subject_of(headline: str) -> str:
    """Return the headline up to its first question mark or sentence end, at most 60 characters."""
    plain = _without_slot_marks(headline)
    sentences = split_sentences(plain)
    first = plain[slice(*sentences[0])] if sentences else plain
    question = first.find("?")
    if question >= 0:
        first = first[: question + 1]
    if first.endswith(".") and "." not in first[:-1]:
        first = first[:-1]
    return cut_at_word(first, MOST_SUBJECT)


def _rest_of(chosen: Sequence[Chosen]) -> str:
    """Return the lead's summary less its first sentence, else the summary of the next story."""
    lead = chosen[0].summary.text
    starts = [start for start, _ in split_sentences(lead)]
    if len(starts) > 1:
        return lead[starts[1] :]
    return chosen[1].summary.text if len(chosen) > 1 else ""


def preheader_of(headlines: Sequence[str], lead_summary: str) -> str:
    """Return the next headlines while they fit, else the lead's summary: 40 to 90 characters."""
    line = ""
    for text in (*headlines, lead_summary):
        longer = _BETWEEN.join(part for part in (line, _without_slot_marks(text)) if part)
        if len(line) >= FEWEST_PREHEADER and (text is lead_summary or len(longer) > MOST_PREHEADER):
            break
        line = cut_at_word(longer, MOST_PREHEADER, least=FEWEST_PREHEADER)
    return line


def byline_of(article: Article, words: DraftWords) -> str:
    """Return "By AUTHOR · SITE · N min read" of what is known; the site may be the link's host."""
    minutes = max(1, -(-body_words(article) // WORDS_A_MINUTE))
    author = article.author.value if article.author else ""
    parts = (
        words.author.format(author=author) if author else "",
        article.site.value if article.site else site_host(article.url),
        words.minutes.format(minutes=minutes),
    )
    return _BYLINE_DOT.join(part for part in parts if part)


def with_credit(byline: str, credit: str, words: DraftWords) -> str:
    """Return the byline with who made the picture, where the source says so."""
    made_by = credit.strip()[:MOST_CREDIT]
    parts = (byline, words.picture.format(credit=made_by) if made_by else "")
    return _BYLINE_DOT.join(part for part in parts if part)


def cut_at_word(text: str, most: int, *, least: int = 0) -> str:
    """Return at most that many characters in whole words, dangling ones dropped down to least."""
    if len(text) <= most:
        return text
    head = text[: most + 1].rpartition(" ")[0] or text[:most]
    line = head.rstrip(_LOOSE_END) or head
    while (found := _DANGLING.search(line)) and found.start() >= max(least, 1):
        line = line[: found.start()].rstrip(_LOOSE_END)
    return line


def _without_slot_marks(text: str) -> str:
    """Set ``[[`` apart: front matter has no way to say that it is no slot of ours."""
    return re.sub(r"\[(?=\[)", "[ ", text)
