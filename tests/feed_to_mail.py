"""A feed whose every field holds words of a stranger's, made into an issue as `draft` makes it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from html import escape

from composing import newsletter_settings
from ingest.feed_samples import CONTENT, DC, MEDIA, item, rss

from newsletter.ingest.children import PageReader
from newsletter.ingest.drafting.choice import Candidate
from newsletter.ingest.drafting.draft import draft_issue
from newsletter.ingest.entry import article_from_entry
from newsletter.issues.save import parse_issue
from newsletter.issues.write_issue import write_issue
from newsletter.model.issue import Issue

NOW = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
URL = "https://paper.example/feed"
ARTICLE = (
    "The council voted by 31 to 12 on Monday to close the harbour bridge for nine months from"
    " May. Engineers had found that the bearings of the swing span are worn through, and said"
    " that the bridge could not be kept open for lorries beyond the summer. Traders in the old"
    " town fear for their living; the council promises a free bus and a fund of two hundred"
    " thousand pounds. A public exhibition of the plans opens in the library on Saturday."
)


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
    made = "".join(
        entry(number, words, link=at(links, number), address=at(addresses, number))
        for number, words in enumerate(payloads)
    )
    feed = reader.read_feed(
        rss(made, spaces=CONTENT + DC + MEDIA).encode(),
        url=URL,
        content_type="",
        now=NOW,
    )
    assert len(feed.entries) == len(payloads)
    articles = [
        article_from_entry(each, feed=feed, source="paper", callouts=(), noise=[], reader=reader)
        for each in feed.entries
    ]
    candidates = [
        Candidate(id=number, article=replace(article, source=""), seen=NOW)
        for number, article in enumerate(articles)
    ]
    settings = newsletter_settings(most_stories=len(payloads))
    draft = draft_issue(settings, date(2026, 11, 27), candidates, [], now=NOW)
    file = f"issues/{draft.issue.name}.md"
    return parse_issue(write_issue(draft.issue), name=draft.issue.name, file=file).issue


def at(texts: Sequence[str], number: int) -> str:
    """One of them, or nothing."""
    return texts[number] if number < len(texts) else ""


def entry(number: int, words: str, *, link: str, address: str) -> str:
    """One item of a feed."""
    said = words.replace("]]>", "]]]]><![CDATA[>")
    linked = f'<a href="{address}">words</a> <img src="{address}">' if address else ""
    picture = escape(address or f"https://img.paper.example/{number}.png")
    made = item(
        str(number),
        f"<![CDATA[Story {number} {said} ends]]>",
        f"<dc:creator><![CDATA[Jo {said}]]></dc:creator>"
        f"<description><![CDATA[<p>The council met in the town hall for the {number}th time. {said}"
        f" {linked} It then put off what it had meant to decide.</p>]]></description>"
        f"<content:encoded><![CDATA[<p>{ARTICLE} {number}</p><p>{said}</p>{linked}]]>"
        "</content:encoded>"
        f'<media:content url="{picture}" medium="image">'
        f"<media:description><![CDATA[A bridge {said}]]></media:description>"
        f"<media:credit><![CDATA[Pat {said}]]></media:credit></media:content>",
    )
    return made.replace(f"https://paper.example/{number}<", f"{escape(link)}<") if link else made
