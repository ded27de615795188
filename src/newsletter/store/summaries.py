"""From which version of which article each drafted summary was made."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from newsletter.model.article import SentenceRef, Summary
from newsletter.model.records import SummaryRow
from newsletter.store.content_tables import article_keys, issue_summaries
from newsletter.store.tables import articles


def keep_summaries(
    conn: Connection,
    issue: str,
    summaries: Mapping[int, tuple[int, Summary]],
    *,
    now: datetime,
) -> None:
    """Keep an issue's summaries: article → its version and the summary; earlier ones go."""
    conn.execute(delete(issue_summaries).where(issue_summaries.c.issue == issue))
    rows = [
        {
            "issue": issue,
            "article_id": article,
            "version": version,
            "method": summary.method,
            "text": summary.text,
            "sentences": [[at.paragraph, at.start, at.end] for at in summary.sentences],
            "accepted_by": "",
            "at": now,
        }
        for article, (version, summary) in summaries.items()
    ]
    if rows:
        conn.execute(insert(issue_summaries), rows)


def summaries_of(conn: Connection, issue: str) -> Mapping[int, SummaryRow]:
    """Return what is known of an issue's summaries, by article."""
    wanted = select(
        issue_summaries.c.article_id,
        issue_summaries.c.version,
        issue_summaries.c.method,
        issue_summaries.c.text,
        issue_summaries.c.sentences,
        issue_summaries.c.accepted_by,
        issue_summaries.c.at,
    ).where(issue_summaries.c.issue == issue)
    return {
        article: SummaryRow(
            article=article,
            version=version,
            summary=Summary(text=text, method=method, sentences=_places(sentences)),
            accepted_by=accepted_by,
            at=at,
        )
        for article, version, method, text, sentences, accepted_by, at in conn.execute(wanted)
    }


def accept_summary(
    conn: Connection,
    issue: str,
    article: int,
    *,
    version: int,
    text: str,
    by: str,
    now: datetime,
) -> None:
    """Write down that a person stands behind a story's summary, read against that version.

    The method stays: it tells how the first text was made. One that was never drafted is kept as
    the editor's own.
    """
    values = {"version": version, "text": text, "accepted_by": by, "at": now}
    kept = update(issue_summaries).where(
        issue_summaries.c.issue == issue, issue_summaries.c.article_id == article
    )
    if conn.execute(kept.values(sentences=[], **values)).rowcount == 0:
        row = {"issue": issue, "article_id": article, "method": "editor", "sentences": []}
        conn.execute(insert(issue_summaries).values(**row, **values))


def articles_by_key(conn: Connection, keys: Collection[str]) -> Mapping[str, int]:
    """Return the articles that any of these keys lead to."""
    further = select(article_keys.c.key, article_keys.c.article_id)
    own = select(articles.c.key, articles.c.id)
    found = [
        *conn.execute(further.where(article_keys.c.key.in_(keys))),
        *conn.execute(own.where(articles.c.key.in_(keys))),
    ]
    return {key: article for key, article in found}  # noqa: C416 (rows are no pairs to mypy)


def _places(sentences: Sequence[Sequence[int]]) -> tuple[SentenceRef, ...]:
    return tuple(
        SentenceRef(paragraph=paragraph, start=start, end=end)
        for paragraph, start, end in sentences
    )
