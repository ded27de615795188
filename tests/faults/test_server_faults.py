"""Every way a mail server may fail us, each with a real server that fails just so."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sending import (
    CLOCK,
    QUICK,
    SENDER,
    SHORT,
    Books,
    make_mailing,
    message_for,
    readers,
    server_at,
)
from smtp_server import FEATURES, Rule, ScriptedServer

from newsletter.delivery.engine import DeliveryReport, LocalEngine
from newsletter.delivery.outcome import RetryPolicy
from newsletter.delivery.servers import Pace, Servers
from newsletter.delivery.smtp import Timeouts
from newsletter.errors import PermanentError, TransientError
from newsletter.model.address import Address
from newsletter.model.mailing import MailingState
from newsletter.store import Database, ledger
from newsletter.workflows.sending.carry_out import ending_of

PLAIN = tuple(feature for feature in FEATURES if feature != "PIPELINING")


def exit_code(report: DeliveryReport) -> int:
    """Return what `send` would end with."""
    error = ending_of("2022-03-16-daily", report, stopped=False)
    return error.exit_code if error else 0


class Desk:
    """One mailing, one scripted server, and the engine between them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database: Database | None = None
        self.mailing_id = 0
        self.records: list[Path] = []

    def freeze(self, addresses: Sequence[Address], *, chunk_size: int = 500) -> None:
        self.database, self.mailing_id = make_mailing(self.folder, addresses, chunk_size=chunk_size)

    def server(self, *rules: Rule, features: Sequence[str] = FEATURES) -> ScriptedServer:
        record = self.folder / f"taken{len(self.records)}.jsonl"
        self.records.append(record)
        return ScriptedServer(record, rules, features=features)

    def engine(
        self,
        *servers: ScriptedServer,
        pace: Pace = QUICK,
        timeouts: Timeouts = SHORT,
        retry: RetryPolicy | None = None,
        connections: int = 1,
        **changes: object,
    ) -> LocalEngine:
        assert self.database is not None
        settings = [
            server_at(server.port, f"server{i}", connections=connections, **changes)
            for i, server in enumerate(servers)
        ]
        return LocalEngine(
            self.database,
            Servers(settings, clock=CLOCK, pace=pace),
            clock=CLOCK,
            timeouts=timeouts,
            retry=retry,
        )

    def deliver(self, engine: LocalEngine) -> DeliveryReport:
        return engine.deliver(self.mailing_id, message_for=message_for, envelope_from=SENDER)

    def books(self) -> Books:
        assert self.database is not None
        books = Books(self.database, self.mailing_id, *self.records)
        books.check()
        return books


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    if desk.database is not None:
        desk.database.close()


@pytest.mark.covers("F30", "T29", "T30", "T32")
@pytest.mark.parametrize("features", [FEATURES, PLAIN])
def test_everybody_gets_their_own_message_once(desk: Desk, features: Sequence[str]) -> None:
    desk.freeze(readers(60), chunk_size=25)
    pace = Pace(messages_per_connection=10, between_openings=0)
    with desk.server(features=features) as server:
        report = desk.deliver(desk.engine(server, connections=3, pace=pace))
        assert report.state is MailingState.DONE
        assert exit_code(report) == 0
        assert desk.books().account.sent == 60
        assert all(not wire.violations for wire in server.wires)
        assert all(len(wire.contents) <= 10 for wire in server.wires)
        verbs = {command.split(" ")[0].split(":")[0].upper() for command in server.commands()}
        assert verbs <= {"EHLO", "MAIL", "RCPT", "DATA", "QUIT"}
        assert sum(len(wire.contents) for wire in server.wires) == 60


@pytest.mark.covers("F11")
@pytest.mark.parametrize("features", [FEATURES, PLAIN])
@pytest.mark.parametrize("at", ["connect", "EHLO", "MAIL", "RCPT", "DATA"])
def test_a_421_anywhere_before_the_dot_costs_nobody_anything(
    desk: Desk, at: str, features: Sequence[str]
) -> None:
    desk.freeze(readers(5))
    with desk.server(Rule(at, text="421 4.3.2 closing", drop=True), features=features) as server:
        report = desk.deliver(desk.engine(server))
    assert report.state is MailingState.DONE
    books = desk.books()
    assert books.count("sent") == 5
    assert {row.attempts for row in books.rows.values()} == {1}


@pytest.mark.covers("F11", "F30")
def test_a_421_between_messages_means_a_new_connection(desk: Desk) -> None:
    desk.freeze(readers(9))
    rules = [
        Rule("MAIL", text="421 4.7.0 too many messages", drop=True, first=3, times=1),
        Rule("MAIL", text="421 4.7.0 too many messages", drop=True, first=6, times=1),
    ]
    with desk.server(*rules) as server:
        desk.deliver(desk.engine(server))
        assert len(server.wires) == 3
    assert desk.books().count("sent") == 9


@pytest.mark.covers("F11")
def test_three_421s_in_a_row_rest_the_server_and_say_so(desk: Desk) -> None:
    desk.freeze(readers(2))
    pace = Pace(first_backoff=0.01, between_openings=0, down=30)
    with desk.server(Rule("connect", text="421 4.3.2 try later", times=0, drop=True)) as server:
        report = desk.deliver(desk.engine(server, pace=pace))
        assert len(server.wires) == 3
        where = f"127.0.0.1:{server.port}"
    assert exit_code(report) == 3
    assert isinstance(report.error, TransientError)
    assert str(report.error) == f"{where} is busy: 421 4.3.2 try later"
    assert report.next_due is not None
    assert 25 < (report.next_due - CLOCK.now()).total_seconds() <= 30
    assert desk.books().count("queued") == 2


@pytest.mark.covers("F30")
@pytest.mark.parametrize(
    "rule",
    [
        Rule("connect", text="421 4.7.0 too many connections from you", drop=True),
        Rule("RCPT", text="450 4.2.1 you send at too high a rate"),
    ],
)
def test_a_call_for_a_lower_rate_rests_the_server_and_all_is_sent(desk: Desk, rule: Rule) -> None:
    desk.freeze(readers(8))
    policy = RetryPolicy(first=timedelta(milliseconds=1))
    with desk.server(replace(rule)) as server:
        report = desk.deliver(desk.engine(server, retry=policy, pace=replace(QUICK, pause=40)))
        assert exit_code(report) == 3
        assert report.next_due is not None
        assert (report.next_due - CLOCK.now()).total_seconds() > 30
        engine = desk.engine(server, retry=policy)  # a later process: the rest is over
        while report.state is not MailingState.DONE:
            CLOCK.sleep(0.02)
            report = desk.deliver(engine)
    assert desk.books().count("sent") == 8


@pytest.mark.covers("F12")
def test_a_4yz_at_mail_defers_and_the_third_in_a_row_rests_the_server(desk: Desk) -> None:
    desk.freeze(readers(6))
    pace = Pace(first_backoff=0.01, between_openings=0, pause=40)
    with desk.server(Rule("MAIL", text="451 4.3.0 local trouble", times=0)) as server:
        report = desk.deliver(desk.engine(server, pace=pace))
    books = desk.books()
    assert books.count("deferred") == 3
    assert books.count("queued") == 3
    assert exit_code(report) == 3
    assert report.next_due is not None


@pytest.mark.covers("F13")
def test_a_greylisted_reader_is_tried_again_then_given_up(desk: Desk) -> None:
    desk.freeze(readers(3))
    policy = RetryPolicy(first=timedelta(milliseconds=1), most_attempts=3)
    with desk.server(Rule("RCPT", text="450 4.2.0 come back", match="reader2@", times=0)) as server:
        engine = desk.engine(server, retry=policy)
        for _ in range(8):
            if desk.deliver(engine).state is MailingState.DONE:
                break
        asked = [command for command in server.commands() if "RCPT TO:<reader2@" in command]
    books = desk.books()
    assert books.count("sent") == 2
    assert books.states["reader2@list.example"] == "expired"
    assert len(asked) == 3


@pytest.mark.covers("F14")
@pytest.mark.parametrize("at", ["DATA", "DOT"])
def test_a_4yz_at_data_or_after_the_dot_is_certain(desk: Desk, at: str) -> None:
    desk.freeze(readers(4))
    match = "" if at == "DATA" else "reader2@"
    rule = Rule(at, text="451 4.3.0 later", match=match, first=1 if at == "DATA" else 0)
    with desk.server(rule) as server:
        desk.deliver(desk.engine(server))
    books = desk.books()
    assert books.states["reader2@list.example"] == "deferred"
    assert books.count("sent") == 3
    assert books.account.unknown == 0


@pytest.mark.covers("F15")
def test_a_5yz_at_mail_stops_the_run_and_marks_nobody(desk: Desk) -> None:
    desk.freeze(readers(4))
    with desk.server(Rule("MAIL", text="550 5.7.1 sender not known here", times=0)) as server:
        report = desk.deliver(desk.engine(server))
        assert len([c for c in server.commands() if c.startswith("MAIL")]) == 1
    assert isinstance(report.error, PermanentError)
    assert "refused the sender bounces@news.example: 550 5.7.1" in str(report.error)
    assert exit_code(report) == 4
    assert desk.books().count("queued") == 4


@pytest.mark.covers("F16")
@pytest.mark.parametrize(("status", "suppressed"), [("5.1.1", True), ("5.7.1", False)])
def test_a_5yz_at_rcpt_refuses_and_suppresses_only_a_dead_address(
    desk: Desk,
    status: str,
    suppressed: bool,  # noqa: FBT001 (a table's column)
) -> None:
    desk.freeze(readers(3))
    with desk.server(Rule("RCPT", text=f"550 {status} no", match="reader2@", times=0)) as server:
        desk.deliver(desk.engine(server))
    books = desk.books()
    assert books.states["reader2@list.example"] == "refused"
    assert books.count("sent") == 2
    assert desk.database is not None
    with desk.database.read() as conn:
        found = conn.exec_driver_sql("SELECT email_key, note FROM suppressions").all()
    assert [key for key, _ in found] == (["reader2@list.example"] if suppressed else [])


@pytest.mark.covers("F17")
def test_twenty_refusals_alike_pause_the_mailing(desk: Desk) -> None:
    desk.freeze(readers(40))
    with desk.server(Rule("DOT", text="554 5.7.1 looks like spam", times=0)) as server:
        report = desk.deliver(desk.engine(server))
    books = desk.books()
    assert books.count("refused") == 20
    assert books.count("queued") == 20
    assert report.state is MailingState.PAUSED
    assert "20 refusals alike: 554 5.7.1 looks like spam" in report.why
    assert desk.database is not None
    with desk.database.read() as conn:
        assert not conn.exec_driver_sql("SELECT * FROM suppressions").all()


@pytest.mark.covers("F17")
def test_refusals_with_a_yes_between_them_pause_nothing(desk: Desk) -> None:
    desk.freeze(readers(40))
    rules = [
        Rule("RCPT", text="550 5.1.1 no", match=f"reader{n}@", times=0)
        for n in range(1, 41)
        if n % 15
    ]
    with desk.server(*rules) as server:
        report = desk.deliver(desk.engine(server))
    assert report.state is MailingState.DONE
    assert desk.books().count("sent") == 2


@pytest.mark.covers("F19")
@pytest.mark.parametrize("features", [(*FEATURES[:1], "SIZE 500"), ("SIZE 500",)])
def test_a_message_too_big_is_found_before_the_first_recipient(
    desk: Desk, features: Sequence[str]
) -> None:
    desk.freeze(readers(3))
    with desk.server(features=features) as server:
        report = desk.deliver(desk.engine(server))
        assert not [c for c in server.commands() if c.startswith(("MAIL", "RCPT"))]
    assert isinstance(report.error, PermanentError)
    assert "at most 500 bytes" in str(report.error)
    assert desk.books().count("queued") == 3


@pytest.mark.covers("F19")
def test_a_552_to_the_announced_size_marks_nobody(desk: Desk) -> None:
    desk.freeze(readers(3))
    with desk.server(Rule("MAIL", text="552 5.3.4 too big", match="SIZE=", times=0)) as server:
        report = desk.deliver(desk.engine(server))
    assert exit_code(report) == 4
    assert desk.books().count("queued") == 3


@pytest.mark.covers("F20")
@pytest.mark.parametrize("data", ["354 go on", "554 5.5.1 nobody to send to"])
def test_a_refused_recipient_in_a_pipeline_sends_nothing_to_nobody(desk: Desk, data: str) -> None:
    desk.freeze(readers(5))
    rules = [
        Rule("RCPT", text="550 5.1.1 no", match="reader3@", times=0),
        Rule("DATA", text=data, first=2),
    ]
    with desk.server(*rules) as server:
        desk.deliver(desk.engine(server))
        empty = [content for wire in server.wires for content in wire.contents if not content]
        assert len(empty) == (1 if data.startswith("354") else 0)
        assert len(server.wires) == 1
    books = desk.books()
    assert books.states["reader3@list.example"] == "refused"
    assert books.count("sent") == 4


@pytest.mark.covers("F21", "F24")
@pytest.mark.parametrize("features", [FEATURES, PLAIN])
@pytest.mark.parametrize("at", ["connect", "EHLO", "MAIL", "RCPT", "DATA", "BODY"])
@pytest.mark.parametrize("do", ["cut", "reset", "stall", "half"])
def test_a_connection_lost_before_the_dot_leaves_the_delivery_queued_and_it_goes_out_once(
    desk: Desk, at: str, do: str, features: Sequence[str]
) -> None:
    desk.freeze(readers(4))
    rule = Rule(at, do, first=0 if at in {"connect", "EHLO"} else 1, at_byte=200)
    short = Timeouts(connect=2, reply=0.3, data=0.3, write=1, dot=1.0, quit=0.1)
    with desk.server(rule, features=features) as server:
        engine = desk.engine(server, timeouts=short)
        for _ in range(
            10
        ):  # a busy machine may be too slow for such times, and is just asked again
            if not desk.deliver(engine).account.left:
                break
            CLOCK.sleep(QUICK.longest_down)
    books = desk.books()
    if at == "BODY" and do in {"stall", "half"}:  # it falls silent, and the dot still goes out
        assert books.count("unknown") <= 1
        assert books.count("unknown") + books.count("sent") == 4
    else:
        assert books.count("sent") == 4


@pytest.mark.covers("F21")
def test_the_third_cut_of_one_delivery_defers_it_and_the_others_go_out(desk: Desk) -> None:
    desk.freeze(readers(6))
    rule = Rule("RCPT", "cut", match="reader3@", times=0)
    with desk.server(rule) as server:
        report = desk.deliver(desk.engine(server))
    books = desk.books()
    assert books.states["reader3@list.example"] == "deferred"
    assert books.count("sent") == 5
    assert exit_code(report) == 3
    assert report.next_due is not None


@pytest.mark.covers("F22", "F06", "F07")
@pytest.mark.parametrize("features", [FEATURES, PLAIN])
@pytest.mark.parametrize("do", ["cut", "lose", "reset", "stall", "half"])
def test_silence_after_the_dot_is_one_unknown_and_never_sent_again(
    desk: Desk, do: str, features: Sequence[str]
) -> None:
    desk.freeze(readers(5))
    short = Timeouts(connect=2, reply=2, data=2, write=2, dot=0.15, quit=0.1)
    with desk.server(Rule("DOT", do, match="reader2@"), features=features) as server:
        engine = desk.engine(server, timeouts=short)
        report = desk.deliver(engine)
        again = desk.deliver(engine)
    books = desk.books()
    assert books.states["reader2@list.example"] == "unknown"
    assert books.count("sent") == 4
    assert exit_code(report) == exit_code(again) == 5
    assert report.state is MailingState.RUNNING  # unsettled: only a person ends it


@pytest.mark.covers("F23")
def test_a_cut_behind_a_250_leaves_the_first_sent_and_the_next_queued(desk: Desk) -> None:
    desk.freeze(readers(3))
    with desk.server(Rule("DOT", text="250 taken", drop=True, match="reader1@")) as server:
        report = desk.deliver(desk.engine(server))
        assert len(server.wires) == 2
    assert report.state is MailingState.DONE
    assert desk.books().count("sent") == 3


@pytest.mark.covers("F24", "T34")
@pytest.mark.parametrize(
    "garbage",
    ["hello", "250-half\r\n550 other", "\x00\x01\x02", "999 no", "250 " + "a" * 5000],
)
@pytest.mark.parametrize("at", ["connect", "EHLO", "MAIL", "RCPT", "DATA", "DOT"])
def test_garbage_is_as_a_cut_at_the_same_place(desk: Desk, at: str, garbage: str) -> None:
    desk.freeze(readers(3))
    with desk.server(Rule(at, text=garbage)) as server:
        desk.deliver(desk.engine(server))
    books = desk.books()
    assert books.count("unknown") == (1 if at == "DOT" else 0)
    assert books.count("sent") == (2 if at == "DOT" else 3)


@pytest.mark.covers("T34")
def test_endless_replies_end_the_session(desk: Desk) -> None:
    desk.freeze(readers(2))
    endless = "\r\n".join(["250-more"] * 300) + "\r\n250 end"
    with desk.server(Rule("EHLO", text=endless)) as server:
        desk.deliver(desk.engine(server))
    assert desk.books().count("sent") == 2


@pytest.mark.covers("T34")
def test_fewer_replies_than_commands_time_out_and_the_connection_is_closed(desk: Desk) -> None:
    desk.freeze(readers(3))
    short = Timeouts(connect=2, reply=0.1, data=0.1, write=1, dot=2, quit=0.1)
    with desk.server(
        Rule("RCPT", "reply", text="250 2.1.5 fine", first=1), Rule("DATA", "stall")
    ) as server:
        desk.deliver(desk.engine(server, timeouts=short))
    assert desk.books().count("sent") == 3


@pytest.mark.covers("T34", "F20")
def test_a_reply_too_many_is_never_taken_for_the_next_ones(desk: Desk) -> None:
    desk.freeze(readers(4))
    with desk.server(Rule("DATA", text="354 go on\r\n250 2.0.0 taken already")) as server:
        desk.deliver(desk.engine(server))
        assert len(server.wires) == 2
    assert desk.books().count("sent") == 4


@pytest.mark.covers("F24")
@pytest.mark.parametrize("at", ["connect", "EHLO", "MAIL", "RCPT", "DATA", "DOT"])
def test_a_reply_split_in_single_bytes_is_harmless(desk: Desk, at: str) -> None:
    desk.freeze(readers(2))
    with desk.server(Rule(at, "drip", times=0)) as server:
        report = desk.deliver(desk.engine(server))
        assert len(server.wires) == 1
    assert report.state is MailingState.DONE


@pytest.mark.covers("F25")
@pytest.mark.parametrize(("at", "state"), [("MAIL", "sent"), ("DOT", "unknown")])
def test_a_dripping_reply_meets_the_deadline(desk: Desk, at: str, state: str) -> None:
    desk.freeze(readers(2))
    short = Timeouts(connect=2, reply=0.2, data=0.2, write=1, dot=0.2, quit=0.1)
    with desk.server(Rule(at, "drip", pause_s=0.1)) as server:
        desk.deliver(desk.engine(server, timeouts=short))
    assert desk.books().states["reader1@list.example"] == state


@pytest.mark.covers("F26")
def test_a_server_that_never_greets_times_out(desk: Desk) -> None:
    desk.freeze(readers(2))
    short = Timeouts(connect=0.1, reply=0.1, quit=0.1)
    with desk.server(Rule("connect", "stall", times=0)) as server:
        report = desk.deliver(desk.engine(server, timeouts=short))
    assert exit_code(report) == 3
    assert "did not answer in time" in str(report.error)
    assert desk.books().count("queued") == 2


@pytest.mark.covers("F27")
def test_a_late_250_is_waited_for(desk: Desk) -> None:
    desk.freeze(readers(2))
    assert Timeouts().dot == 600
    with desk.server(Rule("DOT", pause_s=0.4)) as server:
        report = desk.deliver(desk.engine(server, timeouts=Timeouts(reply=0.2, data=0.2)))
    assert report.state is MailingState.DONE
    assert desk.books().count("sent") == 2


@pytest.mark.covers("F29")
def test_an_unknown_host_and_a_refused_connection_cost_nobody_anything(desk: Desk) -> None:
    desk.freeze(readers(2))
    assert desk.database is not None
    for host, port, words in (
        ("no-such-host.invalid", 25, "cannot be resolved"),
        ("127.0.0.1", 1, "connection refused"),
    ):
        servers = Servers([server_at(port, host=host)], clock=CLOCK, pace=QUICK)
        engine = LocalEngine(desk.database, servers, clock=CLOCK, timeouts=SHORT)
        report = desk.deliver(engine)
        assert exit_code(report) == 3
        assert words in str(report.error)
    assert desk.books().count("queued") == 2


def test_the_next_server_of_the_pool_takes_over_and_no_unknown_goes_to_it(desk: Desk) -> None:
    desk.freeze(readers(12))
    rules = [
        Rule("DOT", "lose", match="reader3@"),
        Rule("MAIL", text="421 4.3.2 going down", times=0, first=5, drop=True),
        Rule("connect", text="421 4.3.2 down", times=0, first=2, drop=True),
    ]
    with desk.server(*rules) as first, desk.server() as second:
        desk.deliver(desk.engine(first, second, pace=Pace(between_openings=0, first_backoff=0.01)))
        assert second.accepted()
    books = desk.books()
    assert books.states["reader3@list.example"] == "unknown"
    assert books.count("sent") == 11
    assert {row.server for row in books.rows.values()} == {"server0", "server1"}


@pytest.mark.covers("T30")
def test_an_address_that_needs_smtputf8_is_refused_where_the_server_has_none(desk: Desk) -> None:
    zoe = Address(local="zoë", domain="list.example")
    desk.freeze([*readers(2), zoe])
    with desk.server(features=("PIPELINING",)) as server:
        report = desk.deliver(desk.engine(server))
        assert not [c for c in server.commands() if "zo" in c]
    books = desk.books()
    assert books.states[zoe.spec] == "refused"
    assert books.count("sent") == 2
    assert exit_code(report) == 4


@pytest.mark.covers("T30")
def test_an_address_that_needs_smtputf8_goes_unmangled_where_the_server_offers_it(
    desk: Desk,
) -> None:
    zoe = Address(local="zoë", domain="list.example")
    desk.freeze([zoe])
    with desk.server() as server:
        desk.deliver(desk.engine(server))
        mail, rcpt = (c for c in server.commands() if c.startswith(("MAIL", "RCPT")))
    assert mail.endswith(" BODY=8BITMIME SMTPUTF8")
    assert rcpt == "RCPT TO:<zoë@list.example>"
    assert desk.books().count("sent") == 1


def test_a_pause_takes_hold_at_the_next_mark_and_a_resume_loses_nobody(desk: Desk) -> None:
    desk.freeze(readers(40))
    assert desk.database is not None
    database = desk.database
    with desk.server(Rule("DOT", pause_s=0.3, match="reader5@")) as server:
        engine = desk.engine(server)

        def pause() -> None:
            while not server.rules[0].used:
                CLOCK.sleep(0.005)
            with database.write() as conn:
                ledger.pause_mailing(conn, desk.mailing_id, now=CLOCK.now())

        thread = threading.Thread(target=pause)
        thread.start()
        report = desk.deliver(engine)
        thread.join()
        assert report.state is MailingState.PAUSED
        assert desk.books().count("sent") == 5
        assert desk.books().count("queued") == 35
        with database.write() as conn:
            ledger.resume_mailing(conn, desk.mailing_id, now=CLOCK.now())
        assert desk.deliver(engine).state is MailingState.DONE
    assert desk.books().count("sent") == 40


@pytest.mark.covers("F10")
def test_a_stop_finishes_the_message_in_hand_or_leaves_it_in_doubt_within_its_grace(
    desk: Desk,
) -> None:
    desk.freeze(readers(40))
    stop = threading.Event()
    with desk.server(Rule("DOT", "stall", match="reader5@")) as server:
        engine = desk.engine(server, connections=2, timeouts=Timeouts())

        def say_stop() -> None:
            while not server.rules[0].used:
                CLOCK.sleep(0.005)
            stop.set()

        thread = threading.Thread(target=say_stop)
        thread.start()
        began = CLOCK.monotonic()
        report = engine.deliver(
            desk.mailing_id, message_for=message_for, envelope_from=SENDER, stop=stop
        )
        assert CLOCK.monotonic() - began < 10
        thread.join()
    assert desk.books().states["reader5@list.example"] == "unknown"
    assert report.why == "stopped"
    assert not [t for t in threading.enumerate() if t.name.startswith(("delivery", "ledger"))]
