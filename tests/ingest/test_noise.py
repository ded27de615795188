import time
import tomllib
from pathlib import Path
from typing import Any

import pytest

from newsletter.ingest.decoding import clean_line, normal
from newsletter.ingest.noise import (
    ENDINGS,
    MOST_PATTERN_CHARS,
    SHIPPED,
    judge_paragraphs,
)
from newsletter.ingest.text_file import article_from_text
from newsletter.model.article import ParagraphKind
from newsletter.model.callout import Callout

CASES: dict[str, Any] = tomllib.loads(
    Path(__file__).with_name("noise_lines.toml").read_text("utf-8")
)

NOISE = CASES["noise"]
BODY = CASES["body"]


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


@pytest.mark.covers("T20")
@pytest.mark.parametrize(
    "text",
    [
        "a" * 100_000,
        "sign up to our " + "newsletter " * 10_000,
        "related: " * 12_000,
        "U.S. " * 20_000,
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
