"""What ran: the stories of issues as they were sent."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, delete, exists, insert, or_, select

from newsletter.model.mailing import DeliveryState, MailingState
from newsletter.model.memory import StoryRun
from newsletter.store.content_tables import story_runs
from newsletter.store.ledger_tables import deliveries, mailings

_REACHED = (DeliveryState.SENT, DeliveryState.UNKNOWN)


def record_runs(conn: Connection, issue: str, runs: Iterable[StoryRun], *, at: datetime) -> None:
    """Write the stories of an issue that is sent now; what was written of it before goes."""
    conn.execute(delete(story_runs).where(story_runs.c.issue == issue))
    by_key = {run.key: run for run in runs}
    if by_key:
        conn.execute(
            insert(story_runs),
            [
                {
                    "issue": issue,
                    "key": run.key,
                    "article_id": run.article_id,
                    "newsletter": run.newsletter,
                    "list": run.list,
                    "headline": run.headline,
                    "at": at,
                }
                for run in by_key.values()
            ],
        )


def list_runs(
    conn: Connection, *, list_name: str | None = None, since: datetime | None = None
) -> tuple[StoryRun, ...]:
    """Return what ran, to a list or to all, the earliest first.

    A mailing that was stopped before it reached anybody did not run.
    """
    reached = exists().where(
        deliveries.c.mailing_id == mailings.c.id, deliveries.c.state.in_(_REACHED)
    )
    wanted = (
        select(
            story_runs.c.issue,
            story_runs.c.key,
            story_runs.c.newsletter,
            story_runs.c.list,
            story_runs.c.headline,
            story_runs.c.article_id,
            story_runs.c.at,
        )
        .join(mailings, mailings.c.issue == story_runs.c.issue)
        .where(or_(mailings.c.state != MailingState.CANCELLED, reached))
        .order_by(story_runs.c.at, story_runs.c.issue, story_runs.c.key)
    )
    if list_name is not None:
        wanted = wanted.where(story_runs.c.list == list_name)
    if since is not None:
        wanted = wanted.where(story_runs.c.at >= since)
    return tuple(StoryRun(**row) for row in conn.execute(wanted).mappings())
