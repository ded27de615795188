"""People of German texts whom the source does not know."""

from newsletter.checks.fidelity.name_pairs import (
    absent_persons,
    misspelt_names,
    other_surnames,
)

SOURCE = (
    "Der Stadtrat von Aschaffenburg spart. Oberbürgermeisterin Katrin Lindner sagte, das Bad "
    "schließe. Die Stadt rechnet mit Ende Februar."
)


def test_persons_that_the_source_lacks_are_told() -> None:
    for text, name in {
        "„Das kostet“, sagte Sprecher Uwe Rascher.": "Uwe Rascher",
        "Bürgermeister Kevin Lindner spart.": "Kevin Lindner",
        "Das Bad schließe, so Stadtrat Cengiz Yilmaz.": "Cengiz Yilmaz",
    }.items():
        assert absent_persons(text, SOURCE) == (name,), text
    assert other_surnames("Katrin Lindauer sagte das.", SOURCE) == ("Katrin Lindauer",)


def test_other_words_with_capitals_are_none() -> None:
    for text in (
        "„Das kostet“, sagte Oberbürgermeisterin Katrin Lindner.",
        "Katrin Lindners Stadtrat spart bis Ende Februar.",
        "Das Bad schließe, so Frau Lindner.",
        "Mitte Januar fehlten Prozent Zustimmung, so Verein und Stadt.",
        "",
    ):
        assert absent_persons(text, SOURCE) == (), text


def test_a_name_that_is_a_letter_away_from_the_sources_is_told() -> None:
    source = "Künftig fahren Schwangere nach Rotenau. Landrätin Behrends spricht von Gärten."
    for text, told in (
        ("Schwangere fahren nach Rodenau.", ("Rodenau",)),
        ("Landrätin Behrendts spricht.", ()),  # the ending may differ
        ("Landrätin Behredns spricht.", ()),
        ("Landrätin Berhends spricht.", ("Berhends",)),
        ("Ein Garten in Rotenau, und Schwangeren hilft er.", ()),
        ("Rotenau und Rodenau sind zwei Orte.", ()),
    ):
        assert misspelt_names(text, source) == told, text
