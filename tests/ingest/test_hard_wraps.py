"""Hard-wrapped text is put together again; text that is not is left alone."""

import textwrap

from hypothesis import given
from hypothesis import strategies as st

from newsletter.ingest.text_file import paragraph_lines

PARAGRAPHS = (
    "The council of the small town decided on Monday evening, after four hours of debate, that the "
    "old bridge across the river will be closed to lorries from the first of May until further "
    "notice, and that walkers and cyclists may go on using it as they do now.",
    "A survey had found cracks in two of its six piers. Repairs would cost over three million "
    "pounds, said the treasurer, and the county has promised a third of it; that leaves what "
    "the town would have to borrow over the next ten years.",
)


def _texts(text: str) -> list[str]:
    return [line.text for line in paragraph_lines(text.split("\n"))]


def test_wrapped_paragraphs_become_lines_again() -> None:
    wrapped = "\n\n".join(["Bridge closes", *(textwrap.fill(p, 72) for p in PARAGRAPHS)])
    assert _texts(wrapped) == ["Bridge closes", *PARAGRAPHS]


def test_unwrapped_paragraphs_stay_apart_without_blank_lines() -> None:
    assert _texts("\n".join(["Bridge closes", *PARAGRAPHS])) == ["Bridge closes", *PARAGRAPHS]


def test_items_of_a_list_stay_apart() -> None:
    items = [f"- {p}" for p in PARAGRAPHS]
    wrapped = "\n".join(textwrap.fill(item, 70, subsequent_indent="  ") for item in items)
    assert _texts(f"What was decided\n\n{wrapped}") == ["What was decided", *items]


WORDS = st.text(st.characters(categories=["Ll", "Lu"]), min_size=1, max_size=12)


@given(st.lists(st.lists(WORDS, max_size=30).map(" ".join), max_size=12))
def test_no_word_is_lost_or_moved(lines: list[str]) -> None:
    found = [word for line in paragraph_lines(lines) for word in line.text.split()]
    assert found == [word for line in lines for word in line.split()]
