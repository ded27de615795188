"""Planned times seconds apart, and `newsletter run` killed all the while: each is sent once."""

import random
import re
import time
from collections import Counter
from contextlib import closing
from datetime import datetime, timedelta

import pytest
from e2e.folder import SAMPLE, ZONE, Folder, header, kill, stop

from newsletter.clock import SystemClock
from newsletter.model.records import OccurrenceKind
from newsletter.model.schedule import PlannedTime
from newsletter.store import occurrences, open_database

READERS = 3
CONNECTIONS = 4  # at most so many copies are under way at a kill
PATIENCE_S = 120.0


def _write(folder: Folder, count: int) -> list[str]:
    text = (folder.path / "issues" / f"{SAMPLE}.md").read_text()
    names = [f"number-{n:03}" for n in range(count)]
    for name in names:
        fresh = re.sub("(?m)^subject:.*", f"subject: The news called {name}", text)
        (folder.path / "issues" / f"{name}.md").write_text(fresh)
    return names


def _plan(folder: Folder, names: list[str], *, apart_s: float, ahead_s: float) -> datetime:
    """Plan the issues one after another, as `schedule` does; gives the last planned time."""
    clock = SystemClock()
    url = f"sqlite:///{folder.path}/var/newsletter.db"
    at = clock.now() + timedelta(seconds=ahead_s)
    with (
        closing(open_database(url, create=False, clock=clock)) as database,
        database.write() as connection,
    ):
        for number, name in enumerate(names):
            at += timedelta(seconds=apart_s if number else 0)
            local = at.astimezone(ZONE).replace(tzinfo=None)
            occurrences.plan_issue(
                connection,
                newsletter="daily",
                issue=name,
                kind=OccurrenceKind.ONE_OFF,
                planned=PlannedTime(local=local, zone=ZONE.key, at=at),
            )
    return at


def _prove(folder: Folder, *, count: int, apart_s: float, seed: int, most_s: float) -> None:
    folder.set('approval = "required"', 'approval = "automatic"')
    names = _write(folder, count)
    chance = random.Random(seed)  # noqa: S311 (repeatable by design)
    last = _plan(folder, names, apart_s=apart_s, ahead_s=4)
    kills = 0
    while datetime.now(ZONE) < last:  # noqa: TID251
        running = folder.start("run")
        time.sleep(chance.uniform(0.2, most_s))  # noqa: TID251 (the moment of the kill is the test)
        kill(running)
        kills += 1
    running = folder.start("run")
    give_up = time.monotonic() + PATIENCE_S + count  # noqa: TID251
    while True:
        runs = folder.here("log", "--json").json()
        if len(runs) == count and {run["outcome"] for run in runs} <= {"sent", "unsettled"}:
            break
        assert running.poll() is None, running.communicate()
        assert time.monotonic() < give_up, [(r["issue"], r["outcome"], r["why"]) for r in runs]  # noqa: TID251
        time.sleep(0.5)  # noqa: TID251 (asking another process)
    code, said = stop(running)
    assert code == 0, said

    assert sorted(run["issue"] for run in runs) == names
    caught = Counter(
        (header(path, "Delivered-To"), header(path, "Subject")) for path in folder.mails()
    )
    assert set(caught.values()) == {1}, "somebody got an issue twice"
    doubts = 0
    for run in map(folder.log, names):
        states = Counter(delivery["state"] for delivery in run["deliveries"])
        assert set(states) <= {"sent", "unknown"}
        assert states.total() == READERS
        for delivery in run["deliveries"]:
            is_caught = (delivery["recipient"], f"The news called {run['issue']}") in caught
            assert is_caught or delivery["state"] == "unknown", "somebody was lost"
        doubts += states["unknown"]
    assert doubts <= kills * CONNECTIONS
    assert doubts < count * READERS / 2, "the doubtful are to be the exception"


@pytest.mark.slow
@pytest.mark.covers("I01", "I02", "I05")
def test_four_planned_times_while_run_is_killed_are_sent_once(ready: Folder) -> None:
    _prove(ready, count=4, apart_s=2.0, seed=20261124, most_s=5.0)


@pytest.mark.prove
def test_a_hundred_planned_times_while_run_is_killed_are_sent_once(ready: Folder) -> None:
    _prove(ready, count=100, apart_s=3.0, seed=1, most_s=9.0)
