import time

import pytest

from newsletter.ingest.decoding import clean_line, normal
from newsletter.ingest.noise import (
    ENDINGS,
    MOST_PATTERN_CHARS,
    SHIPPED,
    judge_paragraphs,
    propose_noise,
)
from newsletter.ingest.text_file import article_from_text
from newsletter.model.article import Article, ParagraphKind
from newsletter.model.callout import Callout

NOISE = [
    "Hide Ad",
    "Advertisement",
    "Story continues below advertisement",
    "Watch more of our videos on Shots!",
    "This article contains affiliate links, which can earn us revenue.",
    "Comment Guidelines",
    "A message from the editor:",
    "Sign up to our daily NationalWorld Today newsletter",
    "Follow us on Facebook, Twitter and Instagram",
    "Related: What the ruling means",
    "See more: The week in pictures",
    "READ MORE: The week in pictures",
    "Share this article",
    "Have your say",
    "12 comments",
    "Two presidents shake hands (Photo: Sergei Example/AFP via Getty Images)",
    "Picture: The Harbour Post",
    "PA Wire",
    "Published 15th Mar 2022, 12:40 GMT",
    "Last updated: Tuesday 15 March 2022",
    "3 min read",
    "Comments are moderated and should follow our house rules.",
    "Report this comment Cancel",
    "Support our local journalism from just £3 a month.",
    "Become a member of The Courier today!",
    "You have 2 free articles left this month.",
    "Download our app for breaking news on your phone.",
    "Have your say: is the plan right?",
    "Vote in our reader poll",
    "Copyright 2026 Meridian Media Limited. All rights reserved.",
    "© The Courier",
    "Privacy notice: newsletters may contain online ads.",
    "Why you can trust The Courier",
    "Filed under: Local, Transport, Politics",
    "Posted by Jo Doe at 06:30",
    "Last updated:",
    "* * *",
    "___",
]
BODY = [
    "He told the crowd to hide adverts from their children until the vote was over.",
    "Watch more of our news and you will see why, he told the committee on Monday.",
    "The advertisement was withdrawn after forty complaints.",
    "Related work by two other teams found the same effect in mice.",
    "Share prices fell by a fifth on Monday.",
    "Comment was sought from the ministry.",
    "Follow the money, the inquiry was told.",
    "Subscribe to that view and you must accept the rest.",
    "Visit Shots! now",
    "and on Freeview 262 or Freely 565",
    "Print is dead, or so they say.",
    "Published 12 years after the war, the book was soon forgotten.",
    "Reuters reported the talks on Monday (the ministry would not comment).",
    "Images by the dozen were burnt.",
    "Picture this.",
    "Registered voters may vote from 7am.",
    "Support our neighbours gave us in the flood was beyond words.",
    "Become a nurse and you will never be bored, she tells pupils.",
    "Download the form and send it by Friday.",
    "Have your say at the meeting on Thursday.",
    "Copyright law has not kept up, the judges said.",
    "Privacy is dead, or so they say.",
    "Posted by a fan in Leeds, the clip was seen a million times.",
    "Tagged seals were followed for nine months.",
    "Comments he made in 2019 were read to the court.",
    "It rained.",
]


@pytest.mark.parametrize("text", NOISE)
def test_known_noise_is_known_in_any_case_and_spacing(text: str) -> None:
    for form in (text, text.upper(), f"  {text.replace(' ', '  ')} \u00a0"):
        (verdict,) = judge_paragraphs([form], callouts=[], noise=[])
        assert verdict is not None
        assert verdict.kind is ParagraphKind.NOISE


@pytest.mark.parametrize("text", BODY)
def test_sentences_that_only_begin_like_noise_stay(text: str) -> None:
    assert judge_paragraphs([text], callouts=[], noise=[]) == (None,)


def test_lines_go_on_only_where_the_promotion_came_before() -> None:
    lines = ["Watch more of our videos on ShotsTV.com", "and on Freeview 262", "Visit Shots! now"]
    verdicts = judge_paragraphs(lines, callouts=[], noise=[])
    assert [verdict.rule for verdict in verdicts if verdict] == ["video promotion"] * 3


def test_a_label_takes_the_one_headline_that_it_announces() -> None:
    headline = "Family's fury at parking fine"
    lines = [headline, "Read More", headline, "What the neighbours say", "He left."]
    verdicts = judge_paragraphs(lines, callouts=[], noise=[])
    assert [verdict is not None for verdict in verdicts] == [False, True, True, False, False]


@pytest.mark.parametrize("mark", ["", ".", "!", "…"])
def test_a_callout_is_known_with_or_without_its_link_text_and_marks(
    appeal: Callout, mark: str
) -> None:
    body = (
        "Disasters Emergency Committee (DEC) charities and their local partners are in Ukraine and"
        " in neighbouring countries providing food, water, shelter and medical assistance"
    )
    for text in (body, f"{body}. {appeal.link_text}", appeal.link_text, appeal.heading.upper()):
        (verdict,) = judge_paragraphs([text + mark], callouts=[appeal], noise=[])
        assert verdict is not None
        assert verdict.callout == "dec-ukraine"


def test_what_repeats_across_a_sources_stories_is_proposed_and_callouts_are_not(
    appeal: Callout,
) -> None:
    def story(number: int) -> Article:
        text = (
            f"Title {number}\n\nThe council met for the {number}th time.\n\n"
            f"Ask us anything at the kiosk.\n\n{appeal.heading}"
        )
        return article_from_text(text.encode(), url="", source="", callouts=[appeal], noise=[])

    assert propose_noise([story(1)]) == ()
    assert propose_noise([story(n) for n in range(2)]) == ("Ask us anything at the kiosk.",)
    assert propose_noise([story(n) for n in range(6)]) == ("Ask us anything at the kiosk.",)


def test_a_callout_written_after_the_stories_were_taken_in_is_not_proposed(appeal: Callout) -> None:
    def story(number: int) -> Article:
        text = f"A title {number}\n" + "\n".join([f"Text {number}.", appeal.heading, "Kiosk."])
        return article_from_text(text.encode(), url="", source="", callouts=[], noise=[])

    stories = [story(n) for n in range(6)]
    assert appeal.heading in propose_noise(stories)
    assert propose_noise(stories, callouts=[appeal]) == ("Kiosk.",)


def test_only_the_last_fifty_stories_count() -> None:
    def story(number: int, line: str) -> Article:
        text = f"A title {number}\nText {number}.\n{line}\nMore {number}."
        return article_from_text(text.encode(), url="", source="", callouts=[], noise=[])

    recent = [story(n, f"Own line {n}.") for n in range(48)]
    old = [story(n, "Old line.") for n in range(50, 55)]
    assert propose_noise([*recent, *old]) == ()
    assert propose_noise([*recent[:46], *old]) == ("Old line.",)


@pytest.mark.covers("T20")
@pytest.mark.parametrize(
    "text",
    [
        "a" * 100_000,
        "sign up to our " + "newsletter " * 10_000,
        "related: " * 12_000,
        "advertisement" * 8_000,
        "\u202e\u200d" * 50_000,
        "by " + "Jo " * 33_000,
        '"a. ' * 25_000,
        "“" * 100_000,
        "U.S. " * 20_000,
        "#" * 100_000,
    ],
)
def test_no_pattern_is_slow_on_long_text(text: str) -> None:
    plain = normal(text)[:MOST_PATTERN_CHARS]
    for rule in (*SHIPPED, *ENDINGS):
        started = time.process_time()
        rule.pattern.fullmatch(plain)
        rule.pattern.fullmatch(plain + "\u2603")
        assert time.process_time() - started < 0.05
    started = time.process_time()
    article_from_text(
        f"Title\n\n{text}\n\n{text}?".encode(), url="", source="", callouts=[], noise=[]
    )
    clean_line(text)
    assert time.process_time() - started < 2
