import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.config.settings import NoiseRule
from newsletter.errors import UserError
from newsletter.ingest.decoding import clean_line
from newsletter.ingest.drafting.summary import summarise
from newsletter.ingest.text_file import article_from_text
from newsletter.model.article import Article, ArticleState, ParagraphKind
from newsletter.model.callout import Callout


def article_of(text: str, *rules: NoiseRule, callouts: tuple[Callout, ...] = ()) -> Article:
    return article_from_text(
        text.encode(), url="", source="", callouts=callouts, noise=rules, shown="story.txt"
    )


def kinds_of(article: Article) -> list[tuple[str, ParagraphKind]]:
    return [(p.text, p.kind) for p in article.paragraphs]


def test_each_line_of_the_seed_is_what_its_label_says(
    seed: bytes, appeal: Callout, labels: dict[str, list[int]]
) -> None:
    article = article_from_text(seed, url="", source="", callouts=[appeal], noise=[])
    found: dict[str, list[int]] = {kind: [] for kind in labels}
    for paragraph in article.paragraphs:
        found[paragraph.kind].append(paragraph.line)
    assert found == labels | {"headline": []}
    assert len(found["noise"]) == 22
    assert article.title.value == seed.decode().split("\n")[0]
    assert article.state is ArticleState.OK


def test_the_text_of_the_seed_comes_through_unchanged(seed: bytes, appeal: Callout) -> None:
    lines = seed.decode().split("\n")
    article = article_from_text(seed, url="", source="", callouts=[appeal], noise=[])
    assert [(p.line, p.text) for p in article.paragraphs] == [
        (number, line.strip())
        for number, line in enumerate(lines, 1)
        if number > 1 and line.strip()
    ]


def test_the_callout_is_known_by_name_and_never_body(seed: bytes, appeal: Callout) -> None:
    article = article_from_text(seed, url="", source="", callouts=[appeal], noise=[])
    carried = [p for p in article.paragraphs if p.callout == "dec-ukraine"]
    assert [p.line for p in carried] == [90, 92]
    assert "donate" not in summarise(article).text


def test_crlf_and_a_byte_order_mark_change_nothing(seed: bytes, appeal: Callout) -> None:
    windows = b"\xef\xbb\xbf" + seed.replace(b"\n", b"\r\n")
    plain = article_from_text(seed, url="", source="", callouts=[appeal], noise=[])
    assert article_from_text(windows, url="", source="", callouts=[appeal], noise=[]) == plain


BAD = {
    "empty": b"",
    "blank": b" \n\t\n\xef\xbb\xbf\n",
    "latin-1": "Café opens\n\nThe café opened on Monday.".encode("latin-1"),
    "picture": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)),
    "controls": b"Title\n" + b"\x01\x02\x03" * 50,
    "title only": b"Only a title\n\n",
    "huge": b"Title\n" + b"word " * 200_001,
}


@pytest.mark.covers("T19")
@pytest.mark.parametrize("raw", BAD.values(), ids=BAD.keys())
def test_what_is_no_text_gets_one_sentence(raw: bytes) -> None:
    with pytest.raises(UserError) as raised:
        article_from_text(raw, url="", source="", callouts=[], noise=[], shown="story.txt")
    assert raised.value.message.startswith("story.txt: ")
    assert "\n" not in raised.value.message


@pytest.mark.covers("T02")
@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "example.org/x", "ftp://example.org/", "http://", "https://a b/"]
)
def test_only_a_web_address_is_taken_as_the_address(url: str) -> None:
    with pytest.raises(UserError, match="web address"):
        article_from_text(b"Title\n\nText.", url=url, source="", callouts=[], noise=[])


def test_a_question_heading_stands_alone_is_short_and_leads_to_a_paragraph() -> None:
    text = (
        "Title\n\nThe council met on Monday.\n\nWhat did it decide?\n\n"
        "It decided to wait a year.\n\n"
        "But what does waiting cost, and who will pay for all of it in the end?\n\n"
        "Is that so?\nNobody knew the answer yet.\n\nShould we care?"
    )
    assert [kind.value for _, kind in kinds_of(article_of(text))] == [
        *("body", "subheading", "body", "body", "body", "body", "body")
    ]


def test_a_first_paragraph_without_closing_punctuation_is_the_standfirst() -> None:
    article = article_of("Title\n\nHide Ad\n\nA line on top\n\nThe council met on Monday night.")
    assert kinds_of(article)[1] == ("A line on top", ParagraphKind.STANDFIRST)
    assert article.description is not None
    assert article.description.value == "A line on top"


@pytest.mark.parametrize(
    "date",
    ["14 March 2026", "March 14, 2026", "Saturday, 14th March 2026, 10:30 GMT", "2026-03-14"],
)
def test_a_date_near_the_top_is_no_standfirst(date: str) -> None:
    article = article_of(
        f"Title\n\nBy Maeve O'Neill\n\n{date}\n\nA line on top\n\nThe council met."
    )
    assert article.paragraphs[1].kind is ParagraphKind.NOISE
    assert article.paragraphs[1].rule == "date line"
    assert article.description is not None
    assert article.description.value == "A line on top"


def test_a_byline_near_the_top_names_the_author() -> None:
    article = article_of("Title\n\nBy Maeve O'Neill and Jo Park\n\nThe council met on Monday.")
    assert article.author is not None
    assert article.author.value == "Maeve O'Neill and Jo Park"
    assert article.paragraphs[0].rule == "byline"
    by_night = article_of("Title\n\nBy Monday\n\nThe council met on Monday.")
    assert by_night.author is None


def test_an_editors_message_takes_no_more_than_its_end() -> None:
    long = "\n\n".join(f"Sentence number {n} of the article goes on here." for n in range(12))
    article = article_of(f"Title\n\nA message from the editor:\n\nThank you.\n\n{long}")
    assert [kind.value for _, kind in kinds_of(article)][:3] == ["noise", "noise", "body"]
    assert sum(kind is ParagraphKind.BODY for _, kind in kinds_of(article)) == 12


def test_a_sources_own_lines_go_and_may_also_stay() -> None:
    text = "Title\n\nThe council met on Monday.\n\nVisit Shots! now\n\nAdvertisement"
    article = article_of(
        text, NoiseRule(match=" visit  SHOTS! now"), NoiseRule(match="Advertisement", kind="body")
    )
    assert [kind.value for _, kind in kinds_of(article)] == ["body", "noise", "body"]
    assert article.paragraphs[1].rule == "source line"


def test_a_short_text_wants_a_look_and_says_so() -> None:
    article = article_of("Title\n\nThe council met on Monday.")
    assert article.state is ArticleState.NEEDS_LOOK
    assert article.reasons == ("its text has only 5 words",)


LINES = st.one_of(
    st.sampled_from(
        [
            "",
            "Hide Ad",
            "Visit Shots! now",
            "What is it?",
            "A message from the editor:",
            "By Jo Park",
        ]
    ),
    st.text(
        st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029"),
        max_size=40,
    ),
)


@given(st.lists(LINES, max_size=25), st.sampled_from(["\n", "\r\n", "\r"]))
def test_no_line_is_ever_lost_or_doubled(lines: list[str], end: str) -> None:
    wanted = [clean for line in lines if (clean := clean_line(line))]
    raw = end.join(lines).encode()
    try:
        article = article_from_text(raw, url="", source="", callouts=[], noise=[])
    except UserError:
        assert len(wanted) < 2 or re.search(rb"^(?:\xff\xfe|\xfe\xff|\xef\xbb\xbf)", raw)
        return
    assert [article.title.value, *(p.text for p in article.paragraphs)] == wanted
    assert Counter(p.line for p in article.paragraphs).most_common(1)[0][1] == 1


@given(st.binary(max_size=400))
def test_any_bytes_give_an_article_or_one_sentence(raw: bytes) -> None:
    try:
        article = article_from_text(raw, url="", source="", callouts=[], noise=[])
    except UserError as error:
        assert "\n" not in error.message  # noqa: PT017
        return
    assert article.title.value
