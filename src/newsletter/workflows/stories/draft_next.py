"""Pictures of a draft's stories: those that may be used, can be had and can be told in words.

A story whose picture is not one of them goes without it: a mail that is whole is worth more than a
picture, and an editor sees in the report why it is missing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Protocol

from newsletter.checks.sources import DRAFT, SUMMARY_STATE, differences
from newsletter.checks.wording import word_count
from newsletter.config.languages import DraftWords, draft_words
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
from newsletter.workflows.project_files import issue_names, load_callouts, load_issue, shown
from newsletter.workflows.sources.source_health import refuse_failing
from newsletter.workflows.stories.pictures import (
    PictureOutcome,
    WantedPicture,
    keep_pictures,
    may_use_pictures,
)
from newsletter.workflows.stories.story_memory import ARTICLE, shelf_for, source_of

FEWEST_WORDS, MOST_WORDS = 8, 80  # of a summary that a model may write
NO_WORDS = "D05 alt-text"
NO_PICTURE = "D09 picture"


def with_pictures(
    desk: Desk,
    draft: Draft,
    fetcher: Fetcher | None,
    *,
    say: Callable[[str], None] = lambda _: None,
) -> Draft:
    """Return the draft with the pictures that can be shown, each with its credit in the byline.

    Pictures of configured sources are fetched and kept; those of articles that a person added are
    left at their address, for `recheck` to fetch.
    """
    findings: list[Finding] = []
    articles = {chosen.article: draft.articles[chosen.article].article for chosen in draft.chosen}
    wanted: dict[int, WantedPicture] = {}
    kept: dict[str, PictureOutcome] = {}
    allowed = {source.name: source.allow_local for source in desk.settings.sources}
    for number, article in articles.items():
        if article.image and article.image_alt and may_use_pictures(desk, article):
            local = allowed.get(article.source, ())
            wanted[number] = WantedPicture(url=article.image.value, allow_local=local)
    if fetcher is not None:
        ours = [each for number, each in wanted.items() if articles[number].source in allowed]
        kept = {each.url: each for each in keep_pictures(desk, ours, fetcher, say=say)}
    shown: set[int] = set()
    for number, picture in wanted.items():
        outcome = kept.get(picture.url)
        if outcome is None or outcome.picture is not None:
            shown.add(number)
        else:
            findings.append(_finding(draft, NO_PICTURE, number, outcome.problem, picture.url))
    for number, article in articles.items():
        if article.image and not article.image_alt and may_use_pictures(desk, article):
            findings.append(
                _finding(
                    draft,
                    NO_WORDS,
                    number,
                    "its source does not tell in words what it shows",
                    article.image.value,
                )
            )
    words = draft_words(newsletter_named(desk.settings, draft.issue.newsletter).language)
    sections = tuple(
        replace(s, blocks=tuple(_block(block, articles, shown, words) for block in s.blocks))
        for s in draft.issue.sections
    )
    return replace(
        draft,
        issue=replace(draft.issue, sections=sections),
        findings=(*draft.findings, *findings),
    )


def _block(block: Block, articles: dict[int, Article], shown: set[int], words: DraftWords) -> Block:
    if not isinstance(block, Story) or block.image is None:
        return block
    number = int(dict(block.attributes).get(ARTICLE, "0"))
    if number not in shown:
        return replace(block, image=None)
    return replace(block, byline=with_credit(block.byline, articles[number].image_credit, words))


def _finding(draft: Draft, check: str, number: int, why: str, url: str) -> Finding:
    return draft_finding(
        check,
        Severity.WARNING,
        f"the picture of article {number} was left out: {why}",
        file=draft.issue.file,
        evidence=url,
        remedy="write ![what it shows](https://…) below the headline to show one",
    )


MODEL = "D07 model"
NO_SENTENCE = "D02 summary"
METHOD = "model"


class SummaryWriter(Protocol):
    """What writes a summary from an article's words."""

    def write_summary(self, *, title: str, paragraphs: Sequence[str], language: str) -> str:
        """Return a text on the article.

        Raises NewsletterError: there is none, with the reason as its sentence.
        """
        ...


def with_model_summaries(
    draft: Draft, articles: Mapping[int, Article], writer: SummaryWriter | None, *, language: str
) -> Draft:
    """Ask for each story's summary; the first failure ends the asking."""
    if writer is None:
        return draft
    findings: list[Finding] = []
    written: dict[int, str] = {}
    for chosen in draft.chosen:
        article = articles[chosen.article]
        source = source_of(article, number=chosen.article)
        try:
            raw = writer.write_summary(
                title=article.title.value, paragraphs=source.body, language=language
            )
        except NewsletterError as error:
            reason = str(error).partition(";")[0]
            message = f"the model wrote no summaries from article {chosen.article} on: {reason}"
            findings.append(_finding_draft_next(draft, message, article, Severity.WARNING))
            break
        text = clean_line(raw)
        wrong = _wrong_length(text) or "; ".join(
            f"{label}: {message}" for label, message in differences(text, source, language)
        )
        if wrong:
            message = f"the model's summary of article {chosen.article} was not taken: {wrong}"
            findings.append(_finding_draft_next(draft, message, article, Severity.INFO))
        else:
            written[chosen.article] = text
    return _rewritten(draft, written, findings)


def _wrong_length(text: str) -> str:
    count = word_count(text)
    if FEWEST_WORDS <= count <= MOST_WORDS:
        return ""
    return f"it has {count} words, and {FEWEST_WORDS} to {MOST_WORDS} are wanted"


def _rewritten(draft: Draft, written: Mapping[int, str], findings: Sequence[Finding]) -> Draft:
    sections = tuple(
        replace(
            section, blocks=tuple(_block_draft_next(block, written) for block in section.blocks)
        )
        for section in draft.issue.sections
    )
    chosen = tuple(
        replace(story, summary=Summary(text=written[story.article], method=METHOD))
        if story.article in written
        else story
        for story in draft.chosen
    )
    missing = {f"article {story.article} " for story in chosen if story.article in written}
    kept = (
        finding
        for finding in draft.findings
        if finding.check != NO_SENTENCE or not any(name in finding.message for name in missing)
    )
    return replace(
        draft,
        issue=replace(draft.issue, sections=sections),
        chosen=chosen,
        findings=(*kept, *findings),
    )


def _block_draft_next(block: Block, written: Mapping[int, str]) -> Block:
    if not isinstance(block, Story):
        return block
    number = dict(block.attributes).get(ARTICLE, "")
    text = written.get(int(number)) if number.isdecimal() else None
    if text is None:
        return block
    return replace(
        block,
        attributes=(*block.attributes, (SUMMARY_STATE, DRAFT)),
        summary=(Paragraph(children=(Text(text=text),)),),
    )


def _finding_draft_next(
    draft: Draft, message: str, article: Article, severity: Severity
) -> Finding:
    return Finding(
        check=MODEL,
        severity=severity,
        message=message,
        evidence=article.title.value,
        file=draft.issue.file,
        remedy="the summary in the source's own sentences stands",
    )


REPORT_ENDING = ".report.md"  # no name of an issue holds a dot, so nothing takes it for one
LEFT = "it was left as it is; edit it, or move it away to draft anew, or choose another --date"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """The draft, where it was written, and where the report on it is, as messages show it.

    failing has a sentence for each source that fails.
    """

    draft: Draft
    path: Path
    shown: str
    report: str
    failing: tuple[str, ...] = ()


class TooFewStories(NothingToDo):
    """There are fewer stories than the newsletter's fewest; nothing was written."""


def choose_newsletter(desk: Desk, name: str | None) -> NewsletterSettings:
    """Return the named newsletter, or the only one.

    Raises UserError: there are several and none is named.
    """
    if name is not None:
        return newsletter_named(desk.settings, name)
    if len(desk.settings.newsletters) > 1:
        names = ", ".join(newsletter.name for newsletter in desk.settings.newsletters)
        raise UserError("which newsletter?", hint=f"name one of {names}")
    return desk.settings.newsletters[0]


def _refuse_second(desk: Desk, newsletter: NewsletterSettings, day: date) -> None:
    """Raise NothingToDo where a file is the issue of that newsletter and day already."""
    for name in issue_names(desk.settings):
        try:
            issue = load_issue(desk.settings, name).issue
        except NewsletterError:
            if name == f"{day}-{newsletter.name}":
                msg = f"issues/{name}.md is there already, and has mistakes"
                raise NothingToDo(msg, hint=f'see "newsletter check {name}"') from None
            continue  # another issue's mistakes are no reason against this one
        if issue.newsletter == newsletter.name and issue.date == day:
            msg = f"issues/{name}.md is the issue of {newsletter.name} for {day} already"
            raise NothingToDo(msg, hint=LEFT)


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
    """Choose stories, summarise them, place the callouts, and write the issue's file.

    Raises NothingToDo, TooFewStories.
    """
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
    texts = {number: candidate.article for number, candidate in draft.articles.items()}
    draft = with_model_summaries(draft, texts, writer, language=newsletter.language)
    draft = with_pictures(desk, draft, fetcher, say=say)
    path = desk.settings.issues_folder / f"{draft.issue.name}.md"
    _keep(desk, draft, newsletter, path)
    report = path.with_name(f"{draft.issue.name}{REPORT_ENDING}")
    save_text(report, draft_report(draft, newsletter))
    return Drafted(
        draft=draft,
        path=path,
        shown=shown(desk.settings, path),
        report=shown(desk.settings, report),
        failing=failing,
    )


def _keep(desk: Desk, draft: Draft, newsletter: NewsletterSettings, path: Path) -> None:
    """Write the issue's file and what is known of it, both or neither."""
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
                raise NothingToDo(f"{shown(desk.settings, path)} is there already", hint=LEFT)
            is_made = True
    except NewsletterError:
        if is_made:  # there was no room to keep what it is made of: it would be refused next time
            path.unlink(missing_ok=True)
        raise
