"""A command that is none is told with the one that was perhaps meant, in groups too."""

import pytest

from newsletter.cli import main


def test_an_unknown_command_is_told_with_what_was_meant(capsys: pytest.CaptureFixture[str]) -> None:
    for line, told in (
        ("tset x", 'there is no command called tset; did you mean "test"?'),
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
