"""[brand]: what goes into style sheets is read narrowly, and what cannot be read is refused."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.config.brand import colour, font_stack, logo
from newsletter.config.languages import direction_of, script_of
from newsletter.config.load import load_settings
from newsletter.errors import ConfigError
from newsletter.model.brand import DARK, DEFAULT_BRAND, LIGHT, Brand, Logo, weak_pairs

ROOT = Path(__file__).parents[2]
FILE = (ROOT / "newsletter.toml").read_text("utf-8")
LINES = FILE.count("\n")
MISTAKES = tomllib.loads(Path(__file__).with_name("brand_mistakes.toml").read_text("utf-8"))["case"]


def brand(folder: Path, text: str, *, language: str = "en-GB") -> Brand:
    file = folder / "newsletter.toml"
    file.write_text(FILE.replace('"en-GB"', f'"{language}"') + text, "utf-8")
    return load_settings(file, {}).newsletters[0].brand


def refused(folder: Path, text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        brand(folder, text)
    return [problem.removeprefix("newsletter.toml:") for problem in caught.value.problems]


def test_without_a_table_the_looks_are_the_designs(tmp_path: Path) -> None:
    assert brand(tmp_path, "") == DEFAULT_BRAND
    assert weak_pairs(LIGHT) == weak_pairs(DARK) == ()


def test_every_key_is_read_and_a_newsletters_own_goes_over_it(tmp_path: Path) -> None:
    read = brand(
        tmp_path,
        """
[brand]
link = "#0B5D1E"
serif = "'Source Serif', \\"Times New Roman\\", serif"
sans = "-apple-system, Arial, sans-serif"
mono = "Courier New, monospace"
logo = "https://img.example.com/logo.png?v=2"
logo_alt = "The paper"
logo_width = 300
[brand.dark]
link = "#8ee3a0"
[newsletters.daily.brand]
accent = "#0b5d1e"
logo_width = 200
[newsletters.daily.brand.dark]
accent = "#8ee3a0"
""",
    )
    assert (read.light.link, read.light.accent, read.light.ink) == ("#0b5d1e", "#0b5d1e", LIGHT.ink)
    assert (read.light.button, read.light.box_rule) == ("#0b5d1e", "#0b5d1e")
    assert (read.dark.link, read.dark.accent, read.dark.button) == ("#8ee3a0",) * 3
    assert read.serif == "'Source Serif', 'Times New Roman', serif"
    assert read.sans == "-apple-system, Arial, sans-serif"
    assert read.mono == "'Courier New', monospace"
    assert read.logo == Logo(url="https://img.example.com/logo.png?v=2", alt="The paper", width=200)


def test_weak_words_are_told_with_both_colours_and_the_ratio(tmp_path: Path) -> None:
    found = refused(tmp_path, '\n[brand]\ntext = "#808080"\n[brand.dark]\n')
    assert found[0] == (
        f"{LINES + 3}: brand.text: text #808080 on paper #fffefb has a contrast of 3.91, and words "
        "need 4.5; make one of them darker or lighter"
    )
    (first, *_) = refused(tmp_path, '\n[newsletters.daily.brand.dark]\nlink = "#1b4a6b"\n')
    assert first.startswith(f"{LINES + 3}: newsletters.daily.brand.dark.link: dark.link #1b4a6b on")


@pytest.mark.covers("T03")
@pytest.mark.parametrize("case", MISTAKES)
def test_nothing_else_gets_into_a_style_sheet(tmp_path: Path, case: dict[str, str]) -> None:
    (found,) = refused(tmp_path, f"\n[brand]\n{case['line']}\n")
    key = case["line"].partition(" ")[0]
    assert found.startswith(f"{LINES + 3}: brand.{key}: ")
    assert case["told"] in found


@pytest.mark.covers("T03")
@given(st.text())
def test_any_text_is_read_safely_or_refused(value: str) -> None:
    for reader in (colour, font_stack, logo):
        try:
            read = reader(value)
        except ValueError:
            continue
        assert not set(read) & set('"\\<>{};\n' if reader is font_stack else "\"'\\<>{}\n ")


def test_arabic_is_set_in_fonts_that_have_its_letters(tmp_path: Path) -> None:
    assert brand(tmp_path, "", language="ar-EG").serif.startswith("'Segoe UI', 'Geeza Pro'")
    own = '\n[brand]\nserif = "Amiri, serif"\n'
    assert brand(tmp_path, own, language="ar").serif == "Amiri, serif"


@pytest.mark.parametrize(
    ("language", "script", "direction"),
    [
        ("en-GB", "Latn", "ltr"), ("cy", "Latn", "ltr"), ("ar", "Arab", "rtl"),
        ("ar-EG", "Arab", "rtl"), ("he", "Hebr", "rtl"), ("ur", "Arab", "rtl"),
        ("uz-Arab", "Arab", "rtl"), ("ar-Latn", "Latn", "ltr"), ("ru", "Cyrl", "ltr"),
        ("", "Latn", "ltr"), ("-", "Latn", "ltr"),
    ],
)  # fmt: skip
def test_a_language_says_how_it_is_written(language: str, script: str, direction: str) -> None:
    assert (script_of(language), direction_of(language)) == (script, direction)
