"""The space under each row of the mail, by what it is and what comes next."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import cast

from newsletter.compose.plain import fill, underlined
from newsletter.compose.typography import LEFT_TO_RIGHT, RIGHT_TO_LEFT, isolated, other_way, spanned

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
        row["after"] = AFTER_TEXT if row["url"] else AFTER_ALL  # its link brings 12px
    elif follows in ("heading", "editor", "end") or kind == "callout":
        row["after"] = AFTER_ALL
    elif kind in ("cards", "wide"):
        row["after"] = AFTER_CARDS
    else:
        row["after"] = AFTER_TEXT


def contents_of(rows: Sequence[Row]) -> list[Row]:
    """Anchor every heading, story and brief, and list them by section; one place makes no list."""
    entries: list[Row] = []
    stories = briefs = place = 0
    for row in rows:
        if row["kind"] == "heading":
            row["anchor"] = f"section-{len(entries) + 1}"
            place += bool(entries) and not entries[-1]["items"]  # running text is a place too
            entries.append({**_entry(row, "heading", place + 1), "items": []})
        for item in _items(row):
            place += 1
            if row["kind"] == "briefs":
                briefs += 1
                item["anchor"] = f"brief-{briefs}"
            else:
                stories += 1
                item["anchor"] = f"story-{stories}"
            if not entries:
                entries.append({"heading": None, "name": "", "anchor": "", "place": 1, "items": []})
            cast("list[Row]", entries[-1]["items"]).append(_entry(item, "headline", place))
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


def _entry(row: Row, key: str, place: int) -> Row:
    return {key: row[key], "name": row["name"], "anchor": row["anchor"], "place": place}


def _lines(entry: Row) -> Iterator[str]:
    if entry["name"]:
        yield from fill(str(entry["name"]))
    for item in cast("list[Row]", entry["items"]):
        yield from fill(str(item["name"]), first="- ", rest="  ")


def why_html(words: Mapping[str, str], names: tuple[str, str], address: str, way: str) -> str:
    """Return why a reader gets this, as markup; names are of newsletter and publication."""
    title, publication = (spanned(escape(name), other_way(name, way)) for name in names)
    return _why(words, title, publication, spanned(address, _way_of_address(way)))


def why_text(words: Mapping[str, str], names: tuple[str, str], address: str, way: str) -> str:
    """Return it as plain text; as why_html."""
    title, publication = (isolated(name, other_way(name, way)) for name in names)
    return _why(words, title, publication, isolated(address, _way_of_address(way)))


def _why(words: Mapping[str, str], title: str, publication: str, address: str) -> str:
    pattern = words["why" if publication else "why_own"]
    return pattern.format(title=title, publication=publication, address=address)


def _way_of_address(way: str) -> str:
    """An address may begin with a number, which Arabic words before it would turn round."""
    return LEFT_TO_RIGHT if way == RIGHT_TO_LEFT else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A heading that both parts must show, with the addresses that belong to it, in order."""

    headline: str
    urls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedBlock:
    """A numbered block of the mail: the template marks it by number; what it must show."""

    number: int
    name: str
    line: int
    promises: tuple[Promise, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The context, and what must be in the result; contents_text proves no story."""

    context: Mapping[str, object]
    blocks: tuple[PlacedBlock, ...]
    contents_text: str
    unsubscribe_html: str
    unsubscribe_text: str
