from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date

import pytest
from case_tables import own_cases
from hypothesis import given
from hypothesis import strategies as st
from ingest.candidates_made import NOW, candidate, newsletter_of, run

from newsletter.config.languages import SPOKEN, DraftWords, draft_words
from newsletter.config.settings import ChoiceSettings, NewsletterSettings, SourceSettings
from newsletter.errors import NothingToDo, UserError
from newsletter.ingest.drafting.choice import Candidate
from newsletter.ingest.drafting.draft import Draft, byline_of, draft_issue, preheader_of, subject_of
from newsletter.ingest.drafting.same_story import NO_STORIES, Alike, Likeness, Stories
from newsletter.ingest.text_file import article_from_text
from newsletter.issues.save import parse_issue
from newsletter.issues.write_issue import write_issue
from newsletter.model.article import Article, Metadatum, Origin
from newsletter.model.callout import Callout
from newsletter.model.issue import CalloutRef, Story
from newsletter.model.text import Paragraph, Text

DAY = date(2022, 3, 16)
ENGLISH = draft_words("en")


def drafted(
    newsletter: NewsletterSettings,
    candidates: Sequence[Candidate],
    callouts: Sequence[Callout] = (),
    *,
    sources: Sequence[SourceSettings] = (),
    stories: Stories = NO_STORIES,
) -> Draft:
    return draft_issue(
        newsletter, DAY, candidates, callouts, now=NOW, sources=sources, stories=stories
    )


def seed_article(seed: bytes, appeal: Callout) -> Article:
    return article_from_text(
        seed, url="https://paper.example/news/china-russia", source="", callouts=[appeal], noise=[]
    )


def test_the_seed_becomes_an_issue_with_its_appeal(seed: bytes, appeal: Callout) -> None:
    article = Candidate(id=7, article=seed_article(seed, appeal), seen=NOW)
    draft = drafted(newsletter_of(callouts=["dec-ukraine"]), [article], [appeal])
    issue = draft.issue
    lead, callout = issue.sections[0].blocks
    lines = seed.decode().split("\n")
    assert isinstance(lead, Story)
    assert lead.headline == lines[0]
    assert lead.url == "https://paper.example/news/china-russia"
    assert lead.byline == "paper.example ·\u00a03 min read"
    assert lead.summary == (Paragraph(children=(Text(text=f"{lines[10]} {lines[12]}"),)),)
    assert callout == CalloutRef(name="dec-ukraine")
    assert issue.name == "2022-03-16-daily"
    assert issue.opening == ()  # nothing to say before the stories, so no greeting either
    assert issue.subject == "Will China help Russia in Ukraine?"
    assert 40 <= len(issue.preheader) <= 90
    assert lines[12].startswith(issue.preheader)
    assert draft.callouts == ("dec-ukraine",)
    assert [finding.id for finding in draft.findings] == ["D06"]
    assert [(at.paragraph, at.start) for at in draft.chosen[0].summary.sentences] == [
        (5, 0),
        (6, 0),
    ]


def test_the_lead_has_its_heading_and_the_others_those_of_their_sources() -> None:
    rules = ChoiceSettings(sections=(("World", 5), ("More stories", 5)))
    newsletter = replace(newsletter_of(), choice=rules, most_stories=5)
    sources = [
        SourceSettings(name="world", section="World"),
        SourceSettings(name="sport", section="Sport", weight=2),
        SourceSettings(name="local", weight=0.5),
    ]
    candidates = [
        candidate(1, "local"),
        candidate(2, "world", hours=9),
        candidate(3, "sport", hours=1),
        candidate(4, "sport"),
        candidate(5, "world", hours=1),
        candidate(6, "local", hours=30),
    ]
    draft = drafted(newsletter, candidates, sources=sources)
    assert [(c.article, c.section) for c in draft.chosen] == [
        (4, "Top story"),
        (5, "World"),
        (2, "World"),
        (1, "More stories"),
        (3, "Sport"),
    ]
    headings = ["Top story", "World", "More stories", "Sport"]
    assert [section.heading for section in draft.issue.sections] == headings
    assert [left.article for left in draft.left_out] == [6]
    stories = [b for s in draft.issue.sections for b in s.blocks if isinstance(b, Story)]
    assert [dict(story.attributes)["article"] for story in stories] == ["4", "5", "2", "1", "3"]


def test_a_story_of_several_papers_is_one_story_and_links_the_chosen_one() -> None:
    candidates = [candidate(n, source) for n, source in enumerate(("a", "b", "c", "d"), 1)]
    draft = drafted(newsletter_of(), candidates, stories=Stories(groups=((1, 2, 3, 4),)))
    (chosen,) = draft.chosen
    (story,) = draft.issue.sections[0].blocks
    assert isinstance(story, Story)
    assert story.url == "https://a.example/news/1"
    assert [(c.source, c.url) for c in chosen.carriers] == [
        (source, f"https://{source}.example/news/{n}")
        for n, source in enumerate(("b", "c", "d"), 2)
    ]
    assert {left.same_as for left in draft.left_out} == {1}


def test_two_chosen_that_may_be_one_are_shown_to_the_editor() -> None:
    told = Stories(
        pairs=(
            Alike(one=1, other=2, likeness=Likeness.CONTAINED, shared=0.8),
            Alike(one=1, other=3, likeness=Likeness.TITLE, shared=0.9),
        )
    )
    draft = drafted(newsletter_of(), [candidate(n, "a") for n in (1, 2, 3)], stories=told)
    found = [(f.severity, f.message) for f in draft.findings if f.id == "D08"]
    assert found == [
        ("warning", "article 2 contains 80% of the text of article 1, which is much shorter"),
        ("info", "the headlines of article 1 and article 3 are alike"),
    ]
    assert draft.alike == told.pairs


def test_with_nothing_left_there_is_no_issue() -> None:
    with pytest.raises(NothingToDo, match="no article is left to choose for daily"):
        drafted(newsletter_of(), [candidate(1, runs=[run("x", days=1)])])


def test_an_article_that_carries_an_appeal_places_none(seed: bytes, appeal: Callout) -> None:
    article = Candidate(id=7, article=seed_article(seed, appeal), seen=NOW)
    draft = drafted(newsletter_of(), [article], [appeal])
    assert draft.callouts == ()
    assert any("carries the callout dec-ukraine" in f.message for f in draft.findings)


def test_what_an_editor_must_mend_is_said() -> None:
    image = Metadatum(value="https://paper.example/a.jpg", origin=Origin.OPENGRAPH)
    bare = article_from_text(b"Title\n\nToo short.", url="", source="", callouts=[], noise=[])
    article = Candidate(id=1, article=replace(bare, image=image), seen=NOW)
    draft = drafted(newsletter_of(), [article])
    assert [f.id for f in draft.findings] == ["D01", "D02", "D03", "D06"]


@pytest.mark.parametrize("language", SPOKEN)
def test_every_language_has_words_of_its_own_for_a_draft(language: str) -> None:
    words, english = draft_words(language), draft_words("en")
    assert "{minutes}" in words.minutes
    assert words.author.format(author="A") != words.picture.format(credit="A")
    if language != "en":
        assert not set(vars_of(words)) & set(vars_of(english))
    draft = drafted(newsletter_of(language=language), [candidate(1), candidate(2)])
    headings = [section.heading for section in draft.issue.sections]
    assert headings == [words.top_story, words.more_stories]


def vars_of(words: DraftWords) -> tuple[object, ...]:
    return tuple(getattr(words, field.name) for field in fields(words))


@pytest.mark.parametrize(
    ("headline", "subject"), own_cases(__file__, "a_subject_is_the_headlines_first_sentence")
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


def test_a_byline_is_made_of_what_is_known_and_no_line_of_it_ends_with_a_dot() -> None:
    article = candidate(1, "paper").article
    author = Metadatum(value="Jo Park", origin=Origin.JSON_LD)
    site = Metadatum(value="The Paper", origin=Origin.OPENGRAPH)
    assert byline_of(replace(article, url=""), ENGLISH) == "1 min read"
    assert byline_of(article, ENGLISH) == "paper.example ·\u00a01 min read"
    assert byline_of(replace(article, author=author, site=site), ENGLISH) == (
        "By Jo Park ·\u00a0The Paper ·\u00a01 min read"
    )


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
        articles.append(Candidate(id=number, article=replace(article, author=named), seen=NOW))
    try:
        issue = drafted(newsletter_of(), articles).issue
    except NothingToDo:
        return
    assert parse_issue(write_issue(issue), name=issue.name, file="x.md").issue == issue
