"""A sentence that was taken from the source, with one thing in it changed."""

from newsletter.checks.fidelity.edits import edits
from newsletter.checks.fidelity.sentences import MOST_SENTENCES

SOURCE = (
    "Forty buses for Harnley\n"
    "Corran shipyard has won a £92 million order for two hybrid ferries, saving more than 300 "
    "jobs, ministers announced on Monday. The ships will serve Ulsay from the summer of 2029. The "
    "first is to be launched in September 2028, and Norway paid half the price for the same ship.\n"
    "Benavides has not conceded and asked for a recount in four provinces. Nine people were "
    "injured in the capital. None of them is still in hospital.\n"
    "Residents of 60 nearby houses were told to keep their windows closed. They were not "
    "evacuated.\n"
    "The court ruled that the cap on rents was a lawful answer to a shortage of homes.\n"
    "The museum hopes to buy the 23 coins found at the quarry. Visitors may still see the dig.\n"
    "United beat Rovers on Saturday, and the council voted to close the baths in spring."
)
CHANGED = {
    "Corran shipyard will build two electric ferries for Ulsay.": ("electric", "hybrid"),
    "The ships will serve Ulsay from the summer of 2028.": ("2028", "2029"),
    "Benavides has conceded and wants a recount in four provinces.": ("conceded", "not conceded"),
    "Nine people were killed in the capital.": ("killed", "injured"),
    "Residents of 60 nearby houses were evacuated.": ("evacuated", "not evacuated"),
    "The cap on rents was an unlawful answer to a shortage of homes.": ("unlawful", "lawful"),
    "The council voted to close the baths in autumn.": ("autumn", "spring"),
    "The council has not voted to close the baths.": ("not voted", "voted"),
    "The museum will buy the coins found at the quarry.": ("will buy", "hopes to buy"),
    "Rovers beat United on Saturday.": ("Rovers", "United"),
}
SAME = (
    "Corran shipyard will build two hybrid ferries, which saves 300 jobs.",
    "The vessels will serve Ulsay from summer 2029; the first is launched in September 2028.",
    "Benavides refuses to concede and wants a recount in four provinces.",
    "Nobody was killed, and nine people were injured in the capital.",
    "Nine were hurt in the capital, none of whom is still in hospital.",
    "Residents of 60 houses nearby were not evacuated but had to keep their windows closed.",
    "The cap on rents is lawful, the court ruled.",
    "The council will shut the baths in spring.",
    "Visitors will still be able to see the dig at the quarry.",
    "The museum would like to buy the coins found at the quarry.",
    "Rovers lost to United on Saturday.",
    "The baths are to close in spring after a vote by the council.",
)


def test_what_was_changed_is_told_with_what_the_source_has() -> None:
    for text, (told, there) in CHANGED.items():
        found = list(edits(text, SOURCE))
        assert [(told in edit.told, there in edit.there) for edit in found] == [(True, True)], text


def test_the_same_in_other_words_is_no_change() -> None:
    assert {text: list(edits(text, SOURCE)) for text in SAME} == {text: [] for text in SAME}


def test_a_text_longer_than_any_article_is_compared_in_part() -> None:
    text = "The council has not voted to close the baths in spring. " * 3_000
    assert len(list(edits(text, SOURCE + "\n" + text))) <= MOST_SENTENCES


def test_the_source_bears_itself_out() -> None:
    assert list(edits(SOURCE, SOURCE)) == []
    assert list(edits("", SOURCE)) == []
    assert list(edits("A text about something else.", "")) == []


def test_what_is_put_off_will_not_be() -> None:
    source = "Merger of two Tarrow primary schools put off for a year after protest"
    assert list(edits("Two primary schools will not merge this September", source)) == []
