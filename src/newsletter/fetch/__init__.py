"""The one polite, guarded HTTP client: every byte from outside comes through here.

web_address reads an address, address_rules and guard say which IP addresses may be connected to,
connection speaks to one of them, body bounds what comes; pace and robots keep us polite; fetcher
puts them in order.
"""

from newsletter.fetch.answer import FetchError
from newsletter.fetch.fetcher import Fetcher, Probe, user_agent

__all__ = ["FetchError", "Fetcher", "Probe", "user_agent"]
