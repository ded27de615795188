"""Which callouts a draft places, where, and why not."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from ingest.candidates_made import NOW, newsletter_of

from newsletter.ingest.drafting.draft_callouts import choose_callouts, with_callouts
from newsletter.model.callout import Callout, CalloutKind, CalloutPast, CalloutStatus
from newsletter.model.issue import CalloutRef, Section, Story
from newsletter.model.text import Paragraph, Text

OPEN = CalloutStatus.OPEN


def callout(name: str, kind: CalloutKind = CalloutKind.APPEAL) -> Callout:
    return Callout(name=name, file=f"callouts/{name}.md", kind=kind, heading="Give", body=())


def notice(name: str) -> Callout:
    return callout(name, CalloutKind.NOTICE)


def chosen(
    known: Sequence[Callout], past: CalloutPast, *, most: int = 1, every: int = 1
) -> tuple[list[str], list[str]]:
    newsletter = replace(
        newsletter_of(callouts=[one.name for one in known]),
        most_callouts=most,
        callout_every=every,
        country="GB",
    )
    taken, findings = choose_callouts(newsletter, known, past)
    return [one.name for one in taken], [finding.message for finding in findings]


def opened(*names: str, **used: int) -> CalloutPast:
    """Open callouts; used tells how many days ago each was used."""
    return CalloutPast(
        statuses=dict.fromkeys(names, OPEN),
        last_used={name: NOW - timedelta(days=days) for name, days in used.items()},
    )


def test_the_one_used_longest_ago_is_placed() -> None:
    known = [callout("a"), callout("b"), callout("c")]
    assert chosen(known, opened("a", "b", "c"))[0] == ["a"]
    assert chosen(known, opened("a", "b", "c", a=1))[0] == ["b"]
    names, told = chosen(known, opened("a", "b", "c", a=2, b=3, c=1))
    assert names == ["b"]
    assert told == [
        "the callout a was not placed: it is the turn of b",
        "the callout c was not placed: it is the turn of b",
    ]


def test_an_open_one_comes_before_one_that_would_block_the_send() -> None:
    assert chosen([callout("a"), callout("b")], opened("b", b=1))[0] == ["b"]
    assert chosen([callout("a")], CalloutPast())[0] == ["a"]


def test_an_issue_has_one_appeal_however_many_callouts_it_may_have() -> None:
    known = [callout("a"), callout("b"), notice("n")]
    names, told = chosen(known, opened("a", "b", "n"), most=3)
    assert names == ["a", "n"]
    assert told == ["the callout b was not placed: an issue has one appeal"]
    assert chosen(known, opened("a", "b", "n"), most=0)[0] == []


@pytest.mark.parametrize(
    ("since", "every", "names"),
    [(None, 3, ["a"]), (0, 1, ["a"]), (0, 3, []), (1, 3, []), (2, 3, ["a"]), (0, 2, [])],
)
def test_an_appeal_stands_in_one_of_so_many_issues(
    since: int | None, every: int, names: list[str]
) -> None:
    past = replace(opened("a"), issues_since=since)
    assert chosen([callout("a")], past, every=every)[0] == names


def test_a_notice_waits_for_no_appeal() -> None:
    past = replace(opened("a", "n"), issues_since=0)
    names, told = chosen([callout("a"), notice("n")], past, every=3)
    assert names == ["n"]
    assert told == [
        "the callout a was not placed: an appeal stands in one of 3 issues, and the last had one"
    ]


def test_a_callout_for_other_readers_or_closed_by_now_is_not_placed() -> None:
    abroad = replace(callout("a"), countries=("US",))
    closed = callout("b")
    past = CalloutPast(statuses={"a": OPEN, "b": CalloutStatus.CLOSED})
    names, told = chosen([abroad, closed], past)
    assert names == []
    assert "it is for readers in US" in told[0]
    assert told[1].endswith("it is closed")


def story(headline: str, text: str = "", *, sensitive: str = "") -> Story:
    return Story(
        headline=headline,
        attributes=(("sensitive", sensitive),) if sensitive else (),
        summary=(Paragraph(children=(Text(text=text),)),),
    )


def placed(stories: Sequence[Story], one: Callout) -> int | None:
    """Tell after which story a callout stands; the last of them is in a second section."""
    sections = [Section(heading="A", blocks=tuple(stories[:-1]))]
    sections.append(Section(heading="B", blocks=tuple(stories[-1:])))
    made, names, findings = with_callouts(sections, [one])
    blocks = [block for section in made for block in section.blocks]
    at = [index for index, block in enumerate(blocks) if isinstance(block, CalloutRef)]
    assert len(at) == len(names)
    assert bool(findings) != bool(at)
    return at[0] - 1 if at else None


def test_it_stands_after_the_lead_or_after_the_story_it_belongs_to() -> None:
    stories = [story("Rain"), story("Sun"), story("War", "Aid for Ukraine's towns"), story("Snow")]
    assert placed(stories, callout("a")) == 0
    assert placed(stories, replace(callout("a"), beside=("ukraine",))) == 2
    assert placed(stories, replace(callout("a"), beside=("moon",))) == 0


def test_it_stands_beside_no_story_that_it_may_not() -> None:
    stories = [story("Rain"), story("A funeral"), story("Sun"), story("Snow"), story("Hail")]
    keeps = replace(callout("a"), not_beside=("funeral",))
    assert placed(stories, keeps) == 2
    marked = [story("Rain", sensitive="yes"), story("Sun"), story("Snow")]
    assert placed(marked, callout("a")) == 1
    assert placed(marked, replace(callout("a"), beside=("rain",))) == 0
    everywhere = [story("A funeral"), story("Sun"), story("A funeral"), story("Snow")]
    assert placed(everywhere, keeps) == 3
    assert placed([story("A funeral"), story("Sun"), story("A funeral")], keeps) is None
