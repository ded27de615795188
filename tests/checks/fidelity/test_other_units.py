"""A figure that stands beside another unit than in its source."""

from newsletter.checks.fidelity.other_units import other_units

SOURCE = (
    "Tarrant raised its forecast after orders rose by 12.5% in the three months to October. "
    "It has a contract for six years. The court was told that the council had rejected the plan. "
    "The fire killed two workers, who had asked three times for the doors to be cleared."
)


def test_a_figure_beside_another_unit_is_told() -> None:
    assert other_units("Orders rose in six months.", SOURCE) == ("six months",)
    assert other_units("Jailed for fire that killed three", SOURCE) == ("killed three",)
    for said in ("Orders rose in 3 months.", "A contract for six years.", "It lasted four days."):
        assert other_units(said, SOURCE) == ()
    assert other_units("A fire that killed two people", SOURCE) == ()


def test_a_figure_of_a_kind_that_cannot_be_meant_is_told() -> None:
    source = "All 310 pupils were sent home for six weeks. The council turned down the appeal."
    assert other_units("All 310 teachers were sent home.", source) == ("310 teachers were",)
    assert other_units("It shut for six months.", source) == ("six months",)
    for right in ("All 310 children were sent home.", "About 310 pupils left for six weeks."):
        assert other_units(right, source) == ()


def test_an_age_needs_no_unit() -> None:
    source = "A man of 58 was revived at mile 22, and ran for nine years before."
    assert other_units("A 58-year-old man was revived at mile 22.", source) == ()


def test_a_majority_is_the_difference_of_two_figures() -> None:
    source = "The cabinet approved the plan by five votes to four at two meetings and one vigil."
    assert other_units("Charges go through by one vote", source) == ()


def test_a_part_of_a_whole_counts_no_whole() -> None:
    source = "Two of nine policymakers wanted a cut. Six members voted to hold."
    assert other_units("Six of nine policymakers voted to hold.", source) == ()
