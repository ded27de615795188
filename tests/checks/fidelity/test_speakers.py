"""Words that are another person's, and offices that the source does not name."""

from newsletter.checks.fidelity.name_pairs import other_surnames
from newsletter.checks.fidelity.speakers import other_ranks, other_roles, other_speakers
from newsletter.checks.fidelity.time_words import other_times

SOURCE = (
    'Council leader Margaret Oyelaran said: "This wall is a promise kept to all of us."\n'
    'Green councillor Petra Lindholm voted against. "We are moving the water to the next village," '
    "she said. Chairwoman Rosalind Harker owns the brewery, whose brewer is Imran Sadiq. "
    "Coroner Judith Amery opened the inquest."
)


def _speakers(text: str) -> list[str]:
    return [speaker for speaker, _ in other_speakers(text, SOURCE)]


def test_a_quotation_of_somebody_else_is_told() -> None:
    wrong = 'Petra Lindholm said: "This wall is a promise kept to all of us."'
    assert _speakers(wrong) == ["Petra Lindholm"]
    wrong = '"We are moving the water to the next village," said Margaret Oyelaran.'
    assert _speakers(wrong) in ([], ["Margaret Oyelaran"])
    for right in (
        '"This wall is a promise kept to all of us," said Margaret Oyelaran.',
        '"We are moving the water to the next village," Petra Lindholm said.',
        '"This wall is a promise kept to all of us," the leader said.',
        '"A promise kept," said Petra Lindholm.',
    ):
        assert _speakers(right) == []


def test_an_office_that_the_source_does_not_name_is_told() -> None:
    assert other_roles("Judge Judith Amery opened it.", SOURCE) == ("judge",)
    assert other_roles("Imran Sadiq will become chairman.", SOURCE) == ("chairman",)
    assert other_ranks("It was said by deputy leader Margaret Oyelaran.", SOURCE) == ("deputy",)
    for text in ("Coroner Judith Amery opened it.", "Chair Rosalind Harker owns it."):
        assert other_roles(text, SOURCE) == () == other_ranks(text, SOURCE)


def test_names_and_seasons_of_other_languages_are_told() -> None:
    source = "Das Bad soll im Herbst 2028 öffnen, sagte Oberbürgermeisterin Carola Wendt im Mai."
    assert other_surnames("Oberbürgermeisterin Carola Wendel", source) == ("Carola Wendel",)
    assert other_surnames("Carola Wendts Bad. Das Hallenbad der Stadt", source) == ()
    assert other_times("Es öffnet im Frühjahr.", source, "de") == ("frühjahr",)
    assert other_times("Es öffnet im Herbst, das war im Mai klar.", source, "de") == ()
    assert (
        other_times("Il a été voté en mars.", "Le vote a eu lieu en mars, à l'hiver.", "fr") == ()
    )


def test_an_office_that_the_source_gives_to_somebody_else_is_told() -> None:
    source = (
        "Parish council chairman Roy Belling objected. Health board director Simon Farrow agreed."
    )
    assert other_roles("It stays, said Simon Farrow, chairman of the board.", source) == (
        "chairman",
    )
    for right in ("Simon Farrow, a director of the board,", "Chairman Roy Belling"):
        assert other_roles(right, source) == ()


def test_who_speaks_stands_right_behind_a_quotation_whatever_else_is_named() -> None:
    says = (
        '"This wall is a promise kept to all of us," said {} of the Copper Kettle in Mill Street.'
    )
    assert _speakers(says.format("Petra Lindholm")) == ["Petra Lindholm"]
    assert _speakers(says.format("Margaret Oyelaran")) == []


def test_what_somebody_called_it_is_a_quotation_of_theirs() -> None:
    source = (
        "The culture lead, Jasmin Rahimi, announced it on Friday.\n"
        'Peter Lockwood, who leads the Liberals, called the plan "a ribbon in search of scissors".'
    )
    said = 'The lead, {}, called it "a ribbon in search of scissors".'
    assert [name for name, _ in other_speakers(said.format("Jasmin Rahimi"), source)] == [
        "Jasmin Rahimi"
    ]
    assert list(other_speakers(said.format("Peter Lockwood"), source)) == []
