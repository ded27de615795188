"""Mistakes of people, files, disks and databases: one clear sentence, the right code, no loss."""

import ctypes
import os
import resource
import shutil
import socket
import sqlite3
import tomllib
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from e2e.folder import SAMPLE, Folder, must_be_plain, stop

ISSUE = f"issues/{SAMPLE}.md"
CASES = tomllib.loads(Path(__file__).with_name("bad_input.toml").read_text("utf-8"))["case"]


def _digests(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _without_the_rights_of_root() -> None:
    """Take away what lets root write everywhere, should we be root (capabilities(7))."""
    libc = ctypes.CDLL(None)
    for capability in (1, 2, 3):  # DAC_OVERRIDE, DAC_READ_SEARCH, FOWNER
        libc.prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP: takes effect at exec


def _no_more_than(data: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (data, data))


@pytest.mark.covers("F41", "F42", "F49", "F50", "T47")
@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_a_mistake_is_told_plainly_and_changes_nothing(ready: Folder, case: dict[str, Any]) -> None:
    for key in ("edit", "edit2"):
        if key in case:
            name, old, new = case[key]
            text = (ready.path / name).read_text("utf-8")
            assert old in text
            (ready.path / name).write_text(text.replace(old, new, 1), "utf-8")
    for key, encoding in (("write", "utf-8"), ("latin", "latin-1")):
        if key in case:
            (ready.path / case[key][0]).write_text(case[key][1], encoding)
    before = _digests(ready.path)
    ready.refuse(
        *case["command"],
        code=case.get("code", 2),
        says=case["says"],
        **case.get("environ", {}),
    )
    after = _digests(ready.path)
    assert {name: after.get(name) for name in before if "newsletter.db" not in name} == {
        name: content for name, content in before.items() if "newsletter.db" not in name
    }


@pytest.mark.covers("F49")
def test_an_issue_is_text_of_a_bearable_size_and_told_of_whole(ready: Folder) -> None:
    file = ready.path / ISSUE
    sound = file.read_bytes()
    for content, says in (
        (sound.replace(b"Good", b"Good\xff\xfe"), "not UTF-8"),
        (sound.decode().encode("utf-16"), "UTF-16"),
        (sound + b"x" * 1_000_000, "1 MB"),
    ):
        file.write_bytes(content)
        ready.refuse("build", SAMPLE, says=[f"{ISSUE}:", says])
    text = sound.decode().replace("newsletter: daily", "newsleter: daily")
    text = text.replace("date: 2022-03-16", "date: 2022-02-30")
    file.write_text(f"{text}\n::: editorr\n:::\n\n::: editor\nnever closed\n")
    done = ready.refuse("check", SAMPLE, says=["newsletter", "date", "editor", "closed"])
    places = {line.split(" ")[1] for line in done.err.splitlines() if line.startswith("error: ")}
    assert len(places) >= 3
    assert all(place.startswith(f"{ISSUE}:") for place in places)


@pytest.mark.covers("T47")
def test_a_link_never_leads_out_of_the_folder(ready: Folder, tmp_path: Path) -> None:
    outside = tmp_path / "outside.md"
    shutil.copy(ready.path / ISSUE, outside)
    (ready.path / "issues" / "linked.md").symlink_to(outside)
    ready.refuse("build", "linked", says=["symbolic link"])
    (ready.path / "build").symlink_to(tmp_path / "elsewhere")
    ready.refuse("build", SAMPLE, says=["symbolic link"])
    (ready.path / "build").unlink()
    (ready.path / "issues").rename(tmp_path / "moved")
    (ready.path / "issues").symlink_to(tmp_path / "moved")
    ready.refuse("build", SAMPLE, says=["symbolic link"])
    assert not (tmp_path / "elsewhere").exists()


def test_what_is_no_file_or_no_folder_is_named(ready: Folder) -> None:
    (ready.path / "issues" / "some-folder.md").mkdir()
    ready.refuse("check", "some-folder", says=["there is no issue called some-folder"])
    (ready.path / "build").write_text("mine")
    ready.refuse("build", SAMPLE, says=["build", "not a directory", "untouched"])
    assert (ready.path / "build").read_text() == "mine"
    ready.refuse("init", "readers.csv/x", says=["readers.csv"])
    template = ready.path / "templates" / "daily.mjml.j2"
    template.unlink()
    os.mkfifo(template)
    ready.refuse("build", SAMPLE, says=["templates/daily.mjml.j2 is no file"])
    shutil.rmtree(ready.path / "templates")
    ready.refuse("build", SAMPLE, says=["no templates folder", "newsletter init"])
    (ready.path / "newsletter.toml").unlink()
    ready.refuse("log", says=["no newsletter.toml", "hint: go to a newsletter folder"])


# Rights and room


@pytest.mark.covers("F34", "F60")
def test_without_the_right_to_write_nothing_is_lost_and_the_place_is_named(ready: Folder) -> None:
    ready.here("build", SAMPLE)
    _settle_down(ready)
    ready.path.joinpath("var", "sender.lock").touch()
    before = _digests(ready.path)
    closed = [*ready.path.rglob("*"), ready.path]
    for path in closed:
        path.chmod(0o500 if path.is_dir() else 0o400)
    try:
        for command, says in (
            (("build", SAMPLE), "newsletter.db"),
            (("run",), "sender.lock"),
            (("init", "inner"), "inner"),
        ):
            done = ready.run(*command, expect=None, before=_without_the_rights_of_root)
            assert done.code in {2, 3}, done
            must_be_plain(done, [says])
    finally:
        for path in reversed(closed):
            path.chmod(0o755 if path.is_dir() else 0o644)
    after = _digests(ready.path)
    assert {name: after[name] for name in before} == before
    assert after.keys() - before.keys() <= {"var/newsletter.db-wal", "var/newsletter.db-shm"}
    template = ready.path / "templates" / "daily.mjml.j2"
    template.chmod(0)
    done = ready.run("build", SAMPLE, expect=2, before=_without_the_rights_of_root)
    must_be_plain(done, ["templates/daily.mjml.j2: cannot be read: permission denied"])


def test_an_inbox_that_cannot_keep_mail_lets_it_wait(ready: Folder) -> None:
    inbox = ready.path / "var" / "inbox"
    inbox.write_text("mine")
    with (ready.path / "newsletter.toml").open("a") as file:
        file.write('[delivery]\nfirst_retry = "1s"\n')
    ready.refuse("test", SAMPLE, code=3, says=["452", "cannot be written"])
    ready.refuse("send", SAMPLE, "--confirm", "3", code=3, says=["3 deliveries wait"])
    inbox.unlink()
    while left := ready.log()["account"]["left"]:  # not all are due at one moment
        assert ready.here("send", SAMPLE, "--confirm", str(left), expect=None).code in {0, 3}
    assert ready.caught() == {f"reader{n}@readers.example": 1 for n in range(3)}


@pytest.mark.covers("F32")
def test_a_full_disk_leaves_what_was_there_whole(ready: Folder) -> None:
    ready.here("build", SAMPLE)
    file = ready.path / ISSUE
    file.write_text(file.read_text().replace("Good morning", "Good evening"))
    rows = "".join(f"r{n}@full.example\n" for n in range(3000))
    (ready.path / "big.csv").write_text("email\n" + rows)
    kept = {name: data for name, data in _digests(ready.path).items() if "var/" not in name}
    smallest = min(path.stat().st_size for path in (ready.path / "build").rglob("*.*"))
    for command, most in (
        (("build", SAMPLE), smallest - 1),
        (("callouts", "close", "dec-ukraine"), 700),
        (("subscribers", "import", "big.csv", "--consent", "x"), 700),
    ):
        done = ready.run(*command, expect=None, before=partial(_no_more_than, most))
        assert done.code in {2, 3}, done
        must_be_plain(done)
        now = {name: data for name, data in _digests(ready.path).items() if "var/" not in name}
        assert now == kept
    done = ready.run("init", "inner", expect=3, before=partial(_no_more_than, 700))
    must_be_plain(done, ["file too large", "free some space, then run the same again"])
    ready.run("init", "inner")  # what was left out is written now
    assert (ready.path / "inner" / "newsletter.toml").exists()
    assert len(ready.here("subscribers", "list", "--json").json()) == 3
    ready.here("build", SAMPLE)
    assert b"Good evening" in (ready.path / "build" / SAMPLE / "issue.html").read_bytes()


# The database


def _database(folder: Folder) -> Path:
    return folder.path / "var" / "newsletter.db"


def _settle_down(folder: Folder) -> None:
    """Put all that was written into the one file."""
    with closing(sqlite3.connect(_database(folder))) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@pytest.mark.covers("F34", "F35")
def test_a_database_that_is_not_ours_to_use_is_refused_and_left_alone(ready: Folder) -> None:
    commands = (("log",), ("send", SAMPLE, "--confirm", "3"), ("run",), ("migrate",))
    _settle_down(ready)
    path = _database(ready)
    sound = path.read_bytes()

    path.write_bytes(b"this is no database at all" * 400)
    for command in commands:
        ready.refuse(*command, says=["newsletter.db is not a database", "backup"])
    assert path.read_bytes().startswith(b"this is no database")

    path.unlink()
    path.mkdir()
    ready.refuse("run", says=["newsletter.db cannot be opened"])
    path.rmdir()

    path.write_bytes(sound)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999_from_the_future'")
        connection.commit()
    for command in commands:
        ready.refuse(*command, says=["newer newsletter"])

    path.unlink()
    for side in ("-wal", "-shm"):
        Path(f"{path}{side}").unlink(missing_ok=True)
    for command in commands[:-1]:
        ready.refuse(*command, says=["is gone", "newsletter migrate"])
    assert not path.exists()

    other = ready.path / "other.db"
    ready.here("log", NEWSLETTER_DATABASE_URL=f"sqlite:///{other}")
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(other, path)
    for command in commands:
        ready.refuse(*command, says=["not the database this folder had"])
    path.write_bytes(sound)
    ready.here("log")


@pytest.mark.covers("F34")
@pytest.mark.slow
def test_a_run_stops_when_its_database_is_taken_away(ready: Folder) -> None:
    running = ready.start("run")
    assert running.stderr is not None
    running.stderr.readline()
    moved = ready.path / "moved.db"
    _database(ready).rename(moved)
    _, said = running.communicate(timeout=30)
    assert running.returncode == 2, said
    assert "newsletter.db" in said
    assert not _database(ready).exists()
    moved.rename(_database(ready))
    ready.here("log")


# Ports and times


def test_a_port_that_is_taken_is_named(ready: Folder) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ready.refuse("preview", "--port", port, says=[f"port {port}", "--port"])
        ready.refuse("inbox", "--smtp-port", port, says=[port])


@pytest.mark.slow
def test_nobody_to_send_to_is_the_answer_no_and_the_issue_stays_free(folder: Folder) -> None:
    folder.verify()
    folder.refuse("approve", SAMPLE, code=1, says=["nobody is subscribed", "subscribers add"])
    folder.refuse("send", SAMPLE, "--confirm", "0", code=1, says=["nobody is subscribed"])
    folder.set('approval = "required"', 'approval = "automatic"')
    folder.schedule(seconds=3)
    running = folder.start("run")
    run = folder.wait_for("sent")
    code, said = stop(running)
    assert code == 0, said
    assert "nobody is subscribed" in run["why"]
    assert run["account"] is None
    folder.subscribe(1)
    folder.here("send", SAMPLE, "--confirm", "1")
    assert folder.caught() == {"reader0@readers.example": 1}
