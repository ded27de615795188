"""Marks of copy desks that are words of prose too."""

from newsletter.checks.issue.desk_marks import desk_mark
from newsletter.checks.issue.foreign_notes import foreign_note
from newsletter.checks.written import Field, Written


def _is_told(text: str, field: Field = Field.SUMMARY) -> bool:
    return desk_mark(Written(field=field, text=text, line=1)) is not None


def test_a_name_that_is_to_be_put_in_is_told() -> None:
    for text in (
        "First name",
        "By staff name",
        "Words by reporter name",
        "The mayor, last name here",
    ):
        assert _is_told(text), text
    assert _is_told("Author name", Field.BYLINE)


def test_names_that_are_told_of_are_none() -> None:
    for text in (
        "The skipper knows every rock by its first name.",
        "She never gave her full name.",
    ):
        assert not _is_told(text), text
    assert not _is_told("Mayor calls the King by his first name", Field.HEADLINE)


def test_somebody_still_to_be_named_is_told_in_german() -> None:
    def told(text: str) -> bool:
        return foreign_note(Written(field=Field.SUMMARY, text=text, line=1), "de") is not None

    for text in (
        "„Wir warten“, sagte N.N. aus dem Rathaus.",
        "Die Leitung übernimmt N. N., der im Mai beginnt.",
    ):
        assert told(text), text
    for text in ("Mephisto: N.N.", "Der Kurs (N.N.) beginnt im Mai.", "Der FC St. Pauli siegt."):
        assert not told(text), text


def test_a_note_to_a_colleague_is_told_and_a_question_to_readers_is_not() -> None:
    for text in (
        "Tom, can you check the number of streets with the council before this goes?",
        "The wall is long. Helen \u2013 could you confirm the spelling of his name with the desk?",
        "Could someone ring the trust before this goes out?",
        "Please check with legal before we publish.",
        "Sian, please cut this to two lines.",
        "The stand comes down in May (Jack to ring the club for a quote).",
        "Priya: did you chase the picture desk for the map of the flood plain?",
        "Forty trees (how many? Lena to supply) go in by March.",
        "The bridge opens in May (dbl check!).",
        "The fair is back. Add line from the organisers here.",
        "Insert a short quote from the mayor here",
    ):
        assert _is_told(text), text
    for text in (
        "Finally, can you check whether your smoke alarm works, and a neighbour's too?",
        "Can you help us find the owner of this hat before the winter comes?",
        "Please tell us what you think before we publish the letters page on Friday.",
        "Add your name here, says the poster. Add a pinch of salt here and there.",
        "The plan is late (Leeds, Hull and York to send their answers by May).",
        "The road (A59 to Thornley) is shut, and Jack Ellery (17 to play) is hurt.",
        "Parents, please check the timetable on Monday.",
        "Order before we send the last boxes to the hospice.",
        "Tom Akers asked the council whether it would check the wall before it falls.",
    ):
        assert not _is_told(text), text


def test_notes_and_fields_to_fill_in_are_told_in_other_languages() -> None:
    def told(text: str, language: str, field: Field) -> bool:
        return foreign_note(Written(field=field, text=text, line=1), language) is not None

    for language, field, text in (
        ("de", Field.SUBJECT, "Betreffzeile hier einfügen"),
        ("de", Field.PREHEADER, "Vorschautext bitte noch ergänzen"),
        ("de", Field.SUMMARY, "Entschieden wird später (Sören, bitte Termin nachtragen)."),
        ("de", Field.SUMMARY, "Maren, kannst du die Zahl der Betten noch einmal prüfen?"),
        ("fr", Field.PREHEADER, "Texte d'aperçu à compléter avant l'envoi de la lettre"),
        ("fr", Field.HEADLINE, "Titre reste à trouver"),
        ("fr", Field.SUMMARY, "Hugo, peux-tu vérifier le nombre de camions ?"),
        ("es", Field.SUBJECT, "Asunto por definir con la redacción"),
        ("es", Field.SUMMARY, "Marta, ¿puedes confirmar la cifra con el ayuntamiento?"),
    ):
        assert told(text, language, field), text
    for language, field, text in (
        ("de", Field.SUBJECT, "Text des Abkommens ändern? Der Streit"),
        ("de", Field.SUMMARY, "Bitte prüfen Sie die Rauchmelder, rät die Feuerwehr."),
        ("fr", Field.SUBJECT, "Le titre à suivre : Nantes contre Brest"),
        ("fr", Field.SUMMARY, "Pour Hugo, il est temps de vérifier les chiffres."),
        ("es", Field.SUMMARY, "Marta Gil puede confirmar la cifra el lunes."),
    ):
        assert not told(text, language, field), text
