"""What an editor's own words turn round."""

from newsletter.checks.fidelity.edits import edits

SOURCE = (
    "Profit before tax rose to £6.8m in the year to August, from £5.1m the year before.\n"
    "The company is to cut a third of its Sunday buses and put up single fares from £2.50 to £2.80."
    " Passengers were 14 per cent fewer.\n"
    "Most are children under ten, and five have needed treatment in hospital. Nobody has died.\n"
    "The railway will run its trains at lower speeds from noon. It has not cancelled any trains."
)
TURNED = {
    "Profit slipped to £6.8m last year.": ("slipped … £6.8m", "rose"),
    "Fares will be £2.80, down from £2.50.": ("down … £2.50", "up"),
    "Five patients have died in hospital.": ("died", ""),
    "Trains are cancelled in the afternoons.": ("cancelled", ""),
}
SAME = (
    "Profit climbed to £6.8m last year.",
    "A single will cost £2.80, up from £2.50.",
    "Five patients are in hospital, but nobody has died.",
    "Profit grew to £6.8m as Sunday buses were cut.",
    "No trains are cancelled.",
    "It will put up £6.8m for a new line.",
)


def test_a_fact_that_is_turned_round_is_told() -> None:
    found = {text: [(one.told, one.there) for one in edits(text, SOURCE)] for text in TURNED}
    assert found == {text: [expected] for text, expected in TURNED.items()}


def test_the_same_fact_is_not() -> None:
    assert {text: list(edits(text, SOURCE)) for text in SAME} == {text: [] for text in SAME}
