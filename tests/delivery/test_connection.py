"""A message that cannot be made: one reader is refused with the reason, the mailing goes on."""

from datetime import datetime
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
from smtp_server import ScriptedServer

from newsletter.delivery.engine import LocalEngine
from newsletter.delivery.servers import Servers
from newsletter.model.mailing import Delivery, MailingState


def _bare(delivery: Delivery, started: datetime) -> bytes:
    del delivery, started
    return b"bare\nline\r\n"


def _no_name(delivery: Delivery, started: datetime) -> bytes:
    if delivery.recipient.address.startswith("reader3@"):
        msg = "the value of name cannot be used"
        raise ValueError(msg)
    if delivery.recipient.address.startswith("reader5@"):
        return _bare(delivery, started)
    return message_for(delivery, started)


@pytest.mark.covers("I02", "T30")
def test_a_reader_whose_message_cannot_be_made_is_refused_and_the_others_go_out(
    tmp_path: Path,
) -> None:
    database, mailing_id = make_mailing(tmp_path, readers(30))
    record = tmp_path / "taken.jsonl"
    with ScriptedServer(record) as server:
        servers = Servers([server_at(server.port)], clock=CLOCK, pace=QUICK)
        engine = LocalEngine(database, servers, clock=CLOCK, timeouts=SHORT)
        report = engine.deliver(mailing_id, message_for=_no_name, envelope_from=SENDER)
    assert report.state is MailingState.DONE
    assert report.account.refused == 2
    books = Books(database, mailing_id, record)
    books.check()
    assert books.count("sent") == 28
    with database.read() as conn:
        told = conn.exec_driver_sql(
            "SELECT code, text FROM attempts WHERE result = 'refused'"
        ).all()
        assert not conn.exec_driver_sql("SELECT * FROM suppressions").all()
    assert sorted(tuple(row) for row in told) == [
        (554, "never offered: the message holds a bare CR or LF"),
        (554, "never offered: the value of name cannot be used"),
    ]
    database.close()


@pytest.mark.covers("F17")
def test_where_nobodys_message_can_be_made_the_mailing_is_paused(tmp_path: Path) -> None:
    database, mailing_id = make_mailing(tmp_path, readers(40))
    record = tmp_path / "taken.jsonl"
    with ScriptedServer(record) as server:
        servers = Servers([server_at(server.port, connections=1)], clock=CLOCK, pace=QUICK)
        engine = LocalEngine(database, servers, clock=CLOCK, timeouts=SHORT)
        report = engine.deliver(mailing_id, message_for=_bare, envelope_from=SENDER)
        assert not server.accepted()
    assert report.state is MailingState.PAUSED
    assert "20 refusals alike: 554 5.6.0 never offered" in report.why
    assert Books(database, mailing_id, record).count("queued") == 20
    database.close()
