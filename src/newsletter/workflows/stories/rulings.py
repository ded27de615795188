"""Rulings: an editor pins articles or blocks them, for one newsletter; and takes it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from newsletter.errors import NothingToDo, UserError
from newsletter.model.article import RulingRow
from newsletter.model.records import ArticleRow
from newsletter.model.source import Ruling
from newsletter.model.text import clean_line
from newsletter.store import Connection, articles, sources
from newsletter.workflows.desk import Desk
from newsletter.workflows.stories.draft_next import choose_newsletter

LONGEST_REASON = 300
_APART = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruled:
    """A ruling, and the article it is on."""

    ruling: RulingRow
    title: str


def rule(
    desk: Desk,
    numbers: Sequence[int],
    ruling: Ruling,
    *,
    newsletter_name: str | None,
    by: str,
    why: str,
) -> tuple[Ruled, ...]:
    """Pin or block articles; what was ruled on them before gives way. All of them, or none.

    Args:
        desk: settings, clock, database.
        numbers: the articles; of pinned ones the first leads.
        ruling: pin or block.
        newsletter_name: whose ruling it is; None where there is one newsletter.
        by: who says so.
        why: a reason for the report, on one line; may be empty.

    Raises:
        UserError: nobody is named, the reason is too long, or several newsletters and none named.
        NotFound: no such article.
    """
    newsletter = choose_newsletter(desk, newsletter_name)
    who, reason = clean_line(by), clean_line(why)
    if not who:
        raise UserError("a ruling needs a name", hint="say who rules: --by NAME")
    if len(reason) > LONGEST_REASON:
        msg = f"the reason is longer than {LONGEST_REASON} characters"
        raise UserError(msg, hint="say it in a sentence")
    done: list[Ruled] = []
    with desk.database.write() as connection:
        latest = sources.latest_ruling_at(connection, newsletter.name)
        at = max(desk.clock.now(), latest + _APART) if latest else desk.clock.now()
        for row in _articles(connection, numbers):
            made = RulingRow(
                newsletter=newsletter.name,
                article_id=row.id,
                ruling=ruling,
                who=who,
                why=reason,
                at=at,
            )
            sources.keep_ruling(connection, made)
            done.append(Ruled(ruling=made, title=row.article.title.value))
            at += _APART
    return tuple(done)


def take_back(desk: Desk, numbers: Sequence[int], *, newsletter_name: str | None) -> None:
    """Take back what was ruled on articles, pins and blocks alike.

    Raises:
        NotFound: no such article.
        NothingToDo: none of them is pinned or blocked.
    """
    newsletter = choose_newsletter(desk, newsletter_name)
    with desk.database.write() as connection:
        rows = _articles(connection, numbers)
        gone = [sources.take_back_ruling(connection, newsletter.name, row.id) for row in rows]
    if not any(gone):
        msg = f"{newsletter.name} has neither pinned nor blocked any of these articles"
        raise NothingToDo(msg, hint='"newsletter articles" tells what is')


def _articles(connection: Connection, numbers: Sequence[int]) -> list[ArticleRow]:
    return [articles.get_article(connection, number) for number in dict.fromkeys(numbers)]
