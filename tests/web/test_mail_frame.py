"""The document of the frame."""

from pathlib import Path

import newsletter.web
from newsletter.model.composed import Dark, Look
from newsletter.simulate import SANDBOX, mail_document
from newsletter.web.preview_site import FRAME_CSP, frame_response

SOURCES = sorted(
    path
    for folder in ("pages", "static", ".")
    for path in (Path(newsletter.web.__file__).parent / folder).glob("*.*")
)


def test_no_source_ever_allows_scripts_in_a_frame() -> None:
    assert len(SOURCES) > 15
    allowed = [path for path in SOURCES if '"allow-scripts' in path.read_text("utf-8")]
    assert allowed == []
    assert SANDBOX == "allow-same-origin"
    assert "allow-scripts" not in FRAME_CSP
    assert "script-src" not in FRAME_CSP


def test_pages_hold_no_inline_style_script_or_handler() -> None:
    for path in SOURCES:
        if path.suffix == ".html":
            page = path.read_text("utf-8").lower()
            assert "<style" not in page
            assert "style=" not in page
            assert "<script>" not in page
            assert " on" + "click=" not in page
            assert "javascript:" not in page
            assert "|safe" not in page.replace(" ", "")


def test_the_frame_is_the_shared_document_under_its_policy() -> None:
    look = Look(dark=Dark.PARTIAL, images=False)
    html = '<p style="color:#000"><img src="https://a.example/b.png" alt="words"></p>'
    answer = frame_response(html, look, kept={})
    assert bytes(answer.body).decode() == mail_document(html, look, kept={})
    assert answer.headers["content-security-policy"] == FRAME_CSP
