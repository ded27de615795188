import pytest

from newsletter.model.counting import counted


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "0 readers"), (1, "1 reader"), (2, "2 readers"), (80_000, "80,000 readers")],
)
def test_a_number_stands_with_its_noun(number: int, said: str) -> None:
    assert counted(number, "reader") == said


def test_a_noun_may_have_a_plural_of_its_own() -> None:
    assert [counted(n, "delivery", "deliveries") for n in (1, 2)] == ["1 delivery", "2 deliveries"]
