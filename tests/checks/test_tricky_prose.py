"""Sentences that look like mistakes and are none, and others that are no sentences at all."""

# ruff: noqa: RUF001 (misread characters and quotation marks are what is tried here)

from collections.abc import Iterator
from dataclasses import replace
from time import process_time

import pytest
from check_samples import ISSUE, LEAD, NEWSLETTER, paragraph, request_for, with_story
from hypothesis import given
from hypothesis import strategies as st

from newsletter.checks.issue.garbled import misread
from newsletter.checks.issue.tongue import language_of
from newsletter.checks.run import CHECKS, CheckRequest
from newsletter.model.finding import Finding, Severity
from newsletter.model.issue import StoryImage

SCANNERS = (
    "S02",
    "S03",
    "S08",
    "S13",
    "S14",
    "S15",
    "S16",
    "S26",
    "S27",
    "S28",
    "S29",
    "S30",
    "S31",
)
LOOKED_AT = ("S13", "S26", "S28", "S29", "S30", "S31")


def found(request: CheckRequest, checks: tuple[str, ...]) -> Iterator[Finding]:
    for check in checks:
        look = CHECKS[check].at_source
        assert look is not None
        yield from look(request)


@pytest.mark.parametrize(
    "sentence",
    [
        "TK Maxx and the bank's TBC Capital arm both said that they knew nothing of it.",
        "Turkish Airlines flight TK 1980 landed safely at Heathrow after the warning.",
        "The men of XXX Corps, who reached the bridge at dusk, are remembered each May.",
        "He won Super Bowl XXX with the Cowboys, and Psalm XXX was read at his funeral.",
        "It is full. A and E stays open all night, and grade A or B will do, the trust said.",
        "An xXx film and two XXX-rated comedies were seized, the customs officers said.",
        "“I told [the minister] and [name withheld] that it would fail,” the engineer said.",
        "The council wrote “[sic]” beside the sentence, and printed the letter in full.",
        "Shakespeare did not insert the line, a scholar says; a printer added it in 1623.",
        "A copy of the letter, headed “Untitled”, was found among the prime minister's papers.",
        "What the f*** is that, she asked; the s**t hits the fan in part two of the series.",
        "She had had enough, and said that that was that; he was very, very sorry about it.",
        "The hotel was rated *** by inspectors, and its kitchen 4/5, which is 2 < 3 to some.",
        "“Wait... what?!” he said. Then: “No!” And then (after a pause): “Well, all right.”",
        "The score was 3-2 (4-3 on aggregate); Q&A with R&D staff of AT&T and M&S follows.",
        "A vote is due on Friday 27 November, and again on 3 May; the last was on 6 June 1975.",
        "CAFÉ–BAR and MÜLLER’S “É–” are on the list, says l’Agence; so is the naïve Zoë Ångström.",
        "Five charts, three stories of survival and the ten best reads of the century so far.",
        "The band was called !!! and its singer e. e. jones; its record is “.5: The Gray Chapter”.",
        "Node.js and Booking.com fell; Yahoo! rose. So did the U.S. dollar, the euro and gold.",
        "Emojis 🙂 and kisses xxx are no crime, a judge ruled; nor is writing in lower case.",
        'The 5" and 7" models cost £20 and £30; both need firmware 1.2.3 or later, it says.',
    ],
)
def test_a_sentence_that_is_right_brings_no_finding(sentence: str) -> None:
    request = request_for(with_story(replace(LEAD, summary=(paragraph(sentence, line=16),))))
    assert list(found(request, LOOKED_AT)) == []


@pytest.mark.parametrize(
    ("text", "piece"),
    [
        ("donâ€™t", "â€™"),
        ("cafÃ© noir", "Ã©"),
        ("Â£40", "Â£"),
        ("Ã–sterreich", "Ã–"),
        ("ÐŸÑ€Ð¸Ð²ÐµÑ‚", "ÐŸ"),
        ("Ø§Ù„Ø¨Ø±Ù„Ù…Ø§Ù†", "Ø§"),
        ("a wink ðŸ˜‰", "ðŸ˜‰"),
        ("left over ï»¿", "ï»¿"),
    ],
)
def test_utf8_that_was_read_as_windows_1252_is_found(text: str, piece: str) -> None:
    assert misread(text) == (text.index(piece), piece)


@given(st.text(st.characters(codec="utf-8", categories=["L", "M"]), min_size=1, max_size=40))
def test_words_are_not_taken_for_misread_ones(word: str) -> None:
    at, piece = misread(word)
    assert at < 0 or len(piece) > 1


@given(
    st.lists(
        st.sampled_from("áéíóúàèìòùâêîôûäëïöüñçßæøåœ£€§«»“”‘’–—… abcdeABCDE.,!?"), max_size=60
    ).map("".join)
)
def test_text_misread_once_is_found_and_the_text_itself_is_not(text: str) -> None:
    try:
        garbled = text.encode().decode("cp1252")
    except UnicodeDecodeError:
        return
    if any(char in garbled for char in "âÃ") and not text.isascii():
        assert misread(garbled)[0] >= 0


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (
            "The minister said that they have been in the talks with his own party and would go.",
            "en",
        ),
        (
            "Les élèves qui sont dans les écoles ont été entendus, mais la ministre est loin.",
            "fr",
        ),
        ("Die Abgeordneten haben sich nicht geeinigt, und das Gesetz wird auf Mai vertagt.", "de"),
        (
            "El Gobierno dice que los precios han subido más, pero las familias pagan menos.",
            "es",
        ),
        (
            "Mae'r gwaith wedi dod i ben, ac y mae hyn yn golygu y bydd y bont yn agor cyn bo hir.",
            "cy",
        ),
        (
            "أعلن رئيس البرلمان أن التصويت سيجري يوم الخميس المقبل وقال إن اللجنة تحتاج إلى الوقت",
            "ar",
        ),
        ("Real Madrid 2, Borussia Dortmund 1", ""),
    ],
)
def test_a_language_is_told_by_its_common_words(text: str, code: str) -> None:
    assert language_of(text) == code


TYPED = st.lists(
    st.one_of(
        st.sampled_from(
            ["TK", "[", "]", "{{", "}}", "<b", ">", "**", "](", "&amp;", "Ã", "â€", "?? "]
        )
        | st.sampled_from(["today, ", "Friday ", "31 ", "February ", "2022-02-30", "five more"])
        | st.sampled_from(
            ["the the ", " ,", "“", '"', "(", "by ", "https://", "?utm_a=1", "@", "\n"]
        ),
        st.text(max_size=6),
    ),
    max_size=12,
).map("".join)
LANGUAGES = st.sampled_from(["en-GB", "fr", "de-DE", "es", "cy", "ar", "ja", "zh-Hant", "xx", "en"])


@given(TYPED, TYPED, TYPED, LANGUAGES)
def test_nothing_that_can_be_typed_makes_a_scanner_raise(
    subject: str, line: str, text: str, language: str
) -> None:
    story = replace(
        LEAD,
        headline=line,
        url=text,
        kicker=line,
        byline=text,
        image=StoryImage(url=line, alt=text, line=13),
        summary=(paragraph(text, line=16),),
    )
    issue = replace(with_story(story), subject=subject, preheader=line)
    newsletter = replace(NEWSLETTER, language=language)
    request = replace(request_for(), issue=issue, newsletter=newsletter)
    for finding in found(request, SCANNERS):
        assert finding.message
        assert finding.remedy
        assert finding.line >= 0


@pytest.mark.covers("T20")
@pytest.mark.parametrize(
    "piece", ["16 March ", "Friday ", "today, Friday ", "<a ", "[a ", "Ã©", "“", "five ", "a@", "{"]
)
def test_a_text_four_times_as_long_takes_no_more_than_ten_times_as_long(piece: str) -> None:
    assert _seconds(piece, 80_000) < 10 * _seconds(piece, 20_000) + 0.5


def _seconds(piece: str, length: int) -> float:
    """Of this process: how busy the machine is says nothing of a pattern."""
    request = _long(piece, length)
    began = process_time()
    assert sum(1 for _ in found(request, SCANNERS)) < 500
    return process_time() - began


def _long(piece: str, length: int) -> CheckRequest:
    text = piece * (length // len(piece))
    story = replace(LEAD, headline=text, byline=text, summary=(paragraph(text, line=16),))
    return replace(request_for(), issue=replace(with_story(story), subject=text))


def test_the_sample_itself_brings_nothing() -> None:
    assert [f for f in found(request_for(ISSUE), SCANNERS) if f.severity is not Severity.INFO] == []
