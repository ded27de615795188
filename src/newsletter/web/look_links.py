"""The links by which a page changes how it shows a mail: width, colours, pictures, styles."""

from dataclasses import dataclass, replace

from starlette.datastructures import QueryParams

from newsletter.model.composed import DESKTOP, PHONE, WIDTHS, Dark, Look

TEXT = "text"
WIDTH_WORDS = {320: "Phone 320", PHONE: "Phone 375", DESKTOP: "Desktop 640", 1024: "Wide 1024"}
_ALIASES = {"desktop": str(DESKTOP), "mobile": str(PHONE)}
_DARKS = {each.value: each for each in Dark}
_DARK_WORDS = {
    Dark.OFF: "Light",
    Dark.AUTHORED: "Dark, as designed",
    Dark.FORCED: "Dark, forced",
    Dark.PARTIAL: "Dark, forced in part",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One link of a switch."""

    words: str
    href: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """Links of which one is chosen; label is what assistive tools call them."""

    label: str
    choices: tuple[Choice, ...]


def view_of(query: QueryParams) -> str:
    """Read as= of a request: a width in px or "text"; "" for what is none."""
    asked = query.get("as", "desktop")
    view = _ALIASES.get(asked, asked)
    return view if view == TEXT or view in map(str, WIDTHS) else ""


def look_of(query: QueryParams) -> Look:
    """Read dark=, images= and styles= of a request; another word means the usual."""
    return Look(
        dark=_DARKS.get(query.get("dark", ""), Dark.OFF),
        images=query.get("images") != "off",
        styles=query.get("styles") != "off",
    )


def look_query(look: Look) -> str:
    """Write a look as the rest of a query, "" for the usual one."""
    dark = "" if look.dark is Dark.OFF else f"&dark={look.dark.value}"
    images = "" if look.images else "&images=off"
    styles = "" if look.styles else "&styles=off"
    return dark + images + styles


def width_switch(path: str, view: str, look: Look) -> Switch:
    """Return the links to the widths and the text part; the look is kept."""
    words = {str(width): WIDTH_WORDS[width] for width in WIDTHS} | {TEXT: "Text"}
    return Switch(
        label="View",
        choices=tuple(
            Choice(
                words=words[each],
                href=f"{path}?as={each}{look_query(look)}",
                is_chosen=each == view,
            )
            for each in words
        ),
    )


def look_switches(path: str, view: str, look: Look) -> tuple[Switch, ...]:
    """Return the links to other looks of one view: images, colours, style blocks."""

    def choice(words: str, other: Look) -> Choice:
        href = f"{path}?as={view}{look_query(other)}"
        return Choice(words=words, href=href, is_chosen=other == look)

    return (
        Switch(
            label="Images",
            choices=(
                choice("Images on", replace(look, images=True)),
                choice("Images off", replace(look, images=False)),
            ),
        ),
        Switch(
            label="Colours",
            choices=tuple(choice(_DARK_WORDS[dark], replace(look, dark=dark)) for dark in Dark),
        ),
        Switch(
            label="Style blocks",
            choices=(
                choice("Styles on", replace(look, styles=True)),
                choice("Styles off", replace(look, styles=False)),
            ),
        ),
    )
