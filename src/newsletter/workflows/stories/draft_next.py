"""Draft the next issue: choose stories, summarise them, show pictures, write the file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Protocol

from newsletter.checks.issue.stories import FEWEST_WORDS, MOST_WORDS
from newsletter.checks.sources import DRAFT, SUMMARY_STATE, differences
from newsletter.checks.wording import word_count
from newsletter.config.languages import draft_words
from newsletter.config.load import newsletter_named
from newsletter.config.settings import NewsletterSettings
from newsletter.errors import NewsletterError, NothingToDo, UserError
from newsletter.fetch import Fetcher
from newsletter.ingest.decoding import clean_line
from newsletter.ingest.drafting.draft import Draft, draft_issue, issue_name, with_credit
from newsletter.ingest.drafting.draft_callouts import draft_finding
from newsletter.ingest.drafting.draft_report import draft_report
from newsletter.issues.save import save_new, save_text
from newsletter.issues.write_issue import write_issue
from newsletter.model.article import Article, Summary
from newsletter.model.callout import Appearance
from newsletter.model.finding import Finding, Severity
from newsletter.model.issue import Block, Story
from newsletter.model.text import Paragraph, Text, counted
from newsletter.store import articles, sources, stories
from newsletter.workflows.callouts.life import DRAFT as DRAFTING
from newsletter.workflows.callouts.life import callout_past, record_uses
from newsletter.workflows.desk import Desk
from newsletter.workflows.planning.days import IssueDays
from newsletter.workflows.project_files import load_callouts, shown
from newsletter.workflows.sources.source_health import refuse_failing
from newsletter.workflows.stories.pictures import keep_pictures, may_use_pictures
from newsletter.workflows.stories.story_memory import ARTICLE, shelf_for, source_of

NO_WORDS = "D05 alt-text"
NO_PICTURE = "D09 picture"
MODEL = "D07 model"
NO_SENTENCE = "D02 summary"
METHOD = "model"
REPORT = "draft-report.md"  # beside what `build` writes
LEFT = "edit it, or use --date"


class SummaryWriter(Protocol):
    """What writes a summary from an article's words."""

    def write_summary(self, *, title: str, paragraphs: Sequence[str], language: str) -> str:
        """Return a text on the article, or raise NewsletterError."""
        ...


def _with_stories(draft: Draft, change: Callable[[Story, int], Story]) -> Draft:

    def changed(block: Block) -> Block:
        number = dict(block.attributes).get(ARTICLE, "") if isinstance(block, Story) else ""
        return change(block, int(number)) if isinstance(block, Story) and number else block

    sections = tuple(
        replace(section, blocks=tuple(map(changed, section.blocks)))
        for section in draft.issue.sections
    )
    return replace(draft, issue=replace(draft.issue, sections=sections))


def _with_pictures(
    desk: Desk, draft: Draft, fetcher: Fetcher | None, *, say: Callable[[str], None]
) -> Draft:
    """Return the draft with the pictures that can be shown, each with its credit in the byline."""
    allowed = {source.name: source.allow_local for source in desk.settings.sources}
    pictures = {
        story.article: article
        for story in draft.chosen
        if (article := draft.articles[story.article].article).image is not None
        and may_use_pictures(desk, article)
    }
    wanted = {
        article.image.value: allowed[article.source]
        for article in pictures.values()
        if article.image and article.image_alt and article.source in allowed
    }
    problems = keep_pictures(desk, wanted, fetcher, say=say) if fetcher is not None else {}
    findings: list[Finding] = []
    for number, article in tuple(pictures.items()):
        url = article.image.value if article.image else ""
        check, why = NO_WORDS, "its source does not tell in words what it shows"
        if article.image_alt:
            check, why = NO_PICTURE, problems.get(url, "")
        if why:
            del pictures[number]
            findings.append(
                draft_finding(
                    check,
                    Severity.WARNING,
                    f"the picture of article {number} was left out: {why}",
                    file=draft.issue.file,
                    evidence=url,
                    remedy="write ![what it shows](https://…) below the headline to show one",
                )
            )
    words = draft_words(newsletter_named(desk.settings, draft.issue.newsletter).language)

    def change(story: Story, number: int) -> Story:
        if story.image is None or number not in pictures:
            return replace(story, image=None)
        credit = pictures[number].image_credit
        return replace(story, byline=with_credit(story.byline, credit, words))

    draft = _with_stories(draft, change)
    return replace(draft, findings=(*draft.findings, *findings))


def _with_model_summaries(draft: Draft, writer: SummaryWriter, *, language: str) -> Draft:
    """Ask for each story's summary; the first failure ends the asking."""
    findings: list[Finding] = []
    written: dict[int, str] = {}
    for number in [story.article for story in draft.chosen]:
        article = draft.articles[number].article
        source = source_of(article, number=number)
        try:
            raw = writer.write_summary(
                title=article.title.value, paragraphs=source.body, language=language
            )
        except NewsletterError as error:
            message = f"the model wrote no summaries from article {number} on: {error}"
            findings.append(_of_model(draft, message, article, Severity.WARNING))
            break
        text = clean_line(raw)
        count = word_count(text)
        wrong = "; ".join(
            f"{label}: {message}" for label, message in differences(text, source, language)
        )
        if not FEWEST_WORDS <= count <= MOST_WORDS:
            wrong = f"it has {count} words, not {FEWEST_WORDS} to {MOST_WORDS}"
        if wrong:
            message = f"the model's summary of article {number} was not taken: {wrong}"
            findings.append(_of_model(draft, message, article, Severity.INFO))
        else:
            written[number] = text

    def change(story: Story, number: int) -> Story:
        if number not in written:
            return story
        return replace(
            story,
            attributes=(*story.attributes, (SUMMARY_STATE, DRAFT)),
            summary=(Paragraph(children=(Text(text=written[number]),)),),
        )

    chosen = tuple(
        replace(story, summary=Summary(text=written[story.article], method=METHOD))
        if story.article in written
        else story
        for story in draft.chosen
    )
    kept = (
        finding
        for finding in draft.findings
        if finding.check != NO_SENTENCE
        or not any(f"article {number} " in finding.message for number in written)
    )
    draft = _with_stories(draft, change)
    return replace(draft, chosen=chosen, findings=(*kept, *findings))


def _of_model(draft: Draft, message: str, article: Article, severity: Severity) -> Finding:
    return draft_finding(
        MODEL,
        severity,
        message,
        evidence=article.title.value,
        file=draft.issue.file,
        remedy="the summary in the source's own sentences stands",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """The draft, where it was written, and where the report on it is, as messages show it."""

    draft: Draft
    path: Path
    shown: str
    report: str
    failing: tuple[str, ...] = ()


class TooFewStories(NothingToDo):
    """There are fewer stories than the newsletter's fewest; nothing was written."""


def choose_newsletter(desk: Desk, name: str | None) -> NewsletterSettings:
    """Return the named newsletter, or the only one."""
    if name is not None:
        return newsletter_named(desk.settings, name)
    if len(desk.settings.newsletters) > 1:
        names = ", ".join(newsletter.name for newsletter in desk.settings.newsletters)
        raise UserError("which newsletter?", hint=f"name one of {names}")
    return desk.settings.newsletters[0]


def _refuse_second(desk: Desk, newsletter: NewsletterSettings, day: date) -> None:
    for name in IssueDays(desk.settings).of(newsletter.name, day):
        raise NothingToDo(f"issues/{name}.md already exists for {day:%d %B %Y}", hint=LEFT)


def draft_next(
    desk: Desk,
    newsletter_name: str | None,
    day: date | None,
    *,
    writer: SummaryWriter | None = None,
    anyway: bool = False,
    wants_enough: bool = False,
    fetcher: Fetcher | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Drafted:
    """Choose stories, summarise them, place the callouts, and write the issue's file."""
    newsletter = choose_newsletter(desk, newsletter_name)
    chosen_day = day or desk.clock.now().astimezone(newsletter.timezone).date()
    _refuse_second(desk, newsletter, chosen_day)
    failing = refuse_failing(desk, newsletter, anyway=anyway)
    shelf = shelf_for(desk, newsletter, issue=issue_name(newsletter, chosen_day))
    known = load_callouts(desk.settings)
    try:
        draft = draft_issue(
            newsletter,
            chosen_day,
            shelf.candidates,
            known,
            now=desk.clock.now(),
            sources=desk.settings.sources,
            stories=shelf.stories,
            past=callout_past(desk, newsletter, known, chosen_day),
        )
    except NothingToDo as error:  # no empty issue, and it is told what may be the reason
        raise NothingToDo("; ".join((str(error), *failing)), hint=error.hint) from error
    if wants_enough and len(draft.chosen) < newsletter.fewest_stories:
        stories = counted(len(draft.chosen), "story", "stories")
        msg = f"{stories} to choose, and fewest_stories is {newsletter.fewest_stories}"
        raise TooFewStories(msg, hint='see "newsletter articles"')
    if writer is not None:
        draft = _with_model_summaries(draft, writer, language=newsletter.language)
    draft = _with_pictures(desk, draft, fetcher, say=say)
    path = desk.settings.issues_folder / f"{draft.issue.name}.md"
    _keep(desk, draft, newsletter, path)
    report = desk.settings.build_folder / draft.issue.name / REPORT
    report.parent.mkdir(parents=True, exist_ok=True)
    save_text(report, draft_report(draft, newsletter))
    return Drafted(
        draft=draft,
        path=path,
        shown=shown(desk.settings, path),
        report=shown(desk.settings, report),
        failing=failing,
    )


def _keep(desk: Desk, draft: Draft, newsletter: NewsletterSettings, path: Path) -> None:
    is_made = False
    try:
        with desk.database.write() as connection:  # what ran where is never without its file
            articles.set_issue_stories(
                connection,
                draft.issue.name,
                {story.article: story.section for story in draft.chosen},
            )
            stories.keep_summaries(
                connection,
                draft.issue.name,
                {
                    story.article: (draft.articles[story.article].version, story.summary)
                    for story in draft.chosen
                },
                now=desk.clock.now(),
            )
            pinned = [story.article for story in draft.chosen if story.is_pinned]
            sources.use_pins(connection, newsletter.name, pinned, issue=draft.issue.name)
            record_uses(
                connection,
                desk,
                newsletter=newsletter.name,
                issue=draft.issue.name,
                occasion=DRAFTING,
                appearances=dict.fromkeys(draft.callouts, Appearance.SHOWN),
            )
            if not save_new(path, write_issue(draft.issue)):
                raise NothingToDo(f"{shown(desk.settings, path)} already exists", hint=LEFT)
            is_made = True
    except NewsletterError:
        if is_made:  # there was no room to keep what it is made of: it would be refused next time
            path.unlink(missing_ok=True)
        raise
