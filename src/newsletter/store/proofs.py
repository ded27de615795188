"""How often an issue went to the proof addresses, kept apart from the ledger."""

from sqlalchemy import Connection, insert, update

from newsletter.store.tables import test_sends


def next_test(conn: Connection, issue: str) -> int:
    """Count one more test of an issue and give its number, 1 for the first."""
    again = (
        update(test_sends)
        .where(test_sends.c.issue == issue)
        .values(count=test_sends.c.count + 1)
        .returning(test_sends.c.count)
    )
    number = conn.execute(again).scalar_one_or_none()
    if number is not None:
        return number
    conn.execute(insert(test_sends).values(issue=issue, count=1))
    return 1
