"""A model's summaries in a draft: taken only where the checks find nothing, blocking till read."""

from collections.abc import Sequence

import pytest
from clock import BusyClock
from workflows.newsroom import Newsroom
from workflows.stories.test_story_sources import (
    DAY,
    ISSUE,
    TEXT,
    URL,
    findings,
    issue_file,
    take_in,
)

from newsletter.errors import NewsletterError, NothingToDo, UserError
from newsletter.ingest.drafting.draft import Draft
from newsletter.model.records import SummaryRow
from newsletter.store import stories
from newsletter.workflows.desk import Desk
from newsletter.workflows.issue.check_issue import check_issue
from newsletter.workflows.sources.add_article import add_article
from newsletter.workflows.stories.articles import accept_summaries
from newsletter.workflows.stories.draft_next import draft_next

GOOD = (
    "Councillors have voted to sell the swimming baths of 1936 to a hotel chain, with 14 members "
    "for the sale and 9 against."
)
LEAD = "The council voted on Thursday night to sell the old swimming baths to a hotel chain."


class Writer:
    """Gives one text after another; an exception is raised."""

    def __init__(self, *texts: str | NewsletterError) -> None:
        self._texts = list(texts)
        self.asked: list[tuple[str, Sequence[str], str]] = []

    def write_summary(self, *, title: str, paragraphs: Sequence[str], language: str) -> str:
        self.asked.append((title, paragraphs, language))
        text = self._texts.pop(0)
        if isinstance(text, NewsletterError):
            raise text
        return text


def drafted(newsroom: Newsroom, writer: Writer) -> Draft:
    return draft_next(newsroom.desk, None, DAY, writer=writer).draft


def kept(newsroom: Newsroom, article: int = 1) -> SummaryRow:
    with newsroom.desk.database.read() as connection:
        return stories.summaries_of(connection, ISSUE)[article]


def told(draft: Draft) -> list[str]:
    return [finding.message for finding in draft.findings if finding.check == "D07 model"]


def test_a_good_text_stands_as_a_draft_that_blocks(newsroom: Newsroom) -> None:
    take_in(newsroom)
    writer = Writer(f"  {GOOD}\n")
    draft = drafted(newsroom, writer)
    assert draft.chosen[0].summary.method == "model"
    assert told(draft) == []
    text = issue_file(newsroom).read_text()
    assert "{article=1 summary=draft}\n" in text
    assert f"\n{GOOD}\n" in text
    assert LEAD not in text.partition("# Top story")[2]
    title, paragraphs, language = writer.asked[0]
    assert (title, language) == ("Council sells the old swimming baths", "en-GB")
    assert paragraphs[0] == LEAD
    newsroom.verify()
    assert [error.id for error in check_issue(newsroom.desk, ISSUE).errors] == ["S19"]
    assert (kept(newsroom).summary.text, kept(newsroom).accepted_by) == (GOOD, "")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (GOOD.replace("14", "41"), "S12 figure-fidelity: not in the source: 41"),
        (f"{GOOD} “It is a shame,” they said.", "S11 quote-fidelity"),
        ("Sold.", "it has 1 words"),
        ("The baths " * 60, "it has 120 words"),
    ],
)
def test_a_text_that_a_check_flags_gives_way_to_the_sources_own(
    newsroom: Newsroom, text: str, why: str
) -> None:
    take_in(newsroom)
    draft = drafted(newsroom, Writer(text))
    (message,) = told(draft)
    assert why in message
    assert draft.chosen[0].summary.method == "lead"
    assert LEAD in issue_file(newsroom).read_text()
    assert "summary=draft" not in issue_file(newsroom).read_text()


def test_the_first_failure_ends_the_asking(newsroom: Newsroom) -> None:
    take_in(newsroom)
    other = newsroom.folder / "other.txt"
    other.write_text(TEXT.replace("swimming baths", "town library"))
    add_article(newsroom.desk, other, url=f"{URL}-library")
    writer = Writer(NewsletterError("models.example.org answered 500"))
    draft = drafted(newsroom, writer)
    assert len(writer.asked) == 1
    (message,) = told(draft)
    assert message.endswith("models.example.org answered 500")
    assert {story.summary.method for story in draft.chosen} == {"lead"}


def test_accepting_takes_the_mark_away_and_keeps_who(newsroom: Newsroom) -> None:
    take_in(newsroom)
    drafted(newsroom, Writer(GOOD))
    before = issue_file(newsroom).read_text()
    (accepted,) = accept_summaries(newsroom.desk, ISSUE, article=None, by="Ada")
    assert accepted.article == 1
    assert issue_file(newsroom).read_text() == before.replace(" summary=draft", "")
    assert findings(newsroom, "S19") == []
    row = kept(newsroom)
    assert (row.accepted_by, row.version, row.summary.method) == ("Ada", 1, "model")
    with pytest.raises(NothingToDo):
        accept_summaries(newsroom.desk, ISSUE, article=None, by="Ada")


def test_what_an_editor_saves_while_a_summary_is_accepted_is_not_lost(newsroom: Newsroom) -> None:
    take_in(newsroom)
    drafted(newsroom, Writer(GOOD))
    path = issue_file(newsroom)
    edited = path.read_text().replace(GOOD, f"{GOOD} The sale ends in May.")
    clock = BusyClock(lambda: path.write_text(edited))  # looked at when the file has been read
    desk = Desk(newsroom.desk.settings, clock, open_database=lambda: newsroom.desk.database)
    with pytest.raises(UserError, match=f"^issues/{ISSUE}.md was changed by somebody else"):
        accept_summaries(desk, ISSUE, article=None, by="Ada")
    assert path.read_text() == edited
    assert kept(newsroom).accepted_by == ""
