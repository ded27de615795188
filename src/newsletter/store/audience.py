"""Who is to be mailed: one condition, used wherever recipients are counted, frozen or marked.

Taking people in is in subscribers.py.
"""

from sqlalchemy import ColumnElement, Connection, and_, exists, func, select
from sqlalchemy.sql.selectable import Select

from newsletter.model.records import SubscriptionState
from newsletter.store.ledger_tables import deliveries, mailings
from newsletter.store.tables import lists, subscribers, subscriptions, suppressions


def audience(list_name: str) -> Select[int, str, str]:
    """Select (subscriber id, address, address key) of everybody a mailing to the list goes to.

    Active subscriptions less suppressed addresses. Approving counts this, freezing stores it.
    """
    return (
        select(subscribers.c.id, subscribers.c.email, subscribers.c.email_key)
        .join(subscriptions, subscriptions.c.subscriber_id == subscribers.c.id)
        .join(lists, lists.c.id == subscriptions.c.list_id)
        .where(
            lists.c.name == list_name,
            subscriptions.c.state == SubscriptionState.ACTIVE,
            ~exists().where(suppressions.c.email_key == subscribers.c.email_key),
        )
    )


def count_audience(conn: Connection, list_name: str) -> int:
    """Count the readers a mailing to the list would go to now; 0 for a list nobody knows."""
    return conn.execute(
        select(func.count()).select_from(audience(list_name).subquery())
    ).scalar_one()


def withdrawn() -> ColumnElement[bool]:
    """Return whether a delivery's reader said no after the freeze: suppressed, or off the list.

    A subscription that is gone altogether (a list deleted since) changes nothing: the frozen
    audience stands (F55). For statements on the deliveries table.
    """
    suppressed = exists().where(suppressions.c.email_key == deliveries.c.address_key)
    off_the_list = exists().where(
        and_(
            mailings.c.id == deliveries.c.mailing_id,
            lists.c.name == mailings.c.list,
            subscriptions.c.list_id == lists.c.id,
            subscriptions.c.subscriber_id == deliveries.c.recipient_id,
            subscriptions.c.state != SubscriptionState.ACTIVE,
        )
    )
    return suppressed | off_the_list
