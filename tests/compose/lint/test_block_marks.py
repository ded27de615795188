"""A mark that belongs to no pair is told, with the line that wrote it."""

from newsletter.compose.line_marks import unmarked
from newsletter.compose.lint.mjml_lint import lint_block_marks


def told(text: str) -> list[tuple[int, str]]:
    found = lint_block_marks(unmarked(text, "templates/daily.mjml.j2"))
    assert all(one.id == "C09" and one.file == "templates/daily.mjml.j2" for one in found)
    return [(one.line, one.message) for one in found]


def test_marks_in_pairs_are_let_pass() -> None:
    assert (
        told(
            "<!--block 0-->a<!--/block 0-->\n<!-- the blocks -->\n<!--block 12-->b<!--/block 12-->"
        )
        == []
    )
    assert told("<!-- blocks of the issue --><!-- a blockquote --><!--block1-->") == []


def test_a_mark_that_is_not_read_or_has_no_other_half_is_told() -> None:
    for text, found in (
        ("<!--block 1-->\na\n<!--block 2-->b<!--/block 2-->", [(1, "block 1 is never closed")]),
        ("<!--block 1--><!--/block 1-->\n<!--block 2-->", [(2, "block 2 is never closed")]),
        ("\n<!--/block 3-->", [(2, "the end of block 3 has no begin")]),
        (
            "<!--block 1-->\n<!--/block 2--><!--/block 1-->",
            [(2, "the end of block 2 stands in block 1")],
        ),
        ("\n<!-- block 1 -->a", [(2, "<!-- block 1 --> is no block mark")]),
        ("<!--Block 4-->", [(1, "<!--Block 4--> is no block mark")]),
        ("<!--block  4-->", [(1, "<!--block 4--> is no block mark")]),
    ):
        assert told(text) == found, text


def test_one_template_line_is_told_once() -> None:
    assert len(told("".join(f"<!-- block {n} -->" for n in range(9)))) == 1
