"""A database in its own folder, and readers to fill it with."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter.model.address import parse_address
from newsletter.model.records import NewSubscriber
from newsletter.store import Database, open_database
from newsletter.store.ledger import freeze, start_mailing
from newsletter.store.subscribers import take_in

NOW = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/var/newsletter.db"


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = open_database(url, create=True, busy_timeout_s=0.2)
    yield opened
    opened.close()


@pytest.fixture
def subscribe(database: Database) -> Callable[[Sequence[str]], None]:
    def subscribe(addresses: Sequence[str]) -> None:
        people = [NewSubscriber(address=parse_address(text)) for text in addresses]
        with database.write() as conn:
            take_in(conn, people, list_name="daily", consent="form", source="test", now=NOW)

    return subscribe


@pytest.fixture
def begin(database: Database, subscribe: Callable[[Sequence[str]], None]) -> Callable[..., int]:
    """Return a function that freezes and starts a mailing to r1@…, r2@… and gives its number."""

    def begin(readers: int = 4, *, chunk_size: int = 500, issue: str = "2026-11-24-daily") -> int:
        subscribe([f"r{number}@reader.example" for number in range(1, readers + 1)])
        with database.write() as conn:
            mailing_id = freeze(
                conn,
                issue=issue,
                newsletter="daily",
                occurrence_id=None,
                issue_sha256="a" * 64,
                skeleton_sha256="b" * 64,
                mailing_key=f"key{issue}",
                list_name="daily",
                now=NOW,
                chunk_size=chunk_size,
            )
            start_mailing(conn, mailing_id, now=NOW)
        return mailing_id

    return begin
