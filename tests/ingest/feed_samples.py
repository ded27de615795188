"""Feeds written for the tests; feed_samples.toml has those that are in the wild."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

CONTENT = ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
DC = ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
MEDIA = ' xmlns:media="http://search.yahoo.com/mrss/"'
ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"'
LONG = " ".join(f"Word{number}" for number in range(160))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A feed, and what must come of it or, in refused, a part of why it is not read."""

    group: str
    raw: str
    encoding: str = "utf-8"
    content_type: str = "application/rss+xml"
    kind: str = "RSS"
    titles: list[str] = field(default_factory=lambda: ["One", "Two"])
    first_url: str = "https://paper.example/1"
    facts: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    refused: str = ""


def read_samples() -> dict[str, Sample]:
    text = Path(__file__).with_suffix(".toml").read_text("utf-8").replace("LONG", LONG)
    return {name: Sample(**values) for name, values in tomllib.loads(text).items()}


SAMPLES = read_samples()


def rss(inside: str, *, head: str = "", spaces: str = "") -> str:
    """Wrap items in RSS 2.0."""
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"{spaces}><channel>'
        f"<title>Paper</title><link>https://paper.example/</link>{head}{inside}</channel></rss>"
    )


def item(number: str, title: str, more: str = "") -> str:
    return f"<item><title>{title}</title><link>https://paper.example/{number}</link>{more}</item>\n"


def pair(more: str = "") -> str:
    return item("1", "One", more) + item("2", "Two")


def atom(inside: str, *, head: str = "") -> str:
    return f"{ATOM}><title>Paper</title><id>urn:paper</id>{head}{inside}</feed>"


def entry(number: str, title: str) -> str:
    return (
        f"<entry>{title}<id>urn:paper:{number}</id>"
        f'<link href="https://paper.example/{number}"/></entry>'
    )
