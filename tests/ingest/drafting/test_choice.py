import random
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ingest.candidates_made import NOW, candidate, newsletter_of, ruling, run, seen_at, stories

from newsletter.config.settings import ChoiceSettings, NewsletterSettings, SourceSettings
from newsletter.ingest.drafting.choice import Candidate, Choice, choose, moment_of
from newsletter.ingest.drafting.same_story import Stories
from newsletter.model.article import ArticleState
from newsletter.model.source import Ruling

WORLD = SourceSettings(name="world", section="World")
SPORT = SourceSettings(name="sport", section="Sport")
LOCAL = SourceSettings(name="local", weight=2.0)
SOURCES = (WORLD, SPORT, LOCAL)
HOUR = timedelta(hours=1)


def chosen(
    candidates: Sequence[Candidate],
    newsletter: NewsletterSettings | None = None,
    *,
    told: Stories | None = None,
    sources: Sequence[SourceSettings] = SOURCES,
) -> Choice:
    return choose(newsletter or newsletter_of(), sources, candidates, told or Stories(), now=NOW)


def numbers(choice: Choice) -> list[int]:
    return [pick.candidate.id for pick in choice.picks]


def why_not(choice: Choice) -> dict[int, str]:
    return {left.article: left.why for left in choice.left_out}


def with_rules(rules: ChoiceSettings) -> NewsletterSettings:
    return replace(newsletter_of(), choice=rules)


def test_the_newer_weightier_higher_and_wider_carried_come_first() -> None:
    bare = with_rules(ChoiceSettings(variety=0.0))
    newer, older = candidate(1, "world", hours=1), candidate(2, "world", hours=13)
    assert numbers(chosen([older, newer], bare)) == [1, 2]
    light, heavy = candidate(1, "world"), candidate(2, "local")
    assert numbers(chosen([light, heavy], bare)) == [2, 1]
    below, top = candidate(1, "world", place=5), candidate(2, "world", place=0)
    assert numbers(chosen([below, top], bare)) == [2, 1]
    alone = candidate(1, "world")
    carried, copy = candidate(2, "world", hours=2), candidate(3, "sport", hours=1)
    choice = chosen([alone, carried, copy], bare, told=stories((2, 3)))
    assert numbers(choice) == [2, 1]
    assert [(c.article, c.source) for c in choice.picks[0].carriers] == [(3, "sport")]
    assert why_not(choice) == {3: "It is the same story as article 2 of world."}


def test_every_point_is_told_and_the_sum_is_right() -> None:
    choice = chosen(
        [candidate(1, "world", hours=7, place=2), candidate(2, "sport", hours=6)],
        told=stories((1, 2)),
    )
    (pick,) = choice.picks
    assert pick.why == (
        "It leads with 7.94 points: 3.34 for being 7 hours old, 2.00 for world (weight 1), 1.60 for"
        " place 3 there, 1.00 for 1 other source with the same story."
    )
    assert pick.score.total == 794


def test_no_source_takes_the_issue_alone() -> None:
    of_world = [candidate(number, "world", place=number) for number in range(4)]
    of_sport = [candidate(10 + number, "sport", hours=8, place=number) for number in range(4)]
    without = chosen(
        [*of_world, *of_sport], replace(with_rules(ChoiceSettings(variety=0.0)), most_stories=4)
    )
    assert numbers(without) == [0, 1, 2, 3]
    varied = chosen([*of_world, *of_sport], replace(newsletter_of(), most_stories=4))
    assert numbers(varied) == [0, 1, 10, 2]
    assert "less 1.00 for 1 story of world before it." in varied.picks[1].why


def test_a_section_takes_its_quota_and_no_more() -> None:
    newsletter = with_rules(ChoiceSettings(sections=(("World", 2),)))
    choice = chosen([candidate(n, "world", place=n) for n in range(4)], newsletter)
    assert numbers(choice) == [0, 1]
    assert why_not(choice)[2].startswith("World has its 2 (choice.sections). It has 6.60 points")


def test_who_comes_too_late_is_told_by_how_much() -> None:
    newsletter = replace(newsletter_of(), most_stories=1)
    choice = chosen([candidate(1, "local"), candidate(2, "world")], newsletter)
    assert why_not(choice) == {
        2: "The issue has its 1 (most_stories); the last has 11.00 points. It has 9.00 points:"
        " 5.00 for being new, 2.00 for world (weight 1), 2.00 for place 1 there."
    }


def test_pins_come_first_in_their_order_and_lift_what_speaks_against_them() -> None:
    late = candidate(5, "world", hours=24 * 30)
    late = replace(late, pin=ruling(5, Ruling.PIN, minute=1, why="an update."))
    ran = replace(
        candidate(6, "other", runs=[run("2026-11-20-daily", days=4)]),
        pin=ruling(6, Ruling.PIN, minute=0),
    )
    choice = chosen([candidate(1, "local"), late, ran])
    assert numbers(choice) == [6, 5, 1]
    assert choice.picks[0].why.endswith("A. Editor pinned it.")
    assert choice.picks[1].why.endswith("A. Editor pinned it: an update.")


def test_more_pins_than_places_are_told() -> None:
    pinned = [
        replace(candidate(n, "world"), pin=ruling(n, Ruling.PIN, minute=n)) for n in (1, 2, 3)
    ]
    choice = chosen(pinned, replace(newsletter_of(), most_stories=2))
    assert numbers(choice) == [1, 2]
    assert why_not(choice) == {3: "3 are pinned, and the issue takes 2 (most_stories)."}


def test_a_block_is_on_the_story_whoever_carries_it() -> None:
    blocked = replace(candidate(1, "world"), block=ruling(1, Ruling.BLOCK, why="a hoax"))
    choice = chosen([blocked, candidate(2, "sport"), candidate(3, "local")], told=stories((1, 2)))
    assert numbers(choice) == [3]
    assert why_not(choice) == {
        1: "A. Editor blocked it: a hoax.",
        2: "It tells the same story as article 1, which A. Editor blocked: a hoax.",
    }


@pytest.mark.parametrize(("days", "is_taken"), [(0, False), (13, False), (14, True), (None, False)])
def test_what_ran_is_skipped_for_its_time(days: int | None, is_taken: bool) -> None:  # noqa: FBT001
    issue = "2026-11-20-daily"
    ran = candidate(1, "world", runs=[run(issue, days=days)])
    choice = chosen([ran])
    assert bool(choice.picks) == is_taken
    if days is None:
        assert why_not(choice) == {1: f"It stands in {issue}, which is not sent yet."}
    elif not is_taken:
        day = (NOW - timedelta(days=days)).date()
        assert why_not(choice) == {1: f"It ran in {issue} on {day}."}


def test_a_story_that_ran_as_another_papers_article_is_skipped_too() -> None:
    ran = candidate(1, "world", runs=[run("2026-11-20-daily", days=4)])
    choice = chosen([ran, candidate(2, "sport")], told=stories((1, 2)))
    assert choice.picks == ()
    assert why_not(choice)[2] == "Its story ran in 2026-11-20-daily on 2026-11-20, as article 1."


def test_the_weightier_source_stands_for_a_story_and_of_two_alike_the_earlier() -> None:
    three = [candidate(1, "world"), candidate(2, "local", hours=3), candidate(3, "local", hours=5)]
    assert numbers(chosen(three, told=stories((1, 2, 3)))) == [3]
    doubtful = replace(three[2], article=replace(three[2].article, state=ArticleState.NEEDS_LOOK))
    assert numbers(chosen([*three[:2], doubtful], told=stories((1, 2, 3)))) == [2]


@pytest.mark.parametrize("is_pinned", [False, True])
def test_an_embargo_and_a_withdrawal_stand_against_a_pin(is_pinned: bool) -> None:  # noqa: FBT001
    until = NOW + HOUR
    pin = ruling(1, Ruling.PIN) if is_pinned else None
    made = replace(candidate(1, "world"), pin=pin)
    held = replace(made, article=replace(made.article, embargo=until.isoformat()))
    tail = "; a pin does not lift that" if is_pinned else ""
    assert why_not(chosen([held])) == {1: f"It is under embargo until 2026-11-24 07:00{tail}."}
    over = replace(made, article=replace(made.article, embargo=(NOW - HOUR).isoformat()))
    assert numbers(chosen([over])) == [1]
    gone = replace(made, article=replace(made.article, withdrawn="The page is gone (410)."))
    assert why_not(chosen([gone])) == {1: f"Its source took it back: The page is gone (410){tail}."}


def test_what_is_dated_ahead_too_old_without_text_or_of_another_source_is_left_out() -> None:
    newsletter = replace(newsletter_of(), sources=("world", "local"))
    ahead = candidate(1, "world", hours=-2)
    old = candidate(2, "world", hours=24 * 8)
    bare = candidate(3, "world")
    bare = replace(bare, article=replace(bare.article, paragraphs=()))
    choice = chosen([ahead, old, bare, candidate(4, "sport"), candidate(5, "")], newsletter)
    assert numbers(choice) == [5]
    assert why_not(choice) == {
        1: "It is dated 2026-11-24 08:00, which is still to come.",
        2: "It is 8 days old, more than 7 days (choice.oldest).",
        3: "It has no running text.",
        4: "daily does not take stories from sport.",
    }


def test_what_needs_a_look_is_taken_only_for_want_of_others() -> None:
    doubt = [candidate(n, "world", place=n, reasons=["its text has only 40 words"]) for n in (1, 2)]
    newsletter = replace(newsletter_of(), fewest_stories=2)
    choice = chosen([*doubt, candidate(3, "sport", hours=20, place=9)], newsletter)
    assert numbers(choice) == [3, 1]
    assert choice.picks[1].why.endswith(
        "It needs a look, and fewer than 2 others fit (fewest_stories)."
    )
    enough = chosen([*doubt, candidate(3, "sport"), candidate(4, "local")], newsletter)
    assert numbers(enough) == [4, 3]
    assert why_not(enough)[1] == (
        "It needs a look: its text has only 40 words."
        " Others that need none are enough; pin it to take it in."
    )


def test_what_was_added_by_hand_counts_from_then_and_needs_no_second_look() -> None:
    made = candidate(1, "", hours=24 * 900, reasons=["its text has only 40 words"])
    choice = chosen([made, candidate(2, "local", hours=1)])
    assert numbers(choice) == [2, 1]
    assert choice.picks[1].why == (
        "Number 2 with 9.00 points: 5.00 for being new, 4.00 for being added by hand."
    )


@pytest.mark.parametrize(
    ("published", "moment"),
    [
        ("2026-11-24T05:00:00+00:00", datetime(2026, 11, 24, 5, tzinfo=UTC)),
        ("2026-11-24T06:00:00+02:00", datetime(2026, 11, 24, 4, tzinfo=UTC)),
        ("2026-11-24T05:00:00", datetime(2026, 11, 24, 5, tzinfo=UTC)),
        ("2026-11-23", datetime(2026, 11, 23, 23, 59, tzinfo=UTC)),
        ("2026-11-24", NOW),  # its last minute is to come; it was seen before
        ("2027-01-01T00:00:00Z", NOW),
        ("last Tuesday", NOW),
        ("0001-01-01T00:00:00+14:00", NOW),
    ],
)
def test_an_article_is_as_old_as_it_says_but_no_newer_than_it_was_seen(
    published: str, moment: datetime
) -> None:
    assert moment_of(seen_at(NOW, published=published)) == moment


@st.composite
def shelves(draw: st.DrawFn) -> tuple[list[Candidate], Stories]:
    """A few articles of three sources, some of one story, some pinned, blocked or run."""
    made = []
    for number in range(1, draw(st.integers(1, 12)) + 1):
        one = candidate(
            number,
            draw(st.sampled_from(["world", "sport", "local", ""])),
            hours=draw(st.sampled_from([0, 1, 1, 5, 30, 200])),
            place=draw(st.integers(0, 3)),
            reasons=draw(st.sampled_from([[], [], ["short"]])),
            runs=draw(st.sampled_from([[], [], [run("2026-11-20-daily", days=4)]])),
        )
        ruled = draw(st.sampled_from([None, None, None, Ruling.PIN, Ruling.BLOCK]))
        if ruled is Ruling.PIN:
            one = replace(one, pin=ruling(number, ruled, minute=draw(st.integers(0, 2))))
        elif ruled is Ruling.BLOCK:
            one = replace(one, block=ruling(number, ruled))
        made.append(one)
    ids = [one.id for one in made]
    cut = draw(st.integers(0, len(ids)))
    group = tuple(ids[:cut]) if cut > 1 else ()
    return made, stories(group) if group else Stories()


NEWSLETTERS = st.builds(
    lambda most, fewest, quota: replace(
        newsletter_of(),
        most_stories=most,
        fewest_stories=min(fewest, most),
        choice=ChoiceSettings(sections=(("World", quota),)),
    ),
    st.integers(1, 6),
    st.integers(1, 4),
    st.integers(1, 3),
)


@given(shelves(), NEWSLETTERS, st.randoms(use_true_random=False))
def test_the_same_articles_in_any_order_give_the_same_choice(
    shelf: tuple[list[Candidate], Stories], newsletter: NewsletterSettings, chance: random.Random
) -> None:
    candidates, told = shelf
    shuffled, sources = list(candidates), list(SOURCES)
    chance.shuffle(shuffled)
    chance.shuffle(sources)
    again = chosen(shuffled, newsletter, told=told, sources=sources)
    assert again == chosen(candidates, newsletter, told=told)


@given(shelves(), NEWSLETTERS)
def test_every_article_is_chosen_or_told_why_not_and_the_sums_are_right(
    shelf: tuple[list[Candidate], Stories], newsletter: NewsletterSettings
) -> None:
    candidates, told = shelf
    choice = chosen(candidates, newsletter, told=told)
    assert sorted([*numbers(choice), *why_not(choice)]) == [one.id for one in candidates]
    assert len(choice.picks) <= newsletter.most_stories
    assert not any(pick.candidate.block for pick in choice.picks)
    pinned = [pick.candidate.pin is not None for pick in choice.picks]
    assert pinned == sorted(pinned, reverse=True)
    taken_of_world = [p for p in choice.picks if p.section == "World" and not p.candidate.pin]
    assert len(taken_of_world) <= newsletter.choice.sections[0][1]
    for pick in choice.picks:
        sum_, *parts = (round(float(p) * 100) for p in re.findall(r"\d+\.\d\d", pick.why))
        taken_off = parts.pop() if ", less " in pick.why else 0
        assert sum_ == sum(parts) - taken_off == pick.score.total
    by_points = [p for p in choice.picks if not (p.candidate.pin or p.candidate.needs_look)]
    assert all(a.score.total >= b.score.total for a, b in pairwise(by_points))
