"""Pieces that a field says are still to come, in the habits of six languages' newsrooms."""

from newsletter.checks.issue.desk_marks import desk_mark
from newsletter.checks.issue.open_pieces import open_piece
from newsletter.checks.written import Field, Written


def _is_told(text: str, field: Field = Field.SUMMARY) -> bool:
    return open_piece(Written(field=field, text=text, line=1)) is not None


def test_a_short_field_that_waits_for_its_words_is_told() -> None:
    for field, texts in {
        Field.KICKER: (
            "Ressort eintragen",
            "Poner antetítulo",
            "Is-bennawd i ddod",
            "العنوان التمهيدي هنا",
            "slug here",
        ),
        Field.SECTION: (
            "Titre de rubrique",
            "Zwischenüberschrift",
            "Sección (cambiar)",
            "SECTION HEAD 4",
            "Intertitre",
            "Ladillo",
        ),
        Field.ALT: (
            "Photo à choisir par le service photo",
            "Foto por confirmar",
            "Llun i ddilyn",
            "صورة لاحقا",
            "caption to come from picture desk",
        ),
        Field.BYLINE: (
            "Par (signature ?) · 1 min de lecture",
            "Por firma pendiente · 2 min de lectura",
            "Gan enw'r awdur · 1 funud",
        ),
    }.items():
        for text in texts:
            assert _is_told(text, field), text


def test_a_gap_in_running_text_is_told() -> None:
    for text in (
        "Die Baustelle ruht. (Uli: Summe noch checken!)",
        "Die Bergung dauerte lange. (Zahl der Helfer nachtragen)",
        "Wir geben sie weiter. +++ hier noch Hinweis auf das Konto, kommt von Katrin +++",
        "Teaser kommt noch.",
        "We print the times each week. (NB para 2 to be signed off by Hilary)",
        "El plan costará XXX.000 euros.",
        "El proyecto cuesta X millones de euros.",
        "La ville attend ... million d'euros par an.",
    ):
        assert _is_told(text), text


def test_prose_is_none() -> None:
    for field, texts in {
        Field.KICKER: ("Photo", "Signature", "Firma", "Foto", "Destacado", "Sección oficial"),
        Field.SECTION: ("En images", "Titres", "Bild der Woche", "Foto del día", "Sumario"),
        Field.ALT: (
            "Une photo à la main, le maire sourit",
            "Bild im Rahmen: Der Chor probt",
            "El alcalde firma el acuerdo",
            "صورة قديمة للميناء",
        ),
        Field.BYLINE: (
            "Par Anne Lagarde · 2 min de lecture",
            "Von Autorin Maria Foto",
            "Photo: Jane Doe",
            "Photographie",
            "Por Marta Firma",
        ),
        Field.SUMMARY: (
            "+++ Die Bahn fährt wieder +++ Zwei Züge fallen aus +++",
            "Der Minister (CDU: Wir werden das prüfen) blieb im Amt.",
            "Some banks (the NB among them) need to be signed off by the regulator.",
            "Malcolm X million-dollar posters are sold; the X account is closed.",
            "Sie erreicht auf X Millionen Menschen.",
            "Des centaines… millions d'euros, dit-il.",
            "Foto und Bild folgen dem Text; der Name des Ortes fehlt auf der Karte.",
        ),
    }.items():
        for text in texts:
            assert not _is_told(text, field), text


def test_a_note_in_square_brackets_may_be_long_and_run_over_lines() -> None:
    def told(text: str) -> bool:
        return desk_mark(Written(field=Field.EDITOR, text=text, line=1), "fr") is not None

    note = "[Nadège, tu peux relire la fin et ajouter le numéro\navant l'envoi de sept heures ?]"
    assert told(f"Vos témoignages nous aident. {note}")
    assert not told(f"« Vos témoignages nous aident {note} », dit-elle.")
