"""Links that carry somebody's click, share or session, and links that carry nothing of anybody."""

from dataclasses import replace

import pytest
from check_samples import LEAD, found, request_for, with_story

from newsletter.model.finding import Severity

PAGE = "https://www.thecourant.co.uk/news/rail-fares"


@pytest.mark.parametrize(
    "part",
    [
        "?_gl=1*abc123*_ga*MTIz",
        "?trk=public_post_comment-text",
        "?ScCid=8f3a1b7c",
        "?s_kwcid=AL.1234.3",
        "?irclickid=Q2x1",
        "?cjevent=4ab1c2d3",
        "?__cf_chl_tk=abc.DEF-123456",
        "?spm=a2g0o.home.0.0",
        "?_ke=eyJrbF9lbWFpbCI6",
        "?smid=nytcore-ios-share",
        "?wt_mc=sm.red.ho.twitter",
        "?hsa_cam=123&hsa_grp=4",
        "?CMP=share_btn_tw",
        "?page=2&gad_source=1",
    ],
)
def test_a_mark_of_a_click_or_share_is_told(part: str) -> None:
    story = replace(LEAD, url=PAGE + part)
    told = found(request_for(with_story(story)), "S16")
    assert [finding.severity for finding in told] == [Severity.WARNING]


@pytest.mark.parametrize(
    "url",
    [
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ&si=Ab3dE9xYz1Q2",
        "https://youtu.be/dQw4w9WgXcQ?feature=shared",
        "https://open.spotify.com/episode/4rOoJ6Egrf8K2IrywzwOMk?si=1f2e3d4c5b6a",
    ],
)
def test_a_share_of_a_video_or_broadcast_is_told(url: str) -> None:
    assert found(request_for(with_story(replace(LEAD, url=url))), "S16")


@pytest.mark.parametrize(
    "url",
    [
        f"{PAGE}?utm_source=courant&utm_medium=email",
        f"{PAGE}?page=2&si=12345678&id=44",
        f"{PAGE}?partner=dailyledger&cid=4711",
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
        f"{PAGE}?q=share+prices",
    ],
)
def test_what_names_a_page_or_a_newsletter_is_none(url: str) -> None:
    assert not found(request_for(with_story(replace(LEAD, url=url))), "S16")
