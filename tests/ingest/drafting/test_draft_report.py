from dataclasses import replace
from datetime import date
from pathlib import Path

from ingest.candidates_made import NOW, candidate, newsletter_of, ruling
from markdown_it import MarkdownIt

from newsletter.config.settings import SourceSettings
from newsletter.ingest.drafting.draft import draft_issue
from newsletter.ingest.drafting.draft_report import draft_report
from newsletter.ingest.drafting.same_story import Alike, Likeness, Stories
from newsletter.model.article import Metadatum, Origin
from newsletter.model.source import Ruling

DAY = date(2026, 11, 24)
SOURCES = [SourceSettings(name="world", section="World"), SourceSettings(name="sport")]
REPORT = Path(__file__).parent / "draft_report.md"


def test_the_report_tells_what_was_chosen_what_was_not_and_why() -> None:
    newsletter = replace(newsletter_of(), most_stories=2)
    candidates = [
        candidate(1, "world", hours=1),
        candidate(2, "sport", hours=0.5),
        replace(candidate(3, "sport", hours=24), pin=ruling(3, Ruling.PIN, why="our own report.")),
        candidate(4, "world", hours=0.1),
        candidate(5, "world", hours=8 * 24),
    ]
    told = Stories(
        pairs=(Alike(one=1, other=4, likeness=Likeness.RELATED, shared=0.31),), groups=((1, 2),)
    )
    draft = draft_issue(newsletter, DAY, candidates, [], now=NOW, sources=SOURCES, stories=told)
    assert draft_report(draft, newsletter) == REPORT.read_text("utf-8")


def test_what_a_source_says_is_never_markup_in_the_report() -> None:
    title = "<script>alert(1)</script> [x](javascript:1) **bold** `code` ![i](https://e.example/p)"
    made = candidate(1, "world", title=title)
    link = Metadatum(value=title, origin=Origin.PAGE)
    made = replace(
        made, article=replace(made.article, description=link, url="https://e.example/>x")
    )
    newsletter = newsletter_of()
    draft = draft_issue(newsletter, DAY, [made], [], now=NOW)
    html = MarkdownIt("commonmark").render(draft_report(draft, newsletter))
    assert "&lt;script&gt;alert(1)&lt;/script&gt; [x](javascript:1) **bold** `code`" in html
    for tag in ("<script", "<img", "<a href", "<strong>bold"):
        assert tag not in html
