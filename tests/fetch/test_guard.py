"""No connection to a place that is not public, by whatever way an address names it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fetching import PUBLIC, Net
from web_addresses import BAD, GOOD, NAMES
from web_peer import WebPeer, answer, leads_to, peer

from newsletter.clock import SystemClock
from newsletter.fetch import Fetcher, FetchError
from newsletter.fetch.guard import is_public, read_ip, read_local, system_resolve
from newsletter.fetch.web_address import read_address
from newsletter.model.source import FetchKind, FetchProblem


@pytest.fixture(scope="module")
def running() -> Iterator[WebPeer]:
    with WebPeer() as started:
        yield started


@pytest.mark.covers("T07", "T08", "T09", "T12")
@pytest.mark.parametrize("number", range(len(BAD)))
def test_a_bad_address_is_refused_and_nothing_is_connected(number: int, running: WebPeer) -> None:
    net = Net(running, NAMES)
    with pytest.raises(FetchError) as told:
        net.fetcher().fetch(BAD[number], FetchKind.ARTICLE)
    assert told.value.problem in {
        FetchProblem.BAD_ADDRESS,
        FetchProblem.FORBIDDEN_ADDRESS,
        FetchProblem.NO_SUCH_HOST,
    }
    assert net.connected == []
    assert "secret" not in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.covers("T07", "T08", "T09", "T12")
@pytest.mark.parametrize("number", range(len(GOOD)))
def test_a_good_address_is_connected_to_as_it_was_judged(number: int, running: WebPeer) -> None:
    net = Net(running, NAMES)
    url = GOOD[number]
    with pytest.raises(FetchError):  # the server knows no such path, or no TLS
        net.fetcher().fetch(url, FetchKind.ARTICLE)
    assert net.connected
    for address, port in net.connected:
        found = read_ip(address)
        assert found is not None
        assert is_public(found)
        assert port in {80, 443}
    if url.lower().startswith("http:"):
        assert len(net.connected) == 2  # robots.txt and the page
        assert running.asked[-1].headers["host"] == read_address(url).authority


@pytest.mark.covers("T10")
def test_a_name_that_changes_its_answer_is_judged_by_the_one_that_is_used() -> None:
    with peer(feed=answer(b"inside")) as running:
        net = Net(running, {"news.example.org": [[PUBLIC], ["127.0.0.1"]]})
        with pytest.raises(FetchError) as told:
            net.fetcher().fetch("http://news.example.org/feed", FetchKind.FEED)
        assert told.value.problem is FetchProblem.FORBIDDEN_ADDRESS
        assert net.connected == [(PUBLIC, 80)]  # robots.txt alone
        assert running.targets() == []
        net = Net(running, {"news.example.org": [[PUBLIC], [PUBLIC], ["127.0.0.1"]]})
        assert net.fetcher().fetch("http://news.example.org/feed", FetchKind.FEED).body == b"inside"
        assert net.connected == [(PUBLIC, 80)] * 2  # one look-up for each connection, and no other
        assert net.looked_up == ["news.example.org"] * 2


TARGETS = {
    "inside": "http://127.0.0.1/secret",
    "metadata": "http://169.254.169.254/latest/meta-data/",
    "file": "file:///etc/passwd",
    "other port": "http://news.example.org:8080/feed",
    "user": "http://user:secret@news.example.org/feed",
    "name inside": "//inside.example.org/feed",
    "line break": "/feed%0d%0a\tX: 1",
}


@pytest.mark.covers("T11")
@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("code", ["301 a", "302 a", "303 a", "307 a", "308 a"])
def test_a_redirect_to_a_bad_place_is_not_followed(code: str, target: str) -> None:
    with peer(feed=leads_to(TARGETS[target], code)) as running:
        net = Net(running, NAMES)
        with pytest.raises(FetchError) as told:
            net.fetcher().fetch("http://news.example.org/feed?key=s3cret", FetchKind.FEED)
        assert told.value.problem is FetchProblem.FORBIDDEN_REDIRECT
        assert "secret" not in str(told.value)
        assert set(net.connected) == {(PUBLIC, 80)}
        assert len(running.targets()) == 1


@pytest.mark.covers("T11")
@pytest.mark.parametrize("code", ["301 a", "302 a", "303 a", "307 a", "308 a"])
def test_a_redirect_to_a_good_place_is_followed_and_carries_nothing(code: str) -> None:
    way = answer(b"x", code, {"Location": "http://public.example.com/b", "Set-Cookie": "a=b"})
    with peer(feed=way, b=answer(b"here")) as running:
        net = Net(running, NAMES)
        brought = net.fetcher().fetch("http://news.example.org/feed", FetchKind.FEED)
        assert (brought.body, brought.url) == (b"here", "http://public.example.com/b")
        headers = running.asked[-1].headers
        assert headers["host"] == "public.example.com"
        assert not {"cookie", "authorization", "referer"} & set(headers)


@pytest.mark.covers("T11")
def test_five_redirects_are_followed_and_six_are_not() -> None:
    chain = {f"r{n}": leads_to(f"r{n + 1}") for n in range(7)}
    with peer(**chain | {"r7": answer(b"end")}) as running:
        net = Net(running, NAMES)
        assert net.fetcher().fetch("http://news.example.org/r2", FetchKind.FEED).body == b"end"
        with pytest.raises(FetchError) as told:
            net.fetcher().fetch("http://news.example.org/r1", FetchKind.FEED)
        assert told.value.problem is FetchProblem.FORBIDDEN_REDIRECT
        assert str(told.value) == ("news.example.org leads on in a circle or more than 5 times")


@pytest.mark.covers("T14")
def test_without_allow_local_nothing_on_loopback_is_asked() -> None:
    with peer(feed=answer(b"x")) as running:
        for allowed in (
            [],
            [f"127.0.0.2:{running.port}"],
            [f"127.0.0.1:{running.port + 1}"],
            [f"news.example.org:{running.port}"],
            ["127.0.0.1"],
            ["127.0.0.1:"],
            [f"127.0.0.0/8:{running.port}"],
            ["*"],
            [f"0.0.0.0:{running.port}"],
        ):
            fetcher = Fetcher(clock=SystemClock(), user_agent="x", pace_s=0.0)
            with pytest.raises(FetchError) as told:
                fetcher.fetch(running.url(), FetchKind.FEED, allow_local=allowed)
            assert told.value.problem is FetchProblem.FORBIDDEN_ADDRESS
        assert running.connections == 0


@pytest.mark.covers("T14")
def test_allow_local_covers_the_address_itself_and_its_own_redirects() -> None:
    with peer(feed=answer(b"x"), old=leads_to("/feed", "301 a")) as running:
        fetcher = Fetcher(clock=SystemClock(), user_agent="x", pace_s=0.0)
        for host in ("127.0.0.1", "localhost", "2130706433"):
            if host == "localhost" and system_resolve("localhost", 80) != ["127.0.0.1"]:
                continue
            url = f"http://{host}:{running.port}/old"
            assert fetcher.fetch(url, FetchKind.FEED, allow_local=[running.entry]).body == b"x"


@pytest.mark.covers("T14")
def test_an_allowed_feed_may_not_lead_to_another_local_place_even_one_that_is_allowed() -> None:
    with peer(feed=answer(b"secret")) as other, peer() as running:
        running.scripts["/feed"] = leads_to(other.url())
        fetcher = Fetcher(clock=SystemClock(), user_agent="x", pace_s=0.0)
        for allowed in ([running.entry], [running.entry, other.entry]):
            with pytest.raises(FetchError) as told:
                fetcher.fetch(running.url(), FetchKind.FEED, allow_local=allowed)
            assert told.value.problem is FetchProblem.FORBIDDEN_REDIRECT
        assert other.connections == 0


@pytest.mark.covers("T14")
def test_a_public_place_may_not_lead_to_what_allow_local_names() -> None:
    with peer() as running:
        running.scripts["/feed"] = leads_to("http://127.0.0.1:80/")
        net = Net(running, NAMES)
        with pytest.raises(FetchError) as told:
            net.fetcher().fetch(
                "http://news.example.org/feed", FetchKind.FEED, allow_local=["127.0.0.1:80"]
            )
        assert told.value.problem is FetchProblem.FORBIDDEN_REDIRECT
        assert set(net.connected) == {(PUBLIC, 80)}


def test_allow_local_reads_addresses_with_ports_and_nothing_else() -> None:
    assert read_local(
        ["10.0.0.1:80", "[::1]:8099", "nas.example:80", "10.0.0.1", "[fe80::1%e]:80"]
    ) == {(read_ip("10.0.0.1"), 80), (read_ip("::1"), 8099)}
    assert len(read_local(["localhost:80"])) == 2


@pytest.mark.covers("T13")
def test_proxies_and_netrc_of_the_environment_are_not_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with peer(feed=answer(b"direct")) as running, peer() as proxy:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://user:pw@{proxy.entry}")
            monkeypatch.setenv(name.lower(), f"http://user:pw@{proxy.entry}")
        (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password s3cret\n")
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
        fetcher = Fetcher(clock=SystemClock(), user_agent="x", pace_s=0.0)
        brought = fetcher.fetch(running.url(), FetchKind.FEED, allow_local=[running.entry])
        assert brought.body == b"direct"
        assert "authorization" not in running.asked[-1].headers
        assert proxy.connections == 0


@pytest.mark.covers("T09")
def test_only_an_address_of_ones_own_is_offered_to_be_allowed(running: WebPeer) -> None:
    own = ("127.0.0.1", "10.1.2.3", "172.31.0.9", "192.168.1.1", "100.64.3.1", "[::1]", "[fd00::7]")
    others = "169.254.169.254 [fe80::1] 168.63.129.16 224.0.0.1 0.0.0.0 [::ffff:169.254.169.254]"
    for host in (*own, *others.split()):
        with pytest.raises(FetchError) as told:
            Net(running, NAMES).fetcher().fetch(f"http://{host}/", FetchKind.ARTICLE)
        assert ("allow_local" in told.value.hint) is (host in own), host
