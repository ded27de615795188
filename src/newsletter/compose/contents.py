"""The list of contents: where each heading, story and brief of the page can be jumped to.

Anchors are numbered in the order of the page, so they are unique, the same at each composing, and
never made of anyone's words. Mail programs find them as an empty ``<a name>`` alone (caniemail,
html-anchor-links, note 7); some find none, so the list must be worth reading without them.
"""

from collections.abc import Iterator, Sequence
from typing import cast

from newsletter.compose.plain import fill, underlined
from newsletter.compose.row_space import Row


def contents_of(rows: Sequence[Row]) -> list[Row]:
    """Return every heading, story and brief its "anchor", and list them by section.

    An entry has "heading" (markup, None before the first heading), "name" (the same as plain text),
    "anchor" and "items": stories and briefs, each with "headline", "name", "anchor". An entry
    without any (of running text) has no items. One place to jump to makes no list.
    """
    entries: list[Row] = []
    stories = briefs = 0
    for row in rows:
        if row["kind"] == "heading":
            row["anchor"] = f"section-{len(entries) + 1}"
            entries.append({**_entry(row, "heading"), "items": []})
        for item in _items(row):
            if row["kind"] == "briefs":
                briefs += 1
                item["anchor"] = f"brief-{briefs}"
            else:
                stories += 1
                item["anchor"] = f"story-{stories}"
            if not entries:
                entries.append({"heading": None, "name": "", "anchor": "", "items": []})
            cast("list[Row]", entries[-1]["items"]).append(_entry(item, "headline"))
    places = sum(len(cast("list[Row]", entry["items"])) or 1 for entry in entries)
    return entries if places > 1 else []


def contents_text(entries: Sequence[Row], heading: str) -> str:
    """Set the list for the text part under its heading; "" where there is nothing to list."""
    groups = ["\n".join(_lines(entry)) for entry in entries]
    return "\n\n".join([underlined(heading, "-"), *groups]) if groups else ""


def _items(row: Row) -> Sequence[Row]:
    if row["kind"] == "lead":
        return (row,)
    if row["kind"] == "briefs":
        return cast("list[Row]", row["items"])
    return cast("list[Row]", row["cards"]) if row["kind"] in ("cards", "wide") else ()


def _entry(row: Row, key: str) -> Row:
    return {key: row[key], "name": row["name"], "anchor": row["anchor"]}


def _lines(entry: Row) -> Iterator[str]:
    if entry["name"]:
        yield from fill(str(entry["name"]))
    for item in cast("list[Row]", entry["items"]):
        yield from fill(str(item["name"]), first="- ", rest="  ")
