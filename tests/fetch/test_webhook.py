"""Notices posted to a real server: the signature, what counts as taken, what is never asked."""

import hashlib
import hmac
import json

import pytest
from clock import FakeClock
from fetching import PUBLIC, Net
from web_peer import Asked, Wire, peer

from newsletter.clock import SystemClock
from newsletter.config.settings import Secret
from newsletter.fetch.webhook import NOTICE_ID, SIGNATURE, WebhookClient, sign
from newsletter.model.notice import Posted

SECRET = Secret(value="between us")
BODY = json.dumps({"kind": "held", "sentence": "nobody has approved it yet, Zoë"}).encode()
TAKEN = b"HTTP/1.1 204 No Content\r\n\r\n"


def is_ours(secret: str, header: str, body: bytes, now: float) -> bool:
    """As docs/how-to/daily-digest.md tells receivers."""
    fields = dict(part.split("=", 1) for part in header.split(","))
    signed = fields["t"].encode() + b"." + body
    expected = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, fields["v1"]) and abs(now - int(fields["t"])) <= 300


class Hook:
    """A receiver that reads the whole body before it answers."""

    def __init__(self, answer: bytes) -> None:
        self.answer = answer
        self.asked: list[Asked] = []
        self.bodies: list[bytes] = []

    def __call__(self, asked: Asked, wire: Wire) -> None:
        body = asked.raw.partition(b"\r\n\r\n")[2]
        while len(body) < int(asked.headers["content-length"]):
            body += wire.sock.recv(65_536)
        self.asked.append(asked)
        self.bodies.append(body)
        wire.send(self.answer)


def post(answer: bytes) -> tuple[Posted, Hook]:
    hook = Hook(answer)
    with peer() as running:
        running.scripts["/hook"] = hook
        client = WebhookClient(running.url("/hook"), SECRET, clock=SystemClock())
        return client.post(BODY, notice_id="held:1"), hook


def answering(status: str) -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode()


def test_a_post_is_signed_as_the_page_tells_receivers_to_check_it() -> None:
    posted, hook = post(TAKEN)
    assert posted == Posted(is_taken=True)
    (asked,) = hook.asked
    assert (asked.method, hook.bodies) == ("POST", [BODY])
    header = asked.headers[SIGNATURE.lower()]
    now = SystemClock().now().timestamp()
    assert is_ours("between us", header, BODY, now)
    assert not is_ours("between us", header, BODY + b" ", now)
    assert not is_ours("another", header, BODY, now)
    assert not is_ours("between us", header, BODY, now + 301)
    assert asked.headers[NOTICE_ID.lower()] == "held:1"


def test_the_signature_is_hmac_sha256_of_the_time_and_the_body() -> None:
    expected = hmac.new(b"key", b"1.{}", "sha256").hexdigest()
    assert sign(Secret(value="key"), b"{}", at_s=1) == f"t=1,v1={expected}"


@pytest.mark.parametrize(
    ("status", "may_pass"),
    [("500 Oops", True), ("429 Later", True), ("404 No", False), ("302 Elsewhere", False)],
)
def test_an_answer_that_is_no_yes_was_surely_not_taken(status: str, *, may_pass: bool) -> None:
    posted, hook = post(answering(status))
    assert not posted.is_taken
    assert not posted.may_be_taken
    assert posted.may_pass is may_pass
    assert status[:3] in posted.why
    assert len(hook.asked) == 1


def test_silence_after_the_post_leaves_a_doubt() -> None:
    posted, hook = post(b"")  # it reads all, and closes
    assert len(hook.asked) == 1
    assert (posted.is_taken, posted.may_be_taken, posted.may_pass) == (False, True, False)


def test_no_connection_is_no_doubt() -> None:
    with peer() as running:
        url = running.url("/hook")
    posted = WebhookClient(url, SECRET, clock=SystemClock()).post(BODY, notice_id="1")
    assert (posted.is_taken, posted.may_be_taken, posted.may_pass) == (False, False, True)


@pytest.mark.covers("T07")
@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.7", "169.254.169.254", "::1"])
def test_a_public_name_that_leads_inside_is_not_asked(address: str) -> None:
    with peer() as running:
        net = Net(running, names={"desk.news.example": [address]})
        client = WebhookClient(
            "https://desk.news.example/hook",
            SECRET,
            clock=FakeClock(),
            resolve=net.resolve,
            connect=net.connect,
        )
        posted = client.post(BODY, notice_id="1")
        assert net.connected == []
    assert (posted.is_taken, posted.may_be_taken, posted.may_pass) == (False, False, False)


def test_another_port_than_the_webs_is_not_asked_but_on_this_machine() -> None:
    with peer() as running:
        net = Net(running, names={"desk.news.example": [PUBLIC]})
        client = WebhookClient(
            "https://desk.news.example:8443/hook",
            SECRET,
            clock=FakeClock(),
            resolve=net.resolve,
            connect=net.connect,
        )
        assert "8443" in client.post(BODY, notice_id="1").why
        assert net.connected == []
