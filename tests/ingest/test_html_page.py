import re
from datetime import date
from pathlib import Path

import pytest
from case_tables import own_cases
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.errors import UserError
from newsletter.ingest.children import PageReader
from newsletter.ingest.drafting.summary import summarise
from newsletter.ingest.html_page import article_from_html
from newsletter.ingest.text_file import article_from_text
from newsletter.model.article import Article, ArticleState, Origin, ParagraphKind
from newsletter.model.callout import Callout

PAGES = Path(__file__).parent / "saved_pages"


def take(name: str, reader: PageReader, *callouts: Callout, url: str = "") -> Article:
    return page(PAGES.joinpath(name).read_bytes(), reader, *callouts, url=url)


def page(raw: bytes, reader: PageReader, *callouts: Callout, url: str = "") -> Article:
    return article_from_html(
        raw, url=url, source="", callouts=callouts, noise=[], reader=reader, shown="page.html"
    )


def body_of(article: Article) -> str:
    return "\n".join(p.text for p in article.paragraphs if p.kind is ParagraphKind.BODY)


def texts_of(article: Article, kind: ParagraphKind) -> list[str]:
    return [p.text for p in article.paragraphs if p.kind is kind]


def test_the_seed_as_a_page_gives_the_same_article(
    reader: PageReader, seed: bytes, appeal: Callout
) -> None:
    plain = article_from_text(seed, url="", source="", callouts=[appeal], noise=[])
    article = take("china-russia.html", reader, appeal)
    for kind in (
        ParagraphKind.BODY,
        ParagraphKind.SUBHEADING,
        ParagraphKind.STANDFIRST,
        ParagraphKind.CALLOUT,
    ):
        assert texts_of(article, kind) == texts_of(plain, kind)
    noise = set(texts_of(article, ParagraphKind.NOISE))
    assert set(texts_of(plain, ParagraphKind.NOISE)) <= noise
    assert summarise(article).text == summarise(plain).text
    assert article.title.value == plain.title.value
    assert article.state is ArticleState.OK


def test_each_metadata_value_names_its_origin(reader: PageReader) -> None:
    article = take("china-russia.html", reader)
    assert article.author is not None
    assert article.published is not None
    assert article.site is not None
    assert article.image is not None
    assert (article.author.value, article.author.origin) == ("Alex Example", Origin.JSON_LD)
    assert article.published.value == "2022-03-15T12:40:00+00:00"
    assert (article.site.value, article.site.origin) == ("NationalWorld", Origin.OPENGRAPH)
    assert article.image.value == "https://img.nationalworld.example/putin-xi.jpg"
    assert article.image_alt == "Two presidents shake hands"
    assert article.language == "en-GB"
    assert article.url.endswith("/will-china-help-russia-3611234")


def test_a_local_papers_page_keeps_lists_and_quotes_and_drops_what_stands_between(
    reader: PageReader,
) -> None:
    article = take("harbour-bridge.html", reader)
    body = body_of(article)
    for kept in (
        "Councillors voted by 31 to 12",
        "Ashdown & Co. told the meeting",
        "My shop lives on people",
        "A public exhibition of the plans opens",
        "signed from 1 April",
        "tight but possible",
    ):
        assert kept in body
    for dropped in (
        "Advertisement",
        "cookies",
        "Sign up",
        "Ferry timetable",
        "Share this",
        "Library to open",
        "Registered office",
    ):
        assert dropped not in body
    assert texts_of(article, ParagraphKind.SUBHEADING) == [
        "What will it cost?",
        "What happens next?",
    ]
    assert article.title.value == "Harbour bridge to close for nine months from May"
    assert article.author is not None
    assert article.author.value == "Priya Nair and Tom O'Hara"
    assert article.image_alt == "The swing bridge, half open"
    assert all(p.reason and p.rule for p in article.paragraphs if p.kind is ParagraphKind.NOISE)
    assert article.state is ArticleState.OK


def test_a_table_is_rows_and_a_page_that_is_not_free_wants_a_look(reader: PageReader) -> None:
    article = take("league-table.html", reader)
    assert "Rovers · 14 · 31" in body_of(article)
    assert "Fixtures" not in body_of(article)
    assert article.state is ArticleState.NEEDS_LOOK
    assert any("not free" in reason for reason in article.reasons)
    assert article.author is not None
    assert article.author.value == "José Marín"  # the page lies about its encoding
    assert article.published is not None
    assert article.published.value == "2026-11-21T18:05:00+01:00"


def test_a_page_in_another_language_is_read_like_any(reader: PageReader) -> None:
    article = take("orchard-blog.html", reader)
    assert "Bürgermeisterin Dr. Anna Weiß" in body_of(article)
    assert "Linden" not in body_of(article)
    assert article.language == "de-DE"
    assert summarise(article).method == "description"


@pytest.mark.covers("T01", "T02", "T06")
def test_nothing_active_comes_out_of_a_hostile_page(reader: PageReader) -> None:
    article = take("markup-attack.html", reader)
    whole = "\n".join(p.text for p in article.paragraphs)
    assert "alert" not in whole
    assert "Volunteers have saved cuttings" in whole
    assert article.image is None
    assert article.url == ""
    assert "\u202e" not in article.title.value


def test_a_callout_is_found_wherever_it_stands(reader: PageReader, appeal: Callout) -> None:
    story = "".join(
        f"<p>The council met for the {n}th time and put off what it had meant to decide.</p>"
        for n in range(12)
    )
    raw = (
        f"<html><head><title>Council waits</title></head><body><nav>Home</nav>"
        f"<article>{story}</article><aside><h4>{appeal.heading.upper()}</h4></aside></body></html>"
    )
    article = page(raw.encode(), reader, appeal)
    assert [p.callout for p in article.paragraphs if p.kind is ParagraphKind.CALLOUT] == [
        "dec-ukraine"
    ]


PROSE = tuple(
    f"The {word} paragraph of the report tells in two sentences what the {word} witness saw. It was"
    f" read out by the clerk, {word} of all, and nobody in the room had a question about it."
    for word in ("first", "second", "third", "fourth", "fifth", "sixth")
)


def _page(*parts: str, head: str = "") -> bytes:
    paragraphs = [f"<p>{text}</p>" for text in PROSE]
    body = "".join([*paragraphs[:3], *parts, *paragraphs[3:]])
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A report</title>{head}'
        '</head><body><nav><a href="/">Home</a></nav><h1>A report</h1>'
        f'<div class="copy">{body}</div></body></html>'
    ).encode()


def _read(raw: bytes, reader: PageReader) -> Article:
    return article_from_html(raw, url="", source="", callouts=[], noise=[], reader=reader)


def test_what_leads_elsewhere_or_is_set_apart_amid_the_text_is_no_text(reader: PageReader) -> None:
    apart = (
        '<p><a href="/a">Plans for a hotel thrown out again</a></p>',
        '<p>[<a href="/b">Ferry fares to rise in spring</a>]</p>',
        "<aside><h3>The story of the clerk</h3><p>He has read reports for forty years.</p></aside>",
        '<ul><li><a href="/c">Library to open on Sundays</a></li></ul>',
    )
    article = _read(_page(*apart), reader)
    assert body_of(article) == "\n".join(PROSE)
    assert texts_of(article, ParagraphKind.SUBHEADING) == []


def test_a_list_amid_the_text_stays_and_a_list_of_links_goes(reader: PageReader) -> None:
    parts = (
        "<ul><li>The car park closes on 30 November.</li><li>The path stays open at weekends.</li>"
        "<li>Fish will be moved in December.</li></ul>",
        '<ul><li><a href="/x">Council tax to rise again</a></li></ul>',
    )
    body = body_of(_read(_page(*parts), reader))
    for kept in ("The car park closes", "The path stays open", "Fish will be moved"):
        assert kept in body
    assert "Council tax" not in body


def wrapped(title: str, *, head: str = "") -> str:
    story = "".join(
        f"<p>Le café numéro {n} a fermé ses portes après des années de travail à Besançon.</p>"
        for n in range(8)
    )
    return (
        f"<html><head>{head}<title>{title}</title></head>"
        f"<body><article>{story}</article></body></html>"
    )


@pytest.mark.covers("T19")
@pytest.mark.parametrize(
    ("encoding", "head"), own_cases(__file__, "the_title_is_right_in_each_encoding")
)
def test_the_title_is_right_in_each_encoding(encoding: str, head: str, reader: PageReader) -> None:
    article = page(wrapped("L'été à Besançon", head=head).encode(encoding), reader)
    assert article.title.value == "L'été à Besançon"
    assert "Le café numéro 3" in body_of(article)


@pytest.mark.covers("T19")
def test_utf_7_is_never_decoded(reader: PageReader) -> None:
    raw = wrapped("Title of +ADw-script+AD4-", head='<meta charset="utf-7">').encode()
    assert page(raw, reader).title.value == "Title of +ADw-script+AD4-"


BAD = {
    "empty": b"",
    "blank": b"  \n\n",
    "nuls": b"\0" * 500,
    "no tags": b"This is only some text.",
    "picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 10,
    "no article": b"<html><head><title>x</title></head><body></body></html>",
    "tag soup": b"<<<>>><![><!--<p",
    "huge": b"<p>" + b"word " * 600_001,
    "pdf": b"%PDF-1.7\n" + bytes(range(256)) * 20,
}


@pytest.mark.parametrize("raw", BAD.values(), ids=BAD.keys())
def test_what_is_no_page_gets_one_sentence(raw: bytes, reader: PageReader) -> None:
    with pytest.raises(UserError) as raised:
        page(raw, reader)
    assert raised.value.message.startswith("page.html: ")
    assert "\n" not in raised.value.message


@pytest.mark.covers("T18")
@pytest.mark.parametrize("tag", ["div", "b", "blockquote", "table><tr><td", "ul><li", "font"])
def test_fifteen_thousand_nested_tags_are_refused_and_the_reader_lives(
    tag: str, reader: PageReader
) -> None:
    with pytest.raises(UserError, match="nested"):
        page(f"<{tag}>".encode() * 15_000 + b"deep", reader)
    assert take("orchard-blog.html", reader).title.value == "Das Freibad bleibt offen"


def test_a_page_that_kills_its_reader_is_refused_and_the_next_is_read() -> None:
    with PageReader() as own:
        own.read(PAGES.joinpath("orchard-blog.html").read_bytes(), url="", today=None, shown="a")
        child = own._child  # noqa: SLF001 (the fault is done to the real process)
        assert child is not None
        child.kill()
        child.wait()
        with pytest.raises(UserError, match="its reader stopped"):
            own.read(
                PAGES.joinpath("orchard-blog.html").read_bytes(), url="", today=None, shown="a"
            )
        again = own.read(
            PAGES.joinpath("orchard-blog.html").read_bytes(), url="", today=None, shown="a"
        )
        assert again.language == "de-DE"


def test_a_page_that_takes_too_long_is_given_up() -> None:
    with PageReader(seconds=0.001) as own, pytest.raises(UserError, match="took too long"):
        own.read(PAGES.joinpath("orchard-blog.html").read_bytes(), url="", today=None, shown="a")


def test_a_date_after_tomorrow_or_before_1990_is_no_date(reader: PageReader) -> None:
    raw = PAGES.joinpath("league-table.html").read_bytes()
    early = reader.read(raw, url="", today=date(2026, 11, 1), shown="a")
    assert early.metadata.published is None
    again = reader.read(raw.replace(b"2026-11-2", b"0001-11-2"), url="", today=None, shown="a")
    assert again.metadata.published is None


SOUP = own_cases(__file__, "soup")


@settings(max_examples=40)
@given(st.lists(st.sampled_from(SOUP), max_size=40))
def test_any_soup_gives_an_article_or_one_sentence(reader: PageReader, parts: list[str]) -> None:
    try:
        article = page("".join(parts).encode(), reader)
    except UserError as error:
        assert re.fullmatch(r"page\.html: [^\n]+", error.message)  # noqa: PT017
        assert "could not be read" not in error.message  # noqa: PT017
        return
    assert article.title.value


STORY = (
    "<h2>Bridge to close</h2><p>The swing bridge will close to all traffic in January so that its"
    " gear can be taken out and replaced, the harbour office said.</p><p>The work is to take nine"
    " months and to cost six million crowns; lorries will be sent round by the ring road.</p>"
    "<p>A footbridge beside the old span lets people on foot and on bicycles cross until it is"
    " done, and buses turn round at the square.</p>"
)


def test_a_blogs_name_in_its_first_heading_is_not_the_articles_title(reader: PageReader) -> None:
    article = page(
        b"<html><head><title>The bus is back - Hill Notes</title>"
        b'<meta property="og:site_name" content="Hill Notes"></head><body>'
        b"<h1>Hill Notes</h1><div class='post'>" + STORY.encode() + b"</div></body>",
        reader,
    )
    assert article.title.value == "The bus is back"
