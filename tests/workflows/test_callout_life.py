"""The life of a callout: its addresses asked, every change kept, its wording held to what was
verified, closed for good.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from tls_authority import make_authority, secure_peer, trusting
from web_peer import WebPeer, answer, leads_to
from workflows.newsroom import SAMPLE, SOURCE, Newsroom

from newsletter.clock import SystemClock
from newsletter.errors import IssueError, UserError
from newsletter.fetch import Fetcher
from newsletter.fetch.connection import Connect, system_connect
from newsletter.model.callout import CalloutOccasion, CalloutStatus, CalloutUse
from newsletter.workflows.build_issue import build_issue
from newsletter.workflows.callout_probes import ASK_AGAIN, due_appeals, probe_named
from newsletter.workflows.callouts import (
    callout_history,
    close_callout,
    list_callouts,
    verify_callout,
)
from newsletter.workflows.check_issue import check_issue
from newsletter.workflows.compose_issue import prepare
from newsletter.workflows.recheck import recheck_issue
from newsletter.workflows.release import Verdict

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


def test_trouble_on_the_way_changes_nothing(
    ready: Newsroom, charity: WebPeer, prober: Fetcher
) -> None:
    ready.clock.forward(timedelta(minutes=1))
    charity.scripts[DONATE] = answer(status="503 Service Unavailable")
    asked = probe_named(ready.desk, DEC, prober)
    assert [one.was_asked for one in asked] == [False, True]
    assert use_of(ready).status is CalloutStatus.OPEN
    charity.scripts[DONATE] = answer(status="404 Not Found")
    probe_named(ready.desk, DEC, prober)
    charity.scripts[DONATE] = answer(status="503 Service Unavailable")
    probe_named(ready.desk, DEC, prober)
    assert use_of(ready).status is CalloutStatus.UNVERIFIED


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


@pytest.mark.covers("T53")
def test_a_changed_address_is_not_what_was_verified(ready: Newsroom) -> None:
    use_of(ready)
    edit(ready, "donation_url", "https://www.dec.org.uk/other")
    use = use_of(ready)
    assert use.status is CalloutStatus.UNVERIFIED
    assert use.reason == "its addresses changed since it was verified (donation_url)"
    edit(ready, "donation_url", "https://donation.dec.org.uk/ukraine-humanitarian-appeal")
    assert use_of(ready).status is CalloutStatus.OPEN


def test_verifying_the_new_wording_on_the_same_day_opens_it(ready: Newsroom) -> None:
    edit(ready, "heading", "Give to the DEC")
    assert use_of(ready).status is CalloutStatus.UNVERIFIED
    ready.clock.forward(timedelta(minutes=1))
    ready.verify()
    assert use_of(ready).status is CalloutStatus.OPEN


def test_what_is_no_wording_may_change(ready: Newsroom) -> None:
    edit(ready, "verify_every_days", "30")
    edit(ready, "when_closed", "replace")
    path = ready.folder / FILE
    path.write_text(path.read_text().replace("status: open", "status: open  # looked at it"))
    assert use_of(ready).status is CalloutStatus.OPEN


def test_the_history_tells_who_when_from_and_to(newsroom: Newsroom) -> None:
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
    assert (first.who, [(v.key, v.became) for v in first.values]) == (
        "first seen",
        [("status", "unverified")],
    )
    assert (verified.who, verified.at) == ("A. Tester", verified_at)
    assert verified.occasion is CalloutOccasion.VERIFIED
    changes = {value.key: (value.was, value.became) for value in verified.values}
    assert changes["status"] == ("unverified", "open")
    assert changes["verified_source"] == ("", SOURCE)
    assert by_hand.who == "by hand"
    assert [(v.key, v.became) for v in by_hand.values] == [("heading", "Give to the DEC")]
    assert (closed.who, closed.occasion) == ("C. Loser", CalloutOccasion.CLOSED)
    assert ("status", "open", "closed") in {(v.key, v.was, v.became) for v in closed.values}
    kept = newsroom.rows("SELECT who, was, became FROM callout_history ORDER BY id")
    assert kept == [("A. Tester", "unverified", "open"), ("C. Loser", "open", "closed")]


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


def test_a_closure_by_hand_is_for_good_once_it_was_seen(ready: Newsroom) -> None:
    edit(ready, "status", "closed")
    assert use_of(ready).status is CalloutStatus.CLOSED
    edit(ready, "status", "draft")
    with pytest.raises(IssueError, match="closed never returns"):
        use_of(ready)


def test_marks_written_by_hand_are_a_verification_of_what_stands_there(ready: Newsroom) -> None:
    edit(ready, "heading", "Give to the DEC")
    ready.verified_on(date(2026, 11, 23))
    assert use_of(ready).status is CalloutStatus.OPEN


def test_what_a_send_and_a_draft_used_is_written_down(ready: Newsroom) -> None:
    ready.approve()
    ready.schedule()
    assert ready.release().verdict is Verdict.FROZEN
    used = ready.rows("SELECT callout, newsletter, issue, occasion, appearance FROM callout_uses")
    assert used == [(DEC, "daily", SAMPLE, "send", "shown")]
    (listed,) = list_callouts(ready.desk)
    assert listed.last_use is not None
    assert (listed.last_use.issue, listed.last_use.occasion) == (SAMPLE, "send")
