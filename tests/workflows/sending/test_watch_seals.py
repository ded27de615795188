"""What breaks an approval holds the run at that moment, and is shown."""

from email import message_from_bytes
from email.policy import default

import pytest
from workflows.newsroom import SAMPLE, Newsroom

from newsletter.errors import StoreBusy
from newsletter.model.records import OccurrenceState
from newsletter.store import notices
from newsletter.workflows.callouts.administer import close_callout
from newsletter.workflows.explain.explain_plan import explain_plan
from newsletter.workflows.explain.explain_runs import explain_log
from newsletter.workflows.notices.find_news import find_news
from newsletter.workflows.sending.watch_seals import SealWatch

ISSUE_FILE = f"issues/{SAMPLE}.md"


@pytest.fixture
def sealed(ready: Newsroom) -> Newsroom:
    ready.approve()
    ready.schedule()
    return ready


def looks(watch: SealWatch, count: int = 3) -> list[str]:
    return [sentence for _ in range(count) for sentence in watch.look()]


def state(room: Newsroom) -> OccurrenceState:
    occurrence = room.occurrence()
    assert occurrence is not None
    return occurrence.state


def test_what_cannot_be_written_while_the_database_is_locked_is_held_after(
    sealed: Newsroom,
) -> None:
    watch = SealWatch(sealed.desk)
    sealed.set("Good morning", "Good evening", ISSUE_FILE)
    watch.look()
    with sealed.locked(), pytest.raises(StoreBusy):
        watch.look()
    assert state(sealed) is OccurrenceState.PLANNED
    assert len(looks(watch)) == 1
    assert state(sealed) is OccurrenceState.HELD


@pytest.mark.covers("I04")
def test_a_changed_issue_is_held_at_once_and_its_editors_see_the_change(sealed: Newsroom) -> None:
    watch = SealWatch(sealed.desk)
    assert looks(watch) == []
    sealed.set("Good morning", "Good evening", ISSUE_FILE)
    assert watch.look() == ()  # it may be half written
    (sentence,) = watch.look()
    assert "the approval by A. Editor is broken" in sentence
    assert state(sealed) is OccurrenceState.HELD
    assert looks(watch) == []
    find_news(sealed.desk)
    with sealed.desk.database.read() as connection:
        (row,) = notices.list_notices(connection)
    text = message_from_bytes(row.body, policy=default).get_content()
    for line in ("--- approved by A. Editor", "-Good morning", "+Good evening"):
        assert line in text
    (run,) = explain_log(sealed.desk, SAMPLE)
    assert any(line.startswith("+Good evening") for line in run.changes)
    assert [(step.name, step.result) for step in run.steps[-1:]] == [
        ("seal", sentence.removeprefix(f"{SAMPLE}: "))
    ]
    (ahead,) = explain_plan(sealed.desk)
    assert ahead.changes == run.changes


def test_a_template_that_changes_breaks_it_and_an_appeal_that_closes_does_not(
    sealed: Newsroom,
) -> None:
    watch = SealWatch(sealed.desk)
    close_callout(sealed.desk, "dec-ukraine", by="A. Tester")
    assert looks(watch) == []
    template = sealed.folder / "templates" / "daily.mjml.j2"
    more = "<mj-raw><p>More.</p></mj-raw></mj-body>"
    template.write_text(template.read_text().replace("</mj-body>", more))
    said = looks(watch)
    assert len(said) == 1, said
    assert state(sealed) is OccurrenceState.HELD
