"""Who may look: one-time links printed in the terminal, and the sessions that they open."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from newsletter.clock import Clock

LINK_LIFE = timedelta(minutes=10)
SESSION_LIFE = timedelta(hours=12)


class Sessions:
    """Keeps hashes only, in memory: a restart ends every session."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._links: dict[bytes, datetime] = {}  # at most one; until when
        self._known: dict[bytes, float] = {}

    @staticmethod
    def cookie_name(port: int) -> str:
        """Name the cookie after the port: browsers send cookies to every port of a host."""
        return f"studio_{port}"

    def new_link_key(self) -> str:
        """Make the key of a one-time link; an earlier one stops working."""
        key = secrets.token_urlsafe(32)
        self._links = {sha256(key.encode()).digest(): self._clock.now() + LINK_LIFE}
        return key

    def spend(self, key: str) -> str | None:
        """Open a session with a link's key; None where it is used, too old or none of ours."""
        # taken out in one step: of two requests at once, in two threads, one gets it
        until = self._links.pop(sha256(key.encode()).digest(), None)
        if until is None or self._clock.now() >= until:
            return None
        value = secrets.token_urlsafe(32)
        ends = self._clock.monotonic() + SESSION_LIFE.total_seconds()
        self._known[sha256(value.encode()).digest()] = ends
        return value

    def is_known(self, value: str) -> bool:
        """Return whether a cookie's value opens the pages."""
        ends = self._known.get(sha256(value.encode()).digest())
        return ends is not None and self._clock.monotonic() < ends
