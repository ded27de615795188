"""Issues with hostile words in every place, typed by somebody or read from a feed; and the parts of
a page by a parser that is not ours: html5lib reads as browsers do.
"""

import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from html import escape
from itertools import zip_longest
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import html5lib
from composing import newsletter_settings
from ingest.feed_samples import CONTENT, DC, MEDIA, item, rss

from newsletter.errors import IssueError
from newsletter.ingest.children import PageReader
from newsletter.ingest.drafting.choice import Candidate
from newsletter.ingest.drafting.draft import draft_issue
from newsletter.ingest.entry import article_from_entry
from newsletter.issues.save import parse_issue
from newsletter.issues.write_issue import write_issue
from newsletter.model.issue import Briefs, Issue, Story, StoryImage

TEXTS: dict[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
HARMLESS = "harmless words"
FIELDS = ("heading", "headline", "kicker", "alt", "byline", "summary", "brief")
ADDRESSES = {
    *("href", "src", "srcset", "background", "cite", "data", "longdesc"),
    *("action", "formaction", "poster", "ping"),
}


def filled(text: str, **words: str) -> str:
    """Put words into a text of hostile_issues.toml."""
    for name, each in words.items():
        text = text.replace(f"@{name}@", each)
    return text


def story_lines(number: int, words: Mapping[str, str]) -> str:
    """One story and one brief, each in a section; words is what stands in a field."""
    told = {name: words.get(name, HARMLESS) for name in FIELDS}
    return filled(TEXTS["story"], N=str(number), **told)


def issue_of(sections: str) -> Issue:
    """Read an issue with these sections; IssueError where it is refused."""
    head = "newsletter: daily\ndate: 2022-03-15\nsubject: A subject\npreheader: A subject"
    source = f"---\n{head}\n---\nGood morning.\n\n{sections}"
    return parse_issue(source, name="2022-03-15-daily", file="issues/2022-03-15-daily.md").issue


def is_whole(made: Issue) -> bool:
    """Whether a story still has all its parts: "**" in a kicker, say, makes it a paragraph."""
    match [section.blocks for section in made.sections]:
        case [(Story(image=StoryImage()) as story,), (Briefs(),)]:
            return bool(story.kicker and story.byline)
        case _:
            return False


def typed(payloads: Sequence[str]) -> tuple[Issue, Issue, int]:
    """An issue with each payload where it is taken; its twin; how many places did not."""
    accepted: list[dict[str, str]] = []
    for payload in payloads:
        taken: dict[str, str] = {}
        for name in FIELDS:
            with suppress(IssueError):
                if is_whole(issue_of(story_lines(1, {name: payload}))):
                    taken[name] = payload
        accepted.append(taken)
    hostile = "".join(story_lines(number, taken) for number, taken in enumerate(accepted, start=1))
    harmless = "".join(story_lines(number, {}) for number in range(1, len(accepted) + 1))
    refused = len(FIELDS) * len(payloads) - sum(map(len, accepted))
    return issue_of(hostile), issue_of(harmless), refused


def issue_of_feed(
    payloads: Sequence[str],
    reader: PageReader,
    *,
    links: Sequence[str] = (),
    addresses: Sequence[str] = (),
) -> Issue:
    """One story a payload: in title, author, description, text, and the picture's words.

    links are the items' links in their order. addresses stand in the description's and the text's
    links and pictures, and as the picture of the item.
    """
    now = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
    rows = zip_longest(payloads, links, addresses, fillvalue="")
    items = "".join(_item(str(number), *row) for number, row in enumerate(rows))
    feed = reader.read_feed(
        rss(items, spaces=CONTENT + DC + MEDIA).encode(),
        url="https://paper.example/feed",
        content_type="",
        now=now,
    )
    assert len(feed.entries) == len(payloads)
    articles = [
        article_from_entry(each, feed=feed, source="paper", callouts=(), noise=[], reader=reader)
        for each in feed.entries
    ]
    candidates = [
        Candidate(id=number, article=replace(article, source=""), seen=now)
        for number, article in enumerate(articles)
    ]
    settings = newsletter_settings(most_stories=len(payloads))
    draft = draft_issue(settings, date(2026, 11, 27), candidates, [], now=now)
    file = f"issues/{draft.issue.name}.md"
    return parse_issue(write_issue(draft.issue), name=draft.issue.name, file=file).issue


def _item(number: str, words: str, link: str, address: str) -> str:
    told = {
        "N": number,
        "LINKED": f'<a href="{address}">words</a> <img src="{address}">' if address else "",
        "PICTURE": escape(address or f"https://img.paper.example/{number}.png"),
        "WORDS": words.replace("]]>", "]]]]><![CDATA[>"),
    }
    made = item(number, filled(TEXTS["item_title"], **told), filled(TEXTS["item"], **told))
    return made.replace(f"https://paper.example/{number}<", f"{escape(link)}<") if link else made


@dataclass(slots=True)
class Parts:
    """Elements, (element, attribute) pairs, style values, addresses, and comments, counted."""

    elements: Counter[str] = field(default_factory=Counter)
    attributes: Counter[tuple[str, str]] = field(default_factory=Counter)
    styles: Counter[str] = field(default_factory=Counter)
    addresses: Counter[tuple[str, str]] = field(default_factory=Counter)
    comments: int = 0
    text: str = ""


def parts_of(html: str) -> Parts:
    """Take a page apart."""
    parts = Parts()
    for node in html5lib.parse(html, namespaceHTMLElements=False).iter():
        is_element = isinstance(node.tag, str)  # a comment's tag is a function
        parts.text += f"{(node.text or '') if is_element else ''}{node.tail or ''}"
        parts.comments += not is_element
        if is_element:
            parts.elements[node.tag] += 1
        for name, value in node.attrib.items() if is_element else ():
            parts.attributes[node.tag, str(name)] += 1
            if name == "style":
                parts.styles[str(value)] += 1
            elif name in ADDRESSES:
                parts.addresses[str(name), str(value)] += 1
    return parts


def active_beyond(hostile: Parts, *harmless: Parts) -> list[str]:
    """What a hostile page can do that its harmless twins cannot.

    It may hold what they hold, in other numbers (a text may have more emphasis, or one picture
    less); not one picture, frame or comment more, no other style, no address but of the web.
    """
    known = Parts()
    for each in harmless:
        known.elements |= each.elements
        known.attributes |= each.attributes
        known.styles |= each.styles
        known.addresses |= each.addresses
        known.comments = max(known.comments, each.comments)
    found = [f"<{name}>" for name in hostile.elements if name not in known.elements]
    found += ["<img>"] if hostile.elements["img"] > known.elements["img"] else []
    found += [" ".join(each) for each in hostile.attributes if each not in known.attributes]
    found += [f"style {value}" for value in hostile.styles if value not in known.styles]
    found += [
        f"{name} {value}"
        for name, value in hostile.addresses
        if (name, value) not in known.addresses and not is_web_address(value, mail=name == "href")
    ]
    return found + ["a comment"] * (hostile.comments > known.comments)


def is_web_address(address: str, *, mail: bool = False) -> bool:
    """Return whether an address leads to the web (or to a mail program), read to the letter."""
    if any(ord(char) < 33 or ord(char) > 126 for char in address):
        return False
    parts = urlsplit(address)
    if parts.scheme == "mailto":
        return mail
    return parts.scheme in {"http", "https"} and bool(parts.hostname)
