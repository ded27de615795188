# ruff: noqa: RUF001 (quotation marks are what is tried)
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.checks.fidelity.proper_names import absent_names

SOURCE = (
    "Jake Sullivan, US National Security Adviser, met the United Nations envoy Anne-Marie O’Neill "
    "in Geneva on 4 February. China’s officials and the Bank of England said nothing. Police came."
)


@pytest.mark.parametrize(
    "text",
    [
        "Sullivan met O'Neill in Geneva.",
        "Mr Sullivan met President Sullivan.",
        "The Chinese said nothing to the Americans.",
        "The UN envoy came on Feb. 4.",
        "Ministers and others came, but Police did not.",
        "Don’t ask: it was Geneva’s day.",
        "“Nothing,” said the Bank of England.",
        "THE END: I know.",
    ],
)
def test_names_of_the_source_in_any_form_pass(text: str) -> None:
    assert absent_names(text, SOURCE) == (("END",) if "END" in text else ())


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ("Jake Sulivan met the envoy.", ("Sulivan",)),
        ("Johnson met the envoy.", ("Johnson",)),
        ("The envoy met Dmitry Peskov in Berlin.", ("Dmitry", "Peskov", "Berlin")),
        ("It was in March.", ("March",)),
        ("The Russians said nothing.", ("Russians",)),
        ("The EU envoy met the UN one.", ("EU",)),
        ("The Bank of Ireland said nothing.", ("Ireland",)),
        ("Beijing said nothing.", ("Beijing",)),
    ],
)
def test_another_name_is_named(text: str, absent: tuple[str, ...]) -> None:
    assert absent_names(text, SOURCE) == absent


@given(st.text(max_size=200))
def test_a_text_holds_all_its_own_names(text: str) -> None:
    assert absent_names(text, text) == ()
