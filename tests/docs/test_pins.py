"""The pins: complete, with hashes, and tied to no place of ours; no source names an index."""

import re
import tomllib
from pathlib import Path

import pytest
from docs.pages import ROOT

FILES = ("run.txt", "dev.txt")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
PIN = re.compile(r"^([a-z0-9.-]+)==([^ ]+) \\$", re.MULTILINE)
INDEX_HOSTS = re.compile(
    r"(?:pypi|pypi\.python|test\.pypi|pythonhosted|registry\.npmjs|registry\.yarnpkg|npmjs)\.(?:org|com)"
    r"|crates\.io|proxy\.golang"
)
TEXT = {".py", ".md", ".toml", ".txt", ".j2", ".css", ".js", ".html", ".cfg", ".json", ""}
FOLDERS = ("src", "tests", "docs", "scripts", "benchmarks", "templates", "requirements", ".ci",
           "callouts", "issues", "demo")  # fmt: skip


def pins_in(name: str) -> dict[str, str]:
    """Read the pins of a file."""
    return dict(PIN.findall((ROOT / "requirements" / name).read_text("utf-8")))


def normal(name: str) -> str:
    """Return a package's name as pins write it."""
    return re.sub(r"[-_.]+", "-", re.split(r"[<>=\[]", name)[0]).lower()


@pytest.mark.parametrize("name", FILES)
def test_pins_name_no_address_and_no_place(name: str) -> None:
    text = (ROOT / "requirements" / name).read_text("utf-8")
    assert "://" not in text
    assert not re.search(r"(^|[\s=])/\w", text)
    assert not re.search(r"^\s*--(?!hash=sha256:[0-9a-f]{64})", text, re.MULTILINE)


@pytest.mark.parametrize("name", FILES)
def test_each_line_is_a_pin_with_hashes(name: str) -> None:
    lines = (ROOT / "requirements" / name).read_text("utf-8").splitlines()
    for line in lines:
        assert re.fullmatch(
            r"\s*#.*|[a-z0-9.-]+==[\w.+]+ \\|\s+--hash=sha256:[0-9a-f]{64}( \\)?|\s*", line
        ), line
    heads = [number for number, line in enumerate(lines) if PIN.match(line)]
    assert heads
    assert all("--hash=" in lines[number + 1] for number in heads)


def test_every_dependency_is_pinned() -> None:
    needed = {normal(each) for each in PROJECT["dependencies"]}
    for_work = {normal(each) for each in PROJECT["optional-dependencies"]["dev"]}
    assert needed <= set(map(normal, pins_in("run.txt")))
    assert needed | for_work <= set(map(normal, pins_in("dev.txt")))


def test_both_files_pin_the_same_versions() -> None:
    run, dev = pins_in("run.txt"), pins_in("dev.txt")
    assert {name: dev.get(name) for name in run} == run


def test_no_file_names_a_package_index() -> None:
    for path in sources():
        found = INDEX_HOSTS.search(path.read_text("utf-8", errors="replace"))
        assert found is None, f"{path}: {found}"


def sources() -> list[Path]:
    """List the text files of the repository."""
    top = [ROOT / name for name in ("README.md", "CHANGELOG.md", "Makefile", "pyproject.toml")]
    below = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*")]
    return [
        path
        for path in (*top, *below)
        if path.is_file() and path.suffix in TEXT and "__pycache__" not in path.parts
    ]
