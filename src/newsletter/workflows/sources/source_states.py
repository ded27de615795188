"""How the sources are doing, and whether a newsletter may be drafted while some fail."""

from dataclasses import dataclass

from newsletter.config.settings import NewsletterSettings, SourceSettings
from newsletter.errors import NothingToDo
from newsletter.model.source import SourceRow
from newsletter.store import sources
from newsletter.workflows.desk import Desk
from newsletter.workflows.sources.source_health import UNWELL, as_configured


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLine:
    """A source of newsletter.toml and what is known of it."""

    source: SourceSettings
    row: SourceRow


def list_sources(desk: Desk) -> tuple[SourceLine, ...]:
    """Return every source of newsletter.toml, in its order."""
    with desk.database.read() as connection:
        rows = sources.list_sources(connection)
    return tuple(
        SourceLine(
            source=source,
            row=as_configured(rows.get(source.name, SourceRow(name=source.name)), source),
        )
        for source in desk.settings.sources
    )


def sources_of(desk: Desk, newsletter: NewsletterSettings) -> tuple[SourceLine, ...]:
    """Return the sources of a newsletter: every one where it names none."""
    lines = list_sources(desk)
    if not newsletter.sources:
        return lines
    return tuple(line for line in lines if line.source.name in newsletter.sources)


def refuse_failing(desk: Desk, newsletter: NewsletterSettings, *, anyway: bool) -> tuple[str, ...]:
    """See that no required source of a newsletter fails; give a sentence for each that does.

    A required source that was never read holds the draft too: nothing of it is there.

    Raises:
        NothingToDo: a required one fails, and the person did not say that it be done anyway.
    """
    sentences = []
    held = []
    for line in sources_of(desk, newsletter):
        name, row = line.source.name, line.row
        if row.state in UNWELL:
            sentence = f"the source {name} is {row.state}: {row.last_error}"
        elif line.source.required and row.since is None:
            sentence = f"the source {name} was not read yet"
        else:
            continue
        sentences.append(sentence)
        if line.source.required:
            held.append(name)
    if held and not anyway:
        msg = f"{'; '.join(sentences)}; {newsletter.name} requires {' and '.join(held)}"
        hint = f'"newsletter fetch {held[0]}" asks it now; "newsletter draft --anyway" goes without'
        raise NothingToDo(msg, hint=hint)
    return tuple(sentences)
