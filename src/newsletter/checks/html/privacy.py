"""O21: nothing in the mail tells others that it was opened, and where, beyond its own pictures."""

import re
from collections.abc import Iterator

from lxml import etree

from newsletter.checks.address import read_web_address
from newsletter.checks.html.outlook import outlook_page
from newsletter.checks.html.tags import tags
from newsletter.checks.page import inline_style, is_hidden
from newsletter.checks.place import issue_images, place_of, tell
from newsletter.checks.request import Composition
from newsletter.checks.wording import shorten
from newsletter.model.address import organisational_domain
from newsletter.model.finding import Finding, Severity

PRIVACY = "O21 privacy"

MOST_SHOWN = 6
SMALLEST = 4  # CSS px; a smaller picture shows nothing
_CSS_URL = re.compile(
    r"""(?:url\(\s*["']?\s*|@import\s+["'])((?:https?:)?//[^\s"'()]{1,2000})""", re.IGNORECASE
)
_FETCHED = frozenset({"background", "poster", "data", "src"})
_PIXELS = re.compile(r"\s*([0-9]{1,5})(?:\.[0-9]+)?(?:px)?\s*")


def privacy(made: Composition) -> Iterator[Finding]:
    """O21: no picture is there to be counted, and none comes from where no story's does."""
    known = issue_images(made)
    pictures = {(one.get("src") or "").strip(): one for one in reversed(made.page.images)}
    for url in reversed(pictures):
        image = pictures[url]
        place = place_of(made, url=url, element=image)
        if url and (why := _why_pixel(image)):
            message = f"a picture is there only to be fetched: {why}"
            remedy = "take it out; this program counts no openings"
            yield tell(PRIVACY, place, message, shorten(url), remedy)
        if url.lower().startswith("http:") and url not in known:
            message = "a picture is fetched without encryption (http:)"
            remedy = "write https: where the host has it; some programs show no other picture"
            yield tell(PRIVACY, place, message, shorten(url), remedy)
    newsletter = made.request.newsletter
    own = (newsletter.public_url, f"https://{newsletter.sender.address.domain}/")
    known_domains = set(map(_domain, (*own, *known)))
    others: dict[str, str] = {}
    for url in _remotes(made):
        if url not in known and _domain(url) not in known_domains:
            others.setdefault(_domain(url), url)
    if others:
        told = [f"{domain} ({shorten(url, 60)})" for domain, url in others.items()]
        yield tell(
            PRIVACY,
            place_of(made, url=next(iter(others.values()))),
            "opening the mail fetches from hosts that are neither yours nor a story's",
            "; ".join(told[:MOST_SHOWN]),
            "keep the template's pictures and fonts under public_url, or leave them out",
            Severity.INFO,
        )


def _why_pixel(image: etree._Element) -> str:
    """Return why a picture is there to be counted rather than seen; "" where it is not."""
    sizes = {name: image.get(name) or "" for name in ("width", "height")}
    style = inline_style(image)
    for name, stated in tuple(sizes.items()):
        # a share is of the cell around, which is as wide as the attribute says
        if name in style and not (style[name].endswith("%") and stated):
            sizes[name] = style[name]
    found = [_PIXELS.fullmatch(value) for value in sizes.values()]
    if any(size and int(size[1]) < SMALLEST for size in found):
        return f"it is {' by '.join(size[1] if size else 'auto' for size in found)} px"
    return "it is hidden" if is_hidden(image) else ""


def _remotes(made: Composition) -> Iterator[str]:
    """Return all that a program fetches when the mail is opened, Outlook's comments included."""
    html = made.composed.html
    hidden = (content for _, content in outlook_page(html).hidden)
    for source in dict.fromkeys((html, *hidden)):
        for tag in tags(source):
            for name, value in tag.attributes.items():
                if name in _FETCHED and value.strip().lower().startswith(("http:", "https:", "//")):
                    yield value.strip()
                elif name == "srcset":
                    yield from (url for one in value.split(",") for url in one.split()[:1])
            if tag.name == "link" and tag.attributes.get("href"):
                yield tag.attributes["href"]
        yield from (found[1] for found in _CSS_URL.finditer(source))


def _domain(url: str) -> str:
    address = read_web_address(f"https:{url}" if url.startswith("//") else url)
    host = address.host if address else ""
    return organisational_domain(host) or host
