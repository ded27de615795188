"""What a site's robots.txt says to us (RFC 9309), kept for a day."""

import math
from dataclasses import dataclass

from protego import Protego

ROBOTS_PATH = "/robots.txt"
KEPT_S = 24 * 3600.0
FAILURE_KEPT_S = 300.0  # so that the entries of one feed do not each ask a failing server
MOST_BYTES = 512_000  # RFC 9309 section 2.5 wants at least 500 kibibytes
LONGEST_DELAY_S = 24 * 3600.0
MOST_PAIRS = 1_000_000
FEWER_LINES = 1_000


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of one origin; None where there are none, so everything is allowed."""

    rules: Protego | None
    agent: str

    def allows(self, url: str) -> bool:
        """Return whether the address may be asked."""
        return self.rules is None or self.rules.can_fetch(url, self.agent)

    @property
    def delay_s(self) -> float:
        """Crawl-delay in seconds, 0 where it is not stated."""
        delay_s = self.rules.crawl_delay(self.agent) if self.rules else None
        return min(delay_s, LONGEST_DELAY_S) if delay_s and math.isfinite(delay_s) else 0.0


def read_robots(raw: bytes, agent: str) -> Robots:
    """Read a robots.txt; what is no rule in it is passed over.

    A group costs its agents times its rules, so a file with very many of both is read by its first
    thousand lines.
    """
    text = raw[:MOST_BYTES].decode("utf-8-sig", "replace").replace("\0", "")
    lines = text.splitlines()
    agents = sum(line.lstrip()[:4].lower() == "user" for line in lines)
    if agents * (len(lines) - agents) > MOST_PAIRS or agents > FEWER_LINES:
        text = "\n".join(lines[:FEWER_LINES])
    return Robots(Protego.parse(text), agent)
