"""Names that become file names and parts of addresses."""

import re

_SLUG = re.compile(r"[a-z0-9-]{1,80}")


def is_slug(text: str) -> bool:
    """Return whether a name is 1 to 80 of a-z, 0-9 and hyphen: safe in any path and address."""
    return _SLUG.fullmatch(text) is not None
