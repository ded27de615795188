"""Every way a mail server may fail us, each with a real server that fails just so."""

import threading
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any

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
from newsletter.errors import TransientError
from newsletter.model.address import Address
from newsletter.model.mailing import MailingState
from newsletter.store import Database
from newsletter.workflows.sending.carry_out import ending_of

PLAIN = tuple(feature for feature in FEATURES if feature != "PIPELINING")
TABLE = tomllib.loads(Path(__file__).with_name("server_faults.toml").read_text("utf-8"))["case"]
STATES = ("sent", "queued", "deferred", "refused", "unknown")


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
    ) -> LocalEngine:
        assert self.database is not None
        settings = [
            server_at(server.port, f"server{i}", connections=connections)
            for i, server in enumerate(servers)
        ]
        served = Servers(settings, clock=CLOCK, pace=pace)
        return LocalEngine(self.database, served, clock=CLOCK, timeouts=timeouts, retry=retry)

    def deliver(
        self, engine: LocalEngine, *, stop: threading.Event | None = None
    ) -> DeliveryReport:
        return engine.deliver(
            self.mailing_id, message_for=message_for, envelope_from=SENDER, stop=stop
        )

    def books(self) -> Books:
        assert self.database is not None
        books = Books(self.database, self.mailing_id, *self.records)
        books.check()
        return books

    def suppressed(self) -> list[str]:
        assert self.database is not None
        with self.database.read() as conn:
            return list(conn.exec_driver_sql("SELECT email_key FROM suppressions").scalars())


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    if desk.database is not None:
        desk.database.close()


def each_case() -> Iterator[Any]:
    for case in TABLE:
        steps, deeds = case.get("at", [""]), case.get("do", [""])
        offered = [FEATURES, PLAIN] if case.get("both") else [case.get("features", FEATURES)]
        for at, do, features in product(steps, deeds, offered):
            more = {key: value for key, value in (("at", at), ("do", do)) if value}
            name = " ".join([case["name"], *more.values(), *(["plain"] * (features is PLAIN))])
            yield pytest.param(case, more, features, id=name)


def rule_of(given: dict[str, Any]) -> Rule:
    text = str(given.get("text", "")).ljust(given.get("pad", 0), "a")
    return Rule(**{key: value for key, value in given.items() if key != "pad"} | {"text": text})


@pytest.mark.covers("F06", "F07", "F11", "F12", "F14", "F15", "F16", "F17", "F19", "F20")
@pytest.mark.covers("F21", "F22", "F23", "F24", "F25", "F30", "T34")
@pytest.mark.parametrize(("case", "more", "features"), list(each_case()))
def test_what_a_server_does_leaves_each_delivery_where_it_belongs(
    desk: Desk, case: dict[str, Any], more: dict[str, str], features: Sequence[str]
) -> None:
    desk.freeze(readers(case.get("readers", 3)))
    short = case.get("reply_s", 2)
    timeouts = replace(SHORT, reply=short, data=short, dot=case.get("dot_s", 2), quit=0.1)
    pace = replace(QUICK, pause=case.get("pause", QUICK.pause))
    rules = [rule_of({**more, **rule}) for rule in case.get("rules", [])]
    with desk.server(*rules, features=features) as server:
        report = desk.deliver(desk.engine(server, timeouts=timeouts, pace=pace))
        assert len(server.wires) == case.get("wires", len(server.wires))
        if report.account.unknown:  # never sent again
            desk.deliver(desk.engine(server, timeouts=timeouts, pace=pace))
    books = desk.books()
    told = {
        f"reader{number}@list.example": state for number, state in case.get("states", {}).items()
    }
    assert {address: books.states[address] for address in told} == told
    for state in STATES:
        named = sum(1 for each in told.values() if each == state)
        assert books.count(state) == case.get(state, named), state
    assert exit_code(report) == case.get("code", exit_code(report))
    assert case.get("says", "") in f"{report.error} {report.why}"
    expected = case.get("suppressed", [])
    assert expected == "all" or desk.suppressed() == expected


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


@pytest.mark.covers("F21", "F24")
@pytest.mark.parametrize("at", ["connect", "EHLO", "MAIL", "RCPT", "DATA", "BODY"])
@pytest.mark.parametrize("do", ["cut", "stall", pytest.param("half", marks=pytest.mark.prove)])
def test_a_connection_lost_before_the_dot_leaves_the_delivery_queued_and_it_goes_out_once(
    desk: Desk, at: str, do: str
) -> None:
    desk.freeze(readers(4))
    rule = Rule(at, do, first=0 if at in {"connect", "EHLO"} else 1, at_byte=200)
    short = Timeouts(connect=2, reply=0.3, data=0.3, write=1, dot=0.6, quit=0.1)
    with desk.server(rule) as server:
        engine = desk.engine(server, timeouts=short)
        for _ in range(10):  # a busy machine may be too slow for such times, and is asked again
            if not desk.deliver(engine).account.left:
                break
            CLOCK.sleep(QUICK.longest_down)
    books = desk.books()
    silent = at == "BODY" and do in {"stall", "half"}  # then the dot still goes out
    assert books.count("unknown") <= (1 if silent else 0)
    assert books.count("unknown") + books.count("sent") == 4


@pytest.mark.covers("F26", "F29")
def test_a_server_that_is_not_there_costs_nobody_anything(desk: Desk) -> None:
    desk.freeze(readers(2))
    assert desk.database is not None
    short = Timeouts(connect=0.1, reply=0.1, quit=0.1)
    with desk.server(Rule("connect", "stall", times=0)) as silent:
        for host, port, words in (
            ("no-such-host.invalid", 25, "cannot be resolved"),
            ("127.0.0.1", 1, "connection refused"),
            ("127.0.0.1", silent.port, "did not answer in time"),
        ):
            servers = Servers([server_at(port, host=host)], clock=CLOCK, pace=QUICK)
            engine = LocalEngine(desk.database, servers, clock=CLOCK, timeouts=short)
            report = desk.deliver(engine)
            assert exit_code(report) == 3
            assert words in str(report.error)
    assert desk.books().count("queued") == 2


@pytest.mark.covers("F27")
def test_a_late_250_is_waited_for(desk: Desk) -> None:
    desk.freeze(readers(2))
    assert Timeouts().dot == 600
    with desk.server(Rule("DOT", pause_s=0.4)) as server:
        report = desk.deliver(desk.engine(server, timeouts=Timeouts(reply=0.2, data=0.2)))
    assert report.state is MailingState.DONE
    assert desk.books().count("sent") == 2


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
@pytest.mark.parametrize("features", [FEATURES, ("PIPELINING",)], ids=["offered", "not offered"])
def test_an_address_that_needs_smtputf8_goes_unmangled_or_not_at_all(
    desk: Desk, features: Sequence[str]
) -> None:
    zoe = Address(local="zoë", domain="list.example")
    desk.freeze([zoe])
    with desk.server(features=features) as server:
        desk.deliver(desk.engine(server))
        said = [c for c in server.commands() if c.startswith(("MAIL", "RCPT"))]
    if features is FEATURES:
        assert said[0].endswith(" BODY=8BITMIME SMTPUTF8")
        assert said[1] == "RCPT TO:<zoë@list.example>"
    assert desk.books().states == {zoe.spec: "sent" if said else "refused"}


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
        report = desk.deliver(engine, stop=stop)
        assert CLOCK.monotonic() - began < 10
        thread.join()
    assert desk.books().states["reader5@list.example"] == "unknown"
    assert report.why == "stopped"
    assert not [t for t in threading.enumerate() if t.name.startswith(("delivery", "ledger"))]
