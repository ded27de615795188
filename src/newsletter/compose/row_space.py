"""The space under each row of the mail, by what it is and what comes next."""

Row = dict[str, object]
"""One row of the page as templates see it; "kind" names its part."""

# Space under a row in px; the steps of the design are 6, 8, 10, 14, 18, 24, 32, 36.
AFTER_HEADING, AFTER_TEXT, AFTER_CARDS, AFTER_ALL = 14, 24, 32, 36


def space_below(row: Row, following: Row | None) -> None:
    """Return how much space stands under a row, by what it is and what comes next."""
    kind, follows = row["kind"], following["kind"] if following else "end"
    if kind == "heading":
        row["after"] = 0 if follows == "briefs" else AFTER_HEADING  # a brief's link brings its own
    elif kind == "lead":
        # The text link under the lead brings 12px of its own.
        row["after"] = AFTER_TEXT if row["url"] else AFTER_ALL
    elif follows in ("heading", "editor", "end") or kind == "callout":
        row["after"] = AFTER_ALL
    elif kind in ("cards", "wide"):
        row["after"] = AFTER_CARDS
    else:
        row["after"] = AFTER_TEXT
