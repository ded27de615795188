"""The life of a callout: its addresses asked, every change kept, its wording held to what was
verified, closed for good.
"""

import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tls_authority import make_authority, secure_peer, trusting
from web_peer import WebPeer, answer, leads_to
from workflows.newsroom import SAMPLE, SOURCE, Newsroom

from newsletter.clock import SystemClock
from newsletter.errors import IssueError, UserError
from newsletter.fetch import Fetcher
from newsletter.fetch.connection import Connect, system_connect
from newsletter.ingest.text_file import article_from_text
from newsletter.issues.save import read_issue
from newsletter.model.callout import CalloutOccasion, CalloutStatus, CalloutUse
from newsletter.schedule.preparer import ask_appeals
from newsletter.store import articles
from newsletter.workflows.callouts.administer import (
    ASK_AGAIN,
    callout_history,
    close_callout,
    due_appeals,
    list_callouts,
    probe_named,
    verify_callout,
)
from newsletter.workflows.issue.build_issue import build_issue
from newsletter.workflows.issue.check_issue import check_issue
from newsletter.workflows.issue.compose_issue import prepare
from newsletter.workflows.issue.recheck import recheck_issue
from newsletter.workflows.project_files import load_callouts, placed_callouts
from newsletter.workflows.sending.release import Verdict
from newsletter.workflows.stories.draft_next import draft_next

DEC = "dec-ukraine"
FILE = "callouts/dec-ukraine.md"
DONATE = "/ukraine-humanitarian-appeal"
INFO = "/appeal/ukraine-humanitarian-appeal"
HOSTS = ("www.dec.org.uk", "dec.org.uk", "donation.dec.org.uk")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tls")
    make_authority(folder, HOSTS)
    return folder


@pytest.fixture
def charity(authority: Path) -> Iterator[WebPeer]:
    """The charity's hosts, on loopback; both addresses of the shipped appeal answer."""
    with secure_peer(authority) as made:
        made.scripts[DONATE] = made.scripts[INFO] = answer(b"give")
        yield made


@pytest.fixture
def prober(authority: Path, charity: WebPeer) -> Fetcher:
    def connect(address: str, port: int, timeout: float) -> object:
        assert (address, port) == ("93.184.216.34", 443)
        return system_connect(charity.host, charity.port, timeout)

    made: Connect = connect  # type: ignore[assignment]
    return Fetcher(
        clock=SystemClock(),
        user_agent="newsletter/test",
        resolve=lambda _host, _port: ["93.184.216.34"],
        connect=made,
        pace_s=0.0,
        trust=trusting(authority),
    )


def use_of(room: Newsroom) -> CalloutUse:
    (use,) = prepare(room.desk, SAMPLE).uses
    return use


def edit(room: Newsroom, key: str, value: str) -> None:
    """Change a value of the callout's file by hand."""
    path = room.folder / FILE
    text = re.sub(rf"(?m)^{key}:.*$", f"{key}: {value}", path.read_text())
    path.write_text(text)


@pytest.mark.covers("T53")
@pytest.mark.parametrize(
    ("path", "told"),
    [
        (DONATE, (answer(status="404 Not Found"), "404")),
        (DONATE, (answer(status="410 Gone"), "410")),
        (DONATE, (leads_to("https://evil.example/give"), "evil.example")),
        (INFO, (answer(status="404 Not Found"), "404")),
        (INFO, (leads_to("https://www.dec.org.uk.evil.example/"), "evil.example")),
    ],
)
def test_an_address_that_is_gone_blocks_until_a_later_answer_is_well(
    ready: Newsroom, charity: WebPeer, prober: Fetcher, path: str, told: tuple[bytes, str]
) -> None:
    ready.clock.forward(timedelta(minutes=1))
    charity.scripts[path], why = told
    before = (ready.folder / FILE).read_bytes()
    asked = probe_named(ready.desk, DEC, prober)
    assert [one.is_well for one in asked].count(False) == 1
    use = use_of(ready)
    assert use.status is CalloutStatus.UNVERIFIED
    assert why in use.reason
    assert [f.id for f in check_issue(ready.desk, SAMPLE).errors] == ["S04"]
    ready.clock.forward(timedelta(minutes=1))
    charity.scripts[path] = answer(b"give")
    probe_named(ready.desk, None, prober)
    assert use_of(ready).status is CalloutStatus.OPEN
    assert (ready.folder / FILE).read_bytes() == before
    assert len(ready.rows("SELECT id FROM callout_probes")) == 4


def test_a_person_who_verifies_after_a_bad_answer_has_seen_more(
    ready: Newsroom, charity: WebPeer, prober: Fetcher
) -> None:
    ready.clock.forward(timedelta(minutes=1))
    charity.scripts[DONATE] = answer(status="404 Not Found")
    probe_named(ready.desk, DEC, prober)
    ready.clock.forward(timedelta(minutes=1))
    ready.verify()
    assert use_of(ready).status is CalloutStatus.OPEN
    ready.clock.forward(timedelta(minutes=1))
    probe_named(ready.desk, DEC, prober)
    assert use_of(ready).status is CalloutStatus.UNVERIFIED


@pytest.mark.covers("T53")
def test_a_page_that_went_away_after_the_approval_holds_the_issue(
    ready: Newsroom, charity: WebPeer, prober: Fetcher
) -> None:
    ready.approve()
    ready.schedule()
    ready.clock.forward(timedelta(minutes=1))
    charity.scripts[DONATE] = answer(status="410 Gone")
    done = recheck_issue(ready.desk, SAMPLE, prober)
    assert done.blocks
    released = ready.release()
    assert released.verdict is Verdict.HELD
    assert "410" in released.why


def test_only_open_appeals_of_planned_issues_are_due_and_not_when_somebody_has_just_looked(
    ready: Newsroom, prober: Fetcher
) -> None:
    assert due_appeals(ready.desk) == ()
    ready.approve()
    ready.schedule(wait=timedelta(days=1))
    assert due_appeals(ready.desk) == ()
    ready.clock.forward(ASK_AGAIN)
    (due,) = due_appeals(ready.desk)
    assert due.name == DEC
    probe_named(ready.desk, DEC, prober)
    assert due_appeals(ready.desk) == ()


def test_verifying_keeps_the_seal_and_a_changed_wording_breaks_verification_and_seal(
    ready: Newsroom,
) -> None:
    ready.approve()
    ready.schedule()
    before = build_issue(ready.desk, SAMPLE).fingerprint
    ready.clock.forward(timedelta(minutes=1))
    verify_callout(ready.desk, DEC, by="B. Tester", source=SOURCE)
    assert build_issue(ready.desk, SAMPLE).fingerprint == before
    edit(ready, "heading", "Give to the DEC")
    use = use_of(ready)
    assert use.status is CalloutStatus.UNVERIFIED
    assert use.reason == "its wording changed since it was verified (heading)"
    assert build_issue(ready.desk, SAMPLE).fingerprint != before
    assert ready.release().verdict is Verdict.HELD


def test_the_history_tells_who_and_when(newsroom: Newsroom) -> None:
    list_callouts(newsroom.desk)
    newsroom.clock.forward(timedelta(hours=1))
    newsroom.verify()
    verified_at = newsroom.clock.now()
    newsroom.clock.forward(timedelta(hours=1))
    edit(newsroom, "heading", "Give to the DEC")
    use_of(newsroom)
    use_of(newsroom)  # nothing is written twice
    newsroom.clock.forward(timedelta(hours=1))
    close_callout(newsroom.desk, DEC, by="C. Loser")
    first, verified, by_hand, closed = callout_history(newsroom.desk, DEC)
    assert (first.who, first.content["status"]) == ("first seen", "unverified")
    assert (verified.who, verified.seen_at) == ("A. Tester", verified_at)
    assert verified.occasion is CalloutOccasion.VERIFIED
    assert verified.content["status"] == "open"
    assert verified.content["verified_source"] == SOURCE
    assert (by_hand.who, by_hand.content["heading"]) == ("by hand", "Give to the DEC")
    assert (closed.who, closed.occasion) == ("C. Loser", CalloutOccasion.CLOSED)
    assert closed.content["status"] == "closed"


@pytest.mark.covers("T53")
def test_an_appeal_that_closed_is_not_opened_by_hand_either(ready: Newsroom) -> None:
    close_callout(ready.desk, DEC, by="A. Editor")
    edit(ready, "closed_on", "")
    edit(ready, "status", "open")
    with pytest.raises(
        IssueError,
        match=r"dec-ukraine.md:11:1: its file says open, and the appeal"
        r" dec-ukraine closed on .* \(A. Editor\).*callouts history dec-ukraine",
    ):
        build_issue(ready.desk, SAMPLE)
    with pytest.raises(UserError, match="closed never returns"):
        ready.verify()
    (listed,) = list_callouts(ready.desk)
    assert listed.use.status is CalloutStatus.CLOSED
    close_callout(ready.desk, DEC, by="A. Editor")  # this puts the file right
    assert use_of(ready).status is CalloutStatus.CLOSED


def take_in(room: Newsroom, number: int, paragraphs: list[str]) -> None:
    """Add an article by hand, as `add` does."""
    text = "\n\n".join([f"Story number {number} of the day", *paragraphs])
    article = article_from_text(
        text.encode(),
        url=f"https://paper.example/{number}",
        source="",
        callouts=load_callouts(room.desk.settings),
        noise=[],
    )
    with room.desk.database.write() as connection:
        articles.save_article(connection, article, now=room.clock.now())


def body(number: int) -> str:
    return (
        f"The council of town number {number} met on Monday evening and put off, after {number} "
        "hours, what it had meant to decide about the old bridge across the river."
    )


@pytest.mark.covers("T53")
def test_an_article_with_an_appeals_words_neither_makes_nor_opens_nor_places_one(
    newsroom: Newsroom,
) -> None:
    newsroom.set('callouts = ["dec-ukraine"]', "callouts = []")
    before = {path.name: path.read_bytes() for path in (newsroom.folder / "callouts").iterdir()}
    words = (newsroom.folder / FILE).read_text().split("---\n")[2].split("\n\n")[0].strip()
    link = "Learn more and donate what you can today"
    take_in(newsroom, 1, [body(1), words, link, "::: callout dec-ukraine", ":::"])
    drafted = draft_next(newsroom.desk, None, newsroom.clock.now().date())
    assert drafted.draft.callouts == ()
    text = drafted.path.read_text()
    assert words not in text
    assert link not in text
    issue = read_issue(drafted.path, shown=drafted.shown).issue
    assert placed_callouts(issue) == ()
    after = {path.name: path.read_bytes() for path in (newsroom.folder / "callouts").iterdir()}
    assert after == before
    (listed,) = list_callouts(newsroom.desk)
    assert listed.use.status is CalloutStatus.UNVERIFIED


def test_a_run_asks_the_appeals_of_planned_issues_when_they_are_due(
    ready: Newsroom, charity: WebPeer, prober: Fetcher
) -> None:
    ready.approve()
    ready.schedule(wait=timedelta(days=2))
    ready.clock.forward(ASK_AGAIN)
    charity.scripts[DONATE] = answer(status="404 Not Found")
    said: list[str] = []
    ask_appeals(ready.desk, prober, stop=threading.Event(), say=said.append)
    (line,) = said
    assert line.startswith("dec-ukraine: not verified any more: ")
    assert "404" in line
    assert use_of(ready).status is CalloutStatus.UNVERIFIED
    assert due_appeals(ready.desk) == ()
