from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from ingest.syndication import article_of
from workflows.newsroom import SAMPLE, Newsroom

from newsletter.errors import NothingToDo
from newsletter.model.finding import Finding
from newsletter.model.source import Ruling, Sighting
from newsletter.store import articles, sources, stories
from newsletter.workflows.issue.check_issue import check_issue
from newsletter.workflows.sending.release import Verdict
from newsletter.workflows.stories.articles import list_articles, rule, take_back
from newsletter.workflows.stories.draft_next import Drafted, draft_next

FIRST, SECOND = date(2026, 11, 24), date(2026, 11, 25)
ISSUE = "2026-11-24-daily"
DAY = timedelta(days=1)


def text_of(subject: str, count: int = 12) -> list[str]:
    """A text of its own for each subject: about 200 words."""
    return [
        f"The {subject} report number {n} says that {subject}{n} and {subject}{n + 1} will go on"
        f" as planned in {subject}ville this week."
        for n in range(count)
    ]


def take_in(
    room: Newsroom, subject: str, *, url: str = "", source: str = "", paragraphs: Sequence[str] = ()
) -> int:
    article = article_of(
        paragraphs or text_of(subject),
        title=f"{subject.title()} makes {subject}ville ready for {subject}day",
        url=url or f"https://paper.example/{subject}",
        source=source,
    )
    now = room.clock.now()
    with room.desk.database.write() as connection:
        number = articles.save_article(connection, article, now=now).id
        if source:
            seen = Sighting(
                source=source, url=article.url, position=0, first_seen=now, last_seen=now
            )
            sources.see(connection, number, seen)
    return number


def chosen(drafted: Drafted) -> list[int]:
    return [story.article for story in drafted.draft.chosen]


def why_not(drafted: Drafted) -> dict[int, str]:
    return {left.article: left.why for left in drafted.draft.left_out}


def edit(room: Newsroom, issue: str, before: str, after: str) -> None:
    room.set(before, after, file=f"issues/{issue}.md")


def send(room: Newsroom, issue: str) -> None:
    """Approve, schedule and release an issue: from then on it counts as sent."""
    room.approve(issue)
    room.schedule(issue)
    assert room.release(issue).verdict is Verdict.FROZEN


def repeated(room: Newsroom, issue: str) -> list[Finding]:
    return [f for f in check_issue(room.desk, issue).findings if f.id == "S08"]


@pytest.fixture
def room(ready: Newsroom) -> Newsroom:
    """A newsroom without pictures, callouts and other things to mend."""
    ready.set('callouts = ["dec-ukraine"]', "callouts = []")
    return ready


def test_what_stands_in_an_unsent_issue_is_not_chosen_again_but_is_when_it_goes(
    room: Newsroom,
) -> None:
    one, two = take_in(room, "tram"), take_in(room, "canal")
    room.set("fewest_stories = 3", "fewest_stories = 1")
    room.set("most_stories = 8", "most_stories = 1")
    first = draft_next(room.desk, None, FIRST)
    assert chosen(first) == [two]
    second = draft_next(room.desk, None, SECOND)
    assert chosen(second) == [one]
    assert why_not(second) == {two: f"It is in {ISSUE}, which is not sent yet."}
    first.path.unlink()
    second.path.unlink()
    assert chosen(draft_next(room.desk, None, SECOND)) == [two]


def test_what_ran_is_what_the_file_said_when_it_was_sent(room: Newsroom) -> None:
    kept, dropped = take_in(room, "tram"), take_in(room, "canal")
    written = take_in(room, "quarry")
    rule(room.desk, [written], Ruling.BLOCK, newsletter_name=None, by="A. Editor", why="")
    drafted = draft_next(room.desk, None, FIRST)
    assert set(chosen(drafted)) == {kept, dropped}
    text = drafted.path.read_text()
    start = text.index("## [Canal makes")
    end = text.find("# More", start) if "# More" in text[start:] else len(text)
    by_hand = (
        "## [Quarry to reopen in spring](http://paper.example/quarry?utm_source=x)\n\n"
        "The old quarry above the town will reopen as a lake for swimmers in spring.\n\n"
    )
    drafted.path.write_text(text[:start] + by_hand + text[end:])
    send(room, ISSUE)
    with room.desk.database.read() as connection:
        ran = {run.article_id: run for run in stories.list_runs(connection)}
    assert set(ran) == {kept, written}
    assert ran[written].headline == "Quarry to reopen in spring"
    assert (ran[written].list, ran[written].at) == ("daily", room.clock.now())
    shown = {one.row.id: one.ran_in for one in list_articles(room.desk)}
    assert shown == {kept: (ISSUE,), dropped: (), written: (ISSUE,)}
    take_back(room.desk, [written], newsletter_name=None)
    room.clock.forward(DAY)
    again = draft_next(room.desk, None, SECOND)
    assert chosen(again) == [dropped]
    assert why_not(again)[written] == f"It ran in {ISSUE} on 2026-11-24."


def test_another_papers_copy_of_what_ran_is_skipped_and_warned_of(room: Newsroom) -> None:
    take_in(room, "tram")
    draft_next(room.desk, None, FIRST)
    send(room, ISSUE)
    room.clock.forward(DAY)
    copied = take_in(room, "tram", url="https://other.example/tram", paragraphs=text_of("tram", 10))
    other = take_in(room, "canal")
    drafted = draft_next(room.desk, None, SECOND)
    assert chosen(drafted) == [other]
    assert why_not(drafted)[copied] == f"Its story ran in {ISSUE} on 2026-11-24, as article 1."
    name = drafted.draft.issue.name
    assert repeated(room, name) == []
    headline = "## [Canal makes canalville ready for canalday](https://paper.example/canal)"
    edit(room, name, headline, "## [Trams again](https://other.example/tram)")
    edit(room, name, f"{{article={other}}}\n", "")
    (finding,) = repeated(room, name)
    assert finding.severity == "warning"
    assert finding.message == (
        f"the same story, from another address, ran in {ISSUE} on 2026-11-24"
    )
    edit(room, name, "/tram)\n", "/tram)\n{update=yes}\n")
    assert repeated(room, name) == []


def test_a_hand_made_issue_is_warned_of_what_went_to_its_list(room: Newsroom) -> None:
    send(room, SAMPLE)
    room.second_issue()
    found = repeated(room, "2022-03-17-daily")
    assert found
    assert all(f"this story ran in {SAMPLE} on 2026-11-24" == f.message for f in found)
    assert all(f.line and f.severity == "warning" for f in found)
    assert repeated(room, SAMPLE) == []
    room.clock.forward(15 * DAY)
    assert repeated(room, "2022-03-17-daily") == []


def test_a_pin_brings_an_update_into_one_issue_and_no_further(room: Newsroom) -> None:
    number = take_in(room, "tram")
    draft_next(room.desk, None, FIRST)
    send(room, ISSUE)
    other = take_in(room, "canal")
    rule(room.desk, [number], Ruling.PIN, newsletter_name=None, by="A. Editor", why="an update")
    second = draft_next(room.desk, None, SECOND)
    assert chosen(second) == [number, other]
    assert repeated(room, second.draft.issue.name) == []
    third = take_in(room, "quarry")
    after = draft_next(room.desk, None, SECOND + DAY)
    assert chosen(after) == [third]
    assert why_not(after)[number] == "It is in 2026-11-25-daily, which is not sent yet."
    second.path.unlink()  # what the pin brought it into is gone: it counts again
    after.path.unlink()
    assert chosen(draft_next(room.desk, None, SECOND + DAY))[0] == number


def test_a_ruling_gives_way_to_the_next_and_is_taken_back(room: Newsroom) -> None:
    number = take_in(room, "tram")
    rule(room.desk, [number], Ruling.PIN, newsletter_name=None, by="A. Editor", why="")
    rule(room.desk, [number], Ruling.BLOCK, newsletter_name="daily", by="B. Editor", why="a hoax")
    (one,) = list_articles(room.desk)
    assert [(r.ruling, r.who, r.why) for r in one.rulings] == [("block", "B. Editor", "a hoax")]
    with pytest.raises(NothingToDo):
        draft_next(room.desk, None, FIRST)
    take_back(room.desk, [number], newsletter_name=None)
    with pytest.raises(NothingToDo, match="neither pinned nor blocked"):
        take_back(room.desk, [number], newsletter_name=None)
    assert chosen(draft_next(room.desk, None, FIRST)) == [number]
