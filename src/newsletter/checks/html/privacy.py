"""O21: nothing in the mail tells others that it was opened, and where, beyond its own pictures."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from newsletter.checks.address import read_web_address
from newsletter.checks.html.outlook import outlook_page
from newsletter.checks.html.tags import tags
from newsletter.checks.page import is_hidden
from newsletter.checks.place import issue_images, place_of
from newsletter.checks.request import Composition
from newsletter.checks.wording import shorten
from newsletter.model.address import organisational_domain
from newsletter.model.finding import Finding, Severity

PRIVACY = "O21 privacy"

MOST_SHOWN = 6
SMALLEST = 4  # CSS px; a smaller picture shows nothing
_CSS_URL = re.compile(r"""url\(\s*["']?\s*((?:https?:)?//[^\s"'()]{1,2000})""", re.IGNORECASE)
_CSS_IMPORT = re.compile(r"""@import\s+["']((?:https?:)?//[^\s"']{1,2000})""", re.IGNORECASE)
_FETCHED = frozenset({"background", "poster", "data", "src"})
_PIXELS = re.compile(r"\s*([0-9]{1,5})(?:\.[0-9]+)?(?:px)?\s*")
# Paths by which the senders of mass mail name what only counts openings.
_BEACON = re.compile(
    r"/(?:open|opens|track/open|pixel|beacon|wf/open|o)(?:\.(?:gif|png|php|aspx?))?(?:[/?]|$)"
    r"|/(?:pixel|spacer|blank|1x1|clear|tracking)\.(?:gif|png)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Remote:
    url: str
    what: str


def privacy(made: Composition) -> Iterator[Finding]:
    """O21: no picture is there to be counted, and none comes from where no story's does."""
    yield from _pixels(made)
    own = _own_domains(made)
    known = {url for url, _ in issue_images(made)}
    yield from _unencrypted(made, known)
    known_domains = own | {_domain(url) for url in known}
    others: dict[str, _Remote] = {}
    for remote in _remotes(made):
        domain = _domain(remote.url)
        if remote.url not in known and domain not in known_domains:
            others.setdefault(domain, remote)
    if others:
        told = [
            f"{domain} ({remote.what} {shorten(remote.url, 60)})"
            for domain, remote in others.items()
        ]
        file, line = place_of(made, url=next(iter(others.values())).url)
        yield Finding(
            check=PRIVACY,
            severity=Severity.INFO,
            message="opening the mail fetches from hosts that are neither yours nor a story's",
            evidence="; ".join(told[:MOST_SHOWN]),
            file=file,
            line=line,
            remedy="keep the template's pictures and fonts under public_url, or leave them out",
        )


def _pixels(made: Composition) -> Iterator[Finding]:
    seen: set[str] = set()
    for image in made.page.images:
        url = (image.get("src") or "").strip()
        why = _why_pixel(
            image.get("width") or "", image.get("height") or "", image.get("style") or ""
        )
        if not why and is_hidden(image):
            why = "it is hidden"
        if not why and not (image.get("alt") or "") and _BEACON.search(url):
            why = "its address is one that counts openings"
        if why and url and url not in seen:
            seen.add(url)
            file, line = place_of(made, url=url, element=image)
            yield Finding(
                check=PRIVACY,
                severity=Severity.WARNING,
                message=f"a picture is there only to be fetched: {why}",
                evidence=shorten(url),
                file=file,
                line=line,
                remedy="take it out; this program counts no openings",
            )


def _unencrypted(made: Composition, known: set[str]) -> Iterator[Finding]:
    """Tell of a template's pictures that anybody on the way can watch being fetched."""
    first = {(image.get("src") or "").strip(): image for image in reversed(made.page.images)}
    for url in reversed(first):
        if url.lower().startswith("http:") and url not in known:
            file, line = place_of(made, url=url, element=first[url])
            yield Finding(
                check=PRIVACY,
                severity=Severity.WARNING,
                message="a picture is fetched without encryption (http:)",
                evidence=shorten(url),
                file=file,
                line=line,
                remedy="write https: where the host has it; some programs show no other picture",
            )


def _why_pixel(width: str, height: str, style: str) -> str:
    """Return why a picture can hardly be seen; "" where it can."""
    sizes = {"width": width, "height": height}
    for declaration in style.split(";"):
        name, _, value = declaration.partition(":")
        key, size = name.strip().lower(), value.replace("!important", "")
        # a share is of the cell around, which is as wide as the attribute says
        if key in sizes and not (size.strip().endswith("%") and sizes[key]):
            sizes[key] = size
    found = {name: _PIXELS.fullmatch(value) for name, value in sizes.items()}
    small = [name for name, size in found.items() if size and int(size[1]) < SMALLEST]
    if not small:
        return ""
    told = " by ".join(size[1] if size else "auto" for size in found.values())
    return f"it is {told} px"


def _remotes(made: Composition) -> Iterator[_Remote]:
    """Return all that a program fetches when the mail is opened, Outlook's comments included."""
    html = made.composed.html
    hidden = (content for _, content in outlook_page(html).hidden)
    for source in dict.fromkeys((html, *hidden)):
        for tag in tags(source):
            for name, value in tag.attributes.items():
                if name in _FETCHED and value.strip().lower().startswith(("http:", "https:", "//")):
                    yield _Remote(url=value.strip(), what=f"{tag.name} {name}")
                elif name == "srcset":
                    for candidate in value.split(","):
                        url = candidate.split()[:1]
                        if url:
                            yield _Remote(url=url[0], what=f"{tag.name} srcset")
            if tag.name == "link" and tag.attributes.get("href"):
                yield _Remote(url=tag.attributes["href"], what="link")
        for finder in (_CSS_URL, _CSS_IMPORT):
            yield from (_Remote(url=one[1], what="style") for one in finder.finditer(source))


def _own_domains(made: Composition) -> set[str]:
    newsletter = made.request.newsletter
    return {_domain(newsletter.public_url), _domain(f"https://{newsletter.sender.address.domain}/")}


def _domain(url: str) -> str:
    address = read_web_address(f"https:{url}" if url.startswith("//") else url)
    host = address.host if address else ""
    return organisational_domain(host) or host
