"""What `draft` writes is not what `check` then blames it for."""

from dataclasses import replace
from datetime import UTC, datetime, time

import pytest
from checks.test_sourced import SOURCED, SOURCES
from ingest.candidates_made import newsletter_of
from ingest.syndication import article_of

from newsletter.checks.request import CheckRequest
from newsletter.checks.run import run_checks
from newsletter.checks.wording import cards_of, stories
from newsletter.ingest.drafting.choice import Candidate
from newsletter.ingest.drafting.draft import draft_issue
from newsletter.issues.parse_issue import parse_issue
from newsletter.issues.write_issue import write_issue
from newsletter.model.article import Metadatum, Origin
from newsletter.workflows.stories.story_memory import source_of


@pytest.mark.parametrize("most", [2, 3])
@pytest.mark.parametrize("file", ["flood", "sport", "correction", "haushalt", "fussball"])
def test_a_draft_brings_no_warning(file: str, most: int) -> None:
    known = parse_issue((SOURCED / f"{file}.md").read_text("utf-8"), name=file, file=file).issue
    language = "de-DE" if known.newsletter == "morgen" else "en-GB"
    now = datetime.combine(known.date, time(20), UTC)
    candidates = []
    for number, card in enumerate(tuple(stories(known))[:most], start=1):
        text = SOURCES[card.url.rpartition("/")[2]]["text"]
        article = article_of(text.split("\n"), title=card.headline, url=card.url)
        published = Metadatum(value=now.isoformat(), origin=Origin.OPENGRAPH)
        candidates.append(
            Candidate(id=number, article=replace(article, published=published), seen=now)
        )
    newsletter = replace(newsletter_of(language=language), public_url="https://news.daily.co.uk")
    draft = draft_issue(newsletter, known.date, candidates, [], now=now)
    issue = parse_issue(write_issue(draft.issue), name=draft.issue.name, file="draft.md").issue
    articles = {one.article.url: (one.article, one.id) for one in candidates}
    sources = {
        card: source_of(articles[card.url][0], number=articles[card.url][1])
        for card in cards_of(issue)
    }
    request = CheckRequest(
        issue=issue,
        newsletter=newsletter,
        composed=None,
        on=issue.date,
        moment=now,
        sources=sources,
    )
    found = [one for one in run_checks(request).findings if one.id[0] in "SH"]
    assert [(one.check, one.message, one.evidence) for one in found] == []
