"""A name or a reason is one line: the records show it as one."""

import click
import pytest

from newsletter.cli.texts import MOST_NAME, WHO


def test_a_name_is_one_line_without_control_characters() -> None:
    for good in ("", "Ada", "Zoë O'Neill-Weiß", "محمد", "x" * MOST_NAME):
        assert WHO.convert(good, None, None) == good
    for bad, why in (
        ("Ada\nsent", "line break"),
        ("Ada\x1b[2J", "control character"),
        ("Ada\u2028x", "line break"),
        ("x" * (MOST_NAME + 1), "longer than 200"),
    ):
        with pytest.raises(click.BadParameter, match=why):
            WHO.convert(bad, None, None)
