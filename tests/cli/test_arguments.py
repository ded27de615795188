"""What commands share: groups that name what was meant, and names that are one line."""

import click
import pytest

from newsletter.cli import GROUPS, main
from newsletter.cli.arguments import MOST_NAME, WHO


def test_the_program_alone_prints_its_help_with_every_command(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["subscribers"]) == 0
    assert capsys.readouterr().out.startswith("Usage: newsletter subscribers")
    assert main([]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    for title, entries in GROUPS.items():
        part = printed.out.partition(f"\n{title}:\n")[2].partition("\n\n")[0].splitlines()
        assert [line.split()[0] for line in part] == list(entries), "one line for each command"


def test_an_unknown_command_is_told_with_what_was_meant(capsys: pytest.CaptureFixture[str]) -> None:
    for line, told in (
        ("tset x", 'there is no command called tset; did you mean "test"?'),
        (
            "verify x",
            'there is no command called verify; did you mean "newsletter callouts verify"?',
        ),
        ("zzz", 'there is no command called zzz; see "newsletter --help"'),
        ("callouts verfy x", 'there is no command called callouts verfy; did you mean "verify"?'),
        (
            "callouts list",
            'there is no command called callouts list; see "newsletter callouts --help"',
        ),
        (
            "subscribers zzz",
            'there is no command called subscribers zzz; see "newsletter subscribers --help"',
        ),
    ):
        assert main(line.split()) == 2
        assert capsys.readouterr().err == f"error: {told}\n"


def test_what_is_missing_is_told_with_what_it_stands_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for line, told in (
        (
            "subscribers add x@y.example",
            "error: missing option '--consent'\nhint: --consent TEXT: how and when they said yes\n",
        ),
        (
            "callouts verify x --by Ada",
            "error: missing option '--source'\n"
            "hint: --source URL: the page it was checked against\n",
        ),
        ("check", "error: missing argument 'ISSUE'\nhint: see \"newsletter check --help\"\n"),
    ):
        assert main(line.split()) == 2
        assert capsys.readouterr().err == told


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
