"""What both sites share, asked without a socket."""

import asyncio
from dataclasses import dataclass

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Message

from newsletter.clock import SystemClock
from newsletter.errors import StoreBusy
from newsletter.web.site import HEADERS, Sessions, site

PORT = 8025


@dataclass
class Still:
    """Nothing changes."""

    version: int = 1
    ended: bool = False


def ask(error: Exception) -> list[Message]:
    """Ask for a page that ends with an error; what was sent."""

    def broken(request: Request) -> Response:
        del request
        raise error

    sessions = Sessions(SystemClock())
    value = sessions.spend(sessions.new_link_key())
    app = site([Route("/", broken)], sessions=sessions, port=PORT, changes=Still(), tool="Test")
    sent: list[Message] = []
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/",
        "query_string": b"",
        "headers": [
            (b"host", f"127.0.0.1:{PORT}".encode()),
            (b"cookie", f"studio_{PORT}={value}".encode()),
        ],
    }

    async def receive() -> Message:
        return {"type": "http.request", "body": b""}

    async def send(message: Message) -> None:
        sent.append(message)

    async def run() -> None:
        await app(scope, receive, send)

    if isinstance(error, StoreBusy):
        asyncio.run(run())
    else:  # Starlette answers, then lets it rise to the server
        with pytest.raises(type(error)):
            asyncio.run(run())
    return sent


def test_a_bug_is_said_without_its_words_and_with_the_headers(
    caplog: pytest.LogCaptureFixture,
) -> None:
    start, body = ask(KeyError("ada@readers.example"))
    assert start["status"] == 500
    assert body["body"] == b"internal error: KeyError; this is a bug"
    names = {name.decode() for name, _ in start["headers"]}
    assert {name.lower() for name in HEADERS} | {"content-security-policy"} <= names
    assert "ada@" not in caplog.text
    assert "this is a bug: KeyError" in caplog.text


def test_trouble_that_a_person_can_mend_is_a_page() -> None:
    start, body = ask(StoreBusy("the database is locked", hint="end the other command"))
    assert start["status"] == 422
    assert b"the database is locked" in body["body"]
    assert b"end the other command" in body["body"]
