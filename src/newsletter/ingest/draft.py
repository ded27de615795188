"""A draft: which articles become stories, and the issue that is made of them; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from newsletter.config.settings import NewsletterSettings
from newsletter.errors import NothingToDo
from newsletter.ingest.draft_lines import byline_of, preheader_of, subject_of
from newsletter.ingest.summary import summarise
from newsletter.model.article import Article, ArticleState, ParagraphKind, Summary
from newsletter.model.callout import Callout, CalloutStatus, WhenClosed
from newsletter.model.finding import Finding, Severity
from newsletter.model.issue import (
    Block,
    CalloutRef,
    Issue,
    Section,
    Story,
    StoryImage,
    TextPassage,
)
from newsletter.model.text import Inline, Paragraph, SlotRef, Text

LEAD_SECTION = "Top story"
NEXT_SECTION = "More stories"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArticle:
    """An article with its id in the database and the issues of this newsletter it ran in."""

    id: int
    article: Article
    ran_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """An article that became a story, the section it stands in, and why, as a sentence."""

    article: int
    section: str
    why: str
    summary: Summary


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """An article that did not, and why, as a sentence."""

    article: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The issue, and what was decided for it; callouts are the names of those placed."""

    issue: Issue
    chosen: tuple[Chosen, ...]
    left_out: tuple[LeftOut, ...]
    callouts: tuple[str, ...]
    findings: tuple[Finding, ...]


def draft_issue(
    newsletter: NewsletterSettings,
    day: date,
    articles: Sequence[StoredArticle],
    callouts: Sequence[Callout],
) -> Draft:
    """Choose and write the issue of a day.

    Args:
        newsletter: whose issue it is; its sources (none: all), most_stories and callouts bind. What
            was added by hand has no source and is always looked at.
        day: the issue's date.
        articles: what there is, the newest added first: that is the order of the stories.
        callouts: the callouts that exist; the newsletter's own are placed after the lead.

    Raises:
        NothingToDo: where no article is left to choose.
    """
    taken, left_out = _choose(newsletter, articles)
    if not taken:
        raise NothingToDo(
            f"no article is left to choose for {newsletter.name}",
            hint='take one in with "newsletter add FILE"',
        )
    summaries = {stored.id: summarise(stored.article) for stored in taken}
    placed, callout_findings = _place_callouts(newsletter, callouts)
    name = f"{day.isoformat()}-{newsletter.name}"
    file = f"issues/{name}.md"
    stories = [_story(stored, summaries[stored.id]) for stored in taken]
    lead, *others = stories
    sections = [Section(heading=LEAD_SECTION, blocks=(lead, *placed))]
    if others:
        sections.append(Section(heading=NEXT_SECTION, blocks=tuple(others)))
    issue = Issue(
        name=name,
        file=file,
        newsletter=newsletter.name,
        date=day,
        subject=subject_of(lead.headline),
        preheader=preheader_of([story.headline for story in others], summaries[taken[0].id].text),
        opening=_opening(newsletter),
        sections=tuple(sections),
    )
    findings = [
        *(f for stored in taken for f in _story_findings(stored, summaries[stored.id], file)),
        *_count_findings(newsletter, len(taken), file),
        *callout_findings,
        *_carried_callouts(newsletter, taken, file),
    ]
    return Draft(
        issue=issue,
        chosen=tuple(
            Chosen(
                article=stored.id,
                section=NEXT_SECTION if index else LEAD_SECTION,
                why=_why(index),
                summary=summaries[stored.id],
            )
            for index, stored in enumerate(taken)
        ),
        left_out=tuple(left_out),
        callouts=tuple(reference.name for reference in placed),
        findings=tuple(findings),
    )


def _choose(
    newsletter: NewsletterSettings, articles: Sequence[StoredArticle]
) -> tuple[list[StoredArticle], list[LeftOut]]:
    taken: list[StoredArticle] = []
    left_out: list[LeftOut] = []
    keys: dict[str, int] = {}
    for stored in articles:
        article = stored.article
        if stored.ran_in:
            why = f"It ran in {', '.join(stored.ran_in)}."
        elif article.key in keys:
            why = f"It is the same story as article {keys[article.key]}."
        elif newsletter.sources and article.source and article.source not in newsletter.sources:
            why = f"{newsletter.name} does not take stories from {article.source}."
        elif not any(p.kind is ParagraphKind.BODY for p in article.paragraphs):
            why = "It has no running text."
        elif len(taken) >= newsletter.most_stories:
            why = f"The issue has its {newsletter.most_stories} stories (most_stories)."
        else:
            keys[article.key] = stored.id
            taken.append(stored)
            continue
        left_out.append(LeftOut(article=stored.id, why=why))
    return taken, left_out


def _why(index: int) -> str:
    return "The newest that has not run: it leads." if index == 0 else "New, and not yet run."


def _story(stored: StoredArticle, summary: Summary) -> Story:
    article = stored.article
    image = article.image
    return Story(
        headline=article.title.value,
        url=article.url,
        attributes=(("article", str(stored.id)),),
        image=StoryImage(url=image.value, alt=article.image_alt) if image else None,
        byline=byline_of(article),
        summary=(Paragraph(children=(Text(text=summary.text),)),) if summary.text else (),
    )


def _opening(newsletter: NewsletterSettings) -> tuple[Block, ...]:
    """Greet each reader by name; only in English, since the words are ours and not the source's."""
    if newsletter.language.partition("-")[0].casefold() != "en":
        return ()
    greeting: tuple[Inline, ...] = (
        Text(text="Good morning, "),
        SlotRef(name="name", fallback="reader"),
        Text(text="."),
    )
    return (TextPassage(blocks=(Paragraph(children=greeting),)),)


def _place_callouts(
    newsletter: NewsletterSettings, callouts: Sequence[Callout]
) -> tuple[tuple[CalloutRef, ...], list[Finding]]:
    known = {callout.name: callout for callout in callouts}
    placed: list[CalloutRef] = []
    findings: list[Finding] = []
    language = newsletter.language.partition("-")[0].casefold()
    for name in dict.fromkeys(newsletter.callouts):
        callout = known.get(name)
        file = f"callouts/{name}.md"
        if callout is None:
            findings.append(
                _finding(
                    "D04 callout",
                    Severity.WARNING,
                    f"the callout {name} of {newsletter.name} has no file, so it was not placed",
                    file=file,
                    remedy=f"write {file}, or take {name} out of newsletter.toml",
                )
            )
        elif callout.status is CalloutStatus.CLOSED and callout.when_closed is WhenClosed.REMOVE:
            message = f"the callout {name} is closed, so it was not placed"
            findings.append(_finding("D04 callout", Severity.INFO, message, file=file))
        elif callout.languages and language not in {
            known_language.partition("-")[0].casefold() for known_language in callout.languages
        }:
            message = f"the callout {name} is not for readers of {newsletter.language}"
            findings.append(_finding("D04 callout", Severity.INFO, message, file=file))
        else:
            placed.append(CalloutRef(name=name))
    return tuple(placed), findings


def _story_findings(stored: StoredArticle, summary: Summary, file: str) -> list[Finding]:
    article = stored.article
    named = f"article {stored.id}"
    found: list[Finding] = []
    if article.state is ArticleState.NEEDS_LOOK:
        message = f"{named} needs a look: {'; '.join(article.reasons)}"
        found.append(
            _finding(
                "D01 needs-look", Severity.WARNING, message, file=file, evidence=article.title.value
            )
        )
    if not summary.text:
        found.append(
            _finding(
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
            _finding(
                "D03 link",
                Severity.WARNING,
                f"{named} has no public address, so its story has no link",
                file=file,
                evidence=article.title.value,
                remedy='add it with "--url https://…", or write the link into the issue',
            )
        )
    if article.image and not article.image_alt:
        found.append(
            _finding(
                "D05 alt-text",
                Severity.WARNING,
                f"the picture of {named} has no alternative text",
                file=file,
                evidence=article.image.value,
                remedy="write what the picture shows between ![ and ]",
            )
        )
    return found


def _count_findings(newsletter: NewsletterSettings, count: int, file: str) -> list[Finding]:
    if count >= newsletter.fewest_stories:
        return []
    message = f"the issue has {count} of at least {newsletter.fewest_stories} stories"
    return [_finding("D06 few-stories", Severity.INFO, message, file=file)]


def _carried_callouts(
    newsletter: NewsletterSettings, taken: Sequence[StoredArticle], file: str
) -> list[Finding]:
    """Tell of callouts that an article carries and the newsletter does not."""
    found: list[Finding] = []
    for stored in taken:
        carried = {p.callout for p in stored.article.paragraphs if p.callout}
        for name in sorted(carried - set(newsletter.callouts)):
            message = f"article {stored.id} carries the callout {name}, which was not placed"
            found.append(
                _finding(
                    "D04 callout",
                    Severity.INFO,
                    message,
                    file=file,
                    remedy=f'write "::: callout {name}" and ":::" where it shall stand',
                )
            )
    return found


def _finding(
    check: str,
    severity: Severity,
    message: str,
    *,
    file: str,
    evidence: str = "",
    remedy: str = "",
) -> Finding:
    return Finding(
        check=check, severity=severity, message=message, evidence=evidence, file=file, remedy=remedy
    )
