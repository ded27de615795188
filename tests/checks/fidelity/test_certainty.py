"""What may be, told as what would or is to be."""

from newsletter.checks.fidelity.certainty import promoted

SOURCE = (
    "Coroner criticises hospital\n"
    "A girl of six who died of sepsis might have survived if she had been given antibiotics "
    "sooner, a coroner has found.\n"
    "Work may begin in March if the ground is dry enough. The strike could close three schools on "
    "Friday. The mill may be sold to a German firm.\n"
    "Thousands will march in London on Saturday, and the march may end at Parliament. The tunnel "
    "might not open before 2030.\n"
    "The council will open the pool in June; the pool may open in May, a councillor said."
)


def _told(text: str) -> list[tuple[str, str]]:
    return [(one.told, one.there) for one in promoted(text, SOURCE)]


def test_a_doubt_that_was_lost_is_told() -> None:
    for text, told in {
        "The girl, six, would have survived if she had been given antibiotics, a coroner found.": (
            "would have survived",
            "might have survived",
        ),
        "Work is set to begin in March when the ground is dry.": ("is set to begin", "may begin"),
        "Three schools are to close on Friday.": ("are to close", "could close"),
        "The mill is to be sold to a German firm.": ("is to be sold", "may be sold"),
    }.items():
        assert _told(text) == [told], text


def test_a_doubt_in_other_words_and_what_is_sure_are_none() -> None:
    for text in (
        "The girl might have survived with antibiotics, a coroner found.",
        "A girl of six would probably have survived with antibiotics given sooner.",
        "Work would begin in March if the ground is dry.",
        "Work is likely to begin in March on dry ground.",
        "Thousands will march in London on Saturday.",
        "The tunnel will not open before 2030.",
        "The council will open the pool in June.",
        "The mill has 300 looms and will be a museum.",
        "",
    ):
        assert _told(text) == [], text


def test_the_source_bears_itself_out() -> None:
    assert _told(SOURCE) == []
