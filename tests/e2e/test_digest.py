"""A scheduled digest by the installed command: from a feed to the editors' inbox and to readers."""

from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default

import pytest
from e2e.folder import Folder, header, stop
from e2e.waiting import ended, until_told
from feed_site import FeedSite, page
from workflows.digest_room import ITEMS, STORIES

SCHEDULE = '[newsletters.daily.schedule]\ncron = "30 6 * * *"\ndraft_at = "05:30"\n\n'


pytestmark = pytest.mark.slow


@pytest.fixture
def site() -> Iterator[FeedSite]:
    with FeedSite() as running:
        running.rss("/feed", *ITEMS)
        for item in ITEMS:
            running.put(item.path, page(item.title, STORIES[item.title]))
        yield running


@pytest.fixture
def digest(ready: Folder, site: FeedSite) -> Folder:
    """A folder with a source and a schedule that needs no approval."""
    source = f'[sources.world]\nfeed = "{site.url("/feed")}"\nallow_local = ["{site.address}"]\n\n'
    ready.set('approval = "required"', 'approval = "automatic"')
    ready.set("sources = []", 'sources = ["world"]')
    ready.set("[proof]", f"{SCHEDULE}{source}[proof]")
    return ready


def test_a_digest_makes_itself_and_tells_its_editors(digest: Folder) -> None:
    digest.here("force", "daily")
    running = digest.start("run")
    run = ended(digest)
    assert run["outcome"] == "sent", run
    until_told(digest, 2)
    code, said = stop(running)
    assert code == 0, said
    assert digest.caught() == {f"reader{n}@readers.example": 1 for n in range(3)}
    run = ended(digest)  # with the steps that follow the last copy
    names = [step["name"] for step in run["steps"]]
    before = ["fetch", "draft", "recheck", "build", "check", "editors", "approval"]
    assert names == [*before, "build", "check", "approval", "freeze", "send", "report"]
    assert run["steps"][-1]["result"] == "3 of 3 sent"
    draft, sent = sorted(
        digest.mails(notices=True), key=lambda path: header(path, "X-Newsletter-Notice")
    )
    assert header(draft, "Subject").startswith("[Draft] ")
    assert header(sent, "Subject") == f"[Sent] {run['issue']}"
    message = message_from_bytes(draft.read_bytes(), policy=default)
    assert [part.get_content_type() for part in message.iter_parts()] == [
        "text/plain",
        "multipart/alternative",
    ]
