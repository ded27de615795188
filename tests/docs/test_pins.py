"""The pins: complete, with hashes, and tied to no place of ours; no source names an index."""

import re
import tomllib
from pathlib import Path

import pytest
from docs.pages import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
PIN = re.compile(r"^([a-z0-9.-]+)==([^ ]+) \\$", re.MULTILINE)
LINE = re.compile(r"\s*#.*|[a-z0-9.-]+==[\w.+]+ \\|\s+--hash=sha256:[0-9a-f]{64}( \\)?|\s*")
INDEX_HOSTS = re.compile(
    r"(?:pypi|pypi\.python|test\.pypi|pythonhosted|registry\.npmjs|registry\.yarnpkg|npmjs)\.(?:org|com)"
    r"|crates\.io|proxy\.golang"
)
TEXT = {"", ".py", ".md", ".toml", ".txt", ".j2", ".css", ".js", ".html", ".cfg", ".json"}
FOLDERS = "src tests docs scripts benchmarks templates requirements .ci callouts issues demo"


def text_of(name: str) -> str:
    return (ROOT / "requirements" / name).read_text("utf-8")


def normal(name: str) -> str:
    """Return a package's name as pins write it."""
    return re.sub(r"[-_.]+", "-", re.split(r"[<>=\[]", name)[0]).lower()


@pytest.mark.parametrize("name", ["run.txt", "dev.txt"])
def test_each_line_is_a_pin_with_hashes_and_names_no_place(name: str) -> None:
    text = text_of(name)
    assert not re.search(r"://|(^|[\s=])/\w", text)
    lines = text.splitlines()
    assert [line for line in lines if not LINE.fullmatch(line)] == []
    heads = [number for number, line in enumerate(lines) if PIN.match(line)]
    assert heads
    assert all("--hash=" in lines[number + 1] for number in heads)


def test_every_dependency_is_pinned_to_one_version() -> None:
    run, dev = (dict(PIN.findall(text_of(name))) for name in ("run.txt", "dev.txt"))
    needed = {normal(each) for each in PROJECT["dependencies"]}
    for_work = {normal(each) for each in PROJECT["optional-dependencies"]["dev"]}
    assert needed <= set(map(normal, run))
    assert needed | for_work <= set(map(normal, dev))
    assert {name: dev.get(name) for name in run} == run


def test_no_file_names_a_package_index() -> None:
    top = [ROOT / name for name in ("README.md", "CHANGELOG.md", "Makefile", "pyproject.toml")]
    below: list[Path] = [path for name in FOLDERS.split(" ") for path in (ROOT / name).rglob("*")]
    for path in (*top, *below):
        if path.is_file() and path.suffix in TEXT and "__pycache__" not in path.parts:
            found = INDEX_HOSTS.search(path.read_text("utf-8", errors="replace"))
            assert found is None, f"{path}: {found}"
