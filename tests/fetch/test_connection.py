"""TLS: verified by name, by the system's authorities, within the connection's time."""

import ssl
from pathlib import Path

import pytest
from bounded import HEAD, LONG_S, started
from fetching import PUBLIC, QUICK, Net
from tls_authority import make_authority, secure_peer, trusting, vouched_for
from web_peer import WebPeer, answer, peer

from newsletter.clock import SystemClock
from newsletter.fetch import Fetcher, FetchError
from newsletter.model.source import FetchKind, FetchProblem


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tls")
    make_authority(folder, ["news.example.org"])
    return folder


@pytest.mark.covers("T07")
def test_https_is_verified_by_name_and_the_name_goes_into_sni(authority: Path) -> None:
    named: list[str | None] = []

    def note(_sock: ssl.SSLObject, name: str | None, _context: ssl.SSLContext) -> None:
        named.append(name)

    context = vouched_for(authority)
    context.sni_callback = note
    with WebPeer(context=context) as running:
        running.scripts["/feed"] = answer(b"secure")
        running.scripts["/slow"] = started(HEAD + b"\r\n", b"b" * LONG_S)
        names = {"news.example.org": [PUBLIC], "other.example.org": [PUBLIC]}
        net = Net(running, names)
        fetcher = Fetcher(
            clock=SystemClock(),
            user_agent="x",
            resolve=net.resolve,
            connect=net.connect,
            pace_s=0.0,
            limits=QUICK,
            trust=trusting(authority),
        )
        assert fetcher.fetch("https://news.example.org/feed", FetchKind.FEED).body == b"secure"
        assert running.asked[-1].headers["host"] == "news.example.org"
        assert named == ["news.example.org"] * 2
        with pytest.raises(FetchError) as told:
            fetcher.fetch("https://news.example.org/slow", FetchKind.FEED)
        assert told.value.problem is FetchProblem.TOO_SLOW
        for url in ("https://other.example.org/feed", f"https://{PUBLIC}/feed"):
            before = len(running.asked)
            with pytest.raises(FetchError) as told:
                fetcher.fetch(url, FetchKind.FEED)
            assert told.value.problem is FetchProblem.BAD_CERTIFICATE
            assert len(running.asked) == before


@pytest.mark.covers("T13")
def test_certificates_of_the_environment_are_not_trusted(
    authority: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ca = str(authority / "ca.pem")
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.setenv(name, ca)
    monkeypatch.setenv("SSLKEYLOGFILE", str(authority / "keys.log"))
    with secure_peer(authority) as running:
        net = Net(running, {"news.example.org": [PUBLIC]})
        with pytest.raises(FetchError) as told:
            net.fetcher().fetch("https://news.example.org/feed", FetchKind.FEED)
        assert told.value.problem is FetchProblem.BAD_CERTIFICATE
    assert not (authority / "keys.log").exists()


@pytest.mark.covers("T16")
def test_a_handshake_that_never_ends_is_left() -> None:
    with peer() as running:  # takes the greeting for the begin of a request, and waits
        net = Net(running, {"news.example.org": [PUBLIC]})
        with pytest.raises(FetchError) as told:
            net.fetcher().fetch("https://news.example.org/", FetchKind.FEED)
        assert told.value.problem is FetchProblem.TOO_SLOW
