"""Where callouts stand, for whom, and that their words stand nowhere else."""

from dataclasses import replace

import pytest
from case_tables import cases
from check_samples import (
    CALLOUT,
    CALLOUT_REF,
    ISSUE,
    LEAD,
    NEWSLETTER,
    OPEN,
    compose,
    errors,
    found,
    only,
    paragraph,
    request_for,
    with_blocks,
    with_story,
)

from newsletter.model.callout import CalloutKind, CalloutStatus, CalloutUse
from newsletter.model.finding import Severity
from newsletter.model.issue import Brief, Briefs, Issue, TextPassage


@pytest.mark.covers("T53")
@pytest.mark.parametrize(
    "pasted",
    [
        CALLOUT.heading,
        "Disasters Emergency Committee (DEC) charities and their local partners are in Ukraine and "
        "in neighbouring countries providing food, water, shelter and medical assistance. "
        "Learn more and donate what you can today",
        "Learn more and donate what you can today",
    ],
)
@pytest.mark.parametrize("is_placed", [True, False])
def test_a_callouts_wording_pasted_into_a_story_is_an_error(
    pasted: str, *, is_placed: bool
) -> None:
    story = replace(LEAD, summary=(*LEAD.summary, paragraph(pasted, line=17)))
    request = request_for(with_story(story))
    if not is_placed:
        issue = with_blocks(story)
        request = replace(
            request_for(issue, composed=compose(issue)), callouts=(), known_callouts=(CALLOUT,)
        )
    (finding,) = found(request, "S05")
    assert (finding.severity, finding.line) == (Severity.ERROR, 17)
    assert "dec-ukraine" in finding.message


def other_appeal(**changes: object) -> CalloutUse:
    callout = replace(
        CALLOUT, name="other", file="callouts/other.md", heading="Help people in need"
    )
    return CalloutUse(callout=replace(callout, **changes), status=CalloutStatus.OPEN)  # type: ignore[arg-type]


def placing(*names: str) -> Issue:
    refs = [replace(CALLOUT_REF, name=name, line=18 + at) for at, name in enumerate(names)]
    return with_blocks(LEAD, *refs)


def test_the_same_callout_twice_is_a_warning() -> None:
    (finding,) = found(request_for(placing("dec-ukraine", "dec-ukraine")), "S06")
    assert (finding.severity, finding.line) == (Severity.WARNING, 19)
    assert finding.message == "same callout as in line 18"


def test_a_second_appeal_is_a_warning_and_a_notice_or_a_closed_one_is_not() -> None:
    issue = placing("dec-ukraine", "other")
    composed = compose(issue, OPEN, other_appeal())
    uses = (OPEN, other_appeal())
    (finding,) = found(request_for(issue, *uses, composed=composed), "S06")
    assert finding.line == 19
    for use in (
        other_appeal(kind=CalloutKind.NOTICE),
        replace(other_appeal(), status=CalloutStatus.CLOSED, reason="it has closed"),
    ):
        assert not found(request_for(issue, OPEN, use, composed=composed), "S06")


def beside(issue: Issue, **changes: object) -> list[str]:
    use = replace(OPEN, callout=replace(CALLOUT, **changes))  # type: ignore[arg-type]
    return [finding.message for finding in found(request_for(issue, use), "S24")]


def test_a_callout_stands_beside_no_story_with_a_word_that_keeps_it_away() -> None:
    (message,) = beside(ISSUE, not_beside=("football", "russia"))
    assert message.endswith("this story: it tells of “russia”")
    assert beside(ISSUE, not_beside=("foot",)) == []


def test_a_marked_story_keeps_every_callout_away_but_the_appeal_that_belongs_to_it() -> None:
    issue = with_story(replace(LEAD, attributes=(("sensitive", "death"),)))
    assert beside(issue) == [
        "the callout dec-ukraine may not stand beside this story: it is marked as sensitive"
    ]
    assert beside(issue, beside=("ukraine",)) == []
    assert beside(issue, beside=("ukraine",), not_beside=("death",)) != []
    assert beside(with_story(replace(LEAD, attributes=(("sensitive", "no"),)))) == []


def test_the_nearest_brief_counts_and_text_parts() -> None:
    briefs = Briefs(
        items=(
            Brief(headline="A funeral in the old town", url="https://example.org/b", line=21),
            Brief(headline="Rain", url="https://example.org/c", line=22),
        ),
        line=21,
    )
    assert beside(with_blocks(LEAD, CALLOUT_REF, briefs), not_beside=("funeral",)) != []
    assert beside(with_blocks(LEAD, briefs, CALLOUT_REF), not_beside=("funeral",)) == []
    text = TextPassage(blocks=(paragraph("And now.", line=20),), line=20)
    assert beside(with_blocks(LEAD, CALLOUT_REF, text, briefs), not_beside=("funeral",)) == []


@pytest.mark.parametrize(
    ("changes", "country", "language", "told"),
    cases("callout_places", "a_callout_is_for_the_readers_that_its_file_names"),
)
def test_a_callout_is_for_the_readers_that_its_file_names(
    changes: dict[str, tuple[str, ...]], country: str, language: str, told: str
) -> None:
    use = replace(OPEN, callout=replace(CALLOUT, **changes))  # type: ignore[arg-type]
    newsletter = replace(NEWSLETTER, country=country, language=language)
    request = replace(request_for(ISSUE, use), newsletter=newsletter)
    assert [told in finding.message for finding in found(request, "S25")] == [True] * bool(told)


def test_a_callout_for_other_readers_is_an_error() -> None:
    use = replace(OPEN, callout=replace(CALLOUT, countries=("FR",)))
    request = replace(request_for(ISSUE, use), newsletter=replace(NEWSLETTER, country="GB"))
    finding = only(request, "S25")
    assert finding.severity is Severity.ERROR
    assert finding.evidence == "callouts/dec-ukraine.md: countries FR, languages all"


@pytest.mark.covers("T53")
def test_own_words_for_an_appeal_name_no_amount_and_no_other_place() -> None:
    use = replace(OPEN, callout=replace(CALLOUT, own_wording=True))
    words = (paragraph("Give \u00a35 at evil.example or www.dec.org.uk now, please do.", line=19),)
    issue = with_blocks(LEAD, replace(CALLOUT_REF, body=words))
    told = [finding.message for finding in found(request_for(issue, use), "S05")]
    assert "the words for dec-ukraine name an amount of money" in told
    assert told.count("the words for dec-ukraine show an address that it does not allow") == 1
    assert "S05" in errors(request_for(issue, use))
