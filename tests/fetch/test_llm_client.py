"""A model's address that answers well, wrongly, slowly, hugely or never."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from web_peer import Asked, Script, WebPeer, Wire, peer

from newsletter.clock import SystemClock
from newsletter.config.settings import LlmSettings, Secret
from newsletter.fetch.answer import FetchError
from newsletter.fetch.llm_client import LlmClient
from newsletter.model.source import FetchProblem

PATH = "/v1/chat/completions"
TEXT = "The council voted on Thursday to sell the old swimming baths."


def reply(body: bytes, *, status: str = "200 OK", headers: str = "") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
    return head.encode() + body


def saying(content: object) -> bytes:
    return reply(json.dumps({"choices": [{"message": {"content": content}}]}).encode())


class Model:
    """A scripted model; bodies are what it was asked."""

    def __init__(self, running: WebPeer, script: Script | bytes) -> None:
        self.running = running
        self.bodies: list[bytes] = []
        self._script = script
        running.scripts[PATH] = self._answer

    def _answer(self, asked: Asked, wire: Wire) -> None:
        body = asked.raw.partition(b"\r\n\r\n")[2]
        while len(body) < int(asked.headers["content-length"]):
            body += wire.sock.recv(65_536)
        self.bodies.append(body)
        if isinstance(self._script, bytes):
            wire.send(self._script)
        else:
            self._script(asked, wire)

    def ask(self, *, key: str = "", timeout_s: float = 1.0, paragraphs: int = 1) -> str:
        settings = LlmSettings(
            url=self.running.url("/v1"),
            model="small",
            key=Secret(value=key) if key else None,
            timeout=timedelta(seconds=timeout_s),
        )
        return LlmClient(settings, clock=SystemClock()).write_summary(
            title="Baths", paragraphs=["The baths are sold."] * paragraphs, language="en-GB"
        )

    def refused(self) -> FetchError:
        with pytest.raises(FetchError) as told:
            self.ask(key="s3cret")
        assert "s3cret" not in str(told.value)
        return told.value


@contextmanager
def model(script: Script | bytes) -> Iterator[Model]:
    with peer() as running:
        yield Model(running, script)


def test_a_good_answer_is_given_as_it_came() -> None:
    with model(saying(TEXT)) as asked:
        assert asked.ask(timeout_s=30) == TEXT


def test_the_question_holds_the_article_and_the_key_and_nothing_else() -> None:
    with model(saying(TEXT)) as asked:
        asked.ask(key="s3cret", timeout_s=30)
        (request,) = asked.running.asked
        question = json.loads(asked.bodies[0])
    assert (request.method, request.target) == ("POST", PATH)
    assert request.headers["authorization"] == "Bearer s3cret"
    assert set(request.headers) == {
        *("host", "authorization", "content-type", "content-length"),
        *("accept", "accept-encoding", "connection", "user-agent"),
    }
    assert question["model"] == "small"
    system, user = question["messages"]
    assert "en-GB" in system["content"]
    assert user == {"role": "user", "content": "Baths\n\nThe baths are sold."}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"Sure, here it is!",
        b"[]",
        b"null",
        b"{}",
        b'{"choices": []}',
        b'{"choices": [{"message": {"content": null}}]}',
        b'{"choices": [{"message": {"content": 7}}]}',
        b'{"choices": {"0": 1}}',
        b'{"choices": ' + b"[" * 100_000,
        b"\xff\xfe\xfa",
    ],
    ids=range(11),
)
def test_an_answer_without_a_text_is_told_as_one(body: bytes) -> None:
    with model(reply(body)) as asked:
        error = asked.refused()
    assert error.problem is FetchProblem.BROKEN_ANSWER
    assert "answer without a text" in str(error)


@pytest.mark.parametrize("status", ["401 Unauthorized", "429 Too Many", "500 Oops", "204 None"])
def test_a_refusal_names_its_status(status: str) -> None:
    with model(reply(b"", status=status)) as asked:
        error = asked.refused()
    assert (error.problem, error.status) == (FetchProblem.REFUSED, int(status[:3]))
    assert ("key_env" in str(error)) is status.startswith("401")


def test_a_redirect_is_not_followed() -> None:
    with peer(elsewhere=saying(TEXT)) as running:
        headers = f"Location: {running.url('/elsewhere')}\r\n"
        asked = Model(running, reply(b"", status="307 Go", headers=headers))
        assert asked.refused().problem is FetchProblem.REFUSED
        assert running.targets() == [PATH]


@pytest.mark.covers("T15")
def test_a_huge_answer_is_cut_off() -> None:
    def endless(_asked: Asked, wire: Wire) -> None:
        wire.send(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        while wire.send(b" " * 65_536):
            pass

    with model(endless) as asked, pytest.raises(FetchError) as told:
        asked.ask(timeout_s=60)
    assert told.value.problem is FetchProblem.TOO_LARGE


@pytest.mark.covers("T16")
@pytest.mark.parametrize("where", ["head", "body"])
def test_an_answer_that_drips_ends_with_the_time(where: str) -> None:
    whole = saying("x" * 2_000)
    head, _, body = whole.partition(b"\r\n\r\n")

    def drip(_asked: Asked, wire: Wire) -> None:
        if where == "body":
            wire.send(head + b"\r\n\r\n")
            wire.drip(body, every_s=0.05)
        else:
            wire.drip(head + b"x" * 2_000, every_s=0.05)

    with model(drip) as asked:
        assert asked.refused().problem is FetchProblem.TOO_SLOW
