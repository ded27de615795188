"""Links, pictures and words of the pages, and that their tables say what the program has."""

import re
import tomllib
from pathlib import Path

import pytest
from docs.pages import PAGES, ROOT, name_of, prose_of

from newsletter import __version__
from newsletter.checks.registry import CHECKS
from newsletter.model.issue import KNOWN_SLOTS
from newsletter.model.mailing import DeliveryState
from newsletter.store.tables import metadata

LINK = re.compile(r"\]\(([^)\s]+)\)")
PICTURE = re.compile(r'<img src="([^"]+)"|!\[[^]]*\]\(([^)]+)\)')
FIRST_CELL = re.compile(r"^\| `?([a-z0-9][\w.-]*)`?", re.MULTILINE)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
NOT_USED = re.compile(
    r"\b(campaign|blast|e-?mail blast|leverage|seamless|robust|powerful|blazing|delivered to)\w*",
    re.IGNORECASE,
)


def anchors_of(page: Path) -> set[str]:
    """Return the anchors that headings of a page make, as code hosts write them."""
    headings = re.findall(r"^#+ (.*)$", prose_of(page), re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-").strip() for heading in headings
    }


def text_of(page: str) -> str:
    """Read a page by its name."""
    return (ROOT / page).read_text("utf-8")


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_to_pages_and_headings_that_are_there(page: Path) -> None:
    for target in LINK.findall(prose_of(page)):
        if "://" in target:
            continue
        path, _, anchor = target.partition("#")
        other = (page.parent / path).resolve() if path else page
        assert other.is_file(), f"{target} leads nowhere"
        if anchor:
            assert anchor in anchors_of(other), f"{target}: no such heading"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_pictures_are_there_and_have_words(page: Path) -> None:
    text = re.sub(r"`[^`\n]*`", "", prose_of(page))
    for html, markdown in PICTURE.findall(text):
        assert (page.parent / (html or markdown)).is_file(), html or markdown
    assert "![](" not in text
    assert all('alt="' in tag for tag in re.findall(r"<img[^>]*>", text))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_page_is_plain_in_form_and_words(page: Path) -> None:
    text = prose_of(page)
    assert text.startswith("# ")
    assert text.count("\n# ") == 0
    assert not NOT_USED.search(text), NOT_USED.search(text)
    assert not re.search(r"[ \t]+$", text, re.MULTILINE)


def test_every_page_can_be_reached_from_the_map() -> None:
    front = ROOT / "docs" / "index.md"
    linked = {
        (front.parent / link.partition("#")[0]).resolve() for link in LINK.findall(prose_of(front))
    }
    pages = {page for page in PAGES if page.is_relative_to(ROOT / "docs")} - {front}
    assert pages <= linked, {name_of(page) for page in pages - linked}


def test_the_slots_page_names_the_slots() -> None:
    told = set(re.findall(r"^\| `\[\[(\w+)\]\]`", text_of("docs/reference/slots.md"), re.MULTILINE))
    assert told == set(KNOWN_SLOTS)


def test_the_checks_page_has_a_part_for_each_check() -> None:
    told = set(re.findall(r"^### ([A-Z]\d\d) ", text_of("docs/reference/checks.md"), re.MULTILINE))
    assert told == set(CHECKS)
    assert f"{len(CHECKS)} checks" in text_of("README.md")


def test_the_database_page_names_the_tables() -> None:
    rows = re.findall(r"^\| (`[^|]*) \|", text_of("docs/reference/database.md"), re.MULTILINE)
    told = [name for row in rows for name in re.findall(r"`(\w+)`", row)]
    assert len(told) == len(set(told)), "a table is told of twice"
    assert set(told) - {"alembic_version"} == set(metadata.tables)


def test_the_glossary_names_each_state_of_a_delivery() -> None:
    part = text_of("docs/glossary.md").split("**Delivery.**")[1].split("**Draft.**")[0]
    assert set(FIRST_CELL.findall(part)) - {"state"} == {str(state) for state in DeliveryState}


def test_the_dependencies_page_names_each_dependency_and_no_other() -> None:
    optional = PROJECT["optional-dependencies"]["dev"]
    names = {re.split(r"[<>=\[]", each)[0] for each in (*PROJECT["dependencies"], *optional)}
    rows = re.findall(r"^\| ([a-z][^|]*) \|", text_of("docs/dependencies.md"), re.MULTILINE)
    told = {name for row in rows for name in row.split(", ")} - {"package"}
    assert told == names


def test_each_benchmark_is_named_on_its_page_and_there() -> None:
    scripts = {path.name for path in (ROOT / "benchmarks").glob("*.py")} - {"sample_message.py"}
    told = set(re.findall(r"benchmarks/(\w+\.py)", text_of("docs/benchmarks.md")))
    assert told == scripts


def test_the_changelog_tells_this_version() -> None:
    assert f"## [{__version__}]" in text_of("CHANGELOG.md")
