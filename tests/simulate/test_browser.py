"""The camera: whole pages, the same bytes each time, no network, no script, and a limit to all."""

import hashlib
import os
from pathlib import Path

import pytest
from hostile_mail import Stranger, hostile_html
from PIL import Image

from newsletter.errors import ToolError, UserError
from newsletter.model.composed import Dark, Look
from newsletter.simulate.browser import MOST_PX, TEXT_PX, WINDOW_PX, Camera, Shot
from newsletter.simulate.document import mail_document, text_document

BAR = 500  # px of each bar of a tall page


def nothing(path: str) -> None:
    """Keep no picture."""


def take(camera: Camera, document: str, width: int = 320) -> Shot:
    return camera.take(document, width=width, kept=nothing)


def pixel(image: Image.Image, x: int, y: int) -> tuple[int, int, int]:
    red, green, blue = image.getpixel((x, y))  # type: ignore[misc] # of an RGB image
    return red, green, blue


def bars(count: int) -> str:
    """A page of bars, each of another colour."""
    drawn = "".join(
        f'<div style="height:{BAR}px;background:rgb({number},{255 - number},9)"></div>'
        for number in range(count)
    )
    return f"<!DOCTYPE html><html><head></head><body style='margin:0'>{drawn}</body></html>"


@pytest.mark.browser
class TestCamera:
    def test_a_page_taller_than_any_shot_is_whole(self) -> None:
        with Camera() as camera:
            for dark in (Dark.OFF, Dark.FORCED):
                document = mail_document(bars(41), Look(dark=dark))
                shot = take(camera, document)
                assert (shot.image.size, shot.is_cut) == ((320, 41 * BAR), False)
                if dark is Dark.OFF:
                    seen = [pixel(shot.image, 160, BAR * n + 250) for n in range(41)]
                    assert seen == [(n, 255 - n, 9) for n in range(41)]

    def test_a_page_without_end_is_cut_and_says_so(self) -> None:
        with Camera() as camera:
            shot = take(camera, bars(100))
            assert (shot.image.height, shot.is_cut) == (MOST_PX, True)
            held = take(camera, "<style>html,body{overflow:hidden;height:90px}</style><p>x")
            assert held.image.height == WINDOW_PX

    def test_the_same_document_gives_the_same_bytes(self) -> None:
        blinking = (
            "<style>@keyframes k{from{opacity:0}to{opacity:1}}p{animation:k .3s infinite;"
            "transition:all 1s}html{scroll-behavior:smooth}</style>"
            "<p>words in Georgia</p><p style='font-family:Georgia'>words</p>"
            "<input autofocus value=caret>" + "<p>a line</p>" * 90
        )
        digests = set()
        for _ in range(3):
            with Camera() as camera:
                shot = take(camera, mail_document(blinking, Look(dark=Dark.FORCED)))
                digests.add(hashlib.sha256(shot.image.tobytes()).hexdigest())
        assert len(digests) == 1

    @pytest.mark.covers("T26", "T42")
    def test_a_hostile_mail_runs_nothing_and_asks_nobody(self) -> None:
        stranger = Stranger()
        try:
            html = hostile_html(stranger.url, stranger.url).replace(
                "<script>alert(1);", "<script>document.documentElement.style.background='red';"
            )
            html += f"<script>document.body.innerHTML='';</script><img src={stranger.url}/q.png>"
            with Camera() as camera:
                for dark in Dark:
                    for styles in (True, False):
                        look = Look(dark=dark, styles=styles)
                        shot = take(camera, mail_document(html, look, kept={}))
                        assert pixel(shot.image, 318, 2) != (255, 0, 0)
                        assert len(shot.image.getcolors(1_000_000) or ()) > 10  # words are there
                take(camera, html)  # as it came, without our renaming: the browser is deaf too
        finally:
            stranger.close()
        assert stranger.connections == 0

    def test_pictures_that_are_kept_are_shown_and_others_refused(self, tmp_path: Path) -> None:
        Image.new("RGB", (40, 40), "#00ff00").save(tmp_path / "green.png")
        asked: list[str] = []

        def kept(path: str) -> bytes | None:
            asked.append(path)
            return (tmp_path / "green.png").read_bytes() if path == "/media/green.png" else None

        html = (
            "<body style='margin:0'><img src='/media/green.png' style='display:block'>"
            "<img src='/media/other.png'><img src='file:///etc/passwd'><img src='http://a.example/b'>"
        )
        with Camera() as camera:
            shot = camera.take(html, width=320, kept=kept)
        assert pixel(shot.image, 20, 20) == (0, 255, 0)
        assert sorted(asked) == ["/media/green.png", "/media/other.png"]

    def test_what_a_reader_has_to_scroll_sideways_for_is_measured(self) -> None:
        with Camera() as camera:
            wide = take(camera, "<p style='width:500px;margin:0'>wide</p>")
            assert (wide.needs, wide.image.width) == (508, 320)
            assert take(camera, "<p>narrow</p>").needs == 320
            text = camera.take(text_document("x" * 78 + "\n" + "y" * 400), width=0, kept=nothing)
            assert (text.needs, text.image.width) == (TEXT_PX, TEXT_PX)

    def test_each_paragraph_of_the_text_part_runs_its_own_way(self) -> None:
        with Camera() as camera:
            shot = camera.take(text_document("one\n\nשלם"), width=0, kept=nothing)
        ground = shot.image.convert("L").point(lambda value: 255 * (value < 128))
        middle = TEXT_PX // 2
        latin, hebrew = (
            ground.crop((0, top, TEXT_PX, top + 20)).getbbox() for top in (16, 16 + 2 * 20)
        )
        assert latin is not None
        assert hebrew is not None
        assert latin[2] < middle < hebrew[0]

    def test_a_mail_without_images_shows_no_sign_of_a_broken_one(self) -> None:
        html = (
            "<body style='margin:0'><img src='https://a.example/b.png' alt='' width=200 height=90>"
        )
        with Camera() as camera:
            off = take(camera, mail_document(html, Look(images=False)))
            on = take(camera, mail_document(html, Look(), kept={}))
        assert off.image.getcolors() == [(320 * WINDOW_PX, (255, 255, 255))]
        assert len(on.image.getcolors(100_000) or ()) > 1

    def test_rewriting_by_the_tree_changes_no_pixel(self) -> None:
        html = (Path(__file__).parents[1] / "golden/full/expected.html").read_text("utf-8")
        bare = html.replace("<img ", "<x-img ")
        with Camera() as camera:
            plain = take(camera, mail_document(bare, Look()))
            parsed = take(camera, mail_document(bare, Look(), kept={}))
        assert plain.image.tobytes() == parsed.image.tobytes()


def chromium_that(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a program called chromium first on the path; give the folder where it may write."""
    program = folder / "chromium"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return folder


def test_without_chromium_the_sentence_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UserError) as raised, Camera():
        pass
    assert str(raised.value) == "pictures need the browser Chromium, which is not installed"
    assert "apt-get install chromium" in raised.value.hint


def test_a_chromium_that_hangs_is_given_up_and_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chromium_that(tmp_path, f'echo $$ > "{tmp_path}/pid"; exec sleep 600', monkeypatch)
    with (
        pytest.raises(ToolError, match="could not be started within 1 seconds"),
        Camera(patience_s=1),
    ):
        pass
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def test_a_chromium_that_does_not_start_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chromium_that(tmp_path, "echo broken >&2; exit 1", monkeypatch)
    with pytest.raises(UserError, match="Chromium could not be started: ") as raised, Camera():
        pass
    assert "\n" not in str(raised.value)


def test_chromium_is_told_no_secret_and_no_settings_of_a_person(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSLETTER_SMTP_PASSWORD", "hidden")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    chromium_that(tmp_path, f'env > "{tmp_path}/env"; exit 1', monkeypatch)
    with pytest.raises(UserError), Camera():
        pass
    told = (tmp_path / "env").read_text()
    assert "hidden" not in told
    assert "proxy.example" not in told
    assert f"HOME={Path.home()}" not in told
    [fonts] = [line for line in told.splitlines() if line.startswith("FONTCONFIG_FILE=")]
    assert Path(fonts.partition("=")[2]).is_file()
