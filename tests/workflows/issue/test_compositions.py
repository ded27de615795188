"""How often an issue is composed, and that what the checks looked at is what goes out."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from workflows.newsroom import SAMPLE, Newsroom

from newsletter.compose.composer import Composer, ComposeRequest, Composition
from newsletter.workflows.approval.approve_issue import approve_issue
from newsletter.workflows.approval.send_now import make_due
from newsletter.workflows.explain.explain_plan import explain_plan

WAYS = 2  # the sample's appeal is shown, or left out


@dataclass
class CountingComposer(Composer):
    requests: list[ComposeRequest] = field(default_factory=list)

    def __post_init__(self) -> None:
        Composer.__init__(self)

    def compose(self, request: ComposeRequest) -> Composition:
        self.requests.append(request)
        return super().compose(request)


@pytest.fixture
def counted(tmp_path: Path) -> Iterator[tuple[Newsroom, CountingComposer]]:
    with CountingComposer() as composer:
        room = Newsroom(tmp_path, composer)
        room.subscribe(3)
        room.verify()
        yield room, composer
        room.close()


def test_each_way_an_issue_may_go_out_is_composed_once(
    counted: tuple[Newsroom, CountingComposer],
) -> None:
    room, composer = counted
    room.schedule()
    works: tuple[tuple[str, Callable[[], object]], ...] = (
        ("approve", lambda: approve_issue(room.desk, SAMPLE, by="Ada")),
        ("plan", lambda: explain_plan(room.desk)),
        ("send", lambda: make_due(room.desk, SAMPLE, recipients=3, by="Ada")),
        ("release", room.release),
    )
    for name, work in works:
        composer.requests.clear()
        work()
        assert len(composer.requests) == WAYS, name
