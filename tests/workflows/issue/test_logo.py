"""A logo that is a file: kept under its hash, shown from our address, refused where it is none."""

import hashlib

import pytest
from workflows.newsroom import SAMPLE, Newsroom

from newsletter.compose.message.skeleton import parse_message
from newsletter.errors import UserError
from newsletter.workflows.issue.build_issue import build_issue

PNG = b"\x89PNG\r\n\x1a\n and the rest"


def with_logo(newsroom: Newsroom, content: bytes, name: str = "logo.png") -> None:
    newsroom.set("[newsletters.daily]", f'[brand]\nlogo = "{name}"\n\n[newsletters.daily]')
    (newsroom.folder / name).write_bytes(content)


def test_the_file_is_kept_as_it_is_and_the_mail_points_to_it(newsroom: Newsroom) -> None:
    with_logo(newsroom, PNG)
    html = parse_message(build_issue(newsroom.desk, SAMPLE).message).html
    name = f"{hashlib.sha256(PNG).hexdigest()}.png"
    assert f'src="https://news.example.org/media/{name}"' in html
    assert (newsroom.folder / "var" / "media" / name).read_bytes() == PNG


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "is neither PNG nor JPEG"),
        (PNG + bytes(200_000), "is larger than 200 kB"),
    ],
)
def test_a_file_that_is_no_logo_for_a_mail_is_refused(
    newsroom: Newsroom, content: bytes, sentence: str
) -> None:
    with_logo(newsroom, content)
    with pytest.raises(UserError, match=sentence):
        build_issue(newsroom.desk, SAMPLE)
