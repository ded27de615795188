"""A mailing carried to its end by a patient sender, in a time that only its waits move."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sending import server_at
from smtp_server import Rule, ScriptedServer
from workflows.newsroom import HOUR, SAMPLE, Newsroom

from newsletter.delivery.servers import Pace, Servers
from newsletter.model.mailing import MailingState
from newsletter.model.records import OccurrenceState
from newsletter.store import ledger, occurrences
from newsletter.workflows.explain.explain_runs import explain_log
from newsletter.workflows.planning.days import IssueDays
from newsletter.workflows.planning.plan_ahead import plan_ahead
from newsletter.workflows.sending.begin_sending import take_up
from newsletter.workflows.sending.carry_out import Ending, Sending, carry_out, finish_mailing
from newsletter.workflows.sending.settle import hold_mailing

PACE = Pace(between_openings=0, patience=0)


class Wait(threading.Event):
    """A stop whose waiting moves the newsroom's clock instead."""

    def __init__(self, room: Newsroom) -> None:
        super().__init__()
        self._room = room
        self.then: Callable[[], None] | None = None

    def wait(self, timeout: float | None = None) -> bool:
        self._room.clock.forward(timedelta(seconds=timeout or 0))
        if self.then is not None:
            self.then()
        return self.is_set()


class Sender:
    """What carries the sample's mailing out, and what it told."""

    def __init__(self, room: Newsroom, servers: Sequence[ScriptedServer]) -> None:
        self.room = room
        self.told: list[str] = []
        self.stop = Wait(room)
        settings = [
            server_at(server.port, f"server{i}", connections=1) for i, server in enumerate(servers)
        ]
        self._servers = Servers(settings, clock=room.clock, pace=PACE)
        room.approve()
        room.schedule()
        self.mailing_id = room.release().mailing_id

    def finish(self) -> Ending:
        sending = Sending(servers=self._servers, stop=self.stop, tell=self.told.append)
        return finish_mailing(self.room.desk, SAMPLE, self.mailing_id, sending, patient=True)

    def take_up(self) -> Ending:
        """Take the run up as a new `run` does, and carry it out."""
        take_up(self.room.desk)
        sending = Sending(servers=self._servers, stop=self.stop, tell=self.told.append)
        claimed = self.room.claim()
        return carry_out(self.room.desk, claimed, sending, new_key=lambda: "other", patient=True)

    def state(self) -> MailingState:
        with self.room.desk.database.read() as connection:
            return ledger.get_mailing(connection, self.mailing_id).state


@pytest.fixture
def few(newsroom: Newsroom) -> Newsroom:
    newsroom.subscribe(3)
    newsroom.verify()
    return newsroom


@contextmanager
def _server(folder: Path, *rules: Rule) -> Iterator[ScriptedServer]:
    with ScriptedServer(folder / f"record{len(rules)}", rules, fsync=False) as server:
        yield server


@pytest.mark.covers("F30")
def test_a_servers_rest_is_kept_and_doubled_from_call_to_call(few: Newsroom) -> None:
    few.set("[newsletters.daily]", '[delivery]\nfirst_retry = "1s"\n\n[newsletters.daily]')
    rule = Rule("RCPT", text="450 4.2.1 you send at too high a rate", times=2)
    with _server(few.folder, rule) as server:
        sender = Sender(few, [server])
        began = few.clock.now()
        ending = sender.finish()
        assert len(server.accepted()) == 3
    assert ending.error is None
    assert few.clock.now() - began >= timedelta(seconds=60 + 120)


@pytest.mark.covers("F15", "F18")
def test_a_server_that_refuses_the_mailing_is_asked_once_while_another_takes_it(
    few: Newsroom,
) -> None:
    busy = Rule("RCPT", text="450 4.2.0 greylisted", times=3)
    no = Rule("MAIL", text="550 5.7.1 not you", times=0)
    with (
        _server(few.folder, no) as first,
        _server(few.folder, busy, Rule("none")) as second,
    ):
        ending = Sender(few, [first, second]).finish()
        assert len(second.accepted()) == 3
        assert len(first.wires) == 1
    assert ending.error is None


@pytest.mark.covers("F15")
def test_who_refused_is_asked_again_once_a_person_lets_the_mailing_go_on(few: Newsroom) -> None:
    with _server(few.folder, Rule("MAIL", text="550 5.7.1 not you")) as server:
        sender = Sender(few, [server])

        def resume() -> None:
            if sender.state() is MailingState.PAUSED:
                hold_mailing(few.desk, SAMPLE, "resume")

        sender.stop.then = resume
        ending = sender.finish()
        assert len(server.accepted()) == 3
    assert ending.error is None
    assert any("refused the sender" in line for line in sender.told)


def test_a_stop_ends_the_run_at_once_though_a_reader_is_deferred_for_longer(few: Newsroom) -> None:
    with _server(few.folder, Rule("RCPT", text="450 4.2.0 greylisted")) as server:
        sender = Sender(few, [server])
        stopped_at: list[datetime] = []

        def stop() -> None:
            if sender.told and not stopped_at:
                stopped_at.append(few.clock.now())
                hold_mailing(few.desk, SAMPLE, "stop")

        sender.told.append("begun")
        sender.stop.then = stop
        ending = sender.finish()
    assert ending.account is not None
    assert (ending.account.sent, ending.account.cancelled) == (2, 1)
    assert few.clock.now() - stopped_at[0] <= timedelta(seconds=2)


@pytest.mark.covers("I05", "F47")
def test_what_was_begun_a_day_ago_is_held_until_a_person_lets_it_go_on(few: Newsroom) -> None:
    resumed_at: list[datetime] = []
    with _server(few.folder, Rule("RCPT", text="450 4.2.0 greylisted")) as server:
        sender = Sender(few, [server])
        few.clock.forward(25 * HOUR)  # the machine was off

        def resume() -> None:
            if not resumed_at and sender.state() is MailingState.PAUSED:
                assert not server.wires
                resumed_at.append(few.clock.now())
                hold_mailing(few.desk, SAMPLE, "resume")

        sender.stop.then = resume
        ending = sender.finish()
        assert len(server.accepted()) == 3, "the greylisted one has a day from the resume on"
    assert ending.error is None
    assert len(resumed_at) == 1
    assert sender.told[0].endswith(
        "it began more than 24 hours ago; a person decides about the rest"
    )


@pytest.mark.covers("I10")
def test_what_was_sent_is_written_down_though_its_newsletter_is_gone(few: Newsroom) -> None:
    """The program was killed after the last copy, and newsletter.toml was changed meanwhile."""
    with _server(few.folder) as server:
        sender = Sender(few, [server])
        sender.finish()
    few.set("[newsletters.daily]", "[newsletters.weekly]")
    ending = sender.take_up()
    assert (ending.error, ending.account and ending.account.sent) == (None, 3)
    run = few.occurrence()
    assert run is not None
    assert run.state is OccurrenceState.DONE
    with few.desk.database.read() as connection:
        steps = occurrences.steps(connection, run.id)
    assert [(step.name, step.result) for step in steps][-2:] == [
        ("send", "3 of 3 sent"),
        ("report", "3 of 3 sent"),
    ]
    assert sender.told == []


def test_a_run_whose_mailing_has_begun_stays_though_its_schedule_is_gone(few: Newsroom) -> None:
    """Killed while it was sent, and started again without the schedule: `log` tells the mailing."""
    rule = '[newsletters.daily.schedule]\ncron = "30 6 24 11 *"\n'
    few.set("[proof]", f"{rule}\n[proof]")
    few.set("date: 2022-03-16", "date: 2026-11-24", f"issues/{SAMPLE}.md")
    days = IssueDays(few.desk.settings)
    plan_ahead(few.desk, days)
    few.approve()
    assert few.release().verdict == "frozen"
    take_up(few.desk)
    few.set(rule, "")
    plan_ahead(few.desk, days)
    run = few.occurrence()
    assert run is not None
    assert run.state is OccurrenceState.PLANNED
    (line,) = explain_log(few.desk, SAMPLE)
    assert line.outcome == "running"
