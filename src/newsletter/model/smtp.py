"""A mail server's reply; what its first digit says is told in RFC 5321 section 4.2.1."""

from dataclasses import dataclass

DONE, LATER, NO = 2, 4, 5  # first digits


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply: its code, its text without codes, and the enhanced status code or ""."""

    code: int
    text: str
    enhanced: str = ""

    @property
    def is_done(self) -> bool:
        """Whether it is a 2yz: the command was carried out."""
        return self.code // 100 == DONE

    @property
    def is_later(self) -> bool:
        """Whether it is a 4yz: not now, perhaps later."""
        return self.code // 100 == LATER

    @property
    def is_no(self) -> bool:
        """Whether it is a 5yz: no, and asking again will not change it."""
        return self.code // 100 == NO
