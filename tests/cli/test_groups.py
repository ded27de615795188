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
