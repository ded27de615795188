"""`pin`, `block` and `unpin`: what an editor rules on articles, for one newsletter."""

from typing import TYPE_CHECKING

import click

from newsletter.cli.numbers import ArticleNumber
from newsletter.cli.output import login_name
from newsletter.cli.texts import REASON, WHO

if TYPE_CHECKING:
    from newsletter.model.source import Ruling

_numbers = click.argument(
    "numbers", nargs=-1, required=True, type=ArticleNumber(), metavar="ID ..."
)
_newsletter = click.option(
    "--newsletter", metavar="NAME", help="Whose; may be left out where there is one."
)
_by = click.option(
    "--by", type=WHO, metavar="WHO", help="Who says so; your login name if not given."
)
_why = click.option(
    "--why", type=REASON, default="", metavar="TEXT", help="The reason, for the draft's report."
)


@click.command()
@_numbers
@_newsletter
@_by
@_why
def pin(numbers: tuple[int, ...], *, newsletter: str | None, by: str | None, why: str) -> None:
    """Take articles into the next draft, whatever speaks against them; the first one leads."""
    from newsletter.model.source import Ruling

    _rule(numbers, Ruling.PIN, newsletter=newsletter, by=by, why=why)


@click.command()
@_numbers
@_newsletter
@_by
@_why
def block(numbers: tuple[int, ...], *, newsletter: str | None, by: str | None, why: str) -> None:
    """Keep articles, and others that tell the same stories, out of every draft."""
    from newsletter.model.source import Ruling

    _rule(numbers, Ruling.BLOCK, newsletter=newsletter, by=by, why=why)


def _rule(
    numbers: tuple[int, ...], ruling: "Ruling", *, newsletter: str | None, by: str | None, why: str
) -> None:
    from newsletter.app import open_desk
    from newsletter.workflows.stories.articles import rule

    with open_desk() as desk:
        ruled = rule(
            desk, numbers, ruling, newsletter_name=newsletter, by=by or login_name(), why=why
        )
    for one in ruled:
        made = one.ruling
        click.echo(f'{made.ruling} {made.article_id} for {made.newsletter}: "{one.title}"')


@click.command()
@_numbers
@_newsletter
def unpin(numbers: tuple[int, ...], *, newsletter: str | None) -> None:
    """Take back what was ruled on articles: pins, and blocks too."""
    from newsletter.app import open_desk
    from newsletter.workflows.stories.articles import take_back

    with open_desk() as desk:
        take_back(desk, numbers, newsletter_name=newsletter)
    click.echo(f"no ruling is left on {', '.join(map(str, numbers))}")
