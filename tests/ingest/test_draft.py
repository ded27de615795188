from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.config.settings import NewsletterSettings
from newsletter.errors import NothingToDo, UserError
from newsletter.ingest.draft import StoredArticle, draft_issue
from newsletter.ingest.draft_lines import (
    byline_of,
    cut_at_word,
    preheader_of,
    subject_of,
)
from newsletter.ingest.text_file import article_from_text
from newsletter.issues.issue_file import parse_issue
from newsletter.issues.write_issue import write_issue
from newsletter.model.address import parse_mailbox
from newsletter.model.article import Article, Metadatum, Origin
from newsletter.model.callout import Callout, CalloutStatus
from newsletter.model.issue import CalloutRef, Story
from newsletter.model.text import Paragraph, Text

DAY = date(2022, 3, 16)


def newsletter_of(*callouts: str, most: int = 8, language: str = "en-GB") -> NewsletterSettings:
    return NewsletterSettings(
        name="daily",
        title="The Daily",
        list="daily",
        publication="Example News",
        sender=parse_mailbox("Example News <news@paper.example>"),
        reply_to=None,
        editors=(),
        postal_address="1 Example Street",
        public_url="https://news.paper.example",
        language=language,
        timezone=ZoneInfo("Europe/London"),
        callouts=callouts,
        most_stories=most,
    )


def stored(number: int, *, ran_in: Sequence[str] = (), source: str = "") -> StoredArticle:
    text = (
        f"Headline number {number}\n\n"
        f"The council met for the {number}th time and put off what it had meant to decide."
    )
    article = article_from_text(
        text.encode(),
        url=f"https://paper.example/news/{number}",
        source=source,
        callouts=[],
        noise=[],
    )
    return StoredArticle(id=number, article=article, ran_in=tuple(ran_in))


def seed_article(seed: bytes, appeal: Callout) -> Article:
    return article_from_text(
        seed,
        url="https://paper.example/news/china-russia",
        source="",
        callouts=[appeal],
        noise=[],
    )


def test_the_seed_becomes_an_issue_with_its_appeal(seed: bytes, appeal: Callout) -> None:
    article = StoredArticle(id=7, article=seed_article(seed, appeal))
    draft = draft_issue(newsletter_of("dec-ukraine"), DAY, [article], [appeal])
    issue = draft.issue
    lead, callout = issue.sections[0].blocks
    lines = seed.decode().split("\n")
    assert isinstance(lead, Story)
    assert lead.headline == lines[0]
    assert lead.url == "https://paper.example/news/china-russia"
    assert lead.byline == "paper.example · 3 min read"
    assert lead.summary == (Paragraph(children=(Text(text=f"{lines[10]} {lines[12]}"),)),)
    assert callout == CalloutRef(name="dec-ukraine")
    assert issue.name == "2022-03-16-daily"
    assert issue.subject == "Will China help Russia in Ukraine?"
    assert 40 <= len(issue.preheader) <= 90
    assert lines[10].startswith(issue.preheader)
    assert draft.callouts == ("dec-ukraine",)
    assert [finding.id for finding in draft.findings] == ["D06"]
    assert [(at.paragraph, at.start) for at in draft.chosen[0].summary.sentences] == [
        (5, 0),
        (6, 0),
    ]


def test_the_newest_leads_and_the_rest_follow_up_to_the_most() -> None:
    draft = draft_issue(newsletter_of(most=2), DAY, [stored(n) for n in (5, 4, 3)], [])
    assert [(c.article, c.section) for c in draft.chosen] == [(5, "Top story"), (4, "More stories")]
    assert [left.article for left in draft.left_out] == [3]
    assert "most_stories" in draft.left_out[0].why
    assert [section.heading for section in draft.issue.sections] == ["Top story", "More stories"]


def test_what_ran_or_is_there_twice_is_left_out_and_says_so() -> None:
    again = replace(stored(2), id=9)
    draft = draft_issue(
        newsletter_of(), DAY, [stored(3, ran_in=["2022-03-15-daily"]), stored(2), again], []
    )
    assert [chosen.article for chosen in draft.chosen] == [2]
    assert {left.article: left.why for left in draft.left_out} == {
        3: "It ran in 2022-03-15-daily.",
        9: "It is the same story as article 2.",
    }


def test_only_the_newsletters_sources_and_what_was_added_by_hand_are_taken() -> None:
    newsletter = replace(newsletter_of(), sources=("world",))
    articles = [stored(3, source="sport"), stored(2, source="world"), stored(1)]
    draft = draft_issue(newsletter, DAY, articles, [])
    assert [chosen.article for chosen in draft.chosen] == [2, 1]


def test_with_nothing_left_there_is_no_issue() -> None:
    with pytest.raises(NothingToDo, match="no article is left to choose for daily"):
        draft_issue(newsletter_of(), DAY, [stored(1, ran_in=["x"])], [])


def test_a_callout_that_is_closed_unknown_or_in_another_language_is_not_placed(
    appeal: Callout,
) -> None:
    closed = replace(appeal, status=CalloutStatus.CLOSED)
    german = replace(appeal, name="german", languages=("de",))
    draft = draft_issue(
        newsletter_of("dec-ukraine", "german", "lost"), DAY, [stored(1)], [closed, german]
    )
    assert draft.callouts == ()
    assert [finding.id for finding in draft.findings].count("D04") == 3


def test_an_article_that_carries_an_appeal_places_none(seed: bytes, appeal: Callout) -> None:
    article = StoredArticle(id=7, article=seed_article(seed, appeal))
    draft = draft_issue(newsletter_of(), DAY, [article], [appeal])
    assert draft.callouts == ()
    assert any("carries the callout dec-ukraine" in f.message for f in draft.findings)


def test_what_an_editor_must_mend_is_said() -> None:
    image = Metadatum(value="https://paper.example/a.jpg", origin=Origin.OPENGRAPH)
    bare = article_from_text(b"Title\n\nToo short.", url="", source="", callouts=[], noise=[])
    article = StoredArticle(id=1, article=replace(bare, image=image))
    draft = draft_issue(newsletter_of(), DAY, [article], [])
    assert [f.id for f in draft.findings] == ["D01", "D02", "D03", "D05", "D06"]


def test_the_greeting_is_only_written_in_english() -> None:
    assert draft_issue(newsletter_of(), DAY, [stored(1)], []).issue.opening
    assert not draft_issue(newsletter_of(language="de-DE"), DAY, [stored(1)], []).issue.opening


@pytest.mark.parametrize(
    ("headline", "subject"),
    [
        ("Is it? Yes it is", "Is it?"),
        ("The bridge shuts. The ferry runs.", "The bridge shuts"),
        ("U.S. troops leave", "U.S. troops leave"),
        ("Rates rise to 5.25% as prices climb", "Rates rise to 5.25% as prices climb"),
        ("Stop! The bridge is up", "Stop!"),
        ("What [[[name]] means", "What [ [ [name]] means"),
        (
            "The council has agreed to close the old swing bridge for the winter",
            "The council has agreed to close the old swing bridge",
        ),
        ("x" * 80, "x" * 60),
    ],
)
def test_a_subject_is_the_headlines_first_sentence(headline: str, subject: str) -> None:
    assert subject_of(headline) == subject


def test_a_preheader_is_whole_headlines_where_they_fit() -> None:
    one, two = "A headline of some thirty letters", "Another one of some thirty letters"
    assert preheader_of([one, two], "Summary.") == f"{one} · {two}"
    assert preheader_of([one], "The summary goes on here.") == f"{one} · The summary goes on here."
    assert preheader_of([], "Short.") == "Short."
    assert len(preheader_of(["word " * 40], "Summary.")) <= 90


@given(st.lists(st.text(max_size=120), max_size=4), st.text(max_size=300))
def test_a_preheader_is_never_too_long_and_short_only_for_want_of_words(
    headlines: list[str], summary: str
) -> None:
    line = preheader_of(headlines, summary)
    assert len(line) <= 90


def test_a_byline_is_made_of_what_is_known() -> None:
    article = stored(1).article
    author = Metadatum(value="Jo Park", origin=Origin.JSON_LD)
    site = Metadatum(value="The Paper", origin=Origin.OPENGRAPH)
    assert byline_of(replace(article, url="")) == "1 min read"
    assert byline_of(article) == "paper.example · 1 min read"
    assert byline_of(replace(article, author=author, site=site)) == (
        "By Jo Park · The Paper · 1 min read"
    )


@given(st.text(max_size=200), st.integers(1, 100))
def test_a_cut_is_the_beginning_of_the_text(text: str, most: int) -> None:
    line = cut_at_word(text, most)
    assert text.startswith(line)
    assert len(line) <= most
    assert line or not text


TITLES = st.text(
    st.one_of(st.sampled_from("*_[](){}<>#`\\!|:\"'~=+-1. \u202e\u200d"), st.characters()),
    max_size=60,
)


@given(st.lists(st.tuples(TITLES, TITLES), min_size=1, max_size=3), st.sampled_from(["", "[x](y)"]))
def test_a_draft_of_any_text_is_written_and_read_again_as_it_is(
    texts: list[tuple[str, str]], author: str
) -> None:
    articles = []
    for number, (title, text) in enumerate(texts):
        raw = f"{title}\n{text}\nThe council met for the {number}th time, {title}, {text}."
        try:
            article = article_from_text(
                raw.encode("utf-8", "replace"),
                url=f"https://paper.example/{number}/ü(x)",
                source="",
                callouts=[],
                noise=[],
            )
        except UserError:
            return
        named = Metadatum(value=author, origin=Origin.PAGE) if author else None
        articles.append(StoredArticle(id=number, article=replace(article, author=named)))
    try:
        issue = draft_issue(newsletter_of(), DAY, articles, []).issue
    except NothingToDo:
        return
    assert parse_issue(write_issue(issue), name=issue.name, file="x.md").issue == issue
