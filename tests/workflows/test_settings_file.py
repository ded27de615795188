"""A settings file that is edited while `run` is up: what is taken, what is said, what goes out."""

from datetime import datetime, timedelta

import pytest
from workflows.newsroom import SAMPLE, Newsroom

from newsletter.model.records import OccurrenceState
from newsletter.workflows.approval.approve_issue import seal_diff
from newsletter.workflows.desk import Desk
from newsletter.workflows.sending.watch_seals import SealWatch

REPLY = 'reply_to = "editor@example.org"'
OTHER = 'reply_to = "desk@example.org"'
TAKEN = "newsletter.toml was changed; its settings are used from now on"


def settle(room: Newsroom) -> Desk:
    """Let the file lie as it is for longer than a second, and give the desk of a turn."""
    room.desk.turn()
    room.clock.forward(timedelta(seconds=1.1))
    return room.desk.turn()


def looks(room: Newsroom, watch: SealWatch, count: int = 5) -> list[str]:
    said: list[str] = []
    for _ in range(count):
        said += watch.look()
        room.clock.forward(timedelta(seconds=1.1))
    return said


def state(room: Newsroom) -> OccurrenceState:
    occurrence = room.occurrence()
    assert occurrence is not None
    return occurrence.state


@pytest.fixture
def sealed(ready: Newsroom) -> Newsroom:
    ready.approve()
    ready.schedule()
    return ready


def test_other_settings_are_taken_when_the_file_has_been_still_for_a_second(
    newsroom: Newsroom,
) -> None:
    said = newsroom.follow()
    turn = newsroom.desk.turn()
    newsroom.edit('hold = "60s"', 'hold = "90s"')
    assert newsroom.desk.turn().settings is turn.settings
    assert not newsroom.desk.may_begin()
    assert not turn.is_current()
    fresh = settle(newsroom)
    assert fresh.settings.newsletters[0].hold == timedelta(seconds=90)
    assert turn.settings.newsletters[0].hold == timedelta(seconds=60)  # to the end of its turn
    assert (turn.is_current(), fresh.is_current(), newsroom.desk.may_begin()) == (False, True, True)
    assert fresh.database is newsroom.desk.database
    assert said == [TAKEN]


def test_a_mistake_is_said_once_with_its_place_and_the_settings_stay(newsroom: Newsroom) -> None:
    said = newsroom.follow()
    before = newsroom.desk.turn().settings
    newsroom.edit('hold = "60s"', 'hold = "a while"')
    assert settle(newsroom).settings is before
    assert settle(newsroom).may_begin()  # what was approved before still goes out
    (sentence,) = said
    assert "the settings of before stay in use: newsletter.toml:" in sentence
    assert "hold" in sentence
    assert newsroom.desk.followed is not None
    assert newsroom.desk.followed.standing() == (
        False,
        "newsletter.toml has mistakes; the settings of before are used",
    )
    newsroom.edit('hold = "a while"', 'hold = "60s"')
    settle(newsroom)
    assert said[1:] == ["newsletter.toml can be used again"]
    (newsroom.folder / "newsletter.toml").unlink()
    assert settle(newsroom).settings is before
    assert "there is no file newsletter.toml" in said[-1]


def test_what_only_a_start_takes_is_said_and_another_database_stops_what_is_new(
    newsroom: Newsroom,
) -> None:
    newsroom.edit("[newsletters.daily]\n", '[run]\nlisten = "127.0.0.1:0"\n[newsletters.daily]\n')
    newsroom.desk.settings = newsroom.read()
    said = newsroom.follow()
    newsroom.edit("127.0.0.1:0", "127.0.0.1:9")
    assert settle(newsroom).may_begin()
    assert said == ["newsletter.toml: [run] listen is another; start run again to use it"]
    newsroom.edit(
        "[newsletters.daily]\n", '[database]\nurl = "sqlite:///var/o.db"\n[newsletters.daily]\n'
    )
    turn = settle(newsroom)
    assert not turn.may_begin()
    assert not turn.is_current()
    assert turn.settings.database_url == newsroom.desk.settings.database_url
    assert said[1:] == [
        "newsletter.toml: its folder or [database] url is another; "
        "nothing new is sent until run is started again"
    ]
    newsroom.edit("var/o.db", "var/newsletter.db")
    assert settle(newsroom).may_begin()
    assert said[2:] == []


@pytest.mark.covers("I04")
def test_a_sender_changed_and_not_approved_anew_is_held_at_once_and_told_the_right_way_round(
    sealed: Newsroom,
) -> None:
    sealed.follow()
    watch = SealWatch(sealed.desk)
    looks(sealed, watch)
    sealed.edit(REPLY, OTHER)
    (sentence,) = looks(sealed, watch)
    assert "its sender changed after the approval" in sentence
    changes = seal_diff(sealed.desk.turn(), SAMPLE)
    assert "-Reply-To: editor@example.org" in changes
    assert "+Reply-To: desk@example.org" in changes


@pytest.mark.covers("I04")
@pytest.mark.parametrize("approved", [False, True])
def test_what_is_changed_while_a_run_waits_for_its_second_is_judged_anew(
    sealed: Newsroom, *, approved: bool
) -> None:
    sealed.follow()
    claimed = sealed.claim()
    wait = sealed.wait
    edits = iter([True])

    def waits(moment: datetime) -> bool:
        if next(edits, False):
            sealed.edit(REPLY, OTHER)
            if approved:
                sealed.approve_anew()
        return wait(moment)

    sealed.wait = waits  # type: ignore[method-assign] # an editor who saves in that second
    assert sealed.release_claimed(claimed).verdict == "withdrawn"
    assert state(sealed) is OccurrenceState.CLAIMED  # the caller gives it back
    settle(sealed)
    sealed.desk.settings = sealed.desk.turn().settings
    released = sealed.release_claimed(claimed)
    assert released.verdict == ("frozen" if approved else "held"), released.why
