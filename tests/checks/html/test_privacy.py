"""O21: what opening the mail tells others."""

import pytest
from check_samples import found, only, request_for, with_html

from newsletter.model.finding import Severity

PIXEL = '<img src="https://mail.example.org/o/7" alt=""'


@pytest.mark.covers("T42")
@pytest.mark.parametrize(
    ("image", "told"),
    [
        (f'{PIXEL} width="1" height="1">', "1 by 1 px"),
        (f'{PIXEL} width="0">', "0 by auto px"),
        (f'{PIXEL} style="width:1px;height:1px">', "1 by 1 px"),
        (f'{PIXEL} style="height:0 !important">', "auto by 0 px"),
        (f'{PIXEL} style="display:none">', "hidden"),
        (f'<div style="display:none">{PIXEL}></div>', "hidden"),
        ('<img src="https://example.org/open.gif?u=1" alt="">', "counts openings"),
        ('<img src="https://example.org/wf/open?upn=x" alt="">', "counts openings"),
        ('<img src="https://example.org/img/pixel.gif" alt="">', "counts openings"),
    ],
)
def test_a_picture_that_is_only_fetched_is_a_warning(image: str, told: str) -> None:
    finding = only(with_html("<h3>", f"{image}<h3>"), "O21")
    assert finding.severity is Severity.WARNING
    assert told in finding.message
    assert "example.org" in finding.evidence


@pytest.mark.parametrize(
    "remote",
    [
        '<img src="https://cdn.tracker.example/x.png" alt="x">',
        '<img src="" srcset="https://cdn.tracker.example/y.png 2x" alt="x">',
        '<td background="https://cdn.tracker.example/x.png"></td>',
        '<p style="background:url(https://cdn.tracker.example/x.png)">x</p>',
        "<style>@font-face{font-family:x;src:url('https://cdn.tracker.example/x.woff2')}</style>",
        '<style>@import "https://cdn.tracker.example/x.css";</style>',
        '<link rel="stylesheet" href="https://cdn.tracker.example/x.css">',
        '<!--[if mso]><v:fill src="https://cdn.tracker.example/x.png"/><![endif]-->',
        '<img src="//cdn.tracker.example/x.png" alt="x">',
    ],
)
def test_a_host_that_is_nobodys_here_is_told(remote: str) -> None:
    findings = [
        one
        for one in found(with_html("<h3>", f"{remote}<h3>"), "O21")
        if one.severity is Severity.INFO
    ]
    assert len(findings) == 1
    assert "tracker.example" in findings[0].evidence


@pytest.mark.parametrize(
    "own",
    [
        '<img src="https://news.example.org/logo.png" alt="The Daily">',
        '<img src="https://static.example.org/a/open-day.jpg" alt="">',
        '<img src="https://example.org/img/putin-xi.jpg" alt="x" width="600" height="4">',
        '<a href="https://elsewhere.example/story">A story elsewhere</a>',
    ],
)
def test_own_and_story_pictures_and_links_pass(own: str) -> None:
    assert not found(request_for(), "O21")
    assert not found(with_html("<h3>", f"{own}<h3>"), "O21")
