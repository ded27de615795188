"""What says another thing than its source with the source's own words."""

from newsletter.checks.fidelity.contradictions import opposites, other_units

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


def test_a_word_in_the_place_of_its_opposite_is_told() -> None:
    for said, word in (
        ("Tarrant orders fall by 12.5%", "fall"),
        ("The council approved the plan, the court was told.", "approved"),
    ):
        assert [told.split(",")[0] for told, _ in opposites(said, SOURCE)] == [word]
    for said in (
        "Tarrant orders rise by 12.5%",
        "The council did not approve the plan, the court was told.",
        "Prices in London may fall next year.",
    ):
        assert opposites(said, SOURCE) == ()


def test_a_figure_of_a_kind_that_cannot_be_meant_is_told() -> None:
    source = "All 310 pupils were sent home for six weeks. The council turned down the appeal."
    assert other_units("All 310 teachers were sent home.", source) == ("310 teachers were",)
    assert other_units("It shut for six months.", source) == ("six months",)
    for right in ("All 310 children were sent home.", "About 310 pupils left for six weeks."):
        assert other_units(right, source) == ()
    assert opposites("The council accepted the appeal.", source)
    assert not opposites("It will close in May and reopen in June.", "It is to reopen in June.")
