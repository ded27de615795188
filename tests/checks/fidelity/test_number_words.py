"""Numbers in words that a source does not have, in French, German and Spanish."""

from newsletter.checks.fidelity.number_words import absent_number_words, said_in_words

GERMAN = "Elf Menschen wurden verletzt, 3 davon schwer. Zwei Wagen brannten aus."


def test_another_number_is_told() -> None:
    assert absent_number_words("Zwölf wurden verletzt.", GERMAN, "de") == ("zwölf",)
    assert absent_number_words("Hay nueve heridos.", "Hay cuatro heridos.", "es") == ("nueve",)
    assert absent_number_words("Dix blessés.", "Il y a onze blessés.", "fr") == ("dix",)


def test_the_same_number_in_digits_or_words_is_none() -> None:
    for same in ("11 wurden verletzt, drei schwer.", "Elf Verletzte, zwei Wagen.", "Ein Wagen."):
        assert absent_number_words(same, GERMAN, "de") == ()
    assert absent_number_words("Drei Wagen.", "Ein Wagen, ein zweiter.", "de") == ()
    assert absent_number_words("Nine were hurt.", "Four were hurt.", "en") == ()


def test_a_figure_is_backed_by_its_word_in_the_source() -> None:
    for figure, source, language in (
        ("8", "Habrá ocho trenes al día.", "es"),
        ("9", "Il y a neuf blessés.", "fr"),
        ("11", GERMAN, "de"),
        ("4", "Bydd pedair ysgol yn cau.", "cy"),
        ("٣", "وصل ثلاثة قطارات", "ar"),
    ):
        assert said_in_words(figure, source, language), figure
        assert not said_in_words("7", source, language), figure
    assert not said_in_words("2,4", GERMAN, "de")


def test_a_welsh_number_is_known_in_each_of_its_forms() -> None:
    there = "Bydd pedair ysgol a thri chapel yn cau."
    assert absent_number_words("Bydd bum ysgol yn cau.", there, "cy") == ("bum",)
    for same in ("Bydd bedair ysgol yn cau.", "Caeodd y ddau eu drysau.", "Tri chapel a 4 ysgol."):
        assert absent_number_words(same, there, "cy") == ()
