"""docs/reference/commands.md names every command and option of the program, and no other."""

import re
from collections.abc import Iterator

import click
from docs.pages import ROOT

from newsletter.cli import newsletter

PAGE = (ROOT / "docs" / "reference" / "commands.md").read_text("utf-8")
PARTS = re.split(r"^### `newsletter ", PAGE, flags=re.MULTILINE)
HELP = {"--help", "-h"}
WORD = re.compile(r"`(--?[a-z][a-z-]*)")


def each_command(
    command: click.Command = newsletter, path: tuple[str, ...] = ()
) -> Iterator[tuple[str, click.Command]]:
    """Walk the tree; a group that only holds others is no command of its own."""
    if path and (not isinstance(command, click.Group) or command.invoke_without_command):
        yield " ".join(path), command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            assert child is not None
            yield from each_command(child, (*path, name))


COMMANDS = dict(each_command())


def options_of(command: click.Command) -> set[str]:
    """Return the options as they are typed."""
    return {word for each in command.params for word in each.opts if word.startswith("-")}


def described() -> dict[str, str]:
    """Return the page's part for each command: the longest name that its heading begins with."""
    parts: dict[str, str] = {}
    for part in PARTS[1:]:
        heading = part.split("`", 1)[0]
        names = [name for name in COMMANDS if f"{heading} ".startswith(f"{name} ")]
        assert names, f"there is no command {heading}"
        parts[max(names, key=len)] = re.split(r"^## ", part, flags=re.MULTILINE)[0]
    return parts


def test_every_command_has_its_part() -> None:
    assert set(described()) == set(COMMANDS)


def test_each_part_names_its_commands_options_and_no_other() -> None:
    for name, part in described().items():
        in_lists = "\n".join(re.findall(r"^- .*(?:\n  .*)*", part, flags=re.MULTILINE))
        told = {word for line in in_lists.splitlines() for word in WORD.findall(line)}
        options = options_of(COMMANDS[name])
        assert options - HELP <= told, f"{name}: {options - told} not described"
        assert told <= options, f"{name}: {told - options} is no option"


def test_the_head_of_the_page_names_the_options_of_the_program() -> None:
    assert options_of(newsletter) - HELP <= set(WORD.findall(PARTS[0]))


def test_other_pages_name_no_option_that_no_command_has() -> None:
    known = HELP.union(*map(options_of, [newsletter, *COMMANDS.values()]))
    for page in sorted((ROOT / "docs").rglob("*.md")):
        if page.name in {"design.md", "decisions.md", "dependencies.md", "benchmarks.md"}:
            continue
        # blocks of `sh` hold other programs' commands
        text = re.sub(
            r"^```sh\n.*?^```$", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL
        )
        for line in text.splitlines():
            if "newsletter " in line:
                used = set(re.findall(r"(?<=\s)--[a-z][a-z-]+", line))
                assert used <= known, f"{page.name}: {used - known}"
