"""Numbers in sentences."""


def counted(number: int, one: str, many: str = "") -> str:
    """Write a number with its noun: "1 reader", "1,200 readers"; many where an s does not do."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
