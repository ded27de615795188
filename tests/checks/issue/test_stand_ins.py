"""What stands for something unwritten, in the shapes of forms, programs and copy desks."""

from newsletter.checks.issue.stand_ins import stand_in
from newsletter.checks.written import Field, Written


def _told(text: str, field: Field = Field.SUMMARY) -> str:
    hit = stand_in(Written(field=field, text=text, line=9))
    return hit[2] if hit else ""


def test_gaps_are_told() -> None:
    for text in (
        "The mill has %d looms.",
        "The mill is sold. tk tk tk",
        "The mill was built in 19XX by Xxxxx Xxxxx.",
        "The council has X members.",
        "Editor's note goes here.",
        "The mill is sold. Insert summary.",
        "More copy to follow from Karl.",
        "Write something here about the parties.",
        "Sed ut perspiciatis unde omnis iste natus.",
        "Texte à rédiger.",
        "Der Verein tagt. Text hier einfügen.",
        "Write 40 to 90 characters that tell more",
    ):
        assert _told(text), text
    assert _told("Preheader text: what the mail tells", Field.PREHEADER)
    assert _told("Headline: choir seeks basses", Field.HEADLINE)
    assert _told("Insert photo of the mayor", Field.ALT)


def test_prose_is_none() -> None:
    for text in (
        "Half of 1,200 (50%) said that the note was missing and the story is to be confirmed.",
        "Emojis and kisses xxx are no crime; xXx was a film, and Malcolm X fans saw it.",
        "A note here would help, the mayor said; nobody sent the photo that was needed.",
        "“Write a line about love,” the poet told them. They wrote 40 lines each.",
        "He asked them to replace the text of the law, and to change the date.",
        "The Lorem Ipsum café sold 100 meals; its owner, Jean Martin, is 41.",
    ):
        assert not _told(text), text
    assert not _told("Title: a town waits for its cup final", Field.SUMMARY)


def test_headings_and_calls_to_readers_are_none() -> None:
    for heading in ("More news", "More stories", "Some good news", "More pictures from the fair"):
        assert not _told(heading, Field.SECTION), heading
    for text in (
        "Add your name to the petition.",
        "Add the date to your diary.",
        "Put the date in your diary.",
        "Write a letter to your councillor.",
        "Enter the photo competition by Friday.",
        "Send more photos of the fair.",
        "Test results are out on Thursday.",
        "Draft plans are on show at the library.",
        "Leave a comment below the story.",
        "Replace the bins, residents say.",
        "Provide some details of your trip to the desk by Friday.",
    ):
        assert not _told(text), text


def test_none_may_begin_a_sentence_and_greets_nobody() -> None:
    for text in (
        "None is longer than two hours, and one can be done with a pushchair.",
        "None, however, has been repaid.",
    ):
        assert not _told(text), text
    for text in ("None, here are today's stories.", "Dear None, good morning.", "None"):
        assert _told(text), text


def test_a_sentence_about_what_is_to_be_told_is_told() -> None:
    for text in (
        "A sentence about the market.",
        "Hier ein Satz zum Wochenmarkt.",
        "Ici une phrase",
    ):
        assert _told(text), text
    for text in (
        "A line on the map divides the town.",
        "Hier eine Schule zu bauen, ist teuer.",
        "Ici, la phrase est célèbre depuis que le maire l'a dite devant les caméras en mai 1968.",
    ):
        assert not _told(text), text


def test_what_is_to_stand_here_in_other_languages_is_told() -> None:
    for text in (
        "Hier steht der Text zum Hochwasser.",
        "Hier kommt noch ein kurzer Absatz über die Kitas hin.",
        "Ici viendra le texte sur la grève.",
        "Aquí va el texto sobre la huelga.",
    ):
        assert _told(text), text
    for text in (
        "Hier steht der Textildiscounter seit 1990.",
        "Hier steht die Zeit still, sagt die Wirtin.",
        "Hier stehen 200 Jahre alte Buchen.",
        "Ici, la vie est chère.",
        "Aquí va a llover el domingo.",
    ):
        assert not _told(text), text
