"""A draft of an issue."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from newsletter.config.languages import DraftWords, draft_words
from newsletter.config.settings import NewsletterSettings, SourceSettings
from newsletter.errors import NothingToDo
from newsletter.ingest.drafting.choice import Candidate, Carrier, Choice, Pick, Score, choose
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
from newsletter.model.issue import Block, Issue, Section, Story, StoryImage, TextPassage
from newsletter.model.sentences import split_sentences
from newsletter.model.text import Inline, Paragraph, SlotRef, Text


def story_findings(stored: Candidate, summary: Summary, file: str) -> list[Finding]:
    """Return what one story still wants."""
    article = stored.article
    named = f"article {stored.id}"
    found: list[Finding] = []
    if article.state is ArticleState.NEEDS_LOOK:
        message = f"{named} needs a look: {'; '.join(article.reasons)}"
        found.append(
            draft_finding(
                "D01 needs-look", Severity.WARNING, message, file=file, evidence=article.title.value
            )
        )
    if not summary.text:
        found.append(
            draft_finding(
                "D02 summary",
                Severity.WARNING,
                f"no sentence of {named} can stand alone as its summary",
                file=file,
                evidence=article.title.value,
                remedy="write the story's summary",
            )
        )
    if not article.url:
        found.append(
            draft_finding(
                "D03 link",
                Severity.WARNING,
                f"{named} has no public address, so its story has no link",
                file=file,
                evidence=article.title.value,
                remedy='add it with "--url https://…", or write the link into the issue',
            )
        )
    return found


def count_findings(newsletter: NewsletterSettings, count: int, file: str) -> list[Finding]:
    """Return that there are fewer stories than the newsletter wants."""
    if count >= newsletter.fewest_stories:
        return []
    message = f"the issue has {count} of at least {newsletter.fewest_stories} stories"
    return [draft_finding("D06 few-stories", Severity.INFO, message, file=file)]


def alike_findings(pairs: Iterable[Alike], chosen: Sequence[int], file: str) -> list[Finding]:
    """Return which two chosen stories may be one; titles that are alike are a hint and no more."""
    found: list[Finding] = []
    for pair in pairs:
        if pair.one not in chosen or pair.other not in chosen:
            continue
        is_hint = pair.likeness is Likeness.TITLE
        found.append(
            draft_finding(
                "D08 alike",
                Severity.INFO if is_hint else Severity.WARNING,
                alike_sentence(pair),
                file=file,
                remedy="read both, and keep one where they are one story",
            )
        )
    return found


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


MOST_SUBJECT = 60
FEWEST_PREHEADER, MOST_PREHEADER = 40, 90
MOST_CREDIT = 80
WORDS_A_MINUTE = 230

# A line that ends in one of these reads as cut off.
_DANGLING = re.compile(
    r"\s+(?:a|an|the|and|or|but|of|in|on|at|to|by|for|from|with|as|that|than|its|his|her|their|is|are"
    r"|was|were|be|has|have|had|will|would|who|which|into|over|after|before|between|[-\u2013\u2014|])$",
    re.IGNORECASE,
)
_LOOSE_END = " ,;:-\u2013\u2014\u00b7|("
_BETWEEN = " \u00b7 "


def subject_of(headline: str) -> str:
    """Return the headline up to its first question mark or sentence end, at most 60 characters."""
    plain = _without_slot_marks(headline)
    sentences = split_sentences(plain)
    first = plain[slice(*sentences[0])] if sentences else plain
    question = first.find("?")
    if question >= 0:
        first = first[: question + 1]
    if first.endswith(".") and not first.endswith("..") and "." not in first[:-1]:
        first = first[:-1]
    return cut_at_word(first, MOST_SUBJECT)


def preheader_of(headlines: Sequence[str], lead_summary: str) -> str:
    """Return the next headlines, else the lead's summary: 40 to 90 characters where they suffice.

    Whole headlines go in while they fit; where these are too few characters, the summary follows.
    """
    headlines = [_without_slot_marks(headline) for headline in headlines]
    lead_summary = _without_slot_marks(lead_summary)
    line = ""
    for headline in headlines:
        longer = f"{line}{_BETWEEN}{headline}" if line else headline
        if len(longer) > MOST_PREHEADER:
            break
        line = longer
    if len(line) >= FEWEST_PREHEADER:
        return line
    rest = [*headlines, lead_summary] if not line else [line, lead_summary]
    if not line and headlines:
        return cut_at_word(headlines[0], MOST_PREHEADER, least=FEWEST_PREHEADER)
    return cut_at_word(
        _BETWEEN.join(text for text in rest if text), MOST_PREHEADER, least=FEWEST_PREHEADER
    )


def byline_of(article: Article, words: DraftWords) -> str:
    """Return "By AUTHOR · SITE · N min read" of what is known; the site may be the link's host."""
    minutes = max(1, -(-body_words(article) // WORDS_A_MINUTE))
    author = article.author.value if article.author else ""
    site = article.site.value if article.site else site_host(article.url)
    parts = (
        words.author.format(author=author) if author else "",
        site,
        words.minutes.format(minutes=minutes),
    )
    return _BETWEEN.join(part for part in parts if part)


def with_credit(byline: str, credit: str, words: DraftWords) -> str:
    """Return the byline with who made the picture, where the source says so."""
    made_by = credit.strip()[:MOST_CREDIT]
    return _BETWEEN.join(
        part for part in (byline, words.picture.format(credit=made_by) if made_by else "") if part
    )


def cut_at_word(text: str, most: int, *, least: int = 0) -> str:
    """Return at most that many characters, whole words, without a dangling last one.

    A single word longer than that is cut inside. Dangling words go only down to least characters.
    """
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


NO_PAST = CalloutPast()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """An article that became a story: the section it stands in, and why, as a sentence.

    carriers are the other sources with the same story, each with its link.
    """

    article: int
    section: str
    why: str
    summary: Summary
    score: Score
    carriers: tuple[Carrier, ...] = ()
    is_pinned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """An article that did not, and why, as a sentence.

    score is None where no points were counted; same_as is the article that stands for its story, 0
    for none.
    """

    article: int
    why: str
    score: Score | None = None
    same_as: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The issue, and what was decided for it.

    chosen is in the order of the issue; callouts are the names of those placed; alike are the pairs
    of articles that a person may want to compare, one of them chosen at least. articles are those
    that were looked at, by number.
    """

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
    """Choose and write the issue of a day; the order of the candidates does not matter.

    Args:
        newsletter: whose issue it is.
        day: the issue's date.
        candidates: what there is, with what editors ruled and what ran.
        callouts: the callouts that exist; the newsletter's own may be placed.
        now: the moment of the choice.
        sources: all sources there are.
        stories: which of the candidates tell one story.
        past: what is known of the callouts beside their files.

    Raises:
        NothingToDo: where no article is left to choose.
    """
    choice = choose(newsletter, sources, candidates, stories, now=now)
    if not choice.picks:
        ask = 'read the sources with "newsletter fetch", or ' if newsletter.sources else ""
        raise NothingToDo(
            f"no article is left to choose for {newsletter.name}",
            hint=f'{ask}take one in with "newsletter add URL_OR_FILE"; "newsletter articles" shows '
            "what is there",
        )
    ordered = _in_sections(newsletter, choice.picks)
    summaries = summarise_picks(choice.picks)
    wanted, callout_findings = choose_callouts(newsletter, callouts, past)
    name = issue_name(newsletter, day)
    file = f"issues/{name}.md"
    words = draft_words(newsletter.language)
    sections = tuple(
        Section(
            heading=heading,
            blocks=tuple(_story(p.candidate, summaries[p.candidate.id], words) for p in picks),
        )
        for heading, picks in ordered
    )
    sections, placed, unplaced = with_callouts(sections, wanted)
    headlines = [pick.candidate.article.title.value for _, picks in ordered for pick in picks]
    lead = choice.picks[0].candidate
    issue = Issue(
        name=name,
        file=file,
        newsletter=newsletter.name,
        date=day,
        subject=subject_of(headlines[0]),
        preheader=preheader_of(headlines[1:], summaries[lead.id].text),
        opening=_opening(newsletter),
        sections=sections,
    )
    taken = [pick.candidate for pick in choice.picks]
    numbers = [candidate.id for candidate in taken]
    findings = [
        *(f for c in taken for f in story_findings(c, summaries[c.id], file)),
        *alike_findings(stories.pairs, numbers, file),
        *count_findings(newsletter, len(taken), file),
        *callout_findings,
        *unplaced,
        *carried_callouts(newsletter, taken, file),
    ]
    return Draft(
        issue=issue,
        chosen=tuple(
            _chosen(pick, heading, summaries) for heading, picks in ordered for pick in picks
        ),
        left_out=_left_out(choice),
        callouts=placed,
        findings=tuple(findings),
        alike=_alike(stories, numbers),
        articles={candidate.id: candidate for candidate in candidates},
        made_at=now,
    )


def summarise_picks(picks: Sequence[Pick]) -> dict[int, Summary]:
    """Return the summary of each chosen article, by its number."""
    return {pick.candidate.id: summarise(pick.candidate.article) for pick in picks}


def _in_sections(
    newsletter: NewsletterSettings, picks: Sequence[Pick]
) -> list[tuple[str, list[Pick]]]:
    """Put the lead first, under its own heading, and the others under their sections.

    Sections come in the order of choice.sections, then by their best story.
    """
    lead, *others = picks
    by_heading: dict[str, list[Pick]] = {h: [] for h, _ in newsletter.choice.sections}
    for pick in others:
        by_heading.setdefault(pick.section, []).append(pick)
    filled = [(heading, of_it) for heading, of_it in by_heading.items() if of_it]
    return [(draft_words(newsletter.language).top_story, [lead]), *filled]


def _chosen(pick: Pick, heading: str, summaries: Mapping[int, Summary]) -> Chosen:
    return Chosen(
        article=pick.candidate.id,
        section=heading,
        why=pick.why,
        summary=summaries[pick.candidate.id],
        score=pick.score,
        carriers=pick.carriers,
        is_pinned=pick.candidate.pin is not None,
    )


def _left_out(choice: Choice) -> tuple[LeftOut, ...]:
    return tuple(
        LeftOut(article=p.candidate.id, why=p.why, score=p.score, same_as=p.same_as)
        for p in choice.passed
    )


def _alike(stories: Stories, chosen: Sequence[int]) -> tuple[Alike, ...]:
    """Return the pairs with a chosen article whose two are not one story already."""
    return tuple(
        pair
        for pair in stories.pairs
        if (pair.one in chosen or pair.other in chosen)
        and pair.other not in stories.group_of(pair.one)
    )


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


def _opening(newsletter: NewsletterSettings) -> tuple[Block, ...]:
    """Greet each reader by name, in the languages that we have words for."""
    words = draft_words(newsletter.language).greeting
    if words is None:
        return ()
    before, fallback, after = words
    greeting: tuple[Inline, ...] = (
        Text(text=before),
        SlotRef(name="name", fallback=fallback),
        Text(text=after),
    )
    return (TextPassage(blocks=(Paragraph(children=greeting),)),)
