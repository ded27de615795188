"""TLS: verified by name, by the system's authorities, within the connection's time."""

import ssl
import subprocess
from pathlib import Path

import pytest
from bounded import HEAD, LONG_S, started
from fetching import PUBLIC, QUICK, Net
from web_peer import WebPeer, answer, peer

from newsletter.clock import SystemClock
from newsletter.fetch import Fetcher, FetchError
from newsletter.model.source import FetchKind, FetchProblem


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ca.pem and, signed by it, news.pem for news.example.org, with keys."""
    folder = tmp_path_factory.mktemp("tls")
    new = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")

    def openssl(*arguments: str) -> None:
        subprocess.run(["openssl", *arguments], check=True, capture_output=True, cwd=folder)

    openssl("req", "-x509", *new, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Test CA")
    openssl("req", *new, "-keyout", "news.key", "-out", "news.csr", "-subj", "/CN=x")
    (folder / "names").write_text("subjectAltName=DNS:news.example.org\n")
    openssl(
        *("x509", "-req", "-in", "news.csr", "-CA", "ca.pem", "-CAkey", "ca.key"),
        *("-CAcreateserial", "-out", "news.pem", "-extfile", "names"),
    )
    return folder


def secure_peer(authority: Path, named: list[str | None]) -> WebPeer:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority / "news.pem", authority / "news.key")

    def note(_sock: ssl.SSLObject, name: str | None, _context: ssl.SSLContext) -> None:
        named.append(name)

    context.sni_callback = note
    return WebPeer(context=context)


@pytest.mark.covers("T07")
def test_https_is_verified_by_name_and_the_name_goes_into_sni(authority: Path) -> None:
    named: list[str | None] = []
    with secure_peer(authority, named) as running:
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
            trust=ssl.create_default_context(cafile=str(authority / "ca.pem")),
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
    with secure_peer(authority, []) as running:
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
