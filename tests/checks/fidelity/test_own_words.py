"""What free words turn round is told, and what they only put otherwise is not."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from newsletter.checks.fidelity.differences import differences
from newsletter.checks.fidelity.opposed import opposed_texts
from newsletter.model.article import StorySource

SOURCES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "own_words.toml").read_text("utf-8")
)["source"]


def _told(text: str, source: str) -> tuple[tuple[str, str], ...]:
    title, _, body = source.partition("\n")
    made = StorySource(article=1, version=1, body=tuple(body.split("\n")), beside=(title,))
    return differences(text, made, "en-GB")


@pytest.mark.parametrize(
    ("text", "source"),
    [(text, each["text"]) for each in SOURCES for text in each["honest"]],
)
def test_honest_words_are_not_told(text: str, source: str) -> None:
    assert _told(text, source) == ()


@pytest.mark.parametrize(
    ("text", "source"),
    [(text, each["text"]) for each in SOURCES for text in each["wrong"]],
)
def test_what_is_turned_round_is_told(text: str, source: str) -> None:
    assert _told(text, source) != ()


def test_it_names_both_words_and_the_sentence() -> None:
    source = SOURCES[0]["text"]
    (edit,) = opposed_texts("Stennick says yes to its £48m harbour bridge", source)
    assert (edit.told, edit.there) == ("yes to", "rejected")
    assert edit.source.startswith("Plans for a £48m road bridge")
