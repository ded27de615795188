"""What a page's head says of its article: meta tags, links and JSON-LD; runs in the page child."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from ipaddress import ip_address
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from newsletter.ingest.decoding import clean_line, normal
from newsletter.ingest.identity import is_same_site, web_address

MOST_JSON_CHARS = 500_000
MOST_FIELD_CHARS = 1_000
FIRST_YEAR = 1990

_ARTICLE_TYPES = re.compile(r"(?:\w{0,40}Article|BlogPosting|LiveBlogPosting|Report)")
LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")
_NO_AUTHOR = re.compile(
    r"mon(?:day)?|tue(?:sday)?|wed(?:nesday)?|thu(?:rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?"
    r"|january|february|march|april|may|june|july|august|september|october|november|december"
    r"|admin|editor|staff|by|updated|published",
    re.IGNORECASE,
)
# What a person is, not who: dropped where it stands beside a name.
_JOB = re.compile(
    r".{0,40}\b(?:reporter|correspondent|editor|columnist|journalist|writer|staff|newsroom|desk)",
    re.IGNORECASE,
)
_FILE_NAME = re.compile(r"\S{1,200}\.(?:jpe?g|png|gif|webp|avif)", re.IGNORECASE)
_HOST_AND_QUERY = re.compile(r"^(?:https?:)?//[^/?#]*|[?#].*$")
_NO_PICTURE = re.compile(
    r"logo|placeholder|default[-_.]|blank\.|spacer|favicon|icon", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageHead:
    """Everything the head states, as text; ld is the JSON-LD object of the article."""

    meta: Mapping[str, str]
    ld: Mapping[str, object]
    canonical: str
    page_title: str
    language: str


def read_head(tree: HtmlElement) -> PageHead:
    """Read the head; of a tag given twice the first counts."""
    meta: dict[str, str] = {}
    for tag in tree.iter("meta"):
        name = tag.get("property") or tag.get("name") or tag.get("itemprop") or ""
        value = clean_line(tag.get("content") or "")[:MOST_FIELD_CHARS]
        if name and value:
            meta.setdefault(name.casefold(), value)
    canonical = next(
        (
            link.get("href") or ""
            for link in tree.iter("link")
            if (link.get("rel") or "").strip().casefold() == "canonical"
        ),
        "",
    )
    title = next((clean_line(tag.text_content()) for tag in tree.iter("title")), "")
    language = tree.get("lang") or meta.get("og:locale", "")
    return PageHead(
        meta=meta,
        ld=next(_articles_in(tree), {}),
        canonical=web_address(canonical) or web_address(meta.get("og:url", "")),
        page_title=title[:MOST_FIELD_CHARS],
        language=language.replace("_", "-") if LANGUAGE_TAG.fullmatch(language) else "",
    )


def stated(value: object) -> str:
    """Return a JSON-LD value as one line of text, "" where it is none."""
    match value:
        case str():
            return clean_line(value)[:MOST_FIELD_CHARS]
        case list():
            return next(filter(None, map(stated, value[:20])), "")
        case {"@value": inner} | {"url": inner} | {"name": inner}:
            return stated(inner)
        case _:
            return ""


def stated_authors(value: object) -> tuple[str, ...]:
    """Return the names of a JSON-LD author: a text, an object with a name, or a list of these."""
    listed = value[:20] if isinstance(value, list) else [value]
    named = (each.get("name") if isinstance(each, dict) else each for each in listed)
    return tuple(filter(None, map(stated, named)))


def author_line(names: Sequence[str], *, site: str) -> str:
    """Give "A, B and C" from raw names: split, without weekdays, months, addresses and the site."""
    people: list[str] = []
    for raw in names:
        for part in re.split(r";|,|\||\s+(?:and|And|AND|&)\s+", raw[:MOST_FIELD_CHARS]):
            name = re.sub(r"^(?:by|By|BY)[:\s]+", "", clean_line(part)).strip(" .-\u2013\u2014")
            if (
                name
                and not _NO_AUTHOR.fullmatch(name)
                and normal(name) != normal(site)
                and not re.search(r"\d|@|://", name)
                and not (people and _JOB.fullmatch(name))
                and name.casefold() not in {person.casefold() for person in people}
            ):
                people.append(name)
    return " and ".join(filter(None, [", ".join(people[:-1]), *people[-1:]]))


def published_line(candidates: Sequence[str], *, today: date | None) -> str:
    """Return the first date that can be one: from 1990 on, at most a day ahead; its zone stays."""
    for candidate in candidates:
        text = candidate.strip().replace("Z", "+00:00")
        try:
            day = datetime.fromisoformat(text).date()
        except ValueError:
            continue
        if day.year >= FIRST_YEAR and (today is None or day <= today + timedelta(days=1)):
            return candidate.strip()
    return ""


def headline_without_site(title: str, site: str) -> str:
    """Strip " | Site" and the like from the end of a title."""
    for separator in (" | ", " - ", " \u2013 ", " \u2014 ", " \u00b7 ", " :: "):
        head, found, tail = title.rpartition(separator)
        if found and head and site and normal(tail) == normal(site):
            return head.strip()
    head, found, tail = title.rpartition(" | ")
    return head.strip() if found and len(head.split()) > len(tail.split()) else title


def picture_address(url: str, *, base: str = "") -> str:
    """Return a picture by https that is no logo, else ""; by http beside a page on loopback."""
    address = web_address(_absolute(url.strip(), base=base))
    is_fit = address.startswith("https://") or _is_beside_on_loopback(address, base)
    return address if is_fit and not _NO_PICTURE.search(address) else ""


def _is_beside_on_loopback(address: str, base: str) -> bool:
    page = urlsplit(web_address(base))
    host = page.hostname or ""
    if not host or urlsplit(address).netloc != page.netloc:
        return False
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def picture_words(tree: HtmlElement, picture: str, head: PageHead) -> str:
    """Return the page's own alternative text for a picture, "" where it states none that is one."""
    if not picture:
        return ""
    words = head.meta.get("og:image:alt", "")
    if words and picture == picture_address(head.meta.get("og:image", ""), base=picture):
        return words
    path = _HOST_AND_QUERY.sub("", picture)
    for image in tree.iter("img", "amp-img"):
        words = clean_line(image.get("alt") or "")[:MOST_FIELD_CHARS]
        is_it = _HOST_AND_QUERY.sub("", (image.get("src") or "").strip()) == path
        if words and is_it and not _FILE_NAME.fullmatch(words):
            return words
    return ""


def accepted_canonical(canonical: str, url: str) -> str:
    """Return the stated canonical where the page's own address, if known, is of the same site."""
    return canonical if canonical and (not url or is_same_site(canonical, url)) else ""


def _absolute(url: str, *, base: str) -> str:
    try:
        return urljoin(base or "https:", url) if url else ""
    except ValueError:
        return ""


def _articles_in(tree: HtmlElement) -> Iterator[Mapping[str, object]]:
    for script in tree.iter("script"):
        kind = (script.get("type") or "").partition(";")[0].strip().casefold()
        text = script.text or ""
        if kind != "application/ld+json" or not text or len(text) > MOST_JSON_CHARS:
            continue
        try:
            data = json.loads(text.strip().removeprefix("<!--").removesuffix("-->"), strict=False)
        except (ValueError, RecursionError):
            continue  # one broken block must not hide the page
        yield from _articles_of(data, _named_in(data))


def _named_in(data: object) -> dict[str, Mapping[str, object]]:
    """Return the objects of a graph by their @id: an article names its author and picture so."""
    nodes = data if isinstance(data, list) else [data]
    graphs = [node.get("@graph") for node in nodes if isinstance(node, dict)]
    inner = [node for graph in graphs if isinstance(graph, list) for node in graph]
    named: dict[str, Mapping[str, object]] = {}
    for node in (*nodes, *inner):
        if isinstance(node, dict) and isinstance(name := node.get("@id"), str) and len(node) > 1:
            named.setdefault(name, node)
    return named


def _articles_of(
    data: object, named: Mapping[str, Mapping[str, object]]
) -> Iterator[Mapping[str, object]]:
    match data:
        case list():
            for inner in data[:100]:
                yield from _articles_of(inner, named)
        case {"@graph": graph} if isinstance(graph, list):
            yield from _articles_of([inner for inner in graph if inner is not data], named)
        case dict():
            kinds = data.get("@type")
            names = kinds if isinstance(kinds, list) else [kinds]
            if any(isinstance(name, str) and _ARTICLE_TYPES.fullmatch(name) for name in names):
                yield {key: _resolved(value, named) for key, value in data.items()}
        case _:
            return


def _resolved(value: object, named: Mapping[str, Mapping[str, object]]) -> object:
    """Put the object in the place of its @id, where that is all that stands there, one level."""
    match value:
        case list():
            return [_resolved(inner, named) for inner in value[:20]]
        case {"@id": str() as name, **rest} if "name" not in rest and "url" not in rest:
            return named.get(name, value)
        case _:
            return value
