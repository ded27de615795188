"""What tests of delivery share: a database with a frozen mailing, messages, a quick pace."""

import atexit
import hashlib
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from smtp_server import read_record
from sqlalchemy import insert

from newsletter.clock import SystemClock
from newsletter.config.settings import Security, SmtpSettings
from newsletter.delivery.servers import Pace
from newsletter.delivery.smtp import Timeouts
from newsletter.model.address import Address
from newsletter.model.mailing import Delivery
from newsletter.model.records import SubscriptionState
from newsletter.store import Database, ledger, open_database
from newsletter.store.subscribers import ensure_list
from newsletter.store.tables import subscribers, subscriptions

SENDER = Address(local="bounces", domain="news.example")
QUICK = Pace(
    between_openings=0.0,
    first_backoff=0.01,
    down=0.05,
    longest_down=0.4,
    pause=0.05,
    longest_pause=0.2,
    patience=0.04,
    stop_grace=0.5,
)
SHORT = Timeouts(connect=2, reply=2, data=2, write=2, dot=2, quit=0.2)


def make_mailing(
    folder: Path, addresses: Iterable[Address], *, chunk_size: int = 500
) -> tuple[Database, int]:
    """Make a database with one running mailing to these addresses."""
    path = folder / "newsletter.db"
    shutil.copy(empty_database(), path)
    database = open_database(f"sqlite:///{path}", create=False)
    now = datetime.now(UTC)  # noqa: TID251 (a moment, not a measure)
    with database.write() as conn:
        list_id = ensure_list(conn, "daily", now=now)
        people = [
            {
                "id": number,
                "public_id": f"public{number}",
                "email": address.spec,
                "email_key": address.key,
                "name": "",
                "attributes": {},
                "created": now,
            }
            for number, address in enumerate(addresses, start=1)
        ]
        conn.execute(insert(subscribers), people)
        yes = {
            "list_id": list_id,
            "state": SubscriptionState.ACTIVE,
            "since": now,
            "consent": "said yes in a test",
            "source": "test",
        }
        conn.execute(
            insert(subscriptions), [{"subscriber_id": person["id"], **yes} for person in people]
        )
        mailing_id = ledger.freeze(
            conn,
            issue="2026-11-24-daily",
            newsletter="daily",
            occurrence_id=None,
            issue_sha256="0" * 64,
            skeleton_sha256="0" * 64,
            mailing_key="key",
            list_name="daily",
            now=now,
            chunk_size=chunk_size,
        )
        ledger.start_mailing(conn, mailing_id, now=now)
    return database, mailing_id


def readers(count: int) -> list[Address]:
    return [Address(local=f"reader{n}", domain="list.example") for n in range(1, count + 1)]


def message_for(delivery: Delivery, started: datetime) -> bytes:
    lines = [
        f"To: {delivery.recipient.address}",
        f"Date: {started:%a, %d %b %Y %H:%M:%S +0000}",
        f"Message-ID: <{delivery.id}.key@news.example>",
        f"X-Delivery: {delivery.id}",
        "Subject: A test",
        "",
        ".a line that begins with a dot",
        *("All work and no play. " * 3 for _ in range(10)),
    ]
    return "\r\n".join(lines).encode() + b"\r\n"


def server_at(port: int, name: str = "primary", **changes: object) -> SmtpSettings:
    values: dict[str, object] = {
        "name": name,
        "host": "127.0.0.1",
        "port": port,
        "security": Security.NONE,
        "connections": 2,
        "per_second": 100_000.0,
    }
    return SmtpSettings(**{**values, **changes})  # type: ignore[arg-type]


@cache
def empty_database() -> Path:
    """Migrate a database once for all tests of this process."""
    folder = Path(tempfile.mkdtemp(prefix="newsletter-test-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    open_database(f"sqlite:///{folder / 'empty.db'}", create=True).close()
    return folder / "empty.db"


class Books:
    """The ledger of a mailing beside what the servers took."""

    def __init__(self, database: Database, mailing_id: int, *records: Path) -> None:
        with database.read() as conn:
            rows = list(ledger.list_deliveries(conn, mailing_id))
            self.account = ledger.account(conn, mailing_id)
        self.states = {row.address: str(row.state) for row in rows}
        self.rows = {row.address: row for row in rows}
        entries = [entry for record in records for entry in read_record(record)]
        self.taken = Counter(entry["to"] for entry in entries)
        self.entries = entries

    def check(self) -> None:
        """Hold I01, I02 and I09: nobody twice, nobody lost, everybody their own message."""
        twice = {address for address, times in self.taken.items() if times > 1}
        assert not twice
        assert set(self.taken) <= set(self.states)
        for address, state in self.states.items():
            if state == "sent":
                assert self.taken[address] == 1, f"{address} is sent and was never taken"
            elif state != "unknown":
                assert not self.taken[address], f"{address} is {state} and was taken"
        for entry in self.entries:
            assert f"To: {entry['to']}" in entry["head"].split("\r\n")
        account = self.account
        ended = (account.sent, account.refused, account.suppressed, account.expired)
        open_ = (account.cancelled, account.unknown, account.left)
        assert account.planned == len(self.states) == sum(ended) + sum(open_)

    def count(self, state: str) -> int:
        return sum(1 for each in self.states.values() if each == state)


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


CLOCK = SystemClock()
