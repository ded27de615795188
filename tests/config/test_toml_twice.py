"""A table or key that stands twice is told with both its places."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.config.load import load_settings
from newsletter.config.toml import told_twice
from newsletter.errors import ConfigError


def problem(folder: Path, text: str) -> str:
    file = folder / "newsletter.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(ConfigError) as caught:
        load_settings(file, {})
    (told,) = caught.value.problems
    return told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            '[brand.dark]\n\n[brand]\nlink = "#000000"\n[brand]\n',
            "5: [brand] stands twice, first in line 3; put the keys together",
        ),
        (
            "[newsletters.daily]\n[sources.world]\n [newsletters . daily] # again\n",
            "3: [newsletters.daily] stands twice, first in line 1; put the keys together",
        ),
        (
            "brand = {}\n[brand]\n",
            "2: [brand] stands twice, first in line 1; put the keys together",
        ),
        ("[[a]]\n[a]\n", "2: [a] stands twice, first in line 1; put the keys together"),
        ("[a]\n[[a]]\n", "2: [a] stands twice, first in line 1; put the keys together"),
        ('["a b"]\n["a b"]\n', '2: ["a b"] stands twice, first in line 1; put the keys together'),
        (
            "[a]\nx = 1\n[brand]\nx = 1\ny = 2\nx = 3\n",
            "6: brand.x stands twice, first in line 4; take one of them out",
        ),
        ("x = 1\r\nx = 2\r\n", "2: x stands twice, first in line 1; take one of them out"),
    ],
)
def test_both_places_are_named(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "newsletter.toml"
    file.write_bytes(text.encode())
    with pytest.raises(ConfigError) as caught:
        load_settings(file, {})
    assert caught.value.problems == (f"newsletter.toml:{told}",)


def test_another_fault_is_told_as_it_was(tmp_path: Path) -> None:
    assert problem(tmp_path, "x = \n").startswith("newsletter.toml:1: not TOML: ")


@given(st.text(max_size=80), st.integers(min_value=1, max_value=9))
def test_no_text_breaks_it(text: str, line: int) -> None:
    for message in ("Cannot overwrite a value", "Cannot declare ('a',) twice", text):
        if not message.startswith("Cannot declare") or message == "Cannot declare ('a',) twice":
            told_twice(message, text, line)
