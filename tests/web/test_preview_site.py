"""The preview over HTTP: sound and broken files, names, and that reading changes nothing."""

from pathlib import Path
from urllib.parse import quote

import pytest
from serving import SAMPLE, Served, until

SOUND = """---
newsletter: daily
date: 2022-03-17
subject: A subject of some length
preheader: What a reader sees beside the subject in the list of messages
---

# Top story

## [A headline of five words](https://example.org/one)

A summary of the story, one sentence long.
"""


def write(preview: Served, name: str, source: str) -> Path:
    path = preview.folder / "issues" / f"{name}.md"
    path.write_text(source)
    return path


def test_the_list_names_each_issue_and_what_is_wrong_with_it(preview: Served) -> None:
    write(preview, "list-broken", "---\nnewsletter: daily\ndate: soon\n---\n")
    write(preview, "list-other", SOUND.replace("newsletter: daily", "newsletter: dally"))
    page = preview.ask("/").text
    assert f'href="/issues/{SAMPLE}"' in page
    assert "The Daily, Wednesday 16 March 2022" in page
    assert page.count("Cannot be read") == 2
    assert "list-broken.md:3:7: date is not a date" in page
    assert "dally" in page
    for name in ("list-broken", "list-other"):
        (preview.folder / f"issues/{name}.md").unlink()


def test_an_issue_shows_words_views_size_and_checks(preview: Served) -> None:
    page = preview.ask(f"/issues/{SAMPLE}").text
    for part in (
        "Will China help Russia in Ukraine?",
        "of 60",
        "of 90",
        "of 102 KB",
        'sandbox="allow-same-origin"',
        f'src="/api/issues/{SAMPLE}/preview.html?as=640&amp;v=',
        "Errors",
        "S04 stale-callout",
        "other checks passed",
        "Marked in this preview: dec-ukraine, nobody has verified it yet.",
    ):
        assert part in page
    assert page.count("<h1>") == 1


def test_frame_text_and_message_are_the_pipelines_own(preview: Served) -> None:
    frame = preview.ask(f"/api/issues/{SAMPLE}/preview.html")
    assert "allow-scripts" not in frame.headers["content-security-policy"]
    assert frame.headers["content-security-policy"].endswith("sandbox allow-same-origin")
    assert "Not verified" in frame.text
    assert "Will China help Russia" in preview.ask(f"/api/issues/{SAMPLE}/preview.txt").text
    message = preview.ask(f"/api/issues/{SAMPLE}/preview.eml")
    assert message.headers["content-type"] == "message/rfc822"
    assert b"\r\nSubject: " in message.body


def test_every_view_and_look_can_be_reached_by_links(preview: Served) -> None:
    path = f"/issues/{SAMPLE}"
    page = preview.ask(path).text
    links = {
        f"{path}?as={each}" for each in ("320", "375", "1024", "text", "640&amp;dark=authored")
    } | {f"{path}?as=640&amp;{each}" for each in ("dark=partial", "images=off", "styles=off")}
    for link in links:
        assert f'href="{link}"' in page
    chosen = preview.ask(f"{path}?as=mobile&dark=forced&images=off&styles=off").text
    assert chosen.count('aria-current="page"') == 4
    frame = "preview.html?as=375&amp;dark=forced&amp;images=off&amp;styles=off&amp;v="
    assert f'src="/api/issues/{SAMPLE}/{frame}' in chosen
    assert f'href="{path}?as=320&amp;dark=forced&amp;images=off&amp;styles=off"' in chosen


def test_a_broken_issue_shows_line_and_text_and_mends_itself(preview: Served) -> None:
    path = write(preview, "mends", SOUND.replace("2022-03-17", "2022-03-99"))
    page = preview.ask("/issues/mends").text
    assert "issues/mends.md:3:7: date is not a date" in page
    assert preview.ask("/api/issues/mends/preview.html").status == 422
    path.write_text(SOUND)
    until(lambda: "A headline" in preview.ask("/api/issues/mends/preview.html").text)
    path.write_bytes(b"---\nnewsletter: \xff\n---\n<script>alert(1)</script>\n")
    until(lambda: "cannot be composed" in preview.ask("/issues/mends").text)
    assert "<script>alert" not in preview.ask("/issues/mends").text
    path.unlink()
    until(lambda: preview.ask("/issues/mends").status == 404)


def test_a_mistake_in_the_settings_is_told_and_mends_itself(preview: Served) -> None:
    settings = preview.folder / "newsletter.toml"
    sound = settings.read_text()
    settings.write_text(sound.replace("[newsletter] ", "[newsleter]"))
    until(lambda: "cannot be composed" in preview.ask(f"/issues/{SAMPLE}").text)
    assert "newsletter.toml:" in preview.ask(f"/issues/{SAMPLE}").text
    assert "newsletter.toml:" in preview.ask("/").text
    settings.write_text(sound.replace("The Daily", "The Evening"))
    until(lambda: "The Evening" in preview.ask(f"/issues/{SAMPLE}").text)
    settings.write_text(sound)
    until(lambda: "The Daily" in preview.ask(f"/issues/{SAMPLE}").text)


@pytest.mark.covers("T47")
@pytest.mark.parametrize(
    "name",
    [
        "..",
        "../newsletter.toml",
        "../../etc/passwd",
        "/etc/passwd",
        "issues/../newsletter",
        "%2e%2e%2fnewsletter",
        "..\\newsletter",
        "a\x00b",
        "A",
        "2022-03-16-daily.md",
        "2022-03-16-DAILY",
        "linked",
        "folder",
        "x" * 5_000,
        "\udcff",
        "{{7*7}}",
    ],
)
def test_no_name_leads_out_of_the_issues(preview: Served, name: str) -> None:
    link, folder = (preview.folder / "issues" / each for each in ("linked.md", "folder.md"))
    if not link.is_symlink():
        link.symlink_to(preview.folder / "newsletter.toml")
        folder.mkdir()
    quoted = quote(name.encode("utf-8", "surrogateescape"), safe="")
    paths = (f"/issues/{quoted}", f"/api/issues/{quoted}/preview.html", f"/issues/{name[:100]}")
    for path in paths:
        if any(ord(char) <= 32 or ord(char) > 126 for char in path):
            continue  # no request line holds these as they are
        answer = preview.ask(path)
        is_sample = name == "2022-03-16-daily.md"  # a path in the folder, as a person may type it
        assert answer.status in ({200, 404} if is_sample else {400, 404, 422})
        assert b"postal_address" not in answer.body
