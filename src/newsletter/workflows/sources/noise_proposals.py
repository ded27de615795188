"""Lines that repeat across a source's stories: proposed as noise, for a person to decide."""

from collections.abc import Mapping

from newsletter.ingest.noise import propose_noise
from newsletter.model.article import Article
from newsletter.store import articles
from newsletter.workflows.desk import Desk
from newsletter.workflows.project_files import load_callouts


def proposed_noise(desk: Desk) -> Mapping[str, tuple[str, ...]]:
    """Return, by source, the lines that look like noise and stand in no rule yet.

    Nothing is dropped for it: a line acts once a person has written it into the source's noise.
    """
    with desk.database.read() as connection:
        rows = articles.list_articles(connection)
    known: dict[str, list[Article]] = {source.name: [] for source in desk.settings.sources}
    for row in reversed(rows):  # the newest first
        if row.article.source in known:
            known[row.article.source].append(row.article)
    callouts = load_callouts(desk.settings)
    return {name: propose_noise(recent, callouts=callouts) for name, recent in known.items()}
