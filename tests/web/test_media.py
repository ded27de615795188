"""Pictures under their hash, and nothing else of the folder they are in."""

from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from newsletter.web.public_site import public_site, shown_here
from newsletter.web.serve import Background, listen

NAME = f"{'0f' * 32}.jpg"
JPEG = b"\xff\xd8\xff\xe0 a picture"


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / NAME).write_bytes(JPEG)
    (tmp_path / "media" / "notes.txt").write_text("secret")
    (tmp_path / "secret.jpg").write_text("secret")
    (tmp_path / "media" / f"{'1e' * 32}.png").symlink_to(tmp_path / "secret.jpg")
    listener = listen(0)
    with Background(public_site(tmp_path / "media"), listener):
        yield listener.getsockname()[1]


def _ask(port: int, path: str, method: str = "GET", **headers: str) -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers=named)
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def test_a_picture_is_served_with_its_type_and_for_ever(port: int) -> None:
    response, body = _ask(port, f"/media/{NAME}", Host="news.marlow.co.uk")
    assert (response.status, body) == (200, JPEG)
    assert response.headers["content-type"] == "image/jpeg"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "immutable" in response.headers["cache-control"]
    again, empty = _ask(port, f"/media/{NAME}", if_none_match=response.headers["etag"])
    assert (again.status, empty) == (304, b"")
    head, empty = _ask(port, f"/media/{NAME}", "HEAD")
    assert (head.status, empty) == (200, b"")


@pytest.mark.covers("T47")
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/media/",
        "/media/notes.txt",
        "/media/../secret.jpg",
        "/media/%2e%2e%2fsecret.jpg",
        "/media/..%5csecret.jpg",
        f"/media/{'1e' * 32}.png",
        f"/media/{'2d' * 32}.jpg",
        f"/media/{NAME}/x",
        f"/media/{NAME}%00",
        f"/media/{NAME.upper()}",
    ],
)
def test_nothing_else_is(port: int, path: str) -> None:
    response, body = _ask(port, path)
    assert response.status == 404
    assert b"secret" not in body


@pytest.mark.covers("I07")
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_written(port: int, method: str) -> None:
    assert _ask(port, f"/media/{NAME}", method)[0].status in {404, 405}


def test_a_mails_own_pictures_are_shown_by_the_pages_server() -> None:
    html = f'<img src="https://news.marlow.co.uk/media/{NAME}"><img src="https://a.example/x.jpg">'
    assert shown_here(html) == f'<img src="/media/{NAME}"><img src="https://a.example/x.jpg">'
