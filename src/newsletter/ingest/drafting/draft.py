"""A draft: the chosen articles as stories, and the issue that is made of them; pure.

Which ones are chosen is in choice.py, the callouts' places are in draft_callouts.py, what an editor
should look at is in draft_findings.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from newsletter.config.draft_words import DraftWords, draft_words
from newsletter.config.settings import NewsletterSettings, SourceSettings
from newsletter.errors import NothingToDo
from newsletter.ingest.drafting.candidates import Candidate, Carrier
from newsletter.ingest.drafting.choice import Choice, Pick, choose
from newsletter.ingest.drafting.choice_words import Score
from newsletter.ingest.drafting.draft_callouts import (
    carried_callouts,
    choose_callouts,
    with_callouts,
)
from newsletter.ingest.drafting.draft_findings import alike_findings, count_findings, story_findings
from newsletter.ingest.drafting.draft_lines import byline_of, preheader_of, subject_of
from newsletter.ingest.drafting.same_story import NO_STORIES, Alike, Stories
from newsletter.ingest.drafting.summary import summarise
from newsletter.model.article import Summary
from newsletter.model.callout import Callout, CalloutPast
from newsletter.model.finding import Finding
from newsletter.model.issue import Block, Issue, Section, Story, StoryImage, TextPassage
from newsletter.model.text import Inline, Paragraph, SlotRef, Text

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
