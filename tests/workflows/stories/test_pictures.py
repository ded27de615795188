"""Kept pictures in a mail: with our own address where readers can reach it."""

from dataclasses import replace

import pytest
from workflows.newsroom import SAMPLE, Newsroom

from newsletter.checks.wording import stories as stories_of
from newsletter.compose.message.skeleton import parse_message
from newsletter.model.article import Picture
from newsletter.store import stories
from newsletter.workflows.issue.build_issue import build_issue
from newsletter.workflows.issue.compose_issue import prepare
from newsletter.workflows.stories.pictures import has_public_host

NAME = f"{'a1' * 32}.jpg"
KEPT = Picture(name=NAME, type="image/jpeg", width=1072, height=700, size_bytes=4)


FIRST_LINE = "**World**\n"
URL = "https://paper.example/bridge.jpg"


def _keep(newsroom: Newsroom) -> str:
    """Return the sample's first story a picture, keep it, and give its address at the source."""
    url = URL
    newsroom.set(FIRST_LINE, f"{FIRST_LINE}![A bridge]({url})\n", f"issues/{SAMPLE}.md")
    (story, *_) = stories_of(prepare(newsroom.desk, SAMPLE).file.issue)
    assert story.image is not None
    folder = newsroom.folder / "var" / "media"
    folder.mkdir(parents=True)
    (folder / NAME).write_bytes(b"jpeg")
    with newsroom.desk.database.write() as connection:
        stories.save_picture(connection, url, KEPT, now=newsroom.clock.now())
    return url


def _html(newsroom: Newsroom) -> str:
    return parse_message(build_issue(newsroom.desk, SAMPLE).message).html


def test_the_mail_has_our_address_where_readers_can_reach_us(newsroom: Newsroom) -> None:
    newsroom.set("https://news.example.org", "https://news.marlow.co.uk")
    url = _keep(newsroom)
    html = _html(newsroom)
    assert f'src="https://news.marlow.co.uk/media/{NAME}"' in html
    assert url not in html


def test_a_picture_whose_file_is_gone_is_not_pointed_to(newsroom: Newsroom) -> None:
    newsroom.set("https://news.example.org", "https://news.marlow.co.uk")
    url = _keep(newsroom)
    (newsroom.folder / "var" / "media" / NAME).unlink()
    assert f'src="{url}"' in _html(newsroom)


@pytest.mark.parametrize(
    ("url", "is_public"),
    [
        ("https://news.marlow.co.uk", True),
        ("https://news.example.org", False),
        ("http://localhost:8025", False),
        ("http://127.0.0.1:8025", False),
        ("https://[2001:db8::1]", False),
        ("https://intranet", False),
        ("https://notexample.com", True),
    ],
)
def test_only_a_name_that_readers_can_look_up_is_public(
    newsroom: Newsroom,
    url: str,
    is_public: bool,  # noqa: FBT001
) -> None:
    newsletter = replace(newsroom.desk.settings.newsletters[0], public_url=url)
    assert has_public_host(newsletter) is is_public
