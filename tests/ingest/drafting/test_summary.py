from dataclasses import replace

import pytest
from case_tables import own_cases

from newsletter.ingest.drafting.summary import is_fit_description, is_fit_sentence, summarise
from newsletter.ingest.text_file import article_from_text
from newsletter.model.article import Article, Metadatum, Origin
from newsletter.model.callout import Callout

HEDGED = "The minister has reportedly agreed to resign before the vote on Thursday."


def article_of(*paragraphs: str, description: str = "") -> Article:
    article = article_from_text(
        "\n\n".join(["A title of its own", *paragraphs]).encode(),
        url="",
        source="",
        callouts=[],
        noise=[],
    )
    stated = Metadatum(value=description, origin=Origin.OPENGRAPH) if description else None
    return replace(article, description=stated)


def test_the_seed_gives_its_two_hedged_sentences_and_their_places(
    seed: bytes, appeal: Callout
) -> None:
    article = article_from_text(seed, url="", source="", callouts=[appeal], noise=[])
    summary = summarise(article)
    lines = seed.decode().split("\n")
    assert summary.text == f"{lines[10]} {lines[12]}"
    assert [article.paragraphs[at.paragraph].line for at in summary.sentences] == [11, 13]
    assert summary.method == "lead"


def test_the_seeds_standfirst_with_a_full_stop_still_loses_to_the_hedge(
    seed: bytes, appeal: Callout
) -> None:
    article = article_from_text(seed, url="", source="", callouts=[appeal], noise=[])
    stated = "Russia has turned to China as they suffer losses in Ukraine."
    with_stop = replace(article, description=Metadatum(value=stated, origin=Origin.OPENGRAPH))
    assert summarise(with_stop).method == "lead"


@pytest.mark.parametrize("line", [20, 22, 24, 37, 59, 81])
def test_lines_that_cannot_stand_alone_are_never_in_a_summary(seed: bytes, line: int) -> None:
    text = seed.decode().split("\n")[line - 1]
    assert not is_fit_sentence(text)


@pytest.mark.parametrize(
    "description", own_cases(__file__, "a_description_that_is_not_fit_gives_way_to_the_lead")
)
def test_a_description_that_is_not_fit_gives_way_to_the_lead(description: str) -> None:
    lead = "The council voted on Thursday night to close the old swing bridge."
    assert summarise(article_of(lead, description=description)).text == lead


def test_a_fit_description_stands() -> None:
    description = "The council has agreed to close the old swing bridge for nine months."
    article = article_of(
        "The council voted on Thursday night in a long sitting.", description=description
    )
    assert is_fit_description(description, article)
    assert summarise(article).method == "description"
    assert summarise(article).sentences == ()


def test_a_description_that_drops_the_hedge_of_the_text_is_not_taken() -> None:
    bold = "The minister has agreed to resign before the vote on Thursday night."
    assert summarise(article_of(HEDGED, description=bold)).text == HEDGED
    also_hedged = "The minister is said to have agreed to resign before the vote this week."
    assert summarise(article_of(HEDGED, description=also_hedged)).text == also_hedged


def test_where_nothing_can_stand_alone_there_is_no_summary() -> None:
    summary = summarise(
        article_of("But why would that be so for everybody in the town?", "He left.")
    )
    assert (summary.text, summary.method, summary.sentences) == ("", "none", ())


def test_a_second_sentence_that_makes_it_too_long_stays_out() -> None:
    first = "The council voted on Thursday night to close the old swing bridge for repairs."
    second = f"The work {'and the further work ' * 20}will begin in May."
    assert summarise(article_of(f"{first} {second}")).text == first
