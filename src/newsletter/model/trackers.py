"""Names in an address's query that only count readers."""

TRACKERS = frozenset(
    {"at_campaign", "at_medium", "cmp", "fbclid", "gclid", "ito", "mc_cid", "mc_eid", "ocid"}
    | {"ref", "smid", "xtor", "fb_ref", "igsh", "igshid", "msclkid", "yclid", "twclid", "ttclid"}
    | {"gbraid", "wbraid", "dclid", "srsltid", "mibextid", "mkt_tok", "_hsenc", "_hsmi"}
)
TRACKER_FAMILIES = ("utm_", "at_", "itm_")


def is_tracker(name: str) -> bool:
    """Return whether a query's name only counts readers."""
    folded = name.casefold()
    return folded in TRACKERS or folded.startswith(TRACKER_FAMILIES)
