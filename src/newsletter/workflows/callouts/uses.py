"""Write down where callouts were used."""

from collections.abc import Mapping

from newsletter.model.callout import CalloutPlaced
from newsletter.store import Connection, callouts
from newsletter.workflows.desk import Desk

DRAFT = "draft"
TEST = "test"
SEND = "send"


def record_uses(
    connection: Connection,
    desk: Desk,
    *,
    newsletter: str,
    issue: str,
    occasion: str,
    appearances: Mapping[str, str],
) -> None:
    """Write down each callout of an issue with how it appears on an occasion."""
    callouts.add_uses(
        connection,
        (
            CalloutPlaced(
                callout=name,
                newsletter=newsletter,
                issue=issue,
                occasion=occasion,
                appearance=str(appearance),
                at=desk.clock.now(),
            )
            for name, appearance in appearances.items()
        ),
    )
