"""What the words of an appeal may not hold: amounts of money, other places' addresses; pure."""

import re
import unicodedata

_NUMBER = r"[0-9][0-9.,]*"
_MONEY = re.compile(
    rf"[£€$]\s?{_NUMBER}|{_NUMBER}\s?(?:[£€]|(?:(?:thousand|million|billion|k|m|bn)\s)?"
    rf"(?:pounds|euros|dollars|gbp|eur|usd)\b)|\b(?:gbp|eur|usd)\s?{_NUMBER}",
    re.IGNORECASE,
)
_SHOWN = re.compile(r"(?:https?://)?((?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24})\b")
_CHARITY = re.compile(
    r"(?:registered charity|charity (?:registration )?(?:number|no\b\.?))[^0-9]{0,20}([0-9]{5,8})",
    re.IGNORECASE,
)


def amount_in(text: str) -> str:
    """Return the first amount of money that a text names, "" where it names none."""
    found = _MONEY.search(unicodedata.normalize("NFKC", text))
    return found[0].strip().rstrip(".,") if found else ""


def hosts_in(text: str) -> tuple[str, ...]:
    """List the host names that a text shows, with or without https:// before them."""
    return tuple(_SHOWN.findall(unicodedata.normalize("NFKC", text).lower()))


def charity_numbers_in(text: str) -> tuple[str, ...]:
    """List the numbers that a text gives out as a charity's."""
    return tuple(_CHARITY.findall(unicodedata.normalize("NFKC", text)))
