"""How a part of a running program is doing, in words for whoever keeps it running."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PartHealth:
    """One part: whether it is well, and how it is doing in plain words without any secret."""

    name: str
    is_well: bool
    words: str
