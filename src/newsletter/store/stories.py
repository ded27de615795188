"""The stories of issues: drafted summaries, what ran, what a recheck found, pictures kept."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, exists, insert, or_, select, update

from newsletter.model.article import TYPES, Picture, SentenceRef, StoryRun, Summary
from newsletter.model.finding import Finding
from newsletter.model.mailing import DeliveryState, MailingState
from newsletter.model.records import SummaryRow
from newsletter.store.rows import read_all, select_row, values_of
from newsletter.store.tables import (
    article_keys,
    articles,
    deliveries,
    issue_summaries,
    mailings,
    media,
    media_addresses,
    recheck_findings,
    rechecks,
    story_runs,
)


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
    wanted = select(issue_summaries).where(issue_summaries.c.issue == issue)
    return {
        row.article_id: SummaryRow(
            article=row.article_id,
            version=row.version,
            summary=Summary(
                text=row.text,
                method=row.method,
                sentences=tuple(
                    SentenceRef(paragraph=paragraph, start=start, end=end)
                    for paragraph, start, end in row.sentences
                ),
            ),
            accepted_by=row.accepted_by,
            at=row.at,
        )
        for row in conn.execute(wanted)
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
    """Write down that a person stands behind a story's summary, read against that version."""
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


_REACHED = (DeliveryState.SENT, DeliveryState.UNKNOWN)


def record_runs(conn: Connection, issue: str, runs: Iterable[StoryRun], *, at: datetime) -> None:
    """Write the stories of an issue that is sent now; what was written of it before goes."""
    conn.execute(delete(story_runs).where(story_runs.c.issue == issue))
    by_key = {run.key: run for run in runs}
    if by_key:
        rows = [{**values_of(run), "issue": issue, "at": at} for run in by_key.values()]
        conn.execute(insert(story_runs), rows)


def list_runs(
    conn: Connection, *, list_name: str | None = None, since: datetime | None = None
) -> tuple[StoryRun, ...]:
    """Return what ran, to a list or to all, the earliest first.

    A mailing that was stopped before it reached anybody did not run.
    """
    reached = exists().where(
        deliveries.c.mailing_id == mailings.c.id, deliveries.c.state.in_(_REACHED)
    )
    wanted = (
        select_row(story_runs, StoryRun)
        .join(mailings, mailings.c.issue == story_runs.c.issue)
        .where(or_(mailings.c.state != MailingState.CANCELLED, reached))
        .order_by(story_runs.c.at, story_runs.c.issue, story_runs.c.key)
    )
    if list_name is not None:
        wanted = wanted.where(story_runs.c.list == list_name)
    if since is not None:
        wanted = wanted.where(story_runs.c.at >= since)
    return read_all(conn, wanted, StoryRun)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recheck:
    """One look: when, and each finding with the address it is about."""

    at: datetime
    findings: tuple[tuple[str, Finding], ...]


def keep_recheck(
    conn: Connection, issue: str, findings: Sequence[tuple[str, Finding]], *, now: datetime
) -> None:
    """Keep what a look found, by address; that of an earlier look goes."""
    conn.execute(delete(recheck_findings).where(recheck_findings.c.issue == issue))
    conn.execute(delete(rechecks).where(rechecks.c.issue == issue))
    conn.execute(insert(rechecks).values(issue=issue, at=now))
    rows = [
        {
            **{
                name: getattr(finding, name)
                for name in ("severity", "message", "evidence", "remedy")
            },
            "issue": issue,
            "number": number,
            "check_id": finding.check,
            "url": url,
        }
        for number, (url, finding) in enumerate(findings)
    ]
    if rows:
        conn.execute(insert(recheck_findings), rows)


def last_recheck(conn: Connection, issue: str) -> Recheck | None:
    """Return the last look at an issue's sources; None where there was none."""
    at = conn.execute(select(rechecks.c.at).where(rechecks.c.issue == issue)).scalar_one_or_none()
    if at is None:
        return None
    facts = [recheck_findings.c[name] for name in ("severity", "message", "evidence", "remedy")]
    check = recheck_findings.c.check_id.label("check")
    wanted = select(recheck_findings.c.url, check, *facts).where(recheck_findings.c.issue == issue)
    found = conn.execute(wanted.order_by(recheck_findings.c.number)).mappings()
    findings = ({**row} for row in found)
    return Recheck(at=at, findings=tuple((row.pop("url"), Finding(**row)) for row in findings))


_FACTS = [media.c[name] for name in ("sha256", "type", "width", "height", "size_bytes")]


def save_picture(conn: Connection, url: str, picture: Picture, *, now: datetime) -> None:
    """Keep what an address gave; the same picture from two addresses is one."""
    known = select(media.c.sha256).where(media.c.sha256 == picture.sha256)
    if conn.execute(known).one_or_none() is None:
        facts = values_of(picture)
        del facts["name"]
        conn.execute(insert(media).values(sha256=picture.sha256, created=now, **facts))
    _note(conn, url, sha256=picture.sha256, problem="", now=now)


def save_problem(conn: Connection, url: str, problem: str, *, now: datetime) -> None:
    """Write down why an address gave no picture, as a sentence."""
    _note(conn, url, sha256=None, problem=problem, now=now)


def kept_pictures(conn: Connection, urls: Collection[str]) -> dict[str, Picture]:
    """Return the pictures that are kept of these addresses, by address."""
    wanted = (
        select(media_addresses.c.url, *_FACTS)
        .join(media, media.c.sha256 == media_addresses.c.sha256)
        .where(media_addresses.c.url.in_(urls))
    )
    return {url: _picture(*facts) for url, *facts in conn.execute(wanted)}


def pictures_with(conn: Connection, hashes: Collection[str]) -> dict[str, Picture]:
    """Return the pictures with these hashes, by hash."""
    found = conn.execute(select(*_FACTS).where(media.c.sha256.in_(hashes)))
    return {facts[0]: _picture(*facts) for facts in found}


def _picture(sha256: str, type_: str, width: int, height: int, size: int) -> Picture:
    name = f"{sha256}.{TYPES[type_]}"
    return Picture(name=name, type=type_, width=width, height=height, size_bytes=size)


def _note(conn: Connection, url: str, *, sha256: str | None, problem: str, now: datetime) -> None:
    conn.execute(delete(media_addresses).where(media_addresses.c.url == url))
    conn.execute(
        insert(media_addresses).values(url=url, sha256=sha256, problem=problem, fetched_at=now)
    )
