"""A machine with too little memory, or too few open files, for what is asked of it."""

import resource
from collections import Counter
from pathlib import Path

import pytest
from e2e.folder import PATIENCE_S, SAMPLE, Done, Folder, must_be_plain
from e2e.waiting import slow_server

SHORT = Path(__file__).with_name("short_of_memory.py")
READERS = 40


def with_files(folder: Folder, most: int, *command: str) -> Done:
    """Run a command that may have so many files open."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))

    return folder.run(*command, before=limit, expect=None)


def with_memory(folder: Folder, mib: int, *command: str) -> Done:
    """Run a command that has so much memory beside what its code takes."""
    process = folder.start(str(mib), *command, script=SHORT)
    out, err = process.communicate(timeout=PATIENCE_S)
    return Done(process.returncode, out, err)


@pytest.mark.slow
@pytest.mark.covers("F59")
def test_a_sender_short_of_memory_or_files_stops_plainly_and_mails_nobody_twice(
    ready: Folder,
) -> None:
    """With each limit it ends as it should, or with a sentence and "later"; then the rest goes."""
    ready.subscribe(READERS)
    left = READERS
    endings = []
    with slow_server(ready, pause_s=0.01) as server:
        for limited, most in (
            (with_files, 9),
            (with_files, 13),
            (with_memory, 2),
            (with_memory, 12),
            (with_memory, 22),
            (with_memory, 32),
        ):
            done = limited(ready, most, "send", SAMPLE, "--confirm", str(left))
            assert done.code in {0, 3}, done
            endings.append(done.code)
            if done.code:
                must_be_plain(done)
            left = (ready.log().get("account") or {"left": READERS})["left"]
            if not left:
                break
        if left:
            ready.run("send", SAMPLE, "--confirm", str(left))
        taken = Counter(entry["to"] for entry in server.accepted())
    assert 3 in endings
    assert ready.log()["account"]["sent"] == len(taken) == READERS
    assert max(taken.values()) == 1
