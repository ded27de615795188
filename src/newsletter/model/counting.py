"""Numbers in sentences."""

from datetime import timedelta


def counted(number: int, one: str, many: str = "") -> str:
    """Write a number with its noun: "1 reader", "1,200 readers"; many where an s does not do."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def lasting(span: timedelta) -> str:
    """Write a length of time in words, to the second: "1 minute", "1 hour 30 minutes"."""
    seconds = int(span.total_seconds())
    parts = (
        (seconds // 3600, "hour"),
        (seconds // 60 % 60, "minute"),
        (seconds % 60, "second"),
    )
    return " ".join(counted(number, unit) for number, unit in parts if number) or "0 seconds"
