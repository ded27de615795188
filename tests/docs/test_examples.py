"""What the pages show was run: each page's console blocks, in order, in one empty folder."""

from pathlib import Path

import pytest
from docs.pages import PAGES, Terminal, examples_of, is_printed, name_of

WITH_EXAMPLES = [page for page in PAGES if "```console" in page.read_text("utf-8")]


@pytest.mark.parametrize("page", WITH_EXAMPLES, ids=name_of)
def test_console_blocks_do_what_the_page_says(page: Path, tmp_path: Path) -> None:
    document = examples_of(page)
    document.namespace["terminal"] = Terminal(tmp_path)
    examples = list(document.examples())
    assert examples
    for example in examples:
        example.evaluate()


def test_every_console_block_of_a_page_is_found() -> None:
    for page in WITH_EXAMPLES:
        shown = page.read_text("utf-8").count("\n```console")
        hidden = page.read_text("utf-8").count("invisible-code-block: console")
        assert len(list(examples_of(page).examples())) == shown + hidden, name_of(page)


@pytest.mark.parametrize(
    ("expected", "printed", "same"),
    [
        (("a … c",), "a b c\n", True),
        (("a", "…", "d"), "a\nb\nc\nd\n", True),
        (("a", "…"), "a\n", True),
        (("A  B",), "A     B\n", True),
        (("a",), "a\nb\n", False),
        (("a.c",), "abc\n", False),
    ],
)
def test_dots_stand_for_what_differs_from_run_to_run(
    expected: tuple[str, ...],
    printed: str,
    same: bool,  # noqa: FBT001 (a table's column)
) -> None:
    assert is_printed(expected, printed) is same


def test_wrong_output_is_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# x\n\n```console\n$ echo one\ntwo\n```\n")
    document = examples_of(page)
    document.namespace["terminal"] = Terminal(tmp_path)
    with pytest.raises(AssertionError, match="printed\none"):
        next(iter(document.examples())).evaluate()
