"""Mistakes of people, files, disks and databases: one clear sentence, the right code, no loss."""

import ctypes
import os
import resource
import shutil
import socket
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from e2e.folder import SAMPLE, SOURCE, Done, Folder, must_be_plain, stop

ISSUE = f"issues/{SAMPLE}.md"


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


# Issue files


@pytest.mark.covers("F49")
def test_an_issue_file_that_cannot_be_read_as_one_is_named_with_its_place(ready: Folder) -> None:
    file = ready.path / ISSUE
    sound = file.read_bytes()
    cases: list[tuple[bytes, list[str]]] = [
        (b"", [f"{ISSUE}:1:1: "]),
        (sound.replace(b"Good", b"Good\xff\xfe"), [f"{ISSUE}:", "not UTF-8"]),
        (sound.decode().encode("utf-16"), [f"{ISSUE}:1:1: ", "UTF-16"]),
        (sound + b"x" * 1_000_000, [f"{ISSUE}:1:1: ", "1 MB"]),
        (sound.replace(b"---\n", b"", 1), [f"{ISSUE}:1:1: "]),
        (sound.replace(b"Good", b"Good\x00"), [f"{ISSUE}:", "control character"]),
    ]
    for content, says in cases:
        file.write_bytes(content)
        ready.refuse("build", SAMPLE, says=says)
        assert file.read_bytes() == content
    assert not (ready.path / "build").exists()


@pytest.mark.covers("F49")
def test_all_mistakes_of_an_issue_are_told_at_once_each_with_its_place(ready: Folder) -> None:
    file = ready.path / ISSUE
    text = file.read_text()
    broken = text.replace("newsletter: daily", "newsleter: daily").replace(
        "date: 2022-03-16", "date: 2022-02-30"
    )
    broken += "\n::: editorr\n:::\n\n## [Open](https://example.org\n\n::: editor\nnever closed\n"
    file.write_text(broken)
    done = ready.refuse("check", SAMPLE, says=["newsletter", "date", "editor", "closed"])
    places = [line.split(" ")[1] for line in done.err.splitlines() if line.startswith("error: ")]
    assert len(places) >= 4
    assert all(place.startswith(f"{ISSUE}:") for place in places)
    assert len(set(places)) >= 3

    broken = broken.replace("newsleter: daily", "newsletter: dayly")
    file.write_text(broken.replace("::: callout dec-ukraine", "::: callout dec-ukrain"))
    names = [
        f"{ISSUE}:2:13: there is no newsletter called dayly; did you mean daily?",
        "there is no callout called dec-ukrain; did you mean dec-ukraine?",
    ]
    ready.refuse("check", SAMPLE, says=[*names, "date", "closed"])
    ready.refuse("schedule", SAMPLE, "--at", "2036-11-24 06:30", says=[*names, "closed"])


@pytest.mark.covers("F49", "F50")
def test_callouts_and_templates_are_named_with_file_and_line(ready: Folder) -> None:
    file = ready.path / ISSUE
    sound = file.read_text()
    line = sound[: sound.index("::: callout")].count("\n") + 1
    file.write_text(sound.replace("::: callout dec-ukraine", "::: callout dec-ukrain"))
    ready.refuse("build", SAMPLE, says=[f"{ISSUE}:{line}:1: ", "did you mean dec-ukraine"])
    file.write_text(sound)

    callout = ready.path / "callouts" / "dec-ukraine.md"
    fine = callout.read_text()
    callout.write_text(fine.replace("donation_url: https://", "donation_url: http//"))
    ready.refuse("build", SAMPLE, says=["callouts/dec-ukraine.md:", "donation_url"])
    ready.refuse("callouts", says=["callouts/dec-ukraine.md:"])
    ready.refuse("callouts", "verify", "dec-ukrain", "--by", "A", "--source", SOURCE, says=["mean"])
    ready.refuse("callouts", "verify", "../x", "--by", "A", "--source", SOURCE, says=["callout"])
    callout.write_text(fine)

    template = ready.path / "templates" / "daily.mjml.j2"
    good = template.read_text()
    template.write_text(good.replace("<mj-body", "<mj-boddy", 1))
    at = good[: good.index("<mj-body")].count("\n") + 1
    ready.refuse("build", SAMPLE, says=[f"templates/daily.mjml.j2:{at}: "])
    template.write_text("{% if %}\n" + good)
    ready.refuse("build", SAMPLE, says=["templates/daily.mjml.j2:1: "])
    template.write_bytes(b"\xff" + good.encode())
    ready.refuse("build", SAMPLE, says=["templates/daily.mjml.j2:1: ", "UTF-8"])
    template.unlink()
    ready.refuse("build", SAMPLE, says=["daily.mjml.j2"])
    os.mkfifo(template)
    ready.refuse("build", SAMPLE, says=["templates/daily.mjml.j2 is no file"])
    shutil.rmtree(ready.path / "templates")
    ready.refuse("build", SAMPLE, says=["no templates folder", "newsletter init"])


def test_a_source_that_is_not_the_appeals_own_page_is_told(ready: Folder) -> None:
    verify = ("callouts", "verify", "dec-ukraine", "--by", "A", "--source")
    other = ready.here(*verify, "https://example.org/x")
    assert "example.org is none of the appeal's own hosts" in other.err
    assert "none of" not in ready.here(*verify, SOURCE).err


@pytest.mark.covers("T47")
def test_a_name_never_leads_out_of_the_folder(ready: Folder, tmp_path: Path) -> None:
    outside = tmp_path / "outside.md"
    shutil.copy(ready.path / ISSUE, outside)
    (ready.path / "issues" / "linked.md").symlink_to(outside)
    before = _digests(tmp_path)
    for name, says in (
        ("../outside", "is not a file in"),
        (str(outside), "is not a file in"),
        ("issues/../../outside.md", "is not a file in"),
        ("linked", "symbolic link"),
        ("2022-03-16-Daily", "a-z, 0-9 and -"),
        ("a" * 300, "at most 80"),
        ("", "is not a name"),
        (".", "is not a name"),
        ("2022-03-16-dialy", f"did you mean {SAMPLE}"),
    ):
        for command in (("build", name), ("send", name, "--confirm", "3")):
            ready.refuse(*command, says=[says])
    (ready.path / "issues" / "linked.md").unlink()
    del before["r/issues/linked.md"]
    assert _digests(tmp_path) == before
    (ready.path / "build").symlink_to(tmp_path / "elsewhere")
    ready.refuse("build", SAMPLE, says=["symbolic link"])
    (ready.path / "build").unlink()
    (ready.path / "issues").rename(tmp_path / "moved")
    (ready.path / "issues").symlink_to(tmp_path / "moved")
    ready.refuse("build", SAMPLE, says=["symbolic link"])
    assert not (tmp_path / "elsewhere").exists()


def test_an_issue_is_a_file_of_the_folder_and_an_empty_time_is_none(ready: Folder) -> None:
    (ready.path / "issues" / "some-folder.md").mkdir()
    done = ready.refuse("check", "some-folder", says=["there is no issue called some-folder"])
    assert "did you mean some-folder" not in done.err
    ready.here("check", f"{SAMPLE}.md")
    ready.refuse("add", "ftp://example.org/x", says=["ftp://example.org/x", "https://"])
    ready.refuse("approve", SAMPLE, "--at", "", says=["'' is not a time", "write it as"])
    ready.refuse("approve", SAMPLE, "--by", "Ada\nBo", says=["--by", "line break"])


# The settings


def test_all_mistakes_of_the_settings_are_told_at_once_with_line_and_nearest_name(
    ready: Folder,
) -> None:
    file = ready.path / "newsletter.toml"
    sound = file.read_text()
    file.write_text(
        sound.replace("callouts = ", "calouts = ")
        .replace('hold = "0s"', 'hold = "soon"')
        .replace('timezone = "Europe/London"', 'timezone = "Europe/Londn"')
    )
    done = ready.refuse("check", SAMPLE, says=["calouts", "callouts", "soon", "Europe/Londn"])
    errors = [line for line in done.err.splitlines() if line.startswith("error: ")]
    assert len(errors) == 3
    assert all(line.startswith("error: newsletter.toml:") for line in errors)
    file.write_text("")
    ready.refuse("log", says=["error: newsletter.toml:1: [newsletter] is missing"])
    file.write_text("[newsletter\n")
    ready.refuse("log", says=["newsletter.toml:1: not TOML"])
    file.write_bytes(b"\xff" + sound.encode())
    ready.refuse("log", says=["newsletter.toml:1: ", "UTF-8"])
    file.unlink()
    ready.refuse("log", says=["no newsletter.toml", "hint: go to a newsletter folder"])
    file.mkdir()
    ready.refuse("log", says=["no newsletter.toml"])
    ready.refuse("log", says=["NEWSLETTER_CONFIG names gone.toml"], NEWSLETTER_CONFIG="gone.toml")
    ready.refuse("bild", SAMPLE, says=['did you mean "build"'])
    ready.refuse("send", SAMPLE, "--confirm", "three", says=["three"])


def test_debug_shows_the_trace_with_the_same_code_and_sentence(ready: Folder) -> None:
    plain = ready.refuse("build", "2022-01-01-none")
    traced = ready.refuse("--debug", "build", "2022-01-01-none")
    assert traced.err.startswith("Traceback")
    assert traced.err.endswith(plain.err)


def test_another_database_may_be_named_and_a_wrong_one_is_refused(
    ready: Folder, tmp_path: Path
) -> None:
    other = f"sqlite:///{tmp_path / 'other.db'}"
    assert ready.here("subscribers", "list", "--json", NEWSLETTER_DATABASE_URL=other).json() == []
    assert len(ready.here("subscribers", "list", "--json").json()) == 3
    for wrong in ("mysql://x/y", "sqlite://", "nonsense"):
        ready.refuse("log", says=["NEWSLETTER_DATABASE_URL"], NEWSLETTER_DATABASE_URL=wrong)
    address = "postgresql+psycopg://me:CANARY-7f3a@127.0.0.1:9/x"
    done = ready.here("log", expect=None, NEWSLETTER_DATABASE_URL=address)
    assert done.code in {2, 3}, done
    assert "CANARY" not in done.err


# The audience


def test_bad_rows_of_a_list_are_told_and_the_good_ones_taken(ready: Folder) -> None:
    (ready.path / "new.csv").write_text(
        "email,name\nfine@readers.example,Fine\nnot an address,X\n,Empty\n"
        "FINE@readers.example,Twice\nok@readers.example,=cmd()\n"
    )
    arguments = ("subscribers", "import", "new.csv", "--consent", "a form")
    tried = ready.here(*arguments, "--dry-run", "--json").json()
    assert len(ready.here("subscribers", "list", "--json").json()) == 3
    done = ready.here(*arguments, "--json").json()
    assert {k: done[k] for k in ("accepted", "unchanged", "refused")} == {
        k: tried[k] for k in ("accepted", "unchanged", "refused")
    }
    assert {row["row"] for row in done["refused"]} >= {3, 4}
    assert all(row["why"] for row in done["refused"])
    people = {person["email"] for person in ready.here("subscribers", "list", "--json").json()}
    assert "fine@readers.example" in people
    assert "row 3: not an address" in ready.here(*arguments).err


def test_a_list_that_cannot_be_read_changes_nothing(ready: Folder) -> None:
    def importing(name: str, *more: str) -> tuple[str, ...]:
        return ("subscribers", "import", name, "--consent", "a form", *more)

    (ready.path / "latin.csv").write_bytes("email,name\na@x.example,Zoë\n".encode("latin-1"))
    (ready.path / "headless.csv").write_text("a@x.example\nb@x.example\n")
    (ready.path / "empty.csv").write_text("")
    ready.refuse(*importing("latin.csv"), says=["latin.csv", "UTF-8"])
    ready.refuse(*importing("headless.csv"), says=["headless.csv", "email"])
    ready.refuse(*importing("empty.csv"), says=["empty.csv"])
    ready.refuse(*importing("gone.csv"), says=["gone.csv"])
    ready.refuse(*importing("issues"), says=["issues"])
    ready.refuse(*importing("readers.csv", "--list", "dayly"), says=['"dayly"', "lists: daily"])
    ready.refuse("subscribers", "import", "readers.csv", "--consent", " ", says=["say yes"])
    ready.refuse("subscribers", "list", "--list", "nope", says=['a list called "nope"', "daily"])
    assert len(ready.here("subscribers", "list", "--json").json()) == 3


def test_one_reader_is_taken_in_once_with_a_consent_and_a_name_that_mail_can_carry(
    ready: Folder,
) -> None:
    def add(email: str, *more: str, consent: str = "a form") -> tuple[str, ...]:
        return ("subscribers", "add", email, "--consent", consent, *more)

    ready.here(*add("new@readers.example", "--name", "New"))
    assert "already" in ready.here(*add("NEW@readers.example", "--name", "New")).err
    ready.refuse(*add("new@@readers.example"), says=["is no mail address"])
    told = ready.refuse(*add("a" * 70_000 + "@readers.example"), says=["is no mail"])
    assert len(told.err) < 400
    ready.refuse(*add("x@readers.example", consent="  "), says=["say yes", "hint: --consent"])
    ready.refuse("subscribers", "add", "x@readers.example", says=["--consent"])
    ready.refuse(*add("x@readers.example", "--list", "weekly"), says=["lists: daily"])
    ready.refuse(*add("x@readers.example", "--name", "A\nBcc: b@x.example"), says=["line break"])
    people = ready.here("subscribers", "list", "--json").json()
    assert [p["email"] for p in people].count("new@readers.example") == 1
    assert len(people) == 4


# Articles and drafts


def test_sources_that_cannot_be_read_are_named_and_the_draft_waits(ready: Folder) -> None:
    ready.refuse("add", "gone.txt", says=["gone.txt cannot be read"])
    ready.refuse("add", "newsletter.toml", says=["neither a .txt nor an .html"])
    ready.refuse("add", "http://127.0.0.1:9/a", says=["127.0.0.1", "allow_local"])
    (ready.path / "empty.html").write_text("")
    (ready.path / "empty.txt").write_text("\n\n")
    (ready.path / "big.txt").write_bytes(b"a" * 3_000_001)
    (ready.path / "none.html").write_text("<html><body><p>Hi</p></body></html>")
    for name in ("empty.html", "empty.txt", "big.txt", "none.html"):
        ready.refuse("add", name, says=[name])
    ready.refuse("add", "empty.txt", "--url", "javascript:alert(1)", says=["empty.txt"])
    assert ready.here("articles", "--json").json() == []
    ready.refuse("draft", code=1)
    ready.refuse("draft", "weekly", says=["weekly"])
    ready.refuse("draft", "--date", "2022-02-30", says=["2022-02-30 is no date; write it as 2026"])
    ready.refuse("draft", "--date", "24.12.2026", says=["24.12.2026 is no date; write it as 2026"])


def test_the_same_text_is_one_article_whether_or_not_its_address_was_given(ready: Folder) -> None:
    (ready.path / "ferry.txt").write_text("Ferries run again\n\nThe ferries ran again on Monday.\n")
    address = "https://example.org/ferry"

    def known() -> list[tuple[object, object]]:
        return [(one["id"], one["url"]) for one in ready.here("articles", "--json").json()]

    ready.here("add", "ferry.txt")
    assert known() == [(1, None)]
    ready.here("add", "ferry.txt", "--url", address)
    assert known() == [(1, address)]
    assert "unchanged" in ready.here("add", "ferry.txt").out
    assert known() == [(1, address)]


def test_a_group_of_commands_alone_shows_its_help(ready: Folder) -> None:
    done = ready.here("subscribers", expect=2)
    assert done.err.startswith("Usage: newsletter subscribers")
    assert "error" not in done.err
    assert done.out == ""


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
            (("subscribers", "add", "x@readers.example", "--consent", "x"), "newsletter.db"),
            (("callouts", "close", "dec-ukraine"), "newsletter.db"),
            (("run",), "sender.lock"),
            (("init", "inner"), "inner"),
        ):
            done = ready.run(*command, expect=None, before=_without_the_rights_of_root)
            assert done.code in {2, 3}, done
            must_be_plain(done, [says])
    finally:
        for path in reversed(closed):
            path.chmod(0o755 if path.is_dir() else 0o644)
    assert _digests(ready.path).keys() - before.keys() <= {
        "var/newsletter.db-wal",
        "var/newsletter.db-shm",
    }
    assert {name: content for name, content in _digests(ready.path).items() if name in before} == (
        before
    )


def test_a_file_that_may_not_be_read_is_named(ready: Folder) -> None:
    template = ready.path / "templates" / "daily.mjml.j2"
    for path, says in (
        (ready.path / ISSUE, f"{ISSUE}: cannot be read: permission denied"),
        (template, "templates/daily.mjml.j2: cannot be read: permission denied"),
        (ready.path / "newsletter.toml", "newsletter.toml cannot be read: permission denied"),
        (ready.path / "issues", "issues"),
    ):
        before = path.stat().st_mode
        path.chmod(0)
        done = ready.run("build", SAMPLE, expect=2, before=_without_the_rights_of_root)
        must_be_plain(done, [says])
        path.chmod(before)


def test_a_file_where_a_folder_must_be_is_named(ready: Folder) -> None:
    (ready.path / "build").write_text("mine")
    ready.refuse("build", SAMPLE, says=["build", "not a directory", "untouched"])
    assert (ready.path / "build").read_text() == "mine"
    (ready.path / "file").write_text("")
    ready.refuse("init", "file/x", says=["file"])
    ready.refuse("init", ".", says=["newsletter.toml exists already"])


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
def test_a_full_disk_during_build_leaves_the_old_build_whole(ready: Folder) -> None:
    ready.run("build", SAMPLE)
    before = _digests(ready.path / "build")
    file = ready.path / ISSUE
    file.write_text(file.read_text().replace("Good morning", "Good evening"))
    done = None
    sizes = sorted({len(content) for content in before.values()})
    for most in (0, sizes[0] - 1, sizes[-1] - 1):
        done = ready.run("build", SAMPLE, expect=None, before=partial(_no_more_than, most))
        assert done.code in {2, 3}, done
        left = _digests(ready.path / "build")
        assert left == before
    assert done is not None
    assert "cannot be written" in done.err
    must_be_plain(done, ["untouched"])
    ready.run("build", SAMPLE)
    assert b"Good evening" in (ready.path / "build" / SAMPLE / "issue.html").read_bytes()


@pytest.mark.covers("F32")
def test_a_full_disk_keeps_the_old_callout_and_the_old_list(ready: Folder) -> None:
    before = (ready.path / "callouts" / "dec-ukraine.md").read_bytes()
    rows = "".join(f"r{n}@full.example\n" for n in range(3000))
    (ready.path / "big.csv").write_text("email\n" + rows)
    done: Done | None = None
    for command in (
        ("callouts", "close", "dec-ukraine"),
        ("subscribers", "import", "big.csv", "--consent", "x"),
        ("init", "inner"),
    ):
        done = ready.run(*command, expect=None, before=partial(_no_more_than, 700))
        assert done.code in {2, 3}, done
        assert done.err.startswith("error: "), done
    assert done is not None
    assert done.code == 3, done  # that of `init`
    assert "file too large" in done.err
    assert "free some space, then run the same again" in done.err
    ready.run("init", "inner")  # what was left out is written now
    assert (ready.path / "inner" / "newsletter.toml").exists()
    assert (ready.path / "callouts" / "dec-ukraine.md").read_bytes() == before
    assert len(ready.run("subscribers", "list", "--json").json()) == 3
    assert not [path for path in ready.path.rglob(".*") if path.name != ".gitignore"]


# The database


def _database(folder: Folder) -> Path:
    return folder.path / "var" / "newsletter.db"


def _settle_down(folder: Folder) -> None:
    """Put all that was written into the one file."""
    with closing(sqlite3.connect(_database(folder))) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@pytest.mark.covers("F34", "F35")
def test_a_database_that_is_not_ours_to_use_is_refused_and_left_alone(ready: Folder) -> None:
    commands = (
        ("log",),
        ("approve", SAMPLE),
        ("send", SAMPLE, "--confirm", "3"),
        ("run",),
        ("migrate",),
    )
    _settle_down(ready)
    path = _database(ready)
    sound = path.read_bytes()

    path.write_bytes(b"this is no database at all" * 400)
    for command in commands:
        ready.refuse(*command, says=["newsletter.db is not a database", "backup"])
    assert path.read_bytes().startswith(b"this is no database")

    path.unlink()
    path.symlink_to(path.name)
    for command in commands:
        ready.refuse(*command, says=["newsletter.db cannot be opened"])
    path.unlink()
    path.mkdir()
    for command in commands:
        ready.refuse(*command, says=["newsletter.db cannot be opened"])
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
    _settle = sqlite3.connect(other)
    _settle.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    _settle.close()
    shutil.copy(other, path)
    for command in commands:
        ready.refuse(*command, says=["not the database this folder had"])
    path.write_bytes(sound)
    ready.here("log")


@pytest.mark.covers("F33")
def test_a_locked_database_is_waited_for_and_then_told(ready: Folder) -> None:
    with closing(sqlite3.connect(_database(ready), isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        ready.refuse("approve", SAMPLE, code=3, says=["locked by another process", "try again"])
        connection.execute("ROLLBACK")
    ready.here("approve", SAMPLE)


@pytest.mark.covers("F34")
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
        ready.refuse("inbox", "--port", port, says=[f"port {port}"])
        ready.refuse("inbox", "--smtp-port", port, says=[port])
    ready.refuse("preview", "--port", "70000", says=["70000"])
    ready.refuse("preview", "2022-01-01-none", says=["no issue called"])


@pytest.mark.covers("F41", "F42")
def test_times_that_cannot_be_planned_are_refused_with_one_that_can(ready: Folder) -> None:
    def schedule(at: str) -> tuple[str, ...]:
        return ("schedule", SAMPLE, "--at", at)

    ready.refuse(*schedule("2022-03-16 06:30"), says=["is past", "send"])
    ready.refuse(*schedule("2027-03-28 01:30"), says=["does not exist", "2027-03-28 02:00"])
    ready.refuse(*schedule("tomorrow"), says=["is not a time", "2026-11-24 06:30"])
    ready.refuse(*schedule("2027-02-30 06:30"), says=["is not a time"])
    ready.refuse(*schedule("0001-01-01 00:00"), says=["0001-01-01"])
    ready.refuse(*schedule("9999-12-31 23:59"), says=["9999-12-31"])
    ready.refuse("approve", SAMPLE, "--at", "2022-03-16 06:30", says=["is past"])
    assert ready.here("plan", "--json").json() == []
    assert "comes twice" in ready.here(*schedule("2027-10-31 01:30")).err
    (line,) = ready.here("plan", "--json").json()
    assert line["planned"] == "2027-10-31T00:30:00+00:00"
    ready.here("unschedule", SAMPLE)
    ready.refuse("unschedule", SAMPLE, code=1, says=["not planned"])


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
    assert "nobody" in said
    assert run["account"] is None
    folder.subscribe(1)
    folder.here("send", SAMPLE, "--confirm", "1")
    assert folder.caught() == {"reader0@readers.example": 1}


def test_an_exception_is_kept_only_where_one_is_allowed(ready: Folder) -> None:
    def waive(check: str, *more: str) -> tuple[str, ...]:
        return ("check", SAMPLE, "--waive", check, *more)

    ready.refuse(*waive("S04", "--by", "A", "--reason", "x"), says=["S04 cannot be waived"])
    ready.refuse(*waive("Z99", "--by", "A", "--reason", "x"), says=["there is no check Z99"])
    ready.refuse(*waive("S06", "--by", "A", "--reason", "x"), says=["S06 cannot be", "it warns"])
    ready.refuse("check", SAMPLE, "--unwaive", "O01", says=["no waiver of O01 clip is kept"])
    ready.refuse("check", SAMPLE, "--by", "A", says=["belong to a waiver"])
    ready.refuse(*waive("O01", "--by", " ", "--reason", "x"), says=["a name and a reason"])
    ready.refuse(*waive("O01", "--by", "A"), says=["a name and a reason"])
