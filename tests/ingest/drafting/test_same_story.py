import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ingest.conftest import PAGES
from ingest.syndication import (
    article_of,
    first_part,
    lightly_edited,
    run_together,
    with_own_top,
    without_every,
)

from newsletter.ingest.children import PageReader
from newsletter.ingest.drafting.same_story import (
    MOST_TEXTS_OF_A_SHINGLE,
    KnownText,
    Likeness,
    relate,
    title_likeness,
)
from newsletter.ingest.html_page import article_from_html
from newsletter.ingest.identity import shingle_hashes
from newsletter.ingest.text_file import article_from_text
from newsletter.model.article import Article, ParagraphKind
from newsletter.model.callout import Callout

NOW = datetime(2026, 11, 24, tzinfo=UTC)
FERRY = "Ferry company doubles winter sailings to the islands"
ORIGINALS = ("harbour-bridge", "league-table", "markup-attack", "orchard-blog")


def body_of(article: Article) -> list[str]:
    return [p.text for p in article.paragraphs if p.kind is ParagraphKind.BODY]


def known(
    number: int, paragraphs: Sequence[str], title: str = "", *, hours: float = 0
) -> KnownText:
    article = article_of(paragraphs, title=title or f"Headline {number}")
    return KnownText(
        id=number,
        title=article.title.value,
        hashes=shingle_hashes(article),
        moment=NOW + timedelta(hours=hours),
    )


def invented(seed: int, count: int) -> list[str]:
    """Make a text of that many words, in sentences of nine, as no other seed makes."""
    chance = random.Random(seed)  # noqa: S311 (words, no secrets)
    words = [f"w{chance.randrange(4000)}" for _ in range(count)]
    return [" ".join(words[start : start + 9]) + "." for start in range(0, count, 9)]


@pytest.fixture(scope="module")
def texts(seed: bytes, appeal: Callout, reader: PageReader) -> dict[str, list[str]]:
    """The seed and the pages beside these tests, as paragraphs."""
    of_seed = article_from_text(
        seed, url="https://a.example/1", source="", callouts=[appeal], noise=()
    )
    found = {"seed": body_of(of_seed)}
    for name in ORIGINALS:
        article = article_from_html(
            (PAGES / f"{name}.html").read_bytes(),
            url=f"https://a.example/{name}",
            source="",
            callouts=[appeal],
            noise=(),
            today=date(2026, 11, 26),
            reader=reader,
            shown=name,
        )
        found[name] = body_of(article)
    return found


def test_ten_of_ten_copies_are_found_and_no_two_different_texts(
    texts: dict[str, list[str]],
) -> None:
    seed, bridge = texts["seed"], texts["harbour-bridge"]
    copies = {
        "seed": [
            first_part(seed, 0.4),
            without_every(seed, 3),
            lightly_edited(seed),
            run_together(seed, 3),
            with_own_top(seed, "Our own correspondent looked at what is behind the request."),
        ],
        "harbour-bridge": [
            first_part(bridge, 0.5),
            without_every(bridge, 3),
            lightly_edited(run_together(bridge, 2)),
        ],
        "league-table": [lightly_edited(texts["league-table"])],
        "orchard-blog": [run_together(texts["orchard-blog"], 2)],
    }
    number_of: dict[int, str] = {}
    all_texts: list[KnownText] = []
    for name, original in texts.items():
        for paragraphs in [original, *copies.get(name, [])]:
            number = len(all_texts) + 1
            number_of[number] = name
            all_texts.append(known(number, paragraphs))
    assert all(text.hashes for text in all_texts)
    stories = relate(all_texts)
    wanted = {
        name: tuple(number for number, of in number_of.items() if of == name) for name in copies
    }
    assert set(stories.groups) == set(wanted.values())
    assert sum(len(group) - 1 for group in stories.groups) == 10
    assert [p for p in stories.pairs if number_of[p.one] != number_of[p.other]] == []


def test_two_stories_of_a_source_do_not_share_its_standing_message() -> None:
    message = [" ".join(invented(0, 90))]
    one = article_of(invented(1, 100), noise=message)
    other = article_of(invented(2, 100), noise=message)
    assert not set(shingle_hashes(one)) & set(shingle_hashes(other))


def test_a_quarter_in_common_is_related_and_no_more() -> None:
    shared = invented(1, 90)
    stories = relate([known(1, shared + invented(2, 180)), known(2, shared + invented(3, 189))])
    (pair,) = stories.pairs
    assert pair.likeness is Likeness.RELATED
    assert 0.25 <= pair.shared < 0.5
    assert stories.groups == ()
    assert stories.group_of(1) == (1,)


def test_a_brief_in_a_text_more_than_four_times_as_long_is_asked_about() -> None:
    brief = invented(1, 90)
    long, longer = invented(2, 260), invented(3, 400)
    (pair,) = relate([known(1, long + brief), known(2, brief)]).pairs
    assert pair.likeness is Likeness.SAME
    stories = relate([known(1, longer + brief), known(2, brief)])
    (pair,) = stories.pairs
    assert pair.likeness is Likeness.CONTAINED
    assert (pair.one, pair.other) == (2, 1)
    assert stories.groups == ()


def test_a_round_up_does_not_make_one_story_of_what_it_holds() -> None:
    reports = [invented(seed, 120) for seed in (1, 2, 3)]
    round_up = [text for report in reports for text in report]
    numbered = [known(number, report) for number, report in enumerate(reports, 1)]
    stories = relate([*numbered, known(9, round_up)])
    assert len(stories.groups) == 1
    assert len(stories.groups[0]) == 2
    assert len(stories.alike(9)) == 3


def test_a_text_that_sixty_papers_carry_is_one_story() -> None:
    assert MOST_TEXTS_OF_A_SHINGLE < 60
    text = invented(1, 300)
    cut = [known(number, first_part(text, 0.5 + number / 120)) for number in range(60)]
    stories = relate([*cut, known(99, invented(2, 300))])
    assert stories.groups == (tuple(range(60)),)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Crash on the A1 near Leeds", "Crash on the A19 near Leeds"),
        ("Leeds United 2-1 Hull City", "Leeds United 1-2 Hull City"),
        ("Budget 2025: what it means for you", "Budget 2026: what it means for you"),
        ("Morning briefing", "Morning briefing"),
        ("Harbour bridge to close for nine months", "Rovers go top after late winner"),
    ],
)
def test_headlines_with_other_numbers_or_few_words_give_no_hint(one: str, other: str) -> None:
    assert title_likeness(one, other) == 0


@pytest.mark.parametrize(
    ("hours", "title", "groups"),
    [(20, FERRY, ((1, 2),)), (30, FERRY, ()), (1, f"{FERRY} in spring", ())],
)
def test_one_headline_within_a_day_is_one_story_and_an_alike_one_a_hint(
    hours: float, title: str, groups: tuple[tuple[int, ...], ...]
) -> None:
    one = known(1, invented(1, 100), FERRY)
    stories = relate([one, known(2, ["Too short."], title, hours=hours)])
    assert stories.groups == groups
    assert [pair.likeness for pair in stories.pairs] == [
        Likeness.SAME if groups else Likeness.TITLE
    ]


def test_stories_whose_headlines_share_no_word_are_never_merged() -> None:
    message = invented(0, 120)
    titles = ("Council tax goes up", "Rovers win late again", "Ferry sails twice daily")
    pages = [
        known(number, message + invented(number, 90), title)
        for number, title in enumerate(titles, 1)
    ]
    stories = relate(pages)
    assert stories.groups == ()
    assert {pair.likeness for pair in stories.pairs} == {Likeness.RELATED}
    assert relate([*pages, known(4, message, "Council plans a tax")]).groups == ((1, 4),)


@st.composite
def shelves(draw: st.DrawFn) -> list[KnownText]:
    """Texts that share parts of a few originals."""
    parts = [invented(seed, 60) for seed in range(4)]
    made = []
    for number in range(draw(st.integers(2, 7))):
        chosen = draw(st.lists(st.sampled_from(range(4)), min_size=2, max_size=4, unique=True))
        made.append(known(number, [text for part in chosen for text in parts[part]], "A b c d"))
    return made


@given(shelves(), st.randoms(use_true_random=False))
def test_the_order_of_the_texts_does_not_matter(
    shelf: list[KnownText], chance: random.Random
) -> None:
    shuffled = list(shelf)
    chance.shuffle(shuffled)
    stories = relate(shelf)
    assert relate(shuffled) == stories
    members = [number for group in stories.groups for number in group]
    assert len(members) == len(set(members))
