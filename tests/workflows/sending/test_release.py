"""What goes out was sealed; anything else is held, with the reason in words."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import date, datetime, timedelta
from itertools import count

import pytest
from workflows.newsroom import HOUR, OTHER, SAMPLE, Newsroom

from newsletter.errors import StoreBusy
from newsletter.model.address import Address
from newsletter.model.records import OccurrenceState
from newsletter.store import approvals, occurrences, subscribers
from newsletter.workflows.approval.approve_issue import unschedule_issue
from newsletter.workflows.callouts.administer import close_callout
from newsletter.workflows.explain.explain_plan import explain_plan
from newsletter.workflows.explain.explain_runs import explain_log
from newsletter.workflows.sending.release import Verdict, release

ISSUE = f"issues/{SAMPLE}.md"
CALLOUT = "callouts/dec-ukraine.md"
APPEAL = b"donation.dec.org.uk"


def _sealed(room: Newsroom) -> bytes:
    """The bytes that the frozen mailing carries."""
    ((sha256,),) = room.rows("SELECT skeleton_sha256 FROM mailings")
    with room.desk.database.read() as connection:
        return repr(approvals.load_skeleton(connection, str(sha256))).encode()


@pytest.mark.covers("I04")
@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda room: room.set("Good morning", "Good evening", ISSUE), "changed after"),
        (
            lambda room: room.set("in Ukraine and in", "in Ukraine and", CALLOUT),
            "its wording changed since it was verified",
        ),
        (
            lambda room: room.set("<mj-body", "<!-- x --><mj-body", "templates/daily.mjml.j2"),
            None,
        ),
        (lambda room: room.set("Example News <news@", "Other News <news@"), "changed after"),
        (
            lambda room: (
                room.subscribe(100, list_name="weekly"),
                room.set('list = "daily"', 'list = "weekly"'),
            ),
            "changed after",
        ),
        (lambda room: room.subscribe(6, first=100), "106 readers and 100 were approved"),
        (lambda room: room.subscribe(5, first=100), None),
        (lambda room: room.verify(), None),
        (lambda room: (room.folder / ISSUE).unlink(), "there is no issue called"),
        (lambda room: (room.folder / ISSUE).write_bytes(b"\xff"), "is not UTF-8"),
        (
            lambda room: (room.folder / "templates/daily.mjml.j2").write_text("{% if %}"),
            "templates/daily.mjml.j2:1",
        ),
        (lambda room: room.verified_on(date(2026, 11, 1)), "not open"),
    ],
    ids=range(12),
)
def test_what_changes_after_the_approval_is_held_unless_it_is_not_in_the_mail(
    ready: Newsroom, change: Callable[[Newsroom], object], why: str | None
) -> None:
    ready.approve()
    ready.schedule()
    (ahead,) = explain_plan(ready.desk)
    assert ahead.will == "send", ahead
    change(ready)
    (ahead,) = explain_plan(ready.desk)
    released = ready.release()
    occurrence = ready.occurrence()
    assert occurrence is not None
    if why is None:
        assert released.verdict is Verdict.FROZEN, released
        assert ahead.will == "send", ahead
        return
    assert released.verdict is Verdict.HELD
    assert why in released.why
    assert ahead.will == "hold"
    assert why in ahead.in_the_way[0]
    assert (occurrence.state, occurrence.why) == (OccurrenceState.HELD, released.why)
    assert ready.rows("SELECT count(*) FROM mailings") == [(0,)]
    (line,) = explain_log(ready.desk)
    assert (line.outcome, line.why) == ("held", released.why)
    if "changed after" in why:
        assert ready.rows("SELECT count(*) FROM approvals WHERE broken_at IS NULL") == [(0,)]
        ready.approve()
        ready.schedule()
        assert ready.release().verdict is Verdict.FROZEN


@pytest.mark.covers("I04", "T54")
def test_without_an_approval_nothing_goes_out_and_another_time_breaks_it(ready: Newsroom) -> None:
    ready.schedule()
    assert explain_plan(ready.desk)[0].will == "wait for approval"
    assert "not approved yet" in ready.release().why
    ready.approve()
    ready.schedule(wait=HOUR)
    ready.schedule(wait=2 * HOUR)  # the first time was set once; this is another
    released = ready.release()
    assert released.verdict is Verdict.HELD
    assert "the approval was broken: planned for" in released.why


@pytest.mark.parametrize("wording", ["remove", "replace"])
def test_an_appeal_that_closes_after_the_approval_is_left_out_or_replaced(
    ready: Newsroom, wording: str
) -> None:
    ready.set("when_closed: remove", f"when_closed: {wording}", CALLOUT)
    ready.approve()
    ready.schedule()
    close_callout(ready.desk, "dec-ukraine", by="A. Editor")
    assert ready.release().verdict is Verdict.FROZEN
    sealed = _sealed(ready)
    assert APPEAL not in sealed
    assert (b"appeal has closed" in sealed) == (wording == "replace")


@pytest.mark.parametrize("rule", ["hold", "drop"])
def test_a_verification_that_lapses_holds_the_issue_or_drops_the_appeal(
    ready: Newsroom, rule: str
) -> None:
    ready.set('callout_if_unverified = "hold"', f'callout_if_unverified = "{rule}"')
    ready.approve()
    ready.schedule(wait=timedelta(days=20))
    released = ready.release()
    if rule == "hold":
        assert released.verdict is Verdict.HELD
        assert "the appeal dec-ukraine is not open" in released.why
    else:
        assert released.verdict is Verdict.FROZEN
        assert APPEAL not in _sealed(ready)


def test_an_automatic_approval_needs_an_audience_like_the_last_issues(ready: Newsroom) -> None:
    ready.set('approval = "required"', 'approval = "automatic"')
    ready.schedule()
    assert ready.release().verdict is Verdict.FROZEN
    assert ready.rows("SELECT approved_by, recipients FROM approvals") == [("automatic", 100)]
    ready.second_issue()
    ready.subscribe(50, first=100)
    ready.schedule(OTHER)
    (ahead,) = explain_plan(ready.desk)
    released = ready.release(OTHER)
    assert released.verdict is Verdict.HELD
    assert "150 readers and 100 got the last issue" in released.why
    assert ahead.in_the_way == (released.why,)
    ready.approve(OTHER)
    ready.schedule(OTHER)
    assert ready.release(OTHER).verdict is Verdict.FROZEN


@pytest.mark.covers("I05")
def test_a_hold_longer_than_if_late_is_no_lateness(ready: Newsroom) -> None:
    schedule = '[newsletters.daily.schedule]\ncron = "30 6 * * *"\nif_late = "1m"\n'
    ready.set('hold = "60s"', 'hold = "5m"')
    ready.set("# [newsletters.daily.schedule]", schedule)
    ready.schedule(wait=timedelta(seconds=30))
    ready.approve()
    approved = ready.clock.now()
    assert ready.release().verdict is Verdict.FROZEN
    assert ready.clock.now() == approved + timedelta(minutes=5)


@pytest.mark.covers("F39", "F40")
def test_a_clock_that_jumps_sends_nothing_too_late_and_nothing_twice(ready: Newsroom) -> None:
    ready.approve()
    ready.schedule()
    assert ready.release().verdict is Verdict.FROZEN
    ready.clock.jump(ready.clock.now() - timedelta(days=1))
    with ready.desk.database.read() as connection:
        due = occurrences.due(connection, before=ready.clock.now() + timedelta(days=2))
        assert not due, "what has gone out is not planned again"
    ready.second_issue()
    ready.verify()
    ready.approve(OTHER)
    ready.schedule(OTHER)
    claimed = ready.claim(OTHER)
    ready.clock.jump(ready.clock.now() + timedelta(days=1))
    assert ready.release_claimed(claimed).verdict is Verdict.MISSED


@pytest.mark.covers("F46", "F47")
def test_what_is_too_late_is_missed_even_where_the_machine_slept_in_the_hold(
    ready: Newsroom,
) -> None:
    ready.approve()
    ready.schedule()
    ready.clock.forward(3 * HOUR + timedelta(seconds=1))
    (ahead,) = explain_plan(ready.desk)
    assert ahead.will == "skip"
    assert ready.release().verdict is Verdict.MISSED
    ready.approve()
    ready.schedule()
    occurrence = ready.claim()

    def sleep(moment: datetime) -> bool:
        del moment
        ready.clock.forward(timedelta(days=3))
        return True

    ready.wait = sleep  # type: ignore[method-assign]
    assert ready.release_claimed(occurrence).verdict is Verdict.MISSED
    (line,) = explain_log(ready.desk)
    assert line.outcome == "missed"
    assert "more than 2 hours ago" in line.why


@pytest.mark.covers("F46", "F47")
@pytest.mark.parametrize("approval", ["required", "automatic"])
def test_a_sleep_at_any_moment_of_a_release_sends_nothing_too_late(
    ready: Newsroom, approval: str
) -> None:
    ready.set('approval = "required"', f'approval = "{approval}"')
    for look in count(1):
        if approval == "required":
            ready.approve()
        ready.schedule()
        occurrence = ready.claim()
        ready.clock.fall_asleep(look, 13 * HOUR)
        verdict = ready.release_claimed(occurrence).verdict
        if verdict is Verdict.FROZEN:
            ((begun,),) = ready.rows("SELECT started FROM mailings")
            assert datetime.fromisoformat(f"{begun}+00:00") <= occurrence.planned_at + 2 * HOUR
            assert look > 10
            return
        assert verdict is Verdict.MISSED
        assert not ready.clock.is_awake


def _everybody_leaves(room: Newsroom) -> None:
    with room.desk.database.write() as connection:
        for n in range(100):
            reader = Address(local=f"reader{n}", domain="readers.example")
            subscribers.unsubscribe(connection, reader, list_name="daily", now=room.clock.now())


@pytest.mark.parametrize(
    ("meanwhile", "verdict", "state"),
    [
        (lambda room: unschedule_issue(room.desk, SAMPLE), Verdict.WITHDRAWN, "skipped"),
        (lambda room: room.approve(), Verdict.WITHDRAWN, "claimed"),
        (lambda room: room.set("Good morning", "Hello", ISSUE), Verdict.WITHDRAWN, "claimed"),
        (
            lambda room: close_callout(room.desk, "dec-ukraine", by="A"),
            Verdict.WITHDRAWN,
            "claimed",
        ),
        (lambda room: (room.folder / ISSUE).unlink(), Verdict.WITHDRAWN, "claimed"),
        (lambda room: room.subscribe(10, first=100), Verdict.HELD, "held"),
        (_everybody_leaves, Verdict.NOBODY, "done"),
    ],
    ids=["unscheduled", "approved", "edited", "closed", "deleted", "grown", "gone"],
)
def test_what_happens_in_the_hold_is_seen_before_the_first_copy(
    ready: Newsroom, meanwhile: Callable[[Newsroom], object], verdict: Verdict, state: str
) -> None:
    ready.approve()
    ready.schedule()
    occurrence = ready.claim()

    def wait(moment: datetime) -> bool:
        del moment
        meanwhile(ready)
        return True

    ready.wait = wait  # type: ignore[method-assign]
    released = ready.release_claimed(occurrence)
    assert released.verdict is verdict, released
    current = ready.occurrence()
    assert current is not None
    assert current.state == state
    assert ready.rows("SELECT count(*) FROM mailings") == [(0,)]


def test_a_file_that_is_half_written_at_the_first_look_is_looked_at_again(ready: Newsroom) -> None:
    whole = (ready.folder / ISSUE).read_text(encoding="utf-8")
    ready.approve()
    ready.schedule()
    occurrence = ready.claim()
    ready.clock.forward(occurrence.planned_at - timedelta(seconds=5) - ready.clock.now())
    cut = whole[: whole.index("::: callout")]
    (ready.folder / ISSUE).write_text(cut, encoding="utf-8")

    def saved_meanwhile(moment: datetime) -> bool:
        (ready.folder / ISSUE).write_text(whole, encoding="utf-8")
        return Newsroom.wait(ready, moment)

    ready.wait = saved_meanwhile  # type: ignore[method-assign]
    assert ready.release_claimed(occurrence).verdict is Verdict.FROZEN
    assert ready.clock.now() == occurrence.planned_at


@pytest.mark.covers("F33")
def test_a_locked_database_decides_nothing_about_an_issue(ready: Newsroom) -> None:
    ready.approve()
    ready.schedule()
    occurrence = ready.claim()
    with ready.locked(), pytest.raises(StoreBusy):
        ready.release_claimed(occurrence)
    with ExitStack() as stack:

        def wait(moment: datetime) -> bool:
            del moment
            stack.enter_context(ready.shut())
            return True

        with pytest.raises(StoreBusy):
            release(ready.desk, occurrence, wait_until=wait, new_key=lambda: "key")
    current = ready.occurrence()
    assert current is not None
    assert current.state is OccurrenceState.CLAIMED
    assert ready.release_claimed(occurrence).verdict is Verdict.FROZEN
