import re
import tomllib
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from composing import READER, for_reader, newsletter_settings, templates
from ingest.feed_samples import item, rss

from newsletter.compose.composer import Composer, ComposeRequest
from newsletter.ingest.children import PageReader
from newsletter.ingest.drafting.choice import Candidate
from newsletter.ingest.drafting.draft import draft_issue
from newsletter.ingest.entry import (
    NO_FEED_TEXT,
    NO_FEED_TITLE,
    OTHER_TITLE,
    article_from_entry,
    with_feed,
)
from newsletter.ingest.html_page import article_from_html
from newsletter.issues.save import parse_issue
from newsletter.issues.write_issue import write_issue
from newsletter.model.article import Article, ArticleState, Metadatum, Origin, ParagraphKind
from newsletter.model.callout import Callout
from newsletter.model.source import Feed, FeedEntry

CASES: dict[str, Any] = tomllib.loads(Path(__file__).with_name("attacks.toml").read_text("utf-8"))

NOW = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
FEED = Feed(kind="RSS", title="Paper", url="https://paper.example/feed")
SPACES = (
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    ' xmlns:media="http://search.yahoo.com/mrss/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
)
TEXT = (
    "The council voted by 31 to 12 on Monday to close the harbour bridge for nine months from"
    " May. Engineers had found that the bearings of the swing span are worn through, and said"
    " that the bridge could not be kept open for lorries beyond the summer. Traders in the old"
    " town fear for their living; the council promises a free bus and a fund of two hundred"
    " thousand pounds. A public exhibition of the plans opens in the library on Saturday, and"
    " the contract is to be signed in spring."
)


def take(entry: FeedEntry, reader: PageReader, *callouts: Callout, feed: Feed = FEED) -> Article:
    return article_from_entry(
        entry, feed=feed, source="paper", callouts=callouts, noise=[], reader=reader
    )


def entry_of(html: str = "", **values: str) -> FeedEntry:
    made = FeedEntry(
        position=0, title="Bridge to close", url="https://paper.example/bridge", html=html
    )
    return replace(made, **values)  # type: ignore[arg-type]  # a test's own keywords


def test_a_full_text_is_an_article_of_plain_paragraphs(reader: PageReader, appeal: Callout) -> None:
    html = (
        f"<p>{TEXT}</p><h2>What it costs</h2><ul><li>Four million pounds for the work.</li></ul>"
        f"<p>{appeal.heading}</p><p>Sign up to our daily Paper newsletter</p>"
        '<blockquote>"It is time," she said.</blockquote><figure><img src="x.png">'
        "<figcaption>The bridge (Photo: Pat Lens)</figcaption></figure>"
        '<p>The post <a href="/1">Bridge</a> appeared first on <a href="/">Paper</a>.</p>'
    )
    entry = entry_of(
        html,
        author="Jo Roe",
        published="2026-11-20T08:30:00+00:00",
        updated="2026-11-21T08:30:00+00:00",
        summary="The bridge closes in May.",
        image="https://paper.example/p.jpg",
        image_alt="A bridge",
        image_credit="Pat Lens",
        language="en-GB",
    )
    article = take(entry, reader, appeal)
    kinds = {p.text: p.kind for p in article.paragraphs}
    assert kinds[TEXT] is ParagraphKind.BODY
    assert kinds["What it costs"] is ParagraphKind.SUBHEADING
    assert kinds["Four million pounds for the work."] is ParagraphKind.BODY
    assert kinds['"It is time," she said.'] is ParagraphKind.BODY
    assert kinds[appeal.heading] is ParagraphKind.CALLOUT
    for noise in (
        "Sign up to our daily Paper newsletter",
        "The bridge (Photo: Pat Lens)",
        "The post Bridge appeared first on Paper.",
    ):
        assert kinds[noise] is ParagraphKind.NOISE
    assert article.state is ArticleState.OK, article.reasons
    assert article.key == "https://paper.example/bridge"
    for datum, value in (
        (article.title, "Bridge to close"),
        (article.author, "Jo Roe"),
        (article.published, "2026-11-20T08:30:00+00:00"),
        (article.description, "The bridge closes in May."),
        (article.image, "https://paper.example/p.jpg"),
        (article.site, "Paper"),
    ):
        assert datum == Metadatum(value=value, origin=Origin.FEED)
    assert (article.image_alt, article.image_credit) == ("A bridge", "Pat Lens")
    assert (article.updated, article.language) == ("2026-11-21T08:30:00+00:00", "en-GB")


@pytest.mark.parametrize(
    "html", ["", "<p></p>", "<script>x</script>", "<div>" * 15_000 + "x", "<img src=x>", "<!-- x"]
)
def test_an_entry_without_a_text_is_kept_with_title_and_link(html: str, reader: PageReader) -> None:
    article = take(entry_of(html, summary="It closes in May."), reader)
    assert (article.title.value, article.url) == ("Bridge to close", "https://paper.example/bridge")
    assert article.paragraphs == ()
    assert article.state is ArticleState.NEEDS_LOOK
    assert article.reasons
    if not html:
        assert article.reasons == (NO_FEED_TEXT,)


def test_an_entry_without_a_title_takes_its_first_words(reader: PageReader) -> None:
    article = take(entry_of(f"<p>{TEXT}</p>", title=""), reader)
    assert article.title.value.startswith("The council voted by 31 to 12")
    assert article.title.value.endswith("\u2026")
    assert len(article.title.value) <= 121
    assert article.reasons == (NO_FEED_TITLE,)
    bare = take(entry_of(title="", summary="It closes in May."), reader)
    assert bare.title.value == "It closes in May."
    assert take(entry_of(title="", url=""), reader).title.value == "Untitled"


def page_of(reader: PageReader, head: str = "", title: str = "Bridge to close") -> Article:
    paragraphs = "".join(f"<p>{part}.</p>" for part in TEXT.rstrip(".").split(". "))
    raw = f"<html><head><title>{title}</title>{head}</head><body><article>{paragraphs}</article>"
    return article_from_html(
        raw.encode(),
        url="https://paper.example/bridge",
        source="paper",
        callouts=[],
        noise=[],
        today=NOW.date(),
        reader=reader,
    )


@pytest.mark.parametrize(
    ("page", "feed", "wanted", "origin"),
    [
        ("Bridge to close", "Bridge to close", "Bridge to close", Origin.PAGE),
        ("Bridge will close", "Bridge to close in May", "Bridge will close", Origin.PAGE),
        ("Bridge to close - The Paper", "Bridge to close", "Bridge to close", Origin.FEED),
        ("Watch: Bridge to close", "Bridge to close", "Bridge to close", Origin.FEED),
        ("Bridge to close", "", "Bridge to close", Origin.PAGE),
    ],
)
def test_the_pages_title_stands_without_what_the_feed_does_not_have(
    page: str, feed: str, wanted: str, origin: Origin, reader: PageReader
) -> None:
    article = replace(page_of(reader), title=Metadatum(value=page, origin=Origin.PAGE))
    seen = with_feed(article, entry_of(title=feed))
    assert seen.title == Metadatum(value=wanted, origin=origin)
    assert seen.reasons == article.reasons


def test_a_page_with_another_title_wants_a_look(reader: PageReader) -> None:
    seen = with_feed(page_of(reader, title="Just a moment..."), entry_of())
    assert seen.title == Metadatum(value="Bridge to close", origin=Origin.FEED)
    assert seen.state is ArticleState.NEEDS_LOOK
    assert seen.reasons == (OTHER_TITLE,)


def test_a_page_without_a_title_takes_the_feeds_and_needs_no_look_for_it(
    reader: PageReader,
) -> None:
    article = page_of(reader, title="")
    assert article.state is ArticleState.NEEDS_LOOK
    seen = with_feed(article, entry_of())
    assert seen.title.value == "Bridge to close"
    assert (seen.state, seen.reasons) == (ArticleState.OK, ())


@pytest.mark.parametrize(
    ("page", "origin", "feed", "wanted"),
    [
        ("", Origin.PAGE, "2026-11-20T08:30:00+00:00", "2026-11-20T08:30:00+00:00"),
        ("2026-11-20", Origin.PAGE, "2026-11-20T08:30:00+00:00", "2026-11-20T08:30:00+00:00"),
        ("2026-11-20", Origin.PAGE, "2026-11-22T08:30:00+00:00", "2026-11-22T08:30:00+00:00"),
        ("2026-11-20", Origin.JSON_LD, "2026-11-22T08:30:00+00:00", "2026-11-20"),
        (
            "2026-11-20T08:00:00+00:00",
            Origin.PAGE,
            "2026-11-20T08:30:00+00:00",
            "2026-11-20T08:00:00+00:00",
        ),
        ("2026-11-20", Origin.EDITOR, "2026-11-22T08:30:00+00:00", "2026-11-20"),
        ("2026-11-20", Origin.PAGE, "", "2026-11-20"),
        ("long ago", Origin.PAGE, "2026-11-22T08:30:00+00:00", "long ago"),
    ],
)
def test_a_stated_date_stands_and_a_found_one_yields_where_they_differ(
    page: str, origin: Origin, feed: str, wanted: str, reader: PageReader
) -> None:
    datum = Metadatum(value=page, origin=origin) if page else None
    seen = with_feed(replace(page_of(reader), published=datum), entry_of(published=feed))
    assert seen.published is not None
    assert seen.published.value == wanted
    assert seen.published.origin is (origin if wanted == page else Origin.FEED)


def test_the_feed_gives_what_the_page_lacks(reader: PageReader) -> None:
    entry = entry_of(
        author="Jo Roe",
        summary="The bridge closes.",
        image="https://paper.example/p.jpg",
        image_alt="A bridge",
        image_credit="Pat Lens",
        language="en-GB",
        updated="2026-11-21T08:30:00+00:00",
    )
    seen = with_feed(page_of(reader), entry)
    for datum, value in (
        (seen.author, "Jo Roe"),
        (seen.description, "The bridge closes."),
        (seen.image, "https://paper.example/p.jpg"),
    ):
        assert datum == Metadatum(value=value, origin=Origin.FEED)
    assert (seen.image_alt, seen.image_credit) == ("A bridge", "Pat Lens")
    assert (seen.language, seen.updated) == ("en-GB", "2026-11-21T08:30:00+00:00")
    assert with_feed(seen, entry) == seen


def test_words_and_maker_of_a_picture_count_for_the_same_picture_alone(reader: PageReader) -> None:
    head = '<meta property="og:image" content="https://paper.example/{}.jpg?utm_source=x">'
    entry = entry_of(
        image="https://paper.example/p.jpg", image_alt="A bridge", image_credit="Pat Lens"
    )
    same = with_feed(page_of(reader, head.format("p")), entry)
    assert (same.image_alt, same.image_credit) == ("A bridge", "Pat Lens")
    other = with_feed(page_of(reader, head.format("q")), entry)
    assert other.image is not None
    assert other.image.origin is Origin.OPENGRAPH
    assert (other.image_alt, other.image_credit) == ("", "")


def test_what_an_editor_wrote_is_never_overwritten(reader: PageReader) -> None:
    mine = Metadatum(value="mine", origin=Origin.EDITOR)
    article = replace(
        page_of(reader), title=mine, author=mine, published=mine, description=mine, image=mine
    )
    entry = entry_of(
        title="Other",
        author="Jo Roe",
        published="2026-11-20",
        summary="Short.",
        image="https://paper.example/p.jpg",
        image_credit="Pat Lens",
    )
    seen = with_feed(article, entry)
    for datum in (seen.title, seen.author, seen.published, seen.description, seen.image):
        assert datum == mine
    assert seen.image_credit == ""
    assert seen.reasons == article.reasons


ATTACKS = CASES["attacks"]


class _Shape(HTMLParser):
    """Counts tags with the names of their attributes, and keeps addresses: another reader's eye."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: Counter[tuple[str, tuple[str, ...]]] = Counter()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag, tuple(sorted(name for name, _ in attrs))] += 1
        self.addresses += [
            value or "" for name, value in attrs if name in {"href", "src", "background"}
        ]


def mail_of(words: tuple[str, ...], composer: Composer, reader: PageReader) -> tuple[str, str]:
    """Return HTML and text of an issue whose stories carry the words in every field of the feed."""
    made = "".join(
        item(
            str(number),
            f"<![CDATA[Story {number} {cdata(word)} ends]]>",
            f"<dc:creator><![CDATA[Jo {cdata(word)}]]></dc:creator>"
            f"<description><![CDATA[<p>The council met in the town hall for the {number}th time."
            f" {cdata(word)} It then put off what it had meant to decide.</p>]]></description>"
            f"<content:encoded><![CDATA[<p>{TEXT} {number}</p><p>{cdata(word)}</p>]]>"
            "</content:encoded>"
            f'<media:content url="https://paper.example/{number}.png" medium="image">'
            f"<media:description><![CDATA[A bridge {cdata(word)}]]></media:description>"
            f"<media:credit><![CDATA[Pat {cdata(word)}]]></media:credit></media:content>",
        )
        for number, word in enumerate(words)
    )
    feed = reader.read_feed(
        rss(made, spaces=SPACES).encode(), url=FEED.url, content_type="", now=NOW
    )
    assert len(feed.entries) == len(words)
    by_hand = [replace(take(entry, reader, feed=feed), source="") for entry in feed.entries]
    candidates = [
        Candidate(id=number, article=article, seen=NOW) for number, article in enumerate(by_hand)
    ]
    newsletter = newsletter_settings(most_stories=len(words))
    draft = draft_issue(newsletter, date(2026, 11, 27), candidates, [], now=NOW)
    file = f"issues/{draft.issue.name}.md"
    issue = parse_issue(write_issue(draft.issue), name=draft.issue.name, file=file).issue
    assert issue is not None
    composition = composer.compose(
        ComposeRequest(
            issue=issue, newsletter=newsletter, callouts=(), templates=templates(), subject=None
        )
    )
    assert composition.composed is not None, composition.findings
    return for_reader(composition.composed)


def cdata(word: str) -> str:
    return word.replace("]]>", "]]]]><![CDATA[>")


@pytest.mark.covers("T01", "T02", "T03", "T04", "T05", "T42", "T53")
def test_nothing_active_comes_through_a_feed_into_the_mail(
    composer: Composer, reader: PageReader
) -> None:
    html, text = mail_of(ATTACKS, composer, reader)
    twin, _ = mail_of(("harmless",) * len(ATTACKS), composer, reader)
    hostile, harmless = _Shape(), _Shape()
    hostile.feed(html)
    harmless.feed(twin)
    extra = hostile.tags - harmless.tags
    assert {tag for (tag, _), _ in extra.items()} <= {"br"}
    assert set(hostile.addresses) <= set(harmless.addresses)
    assert not re.search(r"evil\.example", " ".join(hostile.addresses))
    for typed in ("{{ 7*7 }}{% include", "::: callout dec-ukraine"):
        assert typed in re.sub(r"\s+", " ", text)
    assert READER["unsubscribe_url"] not in " ".join(re.findall(r"Story \d+ [^\n]*", text))
