"""What the pages show was run: each page's console blocks, in order, in one empty folder."""

from pathlib import Path

import pytest
from docs.pages import PAGES, Terminal, commands_in, examples_of, is_printed, name_of

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


def test_the_readme_and_the_quickstart_have_examples() -> None:
    assert {"README.md", "docs/quickstart.md"} <= {name_of(page) for page in WITH_EXAMPLES}


def test_a_block_is_read_as_commands_with_exit_codes_and_output() -> None:
    one, two, three = commands_in(
        "$ a \\\n  b\nfirst\n$ c  # ends with 1\n$ d  # until Ctrl-C\n", at=1
    )
    assert (one.line, one.code, one.output) == ("a   b", 0, ("first",))
    assert (two.line, two.code) == ("c", 1)
    assert (three.line, three.code) == ("d", None)


@pytest.mark.parametrize(
    ("expected", "printed"),
    [
        (("a … c",), "a b c\n"),
        (("a", "…", "d"), "a\nb\nc\nd\n"),
        (("a", "…"), "a\nb\nc\n"),
        (("a", "…"), "a\n"),
        (("…", "c"), "a\nb\nc\n"),
        (("A  B",), "A     B\n"),
    ],
)
def test_dots_stand_for_what_differs_from_run_to_run(
    expected: tuple[str, ...], printed: str
) -> None:
    assert is_printed(expected, printed)


@pytest.mark.parametrize(
    ("expected", "printed"), [(("a",), "a\nb\n"), (("a.c",), "abc\n"), (("a", "b"), "a\n")]
)
def test_other_lines_are_noticed(expected: tuple[str, ...], printed: str) -> None:
    assert not is_printed(expected, printed)


def test_wrong_output_is_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# x\n\n```console\n$ echo one\ntwo\n```\n")
    document = examples_of(page)
    document.namespace["terminal"] = Terminal(tmp_path)
    with pytest.raises(AssertionError, match="printed\none"):
        next(iter(document.examples())).evaluate()
