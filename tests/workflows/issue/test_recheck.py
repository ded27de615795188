"""Recheck: what the sources say now, laid beside what was taken in, and kept with the issue."""

from collections.abc import Iterator
from io import BytesIO

import pytest
from PIL import Image
from web_peer import WebPeer, answer, peer
from workflows.newsroom import Newsroom

from newsletter.errors import ChecksFailed
from newsletter.fetch import Fetcher
from newsletter.ingest.html_page import article_from_html
from newsletter.model.finding import Finding, Waiver
from newsletter.store import articles
from newsletter.workflows.approval.approve_issue import approve_issue
from newsletter.workflows.issue.check_issue import check_issue, links_were_checked, waive
from newsletter.workflows.issue.recheck import Rechecked, recheck_issue

ISSUE = "2022-03-17-daily"
TITLE = "Town council closes the old bridge to lorries"
BODY = [
    "The council of Marlow Bridge decided on Monday evening, after four hours of debate, that the"
    " old bridge across the river will be closed to lorries from the first of May.",
    "A survey had found cracks in two of its six piers, and repairs would cost more than three"
    " million pounds, the treasurer told the meeting in the town hall.",
    "Walkers and cyclists may go on using the bridge as they do now, while lorries have to take the"
    " road by the mill, which is eleven miles longer than the direct way.",
    "The county has promised a third of the money. The town would have to borrow the rest over the"
    " next ten years, and the mayor wants to ask the readers of the local paper first.",
]


def page(title: str = TITLE, paragraphs: list[str] | None = None, extra: str = "") -> bytes:
    text = "".join(f"<p>{each}</p>" for each in (BODY if paragraphs is None else paragraphs))
    return answer(
        f"<!DOCTYPE html><html lang='en'><head><title>{title}</title>"
        f"<meta property='og:title' content='{title}'>{extra}</head>"
        f"<body><article><h1>{title}</h1>{text}</article></body></html>".encode(),
        headers={"Content-Type": "text/html; charset=utf-8"},
    )


def photo(width: int = 1400, height: int = 900) -> bytes:
    stream = BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert("RGB").save(stream, "JPEG")
    return stream.getvalue()


@pytest.fixture
def site() -> Iterator[WebPeer]:
    with peer() as made:
        made.scripts["/story"] = page()
        made.scripts["/photo.jpg"] = answer(photo())
        yield made


class Desk:
    """A newsroom with one issue of one story, taken in from the site."""

    def __init__(self, newsroom: Newsroom, site: WebPeer, *, brief: str = "") -> None:
        self.newsroom, self.site = newsroom, site
        newsroom.subscribe(2)
        newsroom.set(
            "[proof]",
            f'[sources.paper]\nfeed = "{site.url("/")}"\nallow_local = ["{site.entry}"]\n\n[proof]',
        )
        raw = site.scripts["/story"]
        assert isinstance(raw, bytes)
        article = article_from_html(
            raw.split(b"\r\n\r\n", 1)[1],
            url=site.url("/story"),
            source="paper",
            callouts=(),
            noise=(),
        )
        with newsroom.desk.database.write() as connection:
            saved = articles.save_article(connection, article, now=newsroom.desk.clock.now())
        (newsroom.folder / "issues" / f"{ISSUE}.md").write_text(
            f"---\nnewsletter: daily\ndate: 2022-03-17\nsubject: The old bridge is closed to"
            " lorries\npreheader: A survey found cracks in two of the six piers of the bridge"
            f"\n---\n\n# Top story\n\n## [{TITLE}]({site.url('/story')})\n{{article={saved.id}}}\n"
            f"![A stone bridge with six piers]({site.url('/photo.jpg')})\n\n{BODY[0]}\n{brief}"
        )

    def look(self) -> Rechecked:
        clock = self.newsroom.desk.clock
        fetcher = Fetcher(clock=clock, user_agent="newsletter/test", pace_s=0)
        return recheck_issue(self.newsroom.desk, ISSUE, fetcher)

    def found(self) -> dict[str, Finding]:
        return {finding.id: finding for _, finding in self.look().findings}

    def checked(self) -> dict[str, Finding]:
        report = check_issue(self.newsroom.desk, ISSUE)
        return {finding.id: finding for finding in report.findings}


@pytest.fixture
def desk(newsroom: Newsroom, site: WebPeer) -> Desk:
    return Desk(newsroom, site)


def test_nothing_is_found_where_nothing_changed(desk: Desk) -> None:
    done = desk.look()
    assert (done.asked, done.findings, done.blocks) == (1, (), False)
    report = check_issue(desk.newsroom.desk, ISSUE)
    assert {"O11", "S15", "S22", "S23"} <= set(report.passed)
    assert links_were_checked(desk.newsroom.desk, ISSUE)


@pytest.mark.parametrize(
    "script",
    [
        answer(b"gone", status="410 Gone"),
        answer(b"none", status="404 Not Found"),
        page(paragraphs=["This article has been withdrawn at the request of the council."]),
        page(paragraphs=[*BODY, "This story was retracted on Tuesday."]),
        page(paragraphs=[BODY[0][:60]]),
    ],
    ids=["410", "404", "withdrawn", "retracted", "most of it gone"],
)
def test_a_withdrawn_story_blocks_until_a_person_answers_for_it(desk: Desk, script: bytes) -> None:
    desk.site.scripts["/story"] = script
    done = desk.look()
    assert done.blocks
    assert [finding.id for _, finding in done.findings] == ["S22"]
    finding = desk.checked()["S22"]
    assert finding.line == 10
    assert "(asked " in finding.message
    with pytest.raises(ChecksFailed, match="S22"):
        approve_issue(desk.newsroom.desk, ISSUE, by="Jo")
    waive(desk.newsroom.desk, ISSUE, Waiver(check="S22", by="Jo", reason="I asked the paper"))
    assert "S22" not in desk.checked()


def test_a_changed_headline_warns_with_both(desk: Desk) -> None:
    desk.site.scripts["/story"] = page(title="Council takes back the closing of the old bridge")
    finding = desk.found()["S23"]
    assert "takes back" in finding.message
    assert finding.evidence == TITLE


def test_a_notice_in_its_place_does_not_replace_the_article_that_was_taken_in(desk: Desk) -> None:
    desk.site.scripts["/story"] = page(paragraphs=["This article has been removed."] * 3)
    assert desk.look().blocks
    with desk.newsroom.desk.database.read() as connection:
        (row,) = articles.list_articles(connection)
    assert row.version == 1


@pytest.mark.covers("F51")
def test_trouble_at_the_server_warns_and_blocks_nothing(desk: Desk) -> None:
    desk.site.scripts["/story"] = answer(b"", status="503 Service Unavailable")
    done = desk.look()
    assert not done.blocks
    assert [finding.id for _, finding in done.findings] == ["O11"]


def test_who_forbids_programs_to_look_does_not_forbid_readers(desk: Desk) -> None:
    desk.site.scripts["/robots.txt"] = answer(b"User-agent: *\nDisallow: /story\n")
    assert desk.found() == {}


def test_settings_say_what_blocks_and_what_is_not_looked_for(desk: Desk) -> None:
    desk.newsroom.set("[proof]", '[recheck]\nwithdrawn = "off"\nheadline = "block"\n\n[proof]')
    desk.site.scripts["/story"] = page(title="Council takes back the closing of the old bridge")
    assert desk.look().blocks
    desk.site.scripts["/story"] = answer(b"gone", status="410 Gone")
    assert desk.found() == {}


@pytest.mark.covers("F54")
@pytest.mark.parametrize(
    ("script", "says"),
    [
        (answer(b"none", status="404 Not Found"), "404"),
        (answer(b"<html>no picture"), "neither JPEG, PNG, GIF nor WebP"),
        (answer(photo(90, 60)), "only 90 by 60 pixels"),
    ],
    ids=["404", "a page", "an icon"],
)
def test_a_picture_that_cannot_be_had_warns(desk: Desk, script: bytes, says: str) -> None:
    desk.site.scripts["/photo.jpg"] = script
    finding = desk.found()["S15"]
    assert says in finding.message
    assert desk.checked()["S15"].line == 12
