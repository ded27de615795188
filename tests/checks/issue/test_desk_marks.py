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
