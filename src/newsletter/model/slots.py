"""The closed list of slots: places that are filled for each reader."""

from collections.abc import Mapping
from types import MappingProxyType

KNOWN_SLOTS: Mapping[str, str] = MappingProxyType(
    {
        "name": "the reader's name as it stands in the list; the fallback where there is none",
        "email": "the reader's address",
        "unsubscribe_url": "the reader's own page for leaving the list",
        "preferences_url": "the reader's own page for what they receive",
        "view_online_url": "the issue's public page",
    }
)
"""What `[[…]]` may name in an issue, each with its line for the docs and error texts."""
