from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from workflows.newsroom import Newsroom

from newsletter.checks.sources import differences
from newsletter.model.article import Article, Metadatum, Origin
from newsletter.store import articles, stories
from newsletter.workflows.explain.explain_plan import explain_plan
from newsletter.workflows.issue.check_issue import check_issue
from newsletter.workflows.sending.release import Verdict
from newsletter.workflows.sources.add_article import add_article
from newsletter.workflows.stories.draft_next import draft_next
from newsletter.workflows.stories.story_memory import source_of

URL = "https://example.org/news/baths"
TEXT = """Council sells the old swimming baths

The council voted on Thursday night to sell the old swimming baths to a hotel chain.

Councillor Ann Hill said that 14 members were for the sale and 9 were against it.

The baths opened in 1936 and were repaired twice, most recently after a fire in 1951. The
building has a high roof of glass and a long gallery that has been closed for many years now.

The hotel chain wants to keep the front of the building and to put forty rooms behind it, with a
restaurant on the ground floor and a garden that everyone may use in summer and in winter.
"""
DAY = date(2026, 11, 24)
ISSUE = "2026-11-24-daily"


def take_in(newsroom: Newsroom, text: str = TEXT) -> int:
    file = newsroom.folder / "baths.txt"
    file.write_text(text)
    return add_article(newsroom.desk, file, url=URL).id


def issue_file(newsroom: Newsroom) -> Path:
    return newsroom.folder / "issues" / f"{ISSUE}.md"


def findings(newsroom: Newsroom, check: str) -> list[str]:
    report = check_issue(newsroom.desk, ISSUE)
    return [f"{one.message} | {one.evidence}" for one in report.findings if one.id == check]


def article_in(newsroom: Newsroom, number: int) -> Article:
    with newsroom.desk.database.read() as connection:
        return articles.get_article(connection, number).article


def test_a_draft_keeps_where_each_summary_comes_from(newsroom: Newsroom) -> None:
    number = take_in(newsroom)
    draft_next(newsroom.desk, None, DAY)
    with newsroom.desk.database.read() as connection:
        kept = stories.summaries_of(connection, ISSUE)[number]
    article = article_in(newsroom, number)
    sentences = [
        article.paragraphs[at.paragraph].text[at.start : at.end] for at in kept.summary.sentences
    ]
    assert (kept.version, kept.summary.method, kept.accepted_by) == (1, "lead", "")
    assert " ".join(sentences) == kept.summary.text
    assert kept.summary.text in issue_file(newsroom).read_text()


def test_a_story_is_tied_to_its_article_by_number_or_by_link(newsroom: Newsroom) -> None:
    number = take_in(newsroom)
    draft_next(newsroom.desk, None, DAY)
    assert findings(newsroom, "S12") == []
    newsroom.set("14 members", "15 members", f"issues/{ISSUE}.md")
    (by_number,) = findings(newsroom, "S12")
    assert by_number.startswith("not in the source: 15")
    newsroom.set(f"{{article={number}}}\n", "", f"issues/{ISSUE}.md")
    newsroom.set(URL, f"{URL}?utm_source=feed", f"issues/{ISSUE}.md")
    assert findings(newsroom, "S12") == [by_number]
    newsroom.set(f"{URL}?utm_source=feed", "https://example.org/other", f"issues/{ISSUE}.md")
    assert findings(newsroom, "S12") == []
    assert "S12" not in check_issue(newsroom.desk, ISSUE).passed


def test_a_source_that_changes_makes_its_summary_stale(newsroom: Newsroom) -> None:
    take_in(newsroom)
    draft_next(newsroom.desk, None, DAY)
    assert findings(newsroom, "S18") == []
    assert take_in(newsroom, TEXT.replace("14 members", "12 members")) == 1
    (stale,) = findings(newsroom, "S18")
    assert "version 1 then, 2 now" in stale
    assert "[-14-] {+12+}" in stale
    (figure,) = findings(newsroom, "S12")
    assert "not in the source: 14" in figure


def automatic(newsroom: Newsroom) -> None:
    newsroom.set('approval = "required" ', 'approval = "automatic" ')
    newsroom.verify()
    newsroom.subscribe(2)
    take_in(newsroom)
    draft_next(newsroom.desk, None, DAY)


def test_no_automatic_approval_passes_a_summary_that_its_source_does_not_back(
    newsroom: Newsroom,
) -> None:
    automatic(newsroom)
    newsroom.set("14 members", "15 members", f"issues/{ISSUE}.md")
    newsroom.schedule(ISSUE, timedelta(hours=1))
    (plan,) = explain_plan(newsroom.desk)
    assert plan.will == "hold"
    assert "S12 figure-fidelity: not in the source: 15" in plan.in_the_way[0]
    released = newsroom.release(ISSUE)
    assert released.verdict is Verdict.HELD
    assert "no automatic approval passes" in released.why
    assert f"newsletter approve {ISSUE}" in released.why


def test_the_hour_at_which_an_article_came_out_backs_no_figure(newsroom: Newsroom) -> None:
    article = article_in(newsroom, take_in(newsroom))
    moment = Metadatum(value="2026-12-03T20:10:00-05:00", origin=Origin.OPENGRAPH)
    source = source_of(replace(article, published=moment))
    assert "3 December 2026" in source.beside
    told = differences("Members vote by 5 January.", source, "en-GB")
    assert [message for _, message in told] == ["not in the source: 5"]
