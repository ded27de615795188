"""What editors are told, by real mail servers: once each, whatever fails in between."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from sending import server_at
from smtp_server import Rule, ScriptedServer
from workflows.newsroom import SAMPLE, Newsroom
from workflows.sending.test_carry_out import PACE, Wait

from newsletter.delivery.servers import Servers
from newsletter.errors import StoreBusy
from newsletter.model.notice import NoticeKind, NoticeRow, NoticeState, Posted
from newsletter.store import ledger, notices, occurrences
from newsletter.workflows.notices.find_news import find_lapsing, find_news
from newsletter.workflows.notices.post_notices import GONE, Owed, Post, doubt_begun, post_due
from newsletter.workflows.sending.carry_out import Sending, carry_out
from newsletter.workflows.sending.settle import hold_mailing

HOOKED = '[notices]\nmail = []\nwebhook = "https://desk.news.example/hook"\nsecret_env = "SECRET"\n'


@dataclass
class Hook:
    """A webhook that answers as told and keeps what came."""

    answers: list[Posted] = field(default_factory=list)
    came: list[bytes] = field(default_factory=list)

    def post(self, body: bytes, *, notice_id: str) -> Posted:
        assert notice_id
        self.came.append(body)
        return self.answers.pop(0) if self.answers else Posted(is_taken=True)


def kept(room: Newsroom) -> list[NoticeRow]:
    with room.desk.database.read() as connection:
        return list(notices.list_notices(connection))


@contextmanager
def server(room: Newsroom, *rules: Rule) -> Iterator[ScriptedServer]:
    folder = room.folder / f"record{len(list(room.folder.glob('record*')))}"
    with ScriptedServer(folder, rules, fsync=False) as running:
        yield running


def post(room: Newsroom, *running: ScriptedServer) -> tuple[str, ...]:
    servers = [server_at(one.port, f"server{number}") for number, one in enumerate(running)]
    return post_due(room.desk, Post(servers=servers))


@pytest.fixture
def held(ready: Newsroom) -> Newsroom:
    """A newsroom whose issue was held at its planned time: nobody had approved it."""
    ready.schedule()
    assert ready.release().verdict == "held"
    return ready


def test_a_held_run_is_told_once_to_each_editor(held: Newsroom) -> None:
    held.set(
        'editors = ["editor@example.org"]', 'editors = ["ada@news.example", "bo@news.example"]'
    )
    assert find_news(held.desk) == 2
    assert find_news(held.desk) == 0
    with server(held) as running:
        assert post(held, running) == ()
        assert post(held, running) == ()
        taken = running.accepted()
    assert sorted(entry["to"] for entry in taken) == ["ada@news.example", "bo@news.example"]
    assert {row.state for row in kept(held)} == {NoticeState.SENT}
    assert {row.body for row in kept(held)} == {b""}


def test_a_run_that_is_held_again_is_told_again(held: Newsroom) -> None:
    find_news(held.desk)
    held.clock.forward(timedelta(minutes=5))
    held.schedule()
    held.release()
    assert find_news(held.desk) == 1
    assert len(kept(held)) == 2


def test_a_server_that_surely_has_not_taken_it_is_asked_again_later(held: Newsroom) -> None:
    find_news(held.desk)
    rule = Rule("RCPT", text="451 4.3.0 later", times=1)
    with server(held, rule) as running:
        post(held, running)
        (row,) = kept(held)
        assert (row.state, row.attempts) == (NoticeState.WAITING, 1)
        assert "later" in row.why
        post(held, running)  # its time has not come
        assert running.accepted() == []
        held.clock.forward(timedelta(seconds=30))
        post(held, running)
        assert len(running.accepted()) == 1
    assert kept(held)[0].state is NoticeState.SENT


@pytest.mark.covers("I01")
def test_what_a_server_may_have_taken_is_not_sent_again(held: Newsroom) -> None:
    find_news(held.desk)
    with server(held, Rule("DOT", do="cut")) as first, server(held) as second:
        (sentence,) = post(held, first, second)
        assert "did not say whether" in sentence
        held.clock.forward(timedelta(hours=2))
        assert post(held, first, second) == ()
        assert (len(first.accepted()), len(second.accepted())) == (1, 0)
    assert kept(held)[0].state is NoticeState.UNKNOWN


def test_one_that_was_begun_when_the_program_ended_is_not_sent_again(held: Newsroom) -> None:
    find_news(held.desk)
    with held.desk.database.write() as connection:
        assert notices.begin(connection, kept(held)[0].id)
        assert not notices.begin(connection, kept(held)[0].id)
    assert doubt_begun(held.desk) == 1
    with server(held) as running:
        assert post(held, running) == ()
        assert running.accepted() == []
    (row,) = kept(held)
    assert (row.state, row.why) == (NoticeState.UNKNOWN, GONE)


@pytest.mark.parametrize(
    ("first", "state", "posts"),
    [
        (Posted(is_taken=True), NoticeState.SENT, 1),
        (Posted(is_taken=False, may_pass=True, why="500"), NoticeState.SENT, 2),
        (Posted(is_taken=False, why="404"), NoticeState.FAILED, 1),
        (Posted(is_taken=False, may_be_taken=True, why="silence"), NoticeState.UNKNOWN, 1),
    ],
)
def test_each_answer_of_a_webhook(
    held: Newsroom, first: Posted, state: NoticeState, posts: int
) -> None:
    held.environ = {"SECRET": "between us"}
    held.set("[proof]", f"{HOOKED}\n[proof]")
    find_news(held.desk)
    hook = Hook(answers=[first])
    for _ in range(3):
        post_due(held.desk, Post(servers=(), webhook=hook))
        held.clock.forward(timedelta(minutes=3))
    assert kept(held)[0].state is state
    assert len(hook.came) == posts


def _send(room: Newsroom, *rules: Rule) -> None:
    room.approve()
    room.schedule()
    with server(room, *rules) as running:
        servers = Servers([server_at(running.port, "server")], clock=room.clock, pace=PACE)
        room.clock.forward(timedelta(hours=1))
        carry_out(
            room.desk,
            room.claim(),
            Sending(servers=servers, stop=Wait(room)),
            new_key=lambda: "key",
            patient=True,
        )


@pytest.fixture
def small(newsroom: Newsroom) -> Newsroom:
    newsroom.subscribe(3)
    newsroom.verify()
    return newsroom


def test_a_sent_run_is_told_with_its_account_and_report(small: Newsroom) -> None:
    _send(small)
    find_news(small.desk)
    (row,) = kept(small)
    assert row.kind is NoticeKind.SENT
    text = message_from_bytes(row.body, policy=default).get_content()
    assert f"{SAMPLE} was sent: 3 of 3 sent" in text
    with small.desk.database.read() as connection:
        run = occurrences.of_issue(connection, SAMPLE)
        assert run is not None
        assert occurrences.steps(connection, run.id)[-1].name == "report"


def test_a_paused_mailing_is_told(small: Newsroom) -> None:
    small.approve()
    small.schedule()
    mailing_id = small.release().mailing_id
    hold_mailing(small.desk, SAMPLE, "pause")
    assert find_news(small.desk) == 1
    assert find_news(small.desk) == 0
    (row,) = kept(small)
    assert row.kind is NoticeKind.PAUSED
    with small.desk.database.read() as connection:
        assert ledger.get_mailing(connection, mailing_id).why


def test_what_became_of_a_notice_is_written_down_once_the_database_is_free(
    held: Newsroom,
) -> None:
    held.environ["SECRET"] = "s" * 32
    held.set("[proof]", HOOKED + "\n[proof]")
    find_news(held.desk)
    lock = ExitStack()

    class LockingHook(Hook):
        def post(self, body: bytes, *, notice_id: str) -> Posted:
            lock.enter_context(held.locked())  # another process writes, and goes on to
            return super().post(body, notice_id=notice_id)

    hook = LockingHook()
    owed: Owed = {}
    with lock, pytest.raises(StoreBusy):
        post_due(held.desk, Post(servers=(), webhook=hook), owed)
    assert [row.state for row in kept(held)] == [NoticeState.SENDING]
    assert post_due(held.desk, Post(servers=(), webhook=hook), owed) == ()
    assert [row.state for row in kept(held)] == [NoticeState.SENT]
    assert (len(hook.came), owed) == (1, {})


def test_a_verification_that_is_about_to_lapse_is_told_once(small: Newsroom) -> None:
    assert find_lapsing(small.desk) == 0
    small.clock.forward(timedelta(days=11))
    assert find_lapsing(small.desk) == 1
    small.clock.forward(timedelta(days=1))
    assert find_lapsing(small.desk) == 0
    (row,) = kept(small)
    assert row.kind is NoticeKind.VERIFICATION
    text = message_from_bytes(row.body, policy=default).get_content()
    assert "has to be verified again by 2026-12-08" in text
    assert "newsletter callouts verify dec-ukraine" in text
