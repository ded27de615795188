"""A mail server's reply."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply: its code, its text without codes, and the enhanced status code or ""."""

    code: int
    text: str
    enhanced: str = ""
