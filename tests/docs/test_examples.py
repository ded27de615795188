"""What the pages show was run: each page's console blocks, in order, in one empty folder."""

from pathlib import Path

import pytest
from docs.pages import PAGES, Terminal, examples_of, name_of

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


def test_wrong_output_is_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# x\n\n```console\n$ echo one\ntwo\n```\n")
    document = examples_of(page)
    document.namespace["terminal"] = Terminal(tmp_path)
    with pytest.raises(AssertionError, match="printed\none"):
        next(iter(document.examples())).evaluate()
